"""Own optimizers: whether their steps are counted."""

from __future__ import annotations

from typing import Optional

from runtime.probes import effect
from runtime.world import World, one_number


@effect("MSO144")
def optimizer_step_count(world: World) -> Optional[str]:
    moves = [one_number(world.step()["0.weight"]) for _ in range(25)]
    return f"25 steps, and each moved {moves[0]}" if len(set(moves)) == 1 else None
