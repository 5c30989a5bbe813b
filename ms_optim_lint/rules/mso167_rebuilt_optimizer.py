"""An optimizer that is built anew before each step forgets all that it should remember.

## What it does
Finds an optimizer that is built and called in the same pass of a loop, for a network that is older than the loop.

## Why is this bad?
Momentum, moments and the count of steps start at zero each time: Momentum trains like plain SGD, and a schedule stays
at its first rate.

## How MindSpore behaves
Measured on CPU with 2.0.0, 2.7.0 and 2.10.0, three steps with gradient 1 and rate 0.1: Momentum built once moves a
parameter by 0.1, 0.19 and 0.271; built before each step, by 0.1, 0.1 and 0.1. Adagrad: 0.0953, 0.0691, 0.0567, and
0.0953 each time.

## Example
```python
import mindspore as ms
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Dense(4, 4)
        self.head = nn.Dense(4, 4)

    def construct(self, x):
        return self.head(self.backbone(x))


net = Net()
loss_fn = nn.MSELoss()
x, y = ms.ops.ones((2, 4)), ms.ops.zeros((2, 4))


def forward(x, y):
    return loss_fn(net(x), y)


for epoch in range(20):
    optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.01, momentum=0.9)
    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
    loss, grads = grad_fn(x, y)
    optimizer(grads)
```

## Use instead
```python
import mindspore as ms
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Dense(4, 4)
        self.head = nn.Dense(4, 4)

    def construct(self, x):
        return self.head(self.backbone(x))


net = Net()
loss_fn = nn.MSELoss()
x, y = ms.ops.ones((2, 4)), ms.ops.zeros((2, 4))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.01, momentum=0.9)


def forward(x, y):
    return loss_fn(net(x), y)


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
for epoch in range(20):
    loss, grads = grad_fn(x, y)
    optimizer(grads)
```

## Fix safety
There is no fix: moving the construction out of the loop is for you to do. To change the rate, use a schedule or
`ops.assign`.

## Known limits
- Plain SGD without momentum remembers nothing and is not reported.
- A step in an inner loop, as in cross-validation or a new optimizer for each epoch, is not reported.
- A loop over numbers, texts or classes that are written out tries several settings, and is not reported.
- An optimizer that is built in some passes only (`if optimizer is None`, `if epoch == 0`) is not reported.

## References
- mindspore.value_and_grad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.value_and_grad.html>
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_training import RebuiltOptimizer
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.rules.steps import remembers
from ms_optim_lint.settings import Settings


@rule(67, "ms-rebuilt-optimizer", Severity.WARNING, (RebuiltOptimizer,))
def rebuilt_optimizer(fact: RebuiltOptimizer, settings: Settings) -> Iterator[Judgement]:
    if remembers(fact.construction, settings):
        message = (
            f"{fact.construction.short} is built anew before each step of this loop and forgets what it learned of "
            "earlier steps: build it once, before the loop"
        )
        yield at(fact, fact.construction.location, message, (fact.location, "the step"))
