"""A schedule that leaves the rate constant.

## What it does
Finds the result of calling a schedule, `nn.CosineDecayLR(...)(step)`, that is given to an optimizer as its rate, and a
schedule or a list of rates of `mindspore.nn` that nothing reads, while the optimizer beside it is built with one number.

## Why is this bad?
Nothing is raised. The whole training runs with one rate, as if there were no schedule.

## How MindSpore behaves
Calling a schedule gives a tensor with the rate of that step. Four steps of `nn.SGD` with gradients of 1 move a parameter
by:

- `learning_rate=schedule(Tensor(0))`, with `schedule = nn.CosineDecayLR(0.01, 0.1, 4)`: 0.1, 0.1, 0.1, 0.1
- `learning_rate=schedule`: 0.1, 0.0868, 0.055, 0.0232

The same in MindSpore 2.0.0, 2.7.0 and 2.10.0. A step that is a plain number, `schedule(0)`, raises TypeError in 2.0.0.

## Example
```python
import mindspore as ms
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
schedule = nn.CosineDecayLR(min_lr=0.01, max_lr=0.1, decay_steps=4)
step = ms.Tensor(0, ms.int32)
optimizer = nn.SGD(net.trainable_params(), learning_rate=schedule(step))
```

## Use instead
```python
import mindspore as ms
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
schedule = nn.CosineDecayLR(min_lr=0.01, max_lr=0.1, decay_steps=4)
step = ms.Tensor(0, ms.int32)
optimizer = nn.SGD(net.trainable_params(), learning_rate=schedule)
```

## Fix safety
There is no fix.

## Known limits
- A call with a step that comes from elsewhere is left alone, and so is an optimizer that is built in a loop: the program
  may build one for each stage. Where the file assigns to a rate (`ops.assign`), what the schedule gives may be the first
  rate only, and nothing is said.
- Own schedules and own functions for rates are not judged.
- An unused schedule is judged only where it is bound to a plain name of a function or script that builds optimizers of
  `mindspore.nn` with known numbers only, and trains one of them.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.CosineDecayLR:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.CosineDecayLR.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

from ms_optim_lint.facts import Construction, IdleSchedule
from ms_optim_lint.finding import Severity
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.rules.arguments import asked
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(34, "ms-constant-rate", Severity.WARNING, (Construction, IdleSchedule), families=(NN,))
def constant_rate(fact: Union[Construction, IdleSchedule], settings: Settings) -> Iterator[Judgement]:
    if isinstance(fact, IdleSchedule):
        if not catalogue.is_scheduler(fact.name):
            short = fact.name.rpartition(".")[2]
            rate = fact.construction.optimizer.rate_keyword
            message = (
                f"No optimizer is given what this nn.{short} gives, and the rate never changes: write {rate}="
                f"{fact.variable or '...'}"
            )
            yield at(fact, fact.location, message, (fact.construction.location, "the optimizer"))
        return
    optimizer = fact.optimizer
    refused = optimizer.refuses(settings.mindspore_version)
    if fact.loops or fact.assigned or optimizer.is_wrapper or "rate:schedule" in refused or "rate:tensor" in refused:
        return
    for found in asked(fact, settings, optimizer.rate_keyword, "lr"):
        for choice in found.choices:
            if choice.called:
                message = (
                    f"{found.where} of {fact.short} is the rate that {choice.called} gives for one step, and never "
                    "changes: give the schedule itself"
                )
                yield at(fact, found.location, message, (choice.location, "the call"), (fact.location, "the optimizer"))
                break
