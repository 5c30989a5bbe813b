"""There is nothing for the optimizer, or for a group, to train.

## What it does
Finds an optimizer whose parameters are `None` or certainly empty. With `mindspore.nn` also a group whose `params` are
`None` or certainly empty: a list that nothing was added to, a filter that can keep nothing.

## Why is this bad?
MindSpore refuses an optimizer without parameters. Most often a filter asks for a name that no parameter has, or a
list was filled under another name.

## How MindSpore behaves
| given | `nn` | `experimental.optim`, `mint.optim` |
|---|---|---|
| `[]` | ValueError | ValueError |
| `None` | ValueError | ValueError; `mint.optim.SGD`: TypeError |
| a group with `'params': []` | ValueError | nothing is raised, the group stays empty |
| a group with `'params': None` | ValueError | TypeError (not reported by this rule) |

The messages:

- `For 'Optimizer', the argument parameters must not be empty.` (`params` instead of `parameters` in the other families)
- `For 'Optimizer', the argument parameters can not be None.`
- ``For 'Optimizer', the argument group `params` must not be empty.``
- ``For 'Optimizer', the argument group `params` can not be None.``

It is the same in MindSpore 2.0.0 to 2.10.0.

## Example
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Dense(4, 8)
        self.classifier = nn.Dense(8, 2)

    def construct(self, x):
        return self.classifier(self.backbone(x))


net = Net()
head = [p for p in net.trainable_params() if p.name.startswith("head.")]
optimizer = nn.Adam(head, learning_rate=1e-3)
```

## Use instead
```python
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Dense(4, 8)
        self.classifier = nn.Dense(8, 2)

    def construct(self, x):
        return self.classifier(self.backbone(x))


net = Net()
head = [p for p in net.trainable_params() if p.name.startswith("classifier.")]
optimizer = nn.Adam(head, learning_rate=1e-3)
```

## Fix safety
There is no fix. Only you know which parameters were meant.

## Known limits
- A network of which all is frozen counts where it is known in full, and the freezing is in sight.
- "Empty" has to be certain on every way through the program. A list that is filled under an `if` is not reported.
- A filter on a name is judged only where the names of the parameters are known.
- An iterator that was used up before, and so is empty, is MSO114. A list that is made of one is reported here.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches ValueError.

## References
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.nn.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.1/api_python/nn/mindspore.nn.Optimizer.html>
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.domain.sets import is_empty, possible
from ms_optim_lint.domain.shapes import SPENT, Params
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.groups import each_group
from ms_optim_lint.settings import Settings


@rule(11, "ms-empty-params", Severity.ERROR, (Construction,), raises=("ValueError",))
def empty_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    short = fact.short
    given = [p for p in fact.params if fact.can(p.when)]
    if given and all(_is_empty(fact, p, fact.reached) for p in given):
        what = "None" if all(p.kind == "none" for p in given) else "empty"
        if all(p.reason == SPENT for p in given):
            message = _made_of_what_was_read("These parameters", short)
            yield at(fact, fact.params_location, message, (given[0].location, "the list"))
            return
        message = f"The parameters given to {short} are {what}, and it raises: give it net.trainable_params()"
        argument = fact.arguments.get(fact.optimizer.params_keyword or "")
        if argument is not None and argument.text.endswith(".trainable_params()"):
            message = (
                f"{argument.text} is empty, as all of it is frozen, and {short} raises: leave some of it trainable"
            )
        yield at(fact, fact.params_location, message)
    if fact.family != NN:
        return  # the other families accept an empty group
    for group, here in each_group(fact):
        inner = [p for p in group.params if fact.logic.meet(p.when, here)]
        if inner and not group.open and all(_is_empty(fact, p, here) for p in inner):
            what = "None" if all(p.kind == "none" for p in inner) else "certainly empty"
            message = (
                f"The 'params' of this group are {what}, and {short} raises: leave the group out, or mend its filter"
            )
            if all(p.reason == SPENT for p in inner):
                message = _made_of_what_was_read("The 'params' of this group", short)
            yield at(fact, group.entries["params"].location, message)


def _made_of_what_was_read(what: str, short: str) -> str:
    return (
        f"{what} are taken from an iterator that was read before, so there are none, and {short} raises: make the iterator "
        "a list before it is read, with list(...)"
    )


def _is_empty(fact: Construction, params: Params, given: int) -> bool:
    if params.kind == "none":
        return True
    given = fact.logic.both(given, params.when)
    if params.kind != "list" or params.open or params.wrong or fact.logic.meet(given, params.consumed):
        return False
    if fact.guarded:
        return False
    return possible(fact.logic, given) and is_empty(fact.logic, params.parts, given)
