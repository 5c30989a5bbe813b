"""Python's own functions: the builtins, and a few of the standard library."""

from __future__ import annotations

import ast
import functools
import itertools
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, by_number
from ms_optim_lint.domain.values import (
    ABSENT,
    BOOLEAN,
    IDENTITY,
    NONE_VALUE,
    NUMBER,
    TEXT,
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
    Partial,
    Ref,
    Site,
    Super,
    Sym,
    Truth,
    Tuple,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter import attributes, containers, layers, networks, notes_runtime
from ms_optim_lint.interpreter.calls import Arguments, apply
from ms_optim_lint.interpreter.expressions import merged_dict, replaceable, sequence_of
from ms_optim_lint.interpreter.iteration import (
    feeds_of,
    items_of_value,
    most_passes,
    new_element,
    read_some,
    use_up_value,
)
from ms_optim_lint.interpreter.library.table import CallSite, Handler
from ms_optim_lint.interpreter.methods import constant_of, lift
from ms_optim_lint.interpreter.sizes import size_of
from ms_optim_lint.interpreter.truth import some, term_of, term_of_value, truth
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.mindspore.signatures import signature

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Frame, Interpreter


def _sequence(kind: str) -> Handler:
    def make(it: Interpreter, site: CallSite) -> Value:
        value = site.get("iterable", 0)
        if value is None:
            return it.new_list(site.node, site.frame, (), kind)
        items, opened = items_of_value(it, value, site.node, site.frame)
        if kind == "tuple":
            return value_of(Tuple(items, opened), site.origin)
        return it.new_list(site.node, site.frame, items, kind, opened)

    return make


def _dict(it: Interpreter, site: CallSite) -> Value:
    content = DictContent()
    if site.arguments.positional:
        content = merged_dict(it, content, site.arguments.positional[0].value, site.node)
        content = _from_pairs(it, content, site)
    for name, given in site.arguments.keywords:
        content = content.with_entry(name, given.value, given.keyword)
    content = DictContent(content.entries, content.open or site.arguments.more_keywords, content.places)
    if site.arguments.more_keywords:
        content = replaceable(it, content, site.node)
    made = it.allocate(site.node, site.frame.module, content)
    if site.name == "addict.Dict":
        it.lenient.add(made.obj)
    return value_of(made, site.origin)


def _from_pairs(it: Interpreter, content: DictContent, site: CallSite) -> DictContent:
    atom = site.arguments.positional[0].value.single
    sequence = sequence_of(it, atom) if atom is not None else None
    if sequence is None or sequence.open:
        return content
    result = DictContent()
    for item in sequence.items:
        pair = item.value.single
        inner = sequence_of(it, pair) if pair is not None else None
        if inner is None or len(inner.items) != 2 or item.elements or item.when != ALWAYS:
            return content
        key = inner.items[0].value.single
        if not isinstance(key, Const):
            return content
        result = result.with_entry(key.value, inner.items[1].value, None)
    return result


def _filter(it: Interpreter, site: CallSite) -> Value:
    function, iterable = site.get("function", 0), site.get("iterable", 1)
    if function is None or iterable is None:
        return it.unknown(site.node, "filter", frame=site.frame)
    items, opened = items_of_value(it, iterable, site.node, site.frame, consume=False)
    feeds = feeds_of(it, iterable)
    kept = []
    for number, item in enumerate(items):
        if function.single == Const(None):
            holds = truth(it, item.value, site.node)
        else:
            holds = truth(it, _for_item(it, function, item, number, site), site.node)
        kept.append(item._replace(when=it.logic.both(item.when, holds)))
    left = tuple(i for i in kept if i.when != NEVER)
    return it.new_list(site.node, site.frame, left, "iterator", opened, feeds=feeds)


def _for_item(it: Interpreter, function: Value, item: Item, number: int, site: CallSite) -> Value:
    """Call a function for an item of a sequence; what it does to variables is kept, as if it ran once."""
    active = list(it.active)
    it.active.extend(item.elements)
    before = it.state
    it.state = before.fork(it.logic, item.when)
    mark = item.elements or (number,)
    try:
        with it.within(it.logic.term("pass", it.context, it.number(site.node), *mark)):
            return apply(it, function, Arguments.of([item.value]), site.node, site.frame)
    finally:
        for key, stored in it.state.writes.items():
            before.set(key, stored)
        it.state = before
        it.active[:] = active


def _map(it: Interpreter, site: CallSite) -> Value:
    function = site.get("function", 0)
    if function is None or len(site.arguments.positional) != 2:
        return it.new_list(site.node, site.frame, (), "iterator", True)
    iterable = site.arguments.positional[1].value
    items, opened = items_of_value(it, iterable, site.node, site.frame, consume=False)
    feeds = feeds_of(it, iterable)
    made = tuple(item._replace(value=_for_item(it, function, item, number, site)) for number, item in enumerate(items))
    return it.new_list(site.node, site.frame, made, "iterator", opened, feeds=feeds)


def _enumerate(it: Interpreter, site: CallSite) -> Value:
    iterable = site.get("iterable", 0)
    if iterable is None:
        return it.unknown(site.node, "enumerate", frame=site.frame)
    items, opened = items_of_value(it, iterable, site.node, site.frame, consume=False)
    feeds = feeds_of(it, iterable)
    plain = all(not item.elements and item.when == ALWAYS for item in items)
    made = []
    for number, item in enumerate(items):
        index: Atom = (
            Const(number)
            if plain
            else Sym(it.logic.term("number", it.fresh(site.node), number, *item.elements), NUMBER)
        )
        pair = Tuple((Item(value_of(index)), Item(item.value)))
        made.append(item._replace(value=value_of(pair)))
    return it.new_list(site.node, site.frame, tuple(made), "iterator", opened, feeds=feeds)


def _zip(it: Interpreter, site: CallSite) -> Value:
    columns = [items_of_value(it, g.value, site.node, site.frame, consume=False) for g in site.arguments.positional]
    for given in site.arguments.positional:
        read_some(it, given.value)  # it stops at the shortest
    plain = all(not opened and all(not i.elements and i.when == ALWAYS for i in items) for items, opened in columns)
    if plain and columns:
        rows = zip(*(items for items, _ in columns))
        made = tuple(Item(value_of(Tuple(tuple(row)), site.origin)) for row in rows)
        return it.new_list(site.node, site.frame, made, "iterator")
    base = it.logic.term("zip", it.fresh(site.node))
    element = new_element(it, base)
    cells = []
    for number, (items, opened) in enumerate(columns):
        kinds = {a.atom.kind if isinstance(a.atom, Sym) else None for i in items for a in i.value.alternatives}
        kind = kinds.pop() if len(kinds) == 1 and not opened else None
        cells.append(Item(value_of(Sym(it.logic.term("column", element, number), kind, reason="from zip"))))
    pair = value_of(Tuple(tuple(cells)), site.origin)
    return it.new_list(site.node, site.frame, (Item(pair, ALWAYS, (element,)),), "iterator")


def _range(it: Interpreter, site: CallSite) -> Value:
    bounds = [constant_of(it, g.value) for g in site.arguments.positional]
    if bounds and all(isinstance(b, int) for b in bounds):
        try:
            numbers = range(*(b for b in bounds if isinstance(b, int)))
        except (TypeError, ValueError):
            return it.unknown(site.node, "range", frame=site.frame)
        if len(numbers) <= most_passes(it, True):
            items = tuple(Item(value_of(Const(n), site.origin)) for n in numbers)
            return it.new_list(site.node, site.frame, items, "view")
    terms = [term_of_value(it, g.value) for g in site.arguments.positional]
    element = new_element(it, it.logic.term("range", *terms))
    item = Item(value_of(Sym(element, NUMBER, 0, "counts up"), site.origin), ALWAYS, (element,))
    return it.new_list(site.node, site.frame, (item,), "view")


def _reordered(it: Interpreter, site: CallSite) -> Value:
    """``sorted`` gives a list, ``reversed`` an iterator; of both the order is not kept track of."""
    value = site.get("iterable", 0)
    if value is None:
        return it.unknown(site.node, "sorted", frame=site.frame)
    items, opened = items_of_value(it, value, site.node, site.frame)
    kind = "list" if site.name == "builtins.sorted" else "iterator"
    return it.new_list(site.node, site.frame, tuple(reversed(items)) if kind == "iterator" else items, kind, opened)


def _iter(it: Interpreter, site: CallSite) -> Value:
    value = site.get("object", 0)
    if value is None:
        return it.unknown(site.node, "iter", frame=site.frame)
    items, opened = items_of_value(it, value, site.node, site.frame, consume=False)
    return it.new_list(site.node, site.frame, items, "iterator", opened, feeds=feeds_of(it, value))


def _next(it: Interpreter, site: CallSite) -> Value:
    value = site.get("iterator", 0)
    kind = None
    if value is not None:
        for alternative in it.alternatives(value):
            sequence = sequence_of(it, alternative.atom)
            if sequence is not None and isinstance(alternative.atom, Ref):
                kinds = {
                    a.atom.kind if isinstance(a.atom, Sym) else None
                    for i in sequence.items
                    for a in i.value.alternatives
                }
                kind = kinds.pop() if len(kinds) == 1 else None
        read_some(it, value)
    return it.unknown(site.node, "next item", kind, site.frame)


def _chain(it: Interpreter, site: CallSite) -> Value:
    items: list[Item] = []
    opened = site.arguments.more_positional
    feeds: list[Ref] = []
    for given in site.arguments.positional:
        inner, more = items_of_value(it, given.value, site.node, site.frame, consume=False)
        feeds.extend(feeds_of(it, given.value))
        items.extend(inner)
        opened = opened or more
    return it.new_list(site.node, site.frame, tuple(items), "iterator", opened, feeds=tuple(feeds))


def _chain_iterable(it: Interpreter, site: CallSite) -> Value:
    value = site.get("iterable", 0)
    rows, opened = items_of_value(it, value, site.node, site.frame) if value is not None else ((), True)
    items: list[Item] = []
    for row in rows:
        inner, more = items_of_value(it, row.value, site.node, site.frame)
        opened = opened or more
        items.extend(Item(i.value, it.logic.both(i.when, row.when), (*row.elements, *i.elements)) for i in inner)
    return it.new_list(site.node, site.frame, tuple(items), "iterator", opened)


def _len(it: Interpreter, site: CallSite) -> Value:
    value = site.get("object", 0)
    if value is None:
        return it.unknown(site.node, "len", NUMBER, site.frame)

    def one(atom: Atom) -> Value:
        if isinstance(atom, Const) and isinstance(atom.value, (str, bytes)):
            return value_of(Const(len(atom.value)), site.origin)
        sequence = sequence_of(it, atom)
        if sequence is not None:
            count = size_of(it, sequence.items, sequence.open) if sequence.kind != "set" else None
            if count is not None:
                return value_of(Const(count), site.origin)
            filled = some(it, sequence.items, sequence.open, site.node)
            return value_of(Sym(it.logic.term("length", filled, term_of(it, atom)), NUMBER, 0), site.origin)
        if isinstance(atom, Ref):
            content = it.content(atom)
            if (
                isinstance(content, DictContent)
                and not content.open
                and all(a.atom is not ABSENT for _, v in content.entries for a in v.alternatives)
            ):
                return value_of(Const(len(content.entries)), site.origin)
        return value_of(Sym(it.logic.term("length", term_of(it, atom)), NUMBER, 0), site.origin)

    return it.map(value, site.node, lambda a: one(a.atom))


def _any_all(it: Interpreter, site: CallSite) -> Value:
    value = site.get("iterable", 0)
    if value is None:
        return it.unknown(site.node, "any", BOOLEAN, site.frame)
    items, opened = items_of_value(it, value, site.node, site.frame, consume=False)
    read_some(it, value)  # it stops where the answer is known
    is_any = site.name == "builtins.any"
    logic = it.logic
    result = NEVER if is_any else ALWAYS
    for item in items:
        holds = truth(it, item.value, site.node)
        if item.elements:
            # One opaque test of everything else that it speaks of.
            inner = set(item.elements)
            outer = sorted(
                {e for c in (holds, item.when) for t in logic.atoms(c) for e in t.elements} - inner, key=by_number
            )
            bases = [e.args[0] for e in item.elements if hasattr(e.args[0], "op")]
            holds = logic.atom(logic.term("any" if is_any else "all", holds, item.when, *bases, *outer))  # type: ignore[arg-type]
            result = logic.either(result, holds) if is_any else logic.both(result, holds)
        elif is_any:
            result = logic.either(result, logic.both(item.when, holds))
        else:
            result = logic.both(result, logic.either(logic.no(item.when), holds))
    if opened:
        rest = logic.atom(it.fresh(site.node))
        result = logic.either(result, rest) if is_any else logic.both(result, rest)
    return value_of(Const(result == ALWAYS) if result in (NEVER, ALWAYS) else Truth(result), site.origin)


def _isinstance(it: Interpreter, site: CallSite) -> Value:
    value, types = site.get("obj", 0), site.get("types", 1)
    if value is None or types is None:
        return it.unknown(site.node, "isinstance", BOOLEAN, site.frame)
    result = NEVER
    logic = it.logic
    for alternative in it.alternatives(value):
        for type_ in it.alternatives(types):
            sequence = sequence_of(it, type_.atom)
            options = [i.value.single for i in sequence.items] if sequence is not None else [type_.atom]
            holds = NEVER
            for option in options:
                holds = logic.either(holds, _is_instance(it, alternative.atom, option))
            result = logic.either(result, logic.both(logic.both(alternative.when, type_.when), holds))
    return value_of(Const(result == ALWAYS) if result in (NEVER, ALWAYS) else Truth(result), site.origin)


_TYPES: dict[str, tuple[type, ...]] = {
    "builtins.str": (str,),
    "builtins.int": (int,),
    "builtins.float": (float,),
    "builtins.bool": (bool,),
    "builtins.bytes": (bytes,),
}


def _is_instance(it: Interpreter, atom: Atom, type_: Optional[Atom]) -> Condition:
    name = type_.name if isinstance(type_, Ext) else ""
    rate = notes_runtime.rate_of(it, atom) if isinstance(type_, Ext) else None
    if rate is not None and isinstance(atom, Sym):
        return _is_rate_of_kind(it, atom, rate, name)
    kinds = _ABSTRACT.get(name)
    if kinds is not None:
        if isinstance(atom, Const):
            return ALWAYS if isinstance(atom.value, kinds) else NEVER
        if isinstance(atom, Tuple):
            return ALWAYS if tuple in kinds else NEVER
        content = it.content(atom) if isinstance(atom, Ref) else None
        if isinstance(content, ListContent) and content.kind in ("list", "set"):
            return ALWAYS if {"list": list, "set": set}[content.kind] in kinds else NEVER
        if isinstance(content, DictContent):
            return ALWAYS if dict in kinds else NEVER
        if isinstance(atom, (Function, Class, Partial)):
            return NEVER
    if isinstance(atom, Const) and name.startswith("builtins."):
        return ALWAYS if name in _TYPES and isinstance(atom.value, _TYPES[name]) else NEVER
    if isinstance(atom, (Const, Truth)) and (
        isinstance(type_, Class) or name.startswith(("mindspore.", "numpy.", "torch."))
    ):
        return NEVER
    if isinstance(atom, Tuple) and name.startswith("builtins."):
        return ALWAYS if name == "builtins.tuple" else NEVER
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, (ListContent, DictContent)):
            own = "builtins.dict" if isinstance(content, DictContent) else f"builtins.{content.kind}"
            if name.startswith("builtins.") or isinstance(type_, Class):
                return ALWAYS if name == own else NEVER
            return it.logic.atom(it.logic.term("isinstance", term_of(it, atom), it.logic.term("external", name)))
        if name in _TYPES or name in ("builtins.list", "builtins.dict", "builtins.tuple", "builtins.set"):
            return (
                NEVER
                if not attributes.external_bases(it, content.made)
                else it.logic.atom(it.logic.term("isinstance", term_of(it, atom), it.logic.term("external", name)))
            )
        if isinstance(type_, Class):
            inherits = _inherits(it, content.made, type_)
            if inherits is not None:
                return ALWAYS if inherits else NEVER
        if name in _ABSTRACT and isinstance(content.made, Ext) and catalogue.is_cell(content.made.name):
            return ALWAYS if content.made.name in containers.CONTAINERS and name.endswith("Iterable") else NEVER
        if isinstance(type_, Ext) and any(b.name == name for b in attributes.external_bases(it, content.made)):
            return ALWAYS
    other = term_of(it, type_) if type_ is not None else it.fresh(it)
    return it.logic.atom(it.logic.term("isinstance", term_of(it, atom), other))


#: Abstract classes, and the types of Python that belong to them.
_ABSTRACT: dict[str, tuple[type, ...]] = {
    "collections.abc.Iterable": (str, bytes, tuple, list, set, dict),
    "collections.abc.Sequence": (str, bytes, tuple, list),
    "collections.abc.Mapping": (dict,),
    "collections.abc.Callable": (),
    "numbers.Number": (int, float, complex),
    "numbers.Real": (int, float),
    "numbers.Integral": (int,),
}
_ABSTRACT.update(
    {f"typing.{name[16:]}": kinds for name, kinds in list(_ABSTRACT.items()) if name[:11] == "collections"}
)
_ABSTRACT.update(
    {f"collections.{name[16:]}": kinds for name, kinds in list(_ABSTRACT.items()) if name[:11] == "collections"}
)
del _ABSTRACT["collections.abc.Callable"], _ABSTRACT["typing.Callable"], _ABSTRACT["collections.Callable"]


def _inherits(it: Interpreter, made: Union[Class, Ext], wanted: Class, depth: int = 0) -> Optional[bool]:
    """Whether a class is another one of the project or comes from it; None where not all of its bases are in sight."""
    if made == wanted:
        return True
    if isinstance(made, Ext) or depth > 8:
        return False
    answers = [
        _inherits(it, a.atom, wanted, depth + 1) if isinstance(a.atom, (Class, Ext)) else None
        for base in made.bases
        for a in it.alternatives(base)
    ]
    return True if True in answers else None if None in answers else False


#: What a class says of a rate that is an instance of it: whether it is the rates of groups, and whether it changes by itself.
_RATE_CLASSES = {
    "mindspore.Parameter": (False, False),
    "mindspore.Tensor": (False, False),
    "mindspore.ParameterTuple": (True, False),
    "builtins.tuple": (True, False),
    "mindspore.nn.CellList": (True, True),
    "mindspore.nn.learning_rate_schedule.LearningRateSchedule": (False, True),
}
_NO_RATES = frozenset(f"builtins.{name}" for name in "float int str list dict bool".split())


def _is_rate_of_kind(it: Interpreter, atom: Sym, found: notes_runtime.RateOf, name: str) -> Condition:
    """``isinstance(optimizer.learning_rate, Parameter)``: a number is kept as a Parameter, what changes by itself as a Cell,
    the rates of groups as a tuple or a CellList of these."""
    logic = it.logic
    construction = found.construction
    if name in _NO_RATES:
        return NEVER
    unknown = logic.atom(logic.term("isinstance", atom.term, logic.term("external", name)))
    if any(rate.kind == "unknown" for rate in construction.rates):
        return unknown
    if any(params.kind == "unknown" or params.open for params in construction.params):
        return unknown
    grouped, moving = construction.group_rate(), construction.moving_rate()
    if found.how == "get_lr":
        return {"builtins.tuple": grouped, "mindspore.Tensor": logic.no(grouped)}.get(name, unknown)
    if name == "mindspore.nn.Cell":
        return moving
    if name not in _RATE_CLASSES:
        return unknown
    of_groups, by_itself = _RATE_CLASSES[name]
    holds = moving if by_itself else logic.no(moving)
    if found.how == "element":
        return NEVER if of_groups else holds
    return logic.both(grouped if of_groups else logic.no(grouped), holds)


def _id(it: Interpreter, site: CallSite) -> Value:
    value = site.get("obj", 0)
    if value is None:
        return it.unknown(site.node, "id", IDENTITY, site.frame)
    return it.map(value, site.node, lambda a: value_of(Sym(it.logic.term("id", term_of(it, a.atom)), IDENTITY)))


def _getattr(it: Interpreter, site: CallSite) -> Value:
    value, name, default = site.get("o", 0), site.get("name", 1), site.get("default", 2)
    constant = name.single if name is not None else None
    if value is not None and isinstance(constant, Const) and isinstance(constant.value, str):
        if default is None:
            return attributes.read(it, value, constant.value, site.node, site.frame)
        found = it.map(
            value, site.node, lambda a: attributes.read_atom(it, a.atom, str(constant.value), site.node, site.frame)
        )
        there = _has(it, value, constant.value, site)
        if there == ALWAYS:
            return found
        if there == NEVER:
            return default
        return join(it.logic, [(there, found), (it.logic.no(there), default)], it.fresh(site.node))
    if value is not None and name is not None and len(name.alternatives) > 1:
        return it.map(
            name,
            site.node,
            lambda a: (
                attributes.read_atom(it, value.single, str(a.atom.value), site.node, site.frame)
                if isinstance(a.atom, Const) and value.single is not None
                else it.unknown(site.node, "getattr")
            ),
        )
    return it.unknown(site.node, "an attribute whose name is not known", frame=site.frame)


def _hasattr(it: Interpreter, site: CallSite) -> Value:
    value, name = site.get("o", 0), site.get("name", 1)
    constant = name.single if name is not None else None
    if value is None or not isinstance(constant, Const) or not isinstance(constant.value, str):
        return it.unknown(site.node, "hasattr", BOOLEAN, site.frame)
    there = _has(it, value, constant.value, site)
    return value_of(Const(there == ALWAYS) if there in (NEVER, ALWAYS) else Truth(there), site.origin)


def _has(it: Interpreter, value: Value, name: str, site: CallSite) -> Condition:
    from ms_optim_lint.interpreter import notes

    logic = it.logic
    result = NEVER
    for alternative in it.alternatives(value):
        rate = notes_runtime.rate_of(it, alternative.atom)
        if rate is not None:
            number = notes_runtime.is_number(it, rate)
            holds = number if name in notes_runtime.NUMBER_METHODS else logic.atom(it.fresh(site.node, what="hasattr"))
            result = logic.either(result, logic.both(alternative.when, holds))
            continue
        known = notes.has_attribute(it, alternative.atom, name)
        if known is None:
            holds = logic.atom(logic.term("hasattr", term_of(it, alternative.atom), name))
        else:
            holds = ALWAYS if known else NEVER
        result = logic.either(result, logic.both(alternative.when, holds))
    return result


def _setattr(it: Interpreter, site: CallSite) -> Value:
    value, name, new = site.get("o", 0), site.get("name", 1), site.get("value", 2)
    constant = name.single if name is not None else None
    if value is not None and new is not None and isinstance(constant, Const) and isinstance(constant.value, str):
        attributes.write(it, value, constant.value, new, site.node, site.frame)
    elif value is not None:
        for alternative in it.alternatives(value):
            if isinstance(alternative.atom, Ext):
                it.patched.add(alternative.atom.name)
            elif isinstance(alternative.atom, Ref):
                it.opened.add(alternative.atom.obj)
    return NONE_VALUE


def _vars(it: Interpreter, site: CallSite) -> Value:
    """``vars(x)``: whoever has it can set every attribute."""
    value = site.get("object", 0)
    for alternative in it.alternatives(value) if value is not None else ():
        if isinstance(alternative.atom, Ref):
            it.opened.add(alternative.atom.obj)
    return it.unknown(site.node, "vars", frame=site.frame)


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


def _round(it: Interpreter, site: CallSite) -> Value:
    notes_runtime.number_wanted(it, site)
    given = [constant_of(it, v) for v in site.arguments.values()]
    functions = {"round": round, "abs": abs, "min": min, "max": max, "sum": sum, "pow": pow}
    if ... not in given and given and not site.arguments.keywords:
        try:
            result = functions[site.name.rpartition(".")[2]](*given)  # type: ignore[operator]
        except (TypeError, ValueError, OverflowError):
            result = None
        if isinstance(result, (int, float)):
            return value_of(Const(result), site.origin)
    terms = [term_of_value(it, v) for v in site.arguments.values()]
    if len(site.arguments.positional) == 1:
        use_up_value(it, site.arguments.positional[0].value)
    term = it.logic.term("call", it.logic.term("external", site.name), *terms)
    kind = NUMBER if site.name in ("builtins.round", "builtins.min", "builtins.max") else None
    return value_of(Sym(term, kind, 0 if kind else None, "a number"), site.origin)


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
    chained = _chain_iterable(it, site)
    items, opened = items_of_value(it, chained, site.node, site.frame)
    return it.new_list(site.node, site.frame, items, "list", opened)


def _partial(it: Interpreter, site: CallSite) -> Value:
    if not site.arguments.positional:
        return it.unknown(site.node, "partial", frame=site.frame)
    first, *rest = (g.value for g in site.arguments.positional)
    keywords = tuple((name, given.value) for name, given in site.arguments.keywords)
    return value_of(Partial(first, tuple(rest), keywords), site.origin)


def _pickle(it: Interpreter, site: CallSite) -> Value:
    notes_runtime.pickled(it, site.get("obj", 0), site)
    return it.unknown(site.node, f"result of {site.name}", frame=site.frame)


def _copy(it: Interpreter, site: CallSite) -> Value:
    value = site.get("x", 0)
    if site.name == "copy.deepcopy":
        notes_runtime.pickled(it, value, site)
    if value is None:
        return it.unknown(site.node, "copy", frame=site.frame)

    deep = site.name == "copy.deepcopy"

    def one(atom: Atom) -> Value:
        if isinstance(atom, Ref):
            content = it.content(atom)
            if isinstance(content, (ListContent, DictContent)):
                if deep and it.making:
                    return _deep_copy(it, value_of(atom), site)
                return value_of(it.allocate(site.node, site.frame.module, content), site.origin)
            if isinstance(content, Instance) and layers.is_cell(it, content) is not None:
                return _copied_object(it, atom, content, site)
            return it.unknown(site.node, "a copy", frame=site.frame)
        if isinstance(atom, Sym):
            return value_of(Sym(it.fresh(site.node, what="copy"), atom.kind, atom.rank, "a copy"), site.origin)
        return value_of(atom, site.origin)

    return it.each(value, site.node, lambda a: one(a.atom))


def _deep_copy(it: Interpreter, value: Value, site: CallSite, depth: int = 0) -> Value:
    """Lists and dicts within lists and dicts are copied too, other things in them are not."""
    atom = value.single
    content = it.content(atom) if isinstance(atom, Ref) else None
    if not isinstance(content, (ListContent, DictContent)) or depth > 6:
        return value
    with it.within(it.logic.term("copy", it.context, depth, it.number(atom.obj))):  # type: ignore[union-attr]
        if isinstance(content, ListContent):
            items = tuple(i._replace(value=_deep_copy(it, i.value, site, depth + 1)) for i in content.items)
            made: Union[ListContent, DictContent] = ListContent(items, content.open, content.kind, content.consumed)
        else:
            entries = tuple((key, _deep_copy(it, entry, site, depth + 1)) for key, entry in content.entries)
            made = DictContent(entries, content.open, content.places)
        return value_of(it.allocate(site.node, site.frame.module, made), site.origin)


def _copied_object(it: Interpreter, ref: Ref, content: Instance, site: CallSite) -> Value:
    """A copy of an object has its attributes; one of a cell holds Parameters of its own."""
    made = it.allocate(site.node, site.frame.module, content, "object")
    if layers.is_cell(it, content):
        networks.copied(it, made, ref, site.name == "copy.deepcopy")
        return value_of(made, site.origin)
    for name, stored in it.attributes_of(ref.obj):
        it.state.set((made.obj, name), stored)
    return value_of(made, site.origin)


def _object(it: Interpreter, site: CallSite) -> Value:
    ref = it.allocate(site.node, site.frame.module, Instance(Ext(site.name)), "object")
    return value_of(ref, site.origin)


def _match(it: Interpreter, site: CallSite) -> Value:
    """``re.match`` and ``re.search``: a test of the text, the same for the same pattern."""
    terms = [term_of_value(it, v) for v in site.arguments.values()]
    return value_of(Sym(it.logic.term("call", it.logic.term("external", site.name), *terms)), site.origin)


def _signature(it: Interpreter, site: CallSite) -> Value:
    """``inspect.signature(f).parameters`` of a class of MindSpore."""
    value = site.get("obj", 0)
    atom = value.single if value is not None else None
    name = atom.name if isinstance(atom, (Ext, Method)) else ""
    name = name[: -len(".__init__")] if name.endswith(".__init__") else name
    described = signature(name, it.project.settings.mindspore_version) if name.startswith("mindspore.") else None
    if described is None or not described.arguments:
        return it.unknown(site.node, "a signature", frame=site.frame)
    found = it.allocate(site.node, site.frame.module, Instance(Ext(site.name)), "signature")
    entries = tuple(
        (argument.name, value_of(Sym(it.logic.term("argument of", name, argument.name), reason="an argument")))
        for argument in described.arguments
    )
    keys = it.allocate(site.node, site.frame.module, DictContent(entries))
    it.state.set((found.obj, "parameters"), value_of(keys))
    return value_of(found, site.origin)


def _numbers(it: Interpreter, site: CallSite) -> Value:
    """Numbers that a network is built from: ``np.linspace(0, 0.1, 12)`` and the like, of constants."""
    from ms_optim_lint.interpreter.library import numeric

    short = site.name.rpartition(".")[2]
    given = [_known_number(it, g.value) for g in site.arguments.positional]
    if it.making and ... not in given and not site.arguments.more_positional and not site.arguments.more_keywords:
        words = {name: constant_of(it, g.value) for name, g in site.arguments.keywords}
        result = _computed(short, given, words)
        if result is not None:
            return lift(it, result, site.node, site.frame)
    return (
        numeric.FUNCTIONS[site.name](it, site)
        if site.name in numeric.FUNCTIONS
        else it.unknown(site.node, f"result of {site.name}", frame=site.frame)
    )


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


def _namedtuple(it: Interpreter, site: CallSite) -> Value:
    """``namedtuple("Name", ["a", "b"])``: a class of objects with these attributes."""
    value = site.get("field_names", 1)
    fields = constant_of(it, value) if value is not None else ...
    if isinstance(fields, str):
        fields = fields.replace(",", " ").split()
    if not isinstance(fields, (list, tuple)) or site.arguments.keywords:
        return it.unknown(site.node, "a namedtuple", frame=site.frame)
    names = value_of(Tuple(tuple(Item(value_of(Const(name))) for name in fields)))
    return value_of(Partial(value_of(Ext("builtins.namedtuple object")), (names,), ()), site.origin)


def _named_object(it: Interpreter, site: CallSite) -> Value:
    names = [item.value.single for item in site.arguments.positional[0].value.single.items]  # type: ignore[union-attr]
    given = dict(site.arguments.keywords)
    made = it.allocate(site.node, site.frame.module, Instance(Ext(site.name)), "object")
    for number, name in enumerate(names, start=1):
        word = str(name.value) if isinstance(name, Const) else ""
        if number < len(site.arguments.positional):
            it.state.set((made.obj, word), site.arguments.positional[number].value)
        elif word in given:
            it.state.set((made.obj, word), given[word].value)
    return value_of(made, site.origin)


def _eval(it: Interpreter, site: CallSite) -> Value:
    """``eval("Name")``: what the name means there. Nothing else is evaluated."""
    value = site.get("source", 0)
    text = constant_of(it, value) if value is not None else ...
    if isinstance(text, str) and len(site.arguments.values()) == 1 and len(text) < 80:
        node = _parsed(text)
        if node is not None:
            from ms_optim_lint.interpreter.expressions import evaluate

            return evaluate(it, node, site.frame)
    return it.unknown(site.node, "result of eval", frame=site.frame)


@functools.lru_cache(maxsize=256)
def _parsed(text: str) -> Optional[ast.expr]:
    """A dotted name or a plain constant as an expression; None for anything else."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        inner = inner.value
    return node if isinstance(inner, ast.Name) or isinstance(node, ast.Constant) else None


def _repeat(it: Interpreter, site: CallSite) -> Value:
    """``itertools.repeat(x, n)``."""
    value, times = site.get("object", 0), site.get("times", 1)
    count = constant_of(it, times) if times is not None else ...
    if value is not None and isinstance(count, int) and 0 <= count <= most_passes(it):
        return it.new_list(site.node, site.frame, (Item(value),) * count, "iterator")
    return it.unknown(site.node, "repeated", frame=site.frame)


def _version(it: Interpreter, site: CallSite) -> Value:
    value = site.get("version", 0)
    constant = constant_of(it, value) if value is not None else ...
    if isinstance(constant, str):
        from ms_optim_lint.settings import SettingsError, parse_version

        try:
            return value_of(Const(parse_version(constant)), site.origin)
        except SettingsError:
            pass
    return it.unknown(site.node, "a version", frame=site.frame)


def _same(it: Interpreter, site: CallSite) -> Value:
    value = site.get("x", 0)
    return value if value is not None else it.unknown(site.node, "argument missing", frame=site.frame)


def _none(it: Interpreter, site: CallSite) -> Value:
    return NONE_VALUE


def _super(it: Interpreter, site: CallSite) -> Value:
    """``super(Own, self)``; without arguments it never gets here."""
    owner, receiver = site.get("type", 0), site.get("object", 1)
    cls = owner.single if owner is not None else None
    self_atom = receiver.single if receiver is not None else None
    if isinstance(cls, Class) and self_atom is not None:
        return value_of(Super(self_atom, cls), site.origin)
    return it.unknown(site.node, "super() of something unknown", frame=site.frame)


def _type(it: Interpreter, site: CallSite) -> Value:
    value = site.get("object", 0)
    atom = value.single if value is not None else None
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, Instance):
            return value_of(content.made, site.origin)
    term = it.logic.term("type", term_of_value(it, value)) if value is not None else it.fresh(site.node)
    return value_of(Sym(term), site.origin)


# Objects of the standard library


def object_method(it: Interpreter, ref: Ref, content: Instance, name: str, site: CallSite) -> Optional[Value]:
    """``argparse``: options with a numeric ``type`` are numbers."""
    made = content.made.name if isinstance(content.made, Ext) else ""
    if made == "mindspore.parameters_dict":
        return _parameters_dict(it, ref, name, site)
    if made == "argparse.ArgumentParser":
        if name in ("add_argument_group", "add_mutually_exclusive_group"):
            return value_of(ref, site.origin)
        if name == "add_argument":
            _add_argument(it, ref, site)
            return NONE_VALUE
        if name in ("parse_args", "parse_known_args"):
            space = it.allocate(site.node, site.frame.module, Instance(Ext("argparse.Namespace")), "namespace")
            it.state.set((space.obj, "#parser"), value_of(ref))
            result = value_of(space, site.origin)
            if name == "parse_args":
                return result
            return value_of(Tuple((Item(result), Item(it.unknown(site.node, "other options")))), site.origin)
    return None


def _parameters_dict(it: Interpreter, ref: Ref, name: str, site: CallSite) -> Optional[Value]:
    stored = it.state.get((ref.obj, "items"))
    if not isinstance(stored, Value) or name not in ("items", "keys", "values"):
        return None
    if name == "items":
        return stored
    items, _ = items_of_value(it, stored, site.node, site.frame)
    made = []
    for item in items:
        pair = item.value.single
        if isinstance(pair, Tuple):
            made.append(item._replace(value=pair.items[0 if name == "keys" else 1].value))
    return it.new_list(site.node, site.frame, tuple(made), "view")


def _add_argument(it: Interpreter, ref: Ref, site: CallSite) -> None:
    names = [constant_of(it, g.value) for g in site.arguments.positional]
    dest = site.get("dest")
    given = constant_of(it, dest) if dest is not None else None
    long = [n for n in names if isinstance(n, str) and n.startswith("--")] or [n for n in names if isinstance(n, str)]
    name = given if isinstance(given, str) else long[0].lstrip("-").replace("-", "_") if long else None
    if name is None:
        return
    kind_value = site.get("type")
    kind_atom = kind_value.single if kind_value is not None else None
    kind = None
    rank = None
    if (
        isinstance(kind_atom, Ext)
        and kind_atom.name in ("builtins.float", "builtins.int")
        and site.get("nargs") is None
    ):
        kind, rank = NUMBER, 0
    elif isinstance(kind_atom, Ext) and kind_atom.name == "builtins.str":
        kind = TEXT
    it.state.set(
        (ref.obj, f"option {name}"),
        value_of(Sym(it.logic.term("option", term_of(it, ref), name), kind, rank, "an option")),
    )


def object_attribute(it: Interpreter, ref: Ref, instance: Instance, name: str, origin: Site) -> Optional[Value]:
    """An attribute of what ``parse_args`` gave."""
    made = instance.made.name if isinstance(instance.made, Ext) else ""
    if made == "argparse.Namespace":
        parser = it.state.get((ref.obj, "#parser"))
        atom = parser.single if isinstance(parser, Value) else None
        if isinstance(atom, Ref):
            found = it.state.get((atom.obj, f"option {name}"))
            if isinstance(found, Value):
                return found
        return value_of(Sym(it.logic.term("attribute", term_of(it, ref), name), reason="an option"), origin)
    if made in ("argparse.ArgumentParser", "mindspore.parameters_dict"):
        return value_of(Method(ref, name), origin)
    return None


# Errors that the program expects

#: Stands for "this is a test that something goes wrong": nothing is said there.
EXPECTED = "*"


def expected_errors(it: Interpreter, node: ast.expr, frame: Frame) -> frozenset[str]:
    """The exceptions that ``with pytest.raises(...)``, ``self.assertRaises(...)`` or ``suppress(...)`` wait for."""
    if isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name)):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        if name in ("raises", "assertRaises", "assertRaisesRegex", "suppress", "deprecated_call", "warns"):
            found: set[str] = set()
            for argument in node.args:
                found |= _error_names(it, argument)
            return frozenset(found or {"Exception"}) | (frozenset() if name == "suppress" else {EXPECTED})
    return frozenset()


def handled_errors(it: Interpreter, handler: ast.ExceptHandler, frame: Frame) -> frozenset[str]:
    """The exceptions that an ``except`` clause catches."""
    if handler.type is None:
        return frozenset({"Exception"})
    return frozenset(_error_names(it, handler.type))


def _error_names(it: Interpreter, node: ast.expr) -> set[str]:
    if isinstance(node, ast.Tuple):
        return {name for element in node.elts for name in _error_names(it, element)}
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Attribute):
        return {node.attr}
    return set()


FUNCTIONS: dict[str, Handler] = {
    "builtins.list": _sequence("list"),
    "builtins.tuple": _sequence("tuple"),
    "builtins.set": _sequence("set"),
    "builtins.frozenset": _sequence("set"),
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "easydict.EasyDict": _dict,
    "addict.Dict": _dict,
    "box.Box": _dict,
    "argparse.Namespace": _dict,
    "types.SimpleNamespace": _dict,
    "ml_collections.ConfigDict": _dict,
    "builtins.filter": _filter,
    "builtins.map": _map,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.range": _range,
    "builtins.sorted": _reordered,
    "builtins.reversed": _reordered,
    "builtins.iter": _iter,
    "builtins.next": _next,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_iterable,
    "builtins.len": _len,
    "builtins.any": _any_all,
    "builtins.all": _any_all,
    "builtins.isinstance": _isinstance,
    "builtins.id": _id,
    "builtins.getattr": _getattr,
    "builtins.hasattr": _hasattr,
    "builtins.setattr": _setattr,
    "builtins.vars": _vars,
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
    "builtins.super": _super,
    "builtins.type": _type,
    "builtins.print": _none,
    "functools.partial": _partial,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "pickle.dump": _pickle,
    "pickle.dumps": _pickle,
    "torch.save": _pickle,
    "argparse.ArgumentParser": _object,
    "re.match": _match,
    "re.search": _match,
    "re.fullmatch": _match,
    "packaging.version.parse": _version,
    "packaging.version.Version": _version,
    "distutils.version.LooseVersion": _version,
    "distutils.version.StrictVersion": _version,
    "typing.cast": _none,
    "inspect.signature": _signature,
    "itertools.repeat": _repeat,
    "builtins.eval": _eval,
    "collections.namedtuple": _namedtuple,
    "builtins.namedtuple object": _named_object,
    "numpy.linspace": _numbers,
    "numpy.cumsum": _numbers,
    "numpy.arange": _numbers,
    "mindspore.ops.linspace": _numbers,
    "mindspore.mint.linspace": _numbers,
    "mindspore.numpy.linspace": _numbers,
}
