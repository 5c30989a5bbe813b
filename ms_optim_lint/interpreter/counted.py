"""``while`` statements that count: ``while step < 100: ...; step += 1`` goes round as often as ``for step in range(100)``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import Term
from ms_optim_lint.domain.values import Const
from ms_optim_lint.interpreter.expressions import evaluate
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
    from ms_optim_lint.interpreter.modules import Module

#: Tests under which it goes on, by which side the counter is on: what is added to the bound to make it that of a ``range``.
_RISING: dict[type, int] = {ast.Lt: 0, ast.LtE: 1}
_FALLING: dict[type, int] = {ast.Gt: 0, ast.GtE: -1}
_TURNED: dict[type, type] = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}


class Counted(NamedTuple):
    """The variable that counts, what it is in each pass, and whether nothing in the loop can change the bound."""

    name: str
    numbers: range
    fixed: bool

    def base(self, it: Interpreter) -> Term:
        """A term for all that it counts."""
        numbers = self.numbers
        bounds = (
            [numbers.stop] if numbers.start == 0 and numbers.step == 1 else [numbers.start, numbers.stop, numbers.step]
        )
        return it.logic.term("range", *(it.logic.constant(bound) for bound in bounds))

    @property
    def end(self) -> int:
        """What it is after the last pass."""
        return self.numbers.start + len(self.numbers) * self.numbers.step


def counted(it: Interpreter, node: ast.While, frame: Frame) -> Optional[Counted]:
    """How often a loop goes round, where its variable is counted once in each pass, and nothing else touches it; else None."""
    found = _comparison(node)
    if found is None:
        return None
    counter, operation, bound = found
    if _is_shared(frame.module, counter.id) or not _is_number(bound):
        return None
    step = _step(node, counter.id)
    shift = (_RISING if step is not None and step > 0 else _FALLING).get(operation)
    if step is None or shift is None:
        return None
    start, stop = evaluate(it, counter, frame).single, evaluate(it, bound, frame).single
    if not isinstance(start, Const) or not isinstance(stop, Const):
        return None
    if type(start.value) is not int or type(stop.value) is not int:
        return None
    fixed = all(isinstance(inner, (ast.Constant, ast.Name, ast.BinOp, ast.operator, ast.Load)) for inner in walk(bound))
    stored = {inner.id for inner in walk(node) if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load)}
    names = {inner.id for inner in walk(bound) if isinstance(inner, ast.Name)}
    fixed = fixed and names.isdisjoint(stored) and not any(_is_shared(frame.module, name) for name in names)
    return Counted(counter.id, range(start.value, stop.value + shift, step), fixed)


def _comparison(node: ast.While) -> Optional[tuple[ast.Name, type, ast.expr]]:
    """The variable, the comparison and the bound of ``i < n`` or ``n > i``."""
    test = node.test
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    left, operation, right = test.left, type(test.ops[0]), test.comparators[0]
    if operation not in _TURNED:
        return None
    if isinstance(left, ast.Name) and _step(node, left.id) is not None:
        return left, operation, right
    return (right, _TURNED[operation], left) if isinstance(right, ast.Name) else None


def _is_shared(module: Module, name: str) -> bool:
    """Whether a function may bind a variable that is not its own."""
    if "global " not in module.text and "nonlocal " not in module.text:
        return False
    return any(isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names for node in walk(module.tree))


def _is_number(bound: ast.expr) -> bool:
    """Whether a bound is of a form that gives the same number whenever it is asked for: no call but ``len``."""
    return all(
        not isinstance(inner, ast.Call) or isinstance(inner.func, ast.Name) and inner.func.id == "len"
        for inner in walk(bound)
    )


def _step(node: ast.While, name: str) -> Optional[int]:
    """What is added to a variable in each pass, by one statement of the body itself; None where it is not so."""
    stores = 0
    for statement in node.body:
        for inner in walk(statement):
            if isinstance(inner, ast.Name) and inner.id == name and not isinstance(inner.ctx, ast.Load):
                stores += 1
            elif isinstance(inner, ast.Continue):
                return None
    steps = [step for statement in node.body if (step := _added(statement, name))]
    return steps[0] if steps and stores == 1 else None


def _added(statement: ast.stmt, name: str) -> Optional[int]:
    """``i += 2``, ``i = i + 2``, ``i -= 2``."""
    target: ast.expr
    if isinstance(statement, ast.AugAssign):
        target, operation, added = statement.target, statement.op, statement.value
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.value, ast.BinOp):
        target, operation, added = statement.targets[0], statement.value.op, statement.value.right
        if not isinstance(statement.value.left, ast.Name) or statement.value.left.id != name:
            return None
    else:
        return None
    if not isinstance(target, ast.Name) or target.id != name or not isinstance(added, ast.Constant):
        return None
    if type(added.value) is not int or not isinstance(operation, (ast.Add, ast.Sub)):
        return None
    return added.value if isinstance(operation, ast.Add) else -added.value
