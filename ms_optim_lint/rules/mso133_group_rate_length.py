"""Lists of rates in groups must be of equal length.

## What it does
Finds groups of a `mindspore.nn` optimizer whose `lr` are lists, arrays or Tensors of different lengths, or of another
length than such a `learning_rate` of the optimizer.

## Why is this bad?
The program stops when the optimizer is built. One counter of steps reads all the lists.

## How MindSpore behaves
ValueError, `For 'Optimizer', the Tensor type dynamic learning rate in group must be the same size as the argument
'learning_rate'.` This is so between two groups, and between a group and the optimizer, even where every group has a
rate of its own. A list beside a number or a schedule is right. MindSpore 2.0.0 to 2.10.0, measured on CPU.

## Example
```python
from mindspore import nn

backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
groups = [
    {"params": backbone.trainable_params(), "lr": [0.01] * 12},
    {"params": head.trainable_params(), "lr": [0.1] * 10},
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Use instead
```python
from mindspore import nn

backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
groups = [
    {"params": backbone.trainable_params(), "lr": [0.01] * 12},
    {"params": head.trainable_params(), "lr": [0.1] * 12},
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Fix safety
There is no fix: which length is meant is not known.

## Known limits
- Both lengths must be known: of lists as they are written, of repetitions, comprehensions and loops over constant ranges,
  and of what `nn.cosine_decay_lr(...)` and the like give for a constant number of steps.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches ValueError.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.domain.logic import Condition, Logic
from ms_optim_lint.domain.shapes import Choice, Location
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

#: Lengths with the conditions under which they hold.
Lengths = tuple[tuple[int, Condition], ...]


@rule(33, "ms-group-rate-length", Severity.ERROR, (Construction,), families=(NN,), raises=("ValueError",))
def group_rate_length(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    if fact.optimizer.is_wrapper or "rate:list" in fact.optimizer.refuses(settings.mindspore_version):
        return
    logic = fact.logic
    rate = fact.arguments.get("learning_rate")
    for params in fact.params:
        if not fact.can(params.when):
            continue
        here = logic.both(fact.reached, params.when)
        first: Optional[tuple[Lengths, Location]] = None
        lengths = _lengths(logic, rate.choices, here) if rate is not None else None
        if rate is not None and lengths is not None:
            first = lengths, rate.location
        for group in params.groups:
            entry = group.entries.get("lr")
            lengths = _lengths(logic, entry.choices, here) if entry is not None else None
            if entry is None or lengths is None or group.many:
                continue
            if not logic.implies(here, logic.both(group.when, entry.when)):
                continue
            if first is None:
                first = lengths, entry.location
                continue
            pairs = _pairs(logic, here, first[0], lengths)
            if pairs and all(one != other for one, other in pairs):
                message = (
                    f"A rate of {pairs[0][1]} steps beside one of {pairs[0][0]} in one {fact.short} raises: "
                    "write lists of equal length"
                )
                yield at(fact, entry.location, message, (first[1], "the other rate"), (fact.location, "the optimizer"))
                break


def _lengths(logic: Logic, choices: tuple[Choice, ...], here: Condition) -> Optional[Lengths]:
    """For how many steps there are rates, where that is certain, and when."""
    possible = [choice for choice in choices if logic.meet(here, choice.when)]
    found = []
    for choice in possible:
        if choice.kind not in ("list", "tensor", "array") or choice.rank != 1 or choice.length is None:
            return None
        found.append((choice.length, choice.when))
    return tuple(found) or None


def _pairs(logic: Logic, here: Condition, first: Lengths, second: Lengths) -> list[tuple[int, int]]:
    """The lengths that can meet."""
    return [(one, other) for one, when in first for other, then in second if logic.meet(here, logic.both(when, then))]
