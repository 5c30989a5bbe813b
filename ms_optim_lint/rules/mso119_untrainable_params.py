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
`nn.Adam` and rate 0.1, `fc.weight` moves by 0.1 in one step (2.10.0, `nn.TrainOneStepCell`).

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
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.decay import exempt, group_decays, in_force, own_decays
from ms_optim_lint.rules.groups import each_group, is_there
from ms_optim_lint.settings import Settings

#: The parameters that BatchNorm computes by itself: they have no gradient in any mode.
_STATISTICS = ("moving_mean", "moving_variance")


@rule(19, "ms-untrainable-params", Severity.WARNING, (Construction,), silences=("ms-iterator-params",))
def untrainable_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    both = fact.logic.both
    decays = own_decays(fact, settings)
    for params in fact.params:
        here = both(fact.reached, params.when)
        if params.kind != "list" or params.wrong or here == NEVER:
            continue
        found = [part for part in _untrained(fact, params, here) if not (fact.family == NN and exempt(part.name))]
        if found and in_force(fact, decays, here):
            yield _judgement(fact, fact.params_location, found, params.location)
    for group, here in each_group(fact):
        # An iterator in a group of nn trains nothing at all: that is another rule's.
        kept = [one for one in group.params if fact.family != NN or one.container != "iterator"]
        inner = [part for one in kept for part in _untrained(fact, one, both(here, one.when))]
        if inner and in_force(fact, group_decays(fact, group, decays), here):
            yield _judgement(fact, group.entries["params"].location, inner, group.location)


def _untrained(fact: Construction, params: Params, given: Condition) -> Iterator[Part]:
    for part in params.parts:
        if part.trained is False and is_there(fact, part, given):
            yield part


def _judgement(fact: Construction, location: Location, found: Iterable[Part], related: Location) -> Judgement:
    names = sorted({part.name for part in found})
    shown = ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")
    message = (
        f"{fact.optimizer.short} is given parameters that are not trained ({shown}), and its weight decay shrinks them at "
        "each step: give it trainable_params()"
    )
    return at(fact, location, message, (related, "the parameters"), (fact.location, "the optimizer"))
