"""Networks whose class is in sight: their parameters by name, in MindSpore's order.

A Cell holds its own Parameters first, in the order in which they were set, then those of its child cells, depth first
(``Cell.parameters_and_names`` in ``mindspore/nn/cell.py``). A child's names get the attribute's name in front when it is set
(``Cell.__setattr__``). What cannot be known makes a network incomplete, and then nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term, by_number
from ms_optim_lint.domain.values import (
    ABSENT,
    ARRAY,
    BOOLEAN,
    NUMBER,
    PARAMETER,
    TENSOR,
    TEXT,
    Class,
    Const,
    DictContent,
    Ext,
    Function,
    Instance,
    Item,
    ListContent,
    Method,
    ModuleRef,
    Obj,
    Partial,
    Ref,
    Sym,
    Truth,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import attributes
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.mindspore.layers import layer
from ms_optim_lint.mindspore.signatures import signature

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.library.table import CallSite

#: The most statements that are followed to make all networks of one file.
NETWORK_BUDGET = 2_500
#: Cells that hold the cells they are given, by position or name.
CONTAINERS = frozenset(("mindspore.nn.SequentialCell", "mindspore.nn.CellList", "mindspore.nn.CellDict"))
_CHILDREN = "#children"
_ORDER = "#order"
_BASE = "#base"
_MADE = "#made"


class Owned(NamedTuple):
    """One parameter of a network: its full name, its rank where known, whether it is trained, the term that stands for it, the
    cell that owns it, and when it is there."""

    name: str
    rank: Optional[int]
    requires_grad: bool
    term: Term
    owner: Optional[Obj]
    when: Condition


class Unknown(Exception):
    """Something of the network cannot be known."""


@dataclass
class Walk:
    """Visiting a network: how many parameters so far, and which cells were seen."""

    seen: set[Obj]
    left: int = 4_000


def make(it: Interpreter, ref: Ref) -> None:
    """Follow the ``__init__`` of a network that was put off when it was built."""
    later = it.unmade.get(ref.obj)
    if later is None or it.state.get((ref.obj, _MADE)) is not None:
        return
    it.state.set((ref.obj, _MADE), it.logic.term("made", 0))
    facts = len(it.facts)
    state = it.state
    it.state = state.fork(it.logic)
    before, it.trying = it.trying, True
    try:
        with it.allowance(NETWORK_BUDGET) as spent:
            later()
    finally:
        it.trying = before
    if it.state.reached == NEVER:
        spent.out = True  # it stops in __init__, as far as can be seen: most likely it was not understood
    else:
        state.writes.update(it.state.writes)
    it.state = state
    del it.facts[facts:]
    if spent.out:
        it.limit("a network is too large to follow")
        it.state.set((ref.obj, _MADE), it.logic.term("made", 1))


def is_made(it: Interpreter, obj: Obj) -> bool:
    """Whether all of the network's ``__init__`` was followed."""
    found = it.state.get((obj, _MADE))
    return obj not in it.unmade or isinstance(found, Term) and found.args[0] == 0


def note_order(it: Interpreter, obj: Obj, name: str) -> None:
    """Remember that an attribute was set, and that it came after those before it."""
    old = it.state.get((obj, _ORDER))
    items: tuple[Item, ...] = ()
    if isinstance(old, Value):
        atom = old.single
        if not isinstance(atom, Tuple):
            return
        items = atom.items
        if any(item.value.single == Const(name) for item in items):
            return
    it.state.set((obj, _ORDER), value_of(Tuple((*items, Item(value_of(Const(name)))))))


def built(it: Interpreter, ref: Ref, site: CallSite) -> None:
    """A container or layer of MindSpore is built, by itself or as the base of the project's own class."""
    positional = tuple(given.value for given in site.arguments.positional)
    keywords = tuple((word, given.value) for word, given in site.arguments.keywords)
    it.state.set((ref.obj, _BASE), Instance(Ext(site.name), positional, keywords))
    if site.name in CONTAINERS:
        opened = site.arguments.more_positional or site.arguments.more_keywords
        it.state.set((ref.obj, _CHILDREN), value_of(_given_children(it, site, opened)))


def _given_children(it: Interpreter, site: CallSite, opened: bool) -> Tuple:
    from ms_optim_lint.interpreter.iteration import items_of_value

    if len(site.arguments.positional) == 1:
        value = site.arguments.positional[0].value
        atom = value.single
        content = it.content(atom) if isinstance(atom, Ref) else None
        if isinstance(content, DictContent):
            pairs = tuple(
                Item(value_of(Tuple((Item(value_of(Const(str(key)))), Item(entry))))) for key, entry in content.entries
            )
            return Tuple(pairs, opened or content.open)
        if isinstance(content, ListContent) or isinstance(atom, Tuple):
            items, more = items_of_value(it, value, site.node, site.frame, consume=False)
            return Tuple(_numbered(items), opened or more)
        if content is None:
            return Tuple((), True)
    return Tuple(_numbered(tuple(Item(given.value) for given in site.arguments.positional)), opened)


def _numbered(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(
        Item(value_of(Tuple((Item(value_of(Const(str(number)))), Item(item.value)))), item.when, item.elements)
        for number, item in enumerate(items)
    )


def children_method(it: Interpreter, ref: Ref, name: str, arguments: list[Value]) -> bool:
    """``append``, ``extend`` and ``insert`` of a container; false for any other method."""
    stored = it.state.get((ref.obj, _CHILDREN))
    old = stored.single if isinstance(stored, Value) else None
    if name not in ("append", "extend", "insert") or stored is None:
        return False
    if name == "append" and isinstance(old, Tuple) and len(arguments) == 1:
        number = len(old.items)
        item = Item(value_of(Tuple((Item(value_of(Const(str(number)))), Item(arguments[0])))))
        it.state.set((ref.obj, _CHILDREN), value_of(Tuple((*old.items, item), old.open)))
    else:
        it.state.set((ref.obj, _CHILDREN), value_of(Tuple((), True)))
    return True


def children(it: Interpreter, ref: Ref) -> Optional[list[Item]]:
    """The cells of a container, in order; None where they are not known."""
    stored = it.state.get((ref.obj, _CHILDREN))
    atom = stored.single if isinstance(stored, Value) else None
    if not isinstance(atom, Tuple) or atom.open:
        return None
    found = []
    for item in atom.items:
        pair = item.value.single
        assert isinstance(pair, Tuple)
        found.append(Item(pair.items[1].value, item.when, item.elements))
    return found


def own_parameter(it: Interpreter, ref: Ref, name: str) -> Optional[Value]:
    """``cell.weight`` of a layer of MindSpore."""
    rows = _layer_rows(it, ref)
    if rows is not None and any(row.name == name for row in rows):
        return value_of(Sym(_term(it, ref.obj, name), PARAMETER))
    return None


def _term(it: Interpreter, obj: Obj, name: str) -> Term:
    return it.logic.term("parameter", obj.number, name, *sorted(obj.context.elements, key=by_number))


def _layer_rows(it: Interpreter, ref: Ref) -> Optional[tuple[Owned, ...]]:
    base = it.state.get((ref.obj, _BASE))
    if not isinstance(base, Instance) or not isinstance(base.made, Ext):
        return None
    version = it.project.settings.mindspore_version
    found = layer(base.made.name, version)
    if found is None:
        return None
    described = signature(base.made.name, version)
    given: dict[str, Optional[bool]] = {}
    names = described.positional() if described is not None else ()
    for name, value in (*zip(names, base.arguments), *base.keywords):
        atom = value.single
        if name == "activation" and isinstance(atom, Const) and "prelu" not in str(atom.value).lower():
            continue
        given[name] = bool(atom.value) if isinstance(atom, Const) else None
    rows = found.parameters(given)
    if rows is None:
        return None
    return tuple(
        Owned(row.name, row.rank, row.requires_grad, _term(it, ref.obj, row.name), ref.obj, ALWAYS) for row in rows
    )


# Walking a network


def parameters(it: Interpreter, obj: Obj) -> Optional[tuple[Owned, ...]]:
    """All parameters of a network, in order; None where they are not all known. Names start at this network's outermost
    parent in sight."""
    prefix = _prefix(it, obj)
    if prefix is None:
        return None
    try:
        # A network without any parameter is one that was not understood: nobody trains one.
        return tuple(_walk(it, Ref(obj), prefix, ALWAYS, Walk(set()))) or None
    except Unknown:
        return None


def _prefix(it: Interpreter, obj: Obj, depth: int = 0) -> Optional[str]:
    parent = it.parents.get(obj)
    if parent is None:
        return ""
    if isinstance(parent, str) or depth > 12:
        return None
    holder, name = parent
    above = _prefix(it, holder, depth + 1)
    return None if above is None else f"{above}{name}."


def cells(it: Interpreter, obj: Obj) -> Optional[list[tuple[Ref, Condition]]]:
    """The network and all cells below it, depth first; None where they are not all known."""
    try:
        return list(_cells(it, Ref(obj), ALWAYS, Walk(set())))
    except Unknown:
        return None


def _cells(it: Interpreter, ref: Ref, when: Condition, walk: Walk) -> Iterator[tuple[Ref, Condition]]:
    if ref.obj in walk.seen:
        return
    walk.seen.add(ref.obj)
    yield ref, when
    for _, child, there in _child_cells(it, ref):
        yield from _cells(it, child, it.logic.both(when, there), walk)


def _walk(it: Interpreter, ref: Ref, prefix: str, when: Condition, walk: Walk) -> Iterator[Owned]:
    if ref.obj in walk.seen:
        return
    walk.seen.add(ref.obj)
    walk.left -= 1
    if walk.left < 0 or it.is_summary(ref.obj):
        raise Unknown
    for owned in _own(it, ref):
        yield owned._replace(name=prefix + owned.name, when=it.logic.both(when, owned.when))
    for name, child, there in _child_cells(it, ref):
        yield from _walk(it, child, f"{prefix}{name}.", it.logic.both(when, there), walk)


def _own(it: Interpreter, ref: Ref) -> Iterator[Owned]:
    content = it.content(ref)
    if not isinstance(content, Instance):
        raise Unknown
    base = it.state.get((ref.obj, _BASE))
    if isinstance(base, Instance) and isinstance(base.made, Ext):
        if base.made.name not in CONTAINERS:
            rows = _layer_rows(it, ref)
            if rows is None:
                if base.made.name != "mindspore.nn.Cell":
                    raise Unknown
            else:
                yield from rows
    for name, value in _set_attributes(it, ref, content):
        for alternative in value.alternatives:
            if isinstance(alternative.atom, Sym) and alternative.atom.kind == PARAMETER:
                facts = it.made_parameters.get(alternative.atom.term)
                if facts is None:
                    raise Unknown
                given, trained, rank = facts
                if trained is None:
                    raise Unknown
                yield Owned(given or name, rank, trained, alternative.atom.term, ref.obj, alternative.when)


def _child_cells(it: Interpreter, ref: Ref) -> Iterator[tuple[str, Ref, Condition]]:
    content = it.content(ref)
    if not isinstance(content, Instance):
        raise Unknown
    if isinstance(it.state.get((ref.obj, _CHILDREN)), Value):
        stored = it.state.get((ref.obj, _CHILDREN))
        assert isinstance(stored, Value)
        atom = stored.single
        if not isinstance(atom, Tuple) or atom.open:
            raise Unknown
        for item in atom.items:
            pair = item.value.single
            if not isinstance(pair, Tuple) or item.elements:
                raise Unknown
            label = pair.items[0].value.single
            for child, there in _cells_in(it, pair.items[1].value, must=True):
                yield str(label.value if isinstance(label, Const) else ""), child, it.logic.both(item.when, there)
    for name, value in _set_attributes(it, ref, content):
        for child, there in _cells_in(it, value):
            yield name, child, there


def _set_attributes(it: Interpreter, ref: Ref, content: Instance) -> Iterator[tuple[str, Value]]:
    if isinstance(content.made, Ext):
        return
    make(it, ref)
    if not is_made(it, ref.obj) or attributes.has_unknown_base(it, content.made):
        raise Unknown
    order = it.state.get((ref.obj, _ORDER))
    if order is None:
        return
    atom = order.single if isinstance(order, Value) else None
    if not isinstance(atom, Tuple):
        raise Unknown
    for item in atom.items:
        name = item.value.single
        assert isinstance(name, Const)
        value = it.state.get((ref.obj, str(name.value)))
        if isinstance(value, Value):
            forced = _forced(it, value)
            if forced is not value:
                adopt(it, ref, str(name.value), forced)
                it.state.set((ref.obj, str(name.value)), forced)
            yield str(name.value), forced


def _forced(it: Interpreter, value: Value) -> Value:
    """Results of functions that were set aside can be cells."""
    from ms_optim_lint.interpreter.calls import force

    with it.allowance(NETWORK_BUDGET) as spent:
        found = force(it, value)
    if spent.out:
        raise Unknown
    return found


#: Atoms that are neither a cell nor a Parameter, whatever they hold.
_PLAIN = (Const, Truth, Tuple, Function, Class, Method, Partial, ModuleRef)


def _cells_in(it: Interpreter, value: Value, must: bool = False) -> Iterator[tuple[Ref, Condition]]:
    for alternative in value.alternatives:
        atom = alternative.atom
        if it.logic.both(alternative.when, it.state.reached) == NEVER or atom is ABSENT:
            continue
        if isinstance(atom, Ref):
            content = it.content(atom)
            if it.state.get(atom.obj) is None:
                raise Unknown
            if isinstance(content, Instance):
                kind = _is_cell(it, content)
                if kind is None:
                    raise Unknown
                if kind:
                    if it.parents.get(atom.obj) == "several":
                        raise Unknown
                    yield atom, alternative.when
        elif isinstance(atom, Sym):
            if (
                must
                or atom.kind not in (NUMBER, TEXT, BOOLEAN, TENSOR, ARRAY, PARAMETER)
                and not _harmless(it, atom.term)
            ):
                raise Unknown
        elif isinstance(atom, Ext):
            if must:
                raise Unknown
        elif not isinstance(atom, _PLAIN):
            raise Unknown


def _harmless(it: Interpreter, term: Term) -> bool:
    """Arithmetic gives no cell, and neither do functions of numpy and math."""
    if term.op in ("binary", "unary", "length", "format"):
        return True
    if term.op == "call" and isinstance(term.args[0], Term) and term.args[0].op == "external":
        return str(term.args[0].args[0]).startswith(("numpy.", "math.", "builtins."))
    return False


def _is_cell(it: Interpreter, content: Instance) -> Optional[bool]:
    if isinstance(content.made, Class) and attributes.has_unknown_base(it, content.made):
        return None
    answers = []
    for base in attributes.external_bases(it, content.made):
        if base.name.startswith("mindspore."):
            answers.append(catalogue.is_cell(base.name))
        elif not base.name.startswith(("builtins.", "enum.", "abc.", "numpy.", "typing.")):
            return None
    return any(answers)


def adopt(it: Interpreter, holder: Ref, name: str, value: Value) -> None:
    """``holder.name = cell``: from here on the cell's names start with the attribute's, unless the holder is no cell."""
    kept_by = it.content(holder)
    if isinstance(kept_by, Instance) and _is_cell(it, kept_by) is False:
        return
    for alternative in value.alternatives:
        atom = alternative.atom
        if isinstance(atom, Ref) and isinstance(it.content(atom), Instance) and atom.obj is not holder.obj:
            known = it.parents.get(atom.obj)
            mine = (holder.obj, name)
            it.parents[atom.obj] = mine if known in (None, mine) else "several"


def adopt_children(it: Interpreter, holder: Ref) -> None:
    """The same for what a container holds."""
    stored = it.state.get((holder.obj, _CHILDREN))
    atom = stored.single if isinstance(stored, Value) else None
    for item in atom.items if isinstance(atom, Tuple) else ():
        pair = item.value.single
        if isinstance(pair, Tuple):
            name = pair.items[0].value.single
            adopt(it, holder, str(name.value if isinstance(name, Const) else ""), pair.items[1].value)
