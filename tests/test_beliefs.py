"""Programs in plain Python, written at random: what the linter believes of their optimizers is what Python gives these.

A belief may be unknown, or one of several possibilities, but what happens must be among them. ``MSO_PROGRAMS=5000`` tries more
programs. What was found so is in ``beliefs/found.py``, each in a few lines.
"""

from __future__ import annotations

import os
import random
import sys
from textwrap import dedent

import pytest
from beliefs import compare, grammar, plain
from beliefs.found import FOUND

PROGRAMS = int(os.environ.get("MSO_PROGRAMS", "48"))


def works(text: str) -> bool:
    return plain.outcomes(text, grammar.SETTINGS) is not None


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_what_is_believed_is_so(seed: int) -> None:
    chance = random.Random(f"belief {seed}")
    text = grammar.program(chance, works, size=1 + seed % 4)
    runs = plain.outcomes(text, grammar.SETTINGS)
    assert runs is not None
    assert not compare.contradictions(text, runs), text


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found(name: str) -> None:
    text = grammar.HEAD + dedent(FOUND[name])
    if "match " in text and sys.version_info < (3, 10):
        pytest.skip("match came with Python 3.10")
    runs = plain.outcomes(text, grammar.SETTINGS)
    assert runs is not None
    assert len(runs[-1]) == 2, "the optimizer of all parameters, and that of the program"
    assert not compare.contradictions(text, runs)


def test_much_is_known() -> None:
    """An answer of "unknown" is never wrong, and no use."""
    known = asked = 0
    for seed in range(20):
        text = grammar.program(random.Random(f"known {seed}"), works, size=1)
        said = compare.beliefs(text)
        names = compare.known_names(said.facts)
        for facts in said.facts.values():
            asked += len(facts)
            known += sum(compare.is_known(fact, names) for fact in facts)
    # Without ``match``, before Python 3.10, the programs are others, in which a little less is known.
    assert known >= (0.9 if sys.version_info >= (3, 10) else 0.85) * asked, f"{known} of {asked}"
