"""Questions about groups that several rules ask."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from ms_optim_lint.domain.logic import NEVER, Condition
from ms_optim_lint.domain.sets import certainly_there, contains, possible
from ms_optim_lint.domain.shapes import Entry, Group, Params, Part
from ms_optim_lint.facts import Construction

#: Keys of torch, or of a first guess, and what MindSpore calls them.
_MEANT = {"learning_rate": "lr", "weight_decays": "weight_decay", "parameters": "params", "param": "params"}


def group_keys(fact: Construction) -> Iterator[tuple[Group, str, Entry]]:
    """Every key of every group that can be there."""
    both = fact.logic.both
    for params in fact.params:
        for group in params.groups:
            for key, entry in group.entries.items():
                if fact.can(both(both(params.when, group.when), entry.when)):
                    yield group, key, entry


def suggestion(key: str, known: Iterable[str]) -> str:
    """What to write instead of a key."""
    names = sorted(known)
    if key in _MEANT and _MEANT[key] in names:
        return f"write '{_MEANT[key]}'"
    near = difflib.get_close_matches(key, names, 1, 0.75)
    if near:
        return f"write '{near[0]}'"
    return "it knows " + ", ".join(f"'{name}'" for name in names)


def orders_of(fact: Construction, params: Params, given: Condition) -> list[Group]:
    """The dicts with ``order_params`` that can be there."""
    both = fact.logic.both
    return [g for g in params.groups if both(both(given, g.when), g.has("order_params")) != NEVER]


def repeats(fact: Construction, parts: tuple[Part, ...], given: Condition) -> bool:
    """Whether a parameter is certainly in two of the parts."""
    for index, part in enumerate(parts):
        for other in parts[:index]:
            for one, two in ((part, other), (other, part)):
                if certainly_there(fact.logic, one, given) and contains(fact.logic, (two,), (one,), given):
                    return True
    return False


def certainly_apart(fact: Construction, part: Part, others: tuple[Part, ...], given: Condition) -> bool:
    """Whether the part certainly holds a parameter, and none of it can be among the others."""
    logic = fact.logic
    if not possible(logic, given) or not certainly_there(logic, part, given):
        return False
    return all(_apart(fact, part, other, given) for other in others)


def _apart(fact: Construction, one: Part, other: Part, given: Condition) -> bool:
    logic = fact.logic
    if one.term.op == other.term.op == "parameter":
        both = logic.both(logic.both(one.when, other.when), given)
        return one.term is not other.term or both == NEVER
    if len(one.elements) == len(other.elements) == 1 and one.elements[0].args[0] is other.elements[0].args[0]:
        if one.term is other.term:
            both = logic.both(logic.both(one.when, other.when), given)
            return not possible(logic, both)
    return False
