"""Two optimizers move the same parameters in the same pass of a loop.

## What it does
Finds two optimizers that hold the same parameters and are both called in one pass of a loop, for the same loss.

## Why is this bad?
Each of them makes its step: the parameters move twice, and neither optimizer sees what the other did.

## How MindSpore behaves
Measured on CPU with 2.0.0, 2.7.0 and 2.10.0: two `nn.SGD` with rate 0.1 over one network, both called with a gradient
of 1: each parameter moves by 0.2.

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
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.01)
head_optimizer = nn.Momentum(net.head.trainable_params(), learning_rate=0.1, momentum=0.9)


def forward(x, y):
    return loss_fn(net(x), y)


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
head_grad_fn = ms.value_and_grad(forward, None, head_optimizer.parameters)
for _ in range(3):
    optimizer(grad_fn(x, y)[1])
    head_optimizer(head_grad_fn(x, y)[1])
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
optimizer = nn.SGD(net.backbone.trainable_params(), learning_rate=0.01)
head_optimizer = nn.Momentum(net.head.trainable_params(), learning_rate=0.1, momentum=0.9)


def forward(x, y):
    return loss_fn(net(x), y)


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
head_grad_fn = ms.value_and_grad(forward, None, head_optimizer.parameters)
for _ in range(3):
    optimizer(grad_fn(x, y)[1])
    head_optimizer(head_grad_fn(x, y)[1])
```

## Fix safety
There is no fix: which optimizer should train them is for you to say.

## Known limits
- Both calls must be in one pass of one loop. A loop over the optimizers themselves is a part of the pass around it.
- Optimizers of successive stages, or in different branches, are not reported, nor is a second optimizer that makes its
  step only now and then.
- Who takes the gradients of two losses, as some adversarial networks do, is not reported. Both losses must be known: the
  functions that `value_and_grad` is given, or the networks of two `TrainOneStepCell`.

## References
- mindspore.value_and_grad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.value_and_grad.html>
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_training import SharedStep
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(68, "ms-shared-params", Severity.WARNING, (SharedStep,))
def shared_params(fact: SharedStep, settings: Settings) -> Iterator[Judgement]:
    both = f"{fact.text} and {fact.other_text}" if fact.text != fact.other_text else f"Two that are {fact.text} here"
    message = (
        f"{both} hold the same parameters, and both make a step in each pass of this loop: give each parameter to one of "
        "them"
    )
    built = (fact.construction.location, "one optimizer"), (fact.other.location, "the other optimizer")
    yield at(fact, fact.location, message, (fact.other_step, "the other step"), *built)
