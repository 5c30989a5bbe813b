"""Which weight decay is in force: questions that several rules ask."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Optional

from ms_optim_lint.domain.logic import NEVER, Condition
from ms_optim_lint.domain.shapes import Choice, Group
from ms_optim_lint.facts import Construction
from ms_optim_lint.settings import Settings

#: The argument of an optimizer, and the key of a group.
KEY = "weight_decay"


def own_decays(fact: Construction, settings: Settings) -> Optional[list[Choice]]:
    """What the weight decay of the optimizer itself can be; None where that is not known, or it has none."""
    described = fact.optimizer.signature(settings.mindspore_version).get(KEY)
    if fact.optimizer.is_wrapper or described is None:
        return None
    argument = fact.arguments.get(KEY)
    choices = [choice for choice in argument.choices if fact.can(choice.when)] if argument is not None else []
    given = NEVER
    for choice in choices:
        given = fact.logic.either(given, choice.when)
    rest = fact.logic.both(fact.reached, fact.logic.no(given))
    if rest != NEVER:
        if not fact.complete or described.default is None:
            return None
        default = ast.literal_eval(described.default)
        choices.append(Choice("constant", rest, fact.location, described.default, default))
    return choices


def group_decays(fact: Construction, group: Group, own: Optional[list[Choice]]) -> Optional[list[Choice]]:
    """What the weight decay of a group can be: its own, else the optimizer's; None where that is not known."""
    if group.open:
        return None
    entry = group.entries.get(KEY)
    choices = list(entry.choices) if entry is not None else []
    if fact.logic.meet(group.when, fact.logic.no(group.has(KEY))):
        if own is None:
            return None
        choices += own
    return choices


def in_force(fact: Construction, decays: Optional[Iterable[Choice]], given: Condition) -> bool:
    """Whether there certainly is a decay in one thing that can be."""
    return decays is not None and any(
        fact.logic.meet(given, choice.when)
        and (
            choice.kind in ("schedule", "cell")
            or choice.kind == "constant"
            and isinstance(choice.value, (int, float))
            and choice.value > 0
        )
        for choice in decays
    )


def exempt(name: str) -> bool:
    """Whether an optimizer of ``nn`` without groups leaves a parameter of that name out of its decay."""
    return "beta" in name or "gamma" in name
