"""Groups change the order of the parameters, and nothing says which order is meant."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(21, "ms-missing-order-params", Severity.CONVENTION, (Construction,), families=(NN,))
def missing_order_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    logic = fact.logic
    for params in fact.params:
        given = logic.both(fact.reached, params.when)
        if params.kind != "groups" or params.open or given == NEVER:
            continue
        groups = [group for group in params.groups if logic.both(given, group.when) != NEVER]
        if any(group.open or group.has("order_params") != NEVER for group in groups):
            continue
        together = any(
            logic.both(given, logic.both(one.when, other.when)) != NEVER
            for index, one in enumerate(groups) for other in groups[:index]
        )
        if together or any(group.many for group in groups):
            message = (
                "Groups without 'order_params' put the parameters into another order than the network's: add "
                "{'order_params': net.trainable_params()} to the groups"
            )
            yield at(fact, fact.params_location, message)
