"""This `order_params` is not used.

## What it does
Finds an `order_params` that another one follows in the same list of groups. From MindSpore 2.9 on (setting
`mindspore-version`, the newest known by default) also an empty `order_params`.

## Why is this bad?
Only the last one counts. The order that was asked for here is dropped, and nothing is raised. If gradients are
computed in that order, they reach the wrong parameters.

## How MindSpore behaves
Measured on 2.10.0: in the example `optimizer.parameters` is `0.weight, 0.bias, 2.weight, 2.bias`, the order of the last
`order_params`, and not `0.weight, 2.weight, 0.bias, 2.bias`. The last one wins in 2.0.0 to 2.10.0.

`{"order_params": []}` is a ValueError up to 2.8 (MSO122). From 2.9 on it is ignored: the parameters keep the order of
the groups. Only `nn` knows `order_params`.

## Example
```python
from mindspore import nn


def split(network):
    weights = [p for p in network.trainable_params() if "bias" not in p.name]
    biases = [p for p in network.trainable_params() if "bias" in p.name]
    return [
        {"params": weights, "weight_decay": 0.01},
        {"params": biases, "weight_decay": 0.0},
        {"order_params": weights + biases},
    ]


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
groups = split(net)
groups.append({"order_params": net.trainable_params()})
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Use instead
```python
from mindspore import nn


def split(network):
    weights = [p for p in network.trainable_params() if "bias" not in p.name]
    biases = [p for p in network.trainable_params() if "bias" in p.name]
    return [
        {"params": weights, "weight_decay": 0.01},
        {"params": biases, "weight_decay": 0.0},
    ]


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
groups = split(net)
groups.append({"order_params": net.trainable_params()})
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Fix safety
There is no fix: which order is meant cannot be known. Keep one of them.

## Known limits
- Two that cannot both be there (one under `if`, one under `else`) are not reported.
- Whether the two orders are equal is not looked at.
- An `order_params` that may be empty, but need not, is not reported.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.domain.sets import is_empty, parts_of, possible
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.groups import orders_of
from ms_optim_lint.settings import Settings


@rule(27, "ms-ignored-order-params", Severity.WARNING, (Construction,), families=(NN,))
def ignored_order_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    logic = fact.logic
    for params in fact.params:
        given = logic.both(fact.reached, params.when)
        orders = orders_of(fact, params, given)
        for first, second in zip(orders, orders[1:]):
            if logic.meet(given, logic.both(first.when, second.when)):
                message = "Only the last 'order_params' is used, this one is ignored without a word: keep one"
                yield at(
                    fact, first.entries["order_params"].location, message, (second.location, "the one that is used")
                )
        if orders and settings.mindspore_version >= (2, 9) and not params.open:
            last = orders[-1]
            here = logic.both(given, last.when)
            order = [p for p in last.order if logic.meet(p.when, here)]
            parts = parts_of(logic, order, here)
            if order and parts is not None and all(p.kind == "list" and p.container != "iterator" for p in order):
                if possible(logic, here) and is_empty(logic, parts, here):
                    message = (
                        "'order_params' is empty and is ignored without a word from MindSpore 2.9 on: list every grouped "
                        "parameter, or leave it out"
                    )
                    yield at(fact, last.entries["order_params"].location, message)
