"""The rate of an optimizer is not always one number.

## What it does
Finds `float(optimizer.learning_rate)`, `optimizer.learning_rate * 0.1`, `'%f' % optimizer.learning_rate` and other uses
as a number, where the rate changes by itself (a list, a 1-D tensor, a schedule) or where groups have rates of their own;
the same for `optimizer.get_lr()` where groups have rates of their own. And it finds a rate that is given a format,
`f"{optimizer.learning_rate:.4f}"` or `f"{optimizer.get_lr():.4f}"`, whatever kind of rate it is.

## Why is this bad?
`learning_rate` is then a Cell that computes the rate of each step, or a tuple with one entry for each parameter. The run
fails when the rate is to be shown: often only at the end of the first epoch.

## How MindSpore behaves
- a list: TypeError, `float() argument must be a string or a real number, not '_IteratorLearningRate'`; a schedule: the
  same with its name, `'CosineDecayLR'`; groups: with `'ParameterTuple'` or `'CellList'`
- arithmetic: TypeError, `unsupported operand type(s) for *: '_IteratorLearningRate' and 'float'`, or `can't multiply
  sequence by non-int of type 'float'`; a comparison: TypeError, `'<' not supported between instances of
  'CosineDecayLR' and 'float'`
- `get_lr()` of groups: `.asnumpy()` and `.item()` raise AttributeError, `'ParameterTuple' object has no attribute
  'asnumpy'`
- with a format: TypeError, `unsupported format string passed to Parameter.__format__`, for one number too

So it is in 2.0.0, 2.7.0 and 2.10.0. Without groups, `get_lr()` gives the rate of the step as a Tensor, however the rate
was given (in 2.0.0 that advances a rate that changes by itself).

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
schedule = nn.CosineDecayLR(min_lr=0.001, max_lr=0.1, decay_steps=100)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=schedule, momentum=0.9)


def log_epoch(epoch):
    print(epoch, "rate", float(optimizer.learning_rate))


log_epoch(1)
```

## Use instead
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
schedule = nn.CosineDecayLR(min_lr=0.001, max_lr=0.1, decay_steps=100)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=schedule, momentum=0.9)


def log_epoch(epoch):
    print(epoch, "rate", float(optimizer.get_lr()))


log_epoch(1)
```

## Fix safety
There is no fix: which rate is meant depends on the groups.

## Known limits
- `.asnumpy()`, `.item()` and the like of `learning_rate` itself are MSO151 and MSO152.
- `print(optimizer.learning_rate)` raises nothing and shows the name of the Cell. It is not reported.
- Behind `optimizer.dynamic_lr`, `optimizer.is_group_lr` and `isinstance(optimizer.learning_rate, ...)` only what is
  possible there is judged.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches the error.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.1/api_python/nn/mindspore.nn.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.domain.logic import ALWAYS
from ms_optim_lint.facts import RateRead
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(57, "ms-read-dynamic-rate", Severity.ERROR, (RateRead,), families=(NN,), raises=("TypeError", "AttributeError"))
def read_dynamic_rate(fact: RateRead, settings: Settings) -> Iterator[Judgement]:
    construction, logic = fact.construction, fact.logic
    if construction.optimizer.is_wrapper:
        return
    grouped, moving = construction.group_rate(), construction.moving_rate()
    raises = {"learning_rate": logic.either(grouped, moving), "get_lr": grouped, "element": moving}[fact.of]
    if fact.how == "scale" and fact.of != "element":  # a tuple can be repeated, a Cell cannot be
        raises = logic.both(raises, moving) if fact.of == "learning_rate" else 0
    if fact.how == "format":
        raises = ALWAYS
    if not fact.can(raises):
        return
    short = construction.short
    if fact.of != "element" and fact.can(grouped):
        what = f"the groups of this {short} have rates of their own, so it has several rates"
        remedy = "look at each, in a loop over optimizer.get_lr()"
    elif fact.of != "get_lr" and fact.can(moving):
        what, remedy = f"the rate of this {short} changes by itself and is a Cell", "read float(optimizer.get_lr())"
        if fact.of == "element":
            remedy = "read optimizer.get_lr(), which has the rates of this step"
    else:
        what, remedy = f"the rate of this {short} has no format of its own", "write float(...) around it"
    message = f"{fact.text} raises: {what}; {remedy}"
    yield at(fact, fact.location, message, (construction.location, "the optimizer"))
