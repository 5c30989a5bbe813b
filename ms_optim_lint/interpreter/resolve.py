"""From values and the heap to shapes: what an optimizer is given, at the moment it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ms_optim_lint.domain.logic import ALWAYS, Condition
from ms_optim_lint.domain.sets import certainly_there
from ms_optim_lint.domain.shapes import Entry, Group, Location, Params, Part, Wrong
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
from ms_optim_lint.interpreter import argument_values, classes, questions
from ms_optim_lint.interpreter.deferred import force
from ms_optim_lint.interpreter.iterators import read_before
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.truth import present

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


def _params(it: Interpreter, alternative: Alternative, location: Location) -> Params:
    atom, when = alternative.atom, alternative.when
    origin = argument_values.origin_of(alternative, location)
    if isinstance(atom, (Ref, Method, Function)) and questions.asked(it, atom, when):
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
    if classes.is_network(it, content) and classes.iterates(it, content) is False:
        name = content.made.node.name if isinstance(content.made, Class) else content.made.name.rpartition(".")[2]
        wrong = Wrong(f"a network ({name})", when, location, "its trainable_params()")
        return Params("wrong", when, location, wrong=(wrong,))
    return Params("unknown", when, origin, reason="an object of a class")


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
    location = argument_values.origin_of(alternative, origin)
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
        if classes.is_network(it, content):
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
            rate = argument_values.rates_of(it, there, origin) if key == "lr" else ()
            choices = argument_values.choices_of(it, there, origin) if key in ("lr", "weight_decay") else ()
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
