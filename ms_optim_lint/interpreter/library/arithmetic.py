"""Numbers and texts: conversions and sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER
from ms_optim_lint.domain.values import (
    NUMBER,
    TEXT,
    Const,
    Sym,
    Truth,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import notes_runtime
from ms_optim_lint.interpreter.iterators import items_of_value, use_up_value
from ms_optim_lint.interpreter.library.sequences import chain_iterable
from ms_optim_lint.interpreter.library.table import CallSite, Handler
from ms_optim_lint.interpreter.methods import constant_of
from ms_optim_lint.interpreter.operators import sequence_of
from ms_optim_lint.interpreter.slices import one_of
from ms_optim_lint.interpreter.truth import term_of_value, truth

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def _number(it: Interpreter, site: CallSite) -> Value:
    notes_runtime.number_wanted(it, site)
    value = site.get("x", 0)
    constant = constant_of(it, value) if value is not None else ...
    if constant is not ... and isinstance(constant, (int, float, str)):
        try:
            return value_of(Const({"float": float, "int": int}[site.name.rpartition(".")[2]](constant)), site.origin)
        except (ValueError, OverflowError):
            return it.unknown(site.node, "a number", NUMBER, site.frame)
    term = it.logic.term("call", it.logic.term("external", site.name), *([term_of_value(it, value)] if value else []))
    return value_of(Sym(term, NUMBER, 0, "a number"), site.origin)


def _rounded(number: Any, digits: Any = None) -> object:
    """``round``, to as many digits as a number can have."""
    if digits is not None and abs(digits) > 400:
        raise OverflowError
    return round(number, digits)


def _power(base: Any, exponent: Any) -> object:
    """``pow`` of numbers whose power is found at once."""
    if abs(base) > 1e6 or abs(exponent) > 64:
        raise OverflowError
    return base**exponent


def _round(it: Interpreter, site: CallSite) -> Value:
    notes_runtime.number_wanted(it, site)
    given = [constant_of(it, v) for v in site.arguments.values()]
    functions: dict[str, Callable[..., object]] = {
        "round": _rounded,
        "abs": abs,
        "min": min,
        "max": max,
        "sum": sum,
        "pow": _power,
    }
    if ... not in given and given and not site.arguments.keywords:
        try:
            result = functions[site.name.rpartition(".")[2]](*given)
        except (TypeError, ValueError, ArithmeticError):
            result = None
        if isinstance(result, (int, float)):
            return value_of(Const(result), site.origin)
    if site.name in ("builtins.min", "builtins.max"):
        chosen = _chosen(it, site)
        if chosen is not None:
            return chosen
    terms = [term_of_value(it, v) for v in site.arguments.values()]
    if len(site.arguments.positional) == 1:
        use_up_value(it, site.arguments.positional[0].value)
    term = it.logic.term("call", it.logic.term("external", site.name), *terms)
    kind = NUMBER if site.name == "builtins.round" or _is_of_numbers(site) else None
    return value_of(Sym(term, kind, 0 if kind else None, "a number"), site.origin)


def _is_of_numbers(site: CallSite) -> bool:
    """Whether ``min`` or ``max`` compares something with a number."""
    given = [alternative.atom for one in site.arguments.positional for alternative in one.value.alternatives]
    kinds = [
        isinstance(a.value, (int, float)) if isinstance(a, Const) else getattr(a, "kind", "") == NUMBER for a in given
    ]
    return site.name in ("builtins.min", "builtins.max") and len(site.arguments.positional) > 1 and any(kinds)


def _chosen(it: Interpreter, site: CallSite) -> Optional[Value]:
    """What ``min`` or ``max`` gives, where that is a thing and no number: one of those that it is given."""
    values = [one.value for one in site.arguments.positional]
    if len(values) == 1:
        values = [item.value for item in items_of_value(it, values[0])[0]]
    return one_of(it, [a.atom for value in values for a in value.alternatives], site.node)


def _str(it: Interpreter, site: CallSite) -> Value:
    value = site.get("object", 0)
    constant = constant_of(it, value) if value is not None else ""
    if isinstance(constant, (str, int)):
        return value_of(Const(str(constant)), site.origin)
    term = it.logic.term("call", it.logic.term("external", site.name), *([term_of_value(it, value)] if value else []))
    return value_of(Sym(term, TEXT), site.origin)


def _bool(it: Interpreter, site: CallSite) -> Value:
    value = site.get("x", 0)
    holds = truth(it, value, site.node) if value is not None else NEVER
    return value_of(Const(holds == ALWAYS) if holds in (NEVER, ALWAYS) else Truth(holds), site.origin)


def _sum(it: Interpreter, site: CallSite) -> Value:
    """``sum(lists, [])`` joins lists; any other sum is a number."""
    start = site.get("start", 1)
    atom = start.single if start is not None else None
    if atom is None or sequence_of(it, atom) is None:
        return _round(it, site)
    chained = chain_iterable(it, site)
    items, opened = items_of_value(it, chained)
    return it.new_list(site.node, site.frame, items, "list", opened)


FUNCTIONS: dict[str, Handler] = {
    "builtins.float": _number,
    "builtins.int": _number,
    "builtins.round": _round,
    "builtins.abs": _round,
    "builtins.min": _round,
    "builtins.max": _round,
    "builtins.pow": _round,
    "builtins.sum": _sum,
    "builtins.str": _str,
    "builtins.bool": _bool,
}
