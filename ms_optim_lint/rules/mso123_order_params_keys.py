"""The dict with the order has other keys too."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.groups import orders_of
from ms_optim_lint.settings import Settings


@rule(23, "ms-order-params-keys", Severity.ERROR, (Construction,), families=(NN,), raises=("ValueError",),
    silences=("ms-order-params-mismatch",))
def order_params_keys(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    known = fact.optimizer.group_keys(settings.mindspore_version)
    for params in fact.params:
        given = fact.logic.both(fact.reached, params.when)
        for group in orders_of(fact, params, given):
            for key, entry in group.entries.items():
                here = fact.logic.both(fact.logic.both(given, group.when), fact.logic.both(entry.when, group.has("order_params")))
                if key != "order_params" and key in known and here != NEVER:
                    message = (
                        f"'{key}' stands beside 'order_params', and {fact.optimizer.short} raises: give 'order_params' a "
                        "dict of its own"
                    )
                    yield at(fact, entry.key, message)
