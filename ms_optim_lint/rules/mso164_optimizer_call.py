"""An optimizer is called with something that is not the tuple of gradients.

## What it does
Finds calls of an optimizer without an argument, with the loss, with one gradient, with gradients splatted
(`optimizer(*grads)`), with loss and gradients, with all that `value_and_grad` gave; and with a list of gradients for an
optimizer of `mindspore.nn`.

## Why is this bad?
The first step fails, on the training machine.

## How MindSpore behaves
An optimizer is called with one argument: the tuple of gradients. Measured on CPU with 2.0.0, 2.7.0 and 2.10.0 for SGD,
Momentum, Adam and AdamWeightDecay of `mindspore.nn`:

- `optimizer()`: TypeError, `Function construct needs 2 positional argument, but got 1.`;
- `optimizer(*grads)` and `optimizer(loss, grads)`: TypeError, `Function construct needs 2 positional argument ..., but
  got 3.`;
- `optimizer(loss)` and `optimizer(grads[0])`: RuntimeError, TypeError or ValueError, with words that differ by
  optimizer and say nothing of the cause (`'int' object is not callable` for Momentum);
- `optimizer(list(grads))`: RuntimeError, `the types of arguments in HyperMap must be consistent`;
- `optimizer(grad_fn(x))`, with loss and gradients: RuntimeError, `The tuples in HyperMap should have the same length.`

`experimental.optim` (2.7.0, 2.10.0) raises for the same calls, but takes a list of gradients.

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
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.01, momentum=0.9)


def forward(x, y):
    return loss_fn(net(x), y)


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
loss, grads = grad_fn(x, y)
optimizer(loss)
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
loss, grads = grad_fn(x, y)
optimizer(grads)
```

## Fix safety
There is no fix: the gradients may have another name, or may not be computed at all.

## Known limits
- An optimizer class of the project that has its own `construct` says itself what it takes, and is not judged.
- What comes from code that is not followed is unknown, and not reported.

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
from ms_optim_lint.settings import Settings

_WORDS = {
    "nothing": "without the gradients",
    "several": "with more than one argument",
    "a loss": "with the loss",
    "a tensor": "with one tensor",
    "one gradient": "with one gradient",
    "a pair": "with the loss and the gradients together",
    "gradients in a list": "with a list of gradients",
}
_RAISES = ("TypeError", "RuntimeError", "ValueError")


@rule(64, "ms-optimizer-call", Severity.ERROR, (OptimizerCall,), raises=_RAISES)
def optimizer_call(fact: OptimizerCall, settings: Settings) -> Iterator[Judgement]:
    if fact.own or fact.construction.optimizer.is_wrapper:
        return
    for step in fact.steps:
        words = _WORDS.get(step.kind)
        if words is None or not fact.can(step.when):
            continue
        if step.kind == "gradients in a list" and fact.construction.family != NN:
            continue
        message = f"{fact.text} is called {words} here and raises: give it the tuple of gradients, {fact.text}(grads)"
        yield at(fact, step.location, message, (fact.construction.location, "the optimizer"))
