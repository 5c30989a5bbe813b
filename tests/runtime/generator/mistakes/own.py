"""Own schedules and optimizers that do not do what their base classes ask for."""

from __future__ import annotations

import copy

from runtime.generator import detours
from runtime.generator.mistakes import mistake
from runtime.generator.mistakes.arguments import argument
from runtime.generator.sketch import Sketch, settle

SCHEDULE = """\
class Warm(nn.learning_rate_schedule.LearningRateSchedule):
    def __init__(self, rate, steps):
{init}

    def construct(self, global_step):
        return {rate}
"""
#: What ``__init__`` sets, and the rate that is computed with it.
PARTS = (
    ("self.warmup = nn.WarmUpLR(rate, steps)", "self.warmup(global_step)"),
    ("self.decay = nn.ExponentialDecayLR(rate, 0.9, steps)", "self.decay(global_step)"),
    ("self.factor = ops.Mul()", "self.factor(ops.cast(global_step + 1, ms.float32), 0.01)"),
    ('self.base = ms.Parameter(ms.Tensor(rate, ms.float32), name="base")', "self.base * 0.5"),
)


@mistake("schedule that initialises its base too late", "MSO142")
def schedule_super_init(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch, rates=False)
    part, rate = sketch.rng.choice(PARTS)
    base = "super().__init__()"
    bad = sketch.rng.choice(([part, base], [part]))
    init = bad if wrong else [base, part]
    sketch.beside = SCHEDULE.format(init="\n".join("        " + line for line in init), rate=rate)
    argument(sketch, detour, True, "learning_rate", ("Warm(0.1, 2)", "Warm(0.05, 4)"), "0.1")


OPTIMIZER = """\
class Plain(nn.Optimizer):
    def __init__(self, params, learning_rate):
{init}

    def {method}(self, gradients):
        rate = self.get_lr()
        self.assignadd(self.global_step, self.global_step_increase_tensor)
        done = True
        for parameter, gradient in zip(self.parameters, gradients):
            done = ops.depend(done, ops.assign_sub(parameter, rate * gradient))
        return done
"""


@mistake("own optimizer that is not built on its base", "MSO145")
def optimizer_base_init(sketch: Sketch, detour: str, wrong: bool) -> None:
    right = ["super().__init__(learning_rate, params)"]
    bad, method = sketch.rng.choice(
        (
            (["super().__init__(params, learning_rate)"], "construct"),
            (["self.rate = learning_rate"], "construct"),
            (["self.mul = ops.Mul()", *right], "construct"),
            (right, "step"),
        )
    )
    init, method = (bad, method) if wrong else (right, "construct")
    sketch.beside = OPTIMIZER.format(init="\n".join("        " + line for line in init), method=method)
    sketch.callee, sketch.params = "Plain", "net.trainable_params()"
    sketch.keywords = {"learning_rate": sketch.rng.choice(("0.1", "[0.1, 0.05, 0.02]"))}
    detours.construction(sketch, detour, copy.copy(sketch))
