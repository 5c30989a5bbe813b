"""Tests of MindSpore's version that are not decided: what stands behind them may be for another release than the one in use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import Condition
from ms_optim_lint.domain.values import Function
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.tree import nodes_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import names
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
else:
    names = late("names")

#: Among the expected errors: nothing is said there.
EXPECTED = "*"
_PARTS = {"major": 0, "minor": 1, "micro": 2}
#: How many names and functions deep a test is looked into.
_MAX_DEPTH = 3
#: A longer function does more than to ask.
_MAX_LINES = 12


def part(version: tuple[object, ...], name: str) -> Optional[object]:
    """An attribute of a version of ``packaging``."""
    if name in ("release", "version"):
        return version
    place = _PARTS.get(name)
    return version[place] if place is not None and place < len(version) else None


def expected(it: Interpreter, test: ast.expr, holds: Condition, frame: Frame) -> frozenset[str]:
    """What is expected behind a test: all errors, if it asks for MindSpore's version and its outcome is not known."""
    logic = it.logic
    if "version" not in frame.module.text or not logic.meet(it.state.reached, holds):
        return frozenset()
    if not logic.meet(it.state.reached, logic.no(holds)) or not _asks(it, test, frame, 0):
        return frozenset()
    return frozenset((EXPECTED,))


def _asks(it: Interpreter, node: ast.AST, frame: Frame, depth: int) -> bool:
    """Whether an expression or a function asks for the version, or names what does."""
    for inner in nodes_of(node):
        if isinstance(inner, ast.Attribute) and inner.attr == "__version__":
            return True
        if isinstance(inner, ast.Name) and inner.id == "__version__":
            return True
        if isinstance(inner, ast.Call) and any(
            isinstance(one, ast.Constant) and one.value == "mindspore" for one in inner.args
        ):
            return True  # importlib.metadata.version("mindspore"), and others like it
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load) and depth < _MAX_DEPTH:
            if any(_asks(it, one, frame, depth + 1) for one in _sources(it, inner, frame)):
                return True
    return False


def _sources(it: Interpreter, name: ast.Name, frame: Frame) -> Iterator[ast.AST]:
    """What a name is set to, or the function that it is."""
    scope: Optional[Frame] = frame
    while scope is not None and scope.node is not None:
        if name.id in scope.locals:
            for inner in nodes_of(scope.node):
                if isinstance(inner, (ast.Assign, ast.AnnAssign)) and inner.value is not None:
                    targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
                    if any(isinstance(one, ast.Name) and one.id == name.id for t in targets for one in nodes_of(t)):
                        yield inner.value
            return
        scope = scope.parent
    for statement in frame.module.bindings(name.id):
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            yield statement.value
    function = names.look_up(it, name.id, frame, name).single
    if isinstance(function, Function) and getattr(function.node, "end_lineno", 0) - function.node.lineno <= _MAX_LINES:
        yield function.node
