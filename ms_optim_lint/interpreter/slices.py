"""Items and slices of sequences and dicts."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, Term
from ms_optim_lint.domain.values import (
    ABSENT,
    ARRAY,
    PARAMETER,
    TENSOR,
    TEXT,
    UNORDERED,
    Alternative,
    Atom,
    Const,
    DictContent,
    Instance,
    Item,
    ListContent,
    Ref,
    Site,
    Sym,
    Tuple,
    Value,
    in_order,
    join,
    value_of,
)
from ms_optim_lint.interpreter import attributes, concrete, containers, notes_runtime, registries
from ms_optim_lint.interpreter.arguments import Arguments
from ms_optim_lint.interpreter.calls import apply
from ms_optim_lint.interpreter.expressions import evaluate
from ms_optim_lint.interpreter.operators import sequence_of
from ms_optim_lint.interpreter.truth import term_of, term_of_value

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame


def take_item(it: Interpreter, atom: Atom, index: Value, node: ast.AST, frame: Frame) -> Value:
    """``atom[index]``."""
    origin = Site(frame.module, node)
    key = index.single
    if isinstance(atom, Tuple):
        return _of_items(it, atom.items, atom.open, key, atom, index, node, origin)
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, ListContent):
            items = one_by_one(it, content) if isinstance(key, Const) else None
            return _of_items(it, items or content.items, content.open, key, atom, index, node, origin)
        if isinstance(content, DictContent):
            return _of_dict(it, content, atom, index, node, origin)
        if isinstance(content, Instance):
            stored = it.state.get((atom.obj, "[]"))
            if isinstance(stored, Value):
                return stored
            cells = containers.children(it, atom)
            if cells is not None:
                return _of_items(it, tuple(cells), False, key, atom, index, node, origin)
    if isinstance(atom, Const) and isinstance(atom.value, str) and isinstance(key, Const):
        place: Any = key.value
        try:
            return value_of(Const(atom.value[place]), origin)
        except (IndexError, TypeError):
            return it.unknown(node, "index out of range", frame=frame)
    kind = atom.kind if isinstance(atom, Sym) else None
    rank = None
    if isinstance(atom, Sym) and kind in (ARRAY, TENSOR):
        rank = atom.rank - 1 if atom.rank else None
    stored = it.state.get((term_of(it, atom), term_of_value(it, index)))
    term = it.logic.term("item", term_of(it, atom), term_of_value(it, index))
    kept = kind if kind in (ARRAY, TENSOR, TEXT) else None
    item = Sym(term, kept, rank, reason="item of something unknown")
    if isinstance(stored, Value):
        return attributes.elsewhere(it, stored, lambda: value_of(item, origin), term)
    if isinstance(atom, Sym) and notes_runtime.rate_entry(it, atom.term, index):
        return value_of(Sym(term, TENSOR, 0, "the rate of a group"), origin)
    return value_of(item, origin)


def _of_items(
    it: Interpreter,
    items: tuple[Item, ...],
    opened: bool,
    key: Optional[Atom],
    atom: Atom,
    index: Value,
    node: ast.AST,
    origin: Site,
) -> Value:
    plain = not opened and in_order(items)
    mixed = any(item.row == UNORDERED for item in items)
    if isinstance(key, Sym) and key.term.op == "place" and len(items) == 1 and not opened and not items[0].row:
        if key.term.args == (items[0].elements[0] if items[0].elements else None, items[0].when):
            return items[0].value
    if isinstance(key, Const) and isinstance(key.value, int):
        if plain and -len(items) <= key.value < len(items):
            return items[key.value].value
        # What else is in a list that is not known in full may stand before the items that are known.
        before = items[: key.value + 1] if key.value >= 0 and (not opened or isinstance(atom, Tuple)) else ()
        if len(before) == key.value + 1 and key.value >= 0 and not mixed and in_order(before):
            return before[-1].value
    if (
        not opened
        and items
        and all(not item.elements for item in items)
        and len(items) <= 8
        and not isinstance(key, Const)
    ):
        # Any of them: which one is decided by something unknown, so each gets a condition of its own.
        rest = ALWAYS
        choices = []
        for number, item in enumerate(items):
            chosen = it.logic.atom(it.logic.term("index", term_of_value(it, index), number))
            here = rest if number == len(items) - 1 else it.logic.both(rest, chosen)
            choices.append((it.logic.both(here, item.when), item.value))
            rest = it.logic.both(rest, it.logic.no(chosen))
        return join(it.logic, choices, it.fresh(node))
    if mixed:
        found = one_of(it, [a.atom for item in items for a in item.value.alternatives], node)
        if found is not None:
            return found
    kinds = {a.atom.kind for item in items for a in item.value.alternatives if isinstance(a.atom, Sym)}
    kind = kinds.pop() if len(kinds) == 1 and not opened else None
    term = it.logic.term("item", term_of(it, atom), term_of_value(it, index))
    return value_of(Sym(term, kind, reason="item of a list"), origin)


def one_of(it: Interpreter, atoms: Sequence[Atom], node: ast.AST) -> Optional[Value]:
    """One of these things, which only the run knows; None where they are no things. What it is may be changed as that one."""
    from ms_optim_lint.interpreter.statements import spoil

    kinds = {atom.kind if isinstance(atom, Sym) else None for atom in atoms}
    if not any(isinstance(atom, Ref) for atom in atoms) and PARAMETER not in kinds:
        return None
    for atom in atoms:
        spoil(it, atom)
    return value_of(
        Sym(it.fresh(node, what="chosen"), PARAMETER if kinds == {PARAMETER} else None, reason="one of several")
    )


def _of_dict(it: Interpreter, content: DictContent, atom: Atom, index: Value, node: ast.AST, origin: Site) -> Value:
    choices = []
    for alternative in it.alternatives(index):
        if isinstance(alternative.atom, Const):
            found = content.get(alternative.atom.value)
            if found is not None:
                # The key must be there, or the program stops: what says that it is not can be left out.
                there = tuple(a for a in found.alternatives if a.atom is not ABSENT)
                choices.append((alternative.when, Value(there)))
                if content.open:  # it may have been there before
                    term = it.logic.term("item", term_of(it, atom), term_of(it, alternative.atom))
                    other = value_of(Sym(term, reason="unknown key of a dict"), origin)
                    missing = [a.when for a in found.alternatives if a.atom is ABSENT]
                    choices.extend((it.logic.both(alternative.when, when), other) for when in missing)
                continue
            registered = registries.find(it, atom, alternative.atom.value) if isinstance(atom, Ref) else None
            if registered is not None:
                choices.append((alternative.when, registered))
                continue
            if _makes_entries(it, atom):
                made = _made_entry(it, content, atom, alternative.atom, origin) if index.single is not None else None
                if made is not None:
                    return made
                _spoil(it, atom)
        elif _makes_entries(it, atom):
            made = _made_other(it, content, atom, origin) if index.single is not None else None
            if made is not None:
                return made
            _spoil(it, atom)  # there may be a new entry
        elif index.single is not None and _is_of_pass(it, content):
            return content.others[0].value
        elif not content.open and content.entries and len(content.entries) <= 12:
            return _any_entry(it, content, alternative, node)
        if content.others:
            _spoil(it, atom)  # what is read may be one of these, and be changed
        term = it.logic.term("item", term_of(it, atom), term_of(it, alternative.atom))
        choices.append((alternative.when, value_of(Sym(term, reason="unknown key of a dict"), origin)))
    return join(it.logic, choices, it.fresh(node, what="join"))


#: The attribute of a ``defaultdict`` that makes its entries.
FACTORY = "#factory"


def _makes_entries(it: Interpreter, atom: Atom) -> bool:
    return isinstance(atom, Ref) and it.state.get((atom.obj, FACTORY)) is not None


def _spoil(it: Interpreter, atom: Atom) -> None:
    from ms_optim_lint.interpreter.statements import spoil

    spoil(it, atom)


def _made_entry(it: Interpreter, content: DictContent, atom: Atom, key: Const, origin: Site) -> Optional[Value]:
    """The entry that reading a ``defaultdict`` makes. In a pass that stands for many it is not known when it is made."""
    factory = it.state.get((atom.obj, FACTORY)) if isinstance(atom, Ref) else None
    if not isinstance(atom, Ref) or not isinstance(factory, Value):
        return None
    if content.open or it.active:
        return None
    with it.within(it.logic.term("entry", it.context, term_of(it, atom), it.logic.constant(key.value))):
        made = apply(it, factory, Arguments(), origin.node, it.module_frame(origin.module))
    it.state.set(atom.obj, content.with_entry(key.value, made, None))
    return made


def _is_of_pass(it: Interpreter, content: DictContent) -> bool:
    """Whether what is under any key of a dict is what the present pass of a loop puts there, or an earlier one."""
    held = content.others[0].value.single if len(content.others) == 1 and not content.entries else None
    return isinstance(held, Ref) and bool(held.obj.context.elements) and held.obj.context.elements <= set(it.active)


def _made_other(it: Interpreter, content: DictContent, atom: Atom, origin: Site) -> Optional[Value]:
    """The entry that reading a ``defaultdict`` under a key that is not known makes, in a pass that stands for many."""
    factory = it.state.get((atom.obj, FACTORY)) if isinstance(atom, Ref) else None
    if not isinstance(atom, Ref) or not isinstance(factory, Value) or content.entries or not it.active:
        return None
    if content.others:
        return content.others[0].value if _is_of_pass(it, content) else None
    with it.within(it.logic.term("entry", it.context, term_of(it, atom), *it.active)):
        made = apply(it, factory, Arguments(), origin.node, it.module_frame(origin.module))
    it.state.set(atom.obj, content.with_other(made))
    return made


def _any_entry(it: Interpreter, content: DictContent, index: Alternative, node: ast.AST) -> Value:
    subject = term_of(it, index.atom)
    choices = []
    for key, value in content.entries:
        there = Value(tuple(a for a in value.alternatives if a.atom is not ABSENT))
        choices.append((it.logic.equals(subject, it.logic.constant(key)), there))
    return join(it.logic, choices, it.fresh(node, what="join"))


def one_by_one(it: Interpreter, content: ListContent) -> Optional[tuple[Item, ...]]:
    """A list of parameters of a network in sight as single items."""
    return concrete.items(it, content) if any(item.elements for item in content.items) else None


def take_slice(it: Interpreter, atom: Atom, where: ast.Slice, node: ast.AST, frame: Frame) -> Value:
    """``atom[lower:upper:step]``."""
    bounds = [evaluate(it, b, frame) if b is not None else None for b in (where.lower, where.upper, where.step)]
    constants: list[Any] = [
        None if b is None else b.single.value if isinstance(b.single, Const) else ... for b in bounds
    ]
    origin = Site(frame.module, node)
    if isinstance(atom, Const) and isinstance(atom.value, str) and ... not in constants:
        try:
            return value_of(Const(atom.value[slice(*constants)]), origin)
        except (TypeError, ValueError):
            return it.unknown(node, "slice of a string", frame=frame)
    sequence = sequence_of(it, atom)
    if sequence is None:
        kind = atom.kind if isinstance(atom, Sym) else None
        rank = atom.rank if isinstance(atom, Sym) else None
        terms = [it.logic.constant(None) if b is None else term_of_value(it, b) for b in bounds]
        keep = kind if kind in (ARRAY, TENSOR, TEXT) else None
        return value_of(Sym(it.logic.term("slice", term_of(it, atom), *terms), keep, rank, reason="slice"), origin)
    if ... not in constants:
        sequence = ListContent(one_by_one(it, sequence) or sequence.items, sequence.open, sequence.kind)
    plain = not sequence.open and in_order(sequence.items)
    if plain and all(c is None or isinstance(c, int) for c in constants):
        try:
            items = sequence.items[slice(*constants)]
        except ValueError:
            return it.unknown(node, "slice with step zero", frame=frame)
    else:
        items = _cut(it, sequence, bounds)
    if isinstance(atom, Tuple):
        return value_of(Tuple(items, sequence.open), origin)
    return it.new_list(node, frame, items, "list", sequence.open)


def _cut(it: Interpreter, sequence: ListContent, bounds: list[Optional[Value]]) -> tuple[Item, ...]:
    """Keep each item under a condition of its own: ``[:k]`` and ``[k:]`` of one list are opposites."""
    logic = it.logic
    parts: list[Union[Term, int]] = []
    for item in sequence.items:
        parts.extend((item.when, item.row, *item.elements, term_of_value(it, item.value)))
    holder = logic.term("items", *parts)
    result = []
    for number, item in enumerate(sequence.items):
        keep = ALWAYS
        subject = logic.term("position", number, holder, *item.elements)
        lower, upper, step = bounds
        if lower is not None and not (isinstance(lower.single, Const) and lower.single.value == 0):
            before = logic.atom(logic.term("before", subject, term_of_value(it, lower)))
            keep = logic.both(keep, logic.no(before))
        if upper is not None:
            keep = logic.both(keep, logic.atom(logic.term("before", subject, term_of_value(it, upper))))
        if step is not None:
            keep = logic.both(keep, logic.atom(logic.term("every", subject, term_of_value(it, step))))
        result.append(item._replace(when=logic.both(item.when, keep)))
    return tuple(result)
