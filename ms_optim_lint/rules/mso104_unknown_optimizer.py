"""MindSpore has no optimizer or schedule of this name in this module.

## What it does
Finds names of optimizers, schedules and schedulers that are read or imported from a module of MindSpore that does
not have them: `nn.AdamW`, `nn.RMSprop`, `nn.LBFGS`, `nn.StepLR`, `experimental.optim.RMSProp`, `mint.optim.RMSprop`,
`nn.learning_rate_schedule.StepLR`, `from mindspore import optim`. It knows the names of other libraries, and
MindSpore's own in another spelling or from another module.

## Why is this bad?
The import, or the line that uses the name, raises. PyTorch has one module of optimizers, and MindSpore has three, with
different members and different spellings: `nn.RMSProp` and `nn.AdaMax`, but `experimental.optim.RMSprop` and
`experimental.optim.Adamax`.

## How MindSpore behaves
- `nn.RMSprop`: AttributeError, `module 'mindspore.nn' has no attribute 'RMSprop'`
- `from mindspore.nn import AdamW`: ImportError, `cannot import name 'AdamW' from 'mindspore.nn' (...)`
- `nn.learning_rate_schedule.StepLR`: AttributeError,
  `module 'mindspore.nn.learning_rate_schedule' has no attribute 'StepLR'`
- `from mindspore import optim`: ImportError, `cannot import name 'optim' from 'mindspore' (...)`
- `from mindspore.optim import Adam`: ModuleNotFoundError, `No module named 'mindspore.optim'`

It is the same in 2.0.0 and in 2.7.0 to 2.10.0. `experimental.optim` and `mint.optim` are not in 2.0.0. Which names
exist in the release that is set as `mindspore-version` is looked up in MindSpore's own modules, and a name that a later
release brings (`mint.optim.FusedAdamW`: 2.9) is reported for an earlier one. Where a release lacks the whole module, its
import is reported, and nothing that is taken from it.

## Example
```python
from mindspore import nn


def build_optimizer(network, rate):
    return nn.RMSprop(network.trainable_params(), learning_rate=rate)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = build_optimizer(net, 1e-3)
```

## Use instead
```python
from mindspore import nn


def build_optimizer(network, rate):
    return nn.RMSProp(network.trainable_params(), learning_rate=rate)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = build_optimizer(net, 1e-3)
```

## Fix safety
There is no fix: what has nearly the same name may have other arguments and other defaults. `nn.AdamWeightDecay` decays
with 0.0 where PyTorch's `AdamW` decays with 0.01.

## Known limits
- Other names than those of optimizers and of what changes their rate are not judged.
- An import at the top of a file is judged where it always runs, not under `if` or `try`.
- Behind `hasattr(nn, ...)`, or where the program puts the name into the module itself, nothing is said.
- Names that are put together at run time (`getattr(nn, name)`) are not seen.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches AttributeError or ImportError.

## References
- mindspore.nn, Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore.nn.html>
- mindspore.experimental:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore.experimental.html>
- mindspore.mint:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore.mint.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import MissingName
from ms_optim_lint.finding import Severity
from ms_optim_lint.mindspore import missing
from ms_optim_lint.rules.base import Judgement, rule
from ms_optim_lint.settings import Settings


@rule(
    4,
    "ms-unknown-optimizer",
    Severity.ERROR,
    (MissingName,),
    raises=("AttributeError", "ModuleNotFoundError"),
)
def unknown_optimizer(fact: MissingName, settings: Settings) -> Iterator[Judgement]:
    version = settings.mindspore_version
    name = fact.name.rpartition(".")[2]
    first = missing.first_release(fact.name)
    if first is not None:
        here, there = ".".join(map(str, version[:2])), ".".join(map(str, first[:2]))
        what = f"{fact.module} has no '{name}' in MindSpore {here} and this raises"
        remedies = [*missing.instead(fact.name, version), f"a release like {there}, which has it"]
        yield Judgement((fact.location,), f"{what}: use {' or '.join(remedies)}")
        return
    instead = " or ".join(missing.instead(fact.name, version))
    if not instead:
        remedy = "choose one of those that mindspore.nn has"
        if missing.is_scheduler(name):
            remedy = "give the optimizer a list of rates or a schedule such as nn.CosineDecayLR"
    elif missing.is_scheduler(name) and fact.module.startswith("mindspore.nn"):
        remedy = (
            f"write {instead} for an optimizer of experimental.optim, and give one of nn a schedule or a list of rates"
        )
    elif fact.module == "mindspore":
        remedy = "use mindspore.nn or mindspore.experimental.optim"
    else:
        remedy = f"write {instead}"
    yield Judgement((fact.location,), f"{fact.module} has no '{name}' and this raises: {remedy}")
