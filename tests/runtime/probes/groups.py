"""Parameters and groups: which of them a step reaches, in which order, with which options."""

from __future__ import annotations

from typing import Optional

from runtime.probes import effect
from runtime.world import World, one_number, parameters_of, still


@effect("MSO112")
def iterator_params(world: World) -> Optional[str]:
    given = world.names["trainable"]
    if not hasattr(given, "__next__"):
        return None
    count, left = len(parameters_of(world.optimizer)), list(given)
    return f"the optimizer holds {count} parameters, and the iterator is used up" if count == 3 and not left else None


@effect("MSO113")
def iterator_group(world: World) -> Optional[str]:
    try:
        moves = world.step()
    except RuntimeError as error:  # 2.7 takes no step over no parameters
        return str(error) if not parameters_of(world.optimizer) else None
    fixed = [name for name in still(moves) if name.startswith("head.")]
    return f"{', '.join(fixed)} moved by 0.0" if fixed else None


def decayed(world: World) -> dict[str, Optional[float]]:
    """How far each parameter of the network moves from 1.0 in a step with gradients of 0."""
    for one in world.network().get_parameters():
        one.set_data(world.ms.ops.ones_like(one))
    return {name: one_number(moved) for name, moved in world.step(0.0).items()}


@effect("MSO119")
def untrainable_params(world: World) -> Optional[str]:
    moves = decayed(world)
    fixed = [one.name for one in world.network().get_parameters() if not one.requires_grad]
    moved = [name for name in fixed if moves[name]]
    return f"{', '.join(moved)} moved by {moves[moved[0]]} with gradients of 0" if moved else None


@effect("MSO120")
def uncovered_params(world: World) -> Optional[str]:
    fixed = [name for name in still(world.step()) if world.names["net"].parameters_dict()[name].requires_grad]
    return f"{', '.join(fixed)} moved by 0.0" if fixed else None


@effect("MSO121")
def missing_order_params(world: World) -> Optional[str]:
    held = [one.name for one in parameters_of(world.optimizer)]
    order = [one.name for one in world.network().trainable_params()]
    return f"the optimizer holds {held}, the network has {order}" if held != order else None


@effect("MSO124")
def weight_decay_leak(world: World) -> Optional[str]:
    moves = decayed(world)
    return f"all moved by {moves['0.bias']} with gradients of 0" if set(moves.values()) == {moves["0.bias"]} else None


@effect("MSO126")
def ignored_group_key(world: World) -> Optional[str]:
    rates = {name: one_number(moved) for name, moved in world.step().items()}
    return f"every parameter moved by {rates['0.weight']}" if len(set(rates.values())) == 1 else None


@effect("MSO127")
def ignored_order_params(world: World) -> Optional[str]:
    held = [one.name for one in parameters_of(world.optimizer)]
    asked = [[one.name for one in group.get("order_params", ())] for group in world.names["groups"]]
    unused = [order for order in asked if order and order != held]
    return f"the optimizer holds {held}, and {unused[0]} was asked for" if unused else None


@effect("MSO128")
def grouped_norm_decay(world: World) -> Optional[str]:
    moves = decayed(world)
    norms = [name for name in moves if ("beta" in name or "gamma" in name) and moves[name]]
    return f"{', '.join(norms)} moved by {moves[norms[0]]} with gradients of 0" if norms else None


@effect("MSO129")
def reused_groups(world: World) -> Optional[str]:
    moved = one_number(world.step()["0.bias"])
    return f"the rate is to be 0.5, and a step with gradients of 1 moves by {moved}" if moved != -0.5 else None
