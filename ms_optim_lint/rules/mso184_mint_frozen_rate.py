"""The rate of mint.optim.SGD does not change.

## What it does
Finds a scheduler that is given an optimizer `mint.optim.SGD`, an `ops.assign` to the rate of one of its groups, and a
group of it with a rate of 0.0.

## Why is this bad?
Nothing is raised. Each step is made with the rate that the optimizer was built with, while reading the rate back shows
the new one. A group with `'lr': 0.0`, which is to stand still, is trained with the default rate.

## How MindSpore behaves
`mint.optim.SGD` keeps the number that it was given in `lr_float` and steps with that. A group gets a number of its own
only where its `lr` is not 0. (`mindspore/mint/optim/sgd.py`, the same in 2.7.0 and 2.10.0.) Steps with gradients of 1
move a parameter by, in MindSpore 2.10.0 in GRAPH mode:

- a rate of 0.1 and `StepLR(optimizer, 1, 0.5)`: 0.1, 0.1, 0.1; with `experimental.optim.SGD`: 0.1, 0.05, 0.025
- `ops.assign(optimizer.param_groups[0]['lr'], 0.01)` after the first step: 0.1, 0.1; with `experimental.optim.SGD`:
  0.1, 0.01
- a group with `'lr': 0.0` beside a default of 0.1: 0.1; with `experimental.optim.SGD`: 0.0

Measured on CPU, where PyNative mode moves nothing at all. MindSpore documents `mint.optim` for Ascend only.

## Example
```python
import mindspore as ms
from mindspore import mint, nn
from mindspore.experimental import optim

ms.set_context(mode=ms.GRAPH_MODE)
net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = mint.optim.SGD(net.trainable_params(), lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
scheduler.step()
```

## Use instead
```python
import mindspore as ms
from mindspore import mint, nn
from mindspore.experimental import optim

ms.set_context(mode=ms.GRAPH_MODE)
net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = optim.SGD(net.trainable_params(), lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
scheduler.step()
```

## Fix safety
There is no fix.

## Known limits
- Only `mint.optim.SGD` is judged: the rates of `mint.optim.Adam` and `AdamW` were not seen to stand still.
- The optimizer has to be known. Own subclasses are left alone.

## References
- mindspore.mint.optim.SGD:
  <https://www.mindspore.cn/docs/en/r2.7.0/api_python/mint/mindspore.mint.optim.SGD.html>
- mindspore.experimental.optim.lr_scheduler.StepLR:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/lr_scheduler/mindspore.experimental.optim.lr_scheduler.StepLR.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

from ms_optim_lint.facts import Construction, GroupRateAssigned, SchedulerBuilt
from ms_optim_lint.finding import Severity
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.rules.arguments import asked, is_number
from ms_optim_lint.rules.base import MINT, Judgement, at, rule
from ms_optim_lint.settings import Settings

_INSTEAD = "use experimental.optim.SGD, whose rate can be changed"


@rule(
    84,
    "ms-mint-frozen-rate",
    Severity.WARNING,
    (SchedulerBuilt, GroupRateAssigned, Construction),
    families=(MINT,),
    since=(2, 7, 0),
)
def mint_frozen_rate(
    fact: Union[SchedulerBuilt, GroupRateAssigned, Construction], settings: Settings
) -> Iterator[Judgement]:
    construction = fact if isinstance(fact, Construction) else fact.construction
    if construction.optimizer.short != "mint.optim.SGD" or construction.own:
        return
    if isinstance(fact, SchedulerBuilt):
        if catalogue.is_scheduler(fact.name):
            short = fact.name.rpartition(".")[2]
            message = f"mint.optim.SGD steps with the rate it was built with, whatever {short} does: {_INSTEAD}"
            yield at(fact, fact.location, message, (construction.location, "the optimizer"))
    elif isinstance(fact, GroupRateAssigned):
        message = f"mint.optim.SGD does not look at {fact.text} again, and the assigned rate is not used: {_INSTEAD}"
        yield at(fact, fact.location, message, (construction.location, "the optimizer"))
    else:
        for found in asked(fact, settings, construction.optimizer.rate_keyword, "lr"):
            values = [choice.value for choice in found.choices if choice.kind == "constant"]
            if found.grouped and values and len(values) == len(found.choices):
                if all(is_number(value) and value == 0 for value in values):
                    message = "mint.optim.SGD trains a group with a rate of 0 with its default rate: leave these parameters out"
                    yield at(fact, found.location, message, (fact.location, "the optimizer"))
