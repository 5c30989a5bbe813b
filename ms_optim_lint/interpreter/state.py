"""What is known at one point of a program: the store, and the conditions under which that point is reached.

A branch works on a fork, which records only what it writes. Joining forks tags what differs with the condition of its
branch; what is equal stays untagged.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Callable, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Logic, Term
from ms_optim_lint.domain.values import (
    ABSENT,
    UNORDERED,
    Content,
    DictContent,
    Instance,
    Item,
    ListContent,
    Obj,
    Site,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter.history import History, joined
from ms_optim_lint.records import NamedTuple

#: A variable is (frame, name), an attribute (object or term, name), a thing's content the thing itself.
Key = Hashable
#: The middle of keys that remember an event: (optimizer, event, root). A loop that freezes or thaws is taken to make a pass.
FROZEN, STALE = "#frozen", "#stale"
#: With an optimizer it is the key of whether that has made a step.
STEPPED = "#stepped"
#: With an object that makes the steps of an optimizer it is the key of that optimizer.
STEPS = "#steps"
Stored = Union[Value, Content, Term, History]
Fresh = Callable[[], Term]

_ABSENT_VALUE = value_of(ABSENT)


class State:
    """The store at one point. ``reached`` is the condition for being here, ``local`` the part of it added since the fork.
    ``branched``: this is in a branch that is taken under a condition, and not only after something that may have stopped."""

    __slots__ = ("parent", "writes", "local", "reached", "branched")

    def __init__(self, parent: Optional[State] = None, local: Condition = ALWAYS, reached: Condition = ALWAYS) -> None:
        self.parent = parent
        self.writes: dict[Key, Stored] = {}
        self.local = local
        self.reached = reached
        self.branched: bool = local != ALWAYS or parent is not None and parent.branched

    def get(self, key: Key) -> Optional[Stored]:
        """What was last stored under a key, here or in a state that this one is forked from."""
        state: Optional[State] = self
        while state is not None:
            found = state.writes.get(key)
            if found is not None:
                return found
            state = state.parent
        return None

    def first(self) -> State:
        """The store that this is a fork of a fork ... of."""
        state = self
        while state.parent is not None:
            state = state.parent
        return state

    def set(self, key: Key, value: Stored) -> None:
        """Stores something, here only."""
        self.writes[key] = value
        if key.__class__ is tuple and key[0].__class__ is Obj:
            key[0].names[key[1]] = None

    def fork(self, logic: Logic, condition: Condition = ALWAYS) -> State:
        """A state for what happens under a condition."""
        return State(self, condition, logic.both(self.reached, condition))

    def assume(self, logic: Logic, condition: Condition) -> None:
        """Go on only where ``condition`` holds."""
        self.local = logic.both(self.local, condition)
        self.reached = logic.both(self.reached, condition)


def is_event(key: Key) -> bool:
    """Whether something that happened is remembered there."""
    return isinstance(key, tuple) and len(key) == 3 and key[1] in (FROZEN, STALE)


class Branch(NamedTuple):
    """What one way through a piece of program wrote, and when that way is taken."""

    when: Condition
    writes: dict[Key, Stored]


def branch_of(state: State) -> Branch:
    """What was stored in a state itself, to be joined."""
    return Branch(state.local, state.writes)


def flatten(logic: Logic, state: State, base: State) -> Branch:
    """All that was written between ``base`` and ``state``, which is a fork of a fork ... of ``base``."""
    chain = []
    current: Optional[State] = state
    while current is not None and current is not base:
        chain.append(current)
        current = current.parent
    writes: dict[Key, Stored] = {}
    when = ALWAYS
    for link in reversed(chain):
        writes.update(link.writes)
        when = logic.both(when, link.local)
    return Branch(when, writes)


def merge(logic: Logic, base: State, branches: Iterable[Branch], fresh: Fresh) -> bool:
    """Write into ``base`` what holds after any of ``branches``; false where none of them goes on."""
    live = [branch for branch in branches if logic.meet(base.reached, branch.when)]
    if not live:
        return False
    if len(live) == 1:
        base.writes.update(live[0].writes)
        base.assume(logic, live[0].when)
        return True
    keys: dict[Key, None] = {}
    for branch in live:
        keys.update(dict.fromkeys(branch.writes))
    for key in keys:
        old = base.get(key)
        versions = [(branch.when, branch.writes.get(key, old)) for branch in live]
        first = versions[0][1]
        if first is not None and all(version is first or version == first for _, version in versions):
            base.set(key, first)
        elif any(isinstance(version, History) for _, version in versions):
            history = _joined_history(logic, base, key, versions)
            if history is not None:  # else none of what was done can have been done
                base.set(key, history)
        else:
            known = [(when, version) for when, version in versions if version is not None]
            stored = _join_stored(logic, known, fresh)
            if len(known) == 1 and isinstance(stored, Value) and _is_attribute(base, key):
                stored = join(logic, [(known[0][0], stored)], fresh())  # elsewhere it is what the class says
            base.set(key, stored)
    after = NEVER
    for branch in live:
        after = logic.either(after, branch.when)
    base.assume(logic, after)
    return True


def _is_attribute(base: State, key: Key) -> bool:
    """Whether it is an attribute of an object that was there before, or an attribute or item of something unknown."""
    if not isinstance(key, tuple) or len(key) != 2:
        return False
    if isinstance(key[0], Obj):
        return isinstance(key[1], str) and key[1].isidentifier() and base.get(key[0]) is not None
    return isinstance(key[0], Term)


def _joined_history(
    logic: Logic, base: State, key: Key, versions: list[tuple[Condition, Optional[Stored]]]
) -> Optional[History]:
    known = [(when, v) for when, v in versions if isinstance(v, History)]
    if len(known) == 1 and isinstance(key, tuple) and isinstance(key[0], Obj) and base.get(key[0]) is None:
        return known[0][1]  # of a thing that only this branch has made
    return joined(logic, [(when, v if isinstance(v, History) else None) for when, v in versions])


def _join_stored(logic: Logic, versions: list[tuple[Condition, Stored]], fresh: Fresh) -> Stored:
    first = versions[0][1]
    if len(versions) == 1:
        return first
    if isinstance(first, Value):
        return join(logic, [(when, v) for when, v in versions if isinstance(v, Value)], fresh())
    if isinstance(first, ListContent):
        return _join_lists(logic, [(when, v) for when, v in versions if isinstance(v, ListContent)])
    if isinstance(first, DictContent):
        return _join_dicts(logic, [(when, v) for when, v in versions if isinstance(v, DictContent)], fresh)
    if isinstance(first, Instance):
        return first
    if all(isinstance(v, Term) and v.op == "version" for _, v in versions):
        return logic.term("version", fresh())
    return fresh()


def _same_item(a: Item, b: Item) -> bool:
    return a.elements == b.elements and a.value == b.value


def _join_lists(logic: Logic, versions: list[tuple[Condition, ListContent]]) -> ListContent:
    shortest = min(len(content.items) for _, content in versions)
    first = versions[0][1]
    common = 0
    while common < shortest and all(
        content.items[common] is first.items[common] or content.items[common] == first.items[common]
        for _, content in versions
    ):
        common += 1
    rest: list[Item] = []
    in_order = True
    for when, content in versions:
        free = [True] * len(rest)  # what is of other branches only
        place = 0
        for item in content.items[common:]:
            holds = logic.both(item.when, when)
            twins = [index for index, one in enumerate(rest) if free[index] and _same_item(one, item)]
            twin = next((index for index in twins if index >= place), twins[0] if twins else None)
            if twin is not None:
                in_order = in_order and twin >= place
                place = max(place, twin + 1)
                rest[twin] = rest[twin]._replace(when=logic.either(rest[twin].when, holds))
                free[twin] = False
            elif holds != NEVER:
                rest.insert(place, item._replace(when=holds))
                free.insert(place, False)
                place += 1
    if not in_order:
        rest = [item._replace(row=UNORDERED) for item in rest]
    consumed = NEVER
    for when, content in versions:
        consumed = logic.either(consumed, logic.both(when, content.consumed))
    return ListContent(
        first.items[:common] + tuple(rest),
        any(c.open for _, c in versions),
        first.kind,
        consumed,
        next((c.reason for _, c in versions if c.reason), ""),
        tuple({feed: None for _, content in versions for feed in content.feeds}),
        tuple({id(source): source for _, content in versions for source in content.sources}.values()),
    )


def _join_dicts(logic: Logic, versions: list[tuple[Condition, DictContent]], fresh: Fresh) -> DictContent:
    keys: list[object] = []
    result = DictContent((), any(content.open for _, content in versions))
    places: dict[object, tuple[object, Site, Site]] = {}
    for _, content in versions:
        places.update((place[0], place) for place in content.places)
        place = 0
        for key, _ in content.entries:  # in the order of each
            if key in keys:
                place = max(place, keys.index(key) + 1)
            else:
                keys.insert(place, key)
                place += 1
    for key in keys:
        choices = [(when, content.get(key) or _ABSENT_VALUE) for when, content in versions]
        first = choices[0][1]
        value = first if all(v == first for _, v in choices) else join(logic, choices, fresh())
        result = result.with_entry(key, value, None)
    return DictContent(result.entries, result.open, tuple(places.values()), _join_others(logic, versions))


def _join_others(logic: Logic, versions: list[tuple[Condition, DictContent]]) -> tuple[Item, ...]:
    found: dict[tuple[Value, tuple[Term, ...], int], Condition] = {}
    for when, content in versions:
        for item in content.others:
            key = (item.value, item.elements, item.row)
            found[key] = logic.either(found.get(key, NEVER), logic.both(item.when, when))
    return tuple(Item(value, when, elements, row) for (value, elements, row), when in found.items())
