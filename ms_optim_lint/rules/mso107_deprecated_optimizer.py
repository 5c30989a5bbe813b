"""MindSpore says that this optimizer is deprecated.

## What it does
Finds an optimizer that warns of its own end, from the release on in which it does: `nn.LazyAdam` and `nn.AdamOffload`,
and from 2.10 on `nn.FTRL`, `nn.ProximalAdagrad` and `nn.LARS`.

## Why is this bad?
It still works. A later release may not have it.

## How MindSpore behaves
- `nn.LazyAdam`, `nn.AdamOffload` (2.0.0 to 2.10.0): a warning, `'LazyAdam' is deprecated from version 2.0 and will be
  removed in a future version, use 'nn.Adam' instead.`
- `nn.FTRL`, `nn.ProximalAdagrad`, `nn.LARS` (2.10.0): the same for version 2.9.0, naming nothing to use instead.

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.LazyAdam(net.trainable_params(), learning_rate=1e-3)
```

## Use instead
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Adam(net.trainable_params(), learning_rate=1e-3, use_lazy=True)
```

## Fix safety
There is no fix: another optimizer may train in another way.

## Known limits
Only optimizers are looked at, not schedules. `mindspore-version` says for which release.

## References
- mindspore.nn.LazyAdam:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.LazyAdam.html>
- mindspore.nn.Adam:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.Adam.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

#: What the successor is to be told.
_OPTIONS = {"nn.LazyAdam": "use_lazy=True", "nn.AdamOffload": "use_offload=True"}


@rule(7, "ms-deprecated-optimizer", Severity.CONVENTION, (Construction,), families=(NN,))
def deprecated_optimizer(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    optimizer, version = fact.optimizer, settings.mindspore_version
    successor = optimizer.deprecated(version)
    if successor is None:
        return
    option = _OPTIONS.get(optimizer.short)
    remedy = f"write {successor}({option}, ...)" if successor and option else f"use {successor}" if successor else ""
    since = optimizer.deprecated_since(version)
    message = f"{optimizer.short} is deprecated since MindSpore {since}: {remedy or 'choose another optimizer'}"
    yield at(fact, fact.location, message)
