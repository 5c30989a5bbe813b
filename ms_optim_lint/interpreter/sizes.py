"""How many things a sequence holds, where the program says so: constant ranges, repetitions, MindSpore's lists of rates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Term
from ms_optim_lint.domain.values import Const, Value

if TYPE_CHECKING:
    from ms_optim_lint.domain.values import Item, Ref
    from ms_optim_lint.interpreter.core import Interpreter

#: The operation of the term that elements of a list of rates range over: a site, the number of the part, and its size where
#: that is known.
RATES = "rates"
#: The operation of the term that stands for the rows of a dataset of known size: the dataset and its size.
ROWS = "rows"
#: With a dataset it is the key of its size.
SIZE = "#size"


def count_of(element: Term) -> Optional[int]:
    """Over how many things an element ranges; None where that is not known."""
    base = element.args[0] if element.op == "element" else None
    if not isinstance(base, Term):
        return None
    if base.op == RATES:
        return base.args[2] if len(base.args) == 3 and isinstance(base.args[2], int) else None
    if base.op == ROWS:
        return base.args[1] if isinstance(base.args[1], int) else None
    if base.op == "times":
        times = _constant(base.args[1])
        return None if times is None else max(times, 0)
    if base.op == "range":
        bounds = [_constant(bound) for bound in base.args]
        known = [bound for bound in bounds if bound is not None]
        if bounds and len(known) == len(bounds) <= 3 and (len(known) < 3 or known[2] != 0):
            try:
                return len(range(*known))
            except OverflowError:
                return None
    return None


def known_size(it: Interpreter, ref: Ref) -> Optional[int]:
    """How many rows a dataset has; None where that is not known."""
    stored = it.state.get((ref.obj, SIZE))
    atom = stored.single if isinstance(stored, Value) else None
    return atom.value if isinstance(atom, Const) and type(atom.value) is int else None


def _constant(term: object) -> Optional[int]:
    value = term.args[1] if isinstance(term, Term) and term.op == "constant" else None
    return value if type(value) is int else None


def passes_of(elements: Iterable[Term]) -> Optional[int]:
    """How many ways there are to choose the elements."""
    result = 1
    for element in elements:
        count = count_of(element)
        if count is None:
            return None
        result *= count
    return result


def size_of(it: Interpreter, items: Iterable[Item], opened: bool) -> Optional[int]:
    """How many things the items stand for, whatever the conditions are; None where that is not known."""
    if opened:
        return None
    logic = it.logic
    total = 0
    #: by elements: when one of the items that are there under a condition is
    partial: dict[tuple[Term, ...], int] = {}
    for item in items:
        if item.when == ALWAYS:
            count = passes_of(item.elements)
            if count is None:
                return None
            total += count
        else:
            before = partial.get(item.elements, NEVER)
            if logic.meet(before, item.when):
                return None
            partial[item.elements] = logic.either(before, item.when)
    for elements, holds in partial.items():
        count = passes_of(elements)
        if count is None or not logic.implies(it.state.reached, holds):
            return None
        total += count
    return total
