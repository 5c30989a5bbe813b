"""A group has a key that the optimizer does not know, and it stops.

## What it does
Finds a key in a group that is none of `params`, `lr`, `weight_decay`, `order_params` and `grad_centralization`.
Also finds a `grad_centralization` that is not True or False, and with `experimental.optim` a key that is no string.

## Why is this bad?
`mindspore.nn` refuses the group. In a group the rate is called `lr`, although the optimizer calls it `learning_rate`.
Hyper-parameters such as `momentum` or `betas` cannot be set for a group.

## How MindSpore behaves
- KeyError, `"For 'Optimizer', the key in group params must be one of in ['params', 'lr', 'weight_decay',
  'order_params', 'grad_centralization'], but got ['learning_rate']."`
- `'grad_centralization': 1`: TypeError, `For 'Optimizer', the 'gradients_centralization' must be bool type, but got
  <class 'int'>.`

It is the same in MindSpore 2.0.0 to 2.10.0. `experimental.optim` and `mint.optim` ignore such a key without a word:
that is MSO126. But with a key that is no string the first step of `experimental.optim` raises TypeError (2.7.0 to
2.10.0), `'<' not supported between instances of 'int' and 'str'`.

## Example
```python
from mindspore import nn


def group(layer, rate):
    return {"params": layer.trainable_params(), "learning_rate": rate}


backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
groups = [
    {"params": backbone.trainable_params()},
    group(head, 0.1),
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Use instead
```python
from mindspore import nn


def group(layer, rate):
    return {"params": layer.trainable_params(), "lr": rate}


backbone, head = nn.Dense(4, 8), nn.Dense(8, 2)
net = nn.SequentialCell(backbone, head)
groups = [
    {"params": backbone.trainable_params()},
    group(head, 0.1),
    {"order_params": net.trainable_params()},
]
optimizer = nn.Momentum(groups, learning_rate=0.01, momentum=0.9)
```

## Fix safety
If the key is a likely slip (`learning_rate`, `weight_decays`), the message says the right one, and the fix writes it. It
is safe: MindSpore refuses the old key. There is no fix where the group has the right key too, or where the program looks the
old one up somewhere.

## Known limits
- A key that is not a constant is not seen.
- A foreign key that the program takes out of the group before the optimizer gets it is right, and not reported.
- Of the values of the keys only `grad_centralization` is checked here; `lr` is MSO131, `weight_decay` MSO135.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches KeyError.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.domain.values import Const
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import EXPERIMENTAL, NN, Judgement, at, rule
from ms_optim_lint.rules.groups import group_keys, meant, odd_keys, suggestion
from ms_optim_lint.rules.repairs import SAFE, rename_key
from ms_optim_lint.settings import Settings


@rule(16, "ms-unknown-group-key", Severity.ERROR, (Construction,), (NN, EXPERIMENTAL), raises=("KeyError", "TypeError"))
def unknown_group_key(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    short = fact.short
    known = fact.optimizer.group_keys(settings.mindspore_version)
    for key, where in odd_keys(fact):
        message = f"A group of {short} has the key {key}, which is no string, and it raises: take it out"
        yield at(fact, where, message)
    if fact.family != NN:
        return  # other strings are ignored there
    for group, key, entry in group_keys(fact):
        if key not in known:
            hint = suggestion(key, known)
            message = f"A group of {short} has the key '{key}', which it does not know, and it raises: {hint}"
            right = meant(key, known)
            fix = rename_key(entry, key, right, SAFE) if right and right not in group.entries else None
            yield at(fact, entry.key, message, fix=fix)
        elif key == "grad_centralization":
            atom = entry.value.single
            if isinstance(atom, Const) and not isinstance(atom.value, bool):
                message = f"'grad_centralization' of a group is {atom.value!r}, and {short} raises: write True or False"
                yield at(fact, entry.location, message)
