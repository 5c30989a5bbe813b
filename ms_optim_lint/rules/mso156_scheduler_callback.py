"""LearningRateScheduler cannot change this rate.

## What it does
Finds a Model that is trained with the callback `LearningRateScheduler` although its optimizer has a list, a tensor, a
schedule or groups with rates of their own, or although the Model has no optimizer. And a `LearningRateScheduler` with
something that cannot be called with two arguments, the rate and the number of the step.

## Why is this bad?
The program stops at the end of the first step. The callback reads the optimizer's rate as one number, calls the
function, and assigns the result.

## How MindSpore behaves
`model.train(...)` and `model.fit(...)` raise when the first step ends:

- a list or a tensor of rates: AttributeError, `The '_IteratorLearningRate' object has no attribute 'asnumpy'.`
- a schedule: AttributeError, `The 'CosineDecayLR' object has no attribute 'asnumpy'.`
- groups with `lr`: AttributeError, `'ParameterTuple' object has no attribute 'asnumpy'`; where one of them is dynamic:
  `The 'CellList' object has no attribute 'asnumpy'.`
- a Model without an optimizer (`Model(nn.TrainOneStepCell(...))`): AttributeError, `'NoneType' object has no attribute
  'learning_rate'`
- a function of one argument: TypeError, `... takes 1 positional argument but 2 were given`
- a number or a list as the function: TypeError, `'list' object is not callable`; a schedule: TypeError, `... takes 2
  positional arguments but 3 were given`

The same in MindSpore 2.0.0, 2.7.0 and 2.10.0, with and without `dataset_sink_mode`.

## Example
```python
import numpy as np
from mindspore import dataset, nn
from mindspore.train import LearningRateScheduler, Model


def halved(rate, step):
    return rate * 0.5 if step % 2 == 0 else rate


net = nn.Dense(4, 2)
optimizer = nn.SGD(net.trainable_params(), learning_rate=nn.CosineDecayLR(0.01, 0.1, 10))
model = Model(net, nn.MSELoss(), optimizer)
samples = {"x": np.ones((4, 4), np.float32), "y": np.zeros((4, 2), np.float32)}
data = dataset.NumpySlicesDataset(samples).batch(2)
model.train(1, data, callbacks=[LearningRateScheduler(halved)], dataset_sink_mode=False)
```

## Use instead
```python
import numpy as np
from mindspore import dataset, nn
from mindspore.train import LearningRateScheduler, Model


def halved(rate, step):
    return rate * 0.5 if step % 2 == 0 else rate


net = nn.Dense(4, 2)
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.1)
model = Model(net, nn.MSELoss(), optimizer)
samples = {"x": np.ones((4, 4), np.float32), "y": np.zeros((4, 2), np.float32)}
data = dataset.NumpySlicesDataset(samples).batch(2)
model.train(1, data, callbacks=[LearningRateScheduler(halved)], dataset_sink_mode=False)
```

## Fix safety
There is no fix: either the schedule or the callback has to go.

## Known limits
- The Model, its optimizer and the callback have to be known. Own subclasses of them are left alone.
- A callback that is bound to a name which nothing reads is left alone: it never changes a rate.
- A Model with an optimizer of `mindspore.experimental` is MSO185.
- With `nn.LARS` nothing is raised: the callback reads 0.0 from it, and what it assigns changes nothing. This is not
  reported.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches the error.

## References
- mindspore.train.LearningRateScheduler:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/train/mindspore.train.LearningRateScheduler.html>
- mindspore.train.Model:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/train/mindspore.train.Model.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

from ms_optim_lint.facts import RateCallback, RateFunction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

_KINDS = {"list": "a list of rates", "tensor": "a tensor of rates", "schedule": "a schedule"}


@rule(
    56,
    "ms-scheduler-callback",
    Severity.ERROR,
    (RateCallback, RateFunction),
    families=(NN,),
    raises=("AttributeError", "TypeError"),
)
def scheduler_callback(fact: Union[RateCallback, RateFunction], settings: Settings) -> Iterator[Judgement]:
    if isinstance(fact, RateFunction):
        message = (
            f"LearningRateScheduler is given {fact.what}, which {fact.trouble}, and the first step raises: "
            "write a function of the rate and the step"
        )
        yield at(fact, fact.location, message)
        return
    construction = fact.construction
    callback = (fact.callback, "the callback")
    if construction is None:
        message = (
            f"{fact.text} is given a LearningRateScheduler, and the model has no optimizer, so the first step raises: "
            "build the Model with optimizer=..."
        )
        yield at(fact, fact.location, message, callback)
        return
    if construction.optimizer.is_wrapper:
        return
    what = "groups with rates of their own" if fact.can(construction.group_rate()) else ""
    for rate in construction.rates:
        if not what and rate.kind in _KINDS and fact.can(rate.when):
            what = _KINDS[rate.kind]
    if what:
        message = (
            f"{fact.text} is given a LearningRateScheduler, and this {construction.short} has {what}, so the first "
            "step raises: build it with one number, or leave the callback out"
        )
        yield at(fact, fact.location, message, callback, (construction.location, "the optimizer"))
