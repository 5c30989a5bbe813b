"""Questions about steps of optimizers that several rules ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.facts import Construction
from ms_optim_lint.facts_training import Gradients, OptimizerCall, Step
from ms_optim_lint.rules.arguments import is_number
from ms_optim_lint.settings import Settings

#: Optimizers that move a parameter by what they remember of earlier steps, even where its gradient is zero now.
_MOMENTUM = frozenset(
    "Momentum Adam AdamW AdamWeightDecay AdaMax Adamax AdamOffload LazyAdam Lamb NAdam RAdam thor".split()
)


def compared(fact: OptimizerCall, *relations: str) -> Iterator[tuple[Step, Gradients]]:
    """The steps whose gradients are in one of these relations to what the optimizer holds."""
    for step in fact.steps:
        if step.gradients is not None and step.gradients.relation in relations and fact.can(step.when):
            yield step, step.gradients


def number(construction: Construction, keyword: str, settings: Settings) -> Optional[float]:
    """The number that an argument is, given or by default; None where that is not known."""
    given = construction.arguments.get(keyword)
    if given is None:
        argument = construction.optimizer.signature(settings.mindspore_version).get(keyword)
        try:
            return float(argument.default) if argument is not None and argument.default is not None else None
        except ValueError:
            return None
    choice = given.choices[0] if len(given.choices) == 1 else None
    return float(choice.value) if choice is not None and choice.kind == "constant" and is_number(choice.value) else None


def has_momentum(construction: Construction, settings: Settings) -> bool:
    """Whether the optimizer certainly moves parameters by the gradients of earlier steps too."""
    return _name(construction) in _MOMENTUM or bool(number(construction, "momentum", settings))


def remembers(construction: Construction, settings: Settings) -> bool:
    """Whether the optimizer certainly keeps something from step to step that changes later ones."""
    if construction.optimizer.is_base:
        return False  # the project's own optimizer: nobody knows
    return _name(construction) != "SGD" or has_momentum(construction, settings)


def _name(construction: Construction) -> str:
    return construction.optimizer.name.rpartition(".")[2]
