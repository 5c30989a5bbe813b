"""An optimizer is documented to take a list of Parameters, not an iterator."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(12, "ms-iterator-params", Severity.CONVENTION, (Construction,), families=(NN,))
def iterator_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    for params in fact.params:
        if params.container == "iterator" and params.kind == "list" and not params.wrong and fact.can(params.when):
            message = (
                f"{fact.optimizer.short} is given an iterator, which works once and is documented as unsupported: "
                "write list(...) around it, or use trainable_params()"
            )
            yield at(fact, params.location, message, (fact.location, "the optimizer"))
