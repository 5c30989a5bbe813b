"""Optimizers of `mint` do not train on a CPU.

## What it does
Finds an optimizer of `mindspore.mint.optim` in a program that chooses the CPU (`set_context(device_target="CPU")`).

## Why is this bad?
`mint.optim` is made for Ascend. On a CPU in PyNative mode the weights do not move, and some classes raise.

## How MindSpore behaves
Measured on CPU in PyNative mode, one step with gradient 1 and rate 0.1: `mint.optim.SGD` leaves each parameter as it
was (2.7.0 to 2.10.0), and so does `mint.optim.Adam` in 2.10.0; it works in 2.8.0 and 2.9.0, and raises RuntimeError in
2.7.0. `mint.optim.AdamW` raises RuntimeError, `The kernel AdamW unregistered.`, in 2.10.0. In GRAPH mode of 2.10.0 SGD
and Adam work.

## Example
```python
import mindspore as ms
from mindspore import mint, nn


ms.set_context(device_target="CPU")


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
optimizer = mint.optim.SGD(net.trainable_params(), lr=0.01)


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
from mindspore.experimental import optim


ms.set_context(device_target="CPU")


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
optimizer = optim.SGD(net.trainable_params(), lr=0.01)


def forward(x, y):
    return loss_fn(net(x), y)


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
loss, grads = grad_fn(x, y)
optimizer(grads)
```

## Fix safety
There is no fix: `experimental.optim` has the same arguments, and works on a CPU.

## Known limits
- A preview: the device has to be chosen in sight, with a constant, before the optimizer is built.
- In GRAPH mode nothing is said.

## References
- mindspore.mint.optim.SGD:
  <https://www.mindspore.cn/docs/en/r2.7.0/api_python/mint/mindspore.mint.optim.SGD.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import MINT, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(9, "ms-mint-on-cpu", Severity.WARNING, (Construction,), families=(MINT,), preview=True)
def mint_on_cpu(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    if fact.device == "CPU" and fact.mode in (None, "pynative"):
        message = (
            f"This program runs on a CPU, where {fact.short} moves no weights or raises: "
            "use the class of mindspore.experimental.optim"
        )
        yield at(fact, fact.location, message)
