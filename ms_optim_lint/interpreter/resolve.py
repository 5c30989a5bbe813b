"""From values and the heap to shapes: what an optimizer is given, at the moment it is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, Condition, Term
from ms_optim_lint.domain.sets import certainly_there
from ms_optim_lint.domain.shapes import Choice, Entry, Group, Location, Params, Part, Rate, Wrong
from ms_optim_lint.domain.values import (
    ABSENT,
    ARRAY,
    BOOLEAN,
    CELL,
    IDENTITY,
    NUMBER,
    PARAMETER,
    TENSOR,
    TEXT,
    Alternative,
    Atom,
    Class,
    Const,
    DictContent,
    Ext,
    Function,
    Instance,
    Item,
    ListContent,
    Method,
    Ref,
    Sym,
    Truth,
    Tuple,
    Value,
)
from ms_optim_lint.interpreter import classes
from ms_optim_lint.interpreter.deferred import force
from ms_optim_lint.interpreter.iterators import read_before
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.sizes import size_of
from ms_optim_lint.interpreter.truth import present, term_of
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.records import replace

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

#: Methods of a network whose result an optimizer takes.
_GIVERS = ("trainable_params", "get_parameters", "untrainable_params")
#: Kinds of symbols that are no parameter, in the user's words.
_NO_PARAMETER = {
    TEXT: "a name",
    NUMBER: "a number",
    IDENTITY: "an id",
    BOOLEAN: "a truth value",
    CELL: "a network",
    TENSOR: "a Tensor",
}


def params_of(it: Interpreter, value: Value, location: Location) -> tuple[Params, ...]:
    """The alternatives of a ``params`` argument."""
    return tuple(
        _params(it, alternative, location)
        for alternative in it.alternatives(force(it, value))
        if alternative.atom is not ABSENT
    )


#: Tests of what a thing is.
_QUESTIONS = frozenset(
    ("raised", "isinstance", "hasattr", "truthy", "same", "contains", "in", "equal", "startswith", "endswith")
)


def asked(it: Interpreter, atom: Atom, when: Condition) -> bool:
    """Whether the program asks what a thing is, in a way that is not understood, and goes this way for one of the answers."""
    here = it.state.reached
    if when == ALWAYS == here:
        return False
    term = term_of(it, atom)
    if not _asks(it, when, term) and not _asks(it, here, term):
        return False
    return _asks(it, it.logic.both(when, here), term)


def kind_asked(it: Interpreter, term: Term, when: Condition) -> bool:
    """Whether the program asks of what class a thing is, or what it has, and nobody knows the answer."""
    here = it.logic.both(when, it.state.reached)
    return here != ALWAYS and _asks(it, here, term, _OF_KIND)


_OF_KIND = frozenset(("isinstance", "hasattr"))


def asks_of_sets(it: Interpreter, when: Condition) -> bool:
    """Whether a condition asks a network or a list something to which nobody knows the answer: it may be whether there is any
    such parameter."""
    return any(_is_of_set(it, part) for term in it.logic.atoms(when) for part in _parts(term, 6))


def _is_of_set(it: Interpreter, part: Term) -> bool:
    if part.op in ("parameters", "cells", "children"):
        return True
    obj = it.object_of(part)
    content = it.content(Ref(obj)) if obj is not None else None
    return isinstance(content, ListContent) or isinstance(content, Instance) and is_network(it, content)


def rate_asked(it: Interpreter, ref: Ref, when: Condition) -> bool:
    """Whether the program asks of what kind the rate of an optimizer is, and nobody knows: then it may not come here."""
    term = it.logic.term("rate", term_of(it, ref))
    return term in it.rates and kind_asked(it, term, when)


def _asks(it: Interpreter, when: Condition, wanted: Term, questions: frozenset[str] = _QUESTIONS) -> bool:
    return any(term.op in questions and _speaks_of(it, term, wanted) for term in it.logic.atoms(when))


def _speaks_of(it: Interpreter, question: Term, wanted: Term) -> bool:
    parts = it.parts.get(question)
    if parts is None:
        parts = it.parts[question] = frozenset(_parts(question, 6))
    if wanted in parts:
        return True
    return wanted.op == "external" and any(
        part.op == "external" and str(part.args[0]).startswith(f"{wanted.args[0]}.") for part in parts
    )


def _parts(term: Term, depth: int) -> Iterator[Term]:
    """The term and what it is made of, down to a depth."""
    yield term
    if depth > 0:
        for arg in term.args:
            if isinstance(arg, Term):
                yield from _parts(arg, depth - 1)


def _origin(alternative: Alternative, location: Location) -> Location:
    if alternative.origin is None:
        return location
    found = locate(alternative.origin)
    if isinstance(alternative.atom, Ref):
        return found._replace(via=tuple(locate(site) for site in alternative.atom.obj.calls))
    return found


def _params(it: Interpreter, alternative: Alternative, location: Location) -> Params:
    atom, when = alternative.atom, alternative.when
    origin = _origin(alternative, location)
    if isinstance(atom, (Ref, Method, Function)) and asked(it, atom, when):
        return Params("unknown", when, origin, reason="something that the program asks about")
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, ListContent):
            return _container(it, content, when, origin, atom.obj.number, location)
        if isinstance(content, DictContent):
            return Params("wrong", when, location, wrong=(Wrong("a dict", when, location, "a list of dicts"),))
        return _object(it, content, when, origin, location)
    if isinstance(atom, Tuple):
        return _container(it, ListContent(atom.items, atom.open, "tuple"), when, origin, 0, location)
    if isinstance(atom, Const):
        if atom.value is None:
            return Params("none", when, origin)
        what = "a string" if isinstance(atom.value, str) else f"{atom.value!r}"
        return Params("wrong", when, location, wrong=(Wrong(what, when, origin),))
    if isinstance(atom, Method) and isinstance(atom.receiver, Ref):
        if atom.name.rpartition(".")[2] in _GIVERS and it.constructions.get(atom.receiver.obj) is None:
            return _uncalled(atom.name.rpartition(".")[2], when, origin, location)
    if isinstance(atom, Function):
        return Params("wrong", when, location, wrong=(Wrong("a function", when, origin, "its result"),))
    if isinstance(atom, Sym):
        return _symbol(it, atom, when, origin, location)
    return Params("unknown", when, origin, reason="something that is not followed")


def _uncalled(name: str, when: Condition, origin: Location, location: Location) -> Params:
    wrong = Wrong(f"the method '{name}' itself", when, origin, f"{name}()")
    return Params("wrong", when, location, wrong=(wrong,))


def _object(it: Interpreter, content: Instance, when: Condition, origin: Location, location: Location) -> Params:
    if isinstance(content.made, Ext) and content.made.name == "mindspore.parameters_dict":
        return Params("wrong", when, origin, wrong=(Wrong("a dict of Parameters", when, origin, "trainable_params()"),))
    if isinstance(content.made, Ext) and content.made.name == "mindspore.no_parameters":
        wrong = Wrong("net.parameters(), a method that no network has", when, origin, "net.trainable_params()")
        return Params("wrong", when, origin, wrong=(wrong,))
    if is_network(it, content) and _iterates(it, content) is False:
        name = content.made.node.name if isinstance(content.made, Class) else content.made.name.rpartition(".")[2]
        wrong = Wrong(f"a network ({name})", when, location, "its trainable_params()")
        return Params("wrong", when, location, wrong=(wrong,))
    return Params("unknown", when, origin, reason="an object of a class")


def is_network(it: Interpreter, content: Instance) -> bool:
    """Whether an object is certainly a Cell (and not an optimizer)."""
    if isinstance(content.made, Class) and classes.has_unknown_base(it, content.made):
        return False
    bases = classes.external_bases(it, content.made)
    return any(catalogue.is_cell(b.name) and catalogue.optimizer(b.name) is None for b in bases)


def _iterates(it: Interpreter, content: Instance) -> Optional[bool]:
    """Whether iterating the object works: SequentialCell and CellList do, over cells, which are no parameters either."""
    if isinstance(content.made, Class):
        return classes.class_attribute(it, content.made, "__iter__") is not None
    return False


def _symbol(it: Interpreter, atom: Sym, when: Condition, origin: Location, location: Location) -> Params:
    term = atom.term
    if atom.kind == CELL:
        return Params("wrong", when, location, wrong=(Wrong("a network", when, location, "its trainable_params()"),))
    if atom.kind == PARAMETER:
        return Params("wrong", when, location, wrong=(Wrong("one Parameter", when, location, "a list of Parameters"),))
    if atom.kind in _NO_PARAMETER:
        return Params("wrong", when, location, wrong=(Wrong(_NO_PARAMETER[atom.kind], when, location),))
    if term.op == "attribute" and term.args[1] in _GIVERS:
        return _uncalled(str(term.args[1]), when, origin, location)
    element = it.logic.term("element", it.logic.term("over", term), 0)
    part = Part(element, ALWAYS, (element,), origin)
    return Params("unknown", when, origin, parts=(part,), reason=atom.reason or "something unknown")


def _container(
    it: Interpreter, content: ListContent, when: Condition, origin: Location, number: int, argument: Location
) -> Params:
    parts: list[Part] = []
    groups: list[Group] = []
    wrong: list[Wrong] = []
    logic = it.logic
    reached = logic.both(it.state.reached, when)
    unknown = content.open
    for item in content.items:
        for alternative in item.value.alternatives:
            here = logic.both(item.when, alternative.when)
            if not logic.meet(here, reached) or alternative.atom is ABSENT:
                continue
            found = _member(it, alternative, here, item, origin, argument)
            if isinstance(found, Part):
                parts.append(found)
            elif isinstance(found, Group):
                groups.append(found)
            elif isinstance(found, Wrong):
                wrong.append(found)
            else:
                unknown = True
    if groups and parts:
        sure = [p for p in parts if p.certain and certainly_there(logic, p, reached)]
        if sure and any(not g.many and logic.implies(reached, g.when) for g in groups):
            wrong.append(Wrong("Parameters beside dicts", ALWAYS, argument, "dicts only"))
        else:
            unknown = True
    kind = "groups" if groups else "list"
    return Params(
        kind,
        when,
        origin,
        tuple(parts),
        tuple(groups),
        tuple(wrong),
        unknown,
        content.kind,
        read_before(it, content),
        content.reason or ("something unknown in it" if unknown else ""),
        number,
    )


def _member(
    it: Interpreter, alternative: Alternative, when: Condition, item: Item, origin: Location, argument: Location
) -> object:
    """A part, a group, or something wrong, which is reported at the argument; None for what is unknown."""
    atom = alternative.atom
    location = _origin(alternative, origin)
    if isinstance(atom, Sym):
        if atom.kind in _NO_PARAMETER and not (atom.term.op == "attribute" and atom.term.args[1] == "data"):
            # Before MindSpore 2.8 a Parameter's data was the Parameter itself.
            return Wrong(f"{_NO_PARAMETER[atom.kind]} in the list", when, argument)
        if atom.kind == ARRAY:
            return Wrong("an array in the list", when, argument)
        if atom.term.op == "attribute" and atom.term.args[1] in _GIVERS:
            name = str(atom.term.args[1])
            return Wrong(f"the method '{name}' itself", when, location, f"{name}()")
        return Part(atom.term, when, item.elements, location, atom.kind == PARAMETER, row=item.row)
    if isinstance(atom, Tuple):
        return Wrong("a tuple in the list", when, argument, "Parameters")
    if isinstance(atom, (Const, Truth)):
        what = (
            "None"
            if isinstance(atom, Const) and atom.value is None
            else (
                f"the string {atom.value!r}"
                if isinstance(atom, Const) and isinstance(atom.value, str)
                else "a constant"
            )
        )
        return Wrong(f"{what} in the list", when, argument, "Parameters")
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, DictContent):
            return group_of(it, atom, content, when, item, location)
        if isinstance(content, ListContent):
            words = {"list": "a list", "set": "a set", "iterator": "an iterator", "view": "a view"}
            return Wrong(f"{words.get(content.kind, 'a list')} inside the list", when, argument, "one flat list")
        if is_network(it, content):
            return Wrong("a network in the list", when, argument, "its Parameters")
    if isinstance(atom, Method) and isinstance(atom.receiver, Ref) and it.constructions.get(atom.receiver.obj) is None:
        name = atom.name.rpartition(".")[2]
        if name in _GIVERS or atom.function is not None and not atom.function.decorated:
            return Wrong(f"the method '{name}' itself", when, location if name in _GIVERS else argument, f"{name}()")
    if isinstance(atom, Function) and not atom.decorated:
        return Wrong("a function in the list", when, argument, "its result")
    return None


def group_of(it: Interpreter, ref: Ref, content: DictContent, when: Condition, item: Item, location: Location) -> Group:
    """A dict in a list of groups."""
    places = {place[0]: place[1:] for place in content.places}
    entries: dict[str, Entry] = {}
    odd: list[tuple[str, Location, Condition]] = []
    for key, value in content.entries:
        key_site, value_site = places.get(key, (None, None))
        where = locate(key_site) if key_site is not None else location
        if isinstance(key, str):
            there = Value(tuple(a for a in value.alternatives if a.atom is not ABSENT))
            origin = locate(value_site) if value_site is not None else where
            rate = rates_of(it, there, origin) if key == "lr" else ()
            choices = choices_of(it, there, origin) if key in ("lr", "weight_decay") else ()
            entries[key] = Entry(there, present(it, value), where, origin, rate, choices)
        else:
            odd.append((repr(key), where, present(it, value)))
    params = _entry_params(it, entries, "params")
    order = _entry_params(it, entries, "order_params")
    return Group(
        when,
        locate(ref.obj.site)._replace(via=tuple(locate(site) for site in ref.obj.calls)),
        entries,
        tuple(odd),
        content.open,
        params,
        order,
        item.elements,
        ref.obj.number,
    )


def _entry_params(it: Interpreter, entries: dict[str, Entry], key: str) -> tuple[Params, ...]:
    entry = entries.get(key)
    if entry is None:
        return ()
    return tuple(
        Params("wrong", p.when, p.location, wrong=(Wrong("a list of dicts", p.when, entry.location, "Parameters"),))
        if p.kind == "groups"
        else p
        for p in params_of(it, entry.value, entry.location)
    )


# Rates


def rates_of(it: Interpreter, value: Value, location: Location) -> tuple[Rate, ...]:
    """The alternatives of a rate."""
    return tuple(
        _rate(it, alternative, _origin(alternative, location))
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
        replace(_choice(it, alternative, _origin(alternative, location)), term=term_of(it, alternative.atom))
        for alternative in it.alternatives(force(it, value))
        if alternative.atom is not ABSENT
    )


def _choice(it: Interpreter, alternative: Alternative, location: Location) -> Choice:
    atom, when = alternative.atom, alternative.when
    if not isinstance(atom, (Const, Truth)) and asked(it, atom, when):
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
    if is_network(it, content) and not _CONTAINERS & set(bases) and not _iterates(it, content):
        return Choice("cell", when, location, f"a Cell ({name})", library=library)
    return Choice("unknown", when, location)
