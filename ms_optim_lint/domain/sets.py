"""Sets of parameters: is one empty, is one inside another. Each question is answered only where the answer is certain.

A set is a tuple of :class:`~ms_optim_lint.domain.shapes.Part`. What a part holds is a condition over its element, so that
"is it empty" is "can the condition hold", asked of the diagram first and then of what is known about texts: no name that
contains ``'conv1'`` lacks ``'conv'``.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Optional

from ms_optim_lint.domain.logic import NEVER, Condition, Logic, Term, TooComplex, base_of
from ms_optim_lint.domain.shapes import Params, Part
from ms_optim_lint.records import replace

#: More ways than this to satisfy a condition are not looked at.
_MAX_CUBES = 256


def possible(logic: Logic, condition: Condition) -> bool:
    """Whether the condition can hold, by all that is known about texts. True where that is not known."""
    if condition == NEVER:
        return False
    found = logic.can_hold.get(condition)
    if found is None:
        cubes = itertools.islice(logic.cubes(condition), _MAX_CUBES + 1)
        found = any(number == _MAX_CUBES or _consistent(cube) for number, cube in enumerate(cubes))
        logic.can_hold[condition] = found
    return found


#: What is made of a text, by the operation of the term.
_MADE_OF_TEXTS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "casefold": str.casefold,
    "strip": str.strip,
}


def _consistent(cube: dict[Term, bool]) -> bool:
    """Whether one way to satisfy a condition does not contradict itself in what it says of a text."""
    subjects: dict[Term, list[tuple[str, str, bool]]] = {}
    for atom, holds in cube.items():
        found = _text_test(atom)
        if found is not None:
            subject, test, word = found
            subjects.setdefault(subject, []).append((test, word, holds))
    for subject, tests in list(subjects.items()):
        lowered = next((s for s in subjects if s.op in ("lower", "casefold") and s.args[0] is subject), None)
        if lowered is not None:
            # What a text contains, its lower-case form contains in lower case.
            subjects[lowered] = subjects[lowered] + [
                (test, word.lower(), True) for test, word, holds in tests if holds and test != "equal"
            ]
    texts = {s: word for s, tests in subjects.items() for test, word, holds in tests if test == "equal" and holds}
    for subject, tests in subjects.items():
        made = _made_of(subject, texts)
        if made is not None:
            tests.append(("equal", made, True))
        elif subject in texts and any(
            ("equal", texts[subject], False) in subjects.get(base, ()) for base in _bases(subject)
        ):
            return False  # only for who writes it with other letters than the program does
    return all(_texts_agree(tests) for tests in subjects.values())


def _bases(subject: Term) -> Iterator[Term]:
    """What ``name.strip().lower()`` and the like are made of, outermost first."""
    while subject.op in _MADE_OF_TEXTS and isinstance(subject.args[0], Term):
        subject = subject.args[0]
        yield subject


def _made_of(subject: Term, texts: dict[Term, str]) -> Optional[str]:
    """What ``name.lower()`` and the like is, where ``name`` is one of the texts."""
    operations = [subject.op]
    for base in _bases(subject):
        if base in texts:
            return functools.reduce(lambda text, op: _MADE_OF_TEXTS[op](text), reversed(operations), texts[base])
        operations.append(base.op)
    return None


def _text_test(atom: Term) -> Optional[tuple[Term, str, str]]:
    """A test of a text against a constant: (text, ``contains``/``startswith``/``endswith``/``equal``, word)."""
    if atom.op in ("contains", "startswith", "endswith", "equal") and len(atom.args) == 2:
        subject, word = atom.args
        if isinstance(subject, Term) and isinstance(word, Term) and word.op == "constant":
            if isinstance(word.args[1], str):
                return subject, atom.op, word.args[1]
    return None


def _texts_agree(tests: list[tuple[str, str, bool]]) -> bool:
    equal = [word for test, word, holds in tests if test == "equal" and holds]
    if equal:
        text = equal[0]
        checks = {
            "equal": str.__eq__,
            "contains": str.__contains__,
            "startswith": str.startswith,
            "endswith": str.endswith,
        }
        return all(bool(checks[test](text, word)) == holds for test, word, holds in tests)
    for (one, word, holds), (other, without, lacks) in itertools.permutations(tests, 2):
        if not holds:
            continue
        if lacks:
            # Two beginnings, or two ends, of one text: one goes on from the other.
            if one == other == "startswith" and not (word.startswith(without) or without.startswith(word)):
                return False
            if one == other == "endswith" and not (word.endswith(without) or without.endswith(word)):
                return False
            continue
        implied = (
            (other == "contains" and without in word)
            or (other == one == "startswith" and word.startswith(without))
            or (other == one == "endswith" and word.endswith(without))
        )
        if implied:
            return False
    return True


def parts_of(logic: Logic, alternatives: Iterable[Params], given: Condition) -> Optional[tuple[Part, ...]]:
    """All that the alternatives of a ``params`` hold together where ``given`` does, each part under its alternative's condition;
    None where something of it is not known."""
    found: list[Part] = []
    for params in alternatives:
        if not logic.meet(params.when, given):
            continue
        if params.kind == "unknown" and params.parts:
            found.extend(_under(logic, part, params.when) for part in params.parts)
            continue
        if params.kind != "list" or params.open or params.wrong:
            return None
        found.extend(_under(logic, part, params.when) for part in params.parts)
    return tuple(found)


def _under(logic: Logic, part: Part, when: Condition) -> Part:
    return replace(part, when=logic.both(part.when, when))


def is_empty(logic: Logic, parts: Iterable[Part], given: Condition) -> bool:
    """Whether the set is certainly empty wherever ``given`` holds."""
    return all(not possible(logic, logic.both(part.when, given)) for part in parts)


def contains(logic: Logic, outer: Iterable[Part], inner: Iterable[Part], given: Condition) -> bool:
    """Whether every parameter of ``inner`` is certainly in ``outer`` wherever ``given`` holds, and ``inner`` is not
    certainly empty there."""
    outer = tuple(outer)
    singles = _singles(logic, outer)
    families = [part for part in outer if part.elements]
    some = False
    try:
        for part in inner:
            here = logic.both(part.when, given)
            if not possible(logic, here):
                continue
            some = True
            cover = singles.get(part.term, NEVER) if not part.elements else NEVER
            for other in families:
                cover = logic.either(cover, _covered(logic, other, part))
            if possible(logic, logic.both(here, logic.no(cover))):
                return False
    except TooComplex:
        return False
    return some


def _singles(logic: Logic, parts: Iterable[Part]) -> dict[Term, Condition]:
    """When each single parameter is there; of two branches each may bring it."""
    found: dict[Term, Condition] = {}
    for part in parts:
        if not part.elements:
            found[part.term] = logic.either(found.get(part.term, NEVER), part.when)
    return found


def overlap(logic: Logic, first: tuple[Part, ...], second: tuple[Part, ...], given: Condition) -> bool:
    """Whether the two certainly share a parameter wherever ``given`` holds, unless one of them is empty, which is an error of
    its own."""
    if contains(logic, first, second, given) or contains(logic, second, first, given):
        return True
    if not any(part.elements for part in (*first, *second)):
        return share(logic, first, second, given)
    for one, other in ((first, second), (second, first)):
        for part in one:
            if certainly_there(logic, part, given) and contains(logic, other, (part,), given):
                return True
    return False


def share(logic: Logic, first: tuple[Part, ...], second: tuple[Part, ...], given: Condition) -> bool:
    """Whether some single parameter is certainly in both wherever ``given`` holds."""
    mine, theirs = _singles(logic, first), _singles(logic, second)
    return any(term in mine and logic.implies(given, logic.both(when, mine[term])) for term, when in theirs.items())


def repeated(logic: Logic, parts: tuple[Part, ...], given: Condition) -> bool:
    """Whether some parameter is certainly there twice wherever ``given`` holds."""
    singles: dict[Term, Condition] = {}
    families: list[Part] = []
    for part in parts:
        if part.elements:
            if any(_shared(logic, part, other, given) for other in families):
                return True
            families.append(part)
        else:
            if part.term in singles and logic.implies(given, logic.both(part.when, singles[part.term])):
                return True
            singles.setdefault(part.term, part.when)
    return any(_shared(logic, Part(term, when), family, given) for term, when in singles.items() for family in families)


def _shared(logic: Logic, one: Part, other: Part, given: Condition) -> bool:
    """Whether one of the two is certainly there, and inside the other."""
    return any(
        certainly_there(logic, inner, given) and contains(logic, (outer,), (inner,), given)
        for inner, outer in ((one, other), (other, one))
    )


def certainly_there(logic: Logic, part: Part, given: Condition) -> bool:
    """Whether the part holds a parameter wherever ``given`` holds: one parameter, or all (trainable ones) of a network."""
    if not part.elements:
        return logic.implies(given, part.when)
    if len(part.elements) > 1 or part.term is not part.elements[0] or base_of(part.elements[0]).op != "parameters":
        return False
    flag = logic.truthy(flag_of(logic, part.elements[0]))
    return logic.implies(logic.both(given, flag), part.when)


def flag_of(logic: Logic, element: Term) -> Term:
    """``requires_grad`` of an element."""
    return logic.term("attribute", element, "requires_grad")


def _covered(logic: Logic, outer: Part, inner: Part) -> Condition:
    """The condition, in the inner part's elements, under which the outer part holds the inner's parameter."""
    if outer.term is inner.term:
        return _same_elements(outer, inner)
    if len(outer.elements) != len(inner.elements):
        return NEVER
    term, when = outer.term, outer.when
    for mine, theirs in zip(outer.elements, inner.elements):
        if not _within(base_of(theirs), base_of(mine)):
            return NEVER
        if mine is not theirs:
            term = logic.substitute(term, mine, theirs)
            when = logic.rename(when, mine, theirs)
    return when if term is inner.term else NEVER


def _same_elements(outer: Part, inner: Part) -> Condition:
    if set(outer.elements) == set(inner.elements):
        return outer.when
    # One names an element that the other leaves open: a list built inside a loop.
    return NEVER


def _within(inner: Term, outer: Term) -> bool:
    """Whether all elements of ``inner`` are elements of ``outer``: the same base, or the network and a part of it."""
    if inner is outer:
        return True
    if inner.op == outer.op == "parameters" and inner.args[1] is outer.args[1]:
        net = inner.args[0]
        while isinstance(net, Term):
            if net is outer.args[0]:
                return True
            net = net.args[0] if net.op == "attribute" else None
    return False
