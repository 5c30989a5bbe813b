"""The gradient is that of the sum of all outputs, because `has_aux=True` is missing.

## What it does
Finds `value_and_grad` of a function that returns the loss and more (`return loss, logits`), without `has_aux=True`,
where gradients flow through the other outputs too. The finding is at the call of `value_and_grad`.

## Why is this bad?
Nothing is raised, and the program unpacks the result as it would with `has_aux=True`. The weights are moved by the
gradient of `sum(loss) + sum(logits)`.

## How MindSpore behaves
Without `has_aux` the gradient is that of the sum of all outputs. Measured on CPU with 2.0.0, 2.7.0 and 2.10.0: a
function that returns `a.sum() * x` and `b.sum() * x`: the gradients of `a` and `b` are 1 and 1; with `has_aux=True`
they are 1 and 0, and so they are where the second output is `stop_gradient(...)`.

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


def forward(x, y):
    logits = net(x)
    return loss_fn(logits, y), logits


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
(loss, logits), grads = grad_fn(x, y)
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
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.01)


def forward(x, y):
    logits = net(x)
    return loss_fn(logits, y), logits


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters, has_aux=True)
(loss, logits), grads = grad_fn(x, y)
optimizer(grads)
```

## Fix safety
There is no fix yet: `has_aux=True` is right where only the first output is the loss.

## Known limits
- Only outputs that are the result of a network in sight, or of a loss of it, are reported. What goes through other
  operations is taken for something without a gradient.
- Functions with several `return` statements, and lambdas, are not looked at.
- Where the sum is meant (`return loss_a, loss_b`), add the losses up, or disable the rule there.

## References
- mindspore.value_and_grad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.value_and_grad.html>
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_training import AuxiliaryOutputs
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(65, "ms-missing-has-aux", Severity.WARNING, (AuxiliaryOutputs,))
def missing_has_aux(fact: AuxiliaryOutputs, settings: Settings) -> Iterator[Judgement]:
    outputs = " and ".join(f"'{output}'" for output in fact.outputs)
    message = (
        f"The gradients are those of the sum of the loss and of {outputs}, which this function returns too: "
        "write has_aux=True if only the first is the loss"
    )
    yield at(fact, fact.location, message, (fact.returned, "what is returned"))
