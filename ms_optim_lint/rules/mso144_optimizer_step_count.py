"""An own optimizer does not use the rate that it is given.

## What it does
Finds classes that are derived from `nn.Optimizer` itself, and

- whose step never advances `global_step`, where one is built with a rate that changes (a list, a schedule)
- that use the rate as it was given to `__init__`, instead of `self.get_lr()`, where groups have rates of their own or the
  rate is assigned to later

## Why is this bad?
Nothing fails. In the first case the training goes on with the first rate of the list, or with the schedule's value at step
0, for ever. In the second the groups' rates, and the new rate, are never used. The first mistake is in the example of
MindSpore's own documentation of `nn.Optimizer`.

## How MindSpore behaves
Four steps with the rates [0.1, 0.2, 0.3, 0.4], on a CPU, in PyNative and in GRAPH mode:

- without advancing `global_step`: 0.1 each time on 2.7.0 and 2.10.0 (2.0.0: 0.1, 0.2, 0.3, 0.4, for there `get_lr()`
  itself advances it, and an optimizer that does so too skips every other rate)
- with `self.assignadd(self.global_step, self.global_step_increase_tensor)`, or `self.global_step += 1`: 0.1, 0.2, 0.3, 0.4
  on 2.7.0 and 2.10.0

An optimizer that keeps `self.lr = learning_rate` and uses it: after `ops.assign(optimizer.learning_rate, ...)`, and in a
group with another `lr`, it goes on with the given rate, on 2.0.0, 2.7.0 and 2.10.0.

## Example
```python
from mindspore import nn, ops


class Plain(nn.Optimizer):
    def __init__(self, params, learning_rate):
        super().__init__(learning_rate, params)

    def construct(self, gradients):
        rate = self.get_lr()
        done = True
        for parameter, gradient in zip(self.parameters, gradients):
            done = ops.depend(done, ops.assign_sub(parameter, rate * gradient))
        return done


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = Plain(net.trainable_params(), nn.cosine_decay_lr(0.0, 0.1, 100, 10, 10))
```

## Use instead
```python
from mindspore import nn, ops


class Plain(nn.Optimizer):
    def __init__(self, params, learning_rate):
        super().__init__(learning_rate, params)

    def construct(self, gradients):
        rate = self.get_lr()
        self.assignadd(self.global_step, self.global_step_increase_tensor)
        done = True
        for parameter, gradient in zip(self.parameters, gradients):
            done = ops.depend(done, ops.assign_sub(parameter, rate * gradient))
        return done


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = Plain(net.trainable_params(), nn.cosine_decay_lr(0.0, 0.1, 100, 10, 10))
```

## Fix safety
There is no fix: in a release before 2.2 the added line would be wrong.

## Known limits
- `mindspore-version` 2.1 and older: only the rate as it was given is judged.
- A class of which a base is not in sight, or that defines `get_lr` itself, is left alone. So is one where anything in the
  file, or in that of the class, may advance `global_step`.
- A rate that is a number, and is never assigned to, needs no counting.

## References
- mindspore.nn.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional, Union

from ms_optim_lint.domain.shapes import Group, Rate
from ms_optim_lint.facts import Construction, OwnStep, RateChange
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

_DYNAMIC = {"list": "a list", "tensor": "a tensor", "schedule": "a schedule"}
#: The first release in which ``get_lr`` does not advance ``global_step``.
_NOT_COUNTED = (2, 2, 0)


@rule(44, "ms-optimizer-step-count", Severity.WARNING, (Construction, RateChange), families=(NN,))
def optimizer_step_count(fact: Union[Construction, RateChange], settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction if isinstance(fact, RateChange) else fact
    step = construction.step
    if step is None or not construction.complete:
        return
    if isinstance(fact, RateChange):
        static = bool(construction.rates) and all(rate.kind == "static" for rate in construction.rates)
        if step.raw and fact.how in ("assign", "set_data") and static and not construction.group_rate():
            message = f"a new value of {fact.text} has no effect on {step.name}, {_uses(step)}"
            yield at(fact, fact.location, message, (step.where, "its construct"))
        return
    words = _changing(construction)
    if step.asks and not step.advances and words is not None and settings.mindspore_version >= _NOT_COUNTED:
        message = (
            f"{step.name} never advances global_step, so of {words} it uses the first rate for ever: write "
            "self.assignadd(self.global_step, self.global_step_increase_tensor) in construct"
        )
        yield at(fact, step.where, message, *((place, "built here") for place in fact.places[:1]))
    if step.raw and all(rate.kind == "static" for rate in construction.rates):
        for group in _groups(construction):
            entry = group.entries.get("lr")
            if entry is not None and fact.can(entry.when):
                message = f"the 'lr' of this group has no effect on {step.name}, {_uses(step)}"
                yield at(fact, entry.key, message, (step.where, "its construct"))


def _uses(step: OwnStep) -> str:
    return f"which trains with self.{step.raw} as it was given: use self.get_lr() in construct"


def _changing(construction: Construction) -> Optional[str]:
    """What kind of changing rate it certainly has; None where it may have one that does not change."""
    rates = list(construction.rates)
    words = _kind(rates, construction)
    if words is not None:
        return words
    for group in _groups(construction):
        entry = group.entries.get("lr")
        logic = construction.logic
        if entry is not None and logic.implies(construction.reached, logic.both(group.when, entry.when)):
            words = _kind(list(entry.rate), construction)
            if words is not None:
                return words
    return None


def _kind(rates: list[Rate], construction: Construction) -> Optional[str]:
    here = [rate for rate in rates if construction.can(rate.when)]
    if here and all(rate.kind in _DYNAMIC for rate in here):
        return _DYNAMIC[here[0].kind]
    return None


def _groups(construction: Construction) -> list[Group]:
    """The groups, where there certainly are such."""
    params = [one for one in construction.params if construction.can(one.when)]
    if len(params) != 1 or params[0].kind != "groups":
        return []
    return [group for group in params[0].groups if construction.can(group.when)]
