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


@effect("MSO134")
def constant_rate(world: World) -> Optional[str]:
    seen = rates(world, 3)
    return f"the rate of each step is {seen[0]}" if len(set(seen)) == 1 else None


@effect("MSO183")
def scheduler_idle(world: World) -> Optional[str]:
    last = world.names["scheduler"].get_last_lr()[0]
    return f"the rate is {last} after three epochs" if round(float(last.asnumpy()), 6) == 0.1 else None


@effect("MSO184")
def mint_frozen_rate(world: World) -> Optional[str]:
    # The scheduler was stepped once, and halves the rate each time.
    seen = rates(world, 1)
    if not seen or not any(seen):
        return "a step moves nothing at all"  # 2.7.0 on a CPU, in both modes
    return f"a step moves by {seen[0]}" if seen and round(seen[0], 6) == 0.1 else None
