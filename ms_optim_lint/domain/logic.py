"""Symbolic terms, and conditions over them.

A *term* names something whose value is not known: ``cfg.lr``, a parameter of a network, the length of a list. A *condition* is
a boolean formula whose atoms are terms, kept as a reduced ordered binary decision diagram (Bryant 1986), so that two
formulas that mean the same are the same number, and "can both hold?" is a look-up. Conditions are integers: 0 is never,
1 is always.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable, Union

Condition = int
NEVER: Condition = 0
ALWAYS: Condition = 1

#: The deepest formula that is kept; what would be deeper is given up as unknown.
MAX_DEPTH = 40
#: The most work that the conditions of one statement may take.
MAX_WORK = 4_000
#: Deeper terms are named by a number.
MAX_TERM_DEPTH = 48
#: The most diagram nodes of one analysis.
MAX_NODES = 150_000

_LEAF = 1 << 60


class TooComplex(Exception):
    """A formula grew past a bound. Whoever meets it goes on with an unknown value."""


_NOTHING: frozenset[Term] = frozenset()


class Term:
    """A symbolic value. Equal terms of one :class:`Logic` are one object, so they compare and hash by identity."""

    __slots__ = ("op", "args", "elements", "number", "depth")

    def __init__(self, op: str, args: tuple[object, ...], number: int) -> None:
        self.op = op
        self.args = args
        #: the order in which terms were made
        self.number = number
        depth = 0
        inner: frozenset[Term] = _NOTHING
        for arg in args:
            if isinstance(arg, Term):
                if arg.depth > depth:
                    depth = arg.depth
                if arg.elements:
                    inner = inner | arg.elements if inner else arg.elements
        self.depth: int = depth + 1
        #: the loop elements that the term speaks of
        self.elements: frozenset[Term] = inner | {self} if op == "element" else inner

    def __repr__(self) -> str:
        if self.depth > 8:
            return f"{self.op}(#{self.number})"
        return f"{self.op}({', '.join(map(str, self.args))})"


def by_number(term: Term) -> int:
    """A key to sort terms by."""
    return term.number


def subterms(term: Term) -> list[Term]:
    """The term and all terms in it, each once."""
    found = {term: None}
    waiting = [term]
    while waiting:
        new = [arg for arg in waiting.pop().args if isinstance(arg, Term) and arg not in found]
        found.update(dict.fromkeys(new))
        waiting += new
    return list(found)


def base_of(element: Term) -> Term:
    """What an element is one of; of one whose term grew too deep, the element itself."""
    base = element.args[0]
    return base if isinstance(base, Term) else element


class Logic:
    """Makes terms and conditions. One for each analysis; nothing of it outlives that."""

    def __init__(self) -> None:
        self._terms: dict[tuple[object, ...], Term] = {}
        self._atoms: list[Term] = []
        self._atom_index: dict[Term, int] = {}
        self._nodes: list[tuple[int, int, int]] = [(_LEAF, 0, 0), (_LEAF, 1, 1)]
        self._depth: list[int] = [0, 0]
        self._unique: dict[tuple[int, int, int], int] = {}
        self._ite: dict[tuple[int, int, int], int] = {}
        self._ands: dict[tuple[int, int], int] = {}
        self._ors: dict[tuple[int, int], int] = {}
        self._opposite: dict[int, int] = {}
        self._meet: dict[tuple[int, int], bool] = {}
        self._implied: dict[tuple[int, int], bool] = {}
        self._support: dict[int, frozenset[int]] = {0: frozenset(), 1: frozenset()}
        self._equal_to: dict[Term, dict[Term, Condition]] = {}
        #: how much was computed so far, and how far it may go
        self.work = 0
        self._allowed = MAX_WORK
        self._substituted: dict[tuple[Term, Term, Term], Term] = {}
        #: which conditions can hold by all that is known about texts, as far as somebody asked
        self.can_hold: dict[Condition, bool] = {}

    # Terms

    def term(self, op: str, *args: Union[Term, str, int, None]) -> Term:
        """The one term of that operation and arguments."""
        return self._made((op, *args), op, args)

    def _made(self, key: tuple[object, ...], op: str, args: tuple[object, ...]) -> Term:
        found = self._terms.get(key)
        if found is None:
            found = Term(op, args, len(self._terms))
            if found.depth > MAX_TERM_DEPTH and op != "element":
                # Named by its number from here on: still the same for the same, and of the same elements.
                elements = sorted(found.elements, key=by_number)[:4]
                found = Term(
                    "deep", (found.number, *(e for e in elements if e.depth < MAX_TERM_DEPTH // 2)), found.number
                )
            self._terms[key] = found
        return found

    def constant(self, value: object) -> Term:
        """The term of a Python constant; ``1``, ``1.0`` and ``True`` are three."""
        return self._made(("constant", type(value).__name__, repr(value)), "constant", (type(value).__name__, value))

    def substitute(self, term: Term, old: Term, new: Term) -> Term:
        """``term`` with ``new`` wherever ``old`` stands in it."""
        if term is old:
            return new
        if old.op == "element" and old not in term.elements or term.op == "constant":
            return term
        key = (term, old, new)
        found = self._substituted.get(key)
        if found is None:
            args = tuple(self.substitute(arg, old, new) if isinstance(arg, Term) else arg for arg in term.args)
            found = term if args == term.args else self._made((term.op, *args), term.op, args)
            self._substituted[key] = found
        return found

    # Conditions

    def allow(self) -> None:
        """What comes next may take as much work as one statement may."""
        self._allowed = self.work + MAX_WORK

    def atom(self, term: Term) -> Condition:
        """The condition that the boolean ``term`` is true."""
        index = self._atom_index.get(term)
        if index is None:
            index = self._atom_index[term] = len(self._atoms)
            self._atoms.append(term)
        return self._node(index, NEVER, ALWAYS)

    def equals(self, subject: Term, constant: Term) -> Condition:
        """``subject == constant``. Equalities of one subject with different constants exclude each other."""
        known = self._equal_to.setdefault(subject, {})
        if constant in known:
            return known[constant]
        own = self.atom(self.term("equal", subject, constant))
        for other in known.values():
            own = self.both(own, self.no(other))
        known[constant] = own
        return own

    def truthy(self, subject: Term) -> Condition:
        """``bool(subject)``, consistent with what ``subject`` was compared with so far."""
        own = self.atom(self.term("truthy", subject))
        for constant, equal in self._equal_to.get(subject, {}).items():
            own = self.either(own, equal) if constant.args[1] else self.both(own, self.no(equal))
        return own

    def both(self, a: Condition, b: Condition) -> Condition:
        """``a and b``."""
        if a == b or b == ALWAYS:
            return a
        if a == ALWAYS:
            return b
        if a == NEVER or b == NEVER:
            return NEVER
        return self._both(a, b) if a < b else self._both(b, a)

    def _both(self, a: Condition, b: Condition) -> Condition:
        """Of two formulas that are neither never nor always, the one with the lower number first."""
        key = (a, b)
        found = self._ands.get(key)
        if found is not None:
            return found
        self.work += 1
        if self.work > self._allowed:
            raise TooComplex
        index, low, high = self._nodes[a]
        other, other_low, other_high = self._nodes[b]
        if index < other:
            other_low = other_high = b
        elif other < index:
            index = other
            low = high = a
        made = self._ands[key] = self._node(index, self.both(low, other_low), self.both(high, other_high))
        return made

    def either(self, a: Condition, b: Condition) -> Condition:
        """``a or b``."""
        if a == b or b == NEVER:
            return a
        if a == NEVER:
            return b
        if a == ALWAYS or b == ALWAYS:
            return ALWAYS
        return self._either(a, b) if a < b else self._either(b, a)

    def _either(self, a: Condition, b: Condition) -> Condition:
        key = (a, b)
        found = self._ors.get(key)
        if found is not None:
            return found
        self.work += 1
        if self.work > self._allowed:
            raise TooComplex
        index, low, high = self._nodes[a]
        other, other_low, other_high = self._nodes[b]
        if index < other:
            other_low = other_high = b
        elif other < index:
            index = other
            low = high = a
        made = self._ors[key] = self._node(index, self.either(low, other_low), self.either(high, other_high))
        return made

    def no(self, a: Condition) -> Condition:
        """``not a``."""
        if a <= ALWAYS:
            return ALWAYS - a
        found = self._opposite.get(a)
        if found is None:
            self.work += 1
            if self.work > self._allowed:
                raise TooComplex
            index, low, high = self._nodes[a]
            found = self._node(index, self.no(low), self.no(high))
            self._opposite[a] = found
            self._opposite[found] = a
        return found

    def meet(self, a: Condition, b: Condition) -> bool:
        """Whether both can hold: ``both(a, b) != NEVER``, without making that formula."""
        if a == NEVER or b == NEVER:
            return False
        if a == b or a == ALWAYS or b == ALWAYS:
            return True
        key = (a, b) if a < b else (b, a)
        found = self._meet.get(key)
        if found is None:
            known = self._ands.get(key)
            if known is not None:
                return known != NEVER
            self.work += 1
            if self.work > self._allowed:
                raise TooComplex
            index, low, high = self._nodes[a]
            other, other_low, other_high = self._nodes[b]
            if index < other:
                other_low = other_high = b
            elif other < index:
                low = high = a
            found = self._meet[key] = self.meet(low, other_low) or self.meet(high, other_high)
        return found

    def implies(self, a: Condition, b: Condition) -> bool:
        """Whether ``b`` holds wherever ``a`` does."""
        if a == NEVER or b == ALWAYS or a == b:
            return True
        if b == NEVER or a == ALWAYS:
            return False
        key = (a, b)
        found = self._implied.get(key)
        if found is None:
            self.work += 1
            if self.work > self._allowed:
                raise TooComplex
            index, low, high = self._nodes[a]
            other, other_low, other_high = self._nodes[b]
            if index < other:
                other_low = other_high = b
            elif other < index:
                low = high = a
            found = self._implied[key] = self.implies(low, other_low) and self.implies(high, other_high)
        return found

    def choose(self, test: Condition, yes: Condition, no: Condition) -> Condition:
        """``yes`` where ``test`` holds, else ``no``."""
        if test == ALWAYS or yes == no:
            return yes
        if test == NEVER:
            return no
        if no == NEVER:
            return test if yes == ALWAYS else self.both(test, yes)
        if yes == ALWAYS:
            return self.either(test, no)
        if yes == NEVER:
            return self.no(test) if no == ALWAYS else self.both(self.no(test), no)
        if no == ALWAYS:
            return self.either(self.no(test), yes)
        key = (test, yes, no)
        found = self._ite.get(key)
        if found is not None:
            return found
        self.work += 1
        if self.work > self._allowed:
            raise TooComplex
        nodes = self._nodes
        of_test, of_yes, of_no = nodes[test], nodes[yes], nodes[no]
        index = min(of_test[0], of_yes[0], of_no[0])
        if of_test[0] != index:
            of_test = (index, test, test)
        if of_yes[0] != index:
            of_yes = (index, yes, yes)
        if of_no[0] != index:
            of_no = (index, no, no)
        low = self.choose(of_test[1], of_yes[1], of_no[1])
        high = self.choose(of_test[2], of_yes[2], of_no[2])
        made = self._node(index, low, high)
        self._ite[key] = made
        return made

    def _node(self, index: int, low: Condition, high: Condition) -> Condition:
        if low == high:
            return low
        key = (index, low, high)
        found = self._unique.get(key)
        if found is None:
            depths = self._depth
            depth = 1 + (depths[low] if depths[low] > depths[high] else depths[high])
            if depth > MAX_DEPTH or len(self._nodes) > MAX_NODES:
                raise TooComplex
            found = self._unique[key] = len(self._nodes)
            self._nodes.append(key)
            self._depth.append(depth)
        return found

    def atoms(self, condition: Condition) -> frozenset[Term]:
        """The terms that the condition depends on."""
        return frozenset(self._atoms[index] for index in self._indices(condition))

    def _indices(self, condition: Condition) -> frozenset[int]:
        found = self._support.get(condition)
        if found is None:
            index, low, high = self._nodes[condition]
            found = self._support[condition] = self._indices(low) | self._indices(high) | {index}
        return found

    def mentions(self, condition: Condition, element: Term) -> bool:
        """Whether an atom of the condition speaks of the loop element."""
        return any(element in self._atoms[index].elements for index in self._indices(condition))

    def rename(self, condition: Condition, old: Term, new: Term) -> Condition:
        """The condition with ``new`` wherever ``old`` stands in its atoms."""
        if not self.mentions(condition, old):
            return condition
        return self._map(condition, lambda term: self.atom(self.substitute(term, old, new)), {})

    def possible(self, condition: Condition, without: Callable[[Term], bool]) -> Condition:
        """What the condition says of the rest when the atoms that satisfy ``without`` may be anything (existential)."""
        for index in sorted(self._indices(condition), reverse=True):
            if without(self._atoms[index]):
                condition = self.either(self._fix(condition, index, False), self._fix(condition, index, True))
        return condition

    def supposing(self, condition: Condition, true: Callable[[Term], bool]) -> Condition:
        """What the condition says of the rest when the atoms that satisfy ``true`` hold."""
        for index in self._indices(condition):
            if true(self._atoms[index]):
                condition = self._fix(condition, index, True)
        return condition

    def assuming(self, condition: Condition, known: Condition) -> Condition:
        """The condition simplified where ``known`` holds: always, never, or as it is."""
        if not self.meet(condition, known):
            return NEVER
        if self.implies(known, condition):
            return ALWAYS
        return condition

    def replaced(self, condition: Condition, atom: Callable[[Term], Condition]) -> Condition:
        """The condition with another condition in place of each atom."""
        return self._map(condition, atom, {})

    def _fix(self, condition: Condition, index: int, value: bool) -> Condition:
        if index not in self._indices(condition):
            return condition
        own, low, high = self._nodes[condition]
        if own == index:
            return high if value else low
        return self._node(own, self._fix(low, index, value), self._fix(high, index, value))

    def _map(self, condition: Condition, atom: Callable[[Term], Condition], done: dict[int, int]) -> Condition:
        if condition <= ALWAYS:
            return condition
        found = done.get(condition)
        if found is None:
            index, low, high = self._nodes[condition]
            found = done[condition] = self.choose(
                atom(self._atoms[index]), self._map(high, atom, done), self._map(low, atom, done)
            )
        return found

    def cubes(self, condition: Condition) -> Iterator[dict[Term, bool]]:
        """The ways in which the condition can hold, each as the atoms that it fixes."""
        # What is fixed so far is the way back to the top: few of all ways down are written out.
        stack: list[tuple[Condition, Any]] = [(condition, None)]
        while stack:
            node, fixed = stack.pop()
            if node == ALWAYS:
                found = []
                while fixed is not None:
                    fixed, term, holds = fixed
                    found.append((term, holds))
                yield dict(reversed(found))
            elif node != NEVER:
                index, low, high = self._nodes[node]
                term = self._atoms[index]
                stack.append((low, (fixed, term, False)))
                stack.append((high, (fixed, term, True)))
