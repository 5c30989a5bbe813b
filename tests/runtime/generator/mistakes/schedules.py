"""Mistakes in schedules and schedulers, and in own classes of them."""

from __future__ import annotations

import copy

from runtime.generator import detours
from runtime.generator.mistakes import mistake
from runtime.generator.mistakes.arguments import argument
from runtime.generator.mistakes.groups import with_group
from runtime.generator.sketch import Sketch, grouped, halves, settle

REFUSED = (
    "nn.ExponentialDecayLR(0.1, 0.9, 10.0)",
    "nn.CosineDecayLR(0.1, 0.01, 10)",
    "nn.piecewise_constant_lr([6, 2], [0.1, 0.05])",
    "nn.cosine_decay_lr(0.1, 0.01, 10, 5, 2)",
    "nn.ExponentialDecayLR(1, 0.9, 10)",
)


@mistake("argument that a schedule refuses", "MSO137")
def schedule_argument(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch, rates=False)
    argument(sketch, detour, wrong, "learning_rate", REFUSED, "nn.ExponentialDecayLR(0.1, 0.9, 10)")


RISING = (
    "nn.PolynomialDecayLR(0.01, 0.1, 10, 0.5)",
    "nn.PolynomialDecayLR(learning_rate=0.001, end_learning_rate=0.1, decay_steps=4, power=1.0)",
    "nn.ExponentialDecayLR(0.01, 1.5, 2)",
)


@mistake("decay that rises", "MSO130", silent=True)
def schedule_direction(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch, rates=False)
    argument(sketch, detour, wrong, "learning_rate", RISING, "nn.PolynomialDecayLR(0.1, 0.01, 10, 0.5)")


@mistake("schedule called once", "MSO134", silent=True)
def constant_rate(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch, rates=False)
    schedule = sketch.rng.choice(("nn.ExponentialDecayLR(0.1, 0.5, 1)", "nn.PolynomialDecayLR(0.1, 0.01, 3, 1.0)"))
    argument(sketch, detour, wrong, "learning_rate", (f"{schedule}(ms.Tensor(0, ms.int32))",), schedule)


@mistake("scheduler that is never stepped", "MSO183", silent=True)
def scheduler_idle(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = "optim"
    settle(sketch)
    detours.construction(sketch, detour, copy.copy(sketch))
    sketch.after.append(f"scheduler = optim.lr_scheduler.ExponentialLR({sketch.optimizer}, gamma=0.3)")
    if not wrong:
        sketch.each.append("scheduler.step()")


@mistake("weight decay that reaches its exempt group", "MSO124", silent=True)
def weight_decay_leak(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    first, second = halves(sketch.rng, sketch.net)
    decay = sketch.rng.choice(("0.05", "0.1"))
    sketch.keywords["weight_decay"] = decay
    sketch.groups = [{"params": first, "weight_decay": decay}, {"params": second, "weight_decay": "0.0"}]
    sketch.groups.append({"order_params": "net.trainable_params()"})
    with_group(sketch, detour, wrong, 1, {"params": second})


@mistake(
    "groups given to two optimizers",
    "MSO129",
    silent=True,
    without=("name", "helper", "other file", "splat", "attribute"),
)
def reused_groups(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = "optim"
    settle(sketch)
    sketch.cls = "SGD"
    grouped(sketch, order=False)
    for group in sketch.groups:
        group.pop("lr", None)
    sketch.setup.append(f"groups = {sketch.group_list()}")
    sketch.setup.append("warm_up = optim.SGD(groups, lr=0.001)")
    sketch.keywords = {"lr": "0.1"}
    right = copy.copy(sketch)
    if wrong:
        sketch.params, sketch.groups = "groups", []
    detours.construction(sketch, detour, right)


SCHEDULE = """\
class HalfEach(nn.learning_rate_schedule.LearningRateSchedule):
    def __init__(self, rate, steps):
        {init}
        self.rate = rate
        self.steps = steps

    def {method}(self, global_step):
        return self.{attribute} * ops.pow(0.5, global_step // self.steps)
"""


def own_schedule(sketch: Sketch, detour: str, wrong: bool, **changes: str) -> None:
    """Give the optimizer a schedule of the program's own."""
    settle(sketch, rates=False)
    parts = {"init": "super().__init__()", "method": "construct", "attribute": "rate", **(changes if wrong else {})}
    sketch.tops.append(SCHEDULE.format(**parts))
    argument(sketch, detour, True, "learning_rate", ("HalfEach(0.1, 2)",), "0.1")


@mistake("schedule without construct", "MSO141", without=("other file", "branch"))
def schedule_construct(sketch: Sketch, detour: str, wrong: bool) -> None:
    own_schedule(sketch, detour, wrong, method=sketch.rng.choice(("forward", "get_lr", "call")))


@mistake("schedule with an undefined attribute", "MSO143", without=("other file", "branch"))
def schedule_undefined(sketch: Sketch, detour: str, wrong: bool) -> None:
    own_schedule(sketch, detour, wrong, attribute=sketch.rng.choice(("lr", "learning_rate", "base_lr")))


OWN = """\
class Plain(nn.Optimizer):
    def __init__(self, params, learning_rate):
        super().__init__(learning_rate, params)

    def construct(self, gradients):
        rate = self.get_lr()
        {count}
        done = True
        for parameter, gradient in zip(self.parameters, gradients):
            done = ops.depend(done, ops.assign_sub(parameter, rate * gradient))
        return done
"""


@mistake("own optimizer that does not count steps", "MSO144", silent=True, without=("other file",))
def step_count(sketch: Sketch, detour: str, wrong: bool) -> None:
    count = "self.assignadd(self.global_step, self.global_step_increase_tensor)"
    sketch.tops.append(OWN.format(count="size = len(self.parameters)" if wrong else count))
    sketch.callee = "Plain"
    sketch.params = "net.trainable_params()"
    sketch.keywords = {"learning_rate": sketch.rng.choice(("[0.1, 0.01, 0.001]", "nn.ExponentialDecayLR(0.1, 0.3, 1)"))}
    sketch.loop = sketch.rng.choice(("plain", "lambda"))
    detours.construction(sketch, detour, copy.copy(sketch))
