"""MindSpore cannot compute a rate or a decay with this class.

## What it does
Finds own schedules and own weight decays whose `construct` MindSpore cannot use: there is none (but perhaps a `forward` or a
`get_lr`), it does not take exactly the step, or it returns nothing. A schedule that returns a number as written is found
too. They are judged where one becomes the rate or the decay of an optimizer.

## Why is this bad?
The optimizer is built without a word, and the first step raises. The error speaks of compiled graphs, and not of the class.

## How MindSpore behaves
An optimizer of `nn` calls the schedule, or the decay, with one argument at each step: the number of the step. It compiles
the method `construct` for that. Measured on 2.0.0, 2.7.0 and 2.10.0, in PyNative mode, and on 2.10.0 in GRAPH mode too:

- no `construct` in a schedule: NotImplementedError, with no words of its own, only `The Traceback of Net Construct Code:`
  and places in MindSpore; in a Cell that is a decay: AttributeError, `For 'Cell', the method
  'construct' is not defined` (2.0.0: RuntimeError)
- `construct(self)`: TypeError, `The parameters number of the function is 0, but the number of provided arguments is 1`
- `construct(self, step, epoch)`: TypeError, `The parameters number of the function is 2, ...`
- no result: AttributeError, `'NoneType' object has no attribute 'reshape'` (a decay: TypeError; 2.0.0: RuntimeError)
- `return 0.1` in a schedule: AttributeError, `'Float' object has no attribute 'reshape'`; in a decay it works

## Example
```python
from mindspore import nn, ops
from mindspore.nn.learning_rate_schedule import LearningRateSchedule


class HalfEach(LearningRateSchedule):
    def __init__(self, rate, steps):
        super().__init__()
        self.rate = rate
        self.steps = steps

    def forward(self, global_step):
        return self.rate * ops.pow(0.5, global_step // self.steps)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=HalfEach(0.1, 100), momentum=0.9)
```

## Use instead
```python
from mindspore import nn, ops
from mindspore.nn.learning_rate_schedule import LearningRateSchedule


class HalfEach(LearningRateSchedule):
    def __init__(self, rate, steps):
        super().__init__()
        self.rate = rate
        self.steps = steps

    def construct(self, global_step):
        return self.rate * ops.pow(0.5, global_step // self.steps)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=HalfEach(0.1, 100), momentum=0.9)
```

## Fix safety
There is no fix: what the method has to compute is not known.

## Known limits
- A class of which a base is not in sight, with a decorator or a metaclass, is left alone. So is a `construct` with a decorator.
- More arguments with defaults are fine, and so is a `construct` that is inherited.
- A `construct` that raises is taken to be abstract. Nothing is said of one that returns on some paths only.
- A default rate or decay of which every group has its own is never asked for, and not judged.
- Optimizers of the project's own may ask for the rate in their own way, and are left alone.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
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
    41,
    "ms-schedule-construct",
    Severity.ERROR,
    (OwnSchedule,),
    families=(NN,),
    raises=("NotImplementedError", "AttributeError", "TypeError", "RuntimeError"),
)
def schedule_construct(fact: OwnSchedule, settings: Settings) -> Iterator[Judgement]:
    if fact.construction is None:
        return
    name, thing = fact.name, fact.role.replace("_", " ")
    given = (fact.location, f"here it becomes the {thing}")
    construct = fact.construct
    if construct is None:
        if fact.missing:
            remedy = f"rename '{fact.instead}' to construct" if fact.instead else "write construct(self, global_step)"
            message = f"{name} has no method construct, so the first step with it as the {thing} raises: {remedy}"
            yield at(fact, fact.where, message, given)
    elif not construct.accepts(1):
        count = construct.takes if construct.takes is not None and construct.takes < 1 else construct.needs
        needs = "a keyword" if count > 100 else {0: "no argument"}.get(count, f"{count} arguments")
        message = (
            f"construct of {name} takes {needs} beside self, but as the {thing} it is given the step alone and raises: "
            "write construct(self, global_step)"
        )
        yield at(fact, construct.location, message, given)
    elif not construct.returns:
        message = (
            f"construct of {name} returns nothing, so the first step with it as the {thing} raises: return the {thing}"
        )
        yield at(fact, construct.location, message, given)
    elif construct.number is not None and fact.role == "learning_rate":
        message = (
            f"construct of {name} returns the number {construct.number} where the optimizer needs a Tensor, and the first "
            f"step raises: return Tensor({construct.number}, mindspore.float32)"
        )
        yield at(fact, construct.location, message, given)
