"""One probe for each rule that raises nothing: a function that measures the silent effect.

``@effect("MSO113")`` marks a function that is called with the :class:`~runtime.world.World` that an example of the rule
left behind. It returns what it measured, as a sentence, where the effect is there, and None where it is not: so it must
be after the bad example, and so it must not be after the good one.

Where the bad example of an error runs to its end, two steps are taken. If the error comes elsewhere, ``@later("MSO139")``
marks a function that goes on until there.

A new file in this folder is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Callable, Optional

from runtime.world import World

Effect = Callable[[World], Optional[str]]
Later = Callable[[World], object]

EFFECTS: dict[str, Effect] = {}
LATER: dict[str, Later] = {}


def effect(code: str) -> Callable[[Effect], Effect]:
    """Register a probe that says what it measured where the effect of rule ``code`` is there."""

    def register(probe: Effect) -> Effect:
        assert code not in EFFECTS, f"{code} has two probes"
        EFFECTS[code] = probe
        return probe

    return register


def later(code: str) -> Callable[[Later], Later]:
    """Register how to go on after an example of rule ``code`` until its error comes."""

    def register(action: Later) -> Later:
        assert code not in LATER, f"{code} goes on in two ways"
        LATER[code] = action
        return action

    return register


def two_steps(world: World) -> None:
    """What is done after the bad example of an error, if nothing else is said."""
    world.step()
    world.step()


def load() -> None:
    """Import every file of this folder."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
