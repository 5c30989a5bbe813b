"""Schedules and schedulers: the rate of each step."""

from __future__ import annotations

from typing import Optional

from runtime.probes import effect
from runtime.world import World, one_number


def rates(world: World, steps: int) -> list[float]:
    """How far each of some steps with gradients of 1 moves the first parameter, down."""
    moved = [one_number(next(iter(world.step().values()))) for _ in range(steps)]
    return [-one for one in moved if one is not None]


@effect("MSO130")
def schedule_direction(world: World) -> Optional[str]:
    seen = rates(world, 3)
    return f"the rate rises: {seen}" if seen == sorted(seen) and seen[0] < seen[-1] else None
