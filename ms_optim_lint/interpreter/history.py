"""What was done to a cell, in order: the events from which its parameters are worked out when somebody asks."""

from __future__ import annotations

from typing import Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Logic, Term
from ms_optim_lint.domain.values import Instance, Item, Value
from ms_optim_lint.records import NamedTuple

#: When something happened. A moment in what was put off comes before all that came after the putting off.
Moment = tuple[int, ...]


class Event(NamedTuple):
    """One thing that was done to a cell or Parameter. ``kind`` is a method of :class:`.doing.Replay`."""

    moment: Moment
    kind: str
    name: str = ""
    value: Optional[Value] = None
    items: tuple[Item, ...] = ()
    base: Optional[Instance] = None
    #: for what happens to each element of a loop for which a condition holds
    element: Optional[Term] = None
    pattern: Optional[Term] = None
    holds: Condition = ALWAYS
    when: Condition = ALWAYS


class History:
    """Events, each added to those before it. Histories share what they have in common."""

    __slots__ = ("before", "event", "length")

    def __init__(self, before: Optional[History], event: Event) -> None:
        self.before = before
        self.event = event
        self.length: int = 1 + (before.length if before is not None else 0)

    def events(self) -> list[Event]:
        """All events, the first one first."""
        found = []
        current: Optional[History] = self
        while current is not None:
            found.append(current.event)
            current = current.before
        found.reverse()
        return found


def joined(logic: Logic, versions: list[tuple[Condition, Optional[History]]]) -> Optional[History]:
    """The history that is each version where its condition holds."""
    shared = versions[0][1]
    for _, version in versions[1:]:
        shared = _common(shared, version)
    result = shared
    for when, version in versions:
        added: list[Event] = []
        while version is not shared:
            assert version is not None
            added.append(version.event)
            version = version.before
        for event in reversed(added):
            here = logic.both(event.when, when)
            if here != NEVER:
                result = History(result, event._replace(when=here))
    return result


def _common(one: Optional[History], other: Optional[History]) -> Optional[History]:
    while one is not other:
        if one is None or other is None:
            return None
        if one.length >= other.length:
            one = one.before
        else:
            other = other.before
    return one
