"""A parameter that is frozen after the optimizer was built still moves.

## What it does
Finds `requires_grad = False` on parameters of an optimizer that was built before, where steps follow and something
other than the gradient moves them: weight decay, momentum, GRAPH mode.

## Why is this bad?
The parameters look frozen and are not: they shrink or drift with each step.

## How MindSpore behaves
The optimizer keeps the parameters that it was built with. The gradient of a frozen one is zero, and the rest of the
update is made. Measured on CPU with 2.0.0, 2.7.0 and 2.10.0 in PyNative mode, one step after the freeze:

- SGD with `weight_decay=0.1` and rate 0.1: the frozen parameter moves by -0.01;
- Momentum after two steps: by -0.171; Adam after two steps: by -0.077; SGD without decay and momentum: by 0.0;
- the same with `experimental.optim` (2.7.0 and 2.10.0); its AdamW decays by default.

In GRAPH mode 2.10.0 trains it in full. If the gradients are then taken of `net.trainable_params()`, which is shorter
now, the step raises (MSO163).

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
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.01, weight_decay=0.1)


def forward(x, y):
    return loss_fn(net(x), y)


for param in net.backbone.trainable_params():
    param.requires_grad = False
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
for param in net.backbone.trainable_params():
    param.requires_grad = False
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.01, weight_decay=0.1)


def forward(x, y):
    return loss_fn(net(x), y)


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
loss, grads = grad_fn(x, y)
optimizer(grads)
```

## Fix safety
There is no fix: the optimizer has to be built after the parameters are frozen, and its state is new then.

## Known limits
- The optimizer, the freeze and the step must be in one piece of program that is followed: a function, its callers and
  what it calls.
- Where neither decay nor momentum nor GRAPH mode is in sight, the freeze works, and nothing is said.

## References
- mindspore.value_and_grad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.value_and_grad.html>
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_training import LateFreeze
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.rules.steps import has_momentum, number
from ms_optim_lint.settings import Settings


@rule(66, "ms-late-freeze", Severity.WARNING, (LateFreeze,))
def late_freeze(fact: LateFreeze, settings: Settings) -> Iterator[Judgement]:
    built = fact.construction
    grouped = any(params.kind == "groups" for params in built.params)
    reason = ""
    if (number(built, "weight_decay", settings) or 0) > 0 and not grouped:
        reason = "its weight decay"
    elif fact.stepped and has_momentum(built, settings):
        reason = "what it remembers of earlier steps"
    elif built.mode == "graph":
        reason = "the graph that is compiled"
    if reason:
        message = (
            f"{built.short} was built before this freeze, and {reason} still moves these parameters: "
            "freeze them before the optimizer is built, or build it again from net.trainable_params()"
        )
        yield at(fact, fact.location, message, (built.location, "the optimizer"), (fact.step, "a step"))
