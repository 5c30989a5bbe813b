"""A rate that changes by itself cannot be assigned to."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.facts import RateChange
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

_KINDS = {"list": "a list of rates", "tensor": "a tensor of rates", "schedule": "a schedule"}


@rule(51, "ms-assign-dynamic-rate", Severity.ERROR, (RateChange,), families=(NN,), raises=("TypeError", "AttributeError"))
def assign_dynamic_rate(fact: RateChange, settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction
    if fact.can(construction.group_rate()):
        return  # rule 52
    for rate in construction.rates:
        if rate.kind in _KINDS and fact.can(rate.when):
            what = "ops.assign to" if fact.how == "assign" else f".{fact.how} of"
            message = (
                f"The rate of this {construction.optimizer.short} is {_KINDS[rate.kind]}, so {what} its learning_rate raises: "
                "build the optimizer with one number, or put the change into the schedule"
            )
            yield at(fact, fact.location, message, (rate.location, "the rate"), (construction.location, "the optimizer"))
            return
