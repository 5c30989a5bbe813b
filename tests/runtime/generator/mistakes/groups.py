"""Mistakes in the keys of groups."""

from __future__ import annotations

import copy

from runtime.generator import detours
from runtime.generator.mistakes import mistake
from runtime.generator.sketch import Sketch, grouped, settle


def with_group(sketch: Sketch, detour: str, wrong: bool, number: int, bad: dict[str, str]) -> None:
    """Build with another group in the place of one."""
    right = copy.copy(sketch)
    if wrong:
        sketch.groups = [bad if index == number else group for index, group in enumerate(sketch.groups)]
    if detour == "splat":
        group = sketch.groups[number]
        sketch.setup.append("group = {" + ", ".join(f'"{key}": {one}' for key, one in group.items()) + "}")
        sketch.groups = [{"**group": ""} if index == number else group for index, group in enumerate(sketch.groups)]
    elif detour == "loop":
        shown = ", ".join(sketch.group(index) for index in range(len(sketch.groups)))
        sketch.setup += ["groups = []", f"for group in ({shown}):", "    groups.append(group)"]
        sketch.params, sketch.groups = "groups", []
    else:
        detours.construction(sketch, detour, right)


@mistake("key that groups of nn do not have", "MSO116")
def unknown_key(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    grouped(sketch)
    key, value = sketch.rng.choice(
        (
            ("learning_rate", "0.01"),
            ("momentum", "0.8"),
            ("name", '"head"'),
            ("weight_decays", "0.0"),
            ("lr_mult", "0.1"),
        )
    )
    with_group(sketch, detour, wrong, 0, {**sketch.groups[0], key: value})


@mistake("key that is ignored", "MSO126", silent=True)
def ignored_key(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = "optim"
    settle(sketch)
    grouped(sketch, order=False)
    for group in sketch.groups:
        group.pop("lr", None)
        group.pop("weight_decay", None)
    sketch.groups[0]["lr"] = "0.002"
    with_group(sketch, detour, wrong, 0, {"params": sketch.groups[0]["params"], "learning_rate": "0.002"})


@mistake("group without params", "MSO117")
def missing_params(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "optim"))
    settle(sketch)
    grouped(sketch, order=False)
    sketch.groups[0].setdefault("lr", "0.02")
    bad = {key: one for key, one in sketch.groups[0].items() if key != "params"}
    with_group(sketch, detour, wrong, 0, bad)


@mistake("order_params with other keys", "MSO123")
def order_keys(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    grouped(sketch)
    key, value = sketch.rng.choice((("lr", "0.01"), ("weight_decay", "1e-4"), ("lr", "0.1")))
    with_group(sketch, detour, wrong, 2, {**sketch.groups[2], key: value})
