"""A checkpoint of an optimizer brings its old rate back.

## What it does
Finds `load_param_into_net(optimizer, ...)` and `load_checkpoint(..., optimizer)` where the program has just given the
optimizer another rate: by `ops.assign` before it, or by a number that it chooses only where it resumes.

## Why is this bad?
Nothing fails. The rate is a Parameter of the optimizer, and the checkpoint holds it. The training goes on with the old
rate.

## How MindSpore behaves
An optimizer of `nn` built with 0.001 has the rate 0.1 after a checkpoint of one with 0.1 was loaded, and steps with it
(2.0.0, 2.7.0 and 2.10.0, CPU). A schedule is not saved. A list of rates is: loaded into a list of another length, or into
one number, it raises RuntimeError, `learning_rate in the argument 'net' should have the same shape as learning_rate in
the argument 'parameter_dict'`. Optimizers of `experimental.optim` save no rate.

## Example
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
ms.save_checkpoint(optimizer, "optimizer.ckpt")


def resume(new_rate):
    ops.assign(optimizer.learning_rate, ms.Tensor(new_rate, ms.float32))
    ms.load_param_into_net(optimizer, ms.load_checkpoint("optimizer.ckpt"))


resume(0.01)
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
ms.save_checkpoint(optimizer, "optimizer.ckpt")


def resume(new_rate):
    ms.load_param_into_net(optimizer, ms.load_checkpoint("optimizer.ckpt"))
    ops.assign(optimizer.learning_rate, ms.Tensor(new_rate, ms.float32))


resume(0.01)
```

## Fix safety
There is no fix: which rate is meant is for the program to say.

## Known limits
- The rule is a preview: what is in the checkpoint cannot be known. The program may have taken the rate out of it.
- Where the rate is assigned to after the checkpoint was loaded, nothing is said.
- Only rates that are one number are judged, and only without rates of groups.

## References
- mindspore.load_param_into_net:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.load_param_into_net.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import RateLoaded
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(93, "ms-checkpoint-rate", Severity.WARNING, (RateLoaded,), families=(NN,), preview=True)
def checkpoint_rate(fact: RateLoaded, settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction
    if fact.can(construction.group_rate()) or construction.has_open_groups() or fact.can(construction.moving_rate()):
        return
    if fact.can(fact.changed) or _chosen_for_resuming(fact):
        message = (
            f"{fact.text} brings the old rate of this {construction.short} back: write ops.assign to its "
            "learning_rate after it"
        )
        yield at(fact, fact.location, message, (construction.location, "the optimizer"))


def _chosen_for_resuming(fact: RateLoaded) -> bool:
    """Whether the optimizer has one rate where the checkpoint is loaded, and another one elsewhere."""
    rate = fact.construction.arguments.get(fact.construction.optimizer.rate_keyword)
    numbers = (
        [c for c in rate.choices if c.kind == "constant" and isinstance(c.value, float)] if rate is not None else []
    )
    here = {choice.value for choice in numbers if fact.can(choice.when)}
    built = {choice.value for choice in numbers if fact.construction.can(choice.when)}
    return bool(here and built - here)
