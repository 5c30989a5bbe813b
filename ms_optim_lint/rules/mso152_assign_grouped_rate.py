"""Groups with rates of their own have no one rate that could be assigned to.

## What it does
Finds `ops.assign` to, or `set_data`, `data`, `asnumpy`, `value`, `item` and the like of, `optimizer.learning_rate`,
where a group of the `mindspore.nn` optimizer has an `lr`. Where one of the rates is a list or a schedule, it finds the same
of an item: `ops.assign(optimizer.learning_rate[0], ...)`.

## Why is this bad?
As soon as one group has an `lr`, `learning_rate` is a tuple with one entry for each parameter. The run fails when the
rate is to be changed: often only after many epochs.

## How MindSpore behaves
- `ops.assign(...)`: TypeError, `Failed calling Assign with "Assign()(variable=Tuple<Tensor, Tensor, Tensor, Tensor>,
  value=Tensor)".`
- `.set_data(...)`, `.asnumpy()`, `.data`: AttributeError, `'ParameterTuple' object has no attribute 'set_data'`

So it is in 2.7.0 to 2.10.0. In 2.0.0 `ops.assign` itself returns; the TypeError (`For 'Assign', the 1th input variable
can not be implicitly converted. ...`) comes with the next thing that waits for the device.
If any of the rates is a list or a schedule, `learning_rate` is a `CellList` of Cells, those of the other groups too, and
the errors name that. Nor can an item of it be assigned to: TypeError, `Failed calling Assign with
"Assign()(variable=<class 'mindspore.nn.optim.optimizer._ConvertToCell'>, value=Tensor)".`; 2.0.0 as above.

`ops.assign(optimizer.learning_rate[i], ...)` works where the rates are numbers. The loop under "Use instead" was run
on 2.10.0: after it, a step moves all parameters by 0.001 times the gradient.

## Example
```python
import mindspore as ms
from mindspore import nn, ops

backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
groups = [
    {"params": backbone.trainable_params(), "lr": 0.01},
    {"params": head.trainable_params(), "lr": 0.1},
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)


def lower_rate(new_rate):
    ops.assign(optimizer.learning_rate, ms.Tensor(new_rate, ms.float32))


lower_rate(0.001)
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops

backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
groups = [
    {"params": backbone.trainable_params(), "lr": 0.01},
    {"params": head.trainable_params(), "lr": 0.1},
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)


def lower_rate(new_rate):
    for rate in optimizer.learning_rate:
        ops.assign(rate, ms.Tensor(new_rate, ms.float32))


lower_rate(0.001)
```

## Fix safety
There is no fix. A loop that gives all groups one rate ends the difference between them. To scale the rates instead,
take each of them once: the parameters of a group share one rate, which is in the tuple several times.
`for rate in {id(rate): rate for rate in optimizer.learning_rate}.values(): ops.assign(rate, rate * 0.1)` does that.

## Known limits
- Groups without `lr` keep one rate, and are not reported.
- Behind `if not optimizer.is_group_lr` nothing is said.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches TypeError or AttributeError.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.ops.assign:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/ops/mindspore.ops.assign.html>
- mindspore.nn.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.1/api_python/nn/mindspore.nn.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import RateChange
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(
    52, "ms-assign-grouped-rate", Severity.ERROR, (RateChange,), families=(NN,), raises=("TypeError", "AttributeError")
)
def assign_grouped_rate(fact: RateChange, settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction
    grouped = construction.group_rate()
    if not fact.can(grouped):
        return
    if fact.element:
        if fact.can(fact.logic.both(grouped, construction.moving_rate())):
            what = f"ops.assign to {fact.text}" if fact.how == "assign" else fact.text
            message = (
                f"A rate of this {construction.short} changes by itself, so its learning_rate holds Cells and {what} "
                "raises: give every group one number, or put the change into the schedule"
            )
            yield at(fact, fact.location, message, (construction.location, "the optimizer"))
        return
    what = "ops.assign to it" if fact.how == "assign" else f".{fact.how} of it"
    message = (
        f"The groups of this {construction.short} have rates of their own, so its learning_rate is a tuple and "
        f"{what} raises: loop over it and assign to each"
    )
    yield at(fact, fact.location, message, (construction.location, "the optimizer"))
