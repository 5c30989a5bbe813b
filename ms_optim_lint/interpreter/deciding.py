"""Tests of names, ranks and ``requires_grad``, and of classes of cells, decided for one parameter or cell that is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term, base_of
from ms_optim_lint.domain.values import Class, Ext, Instance, Obj, Ref, Sym, Value
from ms_optim_lint.interpreter import classes, computing, layers, networks, replay
from ms_optim_lint.interpreter.cells import Owned, Placed, Unknown
from ms_optim_lint.interpreter.containers import CONTAINERS
from ms_optim_lint.interpreter.truth import term_of
from ms_optim_lint.records import record

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

#: One thing that an element can be.
Candidate = Union[Owned, Placed]
#: Larger networks are left to the conditions.
MAX_PARAMETERS = 1_500

_PLAIN = (str, int, float, bool, type(None), Term, Obj, list, tuple)
_LAYER_PARAMETERS = frozenset(("weight", "bias", "gamma", "beta"))


class NotKnown(Exception):
    """A value that a test needs is not known."""


@record(frozen=True)
class _Shape:
    """A shape of which the length is known."""

    rank: int


def condition(holds: object) -> Condition:
    """A truth that is known, as a condition."""
    return ALWAYS if holds else NEVER


class Decider:
    """Decides tests as far as the networks are known: each has to be known in full, unless ``in_part``."""

    def __init__(self, it: Interpreter, in_part: bool = False) -> None:
        self.it = it
        self.in_part = in_part
        #: bases that are known in part
        self.partly: set[Term] = set()
        self.known: dict[Term, Sequence[Candidate]] = {}
        self.collected: dict[tuple[object, ...], Union[dict[object, Condition], Exception]] = {}

    # What there is

    def candidates(self, base: Term) -> Sequence[Candidate]:
        """What the element of a base can be, in order."""
        found = self.known.get(base)
        if found is None:
            found = self.known[base] = self._candidates(base, base)
        return found

    def within(self, base: Term, element: Term, candidate: Candidate) -> Sequence[Candidate]:
        """The same, where the base is a part of the cell that ``element`` stands for."""
        if element not in base.elements:
            return self.candidates(base)
        if not isinstance(candidate, Placed):
            raise Unknown
        own = self.it.logic.substitute(base, element, term_of(self.it, candidate.ref))
        found = self.known.get(own)
        if found is None:
            found = self.known[own] = self._candidates(own, base)
        return found

    def _candidates(self, base: Term, asked: Term) -> Sequence[Candidate]:
        if base.op not in ("parameters", "cells", "children"):
            raise Unknown
        net, version = base.args
        assert isinstance(net, Term)
        assert isinstance(version, Term)
        obj = networks.object_behind(self.it, net)
        if obj is None or version.op != "version":
            raise Unknown
        moment = self.it.moments.get(asked)
        if base.op == "parameters":
            if self.is_bare(obj):
                return []
            try:
                owned = replay.parameters(self.it, obj, moment)
            except Unknown:
                if not self.in_part:
                    raise
                self.partly.add(base)
                owned = replay.sure_parameters(self.it, obj, moment)
            if len(owned) > MAX_PARAMETERS:
                raise Unknown
            return owned
        children = base.op == "children"
        try:
            return replay.cells(self.it, obj, moment, children)
        except Unknown:
            if not self.in_part:
                raise
            self.partly.add(base)
            return replay.cells(self.it, obj, moment, children, in_part=True)

    def is_bare(self, obj: Obj) -> bool:
        """Whether a cell is a layer of MindSpore that has no Parameters, such as ``nn.Flatten()``."""
        content = self.it.content(Ref(obj))
        if not isinstance(content, Instance) or not isinstance(content.made, Ext) or content.made.name in CONTAINERS:
            return False
        return layers.layer_rows(self.it, obj, content) == ()

    def element(self, base: Term, when: Condition) -> Term:
        """The element of a base that a condition speaks of."""
        found = next((e for t in self.it.logic.atoms(when) for e in t.elements if e.args[0] is base), None)
        return found if found is not None else self.it.logic.term("element", base, 0)

    def held(self, term: Term, element: Term, candidate: Candidate) -> Optional[Term]:
        """The parameter that a pattern means for one candidate; None where it means none."""
        if isinstance(candidate, Owned):
            return candidate.term if term is element else None
        if term.op == "attribute" and term.args[0] is element:
            found = layers.own_parameter(self.it, candidate.ref, str(term.args[1]))
            if found is None:
                stored = self.it.state.get((candidate.ref.obj, str(term.args[1])))
                found = stored if isinstance(stored, Value) else None
            atom = found.single if found is not None else None
            return atom.term if isinstance(atom, Sym) and atom.kind == "parameter" else None
        return None

    # Tests

    def decided(self, holds: Condition, element: Term, candidate: Candidate) -> Condition:
        """The condition for one candidate: its tests decided, what is not known left as it is."""
        logic = self.it.logic

        def one(term: Term) -> Condition:
            if element not in term.elements:
                return logic.atom(term)
            try:
                return self.test(term, element, candidate)
            except (NotKnown, computing.NotComputed, TypeError, ValueError, IndexError):
                own = candidate.term if isinstance(candidate, Owned) else logic.term("cell", candidate.ref.obj.number)
                version = base_of(element).args[-1]
                assert isinstance(version, Term)
                name = logic.term("seen", own, version)
                return logic.atom(logic.substitute(term, element, name))

        return logic.replaced(holds, one)

    def test(self, term: Term, element: Term, candidate: Candidate) -> Condition:
        """One test of the candidate."""
        args = term.args
        if term.op == "member":
            return self.member(term, element, candidate)
        if term.op == "isinstance":
            return self.is_instance(args[0], args[1], element, candidate)
        if term.op == "hasattr":
            return condition(self.has(str(args[1]), args[0], element, candidate))
        if term.op == "index":
            place = self.plain(args[0], element, candidate)
            if not isinstance(place, int) or place < 0:
                raise NotKnown
            return condition(place == args[1])
        if term.op == "truthy":
            return condition(self.plain(args[0], element, candidate))
        first: Any
        second: Any
        first, second = (self.plain(arg, element, candidate) for arg in args[:2])
        if term.op == "contains":
            return condition(second in first)
        if term.op in ("startswith", "endswith"):
            return condition(computing.method(first, term.op, [second]))
        if term.op in ("equal", "same"):
            return condition(first == second and type(first) is type(second))
        if term.op == "less":
            return condition(first < second)
        raise NotKnown

    def plain(self, term: object, element: Term, candidate: Candidate) -> object:
        """A value that can be compared."""
        found = self.value(term, element, candidate)
        if not isinstance(found, _PLAIN):
            raise NotKnown
        return found

    def value(self, term: object, element: Term, candidate: Candidate) -> object:
        """A value computed from the candidate."""
        if not isinstance(term, Term):
            raise NotKnown
        if term is element:
            return candidate.term if isinstance(candidate, Owned) else candidate.ref.obj
        if term.op == "parameter":
            return term
        if term.op == "constant":
            return term.args[1]
        if term.op == "attribute":
            return self.attribute(term, element, candidate)
        if term.op == "call":
            return self.call(term, element, candidate)
        if term.op == "condition" and isinstance(term.args[0], int):
            holds = self.decided(term.args[0], element, candidate)
            if holds not in (ALWAYS, NEVER):
                raise NotKnown
            return holds == ALWAYS
        if term.op == "binary":
            left, right = (self.value(arg, element, candidate) for arg in term.args[1:])
            return computing.calculated(str(term.args[0]), left, right)
        if term.op in ("external", "definition"):
            return term
        if term.op == "type" and term.args[0] is element and isinstance(candidate, Placed):
            return self.class_of(candidate)
        if term.op == "place":
            return self.place(term, element, candidate)
        if term.op == "length" and len(term.args) == 2:  # with the condition under which there is anything
            return self.length(self.value(term.args[1], element, candidate))
        inner, *given = (self.value(arg, element, candidate) for arg in term.args)
        if term.op == "id":
            return inner
        if term.op == "length":
            return self.length(inner)
        if term.op == "item" and isinstance(inner, (list, tuple, str)) and isinstance(given[0], int):
            return inner[given[0]]
        if term.op == "slice":
            return computing.sliced(inner, given)
        return computing.method(inner, term.op, given)

    def length(self, of: object) -> int:
        """``len(of)``; raises :class:`NotKnown`."""
        if isinstance(of, _Shape):
            return of.rank
        if not isinstance(of, (str, list, tuple)):
            raise NotKnown
        return len(of)

    def call(self, term: Term, element: Term, candidate: Candidate) -> object:
        """The result of a function of Python's, or of a method of a text."""
        function, *rest = term.args
        assert isinstance(function, Term)
        if function.op == "external":
            return computing.function(str(function.args[0]), [self.value(arg, element, candidate) for arg in rest])
        if function.op != "attribute" or not isinstance(function.args[0], Term):
            raise NotKnown
        owner, name = function.args[0], str(function.args[1])
        if name == "dim" and owner is element:
            return self.length(self.asked("shape", candidate))
        if owner.op == "call" and isinstance(owner.args[0], Term) and owner.args[0].args == ("re.compile",):
            pattern, *flags = (self.value(a, element, candidate) for a in owner.args[1:] if not _is_site(a))
            if flags:
                raise NotKnown
            return computing.matched(pattern, name, self.value(rest[0], element, candidate))
        text = self.value(owner, element, candidate)
        return computing.method(text, name, [self.value(arg, element, candidate) for arg in rest])

    def attribute(self, term: Term, element: Term, candidate: Candidate) -> object:
        """What ``owner.name`` is for the candidate; raises :class:`NotKnown`."""
        owner, name = term.args[0], str(term.args[1])
        if not isinstance(owner, Term):
            raise NotKnown
        if owner is element:
            return self.asked(name, candidate)
        if owner.op == "attribute" and owner.args[0] is element and owner.args[1] in ("data", "__class__"):
            if owner.args[1] == "data":
                return self.asked(name, candidate)
            if isinstance(candidate, Placed) and name == "__name__":
                return self.class_name(candidate)
        if owner.op == "type" and owner.args[0] is element and isinstance(candidate, Placed) and name == "__name__":
            return self.class_name(candidate)
        raise NotKnown

    def asked(self, name: str, candidate: Candidate) -> object:
        """An attribute of a parameter or cell."""
        if isinstance(candidate, Owned):
            if name == "name":
                return candidate.name
            if name == "path":
                return candidate.path
            if name == "requires_grad" and candidate.requires_grad is not None:
                return candidate.requires_grad
            if name == "shape" and candidate.rank is not None:
                return _Shape(candidate.rank)
            if name == "ndim" and candidate.rank is not None:
                return candidate.rank
            raise NotKnown
        if name == "__class__":
            return self.class_of(candidate)
        if name == "name" and candidate.path is not None:
            return candidate.path
        known = layers.property_of(self.it, candidate.ref, name)
        if known is not None:
            return known.value
        slot = self.it.logic.term("slot", 0)
        parameter = self.held(self.it.logic.term("attribute", slot, name), slot, candidate)
        if parameter is None:
            raise NotKnown
        return parameter

    def has(self, name: str, owner: object, element: Term, candidate: Candidate) -> bool:
        """``hasattr(cell, name)``."""
        if owner is not element or isinstance(candidate, Owned) or name not in _LAYER_PARAMETERS:
            raise NotKnown
        found = layers.has_parameter(self.it, candidate.ref, name)
        if found is None:
            raise NotKnown
        return found

    def place(self, term: Term, element: Term, candidate: Candidate) -> int:
        """How many of the base's parameters for which a condition holds come before this one."""
        own, when = term.args
        if own is not element or not isinstance(when, int) or base_of(element) in self.partly:
            raise NotKnown
        count = 0
        for other in self.candidates(base_of(element)):
            if (
                other is candidate
                or isinstance(other, Owned)
                and isinstance(candidate, Owned)
                and other.term is candidate.term
            ):
                return count
            there = self.decided(when, element, other)
            if other.when != ALWAYS or there not in (ALWAYS, NEVER):
                raise NotKnown
            count += there == ALWAYS
        raise NotKnown

    # Among others

    def member(self, term: Term, element: Term, candidate: Candidate) -> Condition:
        """``id(p) in ids``, ``p.name in names``, ``p in params``: among what another walk over a network has collected."""
        subject, *bases, when, of = term.args
        if not isinstance(when, int) or not isinstance(of, Term) or not isinstance(of.args[0], Term):
            raise NotKnown
        wanted = self.plain(subject, element, candidate)
        key = term.args[1:]
        found = self.collected.get(key)
        if found is None:
            try:
                found = self._collected([base for base in bases if isinstance(base, Term)], when, of.args[0])
            except (NotKnown, computing.NotComputed, TypeError, ValueError, IndexError) as error:
                found = error
            self.collected[key] = found
        if isinstance(found, Exception):
            raise found
        holds = found.get(_exactly(wanted), NEVER)
        if holds != ALWAYS and self.partly.intersection(bases):
            if len(bases) > 1 or bases[0] is not base_of(element) or not _tells_apart(of.args[0]):
                raise NotKnown  # one that is not seen may have been collected
        return holds

    def _collected(self, bases: list[Term], when: Condition, seen: Term) -> dict[object, Condition]:
        """What such a walk has collected, and when each is there. That is the same for all that are looked for."""
        logic = self.it.logic
        inner = [self.element(base, when) for base in bases]
        for number, one in enumerate(inner):
            seen = logic.substitute(seen, logic.term("slot", number), one)
        result: dict[object, Condition] = {}
        for found in self.choices(inner):
            holds = self.chosen(when, found)
            if holds != NEVER:
                value = _exactly(self.seen(seen, found))
                result[value] = logic.either(result.get(value, NEVER), holds)
        return result

    def choices(self, elements: list[Term]) -> Iterator[list[tuple[Term, Candidate]]]:
        """What one or two elements can be together, the second one a part of the first."""
        if len(elements) not in (1, 2):
            raise Unknown
        for first in self.candidates(base_of(elements[0])):
            if len(elements) == 1:
                yield [(elements[0], first)]
                continue
            for second in self.within(base_of(elements[1]), elements[0], first):
                yield [(elements[0], first), (elements[1], second)]

    def chosen(self, when: Condition, found: list[tuple[Term, Candidate]]) -> Condition:
        """The condition where the elements are these candidates."""
        for element, candidate in reversed(found):
            when = self.it.logic.both(candidate.when, self.decided(when, element, candidate))
        return when

    def seen(self, seen: Term, found: list[tuple[Term, Candidate]]) -> object:
        """What is collected of these candidates."""
        element, candidate = found[-1]
        by_id = seen.op == "id" and isinstance(seen.args[0], Term)
        pattern = seen.args[0] if by_id else seen
        assert isinstance(pattern, Term)
        if isinstance(candidate, Placed) and pattern.op == "attribute" and pattern.args[0] is element:
            parameter = self.held(pattern, element, candidate)
            if parameter is not None:
                return parameter
        return self.plain(seen, element, candidate)

    # Classes

    def class_of(self, candidate: Placed) -> Term:
        """The class of a cell, as a term."""
        content = self.it.content(candidate.ref)
        if not isinstance(content, Instance):
            raise NotKnown
        return term_of(self.it, content.made)

    def class_name(self, candidate: Placed) -> str:
        """The name of a cell's class."""
        content = self.it.content(candidate.ref)
        if not isinstance(content, Instance):
            raise NotKnown
        return content.made.node.name if isinstance(content.made, Class) else content.made.name.rpartition(".")[2]

    def is_instance(self, subject: object, type_: object, element: Term, candidate: Candidate) -> Condition:
        """``isinstance(subject, type_)`` where the subject is the candidate itself; raises :class:`NotKnown`."""
        if subject is not element or isinstance(candidate, Owned) or not isinstance(type_, Term):
            raise NotKnown
        content = self.it.content(candidate.ref)
        if not isinstance(content, Instance):
            raise NotKnown
        if type_.op == "external":
            return condition(_comes_from(self.it, content, str(type_.args[0])))
        if type_.op == "definition" and isinstance(type_.args[0], int):
            return condition(_is_derived(self.it, content.made, type_.args[0]))
        raise NotKnown


def _tells_apart(seen: Term) -> bool:
    """Whether what is collected of a parameter is that of no other one: itself, its ``id`` or its name."""
    if seen.op == "id" and isinstance(seen.args[0], Term):
        seen = seen.args[0]
    if seen.op == "attribute" and seen.args[1] == "name" and isinstance(seen.args[0], Term):
        seen = seen.args[0]
    return seen.op in ("slot", "element")


def _exactly(value: object) -> tuple[type, object]:
    """A key that is equal for equal values of one type only."""
    return type(value), _hashable(value)


def _hashable(value: object) -> object:
    return (type(value), *map(_hashable, value)) if isinstance(value, (list, tuple)) else value


def _is_site(term: object) -> bool:
    """Whether it only says where a call is made."""
    return isinstance(term, Term) and term.op == "site"


def _comes_from(it: Interpreter, content: Instance, name: str) -> bool:
    bases = classes.external_bases(it, content.made)
    if isinstance(content.made, Class) and classes.has_unknown_base(it, content.made):
        raise NotKnown
    if any(base.name == name for base in bases):
        return True
    if name in ("mindspore.nn.Cell", "builtins.object"):
        return True
    # One layer of MindSpore may come from another: only plain layers of one name are told apart with certainty.
    if name in CONTAINERS or not all(isinstance(b, Ext) and b.name.startswith("mindspore.nn.") for b in bases):
        raise NotKnown
    return False


def _is_derived(it: Interpreter, made: object, number: int, depth: int = 0) -> bool:
    """Whether a class is the one that is defined at the node of that number, or comes from it."""
    if isinstance(made, Ext):
        return False
    if not isinstance(made, Class) or depth > 8:
        raise NotKnown
    return it.number(made.node) == number or any(
        _is_derived(it, base, number, depth + 1) for base in classes.bases_of(it, made)
    )
