"""Gradients in another order than the optimizer holds its parameters go to the wrong ones.

## What it does
Finds an optimizer with groups whose gradients are computed for the same parameters in another order. The finding is at
the weights that the gradient function is given.

## Why is this bad?
Nothing is raised where the shapes are the same: each parameter is moved by the gradient of another one.

## How MindSpore behaves
An optimizer with groups holds its parameters group after group (`optimizer.parameters`), or in the order of
`order_params`. Gradients have no names: the first gradient goes to the first parameter. Measured on CPU with 2.0.0,
2.7.0 and 2.10.0, with `nn.SGD` at rate 0.1 (`experimental.optim.SGD`: the same on 2.7.0 and 2.10.0):

- two parameters `a` and `b` of equal shape with gradients 1 and 2, groups in the order `b`, `a`, gradients of
  `net.trainable_params()`: `a` moves by 0.2 and `b` by 0.1; with `optimizer.parameters`, or with `order_params`, `a`
  moves by 0.1 and `b` by 0.2;
- where shapes differ the step raises, in words that depend on the optimizer: for `nn.Momentum` ValueError, `For
  primitive[ApplyMomentum], the gradient_shape must be equal to variable_shape ...`.

`nn.TrainOneStepCell` and `Model` take the gradients of `optimizer.parameters`: there the order is right.

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
groups = [{"params": net.head.trainable_params(), "lr": 0.1}, {"params": net.backbone.trainable_params()}]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)


def forward(x, y):
    return loss_fn(net(x), y)


grad_fn = ms.value_and_grad(forward, None, net.trainable_params())
x, y = ms.ops.ones((2, 4)), ms.ops.zeros((2, 4))
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
order = {"order_params": net.trainable_params()}
groups = [{"params": net.head.trainable_params(), "lr": 0.1}, {"params": net.backbone.trainable_params()}, order]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)


def forward(x, y):
    return loss_fn(net(x), y)


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
x, y = ms.ops.ones((2, 4)), ms.ops.zeros((2, 4))
loss, grads = grad_fn(x, y)
optimizer(grads)
```

## Fix safety
The fix writes `optimizer.parameters` as the weights. It is safe where these are the same parameters in another order, and
unsafe where they are others. There is no fix where the optimizer is built after the gradient function, in another function, or
is kept under a name that is set more than once.

## Known limits
- Both orders have to be known: the network must be in sight, and so must what each group holds.
- Gradients are followed through clipping, `HyperMap`, reducers, loss scalers of `mindspore.amp` and comprehensions, and
  through functions of the project. After anything else they are unknown.

## References
- mindspore.value_and_grad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.value_and_grad.html>
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_training import OptimizerCall
from ms_optim_lint.finding import Applicability, Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.rules.repairs_steps import take_parameters_of
from ms_optim_lint.rules.steps import compared
from ms_optim_lint.settings import Settings


@rule(62, "ms-gradient-order", Severity.WARNING, (OptimizerCall,), silences=("ms-missing-order-params",))
def gradient_order(fact: OptimizerCall, settings: Settings) -> Iterator[Judgement]:
    for step, gradients in compared(fact, "order", "other"):
        other = "in another order" if gradients.relation == "order" else "of other parameters"
        message = (
            f"These gradients come {other} than {fact.text} holds: each one moves another parameter, or the step raises; "
            f"take the gradients of {fact.text}.parameters"
        )
        where = (step.location, "the step"), (fact.construction.location, "the optimizer")
        applicability = Applicability.SAFE if gradients.relation == "order" else Applicability.UNSAFE
        fix = take_parameters_of(gradients.location, fact.construction.location, applicability)
        yield at(fact, gradients.location, message, *where, fix=fix)
