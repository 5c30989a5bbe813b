"""The order in which groups give the parameters of a network to an optimizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.shapes import Params
from ms_optim_lint.facts import Construction
from ms_optim_lint.interpreter import replay
from ms_optim_lint.interpreter.cells import Unknown
from ms_optim_lint.interpreter.whole import owner_of
from ms_optim_lint.records import replace

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def is_of_network(it: Interpreter, alternatives: tuple[Params, ...]) -> Optional[bool]:
    """Whether groups, one after the other, hold parameters of one network in the network's own order; None where that is not
    known."""
    grouped = [one for one in alternatives if one.kind == "groups" and it.logic.meet(it.state.reached, one.when)]
    answers = {_is_in_order(it, params) for params in grouped}
    return False if False in answers else True if answers == {True} else None


def settle(it: Interpreter) -> None:
    """At the end: what a function does with a network that is not known is done in order where its callers' networks are."""
    ordered = {fact.location for fact in it.facts if isinstance(fact, Construction) and fact.ordered}
    if ordered:
        it.facts[:] = [
            replace(fact, ordered=True)
            if isinstance(fact, Construction) and fact.ordered is None and _is_alone(fact) and fact.location in ordered
            else fact
            for fact in it.facts
        ]


def _as_list(params: Params) -> Params:
    return replace(params, container="list") if params.container == "iterator" else params


def _is_alone(fact: Construction) -> bool:
    """Whether it is in a function that is looked at alone: the call that is made up for it covers the function itself."""
    made_up = fact.stack[-1] if fact.stack else None
    return (
        made_up is not None
        and made_up.path == fact.location.path
        and made_up.place.line <= fact.location.place.line <= made_up.place.end_line
    )


def _is_in_order(it: Interpreter, params: Params) -> Optional[bool]:
    from ms_optim_lint.interpreter.gradients import sequence, written_out

    if any(group.order for group in params.groups):
        return None
    # An iterator in a group is lost, and that is said: here it counts as the list that was meant.
    groups = [replace(g, params=tuple(_as_list(one) for one in g.params)) for g in params.groups]
    params = replace(params, groups=tuple(groups))
    given = it.logic.both(it.state.reached, params.when)
    parts = sequence(it, params, given)
    held = written_out(it, parts, given) if parts is not None else None
    owners = {owner_of(it, term) for term in held or ()}
    if not held or None in owners:
        return None
    owner = owners.pop()
    if owners or owner is None:
        return False
    try:
        places = {one.term: place for place, one in enumerate(replay.parameters(it, owner))}
    except Unknown:
        return None
    found = [places.get(term, -1) for term in held]
    return -1 not in found and found == sorted(set(found))
