"""Setting this attribute of an optimizer changes nothing.

## What it does
Finds `optimizer.lr = ...`, `optimizer.weight_decay = ...` and `optimizer.loss_scale = ...` after the optimizer was
built, and attributes that are called almost like these or like `learning_rate`.

## Why is this bad?
Nothing fails and nothing changes: the training goes on with the rate, decay and scale that the optimizer was built
with. `lr` is not the rate of any of MindSpore's optimizers, just a new attribute that nobody reads. Decay and scale are
worked into the optimizer when it is built.

## How MindSpore behaves
The weights were compared after two steps, with and without the assignment, before a first step and after it, in PyNative
and in GRAPH mode, on 2.10.0 and a CPU:

- `lr`: no difference with any optimizer of `nn` or `experimental.optim`
- `loss_scale`: no difference, built with 1.0 or with 4.0
- `weight_decay`, `nn` (SGD, Momentum, Adam, RMSProp, Adagrad, Adadelta, AdaMax, ASGD, Rprop, FTRL, ProximalAdagrad)
  built without decay: no difference. Built with a decay, a number that is set before the first step makes that step
  fail, and later it makes no difference.
- `weight_decay`, `experimental.optim`: no difference

Reading the attribute back shows the new value all the same.

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)


def start_epoch(epoch):
    if epoch == 30:
        optimizer.lr = 0.01


start_epoch(30)
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)


def start_epoch(epoch):
    if epoch == 30:
        ops.assign(optimizer.learning_rate, ms.Tensor(0.01, ms.float32))


start_epoch(30)
```

## Fix safety
There is no fix: what works depends on how the optimizer was built.

## Known limits
- Nothing is said where the file reads the attribute somewhere: it may be a note for the program's own use.
- Own subclasses are left alone: they may use the attribute.
- `weight_decay` of `nn` is judged only where no decay was given, neither to the optimizer nor to a group.
- `ops.assign(lars.learning_rate, ...)` on an `nn.LARS` changes nothing either, and is not reported.
- `nn.FTRL` has an attribute `lr` of its own, and is left alone.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.1/api_python/nn/mindspore.nn.Optimizer.html>
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import AttributeWrite
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import EXPERIMENTAL, NN, Judgement, at, rule
from ms_optim_lint.settings import Settings
from ms_optim_lint.spelling import nearest

_KNOWN = frozenset(("lr", "weight_decay", "loss_scale"))
#: What a slip of the pen can mean.
_MEANT = frozenset(("learning_rate", "weight_decay", "loss_scale"))
#: Optimizers of nn that were seen to leave a later decay aside, where they were built without one.
_DECAY = frozenset(
    f"nn.{name}" for name in "SGD Momentum Adam RMSProp Adagrad Adadelta AdaMax ASGD Rprop FTRL ProximalAdagrad".split()
)


@rule(54, "ms-ineffective-attribute", Severity.WARNING, (AttributeWrite,), families=(NN, EXPERIMENTAL))
def ineffective_attribute(fact: AttributeWrite, settings: Settings) -> Iterator[Judgement]:
    construction = fact.construction
    optimizer = construction.optimizer
    if fact.own or fact.read or optimizer.is_wrapper or optimizer.is_base:
        return
    if not optimizer.exists(settings.mindspore_version):
        return
    remedy = "give it when the optimizer is built"
    slip = None
    if fact.name not in _KNOWN:
        slip = nearest(fact.name, optimizer.attributes(settings.mindspore_version))
        if optimizer.has_attribute(fact.name, settings.mindspore_version) is not False or slip not in _MEANT:
            return
    if slip is not None:
        target = fact.text[: -len(fact.name) - 1]
        remedy = (
            f"write ops.assign({target}.{slip}, ...)" if slip == "learning_rate" else f"{slip} is meant, so {remedy}"
        )
    elif fact.name == "lr":
        if optimizer.has_attribute("lr", settings.mindspore_version) is not False:
            return
        target = fact.text[: -len(".lr")] if fact.text.endswith(".lr") else "optimizer"
        rate = f"{target}.learning_rate" if construction.family == NN else f"{target}.param_groups[0]['lr']"
        remedy = f"write ops.assign({rate}, ...)"
    elif fact.name == "weight_decay" and construction.family == NN:
        if not _without_decay(fact):
            return
    elif fact.name == "loss_scale" and any(choice.kind == "unknown" for choice in fact.choices):
        return
    message = f"{fact.text} = ... has no effect on {construction.short}, which trains on as it was built: {remedy}"
    yield at(fact, fact.location, message, (construction.location, "the optimizer"))


def _without_decay(fact: AttributeWrite) -> bool:
    construction = fact.construction
    if construction.optimizer.short not in _DECAY or not construction.complete:
        return False
    given = construction.arguments.get("weight_decay")
    if given is not None and not all(
        choice.kind == "constant" and choice.value == 0 for choice in given.choices if fact.can(choice.when)
    ):
        return False
    if any(choice.kind not in ("constant", "number") for choice in fact.choices):
        return False
    return not any(
        params.kind != "list"
        and (
            params.kind != "groups"
            or params.open
            or any(group.open or "weight_decay" in group.entries for group in params.groups)
        )
        for params in construction.params
    )
