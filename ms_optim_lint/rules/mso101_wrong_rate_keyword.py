"""The learning rate has another name in this optimizer.

## What it does
Finds `lr=` given to an optimizer of `mindspore.nn`, and `learning_rate=` given to one of
`mindspore.experimental.optim` or `mindspore.mint.optim`. The keyword may also come out of a dict (`**options`).

## Why is this bad?
The families name the rate differently. The optimizer refuses the other name, so the program stops there.

## How MindSpore behaves
The error depends on the optimizer:

- `nn.AdamWeightDecay`: TypeError, `AdamWeightDecay.__init__() got an unexpected keyword argument 'lr'`
- `nn.SGD` and most others of `nn`: TypeError, `got an unexpected keyword argument 'lr'`
- `nn.Adam`: KeyError,
  `"For 'Adam', invalid keys are passed as kwargs, supported keys are 'use_lazy' and'use_offload', but got
  dict_keys(['lr'])."`
- `nn.Momentum`, `nn.Lamb`: TypeError, `missing a required argument: 'learning_rate'`; the wrong name is not mentioned
- `experimental.optim` and `mint.optim`: TypeError,
  `SGD.__init__() got an unexpected keyword argument 'learning_rate'`

It is the same in MindSpore 2.0.0 to 2.10.0. On Python 3.9 the class is not named: `__init__() got an unexpected
keyword argument 'lr'`. Inside a *group*, all families call the rate `lr`.

## Example
```python
from mindspore import nn


def build_optimizer(network, rate):
    return nn.AdamWeightDecay(network.trainable_params(), lr=rate, weight_decay=0.01)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = build_optimizer(net, 1e-3)
```

## Use instead
```python
from mindspore import nn


def build_optimizer(network, rate):
    return nn.AdamWeightDecay(network.trainable_params(), learning_rate=rate, weight_decay=0.01)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = build_optimizer(net, 1e-3)
```

## Fix safety
The fix renames the keyword. It is safe: nothing but the name changes. There is no fix where the keyword comes out of
a dict, where the right name is given too, or where the class is a variable, which may hold other classes as well.

## Known limits
- A keyword in `**options` is seen only where the content of `options` is known.
- A class of the project's own is judged by its own signature.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches TypeError or KeyError.
- Other wrong keywords (`betas`, `foreach`, `nesterov`, ...) are MSO102.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
- mindspore.mint.optim.AdamW:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mint/mindspore.mint.optim.AdamW.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.arguments import filtered_by_name
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.rules.repairs import rename
from ms_optim_lint.settings import Settings


@rule(1, "ms-wrong-rate-keyword", Severity.ERROR, (Construction,), raises=("TypeError", "KeyError"))
def wrong_rate_keyword(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    right = fact.optimizer.rate_keyword
    wrong = "lr" if right == "learning_rate" else "learning_rate"
    signature = fact.optimizer.signature(settings.mindspore_version)
    if signature.accepts(wrong) or not signature.accepts(right):
        return
    for keyword in fact.keywords:
        if keyword.name == wrong and fact.can(keyword.when) and not filtered_by_name(fact, keyword):
            message = f"{fact.short} has no argument '{wrong}' and raises: write {right}=..."
            fix = rename(fact, keyword, right) if right not in fact.arguments else None
            yield at(fact, keyword.location, message, fix=fix)
