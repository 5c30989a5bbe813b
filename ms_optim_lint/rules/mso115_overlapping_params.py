"""One parameter is given twice."""
from __future__ import annotations

from typing import Iterator, Optional

from ms_optim_lint.domain.logic import NEVER, Condition
from ms_optim_lint.domain.sets import certainly_there, contains, overlap, parts_of, possible
from ms_optim_lint.domain.shapes import Group, Params, Part
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(15, "ms-overlapping-params", Severity.ERROR, (Construction,), raises=("RuntimeError", "ValueError"))
def overlapping_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    short = fact.optimizer.short
    for params in fact.params:
        given = fact.logic.both(fact.reached, params.when)
        if given == NEVER:
            continue
        if params.kind == "list" and not params.wrong and _repeated(fact, params.parts, given) is not None:
            message = f"A parameter is in this list twice, and {short} raises: give each parameter once"
            yield at(fact, fact.params_location, message)
        if params.kind == "groups":
            yield from _between_groups(fact, params, given)


def _between_groups(fact: Construction, params: Params, given: Condition) -> Iterator[Judgement]:
    seen: list[tuple[Group, tuple[Part, ...]]] = []
    short = fact.optimizer.short
    for group in params.groups:
        here = fact.logic.both(given, group.when)
        if here == NEVER or "params" not in group.entries:
            continue
        where = group.entries["params"].location
        parts = None if _vanishes(fact, group) else parts_of(fact.logic, group.params, here)
        if parts is None or group.many:
            continue
        if _repeated(fact, parts, here) is not None:
            yield at(fact, where, f"A parameter is in this group twice, and {short} raises: give each parameter once")
            continue
        for other, others in seen:
            together = fact.logic.both(here, other.when)
            if together != NEVER and possible(fact.logic, together) and overlap(fact.logic, others, parts, together):
                message = (
                    f"Parameters of this group are in another group too, and {short} raises: let each parameter be in "
                    "one group only"
                )
                yield at(fact, where, message, (other.entries["params"].location, "the other group"))
                break
        seen.append((group, parts))


def _vanishes(fact: Construction, group: Group) -> bool:
    """An iterator's parameters are lost before nn compares them: that is another rule's mistake."""
    return fact.family == NN and any(inner.container == "iterator" for inner in group.params)


def _repeated(fact: Construction, parts: tuple[Part, ...], given: Condition) -> Optional[Part]:
    """A part of which a parameter is certainly in an earlier part as well."""
    logic = fact.logic
    for index, part in enumerate(parts):
        for earlier in parts[:index]:
            together = logic.both(given, earlier.when if not earlier.elements else given)
            for one, other in ((part, earlier), (earlier, part)):
                if certainly_there(logic, one, together) and contains(logic, (other,), (one,), together):
                    return part
    return None
