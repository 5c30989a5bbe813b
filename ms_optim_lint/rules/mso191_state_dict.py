"""The state of an optimizer is not what it is in PyTorch.

## What it does
Finds `optimizer.state_dict()['param_groups']` and `['state']`, and `optimizer.load_state_dict(...)`. For a release that does
not have these methods it finds `optimizer.state_dict()`, too. It finds both methods on a scheduler of
`mindspore.experimental.optim` and on a list of rates.

## Why is this bad?
The run fails there. `state_dict()` of an optimizer is that of a Cell: one flat dict of Parameters by their names. It has
no groups and no options. `load_state_dict()` does not find the moments and weights under their names, whatever it is given.

## How MindSpore behaves
- `state_dict()['param_groups']`: KeyError, `'param_groups'`; the same for `'state'`. So it is in 2.7.0 to 2.10.0, for
  `nn`, `experimental.optim` and `mint.optim`.
- `load_state_dict(state)`: RuntimeError, `Error(s) in loading state_dict for Adam: Unexpected key(s) in state_dict:`, with what
  `state_dict()` of the same optimizer gave, with a checkpoint, and (`Missing key(s)`) with an empty dict. So it is in 2.7.0,
  2.8.0 and 2.10.0, with all 30 optimizers of `nn`, `experimental.optim` and `mint.optim` that can be built on a CPU.
  `mindspore.load_param_into_net(optimizer, state)` loads all
- `load_state_dict(state, strict=False)`: raises nothing, and leaves the moments as they are
- `state_dict()` and `load_state_dict()` of a scheduler: AttributeError, `'StepLR' object has no attribute 'state_dict'`, with
  all schedulers of 2.7.0 to 2.10.0
- 2.0.0, `state_dict()`: AttributeError, `The 'SGD' object has no attribute 'state_dict'.`; the same for
  `load_state_dict`

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)


def current_rate():
    return optimizer.state_dict()["param_groups"][0]["lr"]


print(current_rate())
```

## Use instead
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)


def current_rate():
    return optimizer.learning_rate.asnumpy()


print(current_rate())
```

## Fix safety
There is no fix: what to read instead depends on the optimizer and on how it was built.

## Known limits
- `load_state_dict(..., strict=False)` is not reported.
- Of 2.1 to 2.6 it is not known whether the methods exist, and nothing is said of them.
- A dict that the program fills itself (`state['param_groups'] = ...`) is left alone, and so is an own subclass.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches the error.

## References
- mindspore.nn.Cell, state_dict:
  <https://www.mindspore.cn/docs/en/r2.7.0/api_python/nn/mindspore.nn.Cell.html>
- mindspore.save_checkpoint:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.save_checkpoint.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

from ms_optim_lint.facts import AttributeUse, ScheduleUse, StateLoaded, StateRead
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

_RAISES = ("AttributeError", "KeyError", "RuntimeError")


@rule(91, "ms-state-dict", Severity.ERROR, (AttributeUse, ScheduleUse, StateLoaded, StateRead), raises=_RAISES)
def state_dict(
    fact: Union[AttributeUse, ScheduleUse, StateLoaded, StateRead], settings: Settings
) -> Iterator[Judgement]:
    if isinstance(fact, ScheduleUse):
        if fact.name in ("state_dict", "load_state_dict"):
            remedy = "leave it out" if fact.what == "a list of rates" else "save its last_epoch, and build it with that"
            yield at(fact, fact.location, f"{fact.text}: {fact.what} has no '{fact.name}', and this raises: {remedy}")
        return
    construction = fact.construction
    if construction is None or not construction.optimizer.exists(settings.mindspore_version):
        return
    short = construction.short
    where = (construction.location, "the optimizer")
    if isinstance(fact, StateRead):
        # Where it is not known whether a release has the method, the line raises one way or the other.
        if construction.optimizer.has_attribute("state_dict", settings.mindspore_version) is not False:
            rate = "learning_rate" if construction.family == NN else "param_groups"
            message = (
                f"{fact.text}: the state of {short} has no '{fact.key}', and this raises: read the optimizer's {rate}"
            )
            yield at(fact, fact.location, message, where)
    elif isinstance(fact, StateLoaded):
        if construction.optimizer.has_attribute("load_state_dict", settings.mindspore_version):
            target = fact.text.rpartition(".")[0]
            message = (
                f"{fact.text}(...): {short} does not find its moments by their names, and this raises RuntimeError: write "
                f"mindspore.load_param_into_net({target}, ...)"
            )
            yield at(fact, fact.location, message, where)
    elif fact.name in ("state_dict", "load_state_dict"):
        instead = "save_checkpoint" if fact.name == "state_dict" else "load_checkpoint and load_param_into_net"
        release = ".".join(map(str, settings.mindspore_version[:2]))
        message = f"{fact.text}: {short} has no '{fact.name}' in MindSpore {release}, and this raises: use mindspore.{instead}"
        yield at(fact, fact.location, message, where)
