"""Comprehensions and generator expressions: a loop in one expression."""

from __future__ import annotations

import ast
from typing import Union

from ms_optim_lint.domain.logic import ALWAYS, Condition, Term
from ms_optim_lint.domain.values import (
    ABSENT,
    UNORDERED,
    Const,
    DictContent,
    Item,
    ListContent,
    Obj,
    Ref,
    Site,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter.core import Frame, Interpreter
from ms_optim_lint.interpreter.iteration import in_a_row
from ms_optim_lint.interpreter.iterators import element_item, feeds_of, items_of_value, most_passes
from ms_optim_lint.interpreter.one_by_one import spelled_out, told
from ms_optim_lint.interpreter.state import flatten
from ms_optim_lint.interpreter.truth import truth
from ms_optim_lint.records import replace

Comprehension = Union[ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp]


def comprehension(it: Interpreter, node: Comprehension, frame: Frame) -> Value:
    """A list, set or dict comprehension or a generator expression. A generator is followed at once: what it reads could
    change before it is used, which real code does not rely on."""
    inner = it.new_frame(node, frame.module, frame)
    inner.locals = frozenset(n for g in node.generators for n in _targets(g.target))
    inner.owner, inner.receiver = frame.owner, frame.receiver
    items: list[Item] = []
    entries: list[tuple[Value, Value]] = []
    feeds: list[Ref] = []
    opened = _generate(it, node, 0, inner, frame, ALWAYS, (), items, entries, feeds)
    if isinstance(node, ast.DictComp):
        content = DictContent((), bool(opened))
        for key, value in entries:
            atom = key.single
            if isinstance(atom, Const):
                content = content.with_entry(atom.value, value, None)
            else:
                content = DictContent(content.entries, True, content.places)
        return value_of(it.allocate(node, frame.module, content), Site(frame.module, node))
    kind = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "iterator"}[type(node)]
    return it.new_list(node, frame, tuple(items), kind, opened, feeds=tuple(feeds))


def _targets(target: ast.expr) -> list[str]:
    from ms_optim_lint.interpreter.modules import target_names

    return list(target_names(target))


def _generate(
    it: Interpreter,
    node: Comprehension,
    depth: int,
    inner: Frame,
    outer: Frame,
    when: Condition,
    elements: tuple[Term, ...],
    items: list[Item],
    entries: list[tuple[Value, Value]],
    feeds: list[Ref],
) -> bool:
    from ms_optim_lint.interpreter.assignments import assign
    from ms_optim_lint.interpreter.expressions import evaluate

    logic = it.logic
    if depth == len(node.generators):
        if isinstance(node, ast.DictComp):
            word, entry = evaluate(it, node.key, inner), evaluate(it, node.value, inner)
            if when != ALWAYS:
                entry = join(logic, [(when, entry), (logic.no(when), value_of(ABSENT))], it.fresh(node, what="join"))
            entries.append((word, entry))
            return bool(elements)
        value = evaluate(it, node.elt, inner)
        if value.origin is None:
            value = Value(tuple(a._replace(origin=Site(outer.module, node.elt)) for a in value.alternatives))
        items.append(Item(value, when, elements))
        return False
    generator = node.generators[depth]
    source = evaluate(it, generator.iter, outer if depth == 0 else inner)
    lazy = isinstance(node, ast.GeneratorExp)
    over, opened = items_of_value(it, source, generator.iter, inner, not lazy)
    if lazy and depth == 0:
        feeds.extend(feeds_of(it, source))
    over, names = spelled_out(it, node, over) if not opened else (over, {})
    if len(over) > most_passes(it) and not names or opened:
        over = (element_item(it, logic.term("over", it.fresh(generator.iter)), None, node),)
    before, active = it.state, list(it.active)
    context = it.context
    for number, item in enumerate(over):
        it.step()
        made = len(items)
        it.state = before.fork(logic, item.when)
        it.active.extend(item.elements)
        try:
            mark = (*item.elements,) if item.elements else (number,)
            with it.within(logic.term("pass", context, it.number(generator.iter), *mark)), told(it, names):
                assign(it, generator.target, item.value, inner, node)
                holds = item.when
                for test in generator.ifs:
                    condition = truth(it, evaluate(it, test, inner), test)
                    holds = logic.both(holds, condition)
                    it.state.assume(logic, condition)
                if logic.meet(before.reached, holds):
                    more = _generate(
                        it,
                        node,
                        depth + 1,
                        inner,
                        outer,
                        logic.both(when, holds),
                        (*elements, *item.elements),
                        items,
                        entries,
                        feeds,
                    )
                    opened = opened or (more and isinstance(node, ast.DictComp))
        finally:
            fork, it.state = it.state, before
            it.active[:] = active
        if item.elements or item.row == UNORDERED:
            items[made:] = in_a_row(it, node, item, items[made:])
        for key, stored in flatten(logic, fork, before).writes.items():
            # Things made inside stay in the heap; variables of the comprehension die with it.
            if isinstance(key, Obj) or not isinstance(stored, Value):
                before.set(key, stored)
    return opened and isinstance(node, ast.DictComp)


def note_yield(it: Interpreter, node: ast.AST, value: Value, frame: Frame) -> None:
    """``yield value`` and ``yield from value``: what a generator function gives is noted as a list that is appended to."""
    from ms_optim_lint.interpreter.methods import extend

    if frame.yields is None:
        return
    content = it.content(frame.yields)
    if isinstance(node, ast.YieldFrom):
        extend(it, value_of(frame.yields), value, node, frame)
    elif isinstance(content, ListContent):
        it.state.set(frame.yields.obj, replace(content, items=(*content.items, Item(value))))
