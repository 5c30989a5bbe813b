"""A parameter is given to the optimizer twice.

## What it does
Finds a parameter that is in two groups, twice in one group, or twice in a list without groups.

## Why is this bad?
MindSpore takes each parameter once. It stops when the optimizer is built.

## How MindSpore behaves
- `nn`, two groups or one group: RuntimeError, `For 'Optimizer', the head.weight parameter already exists, it does not
  support repeated setting. Please check whether the optimizer parameter has been set multiple times.`
- `nn` and `experimental.optim`, a list without groups: ValueError, `The value Parameter (name=accum.0.weight, ...) ,
  its name 'accum.0.weight' already exists. Please set a unique name for the parameter.` The name may be that of a state
  of the optimizer (`accum`, `moment1`, ...).
- `experimental.optim`, two groups: ValueError, `some parameters appear in more than one parameter group.`

It is the same in MindSpore 2.0.0 to 2.10.0 (`experimental.optim`: 2.7.0 to 2.10.0).

## Example
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Dense(4, 8)
        self.head = nn.Dense(8, 2)

    def construct(self, x):
        return self.head(self.backbone(x))


net = Net()
head = net.head.trainable_params()
groups = [
    {"params": net.trainable_params()},
    {"params": head, "lr": 0.1},
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Use instead
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Dense(4, 8)
        self.head = nn.Dense(8, 2)

    def construct(self, x):
        return self.head(self.backbone(x))


net = Net()
head = net.head.trainable_params()
groups = [
    {"params": net.backbone.trainable_params()},
    {"params": head, "lr": 0.1},
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Fix safety
There is no fix: which of the two groups is meant cannot be known. Most often one group has to be "all others":
`[p for p in net.trainable_params() if id(p) not in ids]`, with `ids = {id(p) for p in head}`. Do not write
`p not in head`: that compares the values of the parameters.

## Known limits
- Two groups are compared where both are known as parts of one network. What is not certainly the same is not reported.
- Two filters on names overlap certainly only where one includes the other, or where the names are known.
- A group of `nn` that is an iterator is lost before MindSpore compares: that is MSO113.
- Two parameters that are different but have the same name are MSO125.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches RuntimeError or ValueError.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ms_optim_lint.domain.logic import NEVER, Condition
from ms_optim_lint.domain.sets import overlap, parts_of, possible, repeated, share
from ms_optim_lint.domain.shapes import Group, Params, Part
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.groups import groups_of, some_of
from ms_optim_lint.settings import Settings


class _Pair(NamedTuple):
    """Two groups that overlap, and the names of what is in both where they are known."""

    one: Group
    other: Group
    names: list[str]


@rule(15, "ms-overlapping-params", Severity.ERROR, (Construction,), raises=("RuntimeError", "ValueError"))
def overlapping_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    yield from list(_overlaps(fact, fact.params)) or _overlaps(fact, fact.in_part)


def _overlaps(fact: Construction, alternatives: Iterable[Params]) -> Iterator[Judgement]:
    short = fact.short
    for params in alternatives:
        given = fact.logic.both(fact.reached, params.when)
        if given == NEVER:
            continue
        if params.kind == "list" and not params.wrong and repeated(fact.logic, params.parts, given):
            message = f"A parameter is in this list twice, and {short} raises: give each parameter once"
            yield at(fact, fact.params_location, message)
        if params.kind == "groups":
            yield from _between_groups(fact, params)


def _between_groups(fact: Construction, params: Params) -> Iterator[Judgement]:
    seen: list[tuple[Group, tuple[Part, ...]]] = []
    pairs: list[_Pair] = []
    short = fact.short
    for group, here in groups_of(fact, params):
        if "params" not in group.entries:
            continue
        where = group.entries["params"].location
        parts = None if _vanishes(fact, group) else parts_of(fact.logic, group.params, here)
        if parts is None or group.many:
            continue
        if repeated(fact.logic, parts, here):
            yield at(fact, where, f"A parameter is in this group twice, and {short} raises: give each parameter once")
            continue
        # Of what is known in part, a set that looks empty may hold others.
        meet = share if any(inner.in_part for inner in group.params) else overlap
        for other, others in seen:
            together = fact.logic.both(here, other.when)
            if together != NEVER and possible(fact.logic, together) and meet(fact.logic, others, parts, together):
                pairs.append(_Pair(group, other, _in_both(fact, others, parts, together)))
        seen.append((group, parts))
    while pairs:
        group = _commonest(pairs, [one for one, _ in seen])
        meant = [pair for pair in pairs if group in pair]
        twins = [pair.one if pair.other is group else pair.other for pair in meant]
        names = some_of(list(dict.fromkeys(name for pair in meant for name in pair.names)))
        pairs = [pair for pair in pairs if group not in pair]
        message = (
            f"Parameters of this group{f' ({names})' if names else ''} are in "
            f"{'other groups' if len(twins) > 1 else 'another group'} too, and {short} raises: "
            "let each parameter be in one group only"
        )
        places = [(other.entries["params"].location, "the other group") for other in twins]
        yield at(fact, group.entries["params"].location, message, *places)


def _commonest(pairs: list[_Pair], groups: list[Group]) -> Group:
    """The group that overlaps most others: that is the one that is wrong. Of several the last."""
    return max(reversed(groups), key=lambda group: sum(group in pair for pair in pairs))


def _in_both(fact: Construction, others: tuple[Part, ...], parts: tuple[Part, ...], given: Condition) -> list[str]:
    """The names of what is in both, where these are known."""
    there = {part.term for part in others if fact.logic.implies(given, part.when)}
    names = [part.name for part in parts if part.name and part.term in there and fact.logic.implies(given, part.when)]
    return list(dict.fromkeys(names))


def _vanishes(fact: Construction, group: Group) -> bool:
    """An iterator's parameters are lost before nn compares them: that is another rule's mistake."""
    return fact.family == NN and any(inner.container == "iterator" for inner in group.params)
