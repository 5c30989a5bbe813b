"""A group whose `params` are an iterator is never trained.

## What it does
Finds a group of a `mindspore.nn` optimizer whose `params` are an iterator: `filter`, `map`, a generator,
`reversed`, `itertools.chain`, `net.get_parameters()`, ... With `experimental.optim` and `mint.optim`, an iterator that was
read before.

## Why is this bad?
Nothing is raised, and the loss may still fall, because the other groups are trained. The parameters of this group
never change.

## How MindSpore behaves
MindSpore reads the iterator once to check it. When it then collects the parameters, nothing is left. Measured on CPU:

- one group of two is an iterator: the optimizer holds 2 of 4 parameters. One step of SGD with rate 0.1 and gradients
  of 1 moves the parameters of the other group by 0.1, and those of this group by 0.0 (2.0.0 to 2.10.0);
- all groups are iterators, as in the example: `optimizer.parameters` is `()` and a step changes nothing (2.0.0 and
  2.8.0 to 2.10.0; in 2.7.0 the step raises RuntimeError).

With `order_params` beside it the loss is noticed, with a ValueError: that is MSO122. `experimental.optim` and
`mint.optim` make a list of the iterator first: there it is right, unless it was read before. Then the group is empty, and
nothing is raised (2.7.0 to 2.10.0). In `nn` that raises: MSO114.

## Example
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Dense(4, 8)
        self.head = nn.Dense(8, 2)

    def construct(self, x):
        return self.head(self.backbone(x))


net = Net()
head = filter(lambda p: p.name.startswith("head."), net.trainable_params())
groups = [{"params": head, "lr": 0.1}]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Use instead
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Dense(4, 8)
        self.head = nn.Dense(8, 2)

    def construct(self, x):
        return self.head(self.backbone(x))


net = Net()
head = [p for p in net.trainable_params() if p.name.startswith("head.")]
groups = [{"params": head, "lr": 0.1}]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Fix safety
The fix writes `list(...)` around the value of `params`. The group is then trained, as was written. It is safe where the
linter knows the network so well that the groups certainly share no parameter and this one certainly holds some. Else it is
unsafe: if another group holds one of the parameters, or the list is empty, MindSpore raises (MSO115, MSO111).

There is no fix where the value is written in another file, where it may be a list on another way through the program, and
where the iterator is read elsewhere.

## Known limits
- Lists, tuples, sets (of `nn`), `dict.values()` and `trainable_params()` are right and not reported.
- An iterator that comes from code that the linter cannot follow is not seen.
- If parameters can be an iterator on one way through the program and a list on another, it is reported.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- Cell and Parameter:
  <https://www.mindspore.cn/tutorials/en/r2.1/advanced/modules/layer.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.domain.apart import are_disjoint, is_filled
from ms_optim_lint.domain.logic import NEVER, Condition
from ms_optim_lint.domain.shapes import Group
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, Repair, at, rule
from ms_optim_lint.rules.groups import each_group, each_params
from ms_optim_lint.rules.repairs import SAFE, UNSAFE, wrap_value
from ms_optim_lint.settings import Settings


@rule(13, "ms-iterator-group", Severity.WARNING, (Construction,))
def iterator_group(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    both, either = fact.logic.both, fact.logic.either
    seen: dict[int, Condition] = {}
    ordered = NEVER
    for group, here in each_group(fact) if fact.family == NN else ():
        ordered = either(ordered, both(here, group.has("order_params")))
    for group, inner, here in each_params(fact):
        if inner.container != "iterator" or inner.wrong or fact.logic.implies(here, ordered):
            continue
        before = either(inner.consumed, NEVER if group.many else seen.get(inner.number, NEVER))
        seen[inner.number] = either(seen.get(inner.number, NEVER), here)
        if fact.family != NN and both(here, before) == NEVER:
            continue  # made a list first
        message = (
            f"This iterator is used up before {fact.short} trains its group: the parameters in it are never "
            "trained, and nothing is raised; write list(...) around it"
        )
        related = (group.location, "the group"), (fact.location, "the optimizer")
        yield at(fact, inner.location, message, *related, fix=_fix(fact, group))


def _fix(fact: Construction, group: Group) -> Optional[Repair]:
    """``list(...)`` around the value in the group. Where it may be a list, that list may still grow."""
    logic = fact.logic
    if fact.family != NN or any(inner.container != "iterator" or inner.consumed != NEVER for inner in group.params):
        return None
    params = next(one for one in fact.params if any(other is group for other in one.groups))
    others = [inner.number for one in params.groups if one is not group for inner in one.params]
    if any(inner.number in others for inner in group.params):
        return None
    given = logic.both(fact.reached, params.when)
    sets = [(one.when, one.params) for one in params.groups]
    known = not params.open and not any(one.many or one.open for one in params.groups)
    sure = known and are_disjoint(logic, sets, given) and is_filled(logic, group.params, logic.both(given, group.when))
    return wrap_value(group.entries["params"], SAFE if sure else UNSAFE)
