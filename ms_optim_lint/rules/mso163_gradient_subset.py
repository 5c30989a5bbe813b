"""The optimizer is stepped with more or fewer gradients than it has parameters.

## What it does
Finds an optimizer whose gradients are computed for more, for fewer or for other parameters than it holds: it trains the
head and gets the gradients of the whole network, or its weights are `optimizer.trainable_params()`, which holds the
optimizer's own states too. The finding is at the weights that the gradient function is given.

## Why is this bad?
The first step fails.

## How MindSpore behaves
`mindspore.nn` optimizers want one gradient for each parameter. Measured on CPU with 2.0.0, 2.7.0 and 2.10.0, for SGD,
Momentum and AdamWeightDecay with one gradient too many or too few: RuntimeError, `The tuples in HyperMap should have
the same length.`; for Adam `For 'Map', the length of tuples must be the same.`. `optimizer.trainable_params()` starts
with `global_step` and `learning_rate`, and the step raises in the same way.

An optimizer of `experimental.optim` raises the same for too few gradients. Too many are ignored: that is MSO172.

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
optimizer = nn.Momentum(net.head.trainable_params(), learning_rate=0.01, momentum=0.9)


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
optimizer = nn.Momentum(net.head.trainable_params(), learning_rate=0.01, momentum=0.9)


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
- Only the number of parameters is compared here. As many others in another order are MSO162.

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
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.steps import compared
from ms_optim_lint.settings import Settings

_WORDS = {
    "fewer": "These gradients are of fewer parameters than {name} holds",
    "more": "These gradients are of more parameters than {name} holds",
    "different": "These gradients are of other parameters than {name} holds",
    "states": "These weights are all that {name} holds, its own states too",
}


@rule(63, "ms-gradient-subset", Severity.ERROR, (OptimizerCall,), raises=("RuntimeError",))
def gradient_subset(fact: OptimizerCall, settings: Settings) -> Iterator[Judgement]:
    relations = tuple(_WORDS) if fact.construction.family == NN else ("fewer",)
    for step, gradients in compared(fact, *relations):
        words = _WORDS[gradients.relation].format(name=fact.text)
        message = f"{words}, and the step raises RuntimeError: take the gradients of {fact.text}.parameters"
        where = (step.location, "the step"), (fact.construction.location, "the optimizer")
        yield at(fact, gradients.location, message, *where)
