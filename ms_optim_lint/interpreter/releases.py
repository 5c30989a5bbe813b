"""Tests of MindSpore's version that are not decided: what stands behind them may be for another release than the one in use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import Condition
from ms_optim_lint.domain.values import Function
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.tree import kept_with_node, nodes_of

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
    here = it.state.reached
    if not (logic.meet(here, holds) and logic.meet(here, logic.no(holds))):
        return frozenset()
    if not any(module is not None and module.may_ask_version for module in it.modules.values()):
        return frozenset()
    return frozenset((EXPECTED,)) if _asks(it, test, frame) else frozenset()


def _asks(it: Interpreter, test: ast.expr, frame: Frame) -> bool:
    """Whether a test asks for the version, or names what does."""
    seen: set[ast.AST] = {test}
    last: list[tuple[ast.AST, Frame]] = [(test, frame)]
    for _ in range(_MAX_DEPTH + 1):
        if any(_speaks_of_version(node) for node, _ in last):
            return True
        named = [source for node, around in last for name in _names(node) for source in _sources(it, name, around)]
        last = [source for source in named if source[0] not in seen]
        seen.update(node for node, _ in last)
    return False


@kept_with_node
def _speaks_of_version(node: ast.AST) -> bool:
    for inner in nodes_of(node):
        name = inner.attr if isinstance(inner, ast.Attribute) else inner.id if isinstance(inner, ast.Name) else ""
        if name == "__version__":
            return True
        if isinstance(inner, ast.Call) and any(
            isinstance(one, ast.Constant) and one.value == "mindspore" for one in inner.args
        ):
            return True  # importlib.metadata.version("mindspore"), and others like it
    return False


@kept_with_node
def _names(node: ast.AST) -> list[ast.Name]:
    """The names that are read in a piece of code, each once."""
    read = [one for one in nodes_of(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
    return list({one.id: one for one in read}.values())


@kept_with_node
def _assigned(definition: ast.AST) -> dict[str, list[ast.AST]]:
    """What the names that are set in a function are set to."""
    found: dict[str, list[ast.AST]] = {}
    for inner in nodes_of(definition):
        if isinstance(inner, (ast.Assign, ast.AnnAssign)) and inner.value is not None:
            for target in inner.targets if isinstance(inner, ast.Assign) else [inner.target]:
                for one in nodes_of(target):
                    if isinstance(one, ast.Name):
                        found.setdefault(one.id, []).append(inner.value)
    return found


def _sources(it: Interpreter, name: ast.Name, frame: Frame) -> Iterator[tuple[ast.AST, Frame]]:
    """What a name is set to, or the function that it is, each with the scope it is in."""
    scope: Optional[Frame] = frame
    while scope is not None and scope.node is not None:
        if name.id in scope.locals:
            for value in _assigned(scope.node).get(name.id, ()):
                yield value, scope
            return
        scope = scope.parent
    for statement in frame.module.bindings(name.id):
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            yield statement.value, it.module_frame(frame.module)
    function = names.look_up(it, name.id, frame, name).single
    if isinstance(function, Function) and getattr(function.node, "end_lineno", 0) - function.node.lineno <= _MAX_LINES:
        yield function.node, it.module_frame(function.module)
