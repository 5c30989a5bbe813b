"""Groups with rates of their own have no one rate that could be assigned to."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.facts import RateChange
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(52, "ms-assign-grouped-rate", Severity.ERROR, (RateChange,), families=(NN,), raises=("TypeError", "AttributeError"))
def assign_grouped_rate(fact: RateChange, settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction
    if fact.can(construction.group_rate()):
        what = "ops.assign to it" if fact.how == "assign" else f".{fact.how} of it"
        message = (
            f"The groups of this {construction.optimizer.short} have rates of their own, so its learning_rate is a tuple and "
            f"{what} raises: loop over it and assign to each"
        )
        yield at(fact, fact.location, message, (construction.location, "the optimizer"))
