"""A learning rate that MindSpore takes for something else.

## What it does
Finds, in `mindspore.nn`, a rate that is True or False, a string of digits, a dict of steps and rates, or a list with a
negative rate in it. Also where it is the `lr` of a group.

## Why is this bad?
Nothing is raised at first. The network is trained with a rate that nobody has written: 1.0, the digits of the string, the steps
of the dict. A negative rate makes the loss grow.

## How MindSpore behaves
Two steps of `nn.SGD` with gradients of 1 move a parameter by:

- `learning_rate=True`: 1.0 and 1.0
- `learning_rate='10'`: 1.0 and 0.0. A string is a sequence of its characters, one for each step.
- `learning_rate={0: 0.1, 1: 0.2}`: 0.0 and 1.0. A dict is a sequence of its keys.
- `learning_rate=[0.1, -0.2]`: 0.1 and -0.2. Only the sign of a single number is checked.

The same in MindSpore 2.0.0 to 2.10.0, measured on CPU. When the characters or keys are used up, the next step raises
from 2.7.0 on. For a dict of steps, `nn.piecewise_constant_lr` gives the list that is meant. `nn.FTRL` refuses all of
these: that is MSO131.

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
settings = {"learning_rate": True, "momentum": 0.9}
optimizer = nn.Momentum(net.trainable_params(), **settings)
```

## Use instead
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
settings = {"learning_rate": 0.1, "momentum": 0.9}
optimizer = nn.Momentum(net.trainable_params(), **settings)
```

## Fix safety
There is no fix: the rate that was meant is not known.

## Known limits
- A value is reported only where all that the rate can be is of this kind.
- In a list only constants are looked at. `experimental.optim` and `mint.optim` are not judged: they refuse most of
  these (MSO131).

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.piecewise_constant_lr:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.piecewise_constant_lr.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.domain.shapes import Choice
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.arguments import asked, is_number, wrong_one
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(32, "ms-suspicious-rate", Severity.WARNING, (Construction,), families=(NN,))
def suspicious_rate(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    if fact.optimizer.is_wrapper:
        return
    for found in asked(fact, settings, fact.optimizer.rate_keyword, "lr"):
        wrong = wrong_one(found, _taken_for)
        if wrong is not None:
            choice, message = wrong
            message = f"{fact.short} {message}"
            yield at(fact, found.location, message, (choice.location, "the rate"), (fact.location, "the optimizer"))


def _taken_for(choice: Choice) -> Optional[str]:
    value = choice.value
    if choice.kind == "constant":
        if isinstance(value, bool):
            return f"takes {value} as the rate {float(value)}: write the number that is meant"
        if isinstance(value, str) and value.isdigit() and value.isascii() and len(value) > 1:
            taken = ", ".join(value[:4]) + (", ..." if len(value) > 4 else "")
            return f"takes the characters of {value!r} as the rates of its steps ({taken}): write a number"
    if choice.kind == "dict" and (choice.length or 0) > 1 and all(is_number(key) for key in choice.members):
        taken = ", ".join(map(str, choice.members[:3])) + (", ..." if len(choice.members) > 3 else "")
        return f"takes the keys of the dict as the rates of its steps ({taken}): write nn.piecewise_constant_lr(...)"
    negative = [m for m in choice.members if isinstance(m, (int, float)) and m < 0] if choice.kind == "list" else []
    if negative:
        return f"steps the wrong way with the rate {negative[0]!r} in this list, unnoticed: write rates of 0 or more"
    return None
