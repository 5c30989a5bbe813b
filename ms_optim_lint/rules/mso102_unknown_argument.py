"""The optimizer has no argument of this name.

## What it does
Finds a keyword that the optimizer's signature lacks, such as torch's `betas`, `amsgrad`, `foreach`, `fused` or
`maximize` on an optimizer of `mindspore.nn`. The keyword may also come out of a dict (`**options`). The rate under a
wrong name is MSO101.

## Why is this bad?
The optimizer refuses the keyword, so the program stops there. The optimizers of MindSpore name their arguments
differently from torch's, and differently from each other: `eps` in `nn.Adam` is `epsilon` in `nn.RMSProp`, `nesterov` in
`nn.SGD` is `use_nesterov` in `nn.Momentum`.

## How MindSpore behaves
The error depends on the optimizer:

- `nn.SGD` and most others of `nn`: TypeError, `got an unexpected keyword argument 'maximize'`
- `nn.AdamWeightDecay`: TypeError, `AdamWeightDecay.__init__() got an unexpected keyword argument 'loss_scale'`
- `nn.Adam`: KeyError, `"For 'Adam', invalid keys are passed as kwargs, supported keys are 'use_lazy' and'use_offload',
  but got dict_keys(['betas'])."`
- `experimental.optim` and `mint.optim`: TypeError, `Adam.__init__() got an unexpected keyword argument 'foreach'`

It is the same in MindSpore 2.0.0 to 2.10.0 (`experimental.optim` and `mint.optim` 2.7.0 to 2.10.0). On Python 3.9 the
class is not named.

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Adam(net.trainable_params(), learning_rate=1e-3, betas=(0.9, 0.98))
```

## Use instead
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = nn.Adam(net.trainable_params(), learning_rate=1e-3, beta1=0.9, beta2=0.98)
```

## Fix safety
The fix renames the keyword where there is one name for the same thing (`amsgrad` is `use_amsgrad` in `nn.Adam`), and
makes `beta1=0.9, beta2=0.98` of `betas=(0.9, 0.98)`. It is safe: nothing but the names change. There is no fix where the
keyword comes out of a dict, where the right name is given too, or where the class is a variable, which may hold other classes
as well.

## Known limits
- A keyword in `**options` is seen only where the content of `options` is known.
- A class of the project's own is judged by its own signature.
- Where the program sorts its options by their names before the call, nothing is said of them.
- `use_lazy` and `use_offload` of `nn.Adam` are right, although its signature does not show them.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches TypeError or KeyError.

## References
- mindspore.nn.Adam:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.Adam.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- mindspore.mint.optim.AdamW:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mint/mindspore.mint.optim.AdamW.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.facts import Construction, Keyword
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.arguments import filtered_by_name
from ms_optim_lint.rules.base import Judgement, Repair, at, rule
from ms_optim_lint.rules.repairs import rename, split_betas
from ms_optim_lint.settings import Settings
from ms_optim_lint.spelling import nearest

#: One thing under several names: of torch, of MindSpore's families, and of its optimizers.
_SAME = (
    ("amsgrad", "use_amsgrad"),
    ("nesterov", "use_nesterov"),
    ("eps", "epsilon"),
    ("alpha", "decay"),
    ("initial_accumulator_value", "accum", "initial_accum"),
    ("params", "parameters"),
)
#: One thing under several names that is written in another way, too.
_OTHERWISE = {
    "betas": (("beta1", "beta2"), "beta1=..., beta2=..."),
    "beta1": (("betas",), "betas=(..., ...)"),
    "beta2": (("betas",), "betas=(..., ...)"),
}
#: What torch has and MindSpore does not.
_NOWHERE = ("foreach", "fused", "differentiable", "capturable", "maximize", "decoupled_weight_decay")


@rule(2, "ms-unknown-argument", Severity.ERROR, (Construction,), raises=("TypeError", "KeyError"))
def unknown_argument(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    optimizer, version = fact.optimizer, settings.mindspore_version
    signature = optimizer.signature(version)
    if not optimizer.exists(version) or not signature.arguments:
        return
    right = optimizer.rate_keyword
    elsewhere = ("lr" if right == "learning_rate" else "learning_rate") if signature.accepts(right) else None
    for keyword in fact.keywords:
        if keyword.name == elsewhere or signature.accepts(keyword.name) or filtered_by_name(fact, keyword):
            continue
        if fact.can(keyword.when):
            same, remedy = _instead(keyword.name, signature.names())
            message = f"{optimizer.short} has no argument '{keyword.name}' and raises: {remedy}"
            yield at(fact, keyword.location, message, fix=_fix(fact, keyword, same, signature.names()))


def _fix(fact: Construction, keyword: Keyword, same: Optional[str], known: tuple[str, ...]) -> Optional[Repair]:
    if same is not None:
        return rename(fact, keyword, same) if same not in fact.arguments else None
    if keyword.name == "betas" and all(one in known and one not in fact.arguments for one in ("beta1", "beta2")):
        return split_betas(fact, keyword)
    return None


def _instead(name: str, known: tuple[str, ...]) -> tuple[Optional[str], str]:
    """The argument that means the same, and what to do."""
    for names in _SAME:
        if name in names:
            for other in names:
                if other in known:
                    return other, f"write {other}=..."
    needed, words = _OTHERWISE.get(name, ((), ""))
    if needed and all(one in known for one in needed):
        return None, f"write {words}"
    if name in _NOWHERE:
        return None, "leave it out"
    near = nearest(name, known)
    if near is not None:
        return None, f"write {near}=..."
    return None, f"it knows {', '.join(known)}; leave '{name}' out"
