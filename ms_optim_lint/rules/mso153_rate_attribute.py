"""The rate of an optimizer cannot be replaced by a Python number, a list or a schedule.

## What it does
Finds `optimizer.learning_rate = ...` with a number, a string, a list, a numpy value or a schedule, for an optimizer of
`mindspore.nn`.

## Why is this bad?
`learning_rate` is a Parameter of the optimizer (or a Cell, where the rate is a list or a schedule), and a Cell lets
nothing else be put in its place. The run fails when the rate is to be changed: often only after many epochs.

## How MindSpore behaves
- the rate is one number: TypeError, `Parameter 'learning_rate' already exists in network, can not assign this type:
  '<class 'float'>' as a parameter.`
- the rate is a list or a schedule: TypeError, `Sub cell 'learning_rate' already exists in network, can not assign this
  type: '<class 'float'>' as a cell.`
- a schedule, where the rate is one number: KeyError, `"For 'insert_child_to_cell', the learning_rate child cell already
  exists in the network.Cannot insert another child cell with the same name."`

So it is in 2.7.0 to 2.10.0. In 2.0.0 the words are others: `For 'Cell', the type of learning_rate must be Parameter or
ParameterTuple, but got float.` Where all groups have rates of their own, nothing is raised there. Nor is it where a
schedule takes the place of a schedule or a list, or a Tensor that of one number.

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)


def lower_rate(epoch):
    optimizer.learning_rate = 0.1 * 0.5**epoch


lower_rate(1)
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)


def lower_rate(epoch):
    ops.assign(optimizer.learning_rate, ms.Tensor(0.1 * 0.5**epoch, ms.float32))


lower_rate(1)
```

## Fix safety
Where a number is assigned, the fix writes `ops.assign(optimizer.learning_rate, ...)`, and imports `ops` if need be. It is
safe where the rate that the optimizer was built with is certainly one number, and unsafe where that is not known.

There is no fix where the rate is a list or a schedule, nor for anything else than a number: a schedule is better given when
the optimizer is built.

## Known limits
- The optimizer has to be known, and what is assigned too.
- Where a group has, or may have, a rate of its own, nothing is said.
- An own subclass that sets `learning_rate` itself, or has an attribute of that name, is left alone.
- `experimental.optim` and `mint.optim` have no `learning_rate`: setting it there is not judged.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches TypeError or KeyError.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.ops.assign:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/ops/mindspore.ops.assign.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.domain.shapes import Choice
from ms_optim_lint.facts import AttributeWrite
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.arguments import is_number
from ms_optim_lint.rules.base import NN, Judgement, Repair, at, rule
from ms_optim_lint.rules.repairs import SAFE, UNSAFE
from ms_optim_lint.rules.repairs_rates import assign
from ms_optim_lint.settings import Settings

_KINDS = {
    "number": "a Python number",
    "text": "a string",
    "list": "a list",
    "array": "a numpy array",
    "scalar": "a number of numpy",
    "schedule": "a schedule",
}


@rule(53, "ms-rate-attribute", Severity.ERROR, (AttributeWrite,), families=(NN,), raises=("TypeError", "KeyError"))
def rate_attribute(fact: AttributeWrite, settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction
    if fact.name != "learning_rate" or _may_have_group_rates(fact):
        return
    for choice in fact.choices:
        if not fact.can(choice.when) or not _is_refused(fact, choice):
            continue
        what = _KINDS.get(choice.kind, choice.words)
        if fact.can(_dynamic(fact)):
            remedy = "give the whole schedule when the optimizer is built"
        elif choice.kind in ("list", "array", "schedule"):
            remedy = "give the rates when the optimizer is built"
        else:
            remedy = f"write ops.assign({fact.text}, mindspore.Tensor(...))"
        message = f"{fact.text} is no plain attribute, and setting it to {what} raises: {remedy}"
        yield at(fact, fact.location, message, (construction.location, "the optimizer"), fix=_fix(fact))
        return


def _fix(fact: AttributeWrite) -> Optional[Repair]:
    """``ops.assign`` takes any number, for a rate that is one."""
    kinds = {rate.kind for rate in fact.construction.rates}
    if not kinds <= {"static", "unknown"} or any(fact.can(c.when) and not _is_number(c) for c in fact.choices):
        return None
    return assign(fact.location, SAFE if kinds <= {"static"} and fact.construction.complete else UNSAFE)


def _is_number(choice: Choice) -> bool:
    return choice.kind == "number" or choice.kind == "constant" and is_number(choice.value)


def _is_refused(fact: AttributeWrite, choice: Choice) -> bool:
    if choice.kind == "constant":
        return isinstance(choice.value, (int, float, str))
    if choice.kind == "schedule":
        known = all(rate.kind == "static" for rate in fact.construction.rates)
        return known and fact.construction.complete
    return choice.kind in _KINDS


def _may_have_group_rates(fact: AttributeWrite) -> bool:
    """Whether a group may have a rate of its own: where all have, ``learning_rate`` is a plain attribute."""
    construction = fact.construction
    return not construction.params or any(
        params.kind != "list"
        and (params.kind != "groups" or params.open or any(one.open or "lr" in one.entries for one in params.groups))
        for params in construction.params
        if fact.can(params.when)
    )


def _dynamic(fact: AttributeWrite) -> int:
    found = 0
    for rate in fact.construction.rates:
        if rate.kind in ("list", "tensor", "schedule"):
            found = fact.logic.either(found, rate.when)
    return found
