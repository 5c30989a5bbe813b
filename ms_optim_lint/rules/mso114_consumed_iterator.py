"""An iterator is read a second time, and is empty.

## What it does
Finds an iterator (`filter`, `map`, a generator, `net.get_parameters()`, ...) that an optimizer is given after something
has read it to its end: another optimizer, another group, a loop, `list(...)`, `sum(...)`. With `mindspore.nn` also an
iterator as the `lr` of a group, which MindSpore itself reads twice, and a rate that was read before. And an iterator, read
before or not, a set or `dict.values()` as the weights of a gradient function (`value_and_grad`, `grad`, `GradOperation`).

## Why is this bad?
An iterator gives its items once. The optimizer that comes second gets nothing, and the program stops.

## How MindSpore behaves
The same in 2.0.0 and 2.7.0 to 2.10.0 (`experimental.optim` from 2.7.0 on):

| read before | what happens |
|---|---|
| the parameters of an optimizer of `nn` | ValueError, `For 'Optimizer', the argument parameters must not be empty.` |
| the `params` of a group of `nn` | ValueError, ``For 'Optimizer', the argument group `params` must not be empty.`` |
| the parameters of `experimental.optim` | ValueError, `For 'Optimizer', the argument params must not be empty.` |

The `lr` of a group of `nn` is read to check it, and is empty when its rates are taken. From 2.7.0 on the first step
raises RuntimeError, `For 'Gather', the 'input_indices' should be in the range [0, 0), but got 0`; in 2.0.0 the rate
is 0 without a word.

A gradient function takes its weights as a list or tuple. The call of one with an iterator, a set or `dict.values()`
raises TypeError, `The weights you provided is expected to be a tensor, or a list or tuple.` (2.10.0, in PyNative and in GRAPH
mode). In 2.7.0 it is RuntimeError, `The pointer[tensor] is null.`, and 2.0.0 ends the whole interpreter.

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
weights = (p for p in net.trainable_params() if "weight" in p.name)
print(sum(p.size for p in weights), "weights")
optimizer = nn.Adam(weights, learning_rate=1e-3)
```

## Use instead
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
weights = [p for p in net.trainable_params() if "weight" in p.name]
print(sum(p.size for p in weights), "weights")
optimizer = nn.Adam(weights, learning_rate=1e-3)
```

## Fix safety
There is no fix. Make a list where the iterator is made: `[...]` instead of `(...)`, or `list(...)` around it.

## Known limits
- An iterator that may have been read in part (`next`, a loop with `break`, `any`, `zip`) is not reported.
- What code that the linter cannot follow has read is not known.
- In a group of `experimental.optim` an empty iterator is accepted, and its parameters are not trained: that is MSO113.
- Weights are reported where the gradient function is seen to be called.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches the error.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.1/api_python/nn/mindspore.nn.Optimizer.html>
- Python glossary, iterator: <https://docs.python.org/3/glossary.html#term-iterator>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

from ms_optim_lint.domain.logic import NEVER, Condition
from ms_optim_lint.domain.shapes import Params
from ms_optim_lint.facts import Construction
from ms_optim_lint.facts_training import GradientWeights
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.groups import each_group, each_params
from ms_optim_lint.settings import Settings

_WORDS = {"iterator": "an iterator", "view": "a view of a dict", "set": "a set"}


@rule(
    14,
    "ms-consumed-iterator",
    Severity.ERROR,
    (Construction, GradientWeights),
    raises=("ValueError", "TypeError", "RuntimeError"),
)
def consumed_iterator(fact: Union[Construction, GradientWeights], settings: Settings) -> Iterator[Judgement]:
    if isinstance(fact, GradientWeights):
        message = (
            f"These weights are {_WORDS[fact.kind]}, which a gradient function does not read, and its call raises: "
            "make them a list, with list(...)"
        )
        yield at(fact, fact.location, message, (fact.made, "where they are made"))
        return
    short = fact.short
    for params in fact.params:
        if _was_read(fact, params, params.when):
            message = (
                f"This iterator was read before and is empty now, and {short} raises: make it a list, with list(...)"
            )
            yield at(fact, fact.params_location, message, (params.location, "where it is made"))
    if fact.family == NN:
        yield from _in_groups(fact)
        if settings.mindspore_version >= (2, 7):
            yield from _rates(fact)


def _in_groups(fact: Construction) -> Iterator[Judgement]:
    both = fact.logic.both
    seen: dict[int, Condition] = {}
    for group, inner, when in each_params(fact):
        if inner.container != "iterator":
            continue
        again = both(when, seen.get(inner.number, NEVER)) != NEVER and not group.many
        if again or _was_read(fact, inner, when):
            message = (
                f"This iterator was read before and is empty now, and {fact.short} raises: make it a list, "
                "with list(...)"
            )
            yield at(fact, group.entries["params"].location, message, (inner.location, "where it is made"))
        seen[inner.number] = fact.logic.either(seen.get(inner.number, NEVER), when)


def _was_read(fact: Construction, params: Params, when: Condition) -> bool:
    """Whether the parameters can be an iterator that is used up."""
    if params.container != "iterator" or params.wrong or params.kind not in ("list", "groups"):
        return False
    return fact.can(fact.logic.both(when, params.consumed))


def _rates(fact: Construction) -> Iterator[Judgement]:
    short = fact.short
    for group, here in each_group(fact):
        entry = group.entries.get("lr")
        for choice in entry.choices if entry is not None else ():
            if entry is not None and choice.consumed is not None and fact.logic.meet(here, choice.when):
                message = (
                    f"{short} reads the 'lr' of a group twice, an iterator is empty the second time, and the first step "
                    "raises: give it a list"
                )
                yield at(fact, entry.location, message, (choice.location, "the rates"))
    rate = fact.arguments.get(fact.optimizer.rate_keyword)
    for choice in rate.choices if rate is not None else ():
        if rate is not None and choice.consumed is not None and fact.can(fact.logic.both(choice.when, choice.consumed)):
            message = f"These rates were read before, {short} gets none, and the first step raises: make them a list"
            yield at(fact, rate.location, message, (choice.location, "where they are made"))
