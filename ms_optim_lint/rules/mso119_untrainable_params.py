"""Parameters that are not to be trained are given to the optimizer.

## What it does
Finds an optimizer that is given parameters which require no gradient, such as the statistics of BatchNorm
(`moving_mean`, `moving_variance`) or frozen ones, where that changes them: the optimizer has a weight decay.
For frozen ones also where the program chooses GRAPH mode.

## Why is this bad?
`net.get_parameters()` gives all parameters of a network, not only those that are trained. A weight decay shrinks the
others at each step all the same, towards 0. Nothing is raised. The network gets worse, most of all where it is used for
prediction, with statistics that no data ever had.

## How MindSpore behaves
One step of `nn.SGD` with rate 0.1 and decay 0.1 over `net.get_parameters()`, gradients of 0 (CPU, 2.10.0):

| parameter | before | after |
|---|---|---|
| `bn.moving_variance` | 1.0 | 0.99 |
| `fc.weight`, frozen before the optimizer was built | 1.0 | 0.99 |

It is the same with `nn.Adam` and `experimental.optim.SGD`, and in 2.0.0 and 2.7.0 to 2.10.0. Without a decay nothing
changes in PyNative mode. In GRAPH mode a frozen parameter that the optimizer is given is trained like any other: with
`nn.Adam` and rate 0.1, `fc.weight` moves by 0.1 in one step (2.10.0; `nn.TrainOneStepCell`, `Model.train`, and
`value_and_grad` of `optimizer.parameters`; `nn.SGD` and `experimental.optim.SGD` too). So it is in PyNative mode where the
whole step is under `mindspore.jit`. The statistics of BatchNorm do not move without a decay, in GRAPH mode either.

## Example
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.bn = nn.BatchNorm2d(4)

    def construct(self, x):
        return self.bn(self.conv(x))


net = Net()
optimizer = nn.Momentum(list(net.get_parameters()), learning_rate=0.1, momentum=0.9, weight_decay=1e-4)
```

## Use instead
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.bn = nn.BatchNorm2d(4)

    def construct(self, x):
        return self.bn(self.conv(x))


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9, weight_decay=1e-4)
```

## Fix safety
There is no fix: with `trainable_params()` the training changes. It is what was meant almost always.

## Known limits
- All parameters of the network have to be known: its class and the classes of its layers are in sight, or MindSpore's.
- The weight decay has to be a number in the program, or a schedule. A variable that may be 0 is not reported.
- Without a decay, only frozen parameters are reported, and only where the program chooses GRAPH mode before it builds the
  optimizer. A step under `mindspore.jit` is not looked for.
- A list that is filtered on `requires_grad` is right, and so is `trainable_params()`.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- Cell and Parameter:
  <https://www.mindspore.cn/tutorials/en/r2.1/advanced/modules/layer.html>
- mindspore.nn.BatchNorm2d:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.BatchNorm2d.html>
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ms_optim_lint.domain.logic import NEVER, Condition
from ms_optim_lint.domain.shapes import Location, Params, Part
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import EXPERIMENTAL, NN, Judgement, at, rule
from ms_optim_lint.rules.decay import exempt, group_decays, in_force, own_decays
from ms_optim_lint.rules.groups import each_group, is_there, some_of
from ms_optim_lint.settings import Settings

#: The parameters that BatchNorm computes by itself: they have no gradient in any mode.
_STATISTICS = ("moving_mean", "moving_variance")
_SHRINKS = "its weight decay shrinks them at each step"
_TRAINS = "in GRAPH mode it trains them like any other"


@rule(19, "ms-untrainable-params", Severity.WARNING, (Construction,), silences=("ms-iterator-params",))
def untrainable_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    both = fact.logic.both
    decays = own_decays(fact, settings)
    for params in fact.seen:
        here = both(fact.reached, params.when)
        if params.kind != "list" or params.wrong or here == NEVER:
            continue
        found = list(_untrained(fact, params, here))
        decayed = [part for part in found if not (fact.family == NN and exempt(part.name))]
        if decayed and in_force(fact, decays, here):
            yield _judgement(fact, fact.params_location, decayed, params.location, _SHRINKS)
        elif frozen := _trained_all_the_same(fact, found):
            yield _judgement(fact, fact.params_location, frozen, params.location, _TRAINS)
    for group, here in each_group(fact, fact.seen):
        # An iterator in a group of nn trains nothing at all: that is another rule's.
        kept = [one for one in group.params if fact.family != NN or one.container != "iterator"]
        found = [part for one in kept for part in _untrained(fact, one, both(here, one.when))]
        if found and in_force(fact, group_decays(fact, group, decays), here):
            yield _judgement(fact, group.entries["params"].location, found, group.location, _SHRINKS)
        elif frozen := _trained_all_the_same(fact, found):
            yield _judgement(fact, group.entries["params"].location, frozen, group.location, _TRAINS)


def _untrained(fact: Construction, params: Params, given: Condition) -> Iterator[Part]:
    for part in params.parts:
        if part.trained is False and is_there(fact, part, given):
            yield part


def _trained_all_the_same(fact: Construction, found: Iterable[Part]) -> list[Part]:
    """Frozen parameters, where the program is compiled: in GRAPH mode they have a gradient."""
    if fact.mode != "graph" or fact.family not in (NN, EXPERIMENTAL):
        return []
    return [part for part in found if not part.name.endswith(_STATISTICS)]


def _judgement(
    fact: Construction, location: Location, found: Iterable[Part], related: Location, effect: str
) -> Judgement:
    names = sorted({part.name for part in found})
    shown = some_of(names)
    message = (
        f"{fact.short} is given parameters that are not trained ({shown}), and {effect}: give it trainable_params()"
    )
    return at(fact, location, message, (related, "the parameters"), (fact.location, "the optimizer"))
