"""numpy and math: how many dimensions what they make has, and the numbers that networks are built from."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import ARRAY, NUMBER, TENSOR, Atom, Const, Ref, Sym, Tuple, Value, value_of
from ms_optim_lint.interpreter import notes_runtime
from ms_optim_lint.interpreter.deferred import force
from ms_optim_lint.interpreter.library.table import CallSite, Handler
from ms_optim_lint.interpreter.methods import constant_of, lift
from ms_optim_lint.interpreter.operators import sequence_of
from ms_optim_lint.interpreter.sizes import size_of
from ms_optim_lint.interpreter.truth import term_of_value

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def rank_of(it: Interpreter, value: Optional[Value], depth: int = 0) -> Optional[int]:
    """The number of dimensions that an array made of ``value`` has; None where that is not known."""
    if value is None:
        return None
    ranks = {_rank(it, alternative.atom, depth) for alternative in it.alternatives(force(it, value))}
    return ranks.pop() if len(ranks) == 1 else None


def _rank(it: Interpreter, atom: Atom, depth: int) -> Optional[int]:
    if isinstance(atom, Const):
        return 0 if isinstance(atom.value, (int, float, bool)) else None
    if isinstance(atom, Sym):
        return 0 if atom.kind == NUMBER else atom.rank
    if isinstance(atom, (Ref, Tuple)):
        sequence = sequence_of(it, atom)
        if sequence is not None and depth < 3:
            ranks = {rank_of(it, item.value, depth + 1) for item in sequence.items}
            inner = ranks.pop() if len(ranks) == 1 else None
            # What is in the list may be unknown; that it is a list is not. Rates in a list are numbers.
            return 1 + (inner or 0)
    return None


def length_of(it: Interpreter, value: Optional[Value]) -> Optional[int]:
    """The first dimension of an array made of ``value``; None where that is not known."""
    atom = value.single if value is not None else None
    if isinstance(atom, Sym):
        return atom.length
    sequence = sequence_of(it, atom) if atom is not None else None
    return size_of(it, sequence.items, sequence.open) if sequence is not None and sequence.kind != "set" else None


def _symbol(it: Interpreter, site: CallSite, kind: str, rank: Optional[int], length: Optional[int] = None) -> Value:
    terms = [term_of_value(it, value) for value in site.arguments.values()]
    term = it.logic.term("call", it.logic.term("external", site.name), *terms)
    return value_of(Sym(term, kind, rank, f"result of {site.name}", length), site.origin)


def _array(it: Interpreter, site: CallSite) -> Value:
    whole = len(site.arguments.positional) < 3 and site.name in ("numpy.array", "numpy.asarray")
    length = length_of(it, site.get("object", 0)) if whole else None
    return _symbol(it, site, ARRAY, rank_of(it, site.get("object", 0)), length)


def _shaped(it: Interpreter, site: CallSite) -> Value:
    shape = site.get("shape", 0)
    atom = shape.single if shape is not None else None
    sequence = sequence_of(it, atom) if atom is not None else None
    rank = 1 if sequence is None else None if sequence.open else len(sequence.items)
    first = sequence.items[0].value if sequence is not None and sequence.items and not sequence.open else shape
    return _symbol(it, site, ARRAY, rank, _size(first))


def _size(value: Optional[Value]) -> Optional[int]:
    """A number of elements that is written as a constant."""
    atom = value.single if value is not None else None
    return atom.value if isinstance(atom, Const) and type(atom.value) is int else None


def _random(it: Interpreter, site: CallSite) -> Value:
    """Random numbers: as many as the last argument says, or as the sizes that are given one by one."""
    if site.name in ("numpy.random.rand", "numpy.random.randn"):
        sizes: Optional[list[Value]] = [given.value for given in site.arguments.positional]
    else:
        position = 0 if site.name in ("numpy.random.random", "numpy.random.standard_normal") else 2
        size = site.get("size", position)
        atom = size.single if size is not None else None
        sequence = sequence_of(it, atom) if atom is not None else None
        sizes = [item.value for item in sequence.items] if sequence is not None and not sequence.open else None
        if sizes is None and isinstance(atom, Const) and type(atom.value) is int and size is not None:
            sizes = [size]
    if not sizes or site.arguments.more_positional or site.arguments.more_keywords:
        return it.unknown(site.node, f"result of {site.name}", frame=site.frame)
    made = Sym(it.fresh(site.node), ARRAY, len(sizes), f"result of {site.name}", _size(sizes[0]))
    return value_of(made, site.origin)


def _line(it: Interpreter, site: CallSite) -> Value:
    length = None
    if site.name in ("numpy.linspace", "numpy.logspace", "numpy.geomspace"):
        count = site.get("num", 2)
        length = 50 if count is None else _size(count)
    return _symbol(it, site, ARRAY, 1, length)


def _like(it: Interpreter, site: CallSite) -> Value:
    value = site.get("x", 0)
    atom = value.single if value is not None else None
    rank = rank_of(it, value)
    if isinstance(atom, Sym) and atom.kind == TENSOR:
        return _symbol(it, site, TENSOR, rank)
    return _symbol(it, site, NUMBER if rank == 0 else ARRAY, rank)


def _scalar(it: Interpreter, site: CallSite) -> Value:
    """``np.float32(x)`` of a number is an array scalar; of an array it is an array."""
    return _symbol(it, site, ARRAY, rank_of(it, site.get("x", 0)))


def _number(it: Interpreter, site: CallSite) -> Value:
    notes_runtime.number_wanted(it, site)
    given = [value.single for value in site.arguments.values()]
    constants = [atom.value for atom in given if isinstance(atom, Const) and isinstance(atom.value, (int, float))]
    if len(constants) == len(given) and site.name.startswith("math."):
        import math

        try:
            return value_of(Const(getattr(math, site.name[5:])(*constants)), site.origin)
        except (ArithmeticError, ValueError, TypeError):
            pass
    return _symbol(it, site, NUMBER, 0)


def _numbers(it: Interpreter, site: CallSite) -> Value:
    """Numbers that a network is built from: ``np.linspace(0, 0.1, 12)`` and the like, of constants."""
    short = site.name.rpartition(".")[2]
    given = [_known_number(it, g.value) for g in site.arguments.positional]
    if it.making and ... not in given and not site.arguments.more_positional and not site.arguments.more_keywords:
        words = {name: constant_of(it, g.value) for name, g in site.arguments.keywords}
        result = _computed(short, given, words)
        if result is not None:
            return lift(it, result, site.node, site.frame)
    if site.name.startswith("numpy."):
        return _line(it, site)
    return it.unknown(site.node, f"result of {site.name}", frame=site.frame)


def _known_number(it: Interpreter, value: Value) -> object:
    atom = value.single
    return it.numbers.get(atom.term, ...) if isinstance(atom, Sym) else constant_of(it, value)


def _computed(name: str, given: list[object], words: dict[str, object]) -> Optional[tuple[object, ...]]:
    try:
        if name == "linspace":
            start, stop = given[0], given[1]
            count = given[2] if len(given) > 2 else words.get("num", words.get("steps", 50))
            if isinstance(start, (int, float)) and isinstance(stop, (int, float)) and isinstance(count, int):
                step = (stop - start) / (count - 1) if count > 1 else 0.0
                return tuple(start + number * step for number in range(count)) if count < 2_000 else None
        if name == "cumsum" and isinstance(given[0], (list, tuple)):
            return tuple(itertools.accumulate(given[0]))
        if name == "arange" and len(given) <= 3 and not words and all(type(g) is int for g in given):
            numbers = range(*(g for g in given if isinstance(g, int)))
            return tuple(numbers) if len(numbers) < 2_000 else None
    except (TypeError, ValueError, IndexError, ArithmeticError):
        pass
    return None


FUNCTIONS: dict[str, Handler] = {}
for _name in ("array", "asarray", "ascontiguousarray", "stack", "hstack", "vstack"):
    FUNCTIONS[f"numpy.{_name}"] = _array
for _name in ("zeros", "ones", "empty", "full"):
    FUNCTIONS[f"numpy.{_name}"] = _shaped
for _name in ("rand", "randn", "random", "standard_normal", "uniform", "normal", "randint"):
    FUNCTIONS[f"numpy.random.{_name}"] = _random
for _name in ("logspace", "geomspace", "concatenate", "append", "repeat", "cumprod"):
    FUNCTIONS[f"numpy.{_name}"] = _line
for _name in ("numpy.linspace", "numpy.arange", "numpy.cumsum", "mindspore.ops.linspace", "mindspore.mint.linspace"):
    FUNCTIONS[_name] = _numbers
FUNCTIONS["mindspore.numpy.linspace"] = _numbers
for _name in (
    "cos",
    "sin",
    "exp",
    "log",
    "sqrt",
    "power",
    "clip",
    "maximum",
    "minimum",
    "abs",
    "flip",
    "where",
    "square",
):
    FUNCTIONS[f"numpy.{_name}"] = _like
for _name in ("float16", "float32", "float64", "int32", "int64"):
    FUNCTIONS[f"numpy.{_name}"] = _scalar
for _name in ("cos", "sin", "exp", "log", "log10", "log2", "sqrt", "pow", "ceil", "floor", "fabs", "prod"):
    FUNCTIONS[f"math.{_name}"] = _number
