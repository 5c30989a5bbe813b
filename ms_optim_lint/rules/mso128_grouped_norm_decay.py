"""Because of the groups, normalization layers are decayed now.

## What it does
Finds a group of a `mindspore.nn` optimizer that holds parameters whose names contain `beta` or `gamma`, and that has a
weight decay. It is reported once for an optimizer.

## Why is this bad?
An optimizer of `nn` without groups leaves these parameters out of its weight decay. With groups it does not. Who splits
the parameters for another reason, such as a rate of its own for the head, decays the normalization layers from then on,
and nobody says so.

## How MindSpore behaves
One step of `nn.SGD` with rate 0.1 and decay 0.1, gradients of 0 and `gamma` at 1.0, on 2.10.0 (CPU): `bn.gamma` stays
1.0 where the optimizer is given `net.trainable_params()`, and becomes 0.99 where it is given
`[{"params": net.trainable_params()}]`. It is the same with `nn.Momentum`, `nn.Adam` and `nn.AdamWeightDecay`, in 2.0.0
and 2.7.0 to 2.10.0; only `nn.SGD` of 2.0.0 decays them without groups too. `experimental.optim` and `mint.optim` always
decay all.

## Example
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.bn = nn.BatchNorm2d(4)
        self.head = nn.Conv2d(4, 2, 1)

    def construct(self, x):
        return self.head(self.bn(self.conv(x)))


net = Net()
backbone = [p for p in net.trainable_params() if not p.name.startswith("head.")]
groups = [
    {"params": backbone},
    {"params": net.head.trainable_params(), "lr": 0.1},
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9, weight_decay=1e-4)
```

## Use instead
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.bn = nn.BatchNorm2d(4)
        self.head = nn.Conv2d(4, 2, 1)

    def construct(self, x):
        return self.head(self.bn(self.conv(x)))


net = Net()
backbone = [p for p in net.trainable_params() if p.name.startswith("conv.")]
groups = [
    {"params": backbone},
    {"params": net.bn.trainable_params(), "weight_decay": 0.0},
    {"params": net.head.trainable_params(), "lr": 0.1},
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9, weight_decay=1e-4)
```

## Fix safety
There is no fix: whether the normalization layers are to be decayed is yours to say.

## Known limits
- It is a preview rule: some want these parameters decayed. A group that holds nothing else and gives its own
  `weight_decay` is taken for meant.
- All parameters of the network have to be known, and the weight decay has to be a number in the program, or a schedule.
- A group that does not get the decay that it should, beside one that does, is MSO124.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.decay import KEY, exempt, group_decays, in_force, own_decays
from ms_optim_lint.rules.groups import each_group, is_there, some_of
from ms_optim_lint.settings import Settings


@rule(28, "ms-grouped-norm-decay", Severity.WARNING, (Construction,), families=(NN,), preview=True)
def grouped_norm_decay(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    if fact.optimizer.short == "nn.SGD" and settings.mindspore_version < (2, 1):
        return  # decays them in any case
    both = fact.logic.both
    own = own_decays(fact, settings)
    for group, here in each_group(fact, fact.seen):
        names = [
            part.name
            for params in group.params
            if params.container != "iterator"
            for part in params.parts
            if part.name and both(here, params.when) != NEVER and is_there(fact, part, both(here, params.when))
        ]
        found = [name for name in names if exempt(name)]
        meant = len(found) == len(names) and KEY in group.entries
        if found and not meant and in_force(fact, group_decays(fact, group, own), here):
            shown = some_of(found)
            message = (
                f"In a group {shown} are decayed by {fact.short}, which they would not be without groups: give them "
                "a group with 'weight_decay': 0.0"
            )
            yield at(fact, group.entries["params"].location, message, (fact.location, "the optimizer"))
            return
