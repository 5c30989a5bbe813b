"""What an optimizer does to what it is given: it reads iterators, and writes into groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ms_optim_lint.domain.shapes import Params
from ms_optim_lint.domain.values import DictContent, ListContent, Ref, Tuple, Value, value_of
from ms_optim_lint.facts import Construction
from ms_optim_lint.interpreter.deferred import force
from ms_optim_lint.interpreter.iterators import use_up_value

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def written_before(it: Interpreter, family: str, params: tuple[Params, ...]) -> Iterator[tuple[int, Construction]]:
    """The groups that an optimizer has written its values into, and that optimizer. The ones of ``nn`` write nothing."""
    for number in dict.fromkeys(group.number for one in params for group in one.groups) if family != "nn" else ():
        found = it.state.get(("written", number))
        for alternative in it.alternatives(found) if isinstance(found, Value) else ():
            first = it.constructions.get(alternative.atom.obj) if isinstance(alternative.atom, Ref) else None
            if first is not None:
                yield number, first


def take(it: Interpreter, ref: Ref, fact: Construction) -> None:
    """An optimizer has been built of this."""
    for name in (fact.optimizer.params_keyword, fact.optimizer.rate_keyword):
        if name is not None and name in fact.arguments:
            _read(it, fact.arguments[name].value, fact.family == "nn")
    for params in fact.params if fact.family != "nn" else ():
        for group in params.groups:
            if it.logic.meet(it.state.reached, params.when):
                it.state.set(("written", group.number), value_of(ref))


def _read(it: Interpreter, value: Value, rates: bool) -> None:
    """Iterators are read, by themselves and in groups."""
    value = force(it, value)
    use_up_value(it, value)
    for alternative in it.alternatives(value):
        content = it.content(alternative.atom) if isinstance(alternative.atom, Ref) else None
        items = content.items if isinstance(content, ListContent) else ()
        for item in alternative.atom.items if isinstance(alternative.atom, Tuple) else items:
            for inner in item.value.alternatives:
                group = it.content(inner.atom) if isinstance(inner.atom, Ref) else None
                if isinstance(group, DictContent):
                    for key in ("params", "order_params", "lr") if rates else ("params",):
                        entry = group.get(key)
                        use_up_value(it, force(it, entry) if entry is not None else None)
