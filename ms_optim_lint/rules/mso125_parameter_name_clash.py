"""Two parameters of one optimizer have the same name.

## What it does
Finds an optimizer that is given parameters of two networks where one of each has the same name, such as two instances of
one class. Also two Parameters that were given one name.

## Why is this bad?
MindSpore tells parameters apart by name. It refuses two of one name, although they are different.

## How MindSpore behaves
A network by itself names its parameters after its own attributes: two instances of one class have the same names.
All optimizers raise ValueError, with parameters in one list and in groups, in 2.0.0 and 2.7.0 to 2.10.0
(`experimental.optim` from 2.7.0 on):

- `The value Parameter (name=...) , its name '...' already exists. Please set a unique name for the parameter.`

Where one network holds the others as attributes, or in a `CellList`, the names start with the attribute or the number,
and all is right.

## Example
```python
from mindspore import nn


class Generator(nn.Cell):
    def __init__(self):
        super().__init__()
        self.layer = nn.Dense(4, 4)

    def construct(self, x):
        return self.layer(x)


forth, back = Generator(), Generator()
params = forth.trainable_params() + back.trainable_params()
optimizer = nn.Adam(params, learning_rate=1e-3)
```

## Use instead
```python
from mindspore import nn


class Generator(nn.Cell):
    def __init__(self):
        super().__init__()
        self.layer = nn.Dense(4, 4)

    def construct(self, x):
        return self.layer(x)


forth, back = Generator(), Generator()
both = nn.SequentialCell(forth, back)
params = forth.trainable_params() + back.trainable_params()
optimizer = nn.Adam(params, learning_rate=1e-3)
```

## Fix safety
There is no fix. Hold the networks in one Cell before the optimizer is built, or give one of them other names with
`update_parameters_name("back.")`. Checkpoints then have the new names.

## Known limits
- All parameters of both networks have to be known.
- Two parts of one network are not compared: they have equal names only where it is built with `auto_prefix=False`.
- A network that is held by a Cell out of sight may have been renamed there, and is not judged.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches ValueError.

## References
- Cell and Parameter:
  <https://www.mindspore.cn/tutorials/en/r2.1/advanced/modules/layer.html>
- mindspore.nn.Cell:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/nn/mindspore.nn.Cell.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import Judgement, at, rule
from ms_optim_lint.settings import Settings


@rule(25, "ms-parameter-name-clash", Severity.ERROR, (Construction,), raises=("ValueError", "RuntimeError"))
def parameter_name_clash(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    short = fact.short
    for clash in fact.clashes:
        if not fact.can(clash.when):
            continue
        first, second = clash.owners
        if first or second:
            whose = f" (of {'a ' + first if first else 'a Parameter'} and {'a ' + second if second else 'a Parameter'})"
            remedy = "hold both networks in one Cell first, or call update_parameters_name('second.') on one"
        else:
            whose, remedy = "", "give each a name of its own"
        message = f"Two parameters given to {short} are called '{clash.name}'{whose}, and it raises: {remedy}"
        yield at(fact, clash.location or fact.params_location, message, (fact.location, "the optimizer"))
