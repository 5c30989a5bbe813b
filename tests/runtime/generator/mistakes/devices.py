"""Mistakes with ``mint.optim``, which is made for another device."""

from __future__ import annotations

import copy

from runtime.generator import detours
from runtime.generator.mistakes import mistake
from runtime.generator.sketch import Sketch, settle


def in_family(sketch: Sketch, family: str, cls: str) -> None:
    sketch.family, sketch.cls = family, cls


@mistake("optimizer that a CPU does not train with", "MSO109", silent=True)
def mint_on_cpu(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = "optim"
    settle(sketch)
    cls = sketch.rng.choice(("SGD", "Adam", "AdamW"))
    sketch.first.append(
        sketch.rng.choice(
            ('ms.set_context(device_target="CPU")', 'ms.set_context(mode=ms.PYNATIVE_MODE, device_target="CPU")')
        )
    )
    in_family(sketch, "mint" if wrong else "optim", cls)
    detours.construction(sketch, detour, copy.copy(sketch))


@mistake("scheduler that mint.optim.SGD does not follow", "MSO184", silent=True, without=("loop", "splat", "branch"))
def mint_frozen_rate(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = "optim"
    settle(sketch)
    sketch.first.append("ms.set_context(mode=ms.GRAPH_MODE)")
    sketch.loop = "plain"  # GRAPH mode reads the source, and takes no lambda inside a call
    in_family(sketch, "mint" if wrong else "optim", "SGD")
    line = sketch.rng.choice(
        (
            "scheduler = optim.lr_scheduler.StepLR({o}, step_size=1, gamma=0.1)\nscheduler.step()",
            "scheduler = optim.lr_scheduler.ExponentialLR({o}, gamma=0.2)\nscheduler.step()",
            'ops.assign({o}.param_groups[0]["lr"], ms.Tensor(0.001, ms.float32))',
        )
    )
    detours.statement(sketch, detour, line)
