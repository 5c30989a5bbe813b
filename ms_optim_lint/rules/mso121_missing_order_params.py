"""Groups change the order of the parameters, and no `order_params` says which order is meant.

## What it does
Finds an optimizer of `mindspore.nn` with two groups or more and without `order_params`.

## Why is this bad?
The optimizer then holds the parameters group after group. Gradients are matched by position. If they are computed for
`net.trainable_params()`, they are in the order of the network, and reach the wrong parameters.

## How MindSpore behaves
The example has two layers of the same shape. Its optimizer holds `head.weight, head.bias, backbone.weight,
backbone.bias`. Measured with SGD, rate 0.1, on 2.10.0, with gradients of 10 for the backbone and 20 for the head, in
the order of `net.trainable_params()`:

| | backbone moves | head moves |
|---|---|---|
| without `order_params` | 2.0 | 1.0 |
| with `order_params` | 1.0 | 2.0 |

Nothing is raised: it is so in 2.0.0 to 2.10.0. With layers of different shapes the step raises (ValueError or
RuntimeError, by the optimizer), but for `nn.AdaFactor`, which is silent.

The order does no harm where the gradients are computed for `optimizer.parameters`; `nn.TrainOneStepCell` and `Model`
do that. Hence this rule is a convention. The documentation recommends `order_params` for speed too.

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
groups = [
    {"params": net.head.trainable_params(), "lr": 0.1},
    {"params": net.backbone.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
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
groups = [
    {"params": net.head.trainable_params(), "lr": 0.1},
    {"params": net.backbone.trainable_params()},
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Fix safety
The fix adds `{"order_params": net.trainable_params()}` to the list of groups, or to the argument. It is unsafe: which network
is meant is guessed from whose parameters the function asks for, and if the groups leave parameters out, MindSpore raises
(MSO122); list only the grouped ones then. There is no fix where the function speaks of several networks or of none.

## Known limits
- It is not looked at how the gradients are computed.
- One group alone, and groups of which only one can be there, keep their order and are not reported.
- Groups that certainly hold the parameters of a network in its own order, one group after the other, are not reported.
- A list of groups that is not completely known is not judged: its `order_params` may be in the unknown part.
- `experimental.optim` and `mint.optim` have no `order_params`. The same happens there; where the gradients
  are known it is MSO162.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.value_and_grad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.value_and_grad.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.repairs_groups import add_order
from ms_optim_lint.settings import Settings


@rule(21, "ms-missing-order-params", Severity.CONVENTION, (Construction,), families=(NN,))
def missing_order_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    logic = fact.logic
    if fact.ordered:
        return
    for params in fact.params:
        given = logic.both(fact.reached, params.when)
        if params.kind != "groups" or params.open or given == NEVER:
            continue
        groups = [group for group in params.groups if logic.meet(given, group.when)]
        if any(group.open or group.has("order_params") != NEVER for group in groups):
            continue
        together = any(
            logic.meet(given, logic.both(one.when, other.when))
            for index, one in enumerate(groups)
            for other in groups[:index]
        )
        if together or any(group.many for group in groups):
            message = (
                "Without 'order_params' the groups decide in which order the parameters are, not the network: add "
                "{'order_params': net.trainable_params()} to the groups"
            )
            alone = all(one is params or not fact.can(one.when) for one in fact.params)
            yield at(fact, fact.params_location, message, fix=add_order(fact, params) if alone else None)
