"""A group has a key that is ignored without a word."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import EXPERIMENTAL, MINT, Judgement, at, rule
from ms_optim_lint.rules.groups import group_keys, suggestion
from ms_optim_lint.settings import Settings


@rule(26, "ms-ignored-group-key", Severity.WARNING, (Construction,), families=(EXPERIMENTAL, MINT))
def ignored_group_key(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    known = fact.optimizer.group_keys(settings.mindspore_version)
    if fact.optimizer.is_base or fact.own:
        return  # an own subclass may read keys of its own
    for group, key, entry in group_keys(fact):
        if key not in known and "params" in group.entries:
            message = (
                f"{fact.optimizer.short} ignores the key '{key}' of a group without a word, and uses its default: "
                f"{suggestion(key, known)}"
            )
            yield at(fact, entry.key, message)
