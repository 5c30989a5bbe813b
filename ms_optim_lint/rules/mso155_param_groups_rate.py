"""Setting the rate of a group changes nothing, unless it is a float that nothing else steers.

## What it does
Finds `optimizer.param_groups[i]['lr'] = ...` of an optimizer of `experimental.optim` where what is set is a Tensor, a
Parameter or an int, `*= 0.1` and the like too; and where it is a float, but a scheduler holds the optimizer, or the steps are
compiled: in GRAPH mode, or under `mindspore.jit`.

## Why is this bad?
Nothing fails. The rate of a group is a Parameter, and the optimizer keeps a second reference to it, which is what it
trains with. Only a Python float in the group goes before that. `param_groups[i]['lr'] * 0.1` is a Tensor, so the change
is lost, though reading it back shows the new value. And once a float is there, it stays: the scheduler goes on to
change the Parameter, which nobody reads any more.

## How MindSpore behaves
How far the weights move in the next step, 2.7.0 and 2.10.0, CPU, all eleven optimizers, before a first step and after it:

- a Tensor, a Parameter, an int, `*= 0.01`: as far as without the change, in PyNative mode, in GRAPH mode and with
  `mindspore.jit`
- a float: by the new rate in PyNative mode (`ASGD` and `Rprop` look at the rate in the first step only)
- a float after a first step, in GRAPH mode or where the step is a function under `mindspore.jit` (SGD and Adam, 2.10.0): as
  far as without the change; before the first step, by the new rate
- a float, then `StepLR.step()`: by the float, whatever the scheduler says
- `ops.assign(optimizer.param_groups[i]['lr'], ...)`: by the new rate, in all modes

A scheduler that is built after a float was set raises AttributeError, `'float' object has no attribute 'value'`.

## Example
```python
from mindspore import nn
from mindspore.experimental import optim

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = optim.SGD(net.trainable_params(), lr=0.1, momentum=0.9)


def lower_rate(factor):
    for group in optimizer.param_groups:
        group["lr"] *= factor


lower_rate(0.1)
```

## Use instead
```python
from mindspore import nn, ops
from mindspore.experimental import optim

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = optim.SGD(net.trainable_params(), lr=0.1, momentum=0.9)


def lower_rate(factor):
    for group in optimizer.param_groups:
        ops.assign(group["lr"], group["lr"] * factor)


lower_rate(0.1)
```

## Fix safety
There is no fix: a value that has the wrong type for `ops.assign` would raise.

## Known limits
- Other keys of a group are not judged: most of them work.
- `group['lr'] *= 0.1` is left alone where the file sets a rate in another way, too: after a float it works.
- A float beside a scheduler is reported only where it is set in some passes of a loop, and something calls `.step()`: a
  program that sets it in every step steers the rate itself.
- Optimizers of `mint.optim` and own subclasses are left alone.

## References
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.domain.shapes import Choice
from ms_optim_lint.facts import GroupWrite
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import EXPERIMENTAL, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(55, "ms-param-groups-rate", Severity.WARNING, (GroupWrite,), families=(EXPERIMENTAL,))
def param_groups_rate(fact: GroupWrite, settings: Settings) -> Iterator[Judgement]:
    optimizer, short = fact.construction.optimizer, fact.construction.short
    if not optimizer.exists(settings.mindspore_version):
        return
    for choice in fact.choices:
        if not fact.can(choice.when):
            continue
        what = _ignored(choice)
        if what:
            problem = f"{what} in {fact.text} has no effect on {short}, which trains with the rate that it had"
        elif _is_float(choice) and fact.varying and fact.stepped and fact.can(fact.scheduled):
            problem = f"A float in {fact.text} takes the rate of this {short} out of its scheduler's hands for good"
        elif _is_float(choice) and fact.compiled:
            problem = f"The steps of this {short} are compiled, so a float in {fact.text} does nothing after the first"
        else:
            continue
        message = f"{problem}: write ops.assign({fact.text}, ...)"
        yield at(fact, fact.location, message, (fact.construction.location, "the optimizer"))
        return


def _ignored(choice: Choice) -> str:
    """What is not looked at, in words; nothing for what is, or may be."""
    if choice.kind in ("tensor", "parameter"):
        return f"A {choice.kind.capitalize()}"
    return f"{choice.words}, an int," if choice.kind == "constant" and isinstance(choice.value, int) else ""


def _is_float(choice: Choice) -> bool:
    return choice.kind == "number" or choice.kind == "constant" and isinstance(choice.value, float)
