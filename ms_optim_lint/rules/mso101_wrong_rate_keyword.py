"""The rate has another name here."""
from __future__ import annotations

from typing import Iterator, Optional

from ms_optim_lint.facts import Construction, Keyword
from ms_optim_lint.finding import Applicability, Edit, Fix, Place, Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(1, "ms-wrong-rate-keyword", Severity.ERROR, (Construction,), raises=("TypeError", "KeyError"))
def wrong_rate_keyword(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    right = fact.optimizer.rate_keyword
    wrong = "lr" if right == "learning_rate" else "learning_rate"
    if fact.optimizer.signature(settings.mindspore_version).accepts(wrong):
        return
    for keyword in fact.keywords:
        if keyword.name == wrong and fact.can(keyword.when):
            message = f"{fact.optimizer.short} has no argument '{wrong}' and raises: write {right}=..."
            yield at(fact, keyword.location, message, fix=_fix(fact, keyword, right))


def _fix(fact: Construction, keyword: Keyword, right: str) -> Optional[Fix]:
    if keyword.splatted or right in fact.arguments:
        return None
    start = keyword.location.place
    name = Place(start.line, start.column, start.line, start.column + len(keyword.name))
    return Fix(f"Write {right}", (Edit(name, right),), Applicability.SAFE)
