"""A hyperparameter that is a Parameter cannot be replaced by a Python number.

## What it does
Finds `optimizer.momentum = 0.5` and the like: attributes of an optimizer that are Parameters, set to a number, a string
or a value of numpy. These are `momentum` of `nn.SGD` and `nn.Momentum`, `global_step` of all optimizers of `nn`,
`beta1_power` and `beta2_power` of those that descend from Adam, `step` of `nn.AdaFactor`, `state_step` and `step_t` of
`experimental.optim` and `mint.optim`; and `weight_decay`, where the optimizer was built with a Cell as its decay.

## Why is this bad?
A Cell lets nothing else be put in the place of a Parameter. The run fails when the attribute is set: often only at the
end of a warm-up.

## How MindSpore behaves
TypeError, `Parameter 'momentum' already exists in network, can not assign this type: '<class 'float'>' as a parameter.`
For `weight_decay`: TypeError, `Sub cell 'weight_decay' already exists in network, can not assign this type: '<class
'float'>' as a cell.` So it is in 2.7.0 and 2.10.0, with every optimizer that was tried. In 2.0.0 the words are others:
`For 'Cell', the type of momentum must be Parameter or ParameterTuple, but got float.`

`ops.assign(optimizer.momentum, ...)` works, before a first step and after it (2.0.0, 2.7.0 and 2.10.0).

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.8)


def end_warmup():
    optimizer.momentum = 0.9


end_warmup()
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.8)


def end_warmup():
    ops.assign(optimizer.momentum, ms.Tensor(0.9, ms.float32))


end_warmup()
```

## Fix safety
There is no fix: the kind of the number has to fit the Parameter.

## Known limits
- `optimizer.learning_rate = ...` is MSO153.
- Other hyperparameters (`beta1`, `eps`, `rho`, `nesterov`) are plain attributes. Setting them raises nothing, and is not
  reported.
- A Tensor is taken, and None too.
- An own subclass that sets the attribute itself, or has one of that name, is left alone.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches TypeError.

## References
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.ops.assign:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/ops/mindspore.ops.assign.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.domain.shapes import Choice
from ms_optim_lint.facts import AttributeWrite
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

_ADAM = ("nn.Adam", "nn.LazyAdam", "nn.AdamOffload")
_STATE_STEP = ("Adam", "AdamW")
_STEP_T = ("Adagrad", "Adamax", "ASGD", "NAdam", "RAdam", "Rprop")
#: Attributes that are Parameters, and the optimizers that have them: the same in 2.0.0, 2.7.0 and 2.10.0.
_PARAMETERS = {
    "momentum": ("nn.SGD", "nn.Momentum"),
    "beta1_power": (*_ADAM, "nn.AdaMax"),
    "beta2_power": _ADAM,
    "step": ("nn.AdaFactor",),
    "state_step": tuple(f"{family}.{name}" for family in ("experimental.optim", "mint.optim") for name in _STATE_STEP),
    "step_t": (*(f"experimental.optim.{name}" for name in _STEP_T), "mint.optim.SGD"),
}
_REFUSED = ("number", "text", "array", "scalar")


@rule(50, "ms-hyperparameter-attribute", Severity.ERROR, (AttributeWrite,), raises=("TypeError",))
def hyperparameter_attribute(fact: AttributeWrite, settings: Settings) -> Iterator[Judgement]:
    if not fact.construction.optimizer.exists(settings.mindspore_version):
        return
    what, tensor = _kept_as(fact)
    for choice in fact.choices:
        if what and fact.can(choice.when) and _is_refused(choice):
            remedy = f"write ops.assign({fact.text}, mindspore.Tensor(...))" if tensor else "change it in that Cell"
            message = f"{fact.text} is {what}, and setting it to {choice.words or 'a Python number'} raises: {remedy}"
            yield at(fact, fact.location, message, (fact.construction.location, "the optimizer"))
            return


def _kept_as(fact: AttributeWrite) -> tuple[str, bool]:
    """As what the optimizer keeps the attribute, and whether ``ops.assign`` reaches it; nothing where it is a plain one."""
    optimizer = fact.construction.optimizer
    if optimizer.is_wrapper or optimizer.is_base:
        return "", False
    if fact.name == "weight_decay":
        given = fact.construction.arguments.get("weight_decay")
        cell = given is not None and any(choice.kind == "cell" and fact.can(choice.when) for choice in given.choices)
        return ("a Cell, the decay that the optimizer was built with", False) if cell else ("", False)
    if fact.name == "global_step" and fact.construction.family == NN:
        return "a Parameter", True
    return ("a Parameter", True) if optimizer.short in _PARAMETERS.get(fact.name, ()) else ("", False)


def _is_refused(choice: Choice) -> bool:
    if choice.kind == "constant":
        return isinstance(choice.value, (int, float, str))
    return choice.kind in _REFUSED
