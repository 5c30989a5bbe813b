"""From sets told by conditions to sets told by names: where the network is known, every test on its parameters is decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term
from ms_optim_lint.domain.sets import flag_of
from ms_optim_lint.domain.shapes import Params, Part
from ms_optim_lint.domain.values import PARAMETER, Class, Ext, Instance, Item, ListContent, Ref, Sym, Value, value_of
from ms_optim_lint.interpreter import attributes, layers, networks, replay
from ms_optim_lint.interpreter.cells import Owned, Unknown
from ms_optim_lint.interpreter.containers import CONTAINERS

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

#: One thing that an element can be: a parameter, or a cell with the condition under which it is there.
Candidate = Union[Owned, tuple[Ref, Condition]]
#: Larger networks are left to the conditions.
MAX_PARAMETERS = 1_500


class _Unknown(Exception):
    """A value that a test needs is not known."""


def expand(it: Interpreter, alternatives: tuple[Params, ...]) -> tuple[Params, ...]:
    """The same with each set written out, where every network in it is known in full; else unchanged."""
    if not (it.detailed or _worth_it(it, alternatives)):
        return alternatives
    expander = _Expander(it)
    try:
        return tuple(expander.params(params) for params in alternatives)
    except Unknown:
        return alternatives


def listed(it: Interpreter, parts: Iterable[Part]) -> Optional[list[Part]]:
    """The parameters of some sets one by one, in order, where the networks are known; None where they are not."""
    expander = _Expander(it)
    try:
        return [made for part in parts for made in expander.part(part)]
    except Unknown:
        return None


def items(it: Interpreter, content: ListContent) -> Optional[tuple[Item, ...]]:
    """The items of a list of parameters one by one, where the network is known and nothing is left undecided."""
    expander = _Expander(it)
    made: list[Item] = []
    try:
        for item in content.items:
            atom = item.value.single
            if not isinstance(atom, Sym) or atom.kind != PARAMETER or content.open:
                return None
            for part in expander.part(Part(atom.term, item.when, item.elements)):
                if part.when != ALWAYS:
                    return None
                made.append(Item(value_of(Sym(part.term, PARAMETER), item.value.origin)))
    except Unknown:
        return None
    return tuple(made)


def _worth_it(it: Interpreter, alternatives: tuple[Params, ...]) -> bool:
    """Whether there is anything to decide: one whole network in one list needs no names."""
    for params in alternatives:
        if params.kind == "groups":
            return True
        if params.kind == "list" and (len(params.parts) > 1 or any(len(_atoms(it, part)) > 1 for part in params.parts)):
            return True
        if params.kind == "list" and params.parts and params.parts[0].elements:
            part = params.parts[0]
            if any(t.op != "truthy" for t in _atoms(it, part)) or _may_hold_frozen(it, part):
                return True
    return False


def _may_hold_frozen(it: Interpreter, part: Part) -> bool:
    """Whether no test keeps out parameters that require no gradient."""
    element = part.elements[0]
    return _base(element).op == "parameters" and not it.logic.implies(
        part.when, it.logic.truthy(flag_of(it.logic, element))
    )


def _atoms(it: Interpreter, part: Part) -> frozenset[Term]:
    return it.logic.atoms(part.when)


def decided(it: Interpreter, condition: Condition, element: Term, candidate: Candidate) -> Condition:
    """A condition on an element for one thing that it can be: what is not known is left as it is."""
    return _Expander(it).decided(condition, element, candidate)


class _Expander:
    def __init__(self, it: Interpreter) -> None:
        self.it = it
        self.known: dict[Term, list[Candidate]] = {}
        self.left = 20_000

    def params(self, params: Params) -> Params:
        groups = []
        for group in params.groups:
            when = self.settled(group.when)
            if when != NEVER:
                inner = tuple(self.params(p) for p in group.params)
                groups.append(replace(group, when=when, params=inner, order=tuple(self.params(p) for p in group.order)))
        params = replace(params, when=self.settled(params.when), groups=tuple(groups))
        if params.kind not in ("list", "unknown") or not params.parts:
            return params
        if params.kind == "unknown":
            raise Unknown
        parts = tuple(made for part in params.parts for made in self.part(part))
        return replace(params, parts=parts)

    def settled(self, condition: Condition) -> Condition:
        """The condition with tests of whether a collection holds anything decided."""
        return self.it.logic.replaced(condition, self._settled)

    def _settled(self, term: Term) -> Condition:
        logic = self.it.logic
        base, when = term.args if len(term.args) == 2 else (None, None)
        if term.op == "some" and isinstance(base, Term) and isinstance(when, int):
            if base.op not in ("parameters", "cells"):
                return logic.atom(term)
            element = self.element(base, when)
            result = NEVER
            for candidate in self.candidates(base):
                here = candidate.when if isinstance(candidate, Owned) else candidate[1]
                result = logic.either(result, logic.both(here, self.decided(when, element, candidate)))
            return result
        return logic.atom(term)

    def element(self, base: Term, when: Condition) -> Term:
        """The element of a base that a condition speaks of."""
        found = next((e for t in self.it.logic.atoms(when) for e in t.elements if e.args[0] is base), None)
        return found if found is not None else self.it.logic.term("element", base, 0)

    def part(self, part: Part) -> Iterator[Part]:
        if not part.elements:
            if part.term.op != "parameter":
                raise Unknown
            yield replace(part, when=self.settled(part.when))
            return
        if len(part.elements) > 1:
            yield from self.of_cells(part)
            return
        element = part.elements[0]
        for candidate in self.candidates(_base(element)):
            self.left -= 1
            if self.left < 0:
                raise Unknown
            term = self.held(part.term, element, candidate)
            here = candidate.when if isinstance(candidate, Owned) else candidate[1]
            when = self.it.logic.both(here, self.decided(part.when, element, candidate))
            if when != NEVER:
                if term is None:
                    raise Unknown
                yield Part(term, when, (), part.location, True, *self.described(term, element, candidate))

    def of_cells(self, part: Part) -> Iterator[Part]:
        """The parameters of each cell of a network: ``for cell in cells: for p in cell.get_parameters()``."""
        element, logic = part.term, self.it.logic
        base = _base(element) if element.op == "element" else None
        cell = base.args[0] if base is not None and base.op == "parameters" else None
        if base is None or not isinstance(cell, Term) or set(part.elements) != {cell, element}:
            raise Unknown
        cells = _base(cell)
        if cells.op != "cells" or cells.args[1] is not base.args[1]:
            raise Unknown
        moment = self.it.moments.get(cells)
        net = networks.object_behind(self.it, cells.args[0])  # type: ignore[arg-type]
        known = self.candidates(cells)
        assert net is not None
        named = {one.term: one for one in replay.parameters(self.it, net, moment)}
        for candidate in known:
            assert not isinstance(candidate, Owned)
            here = self.decided(part.when, cell, candidate)
            if logic.both(here, candidate[1]) == NEVER:
                continue
            for inner in replay.parameters(self.it, candidate[0].obj, moment):
                self.left -= 1
                one = named.get(inner.term)
                if one is None or self.left < 0:
                    raise Unknown
                when = self.decided(self.decided(part.when, element, one), cell, candidate)
                when = logic.both(logic.both(when, candidate[1]), logic.both(inner.when, one.when))
                if when != NEVER:
                    yield Part(one.term, when, (), part.location, True, *self.described(one.term, element, one))

    def described(self, term: Term, element: Term, candidate: Candidate) -> tuple[str, Optional[bool]]:
        """The name of a parameter, and whether it requires a gradient."""
        if not isinstance(candidate, Owned):
            return "", None
        try:
            return candidate.name, bool(self.attribute("requires_grad", element, candidate))
        except _Unknown:
            return candidate.name, None

    def candidates(self, base: Term) -> list[Candidate]:
        """What the element of a base can be, in order."""
        found = self.known.get(base)
        if found is None:
            found = self.known[base] = list(self._candidates(base))
        return found

    def _candidates(self, base: Term) -> Iterable[Candidate]:
        if base.op not in ("parameters", "cells"):
            raise Unknown
        net, version = base.args
        assert isinstance(net, Term)
        assert isinstance(version, Term)
        obj = networks.object_behind(self.it, net)
        if obj is None or version.op != "version":
            raise Unknown
        moment = self.it.moments.get(base)
        if base.op == "parameters":
            owned = replay.parameters(self.it, obj, moment)
            if len(owned) > MAX_PARAMETERS:
                raise Unknown
            return list(owned)
        return list(replay.cells(self.it, obj, moment))

    def held(self, term: Term, element: Term, candidate: Candidate) -> Optional[Term]:
        """The parameter that a pattern means for one candidate; None where it means none."""
        if isinstance(candidate, Owned):
            return candidate.term if term is element else None
        if term.op == "attribute" and term.args[0] is element:
            found = layers.own_parameter(self.it, candidate[0], str(term.args[1]))
            if found is None:
                stored = self.it.state.get((candidate[0].obj, str(term.args[1])))
                found = stored if isinstance(stored, Value) else None
            atom = found.single if found is not None else None
            return atom.term if isinstance(atom, Sym) and atom.kind == "parameter" else None
        return None

    # Tests

    def decided(self, condition: Condition, element: Term, candidate: Candidate) -> Condition:
        """The condition for one candidate: its tests decided, what is not known left as it is."""
        logic = self.it.logic

        def one(term: Term) -> Condition:
            if element not in term.elements:
                return logic.atom(term)
            try:
                return self.test(term, element, candidate)
            except (_Unknown, TypeError, ValueError, IndexError):
                own = candidate.term if isinstance(candidate, Owned) else logic.term("cell", candidate[0].obj.number)
                name = logic.term("seen", own, _base(element).args[1])  # type: ignore[arg-type]
                return logic.atom(logic.substitute(term, element, name))

        return logic.replaced(condition, one)

    def test(self, term: Term, element: Term, candidate: Candidate) -> Condition:
        """One test of the candidate."""
        args = term.args
        if term.op == "member":
            return self.member(term, element, candidate)
        if term.op == "isinstance":
            return self.is_instance(args[1], element, candidate)
        if term.op == "truthy":
            return _condition(bool(self.value(args[0], element, candidate)))
        first, second = (self.value(arg, element, candidate) for arg in args[:2])
        if term.op == "contains":
            return _condition(second in first)  # type: ignore[operator]
        if term.op == "startswith":
            return _condition(str(first).startswith(str(second)))
        if term.op == "endswith":
            return _condition(str(first).endswith(str(second)))
        if term.op in ("equal", "same"):
            return _condition(first == second and type(first) is type(second))
        if term.op == "less":
            return _condition(first < second)  # type: ignore[operator]
        raise _Unknown

    def value(self, term: object, element: Term, candidate: Candidate) -> object:
        """A value computed from the candidate."""
        if not isinstance(term, Term):
            raise _Unknown
        if term is element:
            return candidate.term if isinstance(candidate, Owned) else candidate[0].obj
        if term.op == "parameter":
            return term
        if term.op == "constant":
            return term.args[1]
        if term.op == "attribute" and term.args[0] is element and isinstance(candidate, Owned):
            return self.attribute(str(term.args[1]), element, candidate)
        inner = self.value(term.args[0], element, candidate) if term.args else None
        if term.op == "id":
            return inner
        if term.op in ("lower", "upper", "strip", "casefold") and isinstance(inner, str):
            return getattr(inner, term.op)()
        if term.op in ("split", "rsplit") and isinstance(inner, str):
            return getattr(inner, term.op)(*(self.value(arg, element, candidate) for arg in term.args[1:]))
        if term.op == "item" and isinstance(inner, list):
            index = self.value(term.args[1], element, candidate)
            if not isinstance(index, int):
                raise _Unknown
            return inner[index]
        if term.op == "length":
            return inner if isinstance(inner, int) else len(inner)  # type: ignore[arg-type]
        if term.op == "find" and isinstance(inner, str):
            return inner.find(str(self.value(term.args[1], element, candidate)))
        raise _Unknown

    def attribute(self, name: str, element: Term, candidate: Owned) -> object:
        if name == "name":
            return candidate.name
        if name == "path":
            return candidate.path
        if name == "requires_grad" and candidate.requires_grad is not None:
            return candidate.requires_grad
        if name in ("ndim", "shape", "dim") and candidate.rank is not None:
            return candidate.rank  # the length of the shape: tests of single dimensions stay unknown
        raise _Unknown

    def member(self, term: Term, element: Term, candidate: Candidate) -> Condition:
        """``id(p) in ids``, ``p.name in names``, ``p in params``: among what another walk over a network has collected."""
        subject, base, when, of = term.args if len(term.args) == 4 else (None, None, None, None)
        if not isinstance(base, Term) or not isinstance(when, int) or not isinstance(of, Term):
            raise _Unknown
        wanted = self.value(subject, element, candidate)
        slot = self.it.logic.term("slot", 0)
        pattern = of.args[0]
        inner = self.element(base, when)
        assert isinstance(pattern, Term)
        seen = self.it.logic.substitute(pattern, slot, inner)
        result = NEVER
        for other in self.candidates(base):
            if isinstance(other, Owned):
                found: object = self.value(seen, inner, other)
            else:
                found = self.held(seen.args[0] if seen.op == "id" else seen, inner, other)  # type: ignore[arg-type]
            if found == wanted:
                here = other.when if isinstance(other, Owned) else other[1]
                holds = self.it.logic.both(here, self.decided(when, inner, other))
                result = self.it.logic.either(result, holds)
        return result

    def is_instance(self, type_: object, element: Term, candidate: Candidate) -> Condition:
        if isinstance(candidate, Owned) or not isinstance(type_, Term):
            raise _Unknown
        content = self.it.content(candidate[0])
        if not isinstance(content, Instance):
            raise _Unknown
        if type_.op == "external":
            return _condition(_comes_from(self.it, content, str(type_.args[0])))
        raise _Unknown


def _comes_from(it: Interpreter, content: Instance, name: str) -> bool:
    bases = attributes.external_bases(it, content.made)
    if isinstance(content.made, Class) and attributes.has_unknown_base(it, content.made):
        raise _Unknown
    if any(base.name == name for base in bases):
        return True
    if name in ("mindspore.nn.Cell", "builtins.object"):
        return True
    # One layer of MindSpore may come from another: only plain layers of one name are told apart with certainty.
    if name in CONTAINERS or not all(isinstance(b, Ext) and b.name.startswith("mindspore.nn.") for b in bases):
        raise _Unknown
    return False


def _condition(holds: object) -> Condition:
    return ALWAYS if holds else NEVER


def _base(element: Term) -> Term:
    base = element.args[0]
    assert isinstance(base, Term)
    return base
