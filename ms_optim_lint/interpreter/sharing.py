"""Steps of two optimizers over one parameter in one pass of a loop."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import NEVER, Condition
from ms_optim_lint.domain.sets import overlap, parts_of
from ms_optim_lint.domain.values import Item, Obj, Ref, Site, Tuple, Value, value_of
from ms_optim_lint.facts import Construction
from ms_optim_lint.facts_training import SharedStep
from ms_optim_lint.interpreter import concrete
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.modules import target_names
from ms_optim_lint.interpreter.notes import circumstances

if TYPE_CHECKING:
    from ms_optim_lint.domain.shapes import Part
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Running


def step_made(it: Interpreter, obj: Obj, text: str, site: Site, losses: frozenset[object]) -> None:
    """Two optimizers step over one parameter in one pass of a loop, for one loss: for two losses it is how the method works."""
    if not it.loops:
        return
    running, loops = it.running, it.loops
    _made_in(it, running[-1], ("steps in", loops[-1]), obj, text, site, losses)
    if len(loops) > 1 and len(running) > 1 and _goes_over(running[-1], site.node):
        # A loop over several optimizers makes the steps of all of them in one pass of the loop around it.
        _made_in(it, running[-2], ("steps in", loops[-2], running[-1].node), obj, text, site, losses)


def _goes_over(loop: Running, call: ast.AST) -> bool:
    """Whether a loop gives what is called in it, an optimizer or what has one, pass by pass."""
    root = call.func if isinstance(call, ast.Call) else None
    while isinstance(root, (ast.Attribute, ast.Subscript)):
        root = root.value
    if not (loop.known and isinstance(loop.node, ast.For) and isinstance(root, ast.Name)):
        return False
    return root.id in target_names(loop.node.target)


def _made_in(
    it: Interpreter,
    loop: Running,
    where: tuple[object, ...],
    obj: Obj,
    text: str,
    site: Site,
    losses: frozenset[object],
) -> None:
    turn = it.number(loop.start), loop.number
    it.turns.setdefault((turn[0], it.constructions[obj].number), set()).add(turn[1])
    key = (*where, *turn)
    stored = it.state.get(key)
    items = _items_of(it, stored) if isinstance(stored, Value) else ()
    mine = it.constructions[obj]
    it.losses[key, obj] = it.losses.get((key, obj), frozenset()) | losses
    for item in items:
        other_ref = item.value.single
        origin = item.value.origin
        if not isinstance(other_ref, Ref) or other_ref.obj is obj or origin is None:
            continue
        other = it.constructions[other_ref.obj]
        when = it.logic.both(item.when, it.state.reached)
        if when == NEVER or mine.number == other.number or not _always_together(it, loop, item.when, mine, other):
            continue
        if losses.isdisjoint(it.losses[key, other_ref.obj]):
            continue
        if _share(it, obj, other_ref.obj, when):
            node = origin.node
            other_text = ast.unparse(node.func) if isinstance(node, ast.Call) else "the other"
            it.facts.append(
                SharedStep(*circumstances(it, locate(site), when), text, other_text, locate(origin), other, mine, turn)
            )
    if not any(i.value.single == Ref(obj) for i in items):
        added = Item(value_of(Ref(obj), site), it.state.reached)
        it.state.set(key, value_of(Tuple((*items, added))))


def _items_of(it: Interpreter, stored: Value) -> tuple[Item, ...]:
    """The steps made so far: after a join, those of each way to it."""
    found: dict[tuple[Value, Condition], Item] = {}
    for alternative in it.alternatives(stored):
        for item in alternative.atom.items if isinstance(alternative.atom, Tuple) else ():
            when = it.logic.both(item.when, alternative.when)
            found[item.value, when] = item._replace(when=when)
    return tuple(found.values())


def _always_together(
    it: Interpreter, loop: Running, earlier: Condition, mine: Construction, other: Construction
) -> bool:
    """Whether this step is made in each pass in which the earlier one is, and that one where this is. Who takes the second only
    now and then, such as at the end of a cycle, has meant it."""
    logic = it.logic
    built = logic.both(loop.start.reached, logic.both(mine.reached, other.reached))
    first, second = logic.both(built, earlier), logic.both(built, it.state.reached)
    return logic.implies(first, second) and logic.implies(second, first)


def settle(it: Interpreter) -> None:
    """At the end: in a loop that is followed pass by pass, two optimizers share if they do in every pass in which one steps."""
    shared: dict[tuple[int, int, int], set[int]] = {}
    for fact in it.facts:
        if isinstance(fact, SharedStep):
            loop, number = fact.turn
            shared.setdefault((loop, fact.construction.number, fact.other.number), set()).add(number)
    for (loop, mine, other), passes in list(shared.items()):
        if passes >= it.turns[loop, mine] | it.turns[loop, other]:
            del shared[loop, mine, other]
    if shared:
        it.facts[:] = [
            fact
            for fact in it.facts
            if not isinstance(fact, SharedStep)
            or (fact.turn[0], fact.construction.number, fact.other.number) not in shared
        ]


def _share(it: Interpreter, obj: Obj, other: Obj, given: Condition) -> bool:
    """Whether two optimizers certainly hold a parameter in common."""
    first, second = all_parts(it, obj), all_parts(it, other)
    if not first or not second:
        return False
    if overlap(it.logic, first, second, given):
        return True
    mine, theirs = concrete.listed(it, first), concrete.listed(it, second)
    if mine is None or theirs is None:
        return False
    there = {part.term: part.when for part in theirs}
    return any(it.logic.implies(given, it.logic.both(p.when, there.get(p.term, NEVER))) for p in mine)


def all_parts(it: Interpreter, obj: Obj) -> Optional[tuple[Part, ...]]:
    """All parameters of an optimizer, whatever group they are in."""
    logic = it.logic
    found: list[Part] = []
    for params in it.given_params.get(obj, ()):
        inner = parts_of(logic, (params,), params.when) if params.kind == "list" else ()
        if inner is None or params.kind not in ("list", "groups"):
            return None
        found.extend(inner)
        for group in params.groups:
            of_group = parts_of(logic, group.params, logic.both(params.when, group.when))
            if of_group is None:
                return None
            found.extend(of_group)
    return tuple(found)
