"""The findings for Pylint. The only module that imports pylint and astroid."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

from astroid import nodes
from pylint.checkers import BaseChecker
from pylint.interfaces import HIGH, INFERENCE

from ms_optim_lint import analyse
from ms_optim_lint.engine import Document
from ms_optim_lint.finding import Confidence, Finding, Place
from ms_optim_lint.hosts import common
from ms_optim_lint.rules import ALL
from ms_optim_lint.rules.base import Rule
from ms_optim_lint.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pylint.lint import PyLinter

#: What Pylint itself exits with where its configuration is wrong.
_USAGE_ERROR = 32

_CONFIDENCE = {Confidence.HIGH: HIGH, Confidence.INFERENCE: INFERENCE}


def _description(rule: Rule) -> str:
    """What ``pylint --help-msg`` prints of a rule."""
    return " ".join(f"{rule.title} {rule.section('What it does')} {rule.section('Why is this bad?')}".split())


def _option(option: common.Option) -> tuple[str, dict[str, Any]]:
    """An option as Pylint wants it; None stands for "not given", so that the shared configuration holds."""
    kind = "yn" if option.key == "preview" else "string"
    return option.name, {"default": None, "type": kind, "metavar": option.metavar, "help": option.help}


class MsOptimChecker(BaseChecker):
    """One checker for all rules, so that a file is followed once."""

    name = "ms-optim"
    # A preview rule is enabled, too: the setting alone decides whether it reports, as in the other hosts.
    msgs = {rule.pylint_id: ("%s", rule.symbol, _description(rule)) for rule in ALL}
    options = tuple(_option(option) for option in common.OPTIONS)

    def __init__(self, linter: PyLinter) -> None:
        super().__init__(linter)
        self._settings = Settings()

    def open(self) -> None:
        """Take the options, before the first file of a process."""
        self._settings = common.settings_from(self.linter.config)

    def visit_module(self, node: nodes.Module) -> None:
        """Judge a whole file."""
        path = node.file or node.name
        found: list[tuple[Finding, nodes.NodeNG]]
        try:
            analysis = analyse(Document(path, _text(node)), common.project_for(self._settings))
            found = [(finding, _node_at(node, finding.place)) for finding in analysis.findings]
        except Exception as error:  # RecursionError is among them; with -j, one that escapes would end the whole run
            found = [(common.internal_error(path, error), node)]
        for finding, at in found:
            place = finding.place
            self.add_message(
                finding.symbol,
                args=(finding.message,),
                node=at,
                line=place.line,
                col_offset=place.column,
                end_lineno=place.end_line,
                end_col_offset=place.end_column,
                confidence=_CONFIDENCE[finding.confidence],
            )


def _text(module: nodes.Module) -> str:
    """The text that astroid has parsed. Standard input is UTF-8 there, whatever the text itself declares."""
    with module.stream() as stream:
        return io.TextIOWrapper(stream, encoding=module.file_encoding).read().removeprefix("\ufeff")


def _node_at(module: nodes.Module, place: Place) -> nodes.NodeNG:
    """The node with exactly this place, else the innermost statement around it, else the module.

    Pylint takes from it the name of the function or class; it is not asked for lines and columns.
    """
    wanted = (place.line, place.column), (place.end_line, place.end_column)
    innermost, waiting = module, list(module.get_children())
    while waiting:
        node = waiting.pop()
        if None in (*_start(node), *_end(node)):
            # A helper node such as Arguments has no place of its own; its children may.
            waiting.extend(node.get_children())
        elif _start(node) <= wanted[0] and wanted[1] <= _end(node):
            innermost, waiting = node, list(node.get_children())
    exact = (_start(innermost), _end(innermost)) == wanted
    return innermost if exact or innermost is module else innermost.statement()


def _start(node: nodes.NodeNG) -> tuple[Any, Any]:
    return node.lineno, node.col_offset


def _end(node: nodes.NodeNG) -> tuple[Any, Any]:
    return node.end_lineno, node.end_col_offset


def load_configuration(linter: PyLinter) -> None:
    """Called by Pylint with its options known, before any worker starts: a bad value ends the run with a sentence."""
    try:
        common.settings_from(linter.config)
    except SettingsError as error:
        print(f"ms-optim-lint: {error}", file=sys.stderr)
        sys.exit(_USAGE_ERROR)


def register(linter: PyLinter) -> None:
    """Called by ``--load-plugins``, by some releases again in each worker of ``-j``, whose linter has us already."""
    if not any(isinstance(checker, MsOptimChecker) for checker in linter.get_checkers()):
        linter.register_checker(MsOptimChecker(linter))
