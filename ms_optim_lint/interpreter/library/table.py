"""The form of the tables of functions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Callable, Optional

from ms_optim_lint.domain.values import Site, Value
from ms_optim_lint.records import NamedTuple

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.arguments import Arguments
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame


class CallSite(NamedTuple):
    """A call of something outside the project: its canonical name, what it is given, and where."""

    name: str
    arguments: Arguments
    node: ast.AST
    frame: Frame

    @property
    def origin(self) -> Site:
        """Where the call is."""
        return Site(self.frame.module, self.node)

    def get(self, name: str, position: int = -1) -> Optional[Value]:
        """An argument by name or position."""
        return self.arguments.get(name, position)


Handler = Callable[["Interpreter", CallSite], Value]
