"""Cells that are built, and cells that hold cells by number or key: ``SequentialCell``, ``CellList``, ``CellDict``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS
from ms_optim_lint.domain.values import (
    ABSENT,
    Const,
    DictContent,
    Ext,
    Instance,
    Item,
    ListContent,
    Ref,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter.history import Event
from ms_optim_lint.interpreter.layers import BASE
from ms_optim_lint.interpreter.networks import held, hold_all, note

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.library.table import CallSite

#: Cells that hold the cells they are given, by position or name.
CONTAINERS = frozenset(("mindspore.nn.SequentialCell", "mindspore.nn.CellList", "mindspore.nn.CellDict"))
#: Cells of MindSpore that hold a network without renaming it (``auto_prefix=False``): what they hold, in order.
WRAPPERS = {
    "mindspore.nn.WithLossCell": (("_backbone", "backbone", 0), ("_loss_fn", "loss_fn", 1)),
    "mindspore.nn.WithEvalCell": (("_network", "network", 0), ("_loss_fn", "loss_fn", 1)),
    "mindspore.nn.TrainOneStepCell": (),
    "mindspore.nn.TrainOneStepWithLossScaleCell": (),
    "mindspore.nn.ForwardValueAndGrad": (),
    "mindspore.nn.PipelineCell": (),
    "mindspore.nn.MicroBatchInterleaved": (),
    "mindspore.nn.GradAccumulationCell": (),
}
_CHILDREN = "#children"


def built(it: Interpreter, ref: Ref, site: CallSite) -> None:
    """A cell of MindSpore is built, by itself or as the base of the project's own class."""
    positional = tuple(given.value for given in site.arguments.positional)
    keywords = tuple((word, given.value) for word, given in site.arguments.keywords)
    base = Instance(Ext(site.name), positional, keywords)
    it.state.set((ref.obj, BASE), base)
    children = Tuple((), site.arguments.more_positional or site.arguments.more_keywords)
    if site.name in CONTAINERS:
        children = _given_children(it, site, children.open)
        it.state.set((ref.obj, _CHILDREN), value_of(children))
    note(it, ref.obj, Event(it.moment(), "begin", site.name, items=children.items, base=base))
    if children.open:
        note(it, ref.obj, Event(it.moment(), "unknown", "what it is given"))
    hold_all(it, ref, children.items)
    if site.name not in CONTAINERS:
        for value in (*positional, *(value for _, value in keywords)):
            for alternative in value.alternatives:
                held(it, ref, "", alternative.atom)


def _given_children(it: Interpreter, site: CallSite, opened: bool) -> Tuple:
    """The cells that a container is given, each with its key, or None where it is numbered."""
    from ms_optim_lint.interpreter.iterators import items_of_value

    named = site.name == "mindspore.nn.CellDict"
    if len(site.arguments.positional) == 1:
        value = site.arguments.positional[0].value
        atom = value.single
        content = it.content(atom) if isinstance(atom, Ref) else None
        if isinstance(content, DictContent):
            return Tuple(_pairs_of(content), opened or content.open)
        if isinstance(content, ListContent) or isinstance(atom, Tuple):
            items, more = items_of_value(it, value, consume=False)
            if not named:
                return Tuple(tuple(i._replace(value=_pair(None, i.value)) for i in items), opened or more)
            pairs = [_as_pair(it, i) for i in items]
            return Tuple(tuple(p for p in pairs if p is not None), opened or more or None in pairs)
        if content is None:
            return Tuple((), True)
    if named:
        return Tuple((), opened or bool(site.arguments.positional))
    given = tuple(Item(_pair(None, given.value)) for given in site.arguments.positional)
    return Tuple(given, opened)


def _pairs_of(content: DictContent) -> tuple[Item, ...]:
    made = []
    for key, value in content.entries:
        there = Value(tuple(a for a in value.alternatives if a.atom is not ABSENT))
        # An entry that may be missing has conditions on its alternatives; the replay sees none of them hold.
        made.append(Item(_pair(str(key), there)))
    return tuple(made)


def _as_pair(it: Interpreter, item: Item) -> Optional[Item]:
    from ms_optim_lint.interpreter.operators import sequence_of

    atom = item.value.single
    inner = sequence_of(it, atom) if atom is not None else None
    if inner is None or len(inner.items) != 2 or inner.open:
        return None
    key = inner.items[0].value.single
    return item._replace(value=_pair(str(key.value), inner.items[1].value)) if isinstance(key, Const) else None


def _pair(key: Optional[str], value: Value) -> Value:
    return value_of(Tuple((Item(value_of(Const(key))), Item(value))))


def children_method(it: Interpreter, ref: Ref, name: str, arguments: list[Value], site: Optional[CallSite]) -> bool:
    """``append``, ``extend``, ``insert``... of a container; false for any other method."""
    from ms_optim_lint.interpreter.iterators import items_of_value

    stored = it.state.get((ref.obj, _CHILDREN))
    old = stored.single if isinstance(stored, Value) else None
    if stored is None or name not in ("append", "extend", "insert", "update", "pop", "clear", "__setitem__"):
        return False
    known = old if isinstance(old, Tuple) else Tuple((), True)
    if name == "append" and len(arguments) == 1:
        items: tuple[Item, ...] = (Item(_pair(None, arguments[0])),)
        note(it, ref.obj, Event(it.moment(), "append", items=items))
        new = Tuple((*known.items, *items), known.open)
    elif name in ("extend", "update") and len(arguments) == 1 and site is not None:
        atom = arguments[0].single
        content = it.content(atom) if isinstance(atom, Ref) else None
        if isinstance(content, DictContent):
            items, more = _pairs_of(content), content.open
        else:
            found, more = items_of_value(it, arguments[0], consume=False)
            if name == "extend":
                items = tuple(i._replace(value=_pair(None, i.value)) for i in found)
            else:
                pairs = [_as_pair(it, i) for i in found]
                items, more = tuple(p for p in pairs if p is not None), more or None in pairs
        if more:
            note(it, ref.obj, Event(it.moment(), "unknown", name))
        note(it, ref.obj, Event(it.moment(), "extend", items=items))
        new = Tuple((*known.items, *items), known.open or more)
    elif name == "insert" and len(arguments) == 2 and isinstance(arguments[0].single, Const):
        items = (Item(_pair(None, arguments[1])),)
        note(it, ref.obj, Event(it.moment(), "insert", value=arguments[0], items=items))
        where, count = arguments[0].single.value, len(known.items)
        plain = isinstance(where, int) and -count <= where <= count and not known.open
        kept = list(known.items)
        if plain and isinstance(where, int):
            kept.insert(where, items[0])
        new = Tuple(tuple(kept), not plain)
    elif name == "__setitem__" and len(arguments) == 2 and isinstance(arguments[0].single, Const):
        key = arguments[0].single.value
        items = (Item(_pair(key if isinstance(key, str) else None, arguments[1])),)
        note(it, ref.obj, Event(it.moment(), "replace", value=arguments[0], items=items))
        plain = isinstance(key, int) and -len(known.items) <= key < len(known.items) and not known.open
        kept = list(known.items)
        if plain and isinstance(key, int):
            kept[key] = items[0]
        new = Tuple((*known.items, *items), known.open) if isinstance(key, str) else Tuple(tuple(kept), not plain)
    else:
        note(it, ref.obj, Event(it.moment(), "unknown", name))
        it.state.set((ref.obj, _CHILDREN), value_of(Tuple((), True)))
        return name in ("append", "extend", "insert", "update", "clear", "__setitem__")
    it.state.set((ref.obj, _CHILDREN), value_of(new))
    # What was in it before is held already; where sets were taken, that makes other versions of it all the same.
    hold_all(it, ref, new.items if it.moments and not it.making else items)
    return True


def children(it: Interpreter, ref: Ref) -> Optional[list[Item]]:
    """The cells of a container, in order (the keys, of a CellDict); None where they are not known."""
    stored = it.state.get((ref.obj, _CHILDREN))
    atom = stored.single if isinstance(stored, Value) else None
    base = it.state.get((ref.obj, BASE))
    if not isinstance(atom, Tuple) or atom.open:
        return None
    of_keys = isinstance(base, Instance) and base.made == Ext("mindspore.nn.CellDict")
    found = []
    for item in atom.items:
        pair = item.value.single
        assert isinstance(pair, Tuple)
        found.append(Item(pair.items[0 if of_keys else 1].value, item.when, item.elements))
    return found


def child(it: Interpreter, ref: Ref, key: str) -> Optional[Value]:
    """The cell of a CellDict under a key."""
    stored = it.state.get((ref.obj, _CHILDREN))
    atom = stored.single if isinstance(stored, Value) else None
    found = None
    for item in atom.items if isinstance(atom, Tuple) else ():
        pair = item.value.single
        assert isinstance(pair, Tuple)
        if pair.items[0].value.single == Const(key) and item.when == ALWAYS:
            found = pair.items[1].value
    return found
