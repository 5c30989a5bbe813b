"""From sets told by conditions to sets told by names: where the network is known, every test on its parameters is decided."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term, base_of
from ms_optim_lint.domain.sets import contains, flag_of, possible
from ms_optim_lint.domain.shapes import Params, Part
from ms_optim_lint.domain.values import (
    PARAMETER,
    REVERSED,
    UNORDERED,
    Item,
    ListContent,
    Sym,
    value_of,
)
from ms_optim_lint.interpreter.cells import Owned, Unknown
from ms_optim_lint.interpreter.deciding import Candidate, Decider
from ms_optim_lint.records import NamedTuple, replace

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


class Listed(NamedTuple):
    """Sets of parameters one by one, and the networks' parameters that they were found among."""

    of: dict[Term, Sequence[Candidate]]
    parts: Optional[list[Part]]


def expand(it: Interpreter, alternatives: tuple[Params, ...]) -> tuple[Params, ...]:
    """The same with each set written out, where every network in it is known in full; else unchanged."""
    if not (it.detailed or _worth_it(it, alternatives)):
        return alternatives
    expander = _Expander(it)
    try:
        return tuple(expander.params(params) for params in alternatives)
    except Unknown:
        return alternatives


def in_part(it: Interpreter, alternatives: tuple[Params, ...]) -> tuple[Params, ...]:
    """The same with each set reduced to those of its parameters that are certainly known, where networks are known in part: of
    these, all tests are decided. Nothing where that says nothing, or can show nothing wrong."""
    if not (it.detailed or _worth_it(it, alternatives) and any(_may_be_wrong(it, one) for one in alternatives)):
        return ()
    expander = _Expander(it, in_part=True)
    try:
        found = tuple(expander.params(params) for params in alternatives)
    except Unknown:
        return ()
    return found if any(expander.known.values()) else ()


def settled(it: Interpreter, condition: Condition) -> Condition:
    """A condition with tests of whether a set of parameters holds anything decided, where the network is known in full."""
    try:
        return _Expander(it).settled(condition)
    except Unknown:
        return condition


def listed(it: Interpreter, parts: Iterable[Part]) -> Optional[list[Part]]:
    """The parameters of some sets one by one, in order, where the networks are known; None where they are not."""
    parts = tuple(parts)
    expander = _Expander(it)
    remembered = it.listed.setdefault(parts, [])
    try:
        for known in remembered:
            if all(_is_same(expander.candidates(base), then) for base, then in known.of.items()):
                return known.parts
        made: Optional[list[Part]] = list(expander.parts(parts))
    except Unknown:
        return None
    if made is not None and any(part.row == UNORDERED for part in made):
        made = None
    if all(base.op == "parameters" for base in expander.known):  # cells are asked for more than what is known here
        remembered.append(Listed(expander.known, made))
    return made


def _is_same(now: Sequence[Candidate], then: Sequence[Candidate]) -> bool:
    return now is then or not now and not then


def items(it: Interpreter, content: ListContent) -> Optional[tuple[Item, ...]]:
    """The items of a list of parameters one by one, where the network is known and nothing is left undecided."""
    found = named_items(it, content)
    return None if found is None else tuple(item for item, _ in found)


def named_items(it: Interpreter, content: ListContent) -> Optional[list[tuple[Item, str]]]:
    """The same with the names that the parameters have now, where these are known."""
    expander = _Expander(it)
    parts: list[Part] = []
    for item in content.items:
        atom = item.value.single
        if not isinstance(atom, Sym) or atom.kind != PARAMETER or content.open or item.row == UNORDERED:
            return None
        parts.append(Part(atom.term, item.when, item.elements, row=item.row))
    made: list[tuple[Item, str]] = []
    origin = content.items[0].value.origin if content.items else None
    try:
        for part in expander.parts(parts):
            if part.when != ALWAYS:
                return None
            made.append((Item(value_of(Sym(part.term, PARAMETER), origin)), part.name))
    except Unknown:
        return None
    return made


def _worth_it(it: Interpreter, alternatives: tuple[Params, ...]) -> bool:
    """Whether there is anything to decide: one whole network in one list needs no names."""
    for params in alternatives:
        if params.kind == "groups":
            return True
        if params.kind == "list" and (len(params.parts) > 1 or any(len(_atoms(it, part)) > 1 for part in params.parts)):
            return True
        if params.kind == "list" and params.parts and params.parts[0].elements:
            part = params.parts[0]
            if len(part.elements) > 1:
                return True
            if any(t.op != "truthy" for t in _atoms(it, part)) or _may_hold_frozen(it, part):
                return True
            if it.freezes and base_of(part.elements[0]).op == "parameters":
                return True
    return False


def _may_be_wrong(it: Interpreter, params: Params) -> bool:
    """Whether some of its parameters can be in two groups, frozen, called alike, or missing in the order: most often the groups
    are one set and the rest."""
    if it.project.settings.preview:
        return True  # which norms are decayed, and what no group holds
    lists = [params.parts, *([part for inner in group.params for part in inner.parts] for group in params.groups)]
    parts = [part for found in lists for part in found]
    bases = {element.args[0] for part in parts for element in part.elements}
    if len(bases) > 1 or any(not part.elements or _may_hold_frozen(it, part) for part in parts):
        return True
    if any(not _apart(it, one, other) for one, other in itertools.combinations(parts, 2)):
        return True
    orders = [part for group in params.groups for inner in group.order for part in inner.parts]
    return bool(orders) and not (
        contains(it.logic, parts, orders, it.state.reached) and contains(it.logic, orders, parts, it.state.reached)
    )


def _apart(it: Interpreter, one: Part, other: Part) -> bool:
    """Whether two parts of one set certainly have no parameter in common."""
    return one.term is other.term and not possible(it.logic, it.logic.both(one.when, other.when))


def _may_hold_frozen(it: Interpreter, part: Part) -> bool:
    """Whether no test keeps out parameters that require no gradient."""
    element = part.elements[0]
    return base_of(element).op == "parameters" and not it.logic.implies(
        part.when, it.logic.truthy(flag_of(it.logic, element))
    )


def _atoms(it: Interpreter, part: Part) -> frozenset[Term]:
    return it.logic.atoms(part.when)


def decided(it: Interpreter, condition: Condition, element: Term, candidate: Candidate) -> Condition:
    """A condition on an element for one thing that it can be: what is not known is left as it is."""
    return Decider(it).decided(condition, element, candidate)


class _Expander(Decider):
    def __init__(self, it: Interpreter, in_part: bool = False) -> None:
        super().__init__(it, in_part)
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
        return replace(params, parts=tuple(self.parts(params.parts)), in_part=self.in_part)

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
                result = logic.either(result, logic.both(candidate.when, self.decided(when, element, candidate)))
            return logic.either(result, logic.atom(term)) if base in self.partly else result
        return logic.atom(term)

    def parts(self, parts: Iterable[Part]) -> Iterator[Part]:
        """All parameters of some parts, in the order in which they are given."""
        for together in _rows(parts):
            first = together[0]
            if not first.elements:
                if first.term.op != "parameter" or len(together) > 1:
                    raise Unknown
                yield replace(first, when=self.settled(first.when))
                continue
            turned = first.row == REVERSED and len(first.elements) == 1
            for chosen in reversed(list(self.passes(together))) if turned else self.passes(together):
                for part in together:
                    made = self.part(part, chosen)
                    if made is not None:
                        yield made

    def passes(self, together: list[Part]) -> Iterator[list[tuple[Term, Candidate]]]:
        """What the elements of some parts can be, in the order of the loop. Parts of one row that is made by a loop in a loop
        have the outer element only in common: their order is not known."""
        elements = together[0].elements
        if any(part.elements != elements for part in together):
            raise Unknown
        return self.choices(list(elements))

    def part(self, part: Part, chosen: list[tuple[Term, Candidate]]) -> Optional[Part]:
        """The parameter of a part for what its elements are, if there is one."""
        self.left -= 1
        if self.left < 0:
            raise Unknown
        element, candidate = chosen[-1]
        term = self.held(part.term, element, candidate)
        when = self.chosen(part.when, chosen)
        if when == NEVER:
            return None
        if term is None:
            raise Unknown
        unordered = part.row == UNORDERED or part.row == REVERSED and len(chosen) > 1
        row = UNORDERED if unordered or self.partly else 0
        owned = candidate if isinstance(candidate, Owned) else None
        name, trained = (owned.name, owned.requires_grad) if owned is not None else ("", None)
        return Part(term, when, (), part.location, True, name, trained, row)


def _rows(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """The parts that are of one row together, the others one by one."""
    for row, found in itertools.groupby(parts, lambda part: part.row):
        if row > 0:
            yield list(found)
        else:
            yield from ([part] for part in found)
