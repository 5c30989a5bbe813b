"""What an argument can be: the alternatives of a rate, of a weight decay, of any other value."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ms_optim_lint.domain.logic import ALWAYS, Condition, Term
from ms_optim_lint.domain.shapes import Choice, Location, Rate
from ms_optim_lint.domain.values import (
    ABSENT,
    ARRAY,
    NUMBER,
    PARAMETER,
    TENSOR,
    TEXT,
    Alternative,
    Class,
    Const,
    DictContent,
    Ext,
    Function,
    Instance,
    ListContent,
    Method,
    Ref,
    Sym,
    Truth,
    Tuple,
    Value,
)
from ms_optim_lint.interpreter import classes, questions
from ms_optim_lint.interpreter.deferred import force
from ms_optim_lint.interpreter.iterators import read_before
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.sizes import size_of
from ms_optim_lint.interpreter.truth import present, term_of
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.records import replace

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def origin_of(alternative: Alternative, location: Location) -> Location:
    """Where a value was made, and by which calls the program got there; ``location`` where that is not known."""
    if alternative.origin is None:
        return location
    found = locate(alternative.origin)
    if isinstance(alternative.atom, Ref):
        return found._replace(via=tuple(locate(site) for site in alternative.atom.obj.calls))
    return found


def rates_of(it: Interpreter, value: Value, location: Location) -> tuple[Rate, ...]:
    """The alternatives of a rate."""
    return tuple(
        _rate(it, alternative, origin_of(alternative, location))
        for alternative in it.alternatives(force(it, value))
        if alternative.atom is not ABSENT
    )


def _rate(it: Interpreter, alternative: Alternative, location: Location) -> Rate:
    atom, when = alternative.atom, alternative.when
    if isinstance(atom, Const):
        number = isinstance(atom.value, (int, float))
        return Rate("static" if number else "none" if atom.value is None else "unknown", when, location)
    if isinstance(atom, Tuple):
        return Rate("list", when, location)
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, ListContent):
            return Rate("list", when, location)
        if isinstance(content, Instance):
            bases = classes.external_bases(it, content.made)
            if any(catalogue.is_schedule(base.name) for base in bases):
                return Rate("schedule", when, location)
            return Rate("unknown", when, location, "an object of a class")
        return Rate("unknown", when, location, "a dict")
    if isinstance(atom, Sym):
        if atom.kind == NUMBER:
            return Rate("static", when, location)
        if atom.kind in (TENSOR, ARRAY):
            if atom.rank == 0:
                return Rate("static", when, location)
            if atom.rank is not None:
                return Rate("tensor" if atom.kind == TENSOR else "list", when, location)
        return Rate("unknown", when, location, atom.reason or "something unknown")
    return Rate("unknown", when, location, "something that is not followed")


# Other arguments

#: Kinds of symbols that are a kind of choice of that name.
_CHOICES = {NUMBER: "number", TEXT: "text", TENSOR: "tensor", ARRAY: "array", PARAMETER: "parameter"}
_SCALARS = frozenset(f"numpy.{name}" for name in ("float16", "float32", "int8", "int16", "int32", "int64", "array"))
#: Cells that are iterable.
_CONTAINERS = frozenset(f"mindspore.nn.{name}" for name in ("SequentialCell", "CellList", "CellDict"))


def choices_of(it: Interpreter, value: Value, location: Location) -> tuple[Choice, ...]:
    """The alternatives of an argument that is neither parameters nor groups."""
    return tuple(
        replace(_choice(it, alternative, origin_of(alternative, location)), term=term_of(it, alternative.atom))
        for alternative in it.alternatives(force(it, value))
        if alternative.atom is not ABSENT
    )


def _choice(it: Interpreter, alternative: Alternative, location: Location) -> Choice:
    atom, when = alternative.atom, alternative.when
    if not isinstance(atom, (Const, Truth)) and questions.asked(it, atom, when):
        return Choice("unknown", when, location)
    if isinstance(atom, Const):
        words = f"the string {atom.value!r}" if isinstance(atom.value, str) else repr(atom.value)
        return Choice("constant", when, location, words, atom.value)
    if isinstance(atom, Tuple):
        return _list_choice(it, ListContent(atom.items, atom.open, "tuple"), when, location)
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, ListContent):
            return _list_choice(it, content, when, location)
        if isinstance(content, DictContent):
            return _dict_choice(it, content, when, location)
        if isinstance(content, Instance):
            return _instance_choice(it, content, when, location)
    if isinstance(atom, Sym):
        kind = _CHOICES.get(atom.kind or "", "unknown")
        maker = atom.term.args[0] if atom.term.op == "call" else None
        if kind == "array" and atom.rank == 0 and isinstance(maker, Term) and maker.args[0] in _SCALARS:
            return Choice("scalar", when, location, f"a {maker.args[0]}", rank=0)
        words = {"tensor": "a Tensor", "array": "an array", "parameter": "a Parameter", "text": "a string"}.get(
            kind, ""
        )
        words += f" of {atom.rank} dimensions" if words and (atom.rank or 0) > 1 else ""
        number, called = _number_of(atom.term), it.called_schedules.get(atom.term, "")
        return Choice(kind, when, location, words, length=atom.length, rank=atom.rank, number=number, called=called)
    if isinstance(atom, Function) and not atom.decorated:
        words = "a lambda" if isinstance(atom.node, ast.Lambda) else f"the function {atom.node.name}"
        return Choice("function", when, location, words)
    if isinstance(atom, Method) and atom.function is not None and not atom.function.decorated:
        return Choice("function", when, location, f"the method {atom.name}")
    if isinstance(atom, Class):
        return Choice("class", when, location, f"the class {atom.node.name}")
    if isinstance(atom, Ext) and (catalogue.is_schedule(atom.name) or catalogue.is_scheduler(atom.name)):
        return Choice("class", when, location, f"the class {atom.name.rpartition('.')[2]}")
    if isinstance(atom, Ext) and catalogue.is_rate_function(atom.name):
        return Choice("function", when, location, f"the function {atom.name.rpartition('.')[2]}")
    return Choice("unknown", when, location)


#: Functions that give a float, and those that give an int, of whatever they are given.
_FLOATS = frozenset(f"math.{name}" for name in "cos sin exp log log10 log2 sqrt pow fabs".split()) | {"builtins.float"}
_INTS = frozenset(("builtins.int", "builtins.len", "math.ceil", "math.floor"))


def _number_of(term: Term, depth: int = 0) -> str:
    """``float`` for the result of a division and the like, ``int`` for a length; empty where the text does not say."""
    first = term.args[0] if term.args else None
    if term.op == "constant":
        kind = type(term.args[1]).__name__
        return kind if kind in ("int", "float") else ""
    if term.op == "length":
        return "int"
    if term.op == "sum" and isinstance(first, Term):
        return _number_of(first, depth)
    if term.op == "call" and isinstance(first, Term) and first.op == "external":
        return "float" if first.args[0] in _FLOATS else "int" if first.args[0] in _INTS else ""
    if term.op == "binary" and depth < 20:
        sides = {_number_of(side, depth + 1) for side in term.args[1:] if isinstance(side, Term)}
        if first == "Div" or "float" in sides:
            return "float"
        return "int" if sides == {"int"} and first in ("Add", "Sub", "Mult", "FloorDiv", "Mod") else ""
    return ""


def _list_choice(it: Interpreter, content: ListContent, when: Condition, location: Location) -> Choice:
    certain = [item.value.single for item in content.items if item.when == ALWAYS and not item.elements]
    members = tuple(atom.value for atom in certain if isinstance(atom, Const))
    nested = any(
        isinstance(atom, Tuple) or (isinstance(atom, Ref) and isinstance(it.content(atom), (ListContent, DictContent)))
        for atom in certain
    )
    words = {"tuple": "a tuple", "set": "a set", "iterator": "an iterator"}.get(content.kind, "a list")
    length = size_of(it, content.items, content.open) if content.kind not in ("iterator", "set") else None
    numbers = frozenset(_number_of(atom.term) for atom in certain if isinstance(atom, Sym))
    used = read_before(it, content) if content.kind == "iterator" else None
    return Choice("list", when, location, words, None, members, length, 1, nested, numbers=numbers, consumed=used)


def _dict_choice(it: Interpreter, content: DictContent, when: Condition, location: Location) -> Choice:
    keys = tuple(key for key, value in content.entries if present(it, value) == ALWAYS)
    length = len(keys) if not content.open and len(keys) == len(content.entries) else None
    return Choice("dict", when, location, "a dict", members=keys, length=length)


def _instance_choice(it: Interpreter, content: Instance, when: Condition, location: Location) -> Choice:
    name = content.made.node.name if isinstance(content.made, Class) else content.made.name.rpartition(".")[2]
    library = isinstance(content.made, Ext)
    bases = [base.name for base in classes.external_bases(it, content.made)]
    if any(map(catalogue.is_schedule, bases)):
        return Choice("schedule", when, location, f"a schedule ({name})", library=library)
    if isinstance(content.made, Ext) and catalogue.is_scheduler(content.made.name):
        return Choice("scheduler", when, location, f"a scheduler ({name})", library=True)
    if classes.is_network(it, content) and not _CONTAINERS & set(bases) and not classes.iterates(it, content):
        return Choice("cell", when, location, f"a Cell ({name})", library=library)
    if isinstance(content.made, Class) and classes.is_plain(it, content.made):
        return Choice("function", when, location, f"an object of the class {name}")
    return Choice("unknown", when, location)
