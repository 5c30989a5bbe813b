"""Mistakes in the call that builds an optimizer."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from runtime.generator import detours
from runtime.generator.mistakes import mistake
from runtime.generator.sketch import Sketch, grouped, settle


def build(sketch: Sketch, detour: str, wrong: bool, spoil: dict[str, str], drop: tuple[str, ...] = ()) -> None:
    """Build with other keywords: ``spoil`` are added, those in ``drop`` left out."""
    right = copy.copy(sketch)
    if wrong:
        sketch.keywords = {key: one for key, one in sketch.keywords.items() if key not in drop} | spoil
    detours.construction(sketch, detour, right)


@mistake("rate by the other name", "MSO101")
def rate_keyword(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)
    right, other = ("learning_rate", "lr") if sketch.family == "nn" else ("lr", "learning_rate")
    build(sketch, detour, wrong, {other: sketch.keywords[right]}, (right,))


UNKNOWN = (
    ("nn", "Adam", {"betas": "(0.9, 0.99)"}),
    ("nn", "AdamWeightDecay", {"amsgrad": "True"}),
    ("nn", "SGD", {"maximize": "True"}),
    ("nn", "SGD", {"use_nesterov": "True"}),
    ("nn", "RMSProp", {"alpha": "0.9"}),
    ("nn", "RMSProp", {"eps": "1e-8"}),
    ("nn", "Momentum", {"dampening": "0.1"}),
    ("nn", "Adam", {"foreach": "False"}),
    ("optim", "Adam", {"beta1": "0.9"}),
    ("optim", "SGD", {"foreach": "True"}),
    ("optim", "AdamW", {"fused": "True"}),
    ("optim", "Adam", {"capturable": "False"}),
    ("optim", "SGD", {"differentiable": "False"}),
)


@mistake("argument that the class does not have", "MSO102")
def unknown_argument(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family, cls, spoil = sketch.rng.choice(UNKNOWN)
    settle(sketch)
    sketch.keywords.pop("momentum", None)
    sketch.cls = cls
    if cls == "Momentum":
        sketch.keywords["momentum"] = "0.9"
    build(sketch, detour, wrong, spoil)


@mistake("argument missing", "MSO103")
def missing_argument(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)
    sketch.keywords.pop("momentum", None)
    if sketch.family == "nn":
        sketch.cls = "Momentum"
        sketch.keywords["momentum"] = "0.9"
        build(sketch, detour, wrong, {}, (sketch.rng.choice(("momentum", "learning_rate")),))
    else:
        sketch.cls = "SGD"
        sketch.keywords["weight_decay"] = "0.0"
        build(sketch, detour, wrong, {}, ("lr",))


#: Family, a class that it does not have, one that it has.
ABSENT = (
    ("nn", "AdamW", "AdamWeightDecay"),
    ("nn", "RMSprop", "RMSProp"),
    ("nn", "NAdam", "Adam"),
    ("nn", "Adamax", "AdaMax"),
    ("nn", "RAdam", "Adam"),
    ("optim", "RMSProp", "RMSprop"),
    ("optim", "Momentum", "SGD"),
    ("optim", "LBFGS", "Adam"),
)


@mistake("class that does not exist", "MSO104")
def unknown_optimizer(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family, absent, present = sketch.rng.choice(ABSENT)
    settle(sketch)
    sketch.keywords.pop("momentum", None)
    sketch.cls = present
    right = copy.copy(sketch)
    if wrong:
        sketch.cls = absent
    detours.construction(sketch, detour, right)


@mistake("rate in the place of another argument", "MSO105", silent=True, without=("splat",))
def positional_rate(sketch: Sketch, detour: str, wrong: bool) -> None:
    rate = sketch.rng.choice(("0.05", "0.1", "0.5"))
    if sketch.rng.random() < 0.7:
        sketch.cls = sketch.rng.choice(("Adagrad", "FTRL", "ProximalAdagrad"))
        sketch.positional, good = [rate], Sketch(sketch.rng, sketch.net, keywords={"learning_rate": rate})
    else:
        sketch.cls = "SGD"
        decay = sketch.rng.choice(("1e-4", "0.005", "5e-4"))
        sketch.positional = [rate, decay]
        good = Sketch(sketch.rng, sketch.net, positional=[rate], keywords={"weight_decay": decay})
    right = copy.copy(sketch)
    right.positional, right.keywords = list(good.positional), dict(good.keywords)
    if not wrong:
        sketch.positional, sketch.keywords = list(good.positional), dict(good.keywords)
    detours.construction(sketch, detour, right)


INVALID = (
    ("Momentum", "momentum", ("1", "-0.9", '"0.9"'), "0.9"),
    ("Adam", "beta1", ("1.0", "0.0", "1", "1.5"), "0.8"),
    ("Adam", "eps", ("0.0", "-1e-8"), "1e-7"),
    ("AdamWeightDecay", "beta2", ("1.0", "2.0"), "0.99"),
    ("SGD", "loss_scale", ("0.0", "-1.0", '"1"'), "1.0"),
    ("SGD", "nesterov", ("True",), "False"),
)


@mistake("value that an argument refuses", "MSO106")
def invalid_argument(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    sketch.keywords.pop("momentum", None)
    sketch.cls, name, bad, good = sketch.rng.choice(INVALID)
    argument(sketch, detour, wrong, name, bad, good)


def argument(sketch: Sketch, detour: str, wrong: bool, name: str, bad: Sequence[str], good: str) -> None:
    """Give ``name`` one of the values in ``bad``, or ``good``. In branches two of ``bad`` stand: one may be a start value."""
    one, other = sketch.rng.choice(bad), sketch.rng.choice(bad)

    def put(text: str) -> None:
        sketch.keywords[name] = text

    def splat(text: str) -> None:
        packed = ", ".join(f'"{key}": {one}' for key, one in {**sketch.keywords, name: text}.items())
        sketch.setup.append("options = {" + packed + "}")
        sketch.keywords = {}
        sketch.positional.append("**options")

    detours.value(sketch, detour, one if wrong else good, good, put, splat, otherwise=other if wrong else good)


RATES = (
    '"0.1"',
    "None",
    "lambda step: 0.1",
    "[]",
    "-0.1",
    "nn.ReLU()",
    "{}",
    "ms.Tensor([[0.1, 0.2]])",
    "nn.CosineDecayLR",
)
RATES_OF_OPTIM = ('"0.1"', "None", "[0.1, 0.05, 0.01]", "-0.1", "nn.ExponentialDecayLR(0.1, 0.9, 10)", "(0.1,)")


@mistake("rate that is refused", "MSO131")
def invalid_rate(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)
    name = "learning_rate" if sketch.family == "nn" else "lr"
    good = sketch.keywords.pop(name)
    argument(sketch, detour, wrong, name, RATES if sketch.family == "nn" else RATES_OF_OPTIM, good)


@mistake("rate that is taken for something else", "MSO132", silent=True)
def suspicious_rate(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch, rates=False)
    bad, good = sketch.rng.choice(
        (
            (("True",), "0.1"),
            (('"123"', '"100"'), "[0.1, 0.05, 0.02]"),
            (("{0: 0.1, 1: 0.05, 2: 0.01}", "{0: 0.01, 5: 0.05, 8: 0.1}"), "[0.1, 0.05, 0.01]"),
            (("[0.1, -0.1, 0.1]", "[-0.1, 0.1, 0.01]"), "[0.1, 0.01, 0.1]"),
        )
    )
    argument(sketch, detour, wrong, "learning_rate", bad, good)


@mistake("list of rates for one step", "MSO139", without=())
def one_step_rate(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch, rates=False)
    bad = ("[0.1]", "(0.05,)", "ms.Tensor([0.1], ms.float32)")
    argument(sketch, detour, wrong, "learning_rate", bad, "0.1")


DECAYS = ('"1e-4"', "None", "-1e-4", "[1e-4]", "lambda step: 1e-4", "ms.Tensor(1e-4, ms.float32)")


@mistake("weight decay that is refused", "MSO135")
def invalid_decay(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)
    cells = ("nn.ExponentialDecayLR(1e-4, 0.9, 10)", "nn.ExponentialDecayLR(1e-3, 0.5, 5)")
    bad = cells if sketch.cls == "SGD" and sketch.rng.random() < 0.4 else DECAYS
    argument(sketch, detour, wrong, "weight_decay", bad, "1e-4")


@mistake("weight decay that can hardly be meant", "MSO136", silent=True)
def suspicious_decay(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    argument(sketch, detour, wrong, "weight_decay", ("True", "1.0", "5", "10.0"), "1e-4")


@mistake("lists of rates of unequal length", "MSO133")
def group_rate_length(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    grouped(sketch)
    first, second = sketch.groups[0], sketch.groups[1]
    first["lr"], good = "[0.1, 0.05, 0.02, 0.01]", "[0.2, 0.1, 0.05, 0.02]"
    bad = sketch.rng.choice(("[0.2, 0.1, 0.05]", "[0.1] * 7", "[0.1 * 0.5**i for i in range(6)]"))

    def put(text: str) -> None:
        second["lr"] = text

    def splat(text: str) -> None:
        sketch.setup.append('extra = {"lr": ' + text + "}")
        second.pop("lr", None)
        second["**extra"] = ""

    detours.value(sketch, detour, bad if wrong else good, good, put, splat, otherwise="[0.2, 0.1]" if wrong else good)
