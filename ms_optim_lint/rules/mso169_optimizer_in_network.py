"""An optimizer that is stored on its network becomes a part of the network.

## What it does
Finds an optimizer that is set as an attribute of the very network whose parameters it trains.

## Why is this bad?
An optimizer of `mindspore.nn` is a Cell. As an attribute it is a child of the network: the weights get other names, and
the optimizer's states count as parameters of the network. Checkpoints do not fit any more, and the gradients of
`net.trainable_params()` are those of the states too.

## How MindSpore behaves
Measured on CPU with 2.0.0, 2.7.0 and 2.10.0, with `self.opt = nn.Momentum(self.trainable_params(), ...)`: the parameter
`fc.weight` is called `opt.fc.weight`, and `net.trainable_params()` has `opt.global_step`, `opt.learning_rate`,
`opt.momentum` and the moments, too. A step with gradients of `net.trainable_params()` raises RuntimeError, `The tuples
in HyperMap should have the same length.`; with those of `optimizer.parameters` it works.

## Example
```python
import mindspore as ms
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.head = nn.Dense(4, 4)
        self.optimizer = nn.Momentum(self.trainable_params(), learning_rate=0.01, momentum=0.9)

    def construct(self, x):
        return self.head(x)


net = Net()
print([p.name for p in net.trainable_params()])
```

## Use instead
```python
import mindspore as ms
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.head = nn.Dense(4, 4)

    def construct(self, x):
        return self.head(x)


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.01, momentum=0.9)
print([p.name for p in net.trainable_params()])
```

## Fix safety
There is no fix: where the optimizer should live is for you to say.

## Known limits
- A Cell that holds a network and its optimizer side by side, as `nn.TrainOneStepCell` does, is not reported. Nor is an
  optimizer of only some of the cells of the network that it is stored on.

## References
- mindspore.value_and_grad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.value_and_grad.html>
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_training import StoredOptimizer
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(69, "ms-optimizer-in-network", Severity.WARNING, (StoredOptimizer,), families=(NN,))
def optimizer_in_network(fact: StoredOptimizer, settings: Settings) -> Iterator[Judgement]:
    message = (
        f"{fact.text} makes the optimizer a part of the network that it trains: the weights are renamed, and its states count "
        "as parameters of the network; keep it in a variable of its own, or on a Cell around the network"
    )
    yield at(fact, fact.location, message, (fact.construction.location, "the optimizer"))
