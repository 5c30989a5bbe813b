"""An own optimizer is not built on its base class as MindSpore asks for it.

## What it does
Finds, in classes that are derived from `nn.Optimizer` or `experimental.optim.Optimizer`:

- `super().__init__(params, lr)` and `super().__init__(params, defaults)`: the base of `nn` takes the rate first and no
  dict of defaults; that of `experimental.optim` takes such a dict second
- an `__init__` that never initialises the base, or sets Cells, Parameters or operators before it does, or reads what
  the base sets (`self.parameters`, `self.learning_rate`, ...)
- a class without `construct` (it has `step` instead, as in PyTorch) that is called with gradients

## Why is this bad?
The program stops, where the optimizer is built or at the first step. The errors speak of types that the user never wrote.

## How MindSpore behaves
Measured on 2.0.0 (`nn`), 2.7.0 and 2.10.0, in PyNative and in GRAPH mode:

- `super().__init__(params, lr)`, `nn`: TypeError, `For 'Optimizer', the argument parameters must be Iterable type, but got
  <class 'float'>`; with a list of rates or a dict, `all elements of the argument 'parameters' must be 'Parameter' or 'dict'`
- the same, `experimental.optim`: AttributeError, `'float' object has no attribute 'items'`
- no `super().__init__()`: AttributeError, `The 'Plain' object has no attribute 'parameters'` where these are asked for, `...
  '_init_flag'` where it is called, `'_primitives'` or `please call Cell.__init__() firstly` where something is set too early
- `step` instead of `construct`: NotImplementedError from `optimizer(gradients)`, `TrainOneStepCell` and `Model`

## Example
```python
from mindspore import nn, ops


class Plain(nn.Optimizer):
    def __init__(self, params, learning_rate=0.1):
        super().__init__(params, learning_rate)

    def construct(self, gradients):
        rate = self.get_lr()
        done = True
        for parameter, gradient in zip(self.parameters, gradients):
            done = ops.depend(done, ops.assign_sub(parameter, rate * gradient))
        return done


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = Plain(net.trainable_params(), 0.01)
```

## Use instead
```python
from mindspore import nn, ops


class Plain(nn.Optimizer):
    def __init__(self, params, learning_rate=0.1):
        super().__init__(learning_rate, params)

    def construct(self, gradients):
        rate = self.get_lr()
        done = True
        for parameter, gradient in zip(self.parameters, gradients):
            done = ops.depend(done, ops.assign_sub(parameter, rate * gradient))
        return done


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = Plain(net.trainable_params(), 0.01)
```

## Fix safety
There is no fix: the arguments may have been meant in either order.

## Known limits
- The order is judged by the names of the arguments (`params`, `lr`), or by what is known of them.
- A class of which a base is not in sight, or that has its own `__call__`, is left alone.
- A class with `step` whose `step` the program calls itself works, and is not reported.

## References
- mindspore.nn.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.Optimizer.html>
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional, Union

from ms_optim_lint.facts import Argument, Construction
from ms_optim_lint.facts_classes import OwnOptimizer
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import EXPERIMENTAL, NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

_PARAMS = frozenset(("params", "parameters", "param_groups", "params_list", "param_list", "group_params"))
_RATES = frozenset(("lr", "learning_rate", "lrs", "learning_rates", "lr_schedule"))


@rule(
    45,
    "ms-optimizer-base-init",
    Severity.ERROR,
    (Construction, OwnOptimizer),
    families=(NN, EXPERIMENTAL),
    raises=("TypeError", "AttributeError", "NotImplementedError", "ValueError"),
    silences=("ms-invalid-params", "ms-empty-params", "ms-invalid-rate", "ms-suspicious-rate"),
)
def optimizer_base_init(fact: Union[Construction, OwnOptimizer], settings: Settings) -> Iterator[Judgement]:
    if isinstance(fact, Construction):
        message = _order(fact) if fact.own and fact.optimizer.is_base else None
        if message is not None:
            yield at(fact, fact.location, message)
    elif fact.missing:
        remedy = f"rename '{fact.instead}' to construct" if fact.instead else "write construct(self, gradients)"
        message = f"{fact.name} has no method construct, so calling it with gradients raises: {remedy}"
        yield at(fact, fact.where, message, (fact.location, "here it is called"))
    elif fact.unready is not None:
        unready = fact.unready
        if unready.name and not unready.what:
            what = f"reads self.{unready.name} before its base class is initialised, which sets it, and raises"
        elif unready.name:
            what = f"sets self.{unready.name} to {unready.what} before its base class is initialised, and raises"
        else:
            what = "never calls super().__init__(), so it has no parameters and raises when it is used"
        order = "super().__init__(learning_rate, params)" if fact.family == NN else "super().__init__(params, defaults)"
        yield at(fact, unready.location, f"__init__ of {unready.of} {what}: call {order} first")


def _order(fact: Construction) -> Optional[str]:
    first, second = ("learning_rate", "parameters") if fact.family == NN else ("params", "defaults")
    one, other = fact.arguments.get(first), fact.arguments.get(second)
    if one is None or other is None:
        return None
    if fact.family == NN:
        defaults = _is_dict(fact)
        swapped = (one.text in _PARAMS or one.text.endswith("trainable_params()")) and (
            other.text in _RATES or defaults or _is_rate(other, fact)
        )
        words = "takes the learning rate first"
        rate = "the learning rate" if defaults else other.text or "the learning rate"
        remedy = f"give it {rate} and then {one.text or 'the parameters'}"
    else:
        swapped = other.text in _RATES or _is_rate(other, fact)
        words = "takes a dict of defaults second"
        remedy = f"give it {{'lr': {other.text or 'lr'}, ...}}"
    if not swapped:
        return None
    given = f"{one.text or 'the parameters'} and {other.text or 'the learning rate'}"
    return f"{fact.optimizer.short} {words}, so with {given} it raises: {remedy}"


def _is_dict(fact: Construction) -> bool:
    """Whether a dict stands where the parameters belong: the defaults that the base classes elsewhere take."""
    return bool(fact.params) and all(p.kind == "wrong" and p.wrong[0].what == "a dict" for p in fact.params)


def _is_rate(argument: Argument, fact: Construction) -> bool:
    choices = [choice for choice in argument.choices if fact.can(choice.when)]
    return bool(choices) and all(
        choice.kind in ("number", "schedule") or choice.kind == "constant" and isinstance(choice.value, float)
        for choice in choices
    )
