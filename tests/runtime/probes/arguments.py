"""Arguments, rates and decays: what a step does with them."""

from __future__ import annotations

from typing import Optional

from runtime.probes import effect
from runtime.world import World, one_number, still


@effect("MSO105")
def positional_rate(world: World) -> Optional[str]:
    # Adagrad moves by rate / sqrt(accum + 1).
    moved = one_number(world.step()["0.weight"])
    return f"a step with gradients of 1 moved {moved}: the rate is 0.001" if moved and abs(moved) <= 0.001 else None


@effect("MSO107")
def deprecated_optimizer(world: World) -> Optional[str]:
    name = f"'{type(world.optimizer).__name__}' is deprecated"
    said = [line for line in world.printed().splitlines() if name in line]
    return said[0] if said else None


@effect("MSO132")
def suspicious_rate(world: World) -> Optional[str]:
    moved = one_number(world.step()["0.weight"])
    return "a step with gradients of 1 moved by 1: the rate is 1.0" if moved == -1.0 else None


@effect("MSO136")
def suspicious_weight_decay(world: World) -> Optional[str]:
    weight = world.network()[0].weight
    old = weight.asnumpy().copy()
    share = one_number(-world.step(0.0)["0.weight"] / old)
    return f"a step with gradients of 0 took {share} of each weight" if share and share > 0.01 else None


@effect("MSO154")
def ineffective_attribute(world: World) -> Optional[str]:
    said = getattr(world.optimizer, "lr", None)
    moved = one_number(world.step()["0.weight"])
    return f"lr says {said}, and a step moved {moved}" if said is not None and moved != -said else None


@effect("MSO109")
def mint_on_cpu(world: World) -> Optional[str]:
    moves = world.step()
    fixed = list(still(moves))
    return f"{', '.join(fixed)} moved by 0.0 with gradients of 1" if len(fixed) == len(moves) else None
