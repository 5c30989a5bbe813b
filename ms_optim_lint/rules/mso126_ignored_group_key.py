"""A group has a key that is ignored without a word.

## What it does
Finds a key in a group of `mindspore.experimental.optim` or `mindspore.mint.optim` that the optimizer does not have.

## Why is this bad?
Nothing is raised. The optimizer uses its default instead, so the group is not trained as written. In a group the rate
is called `lr`.

## How MindSpore behaves
These families read only the keys that they know. Measured on 2.10.0: one step of the example moves the head by 0.01
times the gradient, as `lr=0.01` says, not by 0.1 times. Releases from 2.7.0 on, `mint.optim`, and other keys such as
`grad_centralization` behave alike.

In `nn` such a key raises KeyError: that is MSO116.

## Example
```python
from mindspore import nn
from mindspore.experimental import optim


def group(layer, rate):
    return {"params": layer.trainable_params(), "learning_rate": rate}


backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
optimizer = optim.SGD([group(backbone, 0.001), group(head, 0.1)], lr=0.01)
```

## Use instead
```python
from mindspore import nn
from mindspore.experimental import optim


def group(layer, rate):
    return {"params": layer.trainable_params(), "lr": rate}


backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
optimizer = optim.SGD([group(backbone, 0.001), group(head, 0.1)], lr=0.01)
```

## Fix safety
If the key is a likely slip, the message says the right one, and the fix writes it. It is unsafe: with the right key the
training changes. There is no fix where the group has the right key too, or where the program looks the old one up
somewhere.

## Known limits
- An optimizer of the project's own may read keys of its own, and is not judged. Nor is the base class `Optimizer`.
- A key that is not a constant is not seen. One that is no string stops `experimental.optim`: MSO116.
- Keys that only label a group (`name`, `group_name`, `param_names`, `tag`, `label`, `id`) are not reported.
- A key that the program takes out before the optimizer gets the group is not reported. One that it only reads for
  itself, and leaves in the group, is.

## References
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
- mindspore.mint.optim.AdamW:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mint/mindspore.mint.optim.AdamW.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import EXPERIMENTAL, MINT, Judgement, at, rule
from ms_optim_lint.rules.groups import group_keys, meant, odd_keys, suggestion
from ms_optim_lint.rules.repairs import UNSAFE, rename_key
from ms_optim_lint.settings import Settings

#: Keys that are for people to read.
_LABELS = frozenset(("name", "group_name", "param_names", "tag", "label", "id"))


@rule(26, "ms-ignored-group-key", Severity.WARNING, (Construction,), families=(EXPERIMENTAL, MINT))
def ignored_group_key(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    known = fact.optimizer.group_keys(settings.mindspore_version)
    if fact.optimizer.is_base or fact.own:
        return  # an own subclass may read keys of its own
    for key, where in odd_keys(fact) if fact.family == MINT else ():
        message = f"{fact.short} ignores the key {key} of a group without a word: take it out"
        yield at(fact, where, message)
    for group, key, entry in group_keys(fact):
        if key not in known and key not in _LABELS and "params" in group.entries:
            message = (
                f"{fact.short} ignores the key '{key}' of a group without a word, and uses its default: "
                f"{suggestion(key, known)}"
            )
            right = meant(key, known)
            fix = rename_key(entry, key, right, UNSAFE) if right and right not in group.entries else None
            yield at(fact, entry.key, message, fix=fix)
