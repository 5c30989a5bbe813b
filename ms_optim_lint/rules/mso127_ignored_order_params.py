"""An order that is not used."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.domain.sets import is_empty, parts_of, possible
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.groups import orders_of
from ms_optim_lint.settings import Settings


@rule(27, "ms-ignored-order-params", Severity.WARNING, (Construction,), families=(NN,))
def ignored_order_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    logic = fact.logic
    for params in fact.params:
        given = logic.both(fact.reached, params.when)
        orders = orders_of(fact, params, given)
        for first, second in zip(orders, orders[1:]):
            if logic.both(given, logic.both(first.when, second.when)) != NEVER:
                message = "Only the last 'order_params' is used, this one is ignored without a word: keep one"
                yield at(fact, first.entries["order_params"].location, message, (second.location, "the one that is used"))
        if orders and settings.mindspore_version >= (2, 9) and not params.open:
            last = orders[-1]
            here = logic.both(given, last.when)
            order = [p for p in last.order if logic.both(p.when, here) != NEVER]
            parts = parts_of(logic, order, here)
            if order and parts is not None and all(p.kind == "list" and p.container != "iterator" for p in order):
                if possible(logic, here) and is_empty(logic, parts, here):
                    message = (
                        "'order_params' is empty and is ignored without a word from MindSpore 2.9 on: list every grouped "
                        "parameter, or leave it out"
                    )
                    yield at(fact, last.entries["order_params"].location, message)
