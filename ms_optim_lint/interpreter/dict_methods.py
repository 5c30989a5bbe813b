"""Methods of dicts."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ms_optim_lint.domain.logic import ALWAYS, NEVER
from ms_optim_lint.domain.values import (
    ABSENT,
    NONE_VALUE,
    Const,
    DictContent,
    Item,
    Ref,
    Site,
    Sym,
    Tuple,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter import registries
from ms_optim_lint.interpreter.arguments import Arguments
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.truth import present, term_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import expressions, operators
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
else:
    expressions = late("expressions")
    operators = late("operators")


def dict_method(
    it: Interpreter, ref: Ref, content: DictContent, name: str, arguments: Arguments, node: ast.AST, frame: Frame
) -> Value:
    """What a method of a dict gives and does."""
    key = arguments.get("key", 0)
    constant = key.single if key is not None else None
    if name in ("get", "pop", "setdefault") and isinstance(constant, Const) and not content.others:
        return _get(it, ref, content, name, constant, arguments, node, frame)
    if name in ("values", "items", "keys"):
        items = []
        for known, value in content.entries:
            there = Value(tuple(a for a in value.alternatives if a.atom is not ABSENT))
            one = {"values": there, "keys": value_of(Const(known))}.get(name)
            if one is None:
                one = value_of(Tuple((Item(value_of(Const(known))), Item(there))))
            items.append(Item(one, present(it, value)))
        for number, item in enumerate(content.others):
            key_of = it.logic.term("key", it.fresh(node), number, *item.elements)
            pair = Tuple((Item(value_of(Sym(key_of, reason="a key that is computed"))), Item(item.value)))
            one = {"values": item.value, "keys": pair.items[0].value}.get(name) or value_of(pair)
            items.append(item._replace(value=one))
        return it.new_list(node, frame, tuple(items), "view", content.open, sources=((ref, content),))
    if name == "copy":
        return value_of(it.allocate(node, frame.module, content), Site(frame.module, node))
    if name == "update":
        new = content
        if arguments.positional:
            new = expressions.merged_dict(it, new, arguments.positional[0].value, node)
            new = _with_pairs(it, new, arguments.positional[0].value)
        for word, given in arguments.keywords:
            new = new.with_entry(word, given.value, given.keyword)
        it.state.set(ref.obj, expressions.replaceable(it, new, node) if arguments.more_keywords else new)
        return NONE_VALUE
    if name == "clear":
        it.state.set(ref.obj, DictContent())
        return NONE_VALUE
    default = arguments.get("default", 1)
    changed = (
        content.with_other(default) if name == "setdefault" and default is not None and key is not None else content
    )
    if changed.others and name == "setdefault" and default is not None:
        it.state.set(ref.obj, changed)
        return default
    if content.others and name in ("get", "setdefault", "pop", "popitem"):
        from ms_optim_lint.interpreter.statements import spoil

        spoil(it, ref)  # what it gives may be one of these, and be changed
        return it.unknown(node, f"dict method {name}", frame=frame)
    if name in ("pop", "popitem"):
        return _taken(it, ref, content, node, frame)
    if name == "setdefault":
        it.state.set(ref.obj, DictContent(content.entries, True, content.places))
    return it.unknown(node, f"dict method {name}", frame=frame)


def _with_pairs(it: Interpreter, content: DictContent, pairs: Value) -> DictContent:
    """The dict with what a list of pairs says; anything else is left as it is."""
    atom = pairs.single
    sequence = operators.sequence_of(it, atom) if atom is not None else None
    if sequence is None:
        return content
    for item in sequence.items:
        inner = item.value.single
        key = inner.items[0].value.single if isinstance(inner, Tuple) and len(inner.items) == 2 else None
        if not isinstance(inner, Tuple) or not isinstance(key, Const) or item.when != ALWAYS or item.elements:
            return DictContent((), True)
        content = content.with_entry(key.value, inner.items[1].value, None)
    return content if not sequence.open else DictContent((), True)


def _taken(it: Interpreter, ref: Ref, content: DictContent, node: ast.AST, frame: Frame) -> Value:
    """An entry is taken out of a dict, it is not known which: any of them may be gone."""
    entries = []
    for key, value in content.entries:
        gone = it.logic.atom(it.logic.term("taken", it.fresh(node, what="taken"), it.logic.constant(key)))
        kept = [(it.logic.no(gone), value), (gone, value_of(ABSENT))]
        entries.append((key, join(it.logic, kept, it.fresh(node, what="join"))))
    it.state.set(ref.obj, DictContent(tuple(entries), True, content.places))
    return it.unknown(node, "an entry that is taken out of a dict", frame=frame)


def _get(
    it: Interpreter,
    ref: Ref,
    content: DictContent,
    name: str,
    key: Const,
    arguments: Arguments,
    node: ast.AST,
    frame: Frame,
) -> Value:
    found = content.get(key.value)
    if found is None and content.open and name == "get":
        found = registries.find(it, ref, key.value)
    default = arguments.get("default", 1) or value_of(Const(None), Site(frame.module, node))
    there = present(it, found) if found is not None else NEVER
    parts: list[tuple[int, Value]] = []
    if found is not None:
        parts.append((there, Value(tuple(a for a in found.alternatives if a.atom is not ABSENT))))
    if there != ALWAYS:
        rest = it.logic.no(there)
        if content.open:
            missing = it.logic.atom(it.logic.term("missing", term_of(it, ref), it.logic.constant(key.value)))
            term = it.logic.term("item", term_of(it, ref), it.logic.constant(key.value))
            parts.append(
                (it.logic.both(rest, it.logic.no(missing)), value_of(Sym(term, reason="unknown key of a dict")))
            )
            rest = it.logic.both(rest, missing)
        parts.append((rest, default))
    value = join(it.logic, parts, it.fresh(node, what="join"))
    if name == "pop":
        entries = tuple(e for e in content.entries if e[0] != key.value)
        it.state.set(ref.obj, DictContent(entries, content.open, content.places))
    elif name == "setdefault" and there != ALWAYS:
        it.state.set(ref.obj, content.with_entry(key.value, value, Site(frame.module, node)))
    return value
