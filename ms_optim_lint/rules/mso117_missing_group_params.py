"""A group says nothing of which parameters it is for."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(17, "ms-missing-group-params", Severity.ERROR, (Construction,), raises=("KeyError",))
def missing_group_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    logic = fact.logic
    known = fact.optimizer.group_keys(settings.mindspore_version)
    for params in fact.params:
        for group in params.groups:
            here = logic.both(logic.both(fact.reached, params.when), group.when)
            if here == NEVER or group.open or logic.both(here, group.has("params")) != NEVER:
                continue
            if fact.family == NN and (logic.both(here, group.has("order_params")) != NEVER or set(group.entries) - known):
                continue  # an order alone is right, and a key that is not known is reported by its own rule
            message = f"A group without 'params' is given to {fact.optimizer.short}, and it raises: add 'params'"
            yield at(fact, group.location, message, (fact.location, "the optimizer"))
