"""What is given as parameters is no list of Parameters."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.domain.logic import NEVER, Condition
from ms_optim_lint.domain.shapes import Params
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(18, "ms-invalid-params", Severity.ERROR, (Construction,), raises=("TypeError", "ValueError", "AttributeError"))
def invalid_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    both = fact.logic.both
    for params in fact.params:
        given = both(fact.reached, params.when)
        if given == NEVER:
            continue
        yield from _wrong(fact, params, given, "")
        if params.container == "iterator" and "params:generator" in fact.optimizer.refuses(settings.mindspore_version):
            message = f"{fact.optimizer.short} reads an iterator twice and raises: write list(...) around it"
            yield at(fact, params.location, message)
        for group in params.groups:
            for inner in group.params:
                here = both(both(given, group.when), inner.when)
                if here == NEVER:
                    continue
                if fact.family != NN and inner.kind == "list" and inner.container == "set":
                    message = f"The 'params' of this group are a set, and {fact.optimizer.short} raises: write a list"
                    yield at(fact, inner.location, message)
                elif not (fact.family != NN and _is_one_parameter(inner)):
                    yield from _wrong(fact, inner, here, " as the 'params' of a group")


def _is_one_parameter(params: Params) -> bool:
    """The other families take a single Parameter in a group."""
    return bool(params.wrong) and params.wrong[0].what == "one Parameter"


def _wrong(fact: Construction, params: Params, given: Condition, where: str) -> Iterator[Judgement]:
    for wrong in params.wrong:
        if fact.logic.both(given, wrong.when) != NEVER:
            remedy = wrong.remedy or "net.trainable_params()"
            message = f"{fact.optimizer.short} is given {wrong.what}{where}, and it raises: give it {remedy}"
            yield at(fact, wrong.location, message, (fact.location, "the optimizer"))
            return
