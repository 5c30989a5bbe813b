"""An optimizer of `nn` is documented to take a list of Parameters, not an iterator.

## What it does
Finds an iterator (`filter`, `map`, a generator, `net.get_parameters()`, ...) given to an optimizer of `mindspore.nn`
as its parameters.

## Why is this bad?
The documentation asks for a list, and says that an iterator is not supported. It works in the releases that were
tried. But an iterator can be read only once: a second optimizer, or a loop that prints the names, gets nothing.

## How MindSpore behaves
`nn` turns the iterator into a list at once, and trains all of it: so it is in 2.0.0 and in 2.7.0 to 2.10.0. The
example was run on 2.10.0: the optimizer holds the three parameters that are not frozen, and one step moves them.

- `experimental.optim` takes iterators as well, and its documentation allows them: nothing is reported there.
- `mint.optim.SGD` reads its argument twice and raises ValueError: that is MSO118.
- In a *group* of `nn` an iterator is lost without a word: that is MSO113.

## Example
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
net[0].weight.requires_grad = False
trainable = filter(lambda p: p.requires_grad, net.get_parameters())
optimizer = nn.Adam(trainable, learning_rate=1e-3)
```

## Use instead
```python
from mindspore import nn

net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
net[0].weight.requires_grad = False
trainable = net.trainable_params()
optimizer = nn.Adam(trainable, learning_rate=1e-3)
```

## Fix safety
The fix writes `list(...)` around the optimizer's argument. It is safe: MindSpore makes the same list. There is no fix
where the argument is written in another file, or comes out of `*args` or `**options`.

For `get_parameters()` most often `trainable_params()` is meant, which leaves out frozen parameters and the statistics of
BatchNorm.

## Known limits
- An iterator that is read twice is an error of its own: MSO114.
- That `get_parameters()` also gives parameters that are not trainable is MSO119, where it does harm.
- An iterator that comes from code that the linter cannot follow is not seen.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.1/api_python/nn/mindspore.nn.Optimizer.html>
- Cell and Parameter:
  <https://www.mindspore.cn/tutorials/en/r2.1/advanced/modules/layer.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, at, rule
from ms_optim_lint.rules.repairs import wrap_argument
from ms_optim_lint.settings import Settings


@rule(12, "ms-iterator-params", Severity.CONVENTION, (Construction,), families=(NN,))
def iterator_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    for params in fact.params:
        if params.container == "iterator" and params.kind == "list" and not params.wrong and fact.can(params.when):
            message = (
                f"{fact.short} is given an iterator, which works once and is documented as unsupported: "
                "write list(...) around it, or use trainable_params()"
            )
            yield at(fact, params.location, message, (fact.location, "the optimizer"), fix=wrap_argument(fact))
