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
    Ref,
    Site,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter.assignments import assign
from ms_optim_lint.interpreter.closing import in_a_row
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.expressions import evaluate, under_unknown_key
from ms_optim_lint.interpreter.frames import Frame
from ms_optim_lint.interpreter.iterators import element_item, feeds_of, items_of_value, most_passes, sources_of
from ms_optim_lint.interpreter.maybe import perhaps_done
from ms_optim_lint.interpreter.methods import extend
from ms_optim_lint.interpreter.modules import target_names
from ms_optim_lint.interpreter.one_by_one import spelled_out, told
from ms_optim_lint.interpreter.state import Branch, State, flatten, merge
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
    sources: list[tuple[Ref, object]] = []
    opened = _generate(it, node, 0, inner, frame, ALWAYS, (), items, entries, feeds, sources)
    if isinstance(node, ast.DictComp):
        content = DictContent((), bool(opened))
        for key, value in entries:
            atom = key.single
            if isinstance(atom, Const):
                content = content.with_entry(atom.value, value, None)
            else:
                content = under_unknown_key(it, content, node)
        return value_of(it.allocate(node, frame.module, content), Site(frame.module, node))
    kind = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "iterator"}[type(node)]
    return it.new_list(node, frame, tuple(items), kind, opened, feeds=tuple(feeds), sources=tuple(sources))


def _targets(target: ast.expr) -> list[str]:
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
    sources: list[tuple[Ref, object]],
) -> bool:
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
    over, opened = items_of_value(it, source, not lazy)
    if lazy and depth == 0:
        feeds.extend(feeds_of(it, source))
    if lazy:
        sources.extend(sources_of(it, source))
    over, names = spelled_out(it, node, over) if not opened else (over, {})
    if len(over) > most_passes(it) and not names or opened:
        over = (element_item(it, logic.term("over", it.fresh(generator.iter)), None),)
    before, active = it.state, list(it.active)
    context = it.context
    for number, item in enumerate(over):
        it.step()
        made = len(items)
        it.state = run = before.fork(logic, item.when)
        it.active.extend(item.elements)
        try:
            mark = (*item.elements,) if item.elements else (number,)
            with it.within(logic.term("pass", context, it.number(generator.iter), *mark)), told(it, names):
                assign(it, generator.target, item.value, inner, node)
                holds = item.when
                for test in generator.ifs:
                    condition = truth(it, evaluate(it, test, inner), test)
                    holds = logic.both(holds, condition)
                    it.state = it.state.fork(logic, condition)
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
                        sources,
                    )
                    opened = opened or (more and isinstance(node, ast.DictComp))
        finally:
            last, it.state = it.state, before
            it.active[:] = active
        if item.elements or item.row == UNORDERED:
            items[made:] = in_a_row(it, node, item, items[made:])
        _keep(it, node, before, run, last, inner, lazy or bool(item.elements))
    return opened and isinstance(node, ast.DictComp)


def _keep(
    it: Interpreter, node: Comprehension, before: State, run: State, last: State, inner: Frame, vague: bool
) -> None:
    """What a pass did is kept: things made inside stay in the heap, variables of the comprehension die with it. ``vague``: nobody
    knows when it is done, or how often."""
    logic = it.logic
    if vague:
        perhaps_done(it, before, flatten(logic, last, before).writes, node, inner.number)
        return
    while last is not run and last.parent is not None:
        # A test holds, or what was done after it was not done.
        branches = [Branch(last.local, last.writes), Branch(logic.no(last.local), {})]
        last = last.parent
        if branches[0].writes:
            merge(logic, last, branches, lambda: it.fresh(node, what="join"))
    run.writes = {
        key: stored for key, stored in run.writes.items() if not isinstance(key, tuple) or key[0] != inner.number
    }
    branches = [Branch(run.local, run.writes), Branch(logic.no(run.local), {})]
    if run.writes:
        merge(logic, before, branches, lambda: it.fresh(node, what="join"))


def note_yield(it: Interpreter, node: ast.AST, value: Value, frame: Frame) -> None:
    """``yield value`` and ``yield from value``: what a generator function gives is noted as a list that is appended to."""
    if frame.yields is None:
        return
    content = it.content(frame.yields)
    if isinstance(node, ast.YieldFrom):
        extend(it, value_of(frame.yields), value)
    elif isinstance(content, ListContent):
        it.state.set(frame.yields.obj, replace(content, items=(*content.items, Item(value))))
