"""Assignments: to names, attributes, items, several at once, in place; and their end, ``del``."""

from __future__ import annotations

import ast
from typing import Optional, Union

from ms_optim_lint.domain.logic import ALWAYS
from ms_optim_lint.domain.values import (
    ABSENT,
    NONE,
    Const,
    DictContent,
    Instance,
    Item,
    ListContent,
    Ref,
    Site,
    Sym,
    Value,
    in_order,
    join,
    value_of,
)
from ms_optim_lint.interpreter import (
    after_building,
    attributes,
    containers,
    initial_values,
    interest,
    names,
    networks,
    notes_runtime,
    outside,
)
from ms_optim_lint.interpreter.arguments import Arguments
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.deferred import altered
from ms_optim_lint.interpreter.expressions import evaluate, merged_dict
from ms_optim_lint.interpreter.frames import Frame
from ms_optim_lint.interpreter.iterators import items_of_atom, items_of_value
from ms_optim_lint.interpreter.methods import extend
from ms_optim_lint.interpreter.operators import arithmetic, sequence_of
from ms_optim_lint.interpreter.slices import one_by_one, take_item
from ms_optim_lint.interpreter.truth import term_of_value
from ms_optim_lint.interpreter.versions import replaced_perhaps


def assignment(it: Interpreter, node: ast.Assign, frame: Frame) -> bool:
    """``a = b = value``."""
    value = initial_values.passed_over(it, node, frame) if it.making else None
    if value is None:
        value = evaluate(it, node.value, frame)
    for target in node.targets:
        assign(it, target, value, frame, node)
    return True


def annotated(it: Interpreter, node: ast.AnnAssign, frame: Frame) -> bool:
    """``target: kind = value``."""
    if node.value is not None:
        assign(it, node.target, evaluate(it, node.value, frame), frame, node)
    return True


def assign(it: Interpreter, target: ast.expr, value: Value, frame: Frame, node: ast.AST) -> None:
    """``target = value``."""
    if it.constructions and isinstance(target, (ast.Name, ast.Attribute)):
        interest.named(it, target.id if isinstance(target, ast.Name) else target.attr, value)
    if isinstance(target, ast.Name):
        names.bind(it, target.id, value, frame)
    elif isinstance(target, ast.Attribute):
        attributes.write(it, evaluate(it, target.value, frame), target.attr, value, target, frame)
    elif isinstance(target, ast.Subscript):
        _store_item(it, target, value, frame, node)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(it, target, value, frame, node)
    elif isinstance(target, ast.Starred):
        assign(it, target.value, value, frame, node)


def _unpack(it: Interpreter, target: Union[ast.Tuple, ast.List], value: Value, frame: Frame, node: ast.AST) -> None:
    count = len(target.elts)
    star = next((i for i, e in enumerate(target.elts) if isinstance(e, ast.Starred)), None)
    parts: list[list[tuple[int, Value]]] = [[] for _ in target.elts]
    for alternative in it.alternatives(value):
        sequence = sequence_of(it, alternative.atom)
        if sequence is not None and sequence.kind in ("iterator", "view"):
            inner, opened = items_of_atom(it, alternative.atom, alternative.when)
            sequence = ListContent(inner, opened)
        if star is not None and sequence is not None:
            single = one_by_one(it, sequence)
            sequence = sequence if single is None else ListContent(single, sequence.open)
        plain = sequence is not None and not sequence.open and in_order(sequence.items)
        if plain and star is None and sequence is not None and len(sequence.items) == count:
            for part, item in zip(parts, sequence.items):
                part.append((alternative.when, item.value))
        elif plain and star is not None and sequence is not None and len(sequence.items) >= count - 1:
            tail = count - star - 1
            middle = sequence.items[star : len(sequence.items) - tail]
            rest = it.new_list(target, frame, middle)
            row = [i.value for i in sequence.items[:star]] + [rest]
            row += [i.value for i in sequence.items[len(sequence.items) - tail :]] if tail else []
            for part, one in zip(parts, row):
                part.append((alternative.when, one))
        elif plain and len(value.alternatives) > 1:
            # A tuple of another length would stop the program here: that alternative is not taken.
            continue
        else:
            for index, part in enumerate(parts):
                if index == star:
                    part.append((alternative.when, it.new_list(target, frame, (), "list", True)))
                    continue
                index -= count if star is not None and index > star else 0
                one = take_item(it, alternative.atom, value_of(Const(index)), target.elts[index], frame)
                part.append((alternative.when, one))
    for element, part in zip(target.elts, parts):
        assign(it, element, join(it.logic, part, it.fresh(element, what="join")), frame, node)


def _store_item(it: Interpreter, target: ast.Subscript, value: Value, frame: Frame, node: ast.AST) -> None:
    from ms_optim_lint.interpreter.statements import spoil

    base = evaluate(it, target.value, frame)
    if isinstance(target.slice, ast.Slice):
        if not _with_slice(it, base, target, value, frame):
            for alternative in it.alternatives(base):
                spoil(it, alternative.atom)
        return
    index = evaluate(it, target.slice, frame)
    notes_runtime.item_written(it, base, index, value, target, frame)
    alternatives = it.alternatives(base)
    for alternative in alternatives:
        atom = alternative.atom
        when = ALWAYS if len(alternatives) == 1 else alternative.when
        if isinstance(atom, Ref):
            content = it.content(atom)
            if isinstance(content, DictContent):
                it.state.set(atom.obj, _with_item(it, content, index, value, when, target, frame, node))
            elif isinstance(content, ListContent):
                it.state.set(atom.obj, _with_index(content, index, value, when))
            elif isinstance(content, Instance):
                if when == ALWAYS and containers.children_method(it, atom, "__setitem__", [index, value], None):
                    after_building.replaced(it, atom, "#item", value, target, frame)
                    continue
                networks.changed(it, atom, "an item that is set")
                outside.spoil_by_special(it, atom, "__setitem__")
                it.state.set((atom.obj, "[]"), value_of(Sym(it.fresh(target), reason="item set")))
        elif isinstance(atom, Sym):
            altered(it, atom.term, False)
            replaced_perhaps(it, atom, value, target)
            it.state.set((atom.term, term_of_value(it, index)), value)


def _with_item(
    it: Interpreter,
    content: DictContent,
    index: Value,
    value: Value,
    when: int,
    target: ast.Subscript,
    frame: Frame,
    node: ast.AST,
) -> DictContent:
    choices = it.alternatives(index)
    if len(choices) > 1 and all(isinstance(a.atom, Const) for a in choices):
        for choice in choices:
            one = value_of(choice.atom)
            content = _with_item(it, content, one, value, it.logic.both(when, choice.when), target, frame, node)
        return content
    key = choices[0].atom if len(choices) == 1 else None
    if not isinstance(key, Const):
        # One of the known keys, or a new one: none of them is certain any more.
        other = value_of(Sym(it.fresh(target), reason="set under an unknown key"))
        hit = it.logic.atom(it.fresh(target, what="key"))
        entries = tuple(
            (k, join(it.logic, [(it.logic.no(hit), v), (hit, other)], it.fresh(target, what="join")))
            for k, v in content.entries
        )
        changed = DictContent(entries, True, content.places, content.others)
        return changed.with_other(value) if when == ALWAYS else DictContent(entries, True, content.places)
    if when != ALWAYS:
        old = content.get(key.value) or value_of(ABSENT)
        value = join(it.logic, [(when, value), (it.logic.no(when), old)], it.fresh(target, what="join"))
    given = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None else target
    return content.with_entry(key.value, value, Site(frame.module, target), Site(frame.module, given))


def _with_slice(it: Interpreter, base: Value, target: ast.Subscript, value: Optional[Value], frame: Frame) -> bool:
    """``items[a:b] = value`` or, without one, ``del items[a:b]``, of a list that is known; false for anything else."""
    where, atom = target.slice, base.single
    content = it.content(atom) if isinstance(atom, Ref) else None
    if not isinstance(content, ListContent) or not isinstance(atom, Ref) or content.kind != "list":
        return False
    if not isinstance(where, ast.Slice):
        bounds = [evaluate(it, where, frame).single]
    else:
        bounds = [evaluate(it, one, frame).single if one is not None else NONE for one in (where.lower, where.upper)]
    new: tuple[Item, ...] = ()
    if value is not None:
        new, opened = items_of_value(it, value)
        if opened:
            return False
    if where_is_all(where):
        it.state.set(atom.obj, ListContent(new, False, "list"))
        return True
    if content.open or not in_order(content.items) or isinstance(where, ast.Slice) and where.step is not None:
        return False
    constants = [bound.value for bound in bounds if isinstance(bound, Const)]
    numbers = [one for one in constants if one is None or isinstance(one, int)]
    if len(numbers) != len(bounds):
        return False
    items = list(content.items)
    try:
        if isinstance(where, ast.Slice):
            items[slice(*numbers)] = new
        else:
            del items[numbers[0] if numbers[0] is not None else len(items)]
    except IndexError:
        return False
    it.state.set(atom.obj, ListContent(tuple(items), False, "list"))
    return True


def where_is_all(where: ast.expr) -> bool:
    """Whether a slice is ``[:]``."""
    return isinstance(where, ast.Slice) and where.lower is where.upper is where.step is None


def _with_index(content: ListContent, index: Value, value: Value, when: int) -> ListContent:
    key = index.single
    plain = not content.open and in_order(content.items)
    if plain and when == ALWAYS and isinstance(key, Const) and isinstance(key.value, int):
        if -len(content.items) <= key.value < len(content.items):
            items = list(content.items)
            items[key.value] = items[key.value]._replace(value=value)
            return ListContent(tuple(items), False, content.kind)
    return ListContent((), True, content.kind, reason="an item of it is replaced")


def augmented(it: Interpreter, node: ast.AugAssign, frame: Frame) -> bool:
    """``target += value`` and the like. A list and a dict are changed in place, as Python does."""
    target = node.target
    load: ast.expr
    if isinstance(target, ast.Name):
        load = ast.copy_location(ast.Name(target.id, ast.Load()), target)
        old = names.look_up(it, target.id, frame, load)
    else:
        old = evaluate(it, target, frame)
    value = evaluate(it, node.value, frame)
    if isinstance(node.op, ast.Add):
        kinds = [sequence_of(it, a.atom) for a in it.alternatives(old)]
        if kinds and all(
            k is not None and k.kind == "list" and isinstance(a.atom, Ref) for k, a in zip(kinds, it.alternatives(old))
        ):
            extend(it, old, value)
            return True
        atom = old.single
        if isinstance(atom, Ref) and _extends_cells(it, atom, value, node, frame):
            assign(it, target, old, frame, node)
            return True
    if isinstance(node.op, ast.BitOr) and _updated(it, old, value, node):
        return True
    result = arithmetic(it, node.op, old, value, node, frame)
    assign(it, target, result, frame, node)
    return True


def _updated(it: Interpreter, old: Value, value: Value, node: ast.AST) -> bool:
    """``old |= value`` of dicts and sets: it is the same thing afterwards."""
    contents = [it.content(a.atom) if isinstance(a.atom, Ref) else None for a in it.alternatives(old)]
    if contents and all(isinstance(one, ListContent) and one.kind == "set" for one in contents):
        extend(it, old, value)
        return True
    atom, content = old.single, contents[0] if contents else None
    if isinstance(atom, Ref) and isinstance(content, DictContent):
        it.state.set(atom.obj, merged_dict(it, content, value, node))
        return True
    return False


def _extends_cells(it: Interpreter, ref: Ref, value: Value, node: ast.AST, frame: Frame) -> bool:
    """``cells += [cell]``."""
    from ms_optim_lint.interpreter.library.table import CallSite

    site = CallSite("extend", Arguments.of([value]), node, frame)
    return containers.children_method(it, ref, "extend", [value], site)


def delete(it: Interpreter, node: ast.Delete, frame: Frame) -> bool:
    """``del target``."""
    from ms_optim_lint.interpreter.statements import spoil

    for target in node.targets:
        if isinstance(target, ast.Subscript):
            base = evaluate(it, target.value, frame)
            if _with_slice(it, base, target, None, frame):
                continue
            key = evaluate(it, target.slice, frame).single if not isinstance(target.slice, ast.Slice) else None
            for alternative in it.alternatives(base):
                atom = alternative.atom
                content = it.content(atom) if isinstance(atom, Ref) else None
                if isinstance(content, DictContent) and isinstance(key, Const) and isinstance(atom, Ref):
                    entries = tuple(e for e in content.entries if e[0] != key.value)
                    it.state.set(atom.obj, DictContent(entries, content.open, content.places))
                else:
                    spoil(it, atom)
        elif isinstance(target, ast.Attribute):
            for alternative in it.alternatives(evaluate(it, target.value, frame)):
                if isinstance(alternative.atom, Ref):
                    networks.attribute_deleted(it, alternative.atom, target.attr)
    return True
