"""The pipeline: source, gate, tree, interpreter, facts, rules, findings."""
from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Optional

from ms_optim_lint.finding import Finding
from ms_optim_lint.project import Project


@dataclass(frozen=True)
class Document:
    """One file to judge. ``tree`` is given where the host has parsed the same ``text`` already."""

    path: str
    text: str
    tree: Optional[ast.Module] = None


@dataclass(frozen=True)
class Analysis:
    """What is known of a document.

    ``dependencies`` are the paths of other files that were read for it; ``limits_met`` says where a bound made a value
    unknown.
    """

    findings: tuple[Finding, ...] = ()
    facts: tuple[object, ...] = ()
    dependencies: frozenset[str] = frozenset()
    limits_met: tuple[str, ...] = ()


def analyse(document: Document, project: Optional[Project] = None) -> Analysis:
    """See :func:`ms_optim_lint.analyse`."""
    return Analysis()
