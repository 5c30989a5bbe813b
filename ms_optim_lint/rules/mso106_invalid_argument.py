"""A hyperparameter that MindSpore refuses.

## What it does
Finds hyperparameters of a wrong type or out of range:

- `nn.Momentum`, `nn.RMSProp`: a `momentum` (or `decay`) that is an int or negative;
- `beta1` and `beta2` of `nn.Adam`, `nn.AdamWeightDecay`, `nn.AdaMax`, `nn.Lamb`, `nn.LazyAdam` and `nn.AdamOffload`: an int,
  or a float that is not between 0 and 1; `betas` of `experimental.optim` and `mint.optim` with 1 or more, or less
  than 0;
- `eps` of these, and `epsilon` of `nn.RMSProp`: an int, or a float that is not above 0;
- `loss_scale` of 0 or less, in `nn`;
- what must be a float (`accum`, `rho`, `l1`, `lambd`, ...) or a bool (`use_nesterov`, `use_locking`, `centered`) and is
  something else;
- SGD with `nesterov=True` and without momentum, or with dampening;
- `nn.AdaFactor` with a rate, and without `relative_step=False`.

The rate is MSO131, the weight decay MSO135.

## Why is this bad?
The program stops when the optimizer is built.

## How MindSpore behaves
- `nn.Momentum(params, 0.1, 1)`: TypeError, `For 'Momentum', the type of 'momentum' should be 'float', but got type
  'int'.` (`nn.SGD` takes an int.)
- `nn.Momentum(params, 0.1, Tensor(0.9))`: TypeError, `For 'Momentum', the type of 'momentum' should be 'float', but got
  type 'Tensor'.` So do lists, functions, cells and schedules, for each of these arguments.
- `nn.Adam(params, 0.1, beta1=1.0)`: ValueError, `For 'Adam', the 'beta1' must be in range of (0.0, 1.0), but got 1.0 with
  type 'float'.`; 0: TypeError, `For 'Adam', the type of 'beta1' should be 'float', but got type 'int'.`
- `nn.Adam(params, 0.1, eps=0.0)`: ValueError, `For 'Adam', the 'eps' must be float and must > 0, but got '0.0' with type
  'float'.`
- `nn.Adam(params, 0.1, use_nesterov=1)`: TypeError, `For 'Adam', the type of 'use_nesterov' should be 'bool', but got type
  'int'.`
- `experimental.optim.Adam(params, betas=(1.0, 0.9))`: ValueError, `Invalid beta parameter at index 0: 1.0`
- `nn.SGD(params, 0.1, loss_scale=0.0)`: ValueError, `For 'SGD', the 'loss_scale' must be float and must > 0, but got '0.0'
  with type 'float'.`
- `nn.SGD(params, 0.1, nesterov=True)`: ValueError, `For 'SGD', if 'nesterov' is true, 'momentum' must be > 0.0 and
  'dampening' must equal to 0.0, but got 'momentum' 0.0, 'dampening' 0.0.`
- `nn.AdaFactor(params, 0.1)`: ValueError, `('Cannot combine manual lr and relative_step options', 0.1)`

The same in MindSpore 2.0.0 to 2.10.0 (`experimental.optim` and `mint.optim` 2.7.0 to 2.10.0). Measured on CPU.

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.1, nesterov=True)
```

## Use instead
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.1, momentum=0.9, nesterov=True)
```

## Fix safety
There is no fix. Where the right value can be read off, the message says it.

## Known limits
- `nn.AdaFactor`, `nn.Rprop`, `nn.thor` and the other hyperparameters of `experimental.optim` and `mint.optim` are not
  checked.
- A value is reported only where all that the argument can be is wrong.
- Where something unknown is splatted into the call, an absent argument is not judged.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches TypeError or ValueError.

## References
- mindspore.nn.SGD:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.SGD.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.nn.AdaFactor:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.AdaFactor.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable, Optional

from ms_optim_lint.domain.shapes import Choice
from ms_optim_lint.facts import Argument, Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.arguments import is_number
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

#: What is refused everywhere. A scalar of numpy may be a float, and what is called an array a scalar.
_NO_NUMBER = frozenset(("tensor", "parameter", "list", "dict", "schedule", "cell", "function", "class", "text"))

#: What to write instead of a value, or None where it is taken.
Wrong = Callable[[Choice], Optional[str]]


def _number(good: Callable[[float], bool], what: str, takes_int: bool = False) -> Wrong:
    """An argument that must be a float, or any number, for which ``good`` holds."""

    def wrong(choice: Choice) -> Optional[str]:
        value = choice.value
        if choice.kind != "constant":
            return what if choice.kind in _NO_NUMBER else None
        if isinstance(value, float) or takes_int and isinstance(value, int):
            return None if good(value) else what
        # A bool is an int, and refused as one.
        return f"{float(value)}" if is_number(value) and good(float(value)) else what

    return wrong


def _switch(choice: Choice) -> Optional[str]:
    good = isinstance(choice.value, bool) if choice.kind == "constant" else choice.kind not in _NO_NUMBER
    return None if good else "True or False"


_BETA = _number(lambda value: 0 < value < 1, "a float between 0 and 1")
_POSITIVE = _number(lambda value: value > 0, "a float above 0")
_FROM_ZERO = _number(lambda value: value >= 0, "a float of 0.0 or more")
_ANY = _number(lambda value: True, "a float")
_POSITIVE_NUMBER = _number(lambda value: value > 0, "a float above 0", takes_int=True)
_NUMBER = _number(lambda value: value >= 0, "a float of 0.0 or more", takes_int=True)
_BETAS = {"beta1": _BETA, "beta2": _BETA, "eps": _POSITIVE}
_SWITCHES = {"use_locking": _switch, "use_nesterov": _switch}

#: Optimizer, argument: how it must be. Measured; loss_scale is checked for all.
_CHECKS: dict[str, dict[str, Wrong]] = {
    **dict.fromkeys(("nn.Adam", "nn.LazyAdam", "nn.AdamOffload"), {**_BETAS, **_SWITCHES}),
    **dict.fromkeys(("nn.AdamWeightDecay", "nn.AdaMax", "nn.Lamb"), _BETAS),
    "nn.Momentum": {"momentum": _FROM_ZERO, "use_nesterov": _switch},
    "nn.SGD": {"momentum": _NUMBER, "dampening": _NUMBER, "nesterov": _switch},
    "nn.RMSProp": {
        **dict.fromkeys(("momentum", "decay"), _FROM_ZERO),
        **dict.fromkeys(("centered", "use_locking"), _switch),
        "epsilon": _POSITIVE,
    },
    "nn.Adagrad": {"accum": _FROM_ZERO},
    "nn.Adadelta": {"rho": _number(lambda value: 0 <= value <= 1, "a float from 0 to 1"), "epsilon": _FROM_ZERO},
    "nn.FTRL": {**dict.fromkeys(("initial_accum", "l1", "l2"), _FROM_ZERO), "use_locking": _switch},
    "nn.ProximalAdagrad": {**dict.fromkeys(("accum", "l1", "l2"), _FROM_ZERO), "use_locking": _switch},
    "nn.ASGD": dict.fromkeys(("lambd", "alpha", "t0"), _ANY),
}


@rule(6, "ms-invalid-argument", Severity.ERROR, (Construction,), raises=("TypeError", "ValueError"))
def invalid_argument(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    optimizer = fact.optimizer
    if optimizer.is_wrapper or not optimizer.exists(settings.mindspore_version):
        return
    short = optimizer.short
    for name, wrong in _CHECKS.get(short, {}).items():
        yield from _checked(fact, name, wrong)
    if fact.family == NN:
        yield from _checked(fact, "loss_scale", _POSITIVE_NUMBER)
    elif "betas" in fact.arguments:
        yield from _checked(fact, "betas", _betas)
    if short.endswith(".SGD"):
        yield from _nesterov(fact)
    if short == "nn.AdaFactor":
        yield from _relative_step(fact)


def _checked(fact: Construction, name: str, wrong: Wrong) -> Iterator[Judgement]:
    argument = fact.arguments.get(name)
    verdicts = [wrong(choice) for choice in argument.choices if fact.can(choice.when)] if argument is not None else []
    if argument is not None and verdicts and verdicts[0] is not None and all(v is not None for v in verdicts):
        words = argument.choices[0].words
        if name == "betas":
            words = f"{argument.choices[0].members[:2]!r}"
        message = f"{name} of {fact.short} is {words}, and it raises: write {verdicts[0]}"
        yield at(fact, argument.location, message, (fact.location, "the optimizer"))


def _betas(choice: Choice) -> Optional[str]:
    if choice.kind == "list" and choice.length == 2 == len(choice.members):
        if any(isinstance(m, (int, float)) and not 0 <= m < 1 for m in choice.members):
            return "two floats of 0 or more and below 1"
    return None


def _nesterov(fact: Construction) -> Iterator[Judgement]:
    nesterov = fact.arguments.get("nesterov")
    if nesterov is None or not fact.complete or not _always(fact, nesterov, lambda value: value is True):
        return
    momentum, dampening = fact.arguments.get("momentum"), fact.arguments.get("dampening")
    none = momentum is None or _always(fact, momentum, lambda value: is_number(value) and value == 0)
    damped = dampening is not None and _always(fact, dampening, lambda value: is_number(value) and value != 0)
    if none or damped:
        remedy = "give it a momentum such as 0.9" if none else "leave dampening out"
        trouble = "without momentum" if none else "with dampening"
        message = f"{fact.short} with nesterov=True and {trouble} raises: {remedy}"
        yield at(fact, nesterov.location, message, (fact.location, "the optimizer"))


def _relative_step(fact: Construction) -> Iterator[Judgement]:
    rate, relative = fact.arguments.get("learning_rate"), fact.arguments.get("relative_step")
    if rate is None or not fact.complete:
        return
    given = [choice for choice in rate.choices if fact.can(choice.when)]
    if not given or any(choice.kind == "unknown" or choice.value is None for choice in given if choice.kind in _MAYBE):
        return
    if relative is None or _always(fact, relative, lambda value: value is True):
        message = "nn.AdaFactor with a rate computes its own one, too, and raises: add relative_step=False"
        yield at(fact, rate.location, message, (fact.location, "the optimizer"))


#: Kinds of choices that may be None.
_MAYBE = ("unknown", "constant", "number")


def _always(fact: Construction, argument: Argument, test: Callable[[object], bool]) -> bool:
    """Whether all that the argument can be are constants that pass the test."""
    given = [choice for choice in argument.choices if fact.can(choice.when)]
    return bool(given) and all(choice.kind == "constant" and test(choice.value) for choice in given)
