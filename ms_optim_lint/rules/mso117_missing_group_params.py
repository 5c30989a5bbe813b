"""A group does not say which parameters it is for.

## What it does
Finds a group without the key `params`. In `mindspore.nn` the dict with `order_params` needs none; in the other
families it does.

## Why is this bad?
A group without `params` does not mean "all others". MindSpore stops when the optimizer is built.

## How MindSpore behaves
KeyError, `'params'`: in all families, in MindSpore 2.0.0 to 2.10.0 (`experimental.optim`: 2.7.0 to 2.10.0).
`experimental.optim` and `mint.optim` do not know `order_params`: a dict with nothing else raises the same KeyError.

## Example
```python
from mindspore import nn
from mindspore.experimental import optim

backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
groups = [{"params": backbone.trainable_params(), "lr": 0.01}]
groups.append({"lr": 0.1})
optimizer = optim.SGD(groups, lr=0.05)
```

## Use instead
```python
from mindspore import nn
from mindspore.experimental import optim

backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
groups = [{"params": backbone.trainable_params(), "lr": 0.01}]
groups.append({"params": head.trainable_params(), "lr": 0.1})
optimizer = optim.SGD(groups, lr=0.05)
```

## Fix safety
There is no fix: which parameters are meant cannot be known.

## Known limits
- `params` that are added on one way through the program count as there.
- A group that got keys from an unknown dict (`group.update(...)`, `**options`) is not judged.
- In `nn`, a group that has an unknown key too is reported for that key (MSO116).
- Nothing is said inside `pytest.raises`, nor in a `try` that catches KeyError.

## References
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.groups import each_group
from ms_optim_lint.settings import Settings


@rule(
    17,
    "ms-missing-group-params",
    Severity.ERROR,
    (Construction,),
    raises=("KeyError",),
    silences=("ms-order-params-mismatch",),
)
def missing_group_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    logic = fact.logic
    known = fact.optimizer.group_keys(settings.mindspore_version)
    for group, here in each_group(fact):
        if group.open or logic.meet(here, group.has("params")):
            continue
        if fact.family == NN and (logic.meet(here, group.has("order_params")) or set(group.entries) - known):
            continue  # an order alone is right, and a key that is not known is reported by its own rule
        message = f"A group without 'params' is given to {fact.short}, and it raises: add 'params'"
        yield at(fact, group.location, message, (fact.location, "the optimizer"))
