"""`in`, `remove` and `index` compare Parameters by their values, and raise.

## What it does
Finds `param in params`, `params.remove(param)`, `params.index(param)` and `params.count(param)` on a list or tuple of
Parameters.

## Why is this bad?
Python asks each Parameter of the list whether it equals the one it looks for. MindSpore answers with a tensor of truth
values, and Python cannot tell whether that is true.

## How MindSpore behaves
Measured on CPU with 2.0.0, 2.7.0 and 2.10.0: ValueError, `The tensor should have only one element, but got ...` (2.0.0:
`The truth value of an array with more than one element is ambiguous.`). Where the shapes do not fit, `need to
broadcast`. Two Parameters with one element each are silently taken for the same if their values are equal. A Parameter
that is the first of the list is found before anything is compared. Sets and keys of dicts compare by identity: there it
is right.

## Example
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Dense(4, 4)
        self.head = nn.Dense(4, 4)

    def construct(self, x):
        return self.head(self.backbone(x))


net = Net()
head = net.head.trainable_params()
rest = [param for param in net.trainable_params() if param not in head]
optimizer = nn.SGD([{"params": head, "lr": 0.1}, {"params": rest}, {"order_params": net.trainable_params()}], 0.01)
```

## Use instead
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Dense(4, 4)
        self.head = nn.Dense(4, 4)

    def construct(self, x):
        return self.head(self.backbone(x))


net = Net()
head = net.head.trainable_params()
ids = {id(param) for param in head}
rest = [param for param in net.trainable_params() if id(param) not in ids]
optimizer = nn.SGD([{"params": head, "lr": 0.1}, {"params": rest}, {"order_params": net.trainable_params()}], 0.01)
```

## Fix safety
There is no fix: it takes a second statement. Compare `id(param)`, or use a set of Parameters.

## Known limits
- Only lists and tuples of which everything is known to be a Parameter of a network in sight are judged.

## References
- mindspore.value_and_grad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.value_and_grad.html>
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import ParameterTest
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(71, "ms-parameter-identity", Severity.ERROR, (ParameterTest,), raises=("ValueError",))
def parameter_identity(fact: ParameterTest, settings: Settings) -> Iterator[Judgement]:
    message = (
        f"'{fact.how}' compares Parameters by their values here and raises ValueError: compare id(param) with the ids of "
        "the others, or use a set"
    )
    yield at(fact, fact.location, message)
