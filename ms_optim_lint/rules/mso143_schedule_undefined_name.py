"""An own schedule or weight decay reads something that nothing defines.

## What it does
Finds attributes of `self`, and names, that the `construct` of an own schedule or weight decay reads and that neither the
class nor its file defines.

## Why is this bad?
The object and the optimizer are built without a word. The first step raises, in the middle of a compilation.

## How MindSpore behaves
MindSpore compiles `construct` as a whole when the first step is run. Measured on 2.0.0, 2.7.0 and 2.10.0, in PyNative mode,
and on 2.10.0 in GRAPH mode too:

- an attribute: AttributeError, `ClassMember: 'Namespace:__main__..<HalfEach::...>' object has no attribute 'learning_rate'`
  (2.7.0 and 2.0.0: `External object has no attribute learning_rate`)
- a name: NameError, `The name 'step_per_epoch' is not defined, or not supported in graph mode.`
- in a branch that hangs on the step and is never taken: the same
- in a branch that hangs on a constant such as `self.flag`: the branch is left out, and nothing is raised

## Example
```python
from mindspore import nn, ops
from mindspore.nn.learning_rate_schedule import LearningRateSchedule


class HalfEach(LearningRateSchedule):
    def __init__(self, lr, steps):
        super().__init__()
        self.lr = lr
        self.steps = steps

    def construct(self, global_step):
        return self.learning_rate * ops.pow(0.5, global_step // self.steps)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=HalfEach(0.1, 100), momentum=0.9)
```

## Use instead
```python
from mindspore import nn, ops
from mindspore.nn.learning_rate_schedule import LearningRateSchedule


class HalfEach(LearningRateSchedule):
    def __init__(self, lr, steps):
        super().__init__()
        self.lr = lr
        self.steps = steps

    def construct(self, global_step):
        return self.lr * ops.pow(0.5, global_step // self.steps)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=HalfEach(0.1, 100), momentum=0.9)
```

## Fix safety
There is no fix: what was meant is a guess.

## Known limits
- An attribute that any method of the class sets, that any code of the file sets on anything, or that may be set by
  `setattr` or through `__dict__`, is taken to be there.
- What is read under a test of a constant, or after one that may return, is not judged; nor is an attribute that only goes
  into a variable that nothing uses.
- A class of which a base is not in sight is left alone. Only a class that is used in sight is judged.
- A file with a star import may have any name.

## References
- Learning Rate and Optimizer, whose own example of a schedule had both mistakes:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.learning_rate_schedule.LearningRateSchedule:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.LearningRateSchedule.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_classes import OwnSchedule, Undefined
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings
from ms_optim_lint.spelling import nearest

#: What is called by several names.
_SAME = (
    frozenset(("lr", "learning_rate", "rate", "base_lr", "init_lr", "initial_lr")),
    frozenset(("weight_decay", "wd", "decay")),
)


@rule(
    43,
    "ms-schedule-undefined-name",
    Severity.ERROR,
    (OwnSchedule,),
    families=(NN,),
    raises=("AttributeError", "NameError"),
)
def schedule_undefined_name(fact: OwnSchedule, settings: Settings) -> Iterator[Judgement]:
    if fact.unready is not None and (fact.unready.name or fact.role):
        return
    if fact.construction is not None and fact.construct is not None and not fact.construct.accepts(1):
        return
    for undefined in fact.undefined:
        shown = f"self.{undefined.name}" if undefined.attribute else undefined.name
        message = (
            f"{shown} is read in {fact.name}, but nothing defines it, so the first step that asks for the value raises: "
            f"{_remedy(undefined)}"
        )
        yield at(fact, undefined.location, message, (fact.location, "here it is used"))


def _remedy(undefined: Undefined) -> str:
    if not undefined.attribute and undefined.name in undefined.known:
        return f"write self.{undefined.name}"
    same = [one for names in _SAME if undefined.name in names for one in undefined.known if one in names]
    near = same[0] if len(same) == 1 else nearest(undefined.name, undefined.known)
    if near is not None:
        return f"write self.{near}"
    if undefined.attribute:
        return f"set self.{undefined.name} in __init__"
    return f"give {undefined.name} to __init__ and keep it in self"
