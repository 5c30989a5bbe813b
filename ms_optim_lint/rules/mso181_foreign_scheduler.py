"""This scheduler or schedule is not for this optimizer.

## What it does
Finds a scheduler of `mindspore.experimental.optim.lr_scheduler` that is given an optimizer of `mindspore.nn`, and a
schedule of `mindspore.nn` (`nn.ExponentialDecayLR`, `nn.CosineDecayLR`, ...) that is given an optimizer. A scheduler that
is given to an optimizer as its rate, or as the `lr` of a group.

## Why is this bad?
The program stops there. MindSpore has two ways to change the rate, and they do not mix. A scheduler of
`experimental.optim` holds an optimizer of its own family and is stepped. A schedule of `nn` knows nothing of the
optimizer: it is built of numbers, and given to the optimizer as its rate.

## How MindSpore behaves
A scheduler with `nn.SGD`:

- `StepLR`, `MultiStepLR`, `ExponentialLR`, `LinearLR`, `ConstantLR`, `PolynomialLR`, `CosineAnnealingLR`: TypeError,
  `SGD is not an Optimizer`
- `ReduceLROnPlateau`: TypeError, ``Expected an `Optimizer`, but got type SGD``
- `LambdaLR`, `MultiplicativeLR`, `CyclicLR`, `CosineAnnealingWarmRestarts`: AttributeError, `The 'SGD' object has no
  attribute 'param_groups'.`

A schedule with an optimizer:

- `nn.ExponentialDecayLR(optimizer, ...)`: TypeError, `For 'ExponentialDecayLR', the 'learning_rate' must be float, but
  got 'SGD'`; the same for `NaturalExpDecayLR`, `InverseDecayLR` and, in other words, `PolynomialDecayLR`
- `nn.CosineDecayLR(optimizer, ...)`, `nn.WarmUpLR(optimizer, ...)`: TypeError, `For 'CosineDecayLR', the argument
  'min_lr' must be type of float, but got ...`

A scheduler as a rate:

- `nn`: TypeError, `For 'Optimizer', the argument 'learning_rate' must be int, float, Tensor, Iterable or
  LearningRateSchedule, but got <class 'mindspore.experimental.optim.lr_scheduler.StepLR'>.`
- `experimental.optim`, `mint.optim`: TypeError, `For 'SGD', the type of 'lr' should be one of '['float', 'int',
  'Tensor']', but got type 'StepLR'.`; `Adamax` and others: `'<=' not supported between instances of 'StepLR' and 'float'`

So it is in 2.7.0 and 2.10.0, and for the schedules in 2.0.0, too.

## Example
```python
from mindspore import nn
from mindspore.experimental import optim

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=30, gamma=0.1)
```

## Use instead
```python
from mindspore import nn
from mindspore.experimental import optim

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = optim.SGD(net.trainable_params(), lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=30, gamma=0.1)
```

## Fix safety
There is no fix: either the optimizer has to be of the other family, or the rate has to be written as a schedule or a
list.

## Known limits
- The optimizer has to be known. An object of the project's own subclass is left alone.
- `SequentialLR`, and own classes of schedulers and schedules, are not judged.
- A schedule that is given to an optimizer of `experimental.optim` as the rate is MSO131.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches TypeError or AttributeError.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.experimental.optim.lr_scheduler.StepLR:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/lr_scheduler/mindspore.experimental.optim.lr_scheduler.StepLR.html>
- mindspore.nn.CosineDecayLR:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.CosineDecayLR.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

from ms_optim_lint.facts import Construction, SchedulerBuilt
from ms_optim_lint.finding import Severity
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.rules.arguments import asked
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

#: Those that were seen to raise.
_SCHEDULERS = frozenset(
    "StepLR LinearLR ExponentialLR PolynomialLR LambdaLR MultiplicativeLR MultiStepLR ConstantLR ReduceLROnPlateau CyclicLR"
    " CosineAnnealingWarmRestarts CosineAnnealingLR".split()
)
_SCHEDULES = frozenset(
    "ExponentialDecayLR NaturalExpDecayLR InverseDecayLR CosineDecayLR PolynomialDecayLR WarmUpLR".split()
)


@rule(
    81, "ms-foreign-scheduler", Severity.ERROR, (SchedulerBuilt, Construction), raises=("TypeError", "AttributeError")
)
def foreign_scheduler(fact: Union[SchedulerBuilt, Construction], settings: Settings) -> Iterator[Judgement]:
    if isinstance(fact, Construction):
        yield from _as_rate(fact, settings)
    else:
        yield from _given_optimizer(fact, settings)


def _as_rate(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    if fact.optimizer.is_wrapper:
        return
    for found in asked(fact, settings, fact.optimizer.rate_keyword, "lr"):
        for choice in found.choices:
            if choice.kind == "scheduler":
                remedy = "give it a number, and step the scheduler in the loop"
                if fact.family == NN:
                    remedy = "write a number, a list with one rate for each step, or a schedule of mindspore.nn"
                message = f"{fact.optimizer.short} is given {choice.words} as {found.where}, and it raises: {remedy}"
                yield at(
                    fact, found.location, message, (choice.location, "the scheduler"), (fact.location, "the optimizer")
                )
                break


def _given_optimizer(fact: SchedulerBuilt, settings: Settings) -> Iterator[Judgement]:
    optimizer = fact.construction.optimizer
    short = fact.name.rpartition(".")[2]
    version = settings.mindspore_version
    if not optimizer.exists(version) or optimizer.is_wrapper or optimizer.is_base:
        return
    if catalogue.is_scheduler(fact.name) and optimizer.family == NN and short in _SCHEDULERS:
        message = (
            f"{short} is for optimizers of mindspore.experimental.optim, and with {optimizer.short} it raises: "
            "give the optimizer a schedule of mindspore.nn or a list as its learning_rate"
        )
    elif catalogue.is_schedule(fact.name) and short in _SCHEDULES:
        rate = optimizer.rate_keyword
        remedy = f"build it of numbers, and give it to the optimizer: {rate}=nn.{short}(...)"
        if optimizer.family != NN:
            remedy = "use a scheduler of mindspore.experimental.optim.lr_scheduler"
        message = f"nn.{short} takes no optimizer and raises: {remedy}"
    else:
        return
    yield at(fact, fact.location, message, (fact.construction.location, "the optimizer"))
