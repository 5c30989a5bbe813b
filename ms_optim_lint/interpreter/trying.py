"""Statements that may be left in the middle: ``with``, and ``try`` with all that belongs to it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Callable, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Term
from ms_optim_lint.domain.values import Atom, DictContent, ListContent, Ref
from ms_optim_lint.interpreter import entering, names, outside
from ms_optim_lint.interpreter.assignments import assign
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.expressions import condition_of, evaluate
from ms_optim_lint.interpreter.frames import Frame
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.state import Branch, flatten, merge
from ms_optim_lint.interpreter.truth import term_of
from ms_optim_lint.tree import children, walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import library, notes_attributes, statements
    from ms_optim_lint.interpreter.state import Key, State, Stored
else:
    library = late("library")
    notes_attributes = late("notes_attributes")
    statements = late("statements")


def follow_with(it: Interpreter, node: ast.With, frame: Frame) -> bool:
    """Follow a ``with`` statement; false where the program does not go on after it."""
    caught: frozenset[str] = frozenset()
    managers: list[Atom] = []
    for item in node.items:
        value = evaluate(it, item.context_expr, frame)
        for alternative in value.alternatives:
            outside.spoil_by_special(it, alternative.atom, "__enter__", "__exit__")
            managers.append(alternative.atom)
            caught |= entering.swallowed(it, alternative.atom)
        caught |= library.swallowed_errors(it, item.context_expr, node.body, frame)
        if item.optional_vars is not None:
            assign(it, item.optional_vars, entering.entered(it, value, item, frame), frame, node)

    def left() -> bool:
        for atom in managers:
            outside.spoil_by_special(it, atom, "__exit__")
        return True

    marks = _marks(it, frame)
    goes_on = _guarded(it, node, node.body, caught, frame) if caught else statements.run_block(it, node.body, frame)
    if any(outside.has_special(it, atom, "__exit__") for atom in managers):
        _leave_by(it, frame, marks, left)
        if goes_on:
            left()
    return goes_on


def follow_try(it: Interpreter, node: ast.Try, frame: Frame) -> bool:
    """Follow a ``try`` statement; false where the program does not go on after it."""
    logic = it.logic
    base = it.state
    caught = frozenset(name for handler in node.handlers for name in library.handled_errors(it, handler, frame))
    before = it.caught
    marks = _marks(it, frame)
    there = _asked_for(it, node, frame) if "AttributeError" in caught else None
    tried = _tried(it, node, frame) if caught else []
    it.state = base.fork(logic)
    it.caught = (*before, caught) if caught else before
    ways: list[Branch] = []
    try:
        if node.handlers:
            goes_on, ways = _run_tried(it, node.body, frame, base, caught)
        else:
            goes_on = statements.run_block(it, node.body, frame)
    finally:
        it.caught = before
    body = flatten(logic, it.state, base)
    branches: list[Branch] = []
    rest = ALWAYS
    for number, handler in enumerate(node.handlers):
        raised = logic.atom(logic.term("raised", it.number(node), number, it.context, *tried))
        if there is not None and "AttributeError" in library.handled_errors(it, handler, frame):
            raised = logic.no(there)
        it.state = base
        it.state = base.fork(logic, logic.both(rest, raised))
        it.state.writes.update(_half_done(it, dict(body.writes), ways, base, node.body))
        rest = logic.both(rest, logic.no(raised))
        if handler.name:
            names.bind(it, handler.name, it.unknown(handler, "an exception", frame=frame), frame)
        if it.state.reached != NEVER and statements.run_block(it, handler.body, frame):
            branches.append(flatten(logic, it.state, base))
    if goes_on:
        it.state = base.fork(logic, logic.both(rest, body.when))
        it.state.writes.update(body.writes)
        if statements.run_block(it, node.orelse, frame):
            branches.insert(0, flatten(logic, it.state, base))
    it.state = base
    goes_on = merge(logic, base, branches, lambda: it.fresh(node, what="join"))
    if node.finalbody:
        left = _marks(it, frame) != marks
        if left:
            _leave_by(it, frame, marks, lambda: statements.run_block(it, node.finalbody, frame))
        if goes_on:
            return statements.run_block(it, node.finalbody, frame)
        if not left:
            it.state = base.fork(logic)
            statements.run_block(it, node.finalbody, frame)
            it.state = base
    return goes_on


def _guarded(it: Interpreter, node: ast.stmt, body: list[ast.stmt], caught: frozenset[str], frame: Frame) -> bool:
    """A body that may stop anywhere with an error that is caught; the program goes on after it in any case."""
    base = it.state
    before, it.caught = it.caught, (*it.caught, caught)
    it.state = base.fork(it.logic)
    try:
        goes_on, ways = _run_tried(it, body, frame, base, caught)
    finally:
        it.caught = before
    ended = flatten(it.logic, it.state, base)
    it.state = base
    stopped = it.logic.atom(it.fresh(node, what="stopped"))
    branches = [Branch(stopped, _half_done(it, ended.writes, ways, base, body))]
    if goes_on:
        branches.append(Branch(it.logic.both(ended.when, it.logic.no(stopped)), ended.writes))
    return merge(it.logic, base, branches, lambda: it.fresh(node, what="join"))


#: The longest body of which it is asked what stands in the store after each of its statements.
_MAX_STEPS = 8


#: What is raised where a list or dict lacks what is asked for, and what it is caught as.
_LACKING = frozenset(("IndexError", "KeyError", "LookupError", "Exception", "BaseException"))


def _run_tried(
    it: Interpreter, body: list[ast.stmt], frame: Frame, base: State, caught: frozenset[str]
) -> tuple[bool, list[Branch]]:
    """Run a body that may be left by an error; and what was in the store where one is raised in sight, or between two
    statements where something is set more than once."""
    it.tries.append((base, len(it.active), []))
    steps: list[dict[Key, Stored]] = []
    goes_on = True
    try:
        for number, statement in enumerate(body):
            goes_on = (not caught & _LACKING or _holds_something(it, statement, frame)) and statements.run_statement(
                it, statement, frame
            )
            if not goes_on:
                break
            if number < len(body) - 1 <= _MAX_STEPS and (not steps or it.state.writes != steps[-1]):
                steps.append(dict(it.state.writes))
        last = it.state.writes
        again = [step for step in steps if any(stored != last.get(key) for key, stored in step.items())]
        return goes_on, [*it.tries[-1][-1], *(Branch(ALWAYS, step) for step in again)]
    finally:
        it.tries.pop()


def _holds_something(it: Interpreter, statement: ast.stmt, frame: Frame) -> bool:
    """``params[0]`` in a ``try`` says that there is one, where the statement is done to its end; false where it never is."""
    waiting: list[ast.AST] = [statement] if isinstance(statement, _PLAIN) else []
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, _NOT_ALWAYS):
            continue
        waiting.extend(children(inner))
        if not (
            isinstance(inner, ast.Subscript) and isinstance(inner.ctx, ast.Load) and isinstance(inner.value, ast.Name)
        ):
            continue
        atom = names.look_up(it, inner.value.id, frame, inner.value).single
        content = it.content(atom) if isinstance(atom, Ref) else None
        if isinstance(content, (ListContent, DictContent)) and not isinstance(inner.slice, ast.Slice):
            holds = condition_of(it, inner.value, frame)
            if not it.logic.meet(it.state.reached, holds):
                return False
            it.state.assume(it.logic, holds)
    return True


#: Statements that are one expression, and expressions of which parts may be left out.
_PLAIN = (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return)
_NOT_ALWAYS = (
    ast.IfExp,
    ast.BoolOp,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.Compare,
)


def _half_done(
    it: Interpreter, writes: dict[Key, Stored], ways: list[Branch], base: State, body: list[ast.stmt]
) -> dict[Key, Stored]:
    """What may stand in the store when a body was left somewhere in the middle: each thing as before or as after, or as it was
    where an error was raised in sight (``ways``)."""
    node, logic = body[0], it.logic
    branches = []
    rest = ALWAYS
    for number, some in enumerate((writes, *(way.writes for way in ways))):
        here = logic.atom(logic.term("half", it.fresh(node, what="half"), number))
        branches.append(Branch(logic.both(rest, here), dict(some)))
        rest = logic.both(rest, logic.no(here))
    result = base.fork(logic)
    merge(logic, result, [*branches, Branch(rest, {})], lambda: it.fresh(node, what="join"))
    return dict(result.writes)


def _marks(it: Interpreter, frame: Frame) -> tuple[int, ...]:
    """How many ways out of the function, of the loops and of the ``try`` around are known now."""
    raised = len(it.tries[-1][-1]) if it.tries else 0
    return (raised, len(frame.exits), *(len(loop.exits) for loop in frame.loops))


def _leave_by(it: Interpreter, frame: Frame, marks: tuple[int, ...], last: Callable[[], bool]) -> None:
    """The ways out that came since ``marks`` lead through ``last``; where that does not go on, it has another way out itself."""
    before = it.state
    raised = it.tries[-1][-1] if it.tries else []
    errors = raised[marks[0] :]
    del raised[marks[0] :]
    for error in errors:
        it.state = it.tries[-1][0].fork(it.logic, error.when)
        it.state.writes.update(error.writes)
        if last():
            raised.append(flatten(it.logic, it.state, it.tries[-1][0]))
    rows = [(frame.exits, frame.base), *((loop.exits, loop.base) for loop in frame.loops)]
    waiting = [(exits, base, exits[mark:]) for (exits, base), mark in zip(rows, marks[1:])]
    for (exits, _), mark in zip(rows, marks[1:]):
        del exits[mark:]
    for exits, base, ways in waiting:
        for way in ways:
            start = base.parent if base is not None and way.kind == "break" else base
            if start is None:
                exits.append(way)
                continue
            it.state = start.fork(it.logic, way.branch.when)
            it.state.writes.update(way.branch.writes)
            if last():
                exits.append(way._replace(branch=flatten(it.logic, it.state, start)))
    it.state = before


def _asked_for(it: Interpreter, node: ast.Try, frame: Frame) -> Optional[int]:
    """``try: params = net.trainable_params()`` asks whether ``net`` has that method; None where the answer is not known."""
    value = getattr(node.body[0], "value", None) if len(node.body) == 1 else None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "list" and value.args:
        value = value.args[0]
    function = value.func if isinstance(value, ast.Call) and not value.args else None
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return None
    answer = NEVER
    for alternative in it.alternatives(names.look_up(it, function.value.id, frame, function.value)):
        known = notes_attributes.has_attribute(it, alternative.atom, function.attr)
        if known is None:
            return None
        answer = it.logic.either(answer, alternative.when if known else NEVER)
    return answer


def _tried(it: Interpreter, node: ast.Try, frame: Frame) -> list[Term]:
    """What is called by a local name in a ``try``: whether that raises depends on what it is."""
    found: dict[Term, None] = {}
    for inner in walk(node.body[0]) if len(node.body) == 1 else ():
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in frame.locals:
            for alternative in it.alternatives(names.look_up(it, inner.func.id, frame, inner)):
                found[term_of(it, alternative.atom)] = None
    return list(found)
