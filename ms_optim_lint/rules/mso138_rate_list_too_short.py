"""A list of rates that is shorter than the training.

## What it does
Finds an optimizer of `mindspore.nn` whose list or tensor of rates, or that of one of its groups, has fewer values than
the steps that the program takes with it.

## Why is this bad?
The training stops in the middle. A list has one rate for each step, not for each epoch.

## How MindSpore behaves
With four rates the fifth step raises RuntimeError, `For 'Gather', the 'input_indices' should be in the range [0, 4),
but got 4, ...`. The same with a tensor, in a group, with `nn.TrainOneStepCell`, in PyNative and in GRAPH mode, in
MindSpore 2.7.0 and 2.10.0 on CPU; with `Model.train` and `Model.fit`, with and without `dataset_sink_mode`, in 2.10.0.
In 2.0.0 the rate is 0 from then on, and nothing is said here.

## Example
```python
import mindspore as ms
from mindspore import nn, ops

epochs, steps = 4, 25
net = nn.Dense(4, 2)
loss_fn = nn.MSELoss()
rates = nn.cosine_decay_lr(min_lr=0.0, max_lr=0.1, total_step=epochs, step_per_epoch=1, decay_epoch=epochs)
optimizer = nn.SGD(net.trainable_params(), learning_rate=rates)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)

for epoch in range(epochs):
    for step in range(steps):
        loss, grads = grad_fn(ops.ones((2, 4)), ops.zeros((2, 2)))
        optimizer(grads)
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops

epochs, steps = 4, 25
net = nn.Dense(4, 2)
loss_fn = nn.MSELoss()
rates = nn.cosine_decay_lr(min_lr=0.001, max_lr=0.1, total_step=2 * epochs * steps, step_per_epoch=steps, decay_epoch=8)
optimizer = nn.SGD(net.trainable_params(), learning_rate=rates)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)

for epoch in range(epochs):
    for step in range(steps):
        loss, grads = grad_fn(ops.ones((2, 4)), ops.zeros((2, 2)))
        optimizer(grads)
```

## Fix safety
There is no fix: how the rate is to go on is not known.

## Known limits
- Both numbers must be known: the length of the list, and the steps, which are those in loops over constant ranges, in
  loops over a dataset of known size, and in `Model.train` and `Model.fit` with one. The size of a `NumpySlicesDataset` is
  known where its arrays are made of constants, that of a `GeneratorDataset` where its source is a list or has a `__len__`
  that can be followed.
- `Model.train` is not counted with callbacks of the project or `EarlyStopping`, with a `sink_size`, nor where the Model
  may leave out steps (`loss_scale_manager`, `amp_level`).
- Steps under conditions, and in loops that may be left early, are not counted. A program that mentions `global_step` is
  left alone: it may set the counter back.
- A list with one rate is MSO139, where that preview rule is on.
- What happens on Ascend was not tried.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches RuntimeError.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.cosine_decay_lr:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.cosine_decay_lr.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts_training import StepsInAll
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.arguments import asked
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(
    38,
    "ms-rate-list-too-short",
    Severity.ERROR,
    (StepsInAll,),
    families=(NN,),
    raises=("RuntimeError",),
    since=(2, 7, 0),
)
def rate_list_too_short(fact: StepsInAll, settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction
    optimizer = construction.optimizer
    if optimizer.is_wrapper or "rate:list" in optimizer.refuses(settings.mindspore_version):
        return
    for found in asked(construction, settings, optimizer.rate_keyword, "lr"):
        kinds = [choice.kind in ("list", "tensor", "array") and choice.rank == 1 for choice in found.choices]
        lengths = [choice.length for choice in found.choices if choice.length is not None and not choice.nested]
        if not kinds or not all(kinds) or len(lengths) != len(kinds):
            continue
        longest = max(lengths)
        if longest == 0 or longest >= fact.count or longest == 1 and settings.preview:
            continue
        rates = "1 rate" if longest == 1 else f"{longest} rates"
        message = (
            f"{found.where} of {construction.short} has {rates}, but it makes {fact.count} steps or more, and step "
            f"{longest + 1} raises (seen on CPU): write one rate for each step"
        )
        places = ((fact.location, "the last step"), (construction.location, "the optimizer"))
        yield at(construction, found.location, message, *places)
        return
