"""A group built from an iterator is never trained."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(13, "ms-iterator-group", Severity.WARNING, (Construction,), families=(NN,))
def iterator_group(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    both = fact.logic.both
    for params in fact.params:
        ordered = any(group.has("order_params") != NEVER for group in params.groups)
        for group in params.groups if not ordered else ():
            for inner in group.params:
                here = both(both(params.when, group.when), inner.when)
                if inner.container == "iterator" and not inner.wrong and fact.can(here):
                    message = (
                        f"This iterator is used up before {fact.optimizer.short} trains its group: the parameters in it "
                        "are never trained, and nothing is raised; write list(...) around it"
                    )
                    yield at(fact, inner.location, message, (group.location, "the group"), (fact.location, "the optimizer"))
