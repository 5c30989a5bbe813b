"""The pipeline: source, gate, tree, interpreter, facts, rules, findings."""

from __future__ import annotations

import ast
import gc
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint import gate
from ms_optim_lint.finding import Finding
from ms_optim_lint.project import Project
from ms_optim_lint.records import record
from ms_optim_lint.settings import Settings

if TYPE_CHECKING:
    from ms_optim_lint.written import Written


@record(frozen=True)
class Document:
    """One file to judge. ``tree`` is given where the host has parsed the same ``text`` already."""

    path: str
    text: str
    tree: Optional[ast.Module] = None


@record(frozen=True)
class Analysis:
    """What is known of a document.

    ``dependencies`` are the paths of other files that were read for it; ``limits_met`` says where a bound made a value
    unknown.
    """

    findings: tuple[Finding, ...] = ()
    facts: tuple[object, ...] = ()
    dependencies: frozenset[str] = frozenset()
    limits_met: tuple[str, ...] = ()


def analyse(
    document: Document, project: Optional[Project] = None, gated: bool = True, detailed: bool = False
) -> Analysis:
    """See :func:`ms_optim_lint.analyse`. ``gated=False`` follows every file: for the test of the gate. ``detailed`` facts tell
    all parameters of the networks, even where no rule asks for them."""
    if gated and not gate.may_matter(document.text):
        return Analysis()
    project = project or Project()
    tree = document.tree if document.tree is not None else project.parsed(document.path, document.text)
    if tree is None:
        return Analysis()
    # What is made here lives until the end. To look again and again for what could be freed takes a third of the time.
    collects = gc.isenabled()
    gc.disable()
    try:
        return _follow(document, tree, project, detailed)
    finally:
        if collects:
            gc.enable()


def _follow(document: Document, tree: ast.Module, project: Project, detailed: bool) -> Analysis:
    # Only now: what follows costs memory and time that most files need not pay.
    from ms_optim_lint.interpreter import roots
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.modules import Module
    from ms_optim_lint.written import Written

    path = os.path.abspath(document.path)
    name, is_package = project.module_name(path)
    module = Module(path, name, name if is_package else name.rpartition(".")[0], tree, document.text, 0)
    interpreter = Interpreter(project, module, detailed)
    roots.follow(interpreter)
    facts = tuple(interpreter.facts)
    findings = tuple(judge(facts, Written(path, document.text, tree), project.settings))
    return Analysis(findings, facts, frozenset(interpreter.dependencies), tuple(interpreter.limits))


def judge(facts: tuple[object, ...], written: Written, settings: Settings) -> Iterator[Finding]:
    """The findings in one file: each cause once, sorted by place."""
    if not facts:
        return iter(())
    from ms_optim_lint.judging import findings_of

    found = findings_of(facts, written, settings)
    return iter(sorted(found, key=lambda f: (f.place, f.code, f.message)))
