"""The loss is scaled and the gradients are not scaled back, or the other way round.

## What it does
Finds `nn.TrainOneStepCell` whose `sens` differs from the `loss_scale` of its optimizer.

## Why is this bad?
The gradients are too large or too small by that factor, and nothing is raised. With an optimizer such as SGD, so are
the steps.

## How MindSpore behaves
`TrainOneStepCell` multiplies the gradients by `sens`; the optimizer divides them by `loss_scale`. Measured on CPU with
2.0.0, 2.7.0 and 2.10.0, `nn.SGD` with rate 0.1 and gradient 1: `sens=1024` and no `loss_scale` moves a parameter by
102.4; `loss_scale=1024` and no `sens` moves it by 0.0001; both together by 0.1.

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
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.01, loss_scale=1024.0)
step = nn.TrainOneStepCell(nn.WithLossCell(net, loss_fn), optimizer)
step.set_train()
loss = step(x, y)
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
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.01, loss_scale=1024.0)
step = nn.TrainOneStepCell(nn.WithLossCell(net, loss_fn), optimizer, sens=1024.0)
step.set_train()
loss = step(x, y)
```

## Fix safety
There is no fix: which of the two numbers is meant is for you to say.

## Known limits
- A preview: only `nn.TrainOneStepCell` is looked at, with numbers in sight. A loss that a function scales by itself,
  and the loss scale managers of `Model`, are not.

## References
- mindspore.nn.TrainOneStepCell:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.TrainOneStepCell.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_training import StepCell
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.arguments import is_number
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.steps import number
from ms_optim_lint.settings import Settings


@rule(8, "ms-loss-scale-mismatch", Severity.WARNING, (StepCell,), families=(NN,), preview=True)
def loss_scale_mismatch(fact: StepCell, settings: Settings) -> Iterator[Judgement]:
    if fact.name != "TrainOneStepCell" or not fact.construction.complete:
        return
    divided = number(fact.construction, "loss_scale", settings)
    values = [choice.value if choice.kind == "constant" else None for choice in fact.scale] or [1.0]
    scale = values[0] if len(values) == 1 else None
    if scale is None and len(fact.scale) == 1 and fact.scale[0].kind == "constant":
        scale = 1.0  # sens=None
    if divided is None or not is_number(scale) or scale == divided:
        return
    message = (
        f"sens is {scale:g} and the optimizer's loss_scale is {divided:g}: the gradients are wrong by that factor; "
        "give both the same number"
    )
    yield at(fact, fact.location, message, (fact.construction.location, "the optimizer"))
