"""PyTorch has this method, MindSpore does not.

## What it does
Finds what a converted training loop still has of PyTorch: `zero_grad`, `step`, `param_groups` and `add_param_group` of
an optimizer of `mindspore.nn`; `zero_grad`, `step`, `get_lr` and `learning_rate` of one of `experimental.optim` or
`mint.optim`; `backward` of a Tensor, `grad` of a Parameter or a Tensor.

## Why is this bad?
There is no such attribute, so the run fails there. MindSpore computes gradients with a function
(`mindspore.value_and_grad`), which returns them. The optimizer is called with them. Nothing is accumulated, so
there is nothing to set to zero.

## How MindSpore behaves
- `The 'SGD' object has no attribute 'zero_grad'.`; the same for `step` in all families
- `nn`: `The 'SGD' object has no attribute 'param_groups'.`; the same for `add_param_group`
- `experimental.optim`: `The 'SGD' object has no attribute 'learning_rate'.`; the same for `get_lr`
- `'Tensor' object has no attribute 'backward'`, `'Parameter' object has no attribute 'grad'`

All of them are AttributeErrors, in MindSpore 2.0.0 to 2.10.0 (`experimental.optim` and `mint.optim`: 2.7.0 to 2.10.0).

`state_dict()` exists (2.7.0 and later), and so does `get_lr()` of `nn`. `nn.AdaFactor` has a Parameter called `step`:
calling it is a TypeError, `'Parameter' object is not callable`.

## Example
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.Dense(4, 2)
loss_fn = nn.MSELoss()
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.01)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)


def train_step(x, y):
    optimizer.zero_grad()
    loss, grads = grad_fn(x, y)
    optimizer(grads)
    return loss


train_step(ops.ones((2, 4)), ops.zeros((2, 2)))
```

## Use instead
```python
import mindspore as ms
from mindspore import nn, ops

net = nn.Dense(4, 2)
loss_fn = nn.MSELoss()
optimizer = nn.SGD(net.trainable_params(), learning_rate=0.01)
grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)


def train_step(x, y):
    loss, grads = grad_fn(x, y)
    optimizer(grads)
    return loss


train_step(ops.ones((2, 4)), ops.zeros((2, 2)))
```

## Fix safety
There is no fix: the loop has to be written in another way.

## Known limits
- The optimizer, tensor or parameter has to be known as one of MindSpore. A loss from code that the linter cannot
  follow is not.
- `step()` of `nn.AdaFactor`, and `add_param_group` of `experimental.optim` and `mint.optim`, are not reported: the
  attributes exist. (A group that is added there later makes the next step raise RuntimeError, measured on 2.10.0.)
- Behind `hasattr(...)`, or where the program gives MindSpore's classes such methods, nothing is said.
- Methods of a network (`net.train()`, `net.zero_grad()`) are not judged.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches AttributeError.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.value_and_grad:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/mindspore/mindspore.value_and_grad.html>
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import AttributeUse
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.settings import Settings

_GRADIENTS = "compute the gradients with mindspore.value_and_grad, and call optimizer(grads)"
#: What to write instead, by attribute; the first for nn, the second for the other families.
_INSTEAD = {
    "zero_grad": ("leave it out, gradients are not accumulated", "leave it out, gradients are not accumulated"),
    "step": (
        "call the optimizer with the gradients, optimizer(grads)",
        "call the optimizer with the gradients, optimizer(grads)",
    ),
    "param_groups": ("change the rate with ops.assign(optimizer.learning_rate, ...)", ""),
    "add_param_group": ("give all groups when the optimizer is built", ""),
    "get_lr": ("", "read optimizer.param_groups[i]['lr']"),
    "learning_rate": ("", "read optimizer.param_groups[i]['lr']"),
    "backward": (_GRADIENTS, _GRADIENTS),
    "grad": (_GRADIENTS, _GRADIENTS),
}


@rule(61, "ms-torch-method", Severity.ERROR, (AttributeUse,), raises=("AttributeError",))
def torch_method(fact: AttributeUse, settings: Settings) -> Iterator[Judgement]:
    optimizer = fact.construction.optimizer if fact.construction is not None else None
    family = optimizer.family if optimizer is not None else NN
    instead = _INSTEAD.get(fact.name, ("", ""))[0 if family == NN else 1]
    if not instead:
        return
    owner = fact.construction.short if fact.construction is not None else f"a MindSpore {fact.of.capitalize()}"
    yield at(fact, fact.location, f"{fact.text}: {owner} has no '{fact.name}', and this raises: {instead}")
