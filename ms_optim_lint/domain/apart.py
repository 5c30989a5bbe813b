"""Sets of parameters: are two certainly disjoint. The counterpart of ``overlap`` in :mod:`~ms_optim_lint.domain.sets`."""

from __future__ import annotations

from itertools import combinations
from typing import Optional

from ms_optim_lint.domain.logic import NEVER, Condition, Logic, Term, TooComplex
from ms_optim_lint.domain.sets import certainly_there, possible
from ms_optim_lint.domain.shapes import Params, Part


def are_disjoint(logic: Logic, sets: list[tuple[Condition, tuple[Params, ...]]], given: Condition) -> bool:
    """Whether certainly no parameter is in two of the sets, or in one of them twice, wherever ``given`` holds. Each set comes
    with the condition under which it is there."""
    parts: list[Part] = []
    for when, alternatives in sets:
        for params in alternatives:
            here = logic.both(given, logic.both(when, params.when))
            if here == NEVER:
                continue
            if params.kind != "list" or params.open or params.wrong:
                return False
            for part in params.parts:
                parts.append(Part(part.term, logic.both(part.when, here), part.elements))
    try:
        return all(_gives_each_once(part) for part in parts) and all(
            _apart(logic, one, other) for one, other in combinations(parts, 2)
        )
    except TooComplex:
        return False


def is_filled(logic: Logic, alternatives: tuple[Params, ...], given: Condition) -> bool:
    """Whether there certainly is a parameter in the set wherever ``given`` holds."""
    return all(
        any(certainly_there(logic, part, logic.both(given, params.when)) for part in params.parts)
        for params in alternatives
        if logic.meet(params.when, given)
    )


def _gives_each_once(part: Part) -> bool:
    """Whether no parameter comes twice out of one part: it is one, or those of one network, each as itself."""
    if not part.elements:
        return part.term.op == "parameter"
    return len(part.elements) == 1 and part.term is part.elements[0] and _network(part.term) is not None


def _network(element: Term) -> Optional[Term]:
    base = element.args[0]
    return base if isinstance(base, Term) and base.op == "parameters" else None


def _apart(logic: Logic, one: Part, other: Part) -> bool:
    if not one.elements and not other.elements:
        return one.term is not other.term or not possible(logic, logic.both(one.when, other.when))
    if not (one.elements and other.elements) or _network(one.term) is not _network(other.term):
        return False
    when = logic.rename(other.when, other.term, one.term)
    return not possible(logic, logic.both(one.when, when))
