"""A layer that is set after the optimizer was built is never trained.

## What it does
Finds a layer or Parameter that is set on a network after an optimizer was built from the network's parameters and
before it is used. Also parameters that were frozen when the optimizer was built, and are unfrozen later: no optimizer in
sight holds them.

## Why is this bad?
The optimizer keeps the parameters that it was built with. The new layer's are not among them, nor are those that were
frozen then, and nothing is raised.

## How MindSpore behaves
Measured on CPU with 2.0.0, 2.7.0 and 2.10.0: `net.head = nn.Dense(2, 2)` after `nn.SGD(net.trainable_params(), ...)`,
gradients of `optimizer.parameters`: after a step the parameters of the new head have moved by 0.0, and those of the
other layer have moved. Likewise, a layer that is frozen before `nn.SGD(net.trainable_params(), ...)` and unfrozen after
it moves by 0.0, in PyNative and in GRAPH mode.

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
net.head = nn.Dense(4, 4)


def forward(x, y):
    return loss_fn(net(x), y)


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
net.head = nn.Dense(4, 4)
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.01)


def forward(x, y):
    return loss_fn(net(x), y)


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
loss, grads = grad_fn(x, y)
optimizer(grads)
```

## Fix safety
There is no fix: the optimizer has to be built after the network is complete.

## Known limits
- `network.name = layer`, and `append`, `insert` and `cells[i] = layer` of a container are seen, where the layer certainly
  has parameters. `set_data` and `load_param_into_net` change values and are right.
- Of parameters that are unfrozen, the network has to be known in full, and each optimizer in sight, too: one of them may
  hold these.
- The optimizer, the change and the step must be in one piece of program that is followed.

## References
- mindspore.value_and_grad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.value_and_grad.html>
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_training import StaleParams
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(70, "ms-stale-params", Severity.WARNING, (StaleParams,))
def stale_params(fact: StaleParams, settings: Settings) -> Iterator[Judgement]:
    if not fact.is_new:
        message = (
            f"{fact.construction.short} was built while these parameters were frozen, and does not hold them: they are "
            "never trained, and nothing is raised; build it again after they are unfrozen"
        )
        yield at(fact, fact.location, message, (fact.construction.location, "the optimizer"), (fact.step, "a step"))
        return
    comes = "comes" if fact.text.endswith(")") else "is set"
    message = (
        f"{fact.text} {comes} after the optimizer was built, so its parameters are never trained, and nothing is raised: "
        "build the optimizer when the network is complete"
    )
    yield at(fact, fact.location, message, (fact.construction.location, "the optimizer"), (fact.step, "a step"))
