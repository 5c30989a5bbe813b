"""What iterating a value gives, and iterators, which are used up by it."""

from __future__ import annotations

from typing import Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term
from ms_optim_lint.domain.shapes import SPENT
from ms_optim_lint.domain.values import (
    PARAMETER,
    TENSOR,
    TEXT,
    UNORDERED,
    Atom,
    Const,
    DictContent,
    Item,
    ListContent,
    Ref,
    Sym,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import concrete, containers
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.sizes import ROWS, known_size
from ms_optim_lint.interpreter.truth import present, term_of, term_of_value
from ms_optim_lint.records import replace

#: The longest sequence that is unrolled; a range only up to the second number.
MAX_UNROLLED = 64
MAX_RANGE = 12
#: Both, in what makes a network.
MAX_LAYERS = 400


def most_passes(it: Interpreter, counted: bool = False) -> int:
    """How many passes of a loop are unrolled here; ``counted``: of one over a range."""
    return MAX_LAYERS if it.making else MAX_RANGE if counted else MAX_UNROLLED


def items_of_value(it: Interpreter, value: Value, consume: bool = True) -> tuple[tuple[Item, ...], bool]:
    """What iterating ``value`` gives, in order, and whether it can give more than that. An iterator is used up by it."""
    items: list[Item] = []
    opened = False
    alternatives = it.alternatives(value)
    for alternative in alternatives:
        inner, more = items_of_atom(it, alternative.atom, alternative.when if consume else NEVER)
        opened = opened or more
        if len(alternatives) == 1:
            return inner, opened
        items.extend(item._replace(when=it.logic.both(item.when, alternative.when)) for item in inner)
    return tuple(item for item in items if item.when != NEVER), opened


def _distinct(it: Interpreter, content: ListContent) -> tuple[tuple[Item, ...], bool]:
    """The items of a set, each once and in no order: where they are not known one by one, only the first of its parts is."""
    items = tuple(dict.fromkeys(content.items))
    if len(items) > 1 and any(item.elements for item in items):
        known = concrete.items(it, content)
        if known is None:
            return (items[0]._replace(row=UNORDERED),), True
        items = tuple({term_of_value(it, item.value): item for item in known}.values())
    return tuple(item._replace(row=UNORDERED) for item in items), content.open


def items_of_atom(it: Interpreter, atom: Atom, consumed: Condition = ALWAYS) -> tuple[tuple[Item, ...], bool]:
    """The same for one atom."""
    logic = it.logic
    if isinstance(atom, Tuple):
        return atom.items, atom.open
    if isinstance(atom, Const):
        if isinstance(atom.value, str) and len(atom.value) <= MAX_UNROLLED:
            return tuple(Item(value_of(Const(letter))) for letter in atom.value), False
        return (), True
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, ListContent):
            if content.kind in ("iterator", "view") and is_stale(it, content):
                use_up(it, atom, consumed)
                return (), True
            if content.kind == "iterator":
                rest = logic.no(read_before(it, content))
                left = tuple(item._replace(when=logic.both(item.when, rest)) for item in content.items)
                opened = content.open or _is_partly_read(it, content)
                use_up(it, atom, consumed)
                return tuple(item for item in left if item.when != NEVER), opened
            if content.kind == "set":
                return _distinct(it, content)
            return content.items, content.open
        if isinstance(content, DictContent):
            return tuple(Item(value_of(Const(k)), present(it, v)) for k, v in content.entries), content.open
        cells = containers.children(it, atom)
        if cells is not None:
            return tuple(cells), False
        size = known_size(it, atom)
        if size is not None:
            return (element_item(it, logic.term(ROWS, term_of(it, atom), size), None),), False
        return (element_item(it, logic.term("over", term_of(it, atom)), None),), False
    if isinstance(atom, Sym):
        kind = atom.kind if atom.kind in (TEXT, TENSOR, PARAMETER) else None
        base = logic.term("over", atom.term)
        return (element_item(it, base, TENSOR if kind == PARAMETER else kind),), False
    return (element_item(it, logic.term("over", term_of(it, atom)), None),), False


def read_before(it: Interpreter, content: ListContent, depth: int = 0) -> Condition:
    """When an iterator has been read already, or the one that it reads."""
    used = content.consumed
    if len(content.feeds) == 1 and depth < 6:
        feed = it.content(content.feeds[0])
        if isinstance(feed, ListContent):
            used = it.logic.either(used, read_before(it, feed, depth + 1))
    return used


def spent(it: Interpreter, value: Value) -> str:
    """Why a list that is made of ``value`` is empty: it is an iterator in which nothing is left. Empty where it is not."""
    atom = value.single
    content = it.content(atom) if isinstance(atom, Ref) else None
    if not isinstance(content, ListContent) or content.kind != "iterator" or not content.items or content.open:
        return ""
    return SPENT if it.logic.implies(it.state.reached, read_before(it, content)) else ""


def _is_partly_read(it: Interpreter, content: ListContent) -> bool:
    """Whether one of several iterators that this one reads may have been read before."""
    feeds = [it.content(feed) for feed in content.feeds] if len(content.feeds) > 1 else []
    return any(isinstance(feed, ListContent) and read_before(it, feed) != NEVER for feed in feeds)


def sources_of(it: Interpreter, value: Value) -> tuple[tuple[Ref, object], ...]:
    """The lists and dicts that an iterator over ``value`` reads once it is read itself, and what they hold now."""
    found: list[tuple[Ref, object]] = []
    for alternative in value.alternatives:
        atom = alternative.atom
        content = it.content(atom) if isinstance(atom, Ref) else None
        if isinstance(content, ListContent) and isinstance(atom, Ref):
            found.extend([(atom, content)] if content.kind in ("list", "set") else content.sources)
        elif isinstance(content, DictContent) and isinstance(atom, Ref):
            found.append((atom, content))
    return tuple(found)


def is_stale(it: Interpreter, content: ListContent, depth: int = 0) -> bool:
    """Whether what an iterator or a view reads has changed since it was made."""
    if any(it.content(source) != then for source, then in content.sources):
        return True
    feeds = [it.content(feed) for feed in content.feeds] if depth < 6 else []
    return any(isinstance(feed, ListContent) and is_stale(it, feed, depth + 1) for feed in feeds)


def use_up(it: Interpreter, atom: Atom, when: Condition = ALWAYS, depth: int = 0) -> None:
    """An iterator is read to its end where ``when`` holds; nothing happens to anything else."""
    content = it.content(atom) if isinstance(atom, Ref) else None
    if not isinstance(content, ListContent) or content.kind != "iterator" or when == NEVER or depth > 6:
        return
    assert isinstance(atom, Ref)
    it.state.set(atom.obj, replace(content, consumed=it.logic.either(content.consumed, when)))
    for feed in content.feeds:
        use_up(it, feed, when, depth + 1)


def use_up_value(it: Interpreter, value: Optional[Value]) -> None:
    """The same for each alternative of a value."""
    for alternative in it.alternatives(value) if value is not None else ():
        use_up(it, alternative.atom, alternative.when)


def read_some(it: Interpreter, value: Value, depth: int = 0) -> None:
    """Iterators among the alternatives are read, but perhaps not to their end: what is left in them is not known."""
    for alternative in it.alternatives(value):
        content = it.content(alternative.atom) if isinstance(alternative.atom, Ref) else None
        if isinstance(content, ListContent) and content.kind == "iterator" and depth < 6:
            assert isinstance(alternative.atom, Ref)
            partly_read(it, alternative.atom, content)
            for feed in content.feeds:
                read_some(it, value_of(feed), depth + 1)


def partly_read(it: Interpreter, ref: Ref, content: ListContent) -> None:
    """What is left in an iterator is not known: any of its items may be gone."""
    left = it.logic.term("left", it.fresh(ref.obj.site.node, what="left"))
    items = tuple(
        item._replace(when=it.logic.both(item.when, it.logic.atom(it.logic.term("left", left, number))))
        for number, item in enumerate(content.items)
    )
    it.state.set(ref.obj, replace(content, items=items, open=True, reason="partly read"))


def feeds_of(it: Interpreter, value: Value) -> tuple[Ref, ...]:
    """The iterators that something made of ``value`` reads when it is read itself."""
    found: list[Ref] = []
    for alternative in value.alternatives:
        atom = alternative.atom
        content = it.content(atom) if isinstance(atom, Ref) else None
        if not isinstance(content, ListContent) or not isinstance(atom, Ref):
            read_some(it, value)
            return ()
        if content.kind == "iterator":
            found.append(atom)
    return tuple(found)


def element_item(it: Interpreter, base: Term, kind: Optional[str]) -> Item:
    """An item for each element of something unknown."""
    element = new_element(it, base)
    return Item(value_of(Sym(element, kind, reason="element of something unknown")), ALWAYS, (element,))


def new_element(it: Interpreter, base: Term) -> Term:
    """The element that stands for all of ``base``: another one for a loop inside a loop over the same."""
    depth = sum(1 for active in it.active if active.args[0] is base)
    return it.logic.term("element", base, depth)
