"""A weight decay that MindSpore refuses.

## What it does
Finds a weight decay that the optimizer, or the `weight_decay` of one of its groups, cannot be:

- everywhere: None, a string, a list, a dict, a Tensor, an array, a scalar of numpy other than `float64`, a function, a
  class, a negative number;
- a Cell (a dynamic weight decay) for `nn.SGD`, `nn.LazyAdam`, `nn.AdaFactor`, `experimental.optim` and `mint.optim`;
- an int or a bool for `nn.LazyAdam`, `nn.AdaFactor`, `mint.optim.Adam` and `mint.optim.AdamW`; 1 or more for
  `nn.AdaFactor`.

## Why is this bad?
The program stops when the optimizer is built.

## How MindSpore behaves
- `nn`: TypeError, `For 'Optimizer', the argument 'Weight_decay' must be int, float or Cell.but got <class 'NoneType'>`
- -0.1: ValueError, `For 'Momentum', the 'weight_decay' must be float and must >= 0, but got '-0.1' with type 'float'.`
- a Cell for `nn.SGD`: TypeError, `For 'SGD', dynamic weight decay is currently not supported, the argument
  'weight_decay' or 'weight_decay' set in grouped 'params' must be float or int type.`
- 1 for `nn.LazyAdam`: TypeError, `For 'LazyAdam', the type of 'weight_dacay' should be 'float', but got type 'int'.`
- 1.5 for `nn.AdaFactor`: ValueError, `For 'AdaFactor', the 'weight_decay' must be in range of [0, 1), but got 1.5 ...`
- `experimental.optim`, None: TypeError, `For 'Optimizer', the argument 'Weight_decay' must be int or float.but got
  <class 'NoneType'>`
- 0 for `mint.optim.AdamW`: TypeError, `For 'AdamW', the type of 'weight_decay' should be 'float', but got type 'int'.`

The same in MindSpore 2.0.0 to 2.10.0 (`experimental.optim` and `mint.optim` 2.7.0 to 2.10.0). Measured on CPU.

## Example
```python
import mindspore as ms
from mindspore import nn, ops


class Decay(nn.Cell):
    def construct(self, step):
        return ops.exp(-ops.cast(step, ms.float32)) * 1e-4


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.1, momentum=0.9, weight_decay=Decay())
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops


class Decay(nn.Cell):
    def construct(self, step):
        return ops.exp(-ops.cast(step, ms.float32)) * 1e-4


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9, weight_decay=Decay())
```

## Fix safety
There is no fix. Where the right value can be read off, the message says it.

## Known limits
- Values that are not known are not judged. None, a number, a string, a dict or a list is reported only where all that
  the weight decay can be is wrong: it is often a start value that is replaced.
- ints and bools are right in the other optimizers of `nn` (what a bool does there is MSO136).
- Nothing is said inside `pytest.raises`, nor in a `try` that catches the error.

## References
- mindspore.nn.SGD:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.SGD.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.mint.optim.AdamW:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mint/mindspore.mint.optim.AdamW.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.domain.shapes import Choice
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.arguments import Asked, asked, wrong_one
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings, Version

_NUMBER = "a number such as 0.0 or 1e-4"


@rule(35, "ms-invalid-weight-decay", Severity.ERROR, (Construction,), raises=("TypeError", "ValueError"))
def invalid_weight_decay(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    if fact.optimizer.is_wrapper:
        return
    version = settings.mindspore_version
    for found in asked(fact, settings, "weight_decay", "weight_decay"):
        wrong = wrong_one(found, lambda choice: _remedy(fact, found, choice, version))  # noqa: B023
        if wrong is not None:
            choice, remedy = wrong
            message = f"{fact.short} is given {choice.words} as {found.where}, and it raises: write {remedy}"
            yield at(
                fact, found.location, message, (choice.location, "the weight decay"), (fact.location, "the optimizer")
            )


def _remedy(fact: Construction, found: Asked, choice: Choice, version: Version) -> Optional[str]:
    """What to write instead of a weight decay that is refused; None where it is not."""
    optimizer = fact.optimizer
    refused = optimizer.refuses(version)
    if fact.family != NN and not refused:
        return None  # Nobody could try.
    if choice.kind == "constant":
        return _of_constant(fact, found, choice.value, refused)
    if choice.kind in ("cell", "schedule"):
        everywhere = fact.family != NN or optimizer.short == "nn.SGD"
        refuses = "weight_decay:cell" in refused and (everywhere or not found.grouped)
        return _NUMBER + (" (nn.Momentum takes a Cell)" if optimizer.short == "nn.SGD" else "") if refuses else None
    if choice.kind == "scalar":
        return "float(...) around it"
    if choice.kind == "array" and not choice.rank:
        return None
    return _NUMBER if choice.kind in ("list", "dict", "tensor", "array", "function", "class") else None


def _of_constant(fact: Construction, found: Asked, value: object, refused: frozenset[str]) -> Optional[str]:
    if value is None:
        return "0.0"
    if isinstance(value, str):
        try:
            return repr(float(value))
        except ValueError:
            return _NUMBER
    if not isinstance(value, (int, float)):
        return None
    if value < 0:
        return "a number of 0 or more"
    if found.grouped:
        return None
    if fact.optimizer.short == "nn.AdaFactor" and value >= 1:
        return "a float below 1"
    if isinstance(value, bool):
        return _NUMBER if "weight_decay:int" in refused else None
    if isinstance(value, int) and ("weight_decay:zero" if value == 0 else "weight_decay:int") in refused:
        return f"{value}.0"
    return None
