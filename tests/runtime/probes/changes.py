"""Rates that are changed or read while the program trains: which rate a step is made with."""

from __future__ import annotations

from typing import Any, Optional

from runtime.probes import effect
from runtime.world import World, one_number


def as_number(value: Any) -> float:
    """A rate as a number of Python."""
    return float(value.asnumpy()) if hasattr(value, "asnumpy") else float(value)


def rate(world: World) -> Optional[float]:
    """The rate that the next step of SGD or Momentum is made with: what it remembers is forgotten first."""
    world.forget_moments()
    moved = one_number(next(iter(world.step().values())))
    return None if moved is None else -moved


@effect("MSO155")
def param_groups_rate(world: World) -> Optional[str]:
    said = as_number(world.optimizer.param_groups[0]["lr"])
    used = rate(world)
    return f"the group says {said:.4g}, a step is made with {used}" if used != float(f"{said:.4g}") else None


@effect("MSO158")
def ineffective_rate(world: World) -> Optional[str]:
    said = as_number(world.optimizer.learning_rate)
    used = rate(world)
    return f"the optimizer says {said:.4g}, a step is made with {used}" if used != float(f"{said:.4g}") else None


@effect("MSO159")
def rate_read_advances_step(world: World) -> Optional[str]:
    rates = [float(f"{one:.4g}") for one in world.names["rates"]]
    due = next(number for number, one in enumerate(rates) if one != rates[0])
    while rate(world) == rates[0]:
        assert world.steps <= due
    taken = world.steps - 1
    return f"the rates change at step {taken}, not at step {due}" if taken != due else None


@effect("MSO193")
def checkpoint_rate(world: World) -> Optional[str]:
    used = rate(world)
    return f"resumed with 0.01, and a step is made with {used}" if used == 0.1 else None
