"""The training loop: which gradient moves which parameter, what is moved that should not be, and what is not."""

from __future__ import annotations

import importlib
from typing import Any, Optional

from runtime.probes import effect
from runtime.world import Weights, World, parameters_of, still


def true_gradients(world: World) -> Weights:
    """The gradient of the loss of the program for each parameter of its network."""
    network, names = world.network(), world.names
    weights = list(network.get_parameters())

    def loss(x: Any, y: Any) -> Any:
        return names["loss_fn"](network(x), y)

    _, gradients = world.ms.value_and_grad(loss, None, world.ms.ParameterTuple(weights))(names["x"], names["y"])
    return {one.name: gradient.asnumpy() for one, gradient in zip(weights, gradients)}


def step_of(world: World) -> Weights:
    """How far one more step of the program moves each parameter: its gradients, given to its optimizer.

    What the optimizer remembers of earlier steps is forgotten first, so that the step is along what it is given.
    """
    world.forget_moments()
    _, gradients = world.names["grad_fn"](world.names["x"], world.names["y"])
    return world.moved(lambda: world.optimizer(gradients), world.network().get_parameters())


def along(move: Any, gradient: Any) -> bool:
    """Whether ``move`` is ``gradient`` times some rate, down."""
    numpy = importlib.import_module("numpy")
    length = float(numpy.linalg.norm(move) * numpy.linalg.norm(gradient))
    return move.shape == gradient.shape and length > 0 and float((move * gradient).sum()) < -0.99 * length


def misled(world: World) -> Optional[str]:
    """A parameter that a step moves along the gradient of another one."""
    gradients = true_gradients(world)
    for name, move in step_of(world).items():
        others = [other for other in gradients if other != name and along(move, gradients[other])]
        if others and not along(move, gradients[name]):
            return f"{name} moved along the gradient of {others[0]}"
    return None


effect("MSO162")(misled)
effect("MSO172")(misled)


@effect("MSO108")
def loss_scale_mismatch(world: World) -> Optional[str]:
    gradient = true_gradients(world)["head.bias"]
    names = world.names
    move = world.moved(lambda: names["step"](names["x"], names["y"]), [names["net"].head.bias])["head.bias"]
    share = float((move / (-0.01 * gradient)).mean())
    return f"a step moves by {share:.4g} of what the rate says" if abs(share - 1) > 0.01 else None


@effect("MSO165")
def missing_has_aux(world: World) -> Optional[str]:
    gradients = true_gradients(world)
    other = [name for name, move in step_of(world).items() if not along(move, gradients[name])]
    return f"{', '.join(other)} moved in another direction than the loss falls" if other else None


@effect("MSO166")
def late_freeze(world: World) -> Optional[str]:
    frozen = [one.name for one in world.network().get_parameters() if not one.requires_grad]
    moves = step_of(world)
    assert frozen
    moved = [name for name in frozen if name not in still(moves)]
    return f"{', '.join(moved)} is frozen, and a step moves it by up to {abs(moves[moved[0]]).max()}" if moved else None


@effect("MSO167")
def rebuilt_optimizer(world: World) -> Optional[str]:
    last, state = world.names["grads"][0].asnumpy(), world.optimizer.moments[0].asnumpy()
    forgot = bool(abs(last - state).max() <= 1e-6 * abs(last).max())
    return f"after {world.steps} steps the momentum is the last gradient alone" if forgot else None


@effect("MSO168")
def shared_params(world: World) -> Optional[str]:
    moved = [
        {name for name, move in world.step(1.0, one).items() if abs(move).max() > 0} for one in world.optimizers[-2:]
    ]
    both = sorted(moved[0] & moved[1])
    return f"{', '.join(both)} moved by the steps of both" if both else None


@effect("MSO169")
def optimizer_in_network(world: World) -> Optional[str]:
    own = {id(one) for one in parameters_of(world.optimizer)}
    states = [one.name for one in world.names["net"].trainable_params() if id(one) not in own]
    renamed = [one.name for one in parameters_of(world.optimizer) if one.name.startswith("optimizer.")]
    return f"trainable_params() has {', '.join(states)}; weights are called {renamed}" if states and renamed else None


@effect("MSO170")
def stale_params(world: World) -> Optional[str]:
    moves = step_of(world)
    trained = {one.name for one in world.names["net"].trainable_params()}
    fixed = sorted(trained & set(still(moves)))
    return f"{', '.join(fixed)} moved by 0.0" if fixed and len(fixed) < len(trained) else None
