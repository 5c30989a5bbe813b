"""Sequences and iterators: how Python's functions make and read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Term, by_number
from ms_optim_lint.domain.values import (
    ABSENT,
    ARRAY,
    BOOLEAN,
    NUMBER,
    UNORDERED,
    Atom,
    Const,
    DictContent,
    Item,
    ListContent,
    Ref,
    Sym,
    Truth,
    Tuple,
    Value,
    in_order,
    join,
    reversed_items,
    value_of,
)
from ms_optim_lint.interpreter.arguments import Arguments
from ms_optim_lint.interpreter.calls import apply
from ms_optim_lint.interpreter.iterators import (
    element_item,
    feeds_of,
    is_stale,
    items_of_value,
    most_passes,
    new_element,
    read_some,
    sources_of,
    spent,
)
from ms_optim_lint.interpreter.library.table import CallSite, Handler
from ms_optim_lint.interpreter.maybe import perhaps_done
from ms_optim_lint.interpreter.methods import constant_of
from ms_optim_lint.interpreter.operators import sequence_of
from ms_optim_lint.interpreter.sizes import size_of
from ms_optim_lint.interpreter.truth import some, term_of, term_of_value, truth
from ms_optim_lint.records import replace

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def _sequence(kind: str) -> Handler:
    def make(it: Interpreter, site: CallSite) -> Value:
        value = site.get("iterable", 0)
        if value is None:
            return it.new_list(site.node, site.frame, (), kind)
        reason = spent(it, value)
        items, opened = items_of_value(it, value)
        if kind == "tuple":
            return value_of(Tuple(items, opened), site.origin)
        return it.new_list(site.node, site.frame, items, kind, opened, reason)

    return make


def _filter(it: Interpreter, site: CallSite) -> Value:
    function, iterable = site.get("function", 0), site.get("iterable", 1)
    if function is None or iterable is None:
        return it.unknown(site.node, "filter", frame=site.frame)
    items, opened = items_of_value(it, iterable, consume=False)
    feeds = feeds_of(it, iterable)
    kept = []
    for number, item in enumerate(items):
        if function.single == Const(None):
            holds = truth(it, item.value, site.node)
        else:
            holds = truth(it, _for_item(it, function, item, number, site), site.node)
        holds = it.logic.no(holds) if site.name == "itertools.filterfalse" else holds
        kept.append(item._replace(when=it.logic.both(item.when, holds)))
    left = tuple(i for i in kept if i.when != NEVER)
    return it.new_list(site.node, site.frame, left, "iterator", opened, feeds=feeds, sources=sources_of(it, iterable))


def _for_item(it: Interpreter, function: Value, item: Item, number: int, site: CallSite) -> Value:
    """Call a function for an item of a sequence: it is called when the result is read, if it ever is."""
    active = list(it.active)
    it.active.extend(item.elements)
    before = it.state
    it.state = before.fork(it.logic, item.when)
    mark = item.elements or (number,)
    try:
        with it.within(it.logic.term("pass", it.context, it.number(site.node), *mark)):
            return apply(it, function, Arguments.of([item.value]), site.node, site.frame)
    finally:
        perhaps_done(it, before, it.state.writes, site.node)
        it.state = before
        it.active[:] = active


def _map(it: Interpreter, site: CallSite) -> Value:
    function = site.get("function", 0)
    if function is None or len(site.arguments.positional) != 2:
        return it.new_list(site.node, site.frame, (), "iterator", True)
    iterable = site.arguments.positional[1].value
    items, opened = items_of_value(it, iterable, consume=False)
    feeds = feeds_of(it, iterable)
    if opened:  # whatever else is in it is given to the function, too
        items = (*items, element_item(it, it.logic.term("over", it.fresh(site.node)), None))
    made = tuple(item._replace(value=_for_item(it, function, item, number, site)) for number, item in enumerate(items))
    return it.new_list(site.node, site.frame, made, "iterator", opened, feeds=feeds, sources=sources_of(it, iterable))


def _enumerate(it: Interpreter, site: CallSite) -> Value:
    iterable = site.get("iterable", 0)
    if iterable is None:
        return it.unknown(site.node, "enumerate", frame=site.frame)
    items, opened = items_of_value(it, iterable, consume=False)
    feeds = feeds_of(it, iterable)
    plain = in_order(items)
    made = []
    for number, item in enumerate(items):
        place = place_of(it, items) if site.get("start", 1) is None and not opened else None
        index: Atom = (
            Const(number)
            if plain
            else Sym(place or it.logic.term("number", it.fresh(site.node), number, *item.elements), NUMBER)
        )
        pair = Tuple((Item(value_of(index)), Item(item.value)))
        made.append(item._replace(value=value_of(pair)))
    return it.new_list(
        site.node, site.frame, tuple(made), "iterator", opened, feeds=feeds, sources=sources_of(it, iterable)
    )


def place_of(it: Interpreter, items: tuple[Item, ...]) -> Optional[Term]:
    """A term for the index of the present element in a list that has one thing for each element of something."""
    if len(items) != 1 or len(items[0].elements) != 1 or items[0].row:
        return None
    return it.logic.term("place", items[0].elements[0], items[0].when)


def _zip(it: Interpreter, site: CallSite) -> Value:
    columns = [items_of_value(it, g.value, consume=False) for g in site.arguments.positional]
    for given in site.arguments.positional:
        read_some(it, given.value)  # it stops at the shortest
    plain = all(not opened and in_order(items) for items, opened in columns)
    if plain and columns:
        rows = zip(*(items for items, _ in columns))
        made = tuple(Item(value_of(Tuple(tuple(row)), site.origin)) for row in rows)
        held = tuple(one for given in site.arguments.positional for one in sources_of(it, given.value))
        return it.new_list(site.node, site.frame, made, "iterator", sources=held)
    sources = dict.fromkeys(e.args[0] for items, _ in columns for item in items for e in item.elements)
    base = it.logic.term("zip", it.fresh(site.node), *(s for s in sources if isinstance(s, Term)))
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
        if not numbers[most_passes(it, True) :]:  # ``len`` of a range has a bound
            items = tuple(Item(value_of(Const(n), site.origin)) for n in numbers)
            return it.new_list(site.node, site.frame, items, "view")
    terms = [term_of_value(it, g.value) for g in site.arguments.positional]
    places = _places(it, terms[-1], site) if len(terms) == 1 or bounds[:-1] == [0] and len(terms) == 2 else None
    if places is not None:
        return places
    element = new_element(it, it.logic.term("range", *terms))
    item = Item(value_of(Sym(element, NUMBER, 0, "counts up"), site.origin), ALWAYS, (element,))
    return it.new_list(site.node, site.frame, (item,), "view")


def _places(it: Interpreter, length: Term, site: CallSite) -> Optional[Value]:
    """``range(len(items))``: the index of each item."""
    named = length.args[-1] if length.op == "length" else None
    obj = it.object_of(named) if isinstance(named, Term) else None
    content = it.content(Ref(obj)) if obj is not None else None
    place = place_of(it, content.items) if isinstance(content, ListContent) and not content.open else None
    if place is None or not isinstance(content, ListContent):
        return None
    item = Item(
        value_of(Sym(place, NUMBER, 0, "counts up"), site.origin), content.items[0].when, content.items[0].elements
    )
    return it.new_list(site.node, site.frame, (item,), "view")


def _reordered(it: Interpreter, site: CallSite) -> Value:
    """``sorted`` gives a list, of which the order is not kept track of, but for constants; ``reversed`` an iterator."""
    value = site.get("iterable", 0)
    if value is None:
        return it.unknown(site.node, "sorted", frame=site.frame)
    items, opened = items_of_value(it, value)
    kind = "list" if site.name == "builtins.sorted" else "iterator"
    if kind == "list" and not opened and all(not i.elements and i.when == ALWAYS for i in items):
        ordered = _sorted_constants(it, items, site)
        if ordered is not None:
            return it.new_list(site.node, site.frame, ordered, kind)
    if kind == "list":
        items = tuple(item._replace(row=UNORDERED) for item in items)
    if kind == "list":
        return it.new_list(site.node, site.frame, items, kind, opened)
    return it.new_list(site.node, site.frame, reversed_items(items), kind, opened, sources=sources_of(it, value))


def _sorted_constants(it: Interpreter, items: tuple[Item, ...], site: CallSite) -> Optional[tuple[Item, ...]]:
    """Names or numbers in order, where all of them are known and nothing else says what the order is."""
    words = {name: constant_of(it, given.value) for name, given in site.arguments.keywords}
    if words.keys() - {"reverse"} or words.get("reverse", False) not in (True, False):
        return None
    keys: list[Any] = [constant_of(it, item.value) for item in items]
    try:
        order = sorted(range(len(keys)), key=keys.__getitem__, reverse=bool(words.get("reverse", False)))
    except TypeError:
        return None
    return tuple(items[index] for index in order) if ... not in keys else None


def _iter(it: Interpreter, site: CallSite) -> Value:
    value = site.get("object", 0)
    if value is None:
        return it.unknown(site.node, "iter", frame=site.frame)
    items, opened = items_of_value(it, value, consume=False)
    return it.new_list(
        site.node, site.frame, items, "iterator", opened, feeds=feeds_of(it, value), sources=sources_of(it, value)
    )


def _next(it: Interpreter, site: CallSite) -> Value:
    value, default = site.get("iterator", 0), site.get("default", 1)
    kind = None
    if value is not None:
        first = _first(it, value, default)
        if first is not None:
            return first
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
    found = it.unknown(site.node, "next item", kind, site.frame)
    if value is None or default is None:
        return found
    there = it.logic.atom(it.logic.term("filled", term_of_value(it, value), it.fresh(site.node)))
    return join(it.logic, [(there, found), (it.logic.no(there), default)], it.fresh(site.node, what="join"))


def _first(it: Interpreter, value: Value, default: Optional[Value]) -> Optional[Value]:
    """The item that ``next`` takes out of an iterator, where that is known."""
    atom = value.single
    content = it.content(atom) if isinstance(atom, Ref) else None
    if not isinstance(content, ListContent) or not isinstance(atom, Ref) or content.kind != "iterator":
        return None
    if content.open or content.feeds or content.consumed != NEVER or is_stale(it, content):
        return None
    if not content.items:
        return default
    if content.items[0].when != ALWAYS or content.items[0].elements or not in_order(content.items):
        return None
    it.state.set(atom.obj, replace(content, items=content.items[1:]))
    return content.items[0].value


def _chain(it: Interpreter, site: CallSite) -> Value:
    items: list[Item] = []
    opened = site.arguments.more_positional
    feeds: list[Ref] = []
    for given in site.arguments.positional:
        inner, more = items_of_value(it, given.value, consume=False)
        feeds.extend(feeds_of(it, given.value))
        items.extend(inner)
        opened = opened or more
    sources = tuple(one for given in site.arguments.positional for one in sources_of(it, given.value))
    return it.new_list(site.node, site.frame, tuple(items), "iterator", opened, feeds=tuple(feeds), sources=sources)


def chain_iterable(it: Interpreter, site: CallSite) -> Value:
    """``itertools.chain.from_iterable(iterable)``."""
    value = site.get("iterable", 0)
    rows, opened = items_of_value(it, value) if value is not None else ((), True)
    items: list[Item] = []
    for row in rows:
        inner, more = items_of_value(it, row.value)
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
        if isinstance(atom, Sym) and atom.kind == ARRAY and atom.length is not None:
            return value_of(Const(atom.length), site.origin)
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
    items, opened = items_of_value(it, value, consume=False)
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
            bases = [base for e in item.elements for base in e.args[:1] if isinstance(base, Term)]
            holds = logic.atom(logic.term("any" if is_any else "all", holds, item.when, *bases, *outer))
            result = logic.either(result, holds) if is_any else logic.both(result, holds)
        elif is_any:
            result = logic.either(result, logic.both(item.when, holds))
        else:
            result = logic.both(result, logic.either(logic.no(item.when), holds))
    if opened:
        rest = logic.atom(it.fresh(site.node))
        result = logic.either(result, rest) if is_any else logic.both(result, rest)
    return value_of(Const(result == ALWAYS) if result in (NEVER, ALWAYS) else Truth(result), site.origin)


def _repeat(it: Interpreter, site: CallSite) -> Value:
    """``itertools.repeat(x, n)``."""
    value, times = site.get("object", 0), site.get("times", 1)
    count = constant_of(it, times) if times is not None else ...
    if value is not None and isinstance(count, int) and 0 <= count <= most_passes(it):
        return it.new_list(site.node, site.frame, (Item(value),) * count, "iterator")
    return it.unknown(site.node, "repeated", frame=site.frame)


FUNCTIONS: dict[str, Handler] = {
    "builtins.list": _sequence("list"),
    "builtins.tuple": _sequence("tuple"),
    "builtins.set": _sequence("set"),
    "builtins.frozenset": _sequence("set"),
    "builtins.filter": _filter,
    "itertools.filterfalse": _filter,
    "builtins.map": _map,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.range": _range,
    "builtins.sorted": _reordered,
    "builtins.reversed": _reordered,
    "builtins.iter": _iter,
    "builtins.next": _next,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": chain_iterable,
    "builtins.len": _len,
    "builtins.any": _any_all,
    "builtins.all": _any_all,
    "itertools.repeat": _repeat,
}
