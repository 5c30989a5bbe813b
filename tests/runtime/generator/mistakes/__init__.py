"""What can be wrong. A mistake is a function with the decorator ``mistake``; a new file in this folder is found by itself.

It is given a right :class:`~runtime.generator.sketch.Sketch` to change, the detour, and whether to make the mistake or the
right twin. Both get the same random numbers, so they differ in the mistake alone.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import Callable

from runtime.generator.detours import DETOURS
from runtime.generator.sketch import Sketch

Make = Callable[[Sketch, str, bool], None]


@dataclass(frozen=True)
class Mistake:
    """One kind of mistake. ``codes`` are the findings that name it; ``silent`` says that nothing is raised."""

    name: str
    codes: tuple[str, ...]
    make: Make
    silent: bool
    detours: tuple[str, ...]


ALL: dict[str, Mistake] = {}


def mistake(name: str, *codes: str, silent: bool = False, without: tuple[str, ...] = ()) -> Callable[[Make], Make]:
    """Register a mistake; ``without`` are detours that make no sense for it."""

    def register(make: Make) -> Make:
        assert name not in ALL, name
        ALL[name] = Mistake(name, codes, make, silent, tuple(one for one in DETOURS if one not in without))
        return make

    return register


def load() -> dict[str, Mistake]:
    """All mistakes by name."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(ALL)
