"""A scheduler that is never stepped.

## What it does
Finds a scheduler of `mindspore.experimental.optim.lr_scheduler` that is built for an optimizer which then trains, and
that nothing steps: its name is not read again, or only to look at the rate.

## Why is this bad?
Nothing is raised. The rate stays where the scheduler's first step left it, for the whole training.

## How MindSpore behaves
A scheduler does nothing by itself: the optimizer does not know it. Four steps of `optim.SGD` with a rate of 0.1 and
gradients of 1 move a parameter by:

- `StepLR(optimizer, 1)`, never stepped: 0.1, 0.1, 0.1, 0.1
- `LinearLR(optimizer)` or `ConstantLR(optimizer)`, never stepped: 0.0333, 0.0333, 0.0333, 0.0333. They lower the rate
  when they are built, and it is never raised again.

The same in MindSpore 2.7.0 and 2.10.0.

## Example
```python
import mindspore as ms
from mindspore import nn, ops
from mindspore.experimental import optim

net = nn.Dense(4, 2)
loss_fn = nn.MSELoss()
optimizer = optim.SGD(net.trainable_params(), lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)

for epoch in range(3):
    loss, grads = grad_fn(ops.ones((2, 4)), ops.zeros((2, 2)))
    optimizer(grads)
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops
from mindspore.experimental import optim

net = nn.Dense(4, 2)
loss_fn = nn.MSELoss()
optimizer = optim.SGD(net.trainable_params(), lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)

for epoch in range(3):
    loss, grads = grad_fn(ops.ones((2, 4)), ops.zeros((2, 2)))
    optimizer(grads)
    scheduler.step()
```

## Fix safety
There is no fix: whether the scheduler is to be stepped after each batch or each epoch is not known.

## Known limits
- Only a scheduler that is bound to one plain name, or to none, is judged, by the function that builds it or by one that
  calls this function. One that is handed on, kept in a list or an attribute, or read in an inner function is left alone.
- The optimizer has to be known, and seen to train. What a module binds at its top may be used by another module: it is
  judged only where the module itself trains.

## References
- mindspore.experimental.optim.lr_scheduler.StepLR:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/lr_scheduler/mindspore.experimental.optim.lr_scheduler.StepLR.html>
- mindspore.experimental.optim.lr_scheduler.LinearLR:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/lr_scheduler/mindspore.experimental.optim.lr_scheduler.LinearLR.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import IdleSchedule
from ms_optim_lint.finding import Severity
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.rules.base import EXPERIMENTAL, MINT, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(83, "ms-scheduler-idle", Severity.WARNING, (IdleSchedule,), families=(EXPERIMENTAL, MINT))
def scheduler_idle(fact: IdleSchedule, settings: Settings) -> Iterator[Judgement]:
    if not catalogue.is_scheduler(fact.name) or fact.construction.optimizer.short == "mint.optim.SGD":
        return
    short = fact.name.rpartition(".")[2]
    remedy = f"call {fact.variable}.step()" if fact.variable else "keep it under a name, and call its step()"
    message = f"Nothing steps this {short}, and the rate never changes: {remedy} in the training loop"
    yield at(fact, fact.location, message, (fact.construction.location, "the optimizer"))
