"""The dict with `order_params` has other keys too.

## What it does
Finds `params`, `lr`, `weight_decay` or `grad_centralization` in the same dict as `order_params`.

## Why is this bad?
The documentation says that the other keys are ignored. But MindSpore stops when the optimizer is built.

## How MindSpore behaves
ValueError, `For 'Optimizer', the order params dict in group parameters should only include the 'order_params' key, but
got dict_keys(['order_params', 'weight_decay']).`

It is the same in MindSpore 2.0.0 to 2.10.0. Only `nn` knows `order_params`.

## Example
```python
from mindspore import nn

backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
groups = [
    {"params": backbone.trainable_params(), "lr": 0.01},
    {"params": head.trainable_params(), "lr": 0.1},
    {"order_params": net.trainable_params(), "weight_decay": 1e-4},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Use instead
```python
from mindspore import nn

backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
groups = [
    {"params": backbone.trainable_params(), "lr": 0.01},
    {"params": head.trainable_params(), "lr": 0.1},
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9, weight_decay=1e-4)
```

## Fix safety
Where `params` is among the other keys, the fix gives `order_params` a dict of its own, and is safe: the rest is a group.
Else the fix takes the other key out, as the documentation says that it has no effect. It is unsafe: the key may belong to
the optimizer, as in the example, or to the groups. There is no fix where a comment would be lost.

## Known limits
- A key that is not a constant is not seen.
- A key that no group may have is reported for that (MSO116).
- Nothing is said inside `pytest.raises`, nor in a `try` that catches ValueError.

## References
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.groups import orders_of
from ms_optim_lint.rules.repairs_groups import separate_order
from ms_optim_lint.settings import Settings


@rule(
    23,
    "ms-order-params-keys",
    Severity.ERROR,
    (Construction,),
    families=(NN,),
    raises=("ValueError",),
    silences=("ms-order-params-mismatch",),
)
def order_params_keys(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    known = fact.optimizer.group_keys(settings.mindspore_version)
    for params in fact.params:
        given = fact.logic.both(fact.reached, params.when)
        for group in orders_of(fact, params, given):
            for key, entry in group.entries.items():
                here = fact.logic.both(
                    fact.logic.both(given, group.when), fact.logic.both(entry.when, group.has("order_params"))
                )
                if key != "order_params" and key in known and here != NEVER:
                    message = (
                        f"'{key}' stands beside 'order_params', and {fact.short} raises: give 'order_params' a "
                        "dict of its own"
                    )
                    yield at(fact, entry.key, message, fix=separate_order(entry.key, key))
