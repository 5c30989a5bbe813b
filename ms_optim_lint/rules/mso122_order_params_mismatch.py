"""`order_params` does not name the same parameters as the groups.

## What it does
Finds an `order_params` that is an iterator, or not a list of Parameters; that names a parameter twice; that certainly
leaves out a grouped parameter or names one that no group holds; that stands alone, without a group. Also a group that
is an iterator, beside `order_params`. For MindSpore before 2.9 (setting `mindspore-version`) also an empty one.

## Why is this bad?
`order_params` has to name each grouped parameter exactly once. Otherwise MindSpore stops when the optimizer is built.

## How MindSpore behaves
- an iterator: TypeError, `object of type 'generator' has no len()`
- `None`: TypeError, `For 'Optimizer', the value of 'order_params' in group parameters should be Iterable type, but got
  <class 'NoneType'>.`
- too few or too many: ValueError, `For 'Optimizer',the length of order parameters must be the same as the length of
  group parameters, but got order parameters' length 4, group parameters' length 2.`
- alone: the same ValueError, with `group parameters' length 0`
- a group that is an iterator: the same ValueError, because the group's parameters are lost
- the right number, but another parameter: ValueError, `'0.weight' is not in list`
- `[]`: the same ValueError up to 2.8; from 2.9 on it is ignored (MSO127)

MindSpore 2.0.0 to 2.10.0. Only `nn` knows `order_params`.

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
groups = [
    {"params": [net.head.weight], "weight_decay": 0.01},
    {"params": [net.head.bias], "weight_decay": 0.0},
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
groups = [
    {"params": [net.head.weight], "weight_decay": 0.01},
    {"params": [net.head.bias], "weight_decay": 0.0},
    {"order_params": net.head.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Fix safety
There is no fix. Most often `net.trainable_params()` is meant, or the same lists as in the groups, added.

## Known limits
- Two sets are compared only where both are known. What may be equal is not reported.
- Of several `order_params` only the last one is judged, because only that one is used.
- The place in the list of groups does not matter; `order_params` may be a list, a tuple or `dict.values()`.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches ValueError or TypeError.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.domain.logic import Condition
from ms_optim_lint.domain.sets import is_empty, parts_of, possible, repeated
from ms_optim_lint.domain.shapes import Group, Params, Part
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.groups import Members, certainly_apart, groups_of, orders_of
from ms_optim_lint.settings import Settings


@rule(
    22, "ms-order-params-mismatch", Severity.ERROR, (Construction,), families=(NN,), raises=("ValueError", "TypeError")
)
def order_params_mismatch(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    found = [judgement for params in fact.params for judgement in _judged(fact, params, settings)]
    if not found:
        known = [params for whole, params in zip(fact.params, fact.in_part) if _of_one_set(whole)]
        found = [judgement for params in known for judgement in _judged(fact, params, settings)]
    yield from found


def _of_one_set(params: Params) -> bool:
    """Whether all groups and the order are taken from the same parameters: what one of them takes, the other one sees too."""
    lists = [inner for group in params.groups for inner in (*group.params, *group.order)]
    parts = [part for inner in lists for part in inner.parts]
    bases = {element.args[0] for part in parts for element in part.elements}
    return len(bases) == 1 and all(part.elements for part in parts)


def _judged(fact: Construction, params: Params, settings: Settings) -> Iterator[Judgement]:
    given = fact.logic.both(fact.reached, params.when)
    orders = orders_of(fact, params, given)
    if orders and not params.open:
        group = orders[-1]  # the last one wins
        if group.has("order_params") != group.when and not fact.logic.meet(given, group.has("order_params")):
            return
        here = fact.logic.both(given, group.when)
        lost = _lost(fact, params, here)
        if lost is not None:
            message = (
                f"This iterator is lost, so that 'order_params' lists more than {fact.short} holds, and it raises: "
                "write list(...) around it"
            )
            yield at(fact, lost.location, message, (group.entries["order_params"].location, "the order"))
            return
        reason = _mismatch(fact, params, group, here, settings)
        if reason:
            yield at(fact, group.entries["order_params"].location, reason, (fact.location, "the optimizer"))


def _lost(fact: Construction, params: Params, given: Condition) -> Optional[Params]:
    """An iterator given to a group: its parameters are lost before the order is compared with them."""
    logic = fact.logic
    for other in params.groups:
        here = logic.both(given, other.when)
        for inner in other.params:
            if inner.container == "iterator" and not inner.wrong and logic.meet(here, inner.when):
                return inner
    return None


def _mismatch(fact: Construction, params: Params, group: Group, given: Condition, settings: Settings) -> str:
    logic = fact.logic
    short = fact.short
    order = [p for p in group.order if logic.meet(p.when, given)]
    if any(p.container == "iterator" for p in order):
        return f"'order_params' is an iterator, and {short} raises: write list(...) around it"
    wrong = {p.number for p in order if p.wrong}
    if (
        wrong
        and 0 not in wrong
        and wrong <= {inner.number for other in params.groups for inner in other.params if inner.wrong}
    ):
        return ""  # it is said where a group is given the same
    if wrong or any(p.kind in ("wrong", "none") for p in order):
        return f"'order_params' is no list of Parameters, and {short} raises: give it net.trainable_params()"
    reasons = [_mismatch_of(fact, params, group, one, logic.both(given, one.when), settings) for one in order]
    return reasons[0] if reasons and all(reasons) else ""


def _mismatch_of(
    fact: Construction, params: Params, group: Group, order: Params, given: Condition, settings: Settings
) -> str:
    """What is wrong with one alternative of the order."""
    logic = fact.logic
    short = fact.short
    parts = parts_of(logic, [order], given)
    if parts is None:
        return ""
    others = [
        g for g, when in groups_of(fact, params) if g is not group and logic.meet(given, when) and "params" in g.entries
    ]
    if order.kind == "list" and not order.in_part and is_empty(logic, parts, given):
        if settings.mindspore_version >= (2, 9) or not possible(logic, given):
            return ""
        return f"'order_params' is empty, and {short} raises before MindSpore 2.9: list every grouped parameter"
    if not others:
        return f"'order_params' is given without any group, and {short} raises: give it the groups too"
    if repeated(fact.logic, parts, given):
        return f"A parameter is in 'order_params' twice, and {short} raises: list each grouped parameter once"
    return _against_groups(fact, others, parts, given, short)


def _against_groups(
    fact: Construction, others: list[Group], order: tuple[Part, ...], given: Condition, short: str
) -> str:
    logic = fact.logic
    grouped: list[Part] = []
    for group in others:
        inner = [p for p in group.params if logic.meet(p.when, given)]
        parts = parts_of(logic, inner, logic.both(given, group.when))
        if parts is None or group.many:
            return ""
        grouped.extend(Part(p.term, logic.both(p.when, group.when), p.elements, p.location) for p in parts)
    listed = Members(order)
    if any(certainly_apart(fact, part, listed, given) for part in grouped):
        return f"'order_params' leaves out grouped parameters, and {short} raises: list every grouped parameter"
    held = Members(grouped)
    if any(certainly_apart(fact, part, held, given) for part in order):
        return f"'order_params' lists parameters that no group holds, and {short} raises: list the grouped ones only"
    return ""
