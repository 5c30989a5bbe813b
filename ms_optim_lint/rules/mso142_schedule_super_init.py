"""An own schedule or weight decay does not initialise its base class in time.

## What it does
Finds an own schedule, or an own Cell that is used as weight decay, whose `__init__` never calls `super().__init__()`, or
sets a Cell, a Parameter or an operator of `mindspore.ops` before it does.

## Why is this bad?
The program stops where the object is built, or where the optimizer is given it.

## How MindSpore behaves
A Cell keeps lists of its Cells, Parameters and operators, and `Cell.__init__` makes them. Measured on 2.0.0, 2.7.0 and
2.10.0:

- `self.warmup = nn.WarmUpLR(...)` too early: AttributeError, `The 'Warm' object has no attribute '_auto_prefix'` (2.0.0: `For
  'Cell', can not assign cells before Cell.__init__() is called.`)
- a Parameter: AttributeError, `For 'insert_param_to_cell', please call Cell.__init__() firstly.`
- an operator: AttributeError, `The 'Warm' object has no attribute '_primitives'`
- nothing of that kind, and no `super().__init__()` at all: AttributeError where the optimizer is built, `The 'Momentum'
  object does not inherit attribute from 'cell'. Please use 'super().__init__()'` (2.0.0: TypeError where the object is built)
- numbers that are set before `super().__init__()`: fine

## Example
```python
from mindspore import nn
from mindspore.nn.learning_rate_schedule import LearningRateSchedule


class Warm(LearningRateSchedule):
    def __init__(self, rate, steps):
        self.warmup = nn.WarmUpLR(rate, steps)
        super().__init__()

    def construct(self, global_step):
        return self.warmup(global_step)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=Warm(0.1, 100), momentum=0.9)
```

## Use instead
```python
from mindspore import nn
from mindspore.nn.learning_rate_schedule import LearningRateSchedule


class Warm(LearningRateSchedule):
    def __init__(self, rate, steps):
        super().__init__()
        self.warmup = nn.WarmUpLR(rate, steps)

    def construct(self, global_step):
        return self.warmup(global_step)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=Warm(0.1, 100), momentum=0.9)
```

## Fix safety
There is no fix: what the arguments of `super().__init__()` are is not always clear.

## Known limits
- Only a class that is used in sight is judged, and whose bases are all in sight.
- An `__init__` that calls the base class in any way, or a method of its own that may, is taken to initialise it.
- What an attribute is set to is known for calls only: `self.warmup = nn.WarmUpLR(...)`.

## References
- mindspore.nn.Cell:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.Cell.html>
- mindspore.nn.learning_rate_schedule.LearningRateSchedule:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.LearningRateSchedule.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_classes import OwnSchedule
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(
    42,
    "ms-schedule-super-init",
    Severity.ERROR,
    (OwnSchedule,),
    families=(NN,),
    raises=("AttributeError", "TypeError"),
)
def schedule_super_init(fact: OwnSchedule, settings: Settings) -> Iterator[Judgement]:
    unready = fact.unready
    if unready is None:
        return
    if unready.name:
        message = (
            f"__init__ of {unready.of} sets self.{unready.name} to {unready.what} before its base class is initialised, and "
            "raises: call super().__init__() first"
        )
    elif fact.role:
        message = (
            f"__init__ of {unready.of} never calls super().__init__(), so the optimizer that is given it raises: call "
            "super().__init__() first"
        )
    else:
        return
    yield at(fact, unready.location, message, (fact.location, "here it is used"))
