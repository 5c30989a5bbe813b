"""A Model takes optimizers of `mindspore.nn` only.

## What it does
Finds `Model(..., optimizer=...)` with an optimizer of `mindspore.experimental.optim` or `mindspore.mint.optim`, with a
class of optimizers instead of an object, and with a name in a string.

## Why is this bad?
`Model` checks the type of its optimizer, so the program stops there. The optimizers of `experimental.optim` and
`mint.optim` are not derived from `nn.Optimizer`.

## How MindSpore behaves
TypeError, `The type of 'optimizer' should be one of '['Optimizer', 'FreezeOpt', 'AdaSumByGradWrapCell',
'AdaSumByDeltaWeightWrapCell']', but got type 'Adam'.` (a string: `... 'str'.`, a class: `... 'type'.`). It is the same in
2.0.0 and in 2.7.0 to 2.10.0. `nn.TrainOneStepCell` takes an optimizer of `experimental.optim`.

## Example
```python
from mindspore import nn
from mindspore.experimental import optim
from mindspore.train import Model

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = optim.Adam(net.trainable_params(), lr=0.001)
model = Model(net, loss_fn=nn.MSELoss(), optimizer=optimizer)
```

## Use instead
```python
from mindspore import nn
from mindspore.train import Model

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Adam(net.trainable_params(), learning_rate=0.001)
model = Model(net, loss_fn=nn.MSELoss(), optimizer=optimizer)
```

## Fix safety
There is no fix: the families have other arguments and other defaults.

## Known limits
- A string or a class that may be replaced before is reported only where the optimizer can be nothing else.
- Other things that are no optimizer (a function, a network) are not judged.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches TypeError.

## References
- mindspore.train.Model:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/train/mindspore.train.Model.html>
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import ModelOptimizer
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(85, "ms-model-optimizer", Severity.ERROR, (ModelOptimizer,), raises=("TypeError",))
def model_optimizer(fact: ModelOptimizer, settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction
    if construction is None:
        if fact.only:
            message = f"Model is given {fact.what} as its optimizer and raises: build an optimizer of mindspore.nn, and give that"
            yield at(fact, fact.location, message)
        return
    if construction.optimizer.exists(settings.mindspore_version):
        message = (
            f"Model takes no optimizer like {fact.what} and raises: build one of mindspore.nn, or train with "
            "nn.TrainOneStepCell or a function of your own"
        )
        yield at(fact, fact.location, message, (construction.location, "the optimizer"))
