"""A method of torch that MindSpore does not have."""
from __future__ import annotations

from typing import Iterator

from ms_optim_lint.facts import AttributeUse
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

_GRADIENTS = "compute them with mindspore.value_and_grad and give them to the optimizer: optimizer(grads)"
#: What to write instead, by attribute; the first for nn, the second for the other families.
_INSTEAD = {
    "zero_grad": ("leave it out, gradients are not accumulated", "leave it out, gradients are not accumulated"),
    "step": ("call the optimizer with the gradients, optimizer(grads)", "call the optimizer with the gradients, optimizer(grads)"),
    "param_groups": ("change the rate with ops.assign(optimizer.learning_rate, ...)", ""),
    "add_param_group": ("give all groups when the optimizer is built", ""),
    "get_lr": ("", "read optimizer.param_groups[i]['lr']"),
    "learning_rate": ("", "read optimizer.param_groups[i]['lr']"),
    "backward": (_GRADIENTS, _GRADIENTS),
    "grad": (_GRADIENTS, _GRADIENTS),
}


@rule(61, "ms-torch-method", Severity.ERROR, (AttributeUse,), raises=("AttributeError",))
def torch_method(fact: AttributeUse, settings: Settings) -> Iterator[Judgement]:
    optimizer = fact.construction.optimizer if fact.construction is not None else None
    family = optimizer.family if optimizer is not None else NN
    instead = _INSTEAD.get(fact.name, ("", ""))[0 if family == NN else 1]
    if not instead:
        return
    owner = optimizer.short if optimizer is not None else f"a MindSpore {fact.of.capitalize()}"
    yield at(fact, fact.location, f"{fact.text}: {owner} has no '{fact.name}', and this raises: {instead}")
