"""A value that is given by position goes to another argument.

## What it does
Finds what looks like a rate as the second positional argument of `nn.Adagrad`, `nn.FTRL` and `nn.ProximalAdagrad`,
whose second argument is not the rate. Finds a small third positional argument of an SGD, which looks like a weight
decay and is the momentum.

## Why is this bad?
Nothing is raised. The network is trained with the default rate 0.001, and the rate that was meant is the start value of
the accumulator. Or it is trained with a momentum of 0.0001 and without weight decay.

## How MindSpore behaves
- `nn.Adagrad(params, accum=0.1, learning_rate=0.001, ...)`, `nn.FTRL(params, initial_accum=0.1, learning_rate=0.001,
  ...)`, `nn.ProximalAdagrad(params, accum=0.1, learning_rate=0.001, ...)`: with `nn.Adagrad(params, 0.5)` the accumulator
  starts at 0.5 and the rate stays 0.001.
- `nn.SGD(params, learning_rate, momentum, dampening, weight_decay, ...)`: `nn.SGD(params, 0.1, 1e-4)` has the momentum
  1e-4. Two steps with gradients of 1 move a parameter by 0.20001, with a weight decay of 0.

The same in MindSpore 2.0.0 to 2.10.0, measured on CPU. SGD of `experimental.optim` and `mint.optim` has the same order.

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Adagrad(net.trainable_params(), 0.05)
```

## Use instead
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Adagrad(net.trainable_params(), learning_rate=0.05)
```

## Fix safety
There is no fix: naming the argument changes the training.

## Known limits
- Nothing is said where the rate (or the weight decay) is given, too, or may come out of `**options`.
- A number counts as a rate, and so does a name with `lr` or `rate` in it; other names do not.
- For SGD, only numbers between 0 and 0.01 count as a weight decay.

## References
- mindspore.nn.Adagrad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.Adagrad.html>
- mindspore.nn.SGD:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.SGD.html>
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ms_optim_lint.facts import Argument, Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.patterns import pattern
from ms_optim_lint.rules.arguments import is_number
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings

_RATE = pattern(r"(?<![a-zA-Z])(?:lr|learning_?rate|rate)(?![a-zA-Z])", re.IGNORECASE)


@rule(5, "ms-positional-rate", Severity.WARNING, (Construction,))
def positional_rate(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    if not fact.complete or fact.optimizer.is_wrapper:
        return
    by_name = {keyword.name for keyword in fact.keywords}
    short = fact.short
    for name in ("accum", "initial_accum"):
        argument = fact.arguments.get(name)
        if argument is not None and name not in by_name and "learning_rate" not in fact.arguments:
            if short in ("nn.Adagrad", "nn.FTRL", "nn.ProximalAdagrad") and _looks_like_rate(argument):
                message = (
                    f"The second argument of {short} is '{name}': {argument.text} is not the rate, which stays 0.001; "
                    f"write learning_rate={argument.text}"
                )
                yield at(fact, argument.location, message)
    argument = fact.arguments.get("momentum")
    if argument is None or "momentum" in by_name or "weight_decay" in fact.arguments or not short.endswith(".SGD"):
        return
    values = [choice.value for choice in argument.choices if fact.can(choice.when)]
    if values and all(is_number(value) and 0 < value < 0.01 for value in values):
        if "mom" not in argument.text.lower():
            message = (
                f"The third argument of {short} is 'momentum': {argument.text} is no weight decay there; "
                f"write weight_decay={argument.text}"
            )
            yield at(fact, argument.location, message)


def _looks_like_rate(argument: Argument) -> bool:
    if _RATE.search(argument.text):
        return True
    written = re.fullmatch(r"[\d.eE+-]+", argument.text) is not None
    return written and all(is_number(choice.value) for choice in argument.choices)
