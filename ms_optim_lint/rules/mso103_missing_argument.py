"""An argument that the optimizer needs is not given.

## What it does
Finds an optimizer that is built without an argument that has no default: `nn.Momentum` without `learning_rate` or
`momentum`, `nn.Lamb` without `learning_rate`, SGD of `experimental.optim` or `mint.optim` without `lr`, any without its
parameters.

## Why is this bad?
The program stops there. Most optimizers have a default rate, so its absence is easily overlooked in those that have none.

## How MindSpore behaves
- `nn.Momentum(params, 0.1)`: TypeError, `missing a required argument: 'momentum'`
- `nn.Lamb(params)`: TypeError, `missing a required argument: 'learning_rate'`
- `nn.SGD(learning_rate=0.1)`: TypeError, `missing a required argument: 'params'`
- `experimental.optim.SGD(params)`, `mint.optim.SGD(params)`: TypeError,
  `SGD.__init__() missing 1 required positional argument: 'lr'`

It is the same in MindSpore 2.0.0 to 2.10.0 (`experimental.optim` and `mint.optim` 2.7.0 to 2.10.0).

## Example
```python
from mindspore import nn


def build_optimizer(network, rate):
    return nn.Momentum(network.trainable_params(), rate, weight_decay=1e-4)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = build_optimizer(net, 0.1)
```

## Use instead
```python
from mindspore import nn


def build_optimizer(network, rate):
    return nn.Momentum(network.trainable_params(), rate, momentum=0.9, weight_decay=1e-4)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = build_optimizer(net, 0.1)
```

## Fix safety
There is no fix: the value is not known.

## Known limits
- Where something unknown is splatted into the call (`*args`, `**options`), nothing is said.
- Where a keyword is wrong, that is all that is said (MSO101, MSO102): it is often the missing argument.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches TypeError.

## References
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.experimental.optim.SGD:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.SGD.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(3, "ms-missing-argument", Severity.ERROR, (Construction,), raises=("TypeError",))
def missing_argument(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    optimizer, version = fact.optimizer, settings.mindspore_version
    signature = optimizer.signature(version)
    if not fact.complete or not optimizer.exists(version):
        return
    if any(not signature.accepts(keyword.name) for keyword in fact.keywords):
        return
    missing = [name for name in signature.required() if name not in fact.arguments]
    if missing:
        names = " and ".join(f"'{name}'" for name in missing)
        given = ", ".join(f"{name}=..." for name in missing)
        yield at(fact, fact.location, f"{optimizer.short} is built without {names} and raises: add {given}")
