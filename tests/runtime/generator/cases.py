"""Programs in pairs: one with a mistake, and its right twin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from runtime.generator.mistakes import Mistake, load
from runtime.generator.sketch import Program, right_sketch


@dataclass(frozen=True)
class Case:
    """One mistake by one detour. ``seed`` makes it again."""

    mistake: Mistake
    detour: str
    seed: str
    wrong: Program
    right: Program


def case(mistake: Mistake, detour: str, number: int) -> Case:
    """The case with this number: always the same."""
    seed = f"{mistake.name}/{detour}/{number}"
    programs = []
    for wrong in (True, False):
        sketch = right_sketch(Random(seed))
        mistake.make(sketch, detour, wrong)
        programs.append(sketch.write())
    return Case(mistake, detour, seed, *programs)


def cases(of_each: int, start: int = 0) -> Iterator[Case]:
    """``of_each`` cases for every mistake and every detour that makes sense for it."""
    for number in range(start, start + of_each):
        for mistake in load().values():
            for detour in mistake.detours:
                yield case(mistake, detour, number)
