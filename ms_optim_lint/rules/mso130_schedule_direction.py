"""A schedule that runs the wrong way.

## What it does
Finds arguments of schedules that MindSpore takes, and that turn the schedule round or drop a part of it:

- a `decay_rate` above 1 of `nn.exponential_decay_lr` and `nn.ExponentialDecayLR`;
- an `end_learning_rate` above the `learning_rate` of `nn.polynomial_decay_lr` and `nn.PolynomialDecayLR`;
- two equal milestones of `nn.piecewise_constant_lr`;
- a `base_lr` above the `max_lr` of `CyclicLR`, and an `eta_min` of `CosineAnnealingLR` or `CosineAnnealingWarmRestarts`
  above the rate of the optimizer;
- a negative `gamma` of `StepLR`, `MultiStepLR` and `ExponentialLR`.

## Why is this bad?
Nothing is raised. The rate grows where it should fall, one of the rates is never used, or the rate is below 0 and the
loss is made larger.

## How MindSpore behaves
Steps of SGD with gradients of 1 move a parameter by:

- `nn.ExponentialDecayLR(0.1, 1.5, 1)`: 0.1, 0.15, 0.225, 0.3375; the same with `nn.exponential_decay_lr`
- `nn.polynomial_decay_lr(0.01, 0.1, 4, 1, 4, 1.0)`: 0.01, 0.0325, 0.055, 0.0775
- `nn.piecewise_constant_lr([2, 2, 4], [0.1, 0.05, 0.01])`: 0.1, 0.1, 0.01, 0.01
- `CosineAnnealingLR(optimizer, 4, 1.0)` and a rate of 0.1: 0.1, 0.2318, 0.55, 0.8682, 1.0
- `CyclicLR(optimizer, 0.1, 0.01, step_size_up=2)`: 0.1, 0.055, 0.01, 0.055, 0.1
- `StepLR(optimizer, 2, -0.5)`: 0.1, 0.1, -0.05, -0.05, 0.025

The same in MindSpore 2.0.0, 2.7.0 and 2.10.0 (the schedulers 2.7.0 and 2.10.0). `nn.cosine_decay_lr` and
`nn.CosineDecayLR` refuse swapped limits: that is MSO137.

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
schedule = nn.PolynomialDecayLR(learning_rate=0.01, end_learning_rate=0.1, decay_steps=100, power=0.5)
optimizer = nn.SGD(net.trainable_params(), learning_rate=schedule)
```

## Use instead
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
schedule = nn.PolynomialDecayLR(learning_rate=0.1, end_learning_rate=0.01, decay_steps=100, power=0.5)
optimizer = nn.SGD(net.trainable_params(), learning_rate=schedule)
```

## Fix safety
There is no fix: which of the numbers is wrong is not known.

## Known limits
- Both numbers must be constants, and all that they can be.
- A `gamma` above 1 is not reported: it is how a range of rates is tried out. Nor is a schedule that begins at 1e-5 or
  less: it is meant to grow.
- A rate of the optimizer that its groups set is not compared with `eta_min`.

## References
- mindspore.nn.PolynomialDecayLR:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.PolynomialDecayLR.html>
- mindspore.nn.piecewise_constant_lr:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.piecewise_constant_lr.html>
- mindspore.experimental.optim.lr_scheduler.CosineAnnealingLR:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/lr_scheduler/mindspore.experimental.optim.lr_scheduler.CosineAnnealingLR.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Optional, Union

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.facts import Argument, ScheduleCall
from ms_optim_lint.finding import Severity
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.rules.arguments import is_number
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings

Number = Union[int, float]

#: The two limits of a schedule, the lower one first.
_LIMITS = {
    "nn.polynomial_decay_lr": ("end_learning_rate", "learning_rate"),
    "nn.PolynomialDecayLR": ("end_learning_rate", "learning_rate"),
    "CyclicLR": ("base_lr", "max_lr"),
}
_EXPONENTIAL = ("nn.exponential_decay_lr", "nn.ExponentialDecayLR")
_COSINE = ("CosineAnnealingLR", "CosineAnnealingWarmRestarts")
_WITH_GAMMA = ("StepLR", "MultiStepLR", "ExponentialLR")
#: Who begins below this rate means it to grow.
_SMALL = 1e-5


@rule(30, "ms-schedule-direction", Severity.WARNING, (ScheduleCall,))
def schedule_direction(fact: ScheduleCall, settings: Settings) -> Iterator[Judgement]:
    short = fact.short
    if catalogue.exists(fact.name, settings.mindspore_version) is not True:
        return
    if short in _EXPONENTIAL:
        rate = _number(fact, fact.arguments.get("decay_rate"))
        if rate is not None and rate > 1 and not _begins_small(fact):
            message = f"{short} with a decay_rate of {rate} makes the rate grow at each step: write one below 1"
            yield at(fact, fact.arguments["decay_rate"].location, message)
    elif short in _LIMITS:
        low, high = _LIMITS[short]
        below, above = (_number(fact, fact.arguments.get(name)) for name in (low, high))
        if below is not None and above is not None and below > above and not _begins_small(fact):
            way = "first falls and then rises" if short == "CyclicLR" else "rises"
            message = f"{low}={below} of {short} is above {high}={above}, and the rate {way}: swap the two"
            yield at(fact, fact.arguments[low].location, message, (fact.arguments[high].location, high))
    elif short in _COSINE:
        yield from _above_rate(fact)
    elif short in _WITH_GAMMA:
        gamma = _number(fact, fact.arguments.get("gamma"))
        if gamma is not None and gamma < 0 and isinstance(gamma, float):
            message = f"{short} with a gamma of {gamma} makes the rate negative, and the loss grows: write one above 0"
            yield at(fact, fact.arguments["gamma"].location, message)
    elif short == "nn.piecewise_constant_lr":
        yield from _equal_milestones(fact)


def _number(fact: ScheduleCall, argument: Optional[Argument]) -> Optional[Number]:
    """The only number that an argument can be."""
    choices = [choice for choice in argument.choices if fact.can(choice.when)] if argument is not None else []
    value = choices[0].value if len(choices) == 1 and choices[0].kind == "constant" else None
    return value if isinstance(value, (int, float)) and is_number(value) else None


def _begins_small(fact: ScheduleCall) -> bool:
    first = _number(fact, fact.arguments.get("learning_rate"))
    return first is not None and first <= _SMALL


def _above_rate(fact: ScheduleCall) -> Iterator[Judgement]:
    optimizer = fact.optimizer
    lowest = _number(fact, fact.arguments.get("eta_min"))
    if optimizer is None or lowest is None or optimizer.family == "nn" or not optimizer.complete:
        return
    given = optimizer.arguments.get(optimizer.optimizer.rate_keyword)
    rate = _number(fact, given)
    if given is None or rate is None or rate >= lowest or optimizer.group_rate() != NEVER:
        return
    unseen = any(params.kind == "unknown" or params.open for params in optimizer.params if params.kind != "list")
    if unseen or optimizer.has_open_groups():
        return  # there may be groups with a rate of their own
    message = (
        f"eta_min={lowest} of {fact.short} is above the optimizer's rate {rate}, and the rate rises: write a lower one"
    )
    yield at(fact, fact.arguments["eta_min"].location, message, (given.location, "the rate"))


def _equal_milestones(fact: ScheduleCall) -> Iterator[Judgement]:
    argument = fact.arguments.get("milestone")
    choices = [choice for choice in argument.choices if fact.can(choice.when)] if argument is not None else []
    if argument is None or len(choices) != 1 or choices[0].length != len(choices[0].members):
        return
    members: list[Any] = list(choices[0].members)
    if any(type(member) is not int for member in members) or members != sorted(members):
        return
    for number, (one, other) in enumerate(zip(members, members[1:])):
        if one == other:
            message = (
                f"Milestones {number + 1} and {number + 2} of nn.piecewise_constant_lr are both {one}, and rate "
                f"{number + 2} is never used: write the step at which each rate ends"
            )
            yield at(fact, argument.location, message)
            return
