"""A learning rate that MindSpore refuses.

## What it does
Finds a rate that the optimizer, or the `lr` of one of its groups, cannot be:

- everywhere: None (but for `nn.AdaFactor`), a string, a function, a class, a Cell or another object that is no
  schedule, a negative number, a scalar of numpy other than `float64`, an empty list, a list of lists, a Tensor of two
  dimensions;
- in `experimental.optim` and `mint.optim`: a list, a dict, a schedule, a Tensor of one dimension; 0 where the class
  refuses it; an int or a Tensor for `mint.optim.Adam` and `AdamW`;
- `nn.FTRL`: an int, 0, anything but one float, and groups with a rate of their own;
- `nn.thor`: a number, where a Tensor is needed.

## Why is this bad?
The program stops when the optimizer is built. With an empty list or a list of lists it stops at the first step.

## How MindSpore behaves
- `nn`, None, a function, a class, an object, a Cell, `np.float32(0.1)`: TypeError, `For 'Optimizer', the argument
  'learning_rate' must be int, float, Tensor, Iterable or LearningRateSchedule, but got <class 'function'>.`
- `nn`, `'0.1'`: ValueError, `could not convert string to float: '.'`. A string is read character by character.
- `nn`, -0.1: ValueError, `For 'SGD', the 'learning rate' must be float and must >= 0, but got '-0.1' with type 'float'.`
- `nn`, `[]`: RuntimeError at the first step, `For 'Gather', the 'input_indices' should be in the range [0, 0), but got
  0` (2.7.0 and later; in 2.0.0 the rate is 0, and nothing is said here)
- `nn`, `[[0.1], [0.2]]`: ValueError at the first step, `The object is not callable. Please check code.`
- `nn`, `Tensor([[0.1]])`: ValueError, `For 'Optimizer', if 'learning_rate' is Tensor type, then the dimension of it
  should be 0 or 1, but got 2.`
- `experimental.optim`, a list: TypeError, `For 'SGD', the type of 'lr' should be one of '['float', 'int', 'Tensor']',
  but got type 'list'.`; `Adamax` and others: `'<=' not supported between instances of 'list' and 'float'`
- `experimental.optim.RAdam`, 0.0: ValueError, `For RAdam, the lr must be greater than 0.0, but got 0.0.`
- `mint.optim.AdamW`, 1: TypeError, `For 'AdamW', the type of 'lr' should be 'float', but got type 'int'.`
- `nn.FTRL`, a list: ValueError, `For 'FTRL', dynamic learning rate and group learning rate are currently not supported
  in FTRL, ...`
- `nn.thor`, 0.1: TypeError, `For 'ThorGpu', the type of 'learning rate' should be 'Tensor', but got type 'float'.`

The same in MindSpore 2.0.0 to 2.10.0 (`experimental.optim` and `mint.optim` 2.7.0 to 2.10.0), but for `[]`. Measured on
CPU.

## Example
```python
from mindspore import nn


def rate_at(step):
    return 0.1 / (1 + step)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=rate_at, momentum=0.9)
```

## Use instead
```python
from mindspore import nn


def rate_at(step):
    return 0.1 / (1 + step)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
rates = [rate_at(step) for step in range(100)]
optimizer = nn.Momentum(net.trainable_params(), learning_rate=rates, momentum=0.9)
```

## Fix safety
There is no fix. Where the right rate can be read off, the message says it.

## Known limits
- Values that are not known are not judged. None, a number, a string, a dict or an empty list is reported only where all
  that the rate can be is wrong: it is often a start value that is replaced.
- ints, tuples, generators and `np.float64` are right as the rate of an optimizer of `nn`, and not reported.
- What works and surprises (True, `'10'`, a dict of steps, a negative rate in a list) is MSO132; a list of one is MSO139.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches the error.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.domain.shapes import Choice
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.rules.arguments import Asked, asked, is_number, wrong_one
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings, Version

_STEPS = "a number, a list with one rate for each step, or a LearningRateSchedule"
_ONE = "one number, and change it with a scheduler of experimental.optim.lr_scheduler"


@rule(31, "ms-invalid-rate", Severity.ERROR, (Construction,), raises=("TypeError", "ValueError", "RuntimeError"))
def invalid_rate(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    version = settings.mindspore_version
    short = fact.short
    if fact.params and all(params.kind == "wrong" for params in fact.params):
        return  # The two are given in the wrong order, or all is wrong: MSO118 says so.
    for found in asked(fact, settings, fact.optimizer.rate_keyword, "lr"):
        if found.grouped and "rate:group" in fact.optimizer.refuses(version):
            message = f"{short} takes no rate for a group and raises: leave 'lr' out of the groups"
            yield at(fact, found.location, message, (fact.location, "the optimizer"))
            continue
        wrong = wrong_one(found, lambda choice: _remedy(fact, found, choice, version))  # noqa: B023
        if wrong is not None:
            choice, remedy = wrong
            lists = fact.family == NN and "rate:list" not in fact.optimizer.refuses(version)
            late = lists and (choice.nested or choice.length == 0) and not found.grouped
            words = f"an empty {choice.words.split()[-1]}" if choice.length == 0 else choice.words
            if choice.nested:
                words += " of lists or dicts"
            raises = "the first step raises" if late else "it raises"
            message = f"{short} is given {words} as {found.where}, and {raises}: write {remedy}"
            yield at(fact, found.location, message, (choice.location, "the rate"), (fact.location, "the optimizer"))


def _remedy(fact: Construction, found: Asked, choice: Choice, version: Version) -> Optional[str]:
    """What to write instead of a rate that is refused; None where it is not."""
    optimizer = fact.optimizer
    refused = optimizer.refuses(version)
    if optimizer.is_wrapper:
        number = choice.kind == "constant" and is_number(choice.value)
        return f"Tensor({choice.value!r})" if number and optimizer.wraps == "net" else None
    if fact.family != NN and not refused:
        return None  # Nobody could try.
    if choice.kind == "constant":
        return _of_constant(fact, found, choice.value, refused)
    one = "rate:list" in refused if fact.family == NN else True
    usual = "one float" if one and fact.family == NN else _STEPS if fact.family == NN else _ONE
    if choice.kind == "class":
        name = choice.words.rpartition(" ")[2]
        is_schedule = fact.family == NN and not one and catalogue.is_schedule(f"mindspore.nn.{name}")
        return f"{name}(...)" if is_schedule else usual
    if choice.kind in ("function", "cell"):
        return usual
    if choice.kind == "scalar":
        return "float(...) around it"
    if choice.kind == "list" and choice.length == 0 and not one:
        return usual if version >= (2, 7) else None
    if choice.kind == "dict":
        named = any(isinstance(key, str) and not key.isdigit() for key in choice.members)
        empty = choice.length == 0 and version >= (2, 7)
        return usual if one or named or empty else None
    if choice.kind == "schedule":
        return usual if "rate:schedule" in refused or found.grouped and fact.family != NN else None
    rank = choice.rank
    if choice.kind == "tensor" and rank == 0:
        return "one float" if "rate:tensor" in refused and not found.grouped else None
    if choice.kind in ("list", "tensor", "array") and rank is not None and rank > 0:
        return usual if one or choice.nested or rank > 1 else None
    return None


def _of_constant(fact: Construction, found: Asked, value: object, refused: frozenset[str]) -> Optional[str]:
    if value is None:
        return None if fact.optimizer.short == "nn.AdaFactor" and not found.grouped else "a number"
    if isinstance(value, str):
        if fact.family == NN and (not value or value.isdigit()) and "rate:list" not in refused:
            return None
        try:
            return repr(float(value))
        except ValueError:
            return "a number"
    if isinstance(value, bool):
        return "a number" if "rate:int" in refused and not found.grouped else None
    if isinstance(value, (int, float)):
        if value < 0:
            return "a number above 0"
        if value == 0 and "rate:zero" in refused and not found.grouped:
            return "a number above 0"
        if isinstance(value, int) and "rate:int" in refused and not found.grouped:
            return f"{value}.0"
    return None
