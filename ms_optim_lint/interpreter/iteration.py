"""Loops and comprehensions: unrolled where what they go over is known, else followed once for an element that stands for all.

What is added to a list in a pass for such an element belongs to the element: after the loop the list holds one such item
for each element for which the pass got there. That is how a loop with a test becomes a filter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Callable, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Term
from ms_optim_lint.domain.values import (
    NONE_VALUE,
    NUMBER,
    TEXT,
    UNORDERED,
    Class,
    Const,
    DictContent,
    Ext,
    Function,
    Item,
    ListContent,
    Partial,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import names
from ms_optim_lint.interpreter.assignments import assign
from ms_optim_lint.interpreter.closing import Closing, grown
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.counted import Counted, counted
from ms_optim_lint.interpreter.expressions import evaluate
from ms_optim_lint.interpreter.frames import Exit, Frame, Loop, Running
from ms_optim_lint.interpreter.iterators import element_item, items_of_value, most_passes, read_some, sources_of
from ms_optim_lint.interpreter.maybe import perhaps_done
from ms_optim_lint.interpreter.one_by_one import spelled_out, told
from ms_optim_lint.interpreter.state import Branch, State, Stored, flatten, is_event, merge
from ms_optim_lint.interpreter.truth import truth
from ms_optim_lint.interpreter.widening import asks_size, changed_by, is_own, widened
from ms_optim_lint.records import replace
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.state import Key


# Statements


def follow_for(it: Interpreter, node: Union[ast.For, ast.AsyncFor], frame: Frame, block: Callable[..., bool]) -> bool:
    """Follow a ``for`` statement; false where the program does not go on after it."""
    iterable = evaluate(it, node.iter, frame)
    leaves = _may_leave(node)
    items, opened = items_of_value(it, iterable, not leaves)
    if leaves:
        read_some(it, iterable)
    if opened:
        base = it.logic.term("over", it.fresh(node.iter))
        items = (*items, element_item(it, base, None))
    items, names = spelled_out(it, node, items) if not opened else (items, {})
    if len(items) > most_passes(it) and not names:
        items = (element_item(it, it.logic.term("over", it.fresh(node.iter)), _common_kind(items)),)

    def body(value: Value) -> bool:
        assign(it, node.target, value, frame, node)
        return block(it, node.body, frame)

    if not items:
        it.leave_out()
    tries = not isinstance(node.iter, ast.Call) and all(_is_setting(item) for item in items)
    watched = [(ref, then) for ref, then in sources_of(it, iterable) if isinstance(then, ListContent)]
    outer = it.state
    with told(it, names):
        it.state = outer.fork(it.logic)
        try:
            goes_on = _follow(it, node, frame, items, body, lambda: block(it, node.orelse, frame), tries=tries)
            changed = any(it.content(ref) != then for ref, then in watched)
        finally:
            done, it.state = it.state, outer
    if changed:
        perhaps_done(it, outer, done.writes, node)  # other items came than those at the start
    else:
        outer.writes.update(done.writes)
    outer.assume(it.logic, done.local)
    return goes_on


def _is_setting(item: Item) -> bool:
    """Whether an item is a number, a text, a class or the like, and not data."""
    atoms = [alternative.atom for alternative in item.value.alternatives]
    return not item.elements and all(isinstance(atom, (Class, Const, Ext, Function, Partial)) for atom in atoms)


def _may_leave(node: Union[ast.For, ast.AsyncFor]) -> bool:
    """Whether the loop may end before it has seen all."""
    return any(isinstance(inner, (ast.Break, ast.Return, ast.Raise)) for s in node.body for inner in walk(s))


def _common_kind(items: tuple[Item, ...]) -> Optional[str]:
    atoms = {type(a.atom.value) for i in items for a in i.value.alternatives if isinstance(a.atom, Const)}
    return NUMBER if atoms and atoms <= {int, float} else TEXT if atoms == {str} else None


def follow_while(it: Interpreter, node: ast.While, frame: Frame, block: Callable[..., bool]) -> bool:
    """Follow a ``while`` statement; false where the program does not go on after it."""
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
    count = None if it.making else counted(it, node, frame)
    known = count is not None and len(count.numbers) <= most_passes(it, True)
    if count is not None and not known and count.fixed:
        return _follow_counted(it, node, frame, count, block)
    item = element_item(it, it.fresh(node, what="passes"), None)

    def passes() -> Iterator[Item]:
        """One pass after the other, as long as the test is decided."""
        for number in range(most_passes(it)):
            holds = it.logic.assuming(truth(it, evaluate(it, node.test, frame), node.test), it.state.reached)
            if holds == NEVER:
                if not number:
                    it.leave_out()
                return
            if holds != ALWAYS:
                break
            yield Item(NONE_VALUE)
        yield item

    def body(_: Value) -> bool:
        holds = truth(it, evaluate(it, node.test, frame), node.test)
        it.state.assume(it.logic, holds)
        if it.state.reached == NEVER:
            it.leave_out()
            return False
        return block(it, node.body, frame)

    items = passes() if it.making or known else (item,)
    return _follow(it, node, frame, items, body, lambda: block(it, node.orelse, frame), endless)


def _follow_counted(it: Interpreter, node: ast.While, frame: Frame, count: Counted, block: Callable[..., bool]) -> bool:
    """Follow a ``while`` that counts as the ``for`` that it could be."""
    item = element_item(it, count.base(it), NUMBER)

    def body(value: Value) -> bool:
        names.bind(it, count.name, value, frame)
        return block(it, node.body, frame)

    def otherwise() -> bool:
        names.bind(it, count.name, value_of(Const(count.end)), frame)
        return block(it, node.orelse, frame)

    return _follow(it, node, frame, (item,), body, otherwise)


def _follow(
    it: Interpreter,
    node: ast.AST,
    frame: Frame,
    items: Iterable[Item],
    body: Callable[[Value], bool],
    otherwise: Callable[[], bool],
    endless: bool = False,
    tries: bool = False,
) -> bool:
    outer = it.state
    run = outer.fork(it.logic)
    loop = Loop(run, [])
    frame.loops.append(loop)
    goes_on = True
    returned = len(frame.exits)
    context = it.context
    it.loops.append(it.number(node))
    it.running.append(Running(node, outer, run))
    try:
        for number, item in enumerate(items):
            it.state = run
            it.running[-1] = Running(node, outer, run, number, not item.elements, tries)
            if item.elements:
                goes_on = _element_pass(it, node, frame, loop, item, body, returned)
            else:
                with it.within(it.logic.term("pass", context, it.number(node), number)):
                    goes_on = _known_pass(it, node, loop, item, body)
            it.step()
            if not goes_on:
                break
    finally:
        it.loops.pop()
        it.running.pop()
        frame.loops.pop()
        it.state = outer
    branches = [exit_.branch for exit_ in loop.exits if exit_.kind == "break"]
    if goes_on and not endless:
        it.state = run
        if otherwise():
            branches.insert(0, Branch(run.local, run.writes))
        it.state = outer
    return merge(it.logic, outer, branches, lambda: it.fresh(node, what="join"))


def follow_each(
    it: Interpreter, node: ast.AST, frame: Frame, items: Iterable[Item], function: Callable[[Value], object]
) -> None:
    """Code outside the project calls a function for each of these, for what it does."""

    def body(value: Value) -> bool:
        function(value)
        return it.state.reached != NEVER

    _follow(it, node, frame, items, body, lambda: True)


def leave(it: Interpreter, frame: Frame, kind: str) -> None:
    """``break`` or ``continue``."""
    if frame.loops:
        loop = frame.loops[-1]
        # What passes before this one have done is done where the loop is left, too.
        base = loop.base.parent if kind == "break" and loop.base.parent is not None else loop.base
        loop.exits.append(Exit(kind, flatten(it.logic, it.state, base), None))


def _known_pass(it: Interpreter, node: ast.AST, loop: Loop, item: Item, body: Callable[[Value], bool]) -> bool:
    logic = it.logic
    run = it.state
    start = len(loop.exits)
    it.state = run.fork(logic, item.when)
    branches = []
    if it.state.reached != NEVER and body(item.value):
        branches.append(flatten(logic, it.state, run))
    it.state = run
    branches.extend(_continues(loop, start))
    if item.row == UNORDERED:
        branches = [_in_no_order(run, branch) for branch in branches]
    if item.when != ALWAYS:
        branches.append(Branch(logic.no(item.when), {}))
    return merge(logic, run, branches, lambda: it.fresh(node, what="join"))


def _in_no_order(run: State, branch: Branch) -> Branch:
    """The pass for an item of a set: nobody knows where in a list is what it adds."""
    writes = dict(branch.writes)
    for key, new in branch.writes.items():
        old = run.get(key)
        added = grown(old, new) if isinstance(old, ListContent) and isinstance(new, ListContent) else None
        if added and isinstance(new, ListContent):
            kept = new.items[: len(new.items) - len(added)]
            writes[key] = replace(new, items=(*kept, *(item._replace(row=UNORDERED) for item in added)))
    return branch._replace(writes=writes)


def _continues(loop: Loop, start: int) -> list[Branch]:
    found = [exit_.branch for exit_ in loop.exits[start:] if exit_.kind == "continue"]
    loop.exits[start:] = [exit_ for exit_ in loop.exits[start:] if exit_.kind != "continue"]
    return found


# A pass for an element that stands for all


def _element_pass(
    it: Interpreter, node: ast.AST, frame: Frame, loop: Loop, item: Item, body: Callable[[Value], bool], returned: int
) -> bool:
    logic = it.logic
    run = it.state
    facts = len(it.facts)
    head = run.fork(logic)
    changed: set[Key] = set()
    passed: Optional[State] = None
    start, returned = len(loop.exits), len(frame.exits)
    outer_context = it.context
    for attempt in range(3):
        del it.facts[facts:]
        del loop.exits[start:]
        del frame.exits[returned:]
        passed = _one_pass(it, node, loop, head, item, body, start, outer_context)
        unstable = changed_by(passed, head, item, asks_size(node)) - changed if passed is not None else set()
        if not unstable or attempt == 2:
            break
        changed |= unstable
        assert passed is not None  # else nothing is unstable
        head = widened(it, node, run, passed, changed, item, attempt)
    closing = Closing(it, node, run, item)
    broken = any(exit_.kind == "break" for exit_ in loop.exits[start:])
    ran = logic.atom(logic.term("ran", it.number(node), outer_context, *_bases(item)))
    branches = [Branch(logic.no(ran), {})]
    if passed is not None:
        writes = {
            key: value if is_own(key, item) and not broken else closing.stored(key, value, broken)
            for key, value in passed.writes.items()
        }
        branches.append(Branch(ran, writes))
    lists = {
        key: value
        for key, value in (branches[1].writes.items() if len(branches) > 1 else ())
        if isinstance(value, ListContent) and closing.closed(key) or is_event(key) or is_own(key, item) and not broken
    }
    branches[0].writes.update(lists)
    for branch in branches:
        branch.writes.update(_without_others(run, branches[-1].writes, branch))
    left = NEVER
    for index in range(start, len(loop.exits)):
        loop.exits[index] = _after_others(closing.exit(loop.exits[index]), lists, run)
        left = logic.either(left, loop.exits[index].branch.when)
    for index in range(returned, len(frame.exits)):
        frame.exits[index] = _after_others(closing.exit(frame.exits[index]), lists, run)
        left = logic.either(left, frame.exits[index].branch.when)
    it.state = run
    goes_on = merge(logic, run, branches, lambda: it.fresh(node, what="join"))
    if left != NEVER and goes_on:
        run.assume(logic, logic.no(left))
        goes_on = run.reached != NEVER
    return goes_on


def _after_others(way: Exit, lists: dict[Key, Stored], run: State) -> Exit:
    """The loop is left in some pass: passes before it have added to lists."""
    writes = way.branch.writes
    for key, earlier in lists.items():
        old, own = run.get(key), writes.get(key)
        if not isinstance(earlier, ListContent):
            continue
        added = grown(old, own) if isinstance(old, ListContent) and isinstance(own, ListContent) else ()
        if added is not None:
            writes[key] = replace(earlier, items=(*earlier.items, *added))
    return way


def _bases(item: Item) -> list[Term]:
    return [e.args[0] for e in item.elements if isinstance(e.args[0], Term)]


def _one_pass(
    it: Interpreter,
    node: ast.AST,
    loop: Loop,
    head: State,
    item: Item,
    body: Callable[[Value], bool],
    start: int,
    context: Term,
) -> Optional[State]:
    """The state at the end of a pass, as a fork of ``head``; None where no pass ends."""
    logic = it.logic
    after = head.fork(logic, item.when)
    it.state = after.fork(logic)
    branches = []
    active = list(it.active)
    it.active.extend(item.elements)
    before = Loop(after, loop.exits)
    with it.within(logic.term("pass", context, it.number(node), *item.elements)):
        if it.state.reached != NEVER and body(item.value):
            branches.append(flatten(logic, it.state, after))
    it.active[:] = active
    continues = [exit_ for exit_ in loop.exits[start:] if exit_.kind == "continue"]
    for exit_ in continues:
        # Writes since the loop's start include the head's, which the merge needs not see again.
        own = {k: v for k, v in exit_.branch.writes.items() if before.base.get(k) is not v}
        branches.append(Branch(exit_.branch.when, own))
    loop.exits[start:] = [exit_ for exit_ in loop.exits[start:] if exit_.kind != "continue"]
    it.state = after
    return after if merge(logic, after, branches, lambda: it.fresh(node, what="join")) else None


def _without_others(run: State, after: dict[Key, Stored], branch: Branch) -> dict[Key, Stored]:
    """Dicts in which passes replace what was under keys that are not known: which of it is left is not known."""
    found: dict[Key, Stored] = {}
    for key, new in after.items():
        old = run.get(key)
        if isinstance(old, DictContent) and isinstance(new, DictContent) and old.others and old.others != new.others:
            now = branch.writes.get(key, old)
            found[key] = replace(now, others=(), open=True) if isinstance(now, DictContent) else now
    return found
