"""There is nothing to train."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.domain.sets import is_empty, possible
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

@rule(11, "ms-empty-params", Severity.ERROR, (Construction,), raises=("ValueError",))
def empty_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    short = fact.optimizer.short
    given = [p for p in fact.params if fact.can(p.when)]
    if given and all(_is_empty(fact, p, fact.reached) for p in given):
        what = "None" if all(p.kind == "none" for p in given) else "empty"
        message = f"The parameters given to {short} are {what}, and it raises: give it net.trainable_params()"
        yield at(fact, fact.params_location, message)
    if fact.family != NN:
        return  # the other families accept an empty group
    for params in given:
        for group in params.groups:
            here = fact.logic.both(fact.reached, fact.logic.both(params.when, group.when))
            inner = [p for p in group.params if fact.logic.both(p.when, here) != NEVER]
            if here != NEVER and inner and not group.open and all(_is_empty(fact, p, here) for p in inner):
                what = "None" if all(p.kind == "none" for p in inner) else "certainly empty"
                message = f"The 'params' of this group are {what}, and {short} raises: leave the group out, or mend its filter"
                yield at(fact, group.entries["params"].location, message)


def _is_empty(fact: Construction, params: Params, given: int) -> bool:
    if params.kind == "none":
        return True
    given = fact.logic.both(given, params.when)
    if params.kind != "list" or params.open or params.wrong or fact.logic.both(given, params.consumed) != NEVER:
        return False
    return possible(fact.logic, given) and is_empty(fact.logic, params.parts, given)
