"""Mistakes in groups that are made by a predicate: they share parameters, one is empty, the order is that of others."""

from __future__ import annotations

from runtime.generator.mistakes import mistake
from runtime.generator.mistakes.params import given, in_group
from runtime.generator.networks import OF_KINDS, sequence, two_layers
from runtime.generator.predicates import (
    EVERY,
    STYLES,
    Kept,
    any_of,
    complement,
    nothing,
    others,
    part_of,
    sharing,
)
from runtime.generator.sketch import Sketch, settle


def start(sketch: Sketch, kinds: bool) -> None:
    """A network of which all parameters are known here, and an optimizer."""
    sketch.net = sketch.rng.choice(OF_KINDS if kinds else (*OF_KINDS, two_layers, sequence))(sketch.rng)
    sketch.params = EVERY
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)


def two_groups(sketch: Sketch, first: Kept, second: Kept) -> None:
    """Groups of both sets, with options of their own. Decay is not what this is about: normalization is left out of it."""
    key, value = sketch.rng.choice((("lr", "0.01"), ("weight_decay", "0.01")))
    if any("norm" in name or "bn" in name for name in first.names):
        key = "lr"
    sketch.groups = [{"params": first.text, key: value}, {"params": second.text}]
    if key == "weight_decay":
        sketch.groups[1][key] = "0.0"


def share(sketch: Sketch, detour: str, wrong: bool, style: str) -> None:
    """Two groups, of which the second has some parameters of the first."""
    start(sketch, style == "kind")
    first = any_of(sketch.rng, sketch.net, style)
    good, bad = others(sketch.rng, sketch.net, first), sharing(sketch.rng, sketch.net, first)
    two_groups(sketch, first, good)
    one = bad if wrong else good
    in_group(sketch, detour, 1, "params", one.text, good.text, one.loop, EVERY if wrong else good.text)


@mistake("groups by name that share parameters", "MSO115")
def share_by_name(sketch: Sketch, detour: str, wrong: bool) -> None:
    share(sketch, detour, wrong, "name")


@mistake("groups by rank that share parameters", "MSO115")
def share_by_rank(sketch: Sketch, detour: str, wrong: bool) -> None:
    share(sketch, detour, wrong, "rank")


@mistake("groups by kind of cell that share parameters", "MSO115")
def share_by_kind(sketch: Sketch, detour: str, wrong: bool) -> None:
    share(sketch, detour, wrong, "kind")


@mistake("groups by identity that share parameters", "MSO115")
def share_by_identity(sketch: Sketch, detour: str, wrong: bool) -> None:
    share(sketch, detour, wrong, "identity")


@mistake("groups by submodule that share parameters", "MSO115")
def share_by_submodule(sketch: Sketch, detour: str, wrong: bool) -> None:
    share(sketch, detour, wrong, "submodule")


@mistake("predicate that keeps nothing", "MSO111")
def keeps_nothing(sketch: Sketch, detour: str, wrong: bool) -> None:
    style = sketch.rng.choice(sorted(STYLES))
    start(sketch, style == "kind")
    bad, good = nothing(sketch.rng, sketch.net, style), any_of(sketch.rng, sketch.net, style)
    if sketch.rng.random() < 0.5 or sketch.family == "optim":
        sketch.params = good.text
        given(sketch, detour, wrong, bad, other="[]")
        return
    two_groups(sketch, good, others(sketch.rng, sketch.net, good))
    in_group(sketch, detour, 0, "params", bad if wrong else good.text, good.text, "", "[]" if wrong else good.text)


@mistake("order_params of what a predicate keeps", "MSO122")
def order_of_some(sketch: Sketch, detour: str, wrong: bool) -> None:
    style = sketch.rng.choice(sorted(STYLES))
    start(sketch, style == "kind")
    sketch.family = "nn"
    sketch.keywords = {}
    settle(sketch)
    first = any_of(sketch.rng, sketch.net, style)
    two_groups(sketch, first, others(sketch.rng, sketch.net, first))
    sketch.groups.append({"order_params": EVERY})
    bad = any_of(sketch.rng, sketch.net, style)
    one, loop, other = (bad.text, bad.loop, f"{EVERY}[1:]") if wrong else (EVERY, "", EVERY)
    in_group(sketch, detour, 2, "order_params", one, EVERY, loop, other)


@mistake("groups that leave parameters out", "MSO120", silent=True)
def uncovered(sketch: Sketch, detour: str, wrong: bool) -> None:
    start(sketch, True)
    rng, net = sketch.rng, sketch.net
    first = any_of(rng, net, rng.choice(("name", "rank", "identity")))
    good = complement(rng, net, first)
    bad = part_of(rng, net, good)
    two_groups(sketch, first, good)
    one = bad if wrong else good
    in_group(sketch, detour, 1, "params", one.text, good.text, one.loop, one.text)


@mistake("two parameters of one name", "MSO125", without=("other file",))
def name_clash(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)
    sketch.params = f"nn.SequentialCell([net, {sketch.net.make}]).trainable_params()"
    bad, other = sketch.rng.sample(
        (
            f"{EVERY} + {sketch.net.make}.trainable_params()",
            f"[*{EVERY}, *{sketch.net.make}.trainable_params()]",
            f"[p for one in (net, {sketch.net.make}) for p in one.trainable_params()]",
        ),
        2,
    )
    given(sketch, detour, wrong, bad, other=other)
