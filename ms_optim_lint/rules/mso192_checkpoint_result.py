"""There is no state to be had from `save_checkpoint`, and an optimizer cannot be pickled.

## What it does
Finds the result of `mindspore.save_checkpoint(...)` where it is used as a state: loaded into a network or an optimizer,
indexed, or asked for an attribute. And it finds an optimizer that is given to `pickle.dump`, `pickle.dumps`, `torch.save`
or `copy.deepcopy`, alone or in a dict or list.

## Why is this bad?
`save_checkpoint` writes a file and returns None. A Cell holds operators that cannot be pickled. The run fails there:
often after the first epoch.

## How MindSpore behaves
- `load_param_into_net(optimizer, None)`: TypeError, `For 'load_param_into_net', the argument 'parameter_dict' should be a
  dict, but got <class 'NoneType'>.`
- `load_checkpoint(None)`: TypeError, `For 'load_checkpoint', the argument 'ckpt_file_name' must be string, but got <class
  'NoneType'>.`
- an attribute or an item of it: AttributeError or TypeError, as of any None
- `pickle.dumps(optimizer)`: TypeError, `cannot pickle 'AssignAdd' object`; `copy.deepcopy(optimizer)`: TypeError, `cannot
  pickle 'Map' object`. So it is with all optimizers of `nn`, `experimental.optim` and `mint.optim` that were tried.

So it is in 2.0.0, 2.7.0 and 2.10.0. `pickle.dumps(optimizer.state_dict())` works in 2.7.0 and later. `torch.save` pickles,
too; that was read, not run.

## Example
```python
import mindspore as ms
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
state = ms.save_checkpoint(optimizer, "optimizer.ckpt")


def go_back():
    ms.load_param_into_net(optimizer, state)


go_back()
```

## Use instead
```python
import mindspore as ms
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
ms.save_checkpoint(optimizer, "optimizer.ckpt")


def go_back():
    ms.load_param_into_net(optimizer, ms.load_checkpoint("optimizer.ckpt"))


go_back()
```

## Fix safety
There is no fix: the state has to come from a file.

## Known limits
- A result that is only kept, printed or returned is not reported.
- `torch.load` and `pickle.load` are not judged: what they read may be a state of its own.
- Own subclasses that say how they are copied or pickled are left alone.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches the error.

## References
- mindspore.save_checkpoint:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.save_checkpoint.html>
- mindspore.load_param_into_net:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.load_param_into_net.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import CheckpointUse
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(92, "ms-checkpoint-result", Severity.ERROR, (CheckpointUse,), raises=("TypeError", "AttributeError"))
def checkpoint_result(fact: CheckpointUse, settings: Settings) -> Iterator[Judgement]:
    if fact.construction is None:
        message = f"save_checkpoint returns None, so using {fact.text} raises: read the state with mindspore.load_checkpoint(...)"
        yield at(fact, fact.location, message, (fact.source, "the None"))
    elif fact.construction.optimizer.exists(settings.mindspore_version):
        message = (
            f"{fact.text} raises, since {fact.construction.short} cannot be pickled: save it with "
            "mindspore.save_checkpoint(optimizer, ...)"
        )
        yield at(fact, fact.location, message, (fact.construction.location, "the optimizer"))
