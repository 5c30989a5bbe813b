"""A group that was to have no weight decay gets the optimizer's.

## What it does
Finds groups of which one gives the very `weight_decay` that the optimizer has too, and another one gives none. It is
reported once for an optimizer, at the first group without `weight_decay`.

## Why is this bad?
The groups were made to keep some parameters, most often biases and normalization layers, from being decayed. But a
group without `weight_decay` does not go without: it gets the optimizer's. All groups are decayed alike, and the split
has no effect. Nothing is raised.

## How MindSpore behaves
One step of `nn.SGD` with rate 0.1 and decay 0.1, gradients of 0 and all parameters at 1.0, on 2.10.0 (CPU):

| | weights become | biases become |
|---|---|---|
| the group of biases gives no `weight_decay` | 0.99 | 0.99 |
| it says `'weight_decay': 0.0` | 0.99 | 1.0 |

It is the same with `nn.AdamWeightDecay` and with `experimental.optim.SGD`, and in 2.0.0 and 2.7.0 to 2.10.0.
`experimental.optim.AdamW` decays by 0.01 where it is given no `weight_decay`.

In `nn` it is even worse than no groups at all: an optimizer without groups leaves out the parameters whose names contain
`beta` or `gamma`, one with groups does not.

## Example
```python
from mindspore import nn


def split(network, decay):
    weights = [p for p in network.trainable_params() if "bias" not in p.name]
    biases = [p for p in network.trainable_params() if "bias" in p.name]
    return [
        {"params": weights, "weight_decay": decay},
        {"params": biases},
        {"order_params": network.trainable_params()},
    ]


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.AdamWeightDecay(split(net, 0.01), learning_rate=1e-3, weight_decay=0.01)
```

## Use instead
```python
from mindspore import nn


def split(network, decay):
    weights = [p for p in network.trainable_params() if "bias" not in p.name]
    biases = [p for p in network.trainable_params() if "bias" in p.name]
    return [
        {"params": weights, "weight_decay": decay},
        {"params": biases, "weight_decay": 0.0},
        {"order_params": network.trainable_params()},
    ]


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.AdamWeightDecay(split(net, 0.01), learning_rate=1e-3, weight_decay=0.01)
```

## Fix safety
The fix adds `'weight_decay': 0.0` to the group that gives none. It is unsafe: the training changes. Or give the optimizer no
`weight_decay`: then only the groups that ask for it are decayed (not with `AdamW` of `experimental.optim` and
`mint.optim`).

## Known limits
- The two decays have to be certainly the same: one number, or one and the same variable or attribute. What may be
  different is not reported.
- A group that says 0 is right, and so is an optimizer whose `weight_decay` is 0 at that point.
- If the two groups differ in another key, such as `lr`, they may have been made for that, and nothing is said.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.AdamWeightDecay:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.AdamWeightDecay.html>
- mindspore.experimental.optim.AdamW:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.AdamW.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.domain.logic import NEVER, Condition
from ms_optim_lint.domain.shapes import Choice, Group
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.rules.decay import KEY, own_decays
from ms_optim_lint.rules.groups import each_group, whole
from ms_optim_lint.rules.repairs_groups import add_entry
from ms_optim_lint.settings import Settings


@rule(24, "ms-weight-decay-leak", Severity.WARNING, (Construction,), silences=("ms-grouped-norm-decay",))
def weight_decay_leak(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    decays = own_decays(fact, settings)
    if decays is None:
        return
    giving: list[tuple[int, Group, Condition]] = []
    lacking: list[tuple[int, Group, Condition]] = []
    both, no = fact.logic.both, fact.logic.no
    for number, (group, here) in enumerate(each_group(fact)):
        if group.open or "params" not in group.entries:
            continue
        gives = both(here, group.has(KEY))
        if gives != NEVER:
            giving.append((number, group, whole(fact, group, gives)))
        if gives == NEVER or group.many and both(here, no(group.has(KEY))) != NEVER:
            lacking.append((number, group, whole(fact, group, both(here, no(group.has(KEY))))))
    for number, group, without in lacking:
        for other_number, other, given in giving:
            together = both(without, given)
            if number == other_number and not group.many or together == NEVER:
                continue
            if _alike(group, other) and _is_leak(fact, other, decays, together):
                yield _judgement(fact, group, other)
                return


def _judgement(fact: Construction, group: Group, other: Group) -> Judgement:
    argument = fact.arguments.get(KEY)
    short = fact.short
    value = f" ({argument.text})" if argument is not None and argument.text else ""
    message = (
        f"This group gives no 'weight_decay' and gets that of {short}{value}, the same as the group that gives it, so that "
        "all are decayed alike: add 'weight_decay': 0.0 to the group that is not to be decayed"
    )
    optimizer = argument.location if argument is not None else fact.location
    entry = other.entries[KEY]
    fix = add_entry(group.location, KEY, "0.0") if group is not other else None
    related = ((entry.location, "the other group's"), (optimizer, "the optimizer's"))
    return at(fact, group.location, message, *related, fix=fix)


def _alike(group: Group, other: Group) -> bool:
    """Whether nothing else than the weight decay tells the two apart."""
    mine, theirs = (
        {key: entry for key, entry in one.entries.items() if key not in ("params", KEY)} for one in (group, other)
    )
    return mine.keys() == theirs.keys() and all(mine[key].value == theirs[key].value for key in mine)


def _is_leak(fact: Construction, giving: Group, decays: list[Choice], given: Condition) -> bool:
    """Whether the group's decay is the optimizer's in all that can be, and not always 0."""
    both = fact.logic.both
    some = False
    for mine in giving.entries[KEY].choices:
        for theirs in decays:
            if both(given, both(mine.when, theirs.when)) == NEVER:
                continue
            if not _same(mine, theirs):
                return False
            some = some or _may_decay(fact, mine, both(given, both(mine.when, theirs.when)))
    return some


def _may_decay(fact: Construction, choice: Choice, given: Condition) -> bool:
    """Whether the decay is not certainly 0 there: behind ``if not weight_decay`` it is."""
    if choice.kind == "constant" or choice.term is None:
        return bool(choice.value)
    return fact.logic.meet(given, fact.logic.truthy(choice.term))


def _same(one: Choice, other: Choice) -> bool:
    if one.kind == other.kind == "constant":
        return isinstance(one.value, (int, float)) and one.value == other.value
    return one.term is not None and one.term is other.term
