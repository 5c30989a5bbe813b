"""Questions about groups that several rules ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Optional

from ms_optim_lint.domain.logic import NEVER, Condition, Term
from ms_optim_lint.domain.sets import certainly_there, possible
from ms_optim_lint.domain.shapes import Entry, Group, Location, Params, Part
from ms_optim_lint.facts import Construction
from ms_optim_lint.spelling import nearest

#: Keys of torch, or of a first guess, and what MindSpore calls them.
_MEANT = {"learning_rate": "lr", "weight_decays": "weight_decay", "parameters": "params", "param": "params"}


def some_of(names: Sequence[str]) -> str:
    """The first names, and how many more there are: what a message can hold."""
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")


def groups_of(fact: Construction, params: Params) -> Iterator[tuple[Group, Condition]]:
    """The groups that can be there, of one alternative of the parameters, and the condition under which each is there."""
    both = fact.logic.both
    given = both(fact.reached, params.when)
    for group in params.groups:
        here = both(given, group.when)
        if here != NEVER:
            yield group, here


def each_group(
    fact: Construction, alternatives: Optional[Iterable[Params]] = None
) -> Iterator[tuple[Group, Condition]]:
    """The same, of all alternatives (of the optimizer's ``params``, or of those that are given)."""
    for params in fact.params if alternatives is None else alternatives:
        yield from groups_of(fact, params)


def each_params(fact: Construction) -> Iterator[tuple[Group, Params, Condition]]:
    """All that the ``params`` of a group can be: the group, its parameters, and the condition under which they are there."""
    for group, here in each_group(fact):
        for inner in group.params:
            when = fact.logic.both(here, inner.when)
            if when != NEVER:
                yield group, inner, when


def group_keys(fact: Construction) -> Iterator[tuple[Group, str, Entry]]:
    """Every key of every group that can be there."""
    for group, here in each_group(fact):
        for key, entry in group.entries.items():
            if fact.logic.meet(here, entry.when):
                yield group, key, entry


def odd_keys(fact: Construction) -> Iterator[tuple[str, Location]]:
    """Every key that is no string, as written, and where."""
    for group, here in each_group(fact):
        for key, where, when in group.odd_keys:
            if fact.logic.meet(here, when):
                yield key, where


def whole(fact: Construction, group: Group, condition: Condition) -> Condition:
    """What a condition says of the program, whichever the elements are that a group is made for."""
    if not group.elements:
        return condition
    return fact.logic.possible(condition, lambda term: bool(term.elements & frozenset(group.elements)))


def meant(key: str, known: Iterable[str]) -> Optional[str]:
    """The key that is meant by one that is not known."""
    names = sorted(known)
    if key in _MEANT and _MEANT[key] in names:
        return _MEANT[key]
    return nearest(key, names)


def suggestion(key: str, known: Iterable[str]) -> str:
    """What to write instead of a key."""
    right = meant(key, known)
    return f"write '{right}'" if right else "it knows " + ", ".join(f"'{name}'" for name in sorted(known))


def is_there(fact: Construction, part: Part, given: Condition) -> bool:
    """Whether the part is there in something that can be. A test of the parameter that nobody could decide proves nothing."""
    logic = fact.logic
    if not logic.meet(part.when, given):
        return False
    return logic.implies(given, part.when) or not any(_asks_parameter(term) for term in logic.atoms(part.when))


def _asks_parameter(term: Term, depth: int = 0) -> bool:
    if term.op in ("seen", "parameter", "element") or depth > 8:
        return True
    return any(isinstance(inner, Term) and _asks_parameter(inner, depth + 1) for inner in term.args)


def orders_of(fact: Construction, params: Params, given: Condition) -> list[Group]:
    """The dicts with ``order_params`` that can be there."""
    both = fact.logic.both
    return [g for g in params.groups if both(both(given, g.when), g.has("order_params")) != NEVER]


class Members:
    """A set of parameters to ask many questions of: single ones by their term, families apart."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.singles: dict[Term, Condition] = {}
        self.families: list[Part] = []
        for part in parts:
            if part.elements:
                self.families.append(part)
            else:
                self.singles[part.term] = part.when
        #: whether each is a Parameter of its own
        self.plain = not self.families and all(term.op == "parameter" for term in self.singles)


def certainly_apart(fact: Construction, part: Part, others: Members, given: Condition) -> bool:
    """Whether the part certainly holds a parameter, and none of it can be among the others."""
    logic = fact.logic
    if not certainly_there(logic, part, given) or not possible(logic, given):
        return False
    if part.term.op == "parameter":
        if not others.plain:
            return False
        when = others.singles.get(part.term, NEVER)
        return not logic.meet(logic.both(part.when, when), given)
    return not others.singles and all(_apart(fact, part, other, given) for other in others.families)


def _apart(fact: Construction, one: Part, other: Part, given: Condition) -> bool:
    logic = fact.logic
    if len(one.elements) == len(other.elements) == 1 and one.elements[0].args[0] is other.elements[0].args[0]:
        if one.term is other.term:
            both = logic.both(logic.both(one.when, other.when), given)
            return not possible(logic, both)
    return False
