"""A schedule or a list of rates is no scheduler that is stepped.

## What it does
Finds `.step()`, `.get_last_lr()`, `.get_lr()` and `.print_lr()` of a schedule of `mindspore.nn`
(`nn.CosineDecayLR(...)`, an own `LearningRateSchedule`) and of a list of rates (`nn.cosine_decay_lr(...)`, a list that
an optimizer was given as its rate).

## Why is this bad?
The program stops there, often after the first epoch. A schedule or a list is given to the optimizer once; the optimizer
counts the steps and takes the rate of each by itself. Only the schedulers of `mindspore.experimental.optim` are stepped.

## How MindSpore behaves
- a schedule: AttributeError, `The 'CosineDecayLR' object has no attribute 'step'.`
- a list: AttributeError, `'list' object has no attribute 'step'`

The same in MindSpore 2.0.0, 2.7.0 and 2.10.0.

## Example
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.Dense(4, 2)
loss_fn = nn.MSELoss()
scheduler = nn.CosineDecayLR(min_lr=0.01, max_lr=0.1, decay_steps=10)
optimizer = nn.SGD(net.trainable_params(), learning_rate=scheduler)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)

for epoch in range(3):
    loss, grads = grad_fn(ops.ones((2, 4)), ops.zeros((2, 2)))
    optimizer(grads)
    scheduler.step()
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.Dense(4, 2)
loss_fn = nn.MSELoss()
scheduler = nn.CosineDecayLR(min_lr=0.01, max_lr=0.1, decay_steps=10)
optimizer = nn.SGD(net.trainable_params(), learning_rate=scheduler)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)

for epoch in range(3):
    loss, grads = grad_fn(ops.ones((2, 4)), ops.zeros((2, 2)))
    optimizer(grads)
    print(optimizer.get_lr())
```

## Fix safety
There is no fix: decay steps may have been counted in epochs, and have to be counted in steps then.

## Known limits
- The schedule or list has to be known. An own schedule that has such a method, inherits from something unknown, or
  sets it anywhere, is left alone.
- Behind `hasattr(...)` or `getattr(..., default)` nothing is said, nor inside `pytest.raises` or a `try` that catches
  AttributeError.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.CosineDecayLR:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.CosineDecayLR.html>
- mindspore.experimental.optim.lr_scheduler.StepLR:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/lr_scheduler/mindspore.experimental.optim.lr_scheduler.StepLR.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import ScheduleUse
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(82, "ms-scheduler-step", Severity.ERROR, (ScheduleUse,), raises=("AttributeError",))
def scheduler_step(fact: ScheduleUse, settings: Settings) -> Iterator[Judgement]:
    if fact.name in ("state_dict", "load_state_dict"):
        return  # the state is MSO191
    remedy = "read the rate with optimizer.get_lr()"
    if fact.name == "step":
        remedy = "leave it out, the optimizer takes the rate of each step by itself"
    yield at(fact, fact.location, f"{fact.text}: {fact.what} has no '{fact.name}', and this raises: {remedy}")
