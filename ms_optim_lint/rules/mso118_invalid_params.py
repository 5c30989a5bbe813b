"""What is given as parameters is not a list of Parameters.

## What it does
Finds something else than Parameters: the network itself, `net.trainable_params` without the parentheses,
`net.parameters()` (which no network of MindSpore has), names, `net.parameters_dict()`, the pairs of
`parameters_and_names()` or of a `zip`, a Tensor, a list inside the list, one Parameter or one dict instead of a list,
groups and Parameters in one list. For `experimental.optim` and `mint.optim` also a set as the `params` of a group; for
`mint.optim.SGD` an iterator.

## Why is this bad?
MindSpore stops when the optimizer is built. Its message often does not show what is wrong.

## How MindSpore behaves
`nn` and `experimental.optim`, TypeError:

- the network: `For 'Optimizer', the argument parameters must be Iterable type, but got <class
  'mindspore.nn.layer.container.SequentialCell'>.`
- `net.trainable_params`: `For 'Optimizer', the argument parameters must be Iterable type, but got <class 'method'>.`
- names, `parameters_dict()`, pairs, a Tensor, a list in the list, dicts beside Parameters, in `nn`: `For 'Optimizer', all
  elements of the argument 'parameters' must be 'Parameter' or 'dict', please check the 'parameters'.`
- the same in `experimental.optim`: `can only concatenate str (not "type") to str`; Parameters beside dicts: `Param
  group must be a dict.`

`net.parameters()` itself: AttributeError, `The 'SequentialCell' object has no attribute 'parameters'.`

One Parameter as the `params` of a group is a TypeError in `nn`, and right in the other families.

In a group:

- names, `nn`: TypeError, `For 'Optimizer', the element in group parameters must be Parameter type, but got <class
  'str'> at index 0.`
- a set, `experimental.optim`: TypeError, `Optimizer parameters need to be organized in ordered collections, ...`

An iterator for `mint.optim.SGD`: ValueError, `For 'Optimizer', the argument params must not be empty.`

MindSpore 2.0.0 to 2.10.0; `experimental.optim` and `mint.optim` 2.7.0 to 2.10.0.

## Example
```python
from mindspore import nn


def build_optimizer(network):
    params = network.trainable_params
    return nn.Adam(params, learning_rate=1e-3)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = build_optimizer(net)
```

## Use instead
```python
from mindspore import nn


def build_optimizer(network):
    params = network.trainable_params()
    return nn.Adam(params, learning_rate=1e-3)


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 2))
optimizer = build_optimizer(net)
```

## Fix safety
There are three fixes, and they are safe: each is the only meaning that the words can have.

- `net.trainable_params` gets its parentheses, where it is written as the optimizer's argument, as a group's `params`, or is
  kept under a name that is read once.
- `net.parameters()` becomes `net.trainable_params()`, where the file has no method `parameters` of its own.
- An iterator for `mint.optim.SGD` gets `list(...)` around it.

For everything else the message says what to give instead.

## Known limits
- Only what certainly is something else is reported. Values of unknown origin are not.
- Where the program, or a module that it imports only for its effects, gives MindSpore's classes new methods,
  nothing is said about those methods.
- Nothing is said inside `pytest.raises`, nor in a `try` that catches the error.

## References
- Learning Rate and Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/migration_guide/model_development/learning_rate_and_optimizer.html>
- mindspore.nn.Momentum:
  <https://www.mindspore.cn/docs/en/r2.3.0/api_python/nn/mindspore.nn.Momentum.html>
- Cell and Parameter:
  <https://www.mindspore.cn/tutorials/en/r2.1/advanced/modules/layer.html>
- mindspore.experimental.optim.Optimizer:
  <https://www.mindspore.cn/docs/en/r2.3.1/api_python/experimental/optim/mindspore.experimental.optim.Optimizer.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.domain.logic import NEVER, Condition
from ms_optim_lint.domain.shapes import Params, Wrong
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules.base import NN, Judgement, Repair, at, rule
from ms_optim_lint.rules.groups import each_params
from ms_optim_lint.rules.repairs import give_parameters, wrap_argument
from ms_optim_lint.settings import Settings


@rule(18, "ms-invalid-params", Severity.ERROR, (Construction,), raises=("TypeError", "ValueError", "AttributeError"))
def invalid_params(fact: Construction, settings: Settings) -> Iterator[Judgement]:
    for params in fact.params:
        given = fact.logic.both(fact.reached, params.when)
        if given == NEVER:
            continue
        yield from _wrong(fact, params, given, "")
        if params.container == "iterator" and "params:generator" in fact.optimizer.refuses(settings.mindspore_version):
            message = f"{fact.short} reads an iterator twice and raises: write list(...) around it"
            yield at(fact, params.location, message, fix=wrap_argument(fact))
    for _, inner, here in each_params(fact):
        if fact.family != NN and inner.kind == "list" and inner.container == "set":
            message = f"The 'params' of this group are a set, and {fact.short} raises: write a list"
            yield at(fact, inner.location, message)
        elif not (fact.family != NN and _is_one_parameter(inner)):
            yield from _wrong(fact, inner, here, " as the 'params' of a group")


def _is_one_parameter(params: Params) -> bool:
    """The other families take a single Parameter in a group."""
    return bool(params.wrong) and params.wrong[0].what == "one Parameter"


def _wrong(fact: Construction, params: Params, given: Condition, where: str) -> Iterator[Judgement]:
    for wrong in params.wrong:
        if fact.logic.meet(given, wrong.when):
            remedy = wrong.remedy or "net.trainable_params()"
            message = f"{fact.short} is given {wrong.what}{where}, and it raises: give it {remedy}"
            fix = _fix(fact, params, wrong, given)
            yield at(fact, wrong.location, message, (fact.location, "the optimizer"), fix=fix)
            return


def _fix(fact: Construction, params: Params, wrong: Wrong, given: Condition) -> Optional[Repair]:
    """The two that stand for all Parameters of a network, and lack only a word. Nothing where it may be right on another way."""
    if params.kind != "wrong" or not fact.logic.implies(fact.reached, given):
        return None
    if not fact.logic.implies(fact.reached, wrong.when):
        return None
    return give_parameters(wrong.location, (fact.location, *fact.stack))
