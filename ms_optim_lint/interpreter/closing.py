"""From what was said of the element that stands for all passes of a loop to what holds after it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, Condition, Term, base_of
from ms_optim_lint.domain.values import (
    REVERSED,
    UNORDERED,
    Alternative,
    Atom,
    DictContent,
    Item,
    ListContent,
    ParameterTuple,
    Sym,
    Truth,
    Tuple,
    Value,
)
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.frames import Exit
from ms_optim_lint.interpreter.state import Branch, State, Stored

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.state import Key

#: Atoms in which something may speak of the present element, beside symbols.
_HOLDING = (Truth, Tuple, ParameterTuple)


def grown(old: ListContent, new: ListContent) -> Optional[tuple[Item, ...]]:
    """The items that were added at the end; None where something else changed."""
    if old.kind != new.kind or len(new.items) < len(old.items) or new.items[: len(old.items)] != old.items:
        return None
    return new.items[len(old.items) :]


class Closing:
    """Turns what was said of the present element into what holds after the loop."""

    def __init__(self, it: Interpreter, node: ast.AST, run: State, item: Item, what: str = "last") -> None:
        self.it = it
        self.run = run
        self.item = item
        self.given = item.when
        self.elements = elements = item.elements
        self.node = node
        #: conditions of which it was asked
        self.renamed: dict[Condition, Condition] = {}
        logic = it.logic
        self.new = {e: logic.term(what, it.number(node), it.context, base_of(e)) for e in elements}

    def closed(self, key: Key) -> bool:
        """Whether what stands at ``key`` was there before the loop, so that the loop has added to it."""
        return self.run.get(key) is not None

    def stored(self, key: Key, value: Stored, broken: bool) -> Stored:
        """What is stored under a key after the loop, of what a pass has left there. ``broken``: the loop was left early."""
        if isinstance(value, Value):
            return self.value(value)
        if isinstance(value, ListContent):
            old = self.run.get(key)
            return self._list(old, value, broken) if isinstance(old, ListContent) else value
        if isinstance(value, DictContent) and self.run.get(key) is not None:
            entries = tuple((k, self.value(v)) for k, v in value.entries)
            return DictContent(entries, value.open, value.places, self._others(self.run.get(key), value))
        return value

    def _others(self, old: object, new: DictContent) -> tuple[Item, ...]:
        """What passes have put under keys that are not known: each may have put one there."""
        known = old.others if isinstance(old, DictContent) else ()
        if new.others == known:
            return known
        if known or any(item.elements for item in new.others):
            return ()
        when = self.given
        return tuple(i._replace(when=self.it.logic.both(i.when, when), elements=self.elements) for i in new.others)

    def _list(self, old: ListContent, new: ListContent, broken: bool) -> ListContent:
        added = grown(old, new)
        if added is None:
            return new if new.open else ListContent((), True, new.kind, reason="rebuilt in a loop")
        logic = self.it.logic
        items = []
        for item in added:
            when = logic.both(item.when, self.given)
            if broken:
                reached = logic.term("reached", self.it.number(self.node), self.it.context, *self.elements)
                when = logic.both(when, logic.atom(reached))
            items.append(item._replace(when=when, elements=(*self.elements, *item.elements)))
        items = in_a_row(self.it, self.node, self.item, items)
        used = self.condition(new.consumed)
        return ListContent(old.items + tuple(items), new.open, new.kind, used, new.reason, new.feeds)

    def exit(self, exit_: Exit) -> Exit:
        """A way out of the loop, as it is seen from behind it."""
        writes = {key: self.stored(key, written, True) for key, written in exit_.branch.writes.items()}
        value = self.value(exit_.value) if exit_.value is not None else None
        return Exit(exit_.kind, Branch(self.exit_condition(exit_.branch.when), writes), value)

    def exit_condition(self, condition: Condition) -> Condition:
        """When the loop is left: for some element the condition held. "Some element is x" is what ``x in ...`` means."""
        logic = self.it.logic
        tests = [t for t in logic.atoms(condition) if t.op == "same" and any(e in t.elements for e in self.elements)]
        if len(tests) == 1 and len(self.elements) == 1:
            found = self._membership(tests[0], self.elements[0])
            outer = logic.possible(condition, lambda t: self.elements[0] in t.elements)
            whole = logic.both(outer, logic.both(self.given, logic.atom(tests[0])))
            if found is not None and condition == whole:
                return logic.both(outer, found)
        return self.condition(condition)

    def _membership(self, term: Term, element: Term) -> Optional[Condition]:
        if term.op != "same":
            return None
        logic = self.it.logic
        first, second = term.args
        assert isinstance(first, Term)
        assert isinstance(second, Term)
        if element in first.elements:
            first, second = second, first
        if element in first.elements or element not in second.elements:
            return None
        pattern = logic.substitute(second, element, logic.term("slot", 0))
        base = element.args[0]
        assert isinstance(base, Term)
        return logic.atom(logic.term("member", first, base, self.given, logic.term("of", pattern)))

    def condition(self, condition: Condition) -> Condition:
        """The condition with the elements of the passes that are over."""
        found = self.renamed.get(condition)
        if found is None:
            found = condition
            for element, new in self.new.items():
                found = self.it.logic.rename(found, element, new)
            self.renamed[condition] = found
        return found

    def value(self, value: Value) -> Value:
        """The value with the elements of the passes that are over."""
        for alternative in value.alternatives:
            atom = alternative.atom
            if alternative.when != ALWAYS or atom.__class__ in _HOLDING:
                break
            if atom.__class__ is Sym and not atom.term.elements.isdisjoint(self.elements):
                break
        else:
            return value
        changed = [Alternative(self.condition(a.when), self.atom(a.atom), a.origin) for a in value.alternatives]
        return Value(tuple(changed))

    def atom(self, atom: Atom) -> Atom:
        """The atom with the elements of the passes that are over."""
        if isinstance(atom, Sym):
            term = atom.term
            for element, new in self.new.items():
                term = self.it.logic.substitute(term, element, new)
            return Sym(term, atom.kind, atom.rank, atom.reason) if term is not atom.term else atom
        if isinstance(atom, Truth):
            return Truth(self.condition(atom.condition))
        if isinstance(atom, Tuple):
            items = tuple(Item(self.value(i.value), self.condition(i.when), i.elements) for i in atom.items)
            return Tuple(items, atom.open)
        return atom


def in_a_row(it: Interpreter, node: ast.AST, source: Item, items: list[Item]) -> list[Item]:
    """What the passes for an item of a sequence give: several things for each element, one after the other."""
    if source.row < 0:
        turned = source.row == REVERSED and len(items) == 1 and len(items[0].elements) == 1
        return [item._replace(row=REVERSED if turned else UNORDERED) for item in items]
    if not source.row and len(items) < 2:
        return items
    of = source.row or it.fresh(node, what="row").number
    row = it.logic.term("row", it.number(node), it.context, of).number
    return [item._replace(row=row) for item in items]
