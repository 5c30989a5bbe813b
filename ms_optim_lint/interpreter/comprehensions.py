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
from ms_optim_lint.interpreter.iterators import element_item, feeds_of, items_of_value, most_passes, sources_of, spent
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
    inner.locals = frozenset(name for generator in node.generators for name in target_names(generator.target))
    inner.owner, inner.receiver = frame.owner, frame.receiver
    made = _Made(it, node, inner, frame)
    opened = made.follow(0, ALWAYS, ())
    if isinstance(node, ast.DictComp):
        content = DictContent((), opened)
        for key, value in made.entries:
            atom = key.single
            if isinstance(atom, Const):
                content = content.with_entry(atom.value, value, None)
            else:
                content = under_unknown_key(it, content, node)
        return value_of(it.allocate(node, frame.module, content), Site(frame.module, node))
    kind = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "iterator"}[type(node)]
    return it.new_list(
        node, frame, tuple(made.items), kind, opened, made.reason, tuple(made.feeds), tuple(made.sources)
    )


class _Made:
    """What a comprehension makes: ``items``, or ``entries`` of a dict. Of a generator also what its items are taken from."""

    def __init__(self, it: Interpreter, node: Comprehension, inner: Frame, outer: Frame) -> None:
        self.it = it
        self.node = node
        self.inner = inner
        self.outer = outer
        self.lazy = isinstance(node, ast.GeneratorExp)
        self.items: list[Item] = []
        self.entries: list[tuple[Value, Value]] = []
        self.feeds: list[Ref] = []
        self.sources: list[tuple[Ref, object]] = []
        self.reason = ""

    def follow(self, depth: int, when: Condition, elements: tuple[Term, ...]) -> bool:
        """Follows the ``for`` of that number, and what is behind it. Gives whether a dict may get more than is seen."""
        it = self.it
        if depth == len(self.node.generators):
            return self._give(when, elements)
        generator = self.node.generators[depth]
        over, opened, names = self._over(generator, depth)
        before, active = it.state, list(it.active)
        context = it.context
        for number, item in enumerate(over):
            it.step()
            made = len(self.items)
            it.state = run = before.fork(it.logic, item.when)
            it.active.extend(item.elements)
            try:
                mark = (*item.elements,) if item.elements else (number,)
                with it.within(it.logic.term("pass", context, it.number(generator.iter), *mark)), told(it, names):
                    holds = self._tests(generator, item)
                    if it.logic.meet(before.reached, holds):
                        both = it.logic.both(when, holds)
                        opened = self.follow(depth + 1, both, (*elements, *item.elements)) or opened
            finally:
                last, it.state = it.state, before
                it.active[:] = active
            if item.elements or item.row == UNORDERED:
                self.items[made:] = in_a_row(it, self.node, item, self.items[made:])
            _keep(it, self.node, before, run, last, self.inner, self.lazy or bool(item.elements))
        return opened and isinstance(self.node, ast.DictComp)

    def _over(self, generator: ast.comprehension, depth: int) -> tuple[tuple[Item, ...], bool, dict[Term, str]]:
        """What one ``for`` goes over, whether that may be more, and the names of the parameters in it where they are known."""
        it = self.it
        source = evaluate(it, generator.iter, self.outer if depth == 0 else self.inner)
        if depth == 0 and not self.lazy:
            self.reason = spent(it, source)
        over, opened = items_of_value(it, source, not self.lazy)
        if self.lazy and depth == 0:
            self.feeds.extend(feeds_of(it, source))
        if self.lazy:
            self.sources.extend(sources_of(it, source))
        over, names = spelled_out(it, self.node, over) if not opened else (over, {})
        if len(over) > most_passes(it) and not names or opened:
            over = (element_item(it, it.logic.term("over", it.fresh(generator.iter)), None),)
        return over, opened, names

    def _tests(self, generator: ast.comprehension, item: Item) -> Condition:
        """Binds the variables of a ``for`` to an item. Gives when all that is behind ``if`` holds; it does from here on."""
        it = self.it
        assign(it, generator.target, item.value, self.inner, self.node)
        holds = item.when
        for test in generator.ifs:
            condition = truth(it, evaluate(it, test, self.inner), test)
            holds = it.logic.both(holds, condition)
            it.state = it.state.fork(it.logic, condition)
        return holds

    def _give(self, when: Condition, elements: tuple[Term, ...]) -> bool:
        """What stands in front of the first ``for``, in one pass."""
        it, node = self.it, self.node
        if isinstance(node, ast.DictComp):
            word, entry = evaluate(it, node.key, self.inner), evaluate(it, node.value, self.inner)
            if when != ALWAYS:
                absent = (it.logic.no(when), value_of(ABSENT))
                entry = join(it.logic, [(when, entry), absent], it.fresh(node, what="join"))
            self.entries.append((word, entry))
            return bool(elements)
        value = evaluate(it, node.elt, self.inner)
        if value.origin is None:
            value = Value(tuple(a._replace(origin=Site(self.outer.module, node.elt)) for a in value.alternatives))
        self.items.append(Item(value, when, elements))
        return False


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
