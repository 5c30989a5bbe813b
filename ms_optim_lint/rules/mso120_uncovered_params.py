"""Groups that filter the parameters of a network leave some out.

## What it does
Finds groups that are all made by filtering the same parameters, such as `net.trainable_params()`, and that do not hold
all of them. It is reported at the groups.

## Why is this bad?
Nothing checks that the groups are the whole network. What no group holds keeps its first values for ever, and nothing is
raised. Most often one of the tests is not the opposite of the other.

## How MindSpore behaves
The optimizer of the example holds `conv.weight`, `conv.bias`, `head.weight` and `head.bias`. A step with gradients of 1
moves these by 0.1, and `bn.gamma` and `bn.beta` by 0.0. It is the same in 2.0.0 to 2.10.0 and in all families.

## Example
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, has_bias=True)
        self.bn = nn.BatchNorm2d(4)
        self.head = nn.Conv2d(4, 2, 1, has_bias=True)

    def construct(self, x):
        return self.head(self.bn(self.conv(x)))


net = Net()
weights = [p for p in net.trainable_params() if "weight" in p.name]
biases = [p for p in net.trainable_params() if "bias" in p.name]
groups = [{"params": weights, "weight_decay": 1e-4}, {"params": biases}, {"order_params": weights + biases}]
optimizer = nn.Momentum(groups, learning_rate=0.1, momentum=0.9)
```

## Use instead
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, has_bias=True)
        self.bn = nn.BatchNorm2d(4)
        self.head = nn.Conv2d(4, 2, 1, has_bias=True)

    def construct(self, x):
        return self.head(self.bn(self.conv(x)))


net = Net()
weights = [p for p in net.trainable_params() if "weight" in p.name]
rest = [p for p in net.trainable_params() if "weight" not in p.name]
groups = [{"params": weights, "weight_decay": 1e-4}, {"params": rest}, {"order_params": net.trainable_params()}]
optimizer = nn.Momentum(groups, learning_rate=0.1, momentum=0.9)
```

## Fix safety
There is no fix: which group the others belong to cannot be known.

## Known limits
- It is a preview rule: who trains two parts of a network on purpose, and has not frozen the others, is reported too. What
  all groups ask for (`"head" in p.name` in each of them) is taken for meant.
- A network that is frozen where it is not trained (`requires_grad = False`), one group alone, and groups made of
  submodules are not reported.
- All parameters of the network have to be known. That a second optimizer trains the others is not looked at.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.rules.groups import some_of
from ms_optim_lint.settings import Settings


@rule(20, "ms-uncovered-params", Severity.WARNING, (Construction,), preview=True)
def uncovered_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    for missed in fact.missed:
        if fact.can(missed.when):
            names = missed.names
            shown = some_of(names)
            message = (
                f"No group holds {shown}, so that {fact.short} never trains what is left out: make one group of all "
                "that the others do not take"
            )
            yield at(fact, fact.params_location, message, (fact.location, "the optimizer"))
