"""A group has a key that MindSpore does not know."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.domain.values import Const
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.groups import group_keys, suggestion
from ms_optim_lint.settings import Settings


@rule(16, "ms-unknown-group-key", Severity.ERROR, (Construction,), families=(NN,), raises=("KeyError", "TypeError"))
def unknown_group_key(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    short = fact.optimizer.short
    known = fact.optimizer.group_keys(settings.mindspore_version)
    for group, key, entry in group_keys(fact):
        if key not in known:
            hint = suggestion(key, known)
            message = f"A group of {short} has the key '{key}', which it does not know, and it raises: {hint}"
            yield at(fact, entry.key, message)
        elif key == "grad_centralization":
            atom = entry.value.single
            if isinstance(atom, Const) and not isinstance(atom.value, bool):
                message = f"'grad_centralization' of a group is {atom.value!r}, and {short} raises: write True or False"
                yield at(fact, entry.location, message)
