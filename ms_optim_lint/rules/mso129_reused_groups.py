"""Groups that an optimizer has written its own values into are given to another one.

## What it does
Finds groups that are given to two optimizers of `experimental.optim` or `mint.optim`, where the second one is to have
another rate, weight decay or other value than the first.

## Why is this bad?
These optimizers write the values that a group does not give into the group itself. The second optimizer finds them
there, takes them for the group's own, and does not use what it was given. Nothing is raised.

## How MindSpore behaves
The first optimizer of the example has the rate 0.1, the second one 0.5. One step of the second one with gradients of 1
moves the parameters by 0.1 (2.7.0 to 2.10.0, CPU). The same goes for `weight_decay`, `betas`, and for `mint.optim`. Both
optimizers even share one Parameter as their rate: a scheduler on one changes the other's.

`nn` leaves the groups as they are, and raises KeyError where it is given such groups after an optimizer of these
families.

## Example
```python
from mindspore import nn
from mindspore.experimental import optim

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
groups = [
    {"params": net[0].trainable_params()},
    {"params": net[2].trainable_params(), "weight_decay": 0.01},
]
warm_up = optim.SGD(groups, lr=0.1)
optimizer = optim.SGD(groups, lr=0.5)
```

## Use instead
```python
from mindspore import nn
from mindspore.experimental import optim

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
groups = [
    {"params": net[0].trainable_params()},
    {"params": net[2].trainable_params(), "weight_decay": 0.01},
]
warm_up = optim.SGD([dict(group) for group in groups], lr=0.1)
optimizer = optim.SGD([dict(group) for group in groups], lr=0.5)
```

## Fix safety
There is no fix. `list(groups)` is not enough, because it holds the same dicts: copy each of them.

## Known limits
- The two values have to be known, and different.
- That the two optimizers share their rate is not reported where they have the same.
- Two optimizers of which only one can be built are not meant.

## References
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
- mindspore.mint.optim.AdamW:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mint/mindspore.mint.optim.AdamW.html>
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER
from ms_optim_lint.domain.shapes import Group
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import EXPERIMENTAL, MINT, Judgement, at, rule
from ms_optim_lint.rules.groups import each_group
from ms_optim_lint.settings import Settings


@rule(29, "ms-reused-groups", Severity.WARNING, (Construction,), families=(EXPERIMENTAL, MINT))
def reused_groups(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    for number, first in fact.reused:
        for group, here in each_group(fact):
            if group.number != number or group.many or not fact.logic.meet(here, first.reached):
                continue
            found = _ignored(first, fact, group, settings)
            if found is not None:
                name, old, new = found
                message = (
                    f"These groups have the '{name}' of {first.short} in them ({old}), so that "
                    f"{fact.short} does not use its own ({new}): give it copies, [dict(group) for group in groups]"
                )
                yield at(fact, fact.params_location, message, (first.location, "the first optimizer"))
                return


def _ignored(
    first: Construction, second: Construction, group: Group, settings: Settings
) -> Optional[tuple[str, object, object]]:
    """An argument of the second optimizer that the group has from the first: its name and the two values."""
    names = first.optimizer.signature(settings.mindspore_version).names()
    for argument in second.optimizer.signature(settings.mindspore_version).arguments:
        if argument.name == "params" or argument.name not in names or group.has(argument.name) != NEVER:
            continue
        old, new = (_constant(one, argument.name, settings) for one in (first, second))
        if old is not None and new is not None and old != new:
            return argument.name, old, new
    return None


def _constant(fact: Construction, name: str, settings: Settings) -> Optional[object]:
    """The value of an argument, where it is a number or truth value that is certain."""
    given = fact.arguments.get(name)
    if given is not None:
        choices = [choice for choice in given.choices if fact.can(choice.when)]
        if len(choices) != 1 or choices[0].kind != "constant" or choices[0].when != ALWAYS:
            return None
        value = choices[0].value
        return value if isinstance(value, (int, float)) else None
    described = fact.optimizer.signature(settings.mindspore_version).get(name)
    if not fact.complete or described is None or described.default is None:
        return None
    value = ast.literal_eval(described.default)
    return value if isinstance(value, (int, float)) else None
