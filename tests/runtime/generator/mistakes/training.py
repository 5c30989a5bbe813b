"""Mistakes in the training loop: gradients and parameters that do not fit together."""

from __future__ import annotations

import copy

from runtime.generator import detours
from runtime.generator.mistakes import mistake
from runtime.generator.mistakes.params import given
from runtime.generator.networks import convolution, equal_layers
from runtime.generator.sketch import Sketch, settle

ALL = "ms.ParameterTuple(net.trainable_params())"


def loop_of(sketch: Sketch) -> None:
    sketch.loop = sketch.rng.choice(("plain", "lambda"))


@mistake("gradients in another order than the groups", "MSO162", silent=True)
def gradient_order(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    sketch.net = equal_layers(sketch.rng)
    settle(sketch)
    loop_of(sketch)
    first, second = (f"net{path}.trainable_params()" for path, _ in sketch.net.parts)
    sketch.groups = [{"params": second, "lr": "0.02"}, {"params": first}]
    detours.construction(sketch, detour, copy.copy(sketch))
    if wrong:
        sketch.weights = sketch.rng.choice(("net.trainable_params()", ALL))


@mistake("optimizer over fewer parameters than the gradients", "MSO163")
def gradient_subset(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    loop_of(sketch)
    sketch.params = f"net{sketch.net.parts[0][0]}.trainable_params()"
    detours.construction(sketch, detour, copy.copy(sketch))
    if wrong:
        sketch.weights = sketch.rng.choice(("net.trainable_params()", ALL))


@mistake("gradients that are left over", "MSO172", silent=True)
def gradient_subset_ignored(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = "optim"
    sketch.net = equal_layers(sketch.rng)
    settle(sketch)
    sketch.params = f"net{sketch.net.parts[1][0]}.trainable_params()"
    detours.construction(sketch, detour, copy.copy(sketch))
    if wrong:
        sketch.weights = sketch.rng.choice(("net.trainable_params()", ALL))


@mistake("gradients handed over in the wrong form", "MSO164")
def optimizer_call(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    loop_of(sketch)
    detours.construction(sketch, detour, copy.copy(sketch))
    if wrong:
        sketch.update = sketch.rng.choice(("{o}()", "{o}(loss)", "{o}(*grads)", "{o}(loss, grads)", "{o}(list(grads))"))


@mistake("frozen too late", "MSO166", silent=True)
def late_freeze(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    loop_of(sketch)
    sketch.params = "net.trainable_params()"
    sketch.keywords["weight_decay"] = "0.1"
    path = sketch.net.parts[0][0]
    freeze = [f"for p in net{path}.trainable_params():", "    p.requires_grad = False"]
    if not wrong:
        sketch.setup += freeze
    detours.construction(sketch, detour, copy.copy(sketch))
    if wrong:
        sketch.after += freeze


@mistake("optimizer built anew at each step", "MSO167", silent=True, without=("loop", "attribute"))
def rebuilt(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    sketch.cls = sketch.rng.choice(("Momentum", "Adam", "RMSProp"))
    sketch.keywords.pop("momentum", None)
    if sketch.cls == "Momentum":
        sketch.keywords["momentum"] = "0.9"
    loop_of(sketch)
    detours.construction(sketch, detour, copy.copy(sketch))
    if wrong:
        sketch.each += sketch.build or [f"{sketch.optimizer} = {sketch.call()}"]


@mistake("two optimizers over the same parameters", "MSO168", silent=True)
def shared_params(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    loop_of(sketch)
    sketch.params = "net.trainable_params()"
    detours.construction(sketch, detour, copy.copy(sketch))
    if wrong:
        sketch.after.append("other = nn.SGD(net.trainable_params(), learning_rate=0.05)")
        sketch.each.append("other(grads)")


@mistake("statistics of BatchNorm that are decayed", "MSO119", silent=True)
def untrainable(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.net = convolution(sketch.rng)
    settle(sketch)
    sketch.params = "net.trainable_params()"
    sketch.keywords["weight_decay"] = "0.1"
    bad = sketch.rng.choice(("list(net.get_parameters())", "[p for p in net.get_parameters()]"))
    loop = "{name} = []\nfor p in net.get_parameters():\n    {name}.append(p)"
    given(sketch, detour, wrong, bad, loop, "list(net.get_parameters())")


@mistake("rate in param_groups", "MSO155", silent=True)
def param_groups_rate(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = "optim"
    settle(sketch)
    sketch.steps = 4
    line = sketch.rng.choice(
        ('{o}.param_groups[0]["lr"] *= 0.1', '{o}.param_groups[0]["lr"] = ms.Tensor(0.001, ms.float32)')
    )
    good = 'ops.assign({o}.param_groups[0]["lr"], ms.Tensor(0.001, ms.float32))'
    detours.statement(sketch, detour, line if wrong else good)


@mistake(
    "rate replaced while training",
    "MSO158",
    silent=True,
    without=("direct", "name", "helper", "other file", "attribute", "splat", "branch"),
)
def ineffective_rate(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    loop_of(sketch)
    sketch.steps = 4
    line = sketch.rng.choice(
        (
            "{o}.learning_rate = ms.Tensor(0.001, ms.float32)",
            '{o}.learning_rate = ms.Parameter(ms.Tensor(0.001, ms.float32), name="learning_rate")',
            "{o}.learning_rate.set_data(ms.Tensor(0.001, ms.float32))",
        )
    )
    detours.statement(sketch, detour, line if wrong else "ops.assign({o}.learning_rate, ms.Tensor(0.001, ms.float32))")
