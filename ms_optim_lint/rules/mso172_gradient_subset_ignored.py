"""Gradients of more parameters than an experimental optimizer holds land on the wrong ones.

## What it does
Finds an optimizer of `experimental.optim` or `mint.optim` that gets the gradients of more parameters than it holds. The
finding is at the weights that the gradient function is given.

## Why is this bad?
Nothing is raised. The first gradients are used, whatever parameters they belong to, and the others are dropped.

## How MindSpore behaves
Measured on CPU with 2.7.0 and 2.10.0: a network with parameters `a` and `b` of equal shape and gradients 1 and 2,
`experimental.optim.SGD` over `b` alone with rate 0.1, gradients of `net.trainable_params()`: `b` moves by 0.1, with the
gradient of `a`; right is 0.2. Where shapes differ the step raises.

An optimizer of `mindspore.nn` raises: that is MSO163.

## Example
```python
import mindspore as ms
from mindspore import nn
from mindspore.experimental import optim


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
optimizer = optim.SGD(net.head.trainable_params(), lr=0.01)


def forward(x, y):
    return loss_fn(net(x), y)


grad_fn = ms.value_and_grad(forward, None, net.trainable_params())
loss, grads = grad_fn(x, y)
optimizer(grads)
```

## Use instead
```python
import mindspore as ms
from mindspore import nn
from mindspore.experimental import optim


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
optimizer = optim.SGD(net.head.trainable_params(), lr=0.01)


def forward(x, y):
    return loss_fn(net(x), y)


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
loss, grads = grad_fn(x, y)
optimizer(grads)
```

## Fix safety
There is no fix: what the optimizer should train is for you to say. `optimizer.parameters` as the weights always fits.

## Known limits
- Both sides have to be known: the network must be in sight, and so must what the optimizer is given.

## References
- mindspore.value_and_grad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.value_and_grad.html>
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_training import OptimizerCall
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import EXPERIMENTAL, MINT, Judgement, at, rule
from ms_optim_lint.rules.steps import compared
from ms_optim_lint.settings import Settings


@rule(72, "ms-gradient-subset-ignored", Severity.WARNING, (OptimizerCall,), families=(EXPERIMENTAL, MINT))
def gradient_subset_ignored(fact: OptimizerCall, settings: Settings) -> Iterator[Judgement]:
    for step, gradients in compared(fact, "more"):
        message = (
            f"These gradients are of more parameters than {fact.text} holds: it takes the first ones, whatever they belong to, "
            f"and nothing is raised; take the gradients of {fact.text}.parameters"
        )
        where = (step.location, "the step"), (fact.construction.location, "the optimizer")
        yield at(fact, gradients.location, message, *where)
