"""The findings for Pylint. The only module that imports pylint and astroid."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from astroid import nodes
from pylint.checkers import BaseChecker
from pylint.interfaces import HIGH, INFERENCE

from ms_optim_lint.engine import Document
from ms_optim_lint.finding import Confidence, Finding
from ms_optim_lint.hosts import common
from ms_optim_lint.rules import ALL

if TYPE_CHECKING:
    from pylint.lint import PyLinter


class MsOptimChecker(BaseChecker):
    name = "ms-optim"
    msgs = {rule.pylint_id: ("%s", rule.symbol, rule.title) for rule in ALL}
    options = tuple(
        (o.name, {"default": None, "type": "yn" if o.key == "preview" else "string", "metavar": o.metavar, "help": o.help})
        for o in common.OPTIONS
    )

    def visit_module(self, node: nodes.Module) -> None:
        with node.stream() as stream:
            text = stream.read().decode("utf-8")
        for f in common.findings_of(Document(node.file, text), common.project_for(common.settings_from(self.linter.config))):
            self.add_message(f.symbol, node=node, line=f.place.line, col_offset=f.place.column, args=(f.message,))


def register(linter: PyLinter) -> None:
    linter.register_checker(MsOptimChecker(linter))
