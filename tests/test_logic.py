"""Conditions and sets of parameters, against brute force."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Logic, Term, TooComplex
from ms_optim_lint.domain.sets import contains, is_empty, overlap, possible
from ms_optim_lint.domain.shapes import Part

WORDS = ("a", "b", "ab", "ba", "aab")
NAMES = ["".join(letters) for length in range(6) for letters in itertools.product("ab", repeat=length)]


class Formula:
    """A random formula as a condition and as a function of a name."""

    condition: int
    holds: Callable[[str], bool]

    def __init__(self, logic: Logic, element: Term, chance: random.Random, depth: int) -> None:
        name = logic.term("attribute", element, "name")
        kind = chance.choice(("test", "test", "and", "or", "not")) if depth else "test"
        if kind == "test":
            word, how = chance.choice(WORDS), chance.choice(("contains", "startswith", "endswith", "equal"))
            if how == "equal":
                self.condition = logic.equals(name, logic.constant(word))
            else:
                self.condition = logic.atom(logic.term(how, name, logic.constant(word)))
            self.holds = {
                "contains": lambda text: word in text,
                "startswith": lambda text: text.startswith(word),
                "endswith": lambda text: text.endswith(word),
                "equal": lambda text: text == word,
            }[how]
        elif kind == "not":
            inner = Formula(logic, element, chance, depth - 1)
            self.condition = logic.no(inner.condition)
            self.holds = lambda text: not inner.holds(text)
        else:
            one, other = (Formula(logic, element, chance, depth - 1) for _ in range(2))
            both = kind == "and"
            self.condition = (logic.both if both else logic.either)(one.condition, other.condition)
            self.holds = lambda text: (
                one.holds(text) and other.holds(text) if both else one.holds(text) or other.holds(text)
            )


def element_of(logic: Logic) -> Term:
    return logic.term("element", logic.term("parameters", logic.term("name", "net"), logic.term("version", 0)), 0)


@pytest.mark.parametrize("seed", range(300))
def test_answers_are_never_wrong(seed: int) -> None:
    logic = Logic()
    element = element_of(logic)
    chance = random.Random(seed)
    one, other = (Formula(logic, element, chance, 3) for _ in range(2))
    kept = [{name for name in NAMES if formula.holds(name)} for formula in (one, other)]
    parts = [(Part(element, formula.condition, (element,)),) for formula in (one, other)]
    if is_empty(logic, parts[0], ALWAYS):
        assert not kept[0]
    if not possible(logic, logic.both(one.condition, other.condition)):
        assert not kept[0] & kept[1]
    if contains(logic, parts[0], parts[1], ALWAYS):
        assert kept[1] <= kept[0]
    if overlap(logic, parts[0], parts[1], ALWAYS) and kept[0] and kept[1]:
        assert kept[0] & kept[1]


def test_complementary_filters_do_not_overlap_and_cover() -> None:
    logic = Logic()
    element = element_of(logic)
    bias = logic.atom(logic.term("contains", logic.term("attribute", element, "name"), logic.constant("bias")))
    with_bias = (Part(element, bias, (element,)),)
    without = (Part(element, logic.no(bias), (element,)),)
    everything = (Part(element, ALWAYS, (element,)),)
    assert not overlap(logic, with_bias, without, ALWAYS)
    assert contains(logic, everything, with_bias, ALWAYS)
    assert contains(logic, with_bias + without, everything, ALWAYS)
    assert not contains(logic, with_bias, everything, ALWAYS)


def test_a_part_of_a_network_is_inside_it() -> None:
    logic = Logic()
    net, version = logic.term("name", "net"), logic.term("version", 0)
    whole = logic.term("element", logic.term("parameters", net, version), 0)
    body = logic.term("element", logic.term("parameters", logic.term("attribute", net, "body"), version), 0)
    assert contains(logic, (Part(whole, ALWAYS, (whole,)),), (Part(body, ALWAYS, (body,)),), ALWAYS)
    assert not contains(logic, (Part(body, ALWAYS, (body,)),), (Part(whole, ALWAYS, (whole,)),), ALWAYS)


def test_equalities_of_one_subject_exclude_each_other() -> None:
    logic = Logic()
    subject = logic.term("name", "opt")
    sgd, adam = (logic.equals(subject, logic.constant(word)) for word in ("sgd", "adam"))
    assert logic.both(sgd, adam) == NEVER
    assert logic.both(sgd, logic.no(adam)) == sgd
    assert logic.equals(subject, logic.constant(1)) != logic.equals(subject, logic.constant(True))


def test_formulas_are_bounded() -> None:
    logic = Logic()

    def grow() -> None:
        result = NEVER
        for number in range(4_000):
            result = logic.either(result, logic.atom(logic.term("name", number)))

    with pytest.raises(TooComplex):
        grow()


def test_terms_that_double_are_bounded() -> None:
    logic = Logic()
    term = logic.term("element", logic.term("name", "rows"), 0)
    old = term
    for _ in range(200):
        term = logic.term("call", term, term)
    assert term is logic.substitute(logic.substitute(term, old, old), old, old)
    assert len(repr(term)) < 200
