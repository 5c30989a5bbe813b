"""A list with one rate is a rate for one step.

## What it does
Finds a list, a tuple, an array or a Tensor of one dimension with only one element as the rate of an optimizer of
`mindspore.nn`, or as the `lr` of one of its groups.

## Why is this bad?
`Tensor([0.1])` looks like the constant rate 0.1. It is a list with one rate for each step, and it ends after the first
step. The second step raises.

## How MindSpore behaves
- 2.7.0 to 2.10.0, CPU: the first step is taken with the rate, the second raises RuntimeError, `For 'Gather', the
  'input_indices' should be in the range [0, 1), but got 1`.
- 2.0.0: nothing is raised, and from the second step on the rate is 0. For versions before 2.7 nothing is reported.

`Tensor(0.1)` has no dimension: it is a constant rate.

## Example
```python
import mindspore as ms
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
rate = ms.Tensor([0.1], ms.float32)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=rate, momentum=0.9)
```

## Use instead
```python
import mindspore as ms
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
rate = ms.Tensor(0.1, ms.float32)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=rate, momentum=0.9)
```

## Fix safety
There is no fix: a constant rate, or rates for the other steps, may be meant.

## Known limits
- The length must be known: of lists that are filled in loops over something unknown it is not.
- A program that takes a single step works. It is reported too, which is why this rule is a preview. Where the steps are
  known, MSO138 reports it without preview.
- Longer lists that are too short for the training are MSO138.
- What the second step does on Ascend was not tried.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.domain.shapes import Choice
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.arguments import asked
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(
    39,
    "ms-one-step-rate",
    Severity.ERROR,
    (Construction,),
    families=(NN,),
    raises=("RuntimeError",),
    since=(2, 7, 0),
    preview=True,  # until the number of steps that the program takes is known
)
def one_step_rate(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    optimizer = fact.optimizer
    if optimizer.is_wrapper or "rate:list" in optimizer.refuses(settings.mindspore_version):
        return
    for found in asked(fact, settings, optimizer.rate_keyword, "lr"):
        if found.choices and all(map(_is_one, found.choices)):
            choice = found.choices[0]
            rate = repr(choice.members[0]) if choice.members else "the number alone"
            message = (
                f"{choice.words[:1].upper()}{choice.words[1:]} with one rate is enough for one step of "
                f"{fact.short}, and the second raises (seen on CPU): write {rate}, or one rate for each step"
            )
            yield at(fact, found.location, message, (choice.location, "the rate"), (fact.location, "the optimizer"))


def _is_one(choice: Choice) -> bool:
    return choice.kind in ("list", "tensor", "array") and choice.length == choice.rank == 1 and not choice.nested
