"""Mistakes around the step: what it is told of the loss, what the network holds, how many steps there are rates for."""

from __future__ import annotations

import dataclasses

from runtime.generator import detours
from runtime.generator.mistakes import mistake
from runtime.generator.mistakes.arguments import argument
from runtime.generator.networks import equal_layers
from runtime.generator.sketch import Sketch, settle


@mistake("loss scaled on one side only", "MSO108", silent=True)
def loss_scale_mismatch(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    sketch.cls, sketch.loop = sketch.rng.choice(("SGD", "Momentum")), "cell"
    sketch.keywords.pop("momentum", None)
    if sketch.cls == "Momentum":
        sketch.keywords["momentum"] = "0.9"
    scale = sketch.rng.choice(("1024.0", "128.0", "2.0"))
    if sketch.rng.random() < 0.5:
        argument(sketch, detour, wrong, "loss_scale", (scale,), "1.0")
    else:
        sketch.of_cell = f", sens={scale}"
        argument(sketch, detour, wrong, "loss_scale", ("1.0",), scale)


def make_gradients(sketch: Sketch, detour: str, wrong: bool) -> None:
    """Make the gradient function by a detour, without ``has_aux=True`` or with it."""
    options = "" if wrong else ", has_aux=True"
    call = f"ms.value_and_grad(forward, None, {{w}}{options})"
    inside = f"ms.value_and_grad(forward, None, weights{options})"
    if detour == "name":
        sketch.gradients = [f"make = {call}", "grad_fn = make"]
    elif detour in ("helper", "other file"):
        sketch.helper("gradients_of", [f"return {inside}"], detour == "other file", "forward, weights")
        sketch.gradients = ["grad_fn = gradients_of(forward, {w})"]
    elif detour == "loop":
        sketch.gradients = ["made = []", "for one in (forward,):", f"    made.append({call})", "grad_fn = made[0]"]
    elif detour == "attribute":
        lines = "class Trainer:\n    def __init__(self, forward, weights):\n        self.grad_fn = {}\n"
        sketch.tops.append(lines.format(inside))
        sketch.gradients = ["trainer = Trainer(forward, {w})", "grad_fn = trainer.grad_fn"]
    elif detour == "splat":
        sketch.gradients = [f"options = dict(has_aux={not wrong})"]
        sketch.gradients.append("grad_fn = ms.value_and_grad(forward, None, {w}, **options)")
    elif detour == "branch":
        sketch.gradients = [f"if {sketch.rng.choice(detours.TESTS)}:", f"    grad_fn = {call}", "else:"]
        sketch.gradients.append("    grad_fn = ms.value_and_grad(forward, None, {w}, has_aux=True)")
    else:
        sketch.gradients = [f"grad_fn = {call}"]


@mistake("gradient of all outputs", "MSO165", silent=True)
def missing_has_aux(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)
    sketch.loop, sketch.unpacked = "plain", "(loss, logits), grads"
    sketch.forward = sketch.rng.choice(
        (
            ["logits = net(x)", "return loss_fn(logits, y), logits"],
            ["logits = net(x)", "loss = loss_fn(logits, y)", "return loss, logits"],
            ["output = net(x)", "value = loss_fn(output, y)", "return (value, output)"],
        )
    )
    make_gradients(sketch, detour, wrong)


@mistake("optimizer kept on its network", "MSO169", silent=True)
def optimizer_in_network(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    sketch.params = sketch.rng.choice(("net.trainable_params()", "[p for p in net.trainable_params()]"))
    name = sketch.rng.choice(("optimizer", "opt", "optim"))
    if detour == "direct" and sketch.net.definition:
        base = sketch.net.make.rstrip("()")
        init = ["def __init__(self):", "    super().__init__()"]
        if wrong:
            call = sketch.call().replace("net", "self")
            init.append(f"    self.{name} = {call}")
            sketch.build, sketch.optimizer = [f"optimizer = net.{name}"], "optimizer"
        sketch.tops.append(f"class Trained({base}):\n" + "\n".join("    " + line for line in init) + "\n")
        sketch.net = dataclasses.replace(sketch.net, make="Trained()")
        return
    line = sketch.rng.choice((f"{{n}}.{name} = {{o}}", f'setattr({{n}}, "{name}", {{o}})'))
    detours.statement(sketch, detour, line if wrong else "print(type({n}).__name__, type({o}).__name__)")


@mistake("layer replaced after the optimizer was built", "MSO170", silent=True, without=("loop",))
def stale_params(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    sketch.net = equal_layers(sketch.rng)
    sketch.params = "net.trainable_params()"
    settle(sketch)
    path, _ = sketch.rng.choice(sketch.net.parts)
    line = f"{{n}}{path} = nn.Dense(4, 4)"
    if not wrong:
        sketch.setup.append(line.format(n="net"))
    detours.statement(sketch, detour, line if wrong else "print(type({n}).__name__)")


SHORT = (
    "[0.1, 0.05]",
    "(0.1, 0.05)",
    "ms.Tensor([0.1, 0.05], ms.float32)",
    "nn.piecewise_constant_lr([1, 2], [0.1, 0.05])",
    "nn.cosine_decay_lr(0.001, 0.1, 2, 1, 2)",
    "[0.1 * 0.5**i for i in range(2)]",
    "np.linspace(0.1, 0.01, 2).tolist()",
)


@mistake("fewer rates than steps", "MSO138")
def rate_list_too_short(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch, rates=False)
    sketch.steps = sketch.rng.choice((3, 4, 5))
    good = sketch.rng.choice(("[0.1, 0.05, 0.02, 0.01, 0.005]", "[0.1 * 0.5**i for i in range(5)]"))
    argument(sketch, detour, wrong, "learning_rate", SHORT, good)
