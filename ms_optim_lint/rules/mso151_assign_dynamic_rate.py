"""A rate that changes by itself cannot be assigned to.

## What it does
Finds `ops.assign` to, or `set_data`, `data`, `asnumpy`, `value`, `item` and the like of, `optimizer.learning_rate`,
where the optimizer of `mindspore.nn` was built with a list of rates, a 1-D tensor or a schedule.

## Why is this bad?
`learning_rate` is then no Parameter but a Cell that computes the rate of each step. The run fails when the rate is to
be changed: often only after many epochs.

## How MindSpore behaves
- `ops.assign(...)`, a list or a 1-D tensor: TypeError, `Failed calling Assign with "Assign()(variable=<class
  'mindspore.nn.optim.optimizer._IteratorLearningRate'>, value=Tensor)".`
- `ops.assign(...)`, a schedule: the same with `<class 'mindspore.nn.learning_rate_schedule.CosineDecayLR'>`
- `.set_data(...)`, `.asnumpy()`, `.data`: AttributeError, `The '_IteratorLearningRate' object has no attribute
  'set_data'.`

So it is in 2.7.0 to 2.10.0. In 2.0.0 `ops.assign` itself returns; the TypeError (`For 'Assign', the 1th input variable
can not be implicitly converted. ...`) comes with the next thing that waits for the device. With one number as the rate
all of these work.

## Example
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
rates = nn.cosine_decay_lr(0.001, 0.1, total_step=100, step_per_epoch=10, decay_epoch=10)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=rates, momentum=0.9)


def lower_rate(new_rate):
    ops.assign(optimizer.learning_rate, ms.Tensor(new_rate, ms.float32))


lower_rate(0.0001)
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)


def lower_rate(new_rate):
    ops.assign(optimizer.learning_rate, ms.Tensor(new_rate, ms.float32))


lower_rate(0.0001)
```

## Fix safety
There is no fix: either the schedule says all, or the rate is one number that the program changes.

## Known limits
- The rate has to be known. One that is a list on one way through the program, and reaches the change, is reported.
- Behind `if not optimizer.dynamic_lr` nothing is said.
- `optimizer.learning_rate = ...` is MSO153, and `float(optimizer.learning_rate)` is MSO157. The callback
  `LearningRateScheduler` is MSO156.
- If groups have rates of their own, it is MSO152.
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

_KINDS = {"list": "a list of rates", "tensor": "a tensor of rates", "schedule": "a schedule"}


@rule(
    51, "ms-assign-dynamic-rate", Severity.ERROR, (RateChange,), families=(NN,), raises=("TypeError", "AttributeError")
)
def assign_dynamic_rate(fact: RateChange, settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction
    if fact.element or fact.can(construction.group_rate()):
        return  # rule 52
    for rate in construction.rates:
        if rate.kind in _KINDS and fact.can(rate.when):
            what = "ops.assign to" if fact.how == "assign" else f".{fact.how} of"
            message = (
                f"The rate of this {construction.short} is {_KINDS[rate.kind]}, so {what} its learning_rate raises: "
                "build the optimizer with one number, or put the change into the schedule"
            )
            yield at(
                fact, fact.location, message, (rate.location, "the rate"), (construction.location, "the optimizer")
            )
            return
