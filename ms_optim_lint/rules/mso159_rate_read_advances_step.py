"""In old releases, looking at a rate that changes by itself moves it on.

## What it does
Finds `optimizer.get_lr()` in the loop that makes the steps, where the rate is a list, a tensor or a schedule, for MindSpore
before 2.2.

## Why is this bad?
Nothing fails. `get_lr()` counts a step in these releases. If it is called in each pass, to show the rate, the training
uses every second rate only, and is at the end of a schedule when it is half done.

## How MindSpore behaves
SGD with the rates 0.1, 0.2, 0.3, ...: the first three steps are by 0.1, 0.2 and 0.3. With a `get_lr()` before each of them they
are by 0.2, 0.4 and 0.6. The same with a tensor, and a `PolynomialDecayLR` goes on by two steps, too. So it is in 2.0.0.
In 2.7.0 `get_lr()` moves nothing. Another project dates the change to 2.2.

## Example
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
loss_fn = nn.MSELoss()
rates = nn.cosine_decay_lr(0.001, 0.1, total_step=100, step_per_epoch=10, decay_epoch=10)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=rates, momentum=0.9)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)

for step in range(3):
    loss, grads = grad_fn(ops.ones((2, 4)), ops.zeros((2, 2)))
    optimizer(grads)
    print(step, optimizer.get_lr())
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
loss_fn = nn.MSELoss()
rates = nn.cosine_decay_lr(0.001, 0.1, total_step=100, step_per_epoch=10, decay_epoch=10)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=rates, momentum=0.9)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)

for step in range(3):
    loss, grads = grad_fn(ops.ones((2, 4)), ops.zeros((2, 2)))
    optimizer(grads)
    print(step, rates[step])
```

## Fix safety
There is no fix: what to show instead depends on the rate.

## Known limits
- Of 2.1 nothing could be run. It is taken for 2.0.
- Steps that are made out of sight are not known.
- Own subclasses are left alone.

## References
- mindspore.nn.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.1/api_python/nn/mindspore.nn.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import RateAsked
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(59, "ms-rate-read-advances-step", Severity.WARNING, (RateAsked,), families=(NN,), before=(2, 2))
def rate_read_advances_step(fact: RateAsked, settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction
    if fact.can(construction.moving_rate()):
        message = (
            f"{fact.text} counts a step of this {construction.short} in MindSpore before 2.2, so the training skips "
            "rates: compute the rate to show from the list or schedule itself"
        )
        yield at(fact, fact.location, message, (construction.location, "the optimizer"))
