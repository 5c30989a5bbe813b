"""A weight decay that can hardly be meant.

## What it does
Finds a weight decay of 1 or more, True as weight decay, and, in `mindspore.nn`, a layer of MindSpore's
(`nn.ReLU()`) in the place of a Cell that computes the decay. Also where it is the `weight_decay` of a group.

## Why is this bad?
Nothing is raised. `True` is a decay of 1.0: it pulls the parameters towards 0 as strongly as gradients of their own size
do. torch and other libraries have switches of that kind; here it is a number. A layer is called with the number of the
step, and what it gives is the decay: with `nn.ReLU()` the decay grows by 1 with each step.

## How MindSpore behaves
A step of `nn.SGD` with rate 0.1, gradients of 1 and weight decay `True` moves a parameter of value 0.35 by 0.135, one of
value -0.54 by 0.046. `nn.Momentum(..., weight_decay=nn.ReLU())`: the first step
decays by 0, the second by 1, and so on. MindSpore 2.0.0 to 2.10.0, measured on CPU.

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9, weight_decay=True)
```

## Use instead
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9, weight_decay=1e-4)
```

## Fix safety
There is no fix: the decay that was meant is not known.

## Known limits
- A number is reported only where all that the weight decay can be is 1 or more.
- `False` is a decay of 0.0, as it reads, and not reported.
- A Cell of the project's own, and a schedule, are taken to compute a decay.
- What MindSpore refuses is MSO135.

## References
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.nn.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.domain.shapes import Choice
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.arguments import asked, wrong_one
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(36, "ms-suspicious-weight-decay", Severity.WARNING, (Construction,))
def suspicious_weight_decay(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    if fact.optimizer.is_wrapper:
        return
    for found in asked(fact, settings, "weight_decay", "weight_decay"):
        wrong = wrong_one(found, lambda choice: _doubt(fact, choice))
        if wrong is not None:
            choice, words = wrong
            message = f"{found.where} of {fact.short} {words}"
            yield at(
                fact, found.location, message, (choice.location, "the weight decay"), (fact.location, "the optimizer")
            )


def _doubt(fact: Construction, choice: Choice) -> Optional[str]:
    value = choice.value
    if choice.kind == "constant" and value is True:
        return "is True, which is taken as 1.0: write the number that is meant"
    if choice.kind == "constant" and isinstance(value, (int, float)) and value >= 1:
        return f"is {value!r}, which pulls the parameters to 0 more than it trains them: write a number such as 1e-4"
    if choice.kind == "cell" and choice.library and fact.family == NN:
        return (
            f"is {choice.words}, which is given the number of the step and grows with it: write a number such as 1e-4"
        )
    return None
