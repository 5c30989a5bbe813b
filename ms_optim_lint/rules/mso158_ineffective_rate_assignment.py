"""A rate that is replaced between two steps is not the one that the optimizer trains with.

## What it does
Finds `optimizer.learning_rate = Parameter(...)`, `optimizer.learning_rate = Tensor(...)`, `optimizer.learning_rate *= 0.1`
and `optimizer.learning_rate.set_data(...)` of an optimizer of `mindspore.nn`, where a step came before it and another one
comes after it: in the loop that makes the steps, or between two of them.

## Why is this bad?
The step was compiled with the Parameter, and the memory, that the optimizer had at its first step. The training goes on
with the old rate, or with whatever stands in that memory by now. Reading the attribute back shows the new rate.
Before the first step all of these work, which makes it look right.

## How MindSpore behaves
How far the weights moved after the change (CPU; SGD, Momentum, Adam, AdamWeightDecay, RMSProp and Adagrad; own loops,
`TrainOneStepCell`, functions under `mindspore.jit`, `Model` with a callback):

| form, after a first step | GRAPH mode | PyNative mode |
|---|---|---|
| `ops.assign(...)` | new rate | new rate |
| `= Parameter(...)` | old rate (2.0.0 to 2.10.0) | old rate (2.0.0 to 2.10.0) |
| `= Tensor(...)`, `*=`, `set_data` | new rate | 2.0.0: new rate; 2.7.0: the weights became garbage; 2.10.0: old rate |

In GRAPH mode a Parameter counts as soon as the step is compiled again, for a new `Model` or for another shape of input.
In PyNative mode it does so for a new function under `mindspore.jit` only.

## Example
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
loss_fn = nn.MSELoss()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)

for epoch in range(3):
    optimizer.learning_rate = ms.Parameter(0.1 * 0.5**epoch, name="learning_rate")
    loss, grads = grad_fn(ops.ones((2, 4)), ops.zeros((2, 2)))
    optimizer(grads)
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
loss_fn = nn.MSELoss()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)

for epoch in range(3):
    ops.assign(optimizer.learning_rate, ms.Tensor(0.1 * 0.5**epoch, ms.float32))
    loss, grads = grad_fn(ops.ones((2, 4)), ops.zeros((2, 2)))
    optimizer(grads)
```

## Fix safety
The fix writes `ops.assign(optimizer.learning_rate, ...)`, and imports `ops` if need be. A Tensor or a Parameter around a plain
number is left out: `ops.assign` takes the number itself, while it refuses one that has become float64 (TypeError), as
`Tensor(np.cos(1))` is. The fix is safe where the new rate is certainly one number, of a type that `ops.assign` takes. Else it
is unsafe: an array without a type raises there.

There is no fix where several replacements of one rate cannot all be repaired, or the attribute is set beside other names.

## Known limits
- Steps that are made out of sight are not known: methods that somebody else calls, callbacks of a `Model`.
- A Tensor, `*=` and `set_data` are judged from 2.7 on, and only where nothing in sight chooses GRAPH mode or takes the mode
  from an option. A Parameter is judged in a loop that calls the optimizer itself, or where PyNative mode is certain.
- What may be done in the first pass of a loop only (`if epoch == 0`) is left alone, and so is an optimizer whose rate the file
  changes with `ops.assign`, too.
- Rates of groups, schedules and lists, and own subclasses are not judged here.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.ops.assign:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/ops/mindspore.ops.assign.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import RateReplaced
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.repairs_rates import assign_instead
from ms_optim_lint.settings import Settings

#: The first release in which a Tensor does not reach the step, in PyNative mode.
_TENSOR_SINCE = (2, 7)


@rule(58, "ms-ineffective-rate-assignment", Severity.WARNING, (RateReplaced,), families=(NN,))
def ineffective_rate_assignment(fact: RateReplaced, settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction
    if construction.optimizer.is_wrapper or construction.optimizer.is_base or not _is_one_number(fact):
        return
    if fact.how == "parameter":
        judged = fact.eager or fact.looped
    else:
        judged = fact.eager and settings.mindspore_version >= _TENSOR_SINCE
    if not judged:
        return
    rate = fact.text[: -len(".set_data")] if fact.text.endswith(".set_data") else fact.text
    what = f"{fact.text}(...)" if fact.how == "set_data" else f"{fact.text} = a {fact.how.capitalize()}"
    where = "" if fact.how == "parameter" else " in PyNative mode"
    message = (
        f"{what} does not reach {construction.short} after its first step{where}, which trains on without the new "
        f"rate: write ops.assign({rate}, ...)"
    )
    yield at(fact, fact.location, message, (construction.location, "the optimizer"), fix=assign_instead(fact))


def _is_one_number(fact: RateReplaced) -> bool:
    construction = fact.construction
    return (
        construction.complete
        and all(rate.kind == "static" for rate in construction.rates if fact.can(rate.when))
        and all(
            params.kind == "list"
            or params.kind == "groups"
            and not params.open
            and not any(group.open or "lr" in group.entries for group in params.groups)
            for params in construction.params
            if fact.can(params.when)
        )
    )
