"""How a mistake gets to where it matters: eight ways, for each of the three kinds of places."""

from __future__ import annotations

from typing import Callable, Optional

from runtime.generator.sketch import Sketch

DETOURS = ("direct", "name", "helper", "other file", "loop", "attribute", "splat", "branch")

#: A test that is true when the program runs, and that no reading of the file decides.
TESTS = (
    'os.environ.get("STAGE", "train") == "train"',
    'os.environ.get("USE_DEFAULTS") is None',
    'len(os.environ.get("EXTRA", "")) < 3',
)


def value(
    sketch: Sketch,
    detour: str,
    wrong: str,
    right: str,
    put: Callable[[str], None],
    splat: Optional[Callable[[str], None]] = None,
    loop: Optional[str] = None,
    otherwise: Optional[str] = None,
) -> None:
    """Bring the expression ``wrong`` to its place with ``put``; ``right`` is what would have been right there.

    ``loop`` are lines that bind ``{name}`` in a loop, where there is a natural way; ``splat`` puts it into an unpacked dict;
    ``otherwise`` stands in the branch that is not run, where it is not ``right``.
    """
    rng = sketch.rng
    name = rng.choice(("chosen", "selected", "option", "setting"))
    if detour == "direct":
        put(wrong)
    elif detour == "name":
        sketch.setup.append(f"{name} = {wrong}")
        if rng.random() < 0.4:
            sketch.setup.append(f"given = {name}")
            name = "given"
        put(name)
    elif detour in ("helper", "other file"):
        sketch.helper("choose", [f"return {wrong}"], detour == "other file")
        if rng.random() < 0.5:
            sketch.setup.append(f"{name} = choose(net)")
            put(name)
        else:
            put("choose(net)")
    elif detour == "loop":
        if loop:
            sketch.setup += loop.format(name=name).splitlines()
            put(name)
        elif rng.random() < 0.5:
            sketch.setup += ["found = {}", f'for key, one in (("first", {wrong}), ("second", None)):']
            sketch.setup += ["    found[key] = one"]
            put('found["first"]')
        else:
            sketch.setup += ["collected = []", f"for one in ({wrong},):", "    collected.append(one)"]
            put("collected[0]")
    elif detour == "attribute":
        _attribute(sketch, wrong, put)
    elif detour == "splat":
        assert splat is not None
        splat(wrong)
    else:
        sketch.setup += [f"if {rng.choice(TESTS)}:", f"    {name} = {wrong}", "else:"]
        sketch.setup.append(f"    {name} = {otherwise or right}")
        put(name)


def _attribute(sketch: Sketch, wrong: str, put: Callable[[str], None]) -> None:
    lines = "class Settings:\n    def __init__(self, net):\n        self.seed = 1\n        self.value = {}\n"
    sketch.tops.append(lines.format(wrong))
    sketch.setup.append("settings = Settings(net)")
    put("settings.value")


def construction(sketch: Sketch, detour: str, right: Sketch) -> None:
    """Build the optimizer by a detour; ``right`` is the same sketch without the mistake."""
    rng = sketch.rng
    if detour == "name":
        sketch.setup.append(f"make = {sketch.callee or sketch.prefix + sketch.cls}")
        sketch.callee = "make"
        if not sketch.groups:
            sketch.setup.append(f"parameters = {sketch.params}")
            sketch.params = "parameters"
        else:
            sketch.setup.append(f"groups = {sketch.group_list()}")
            sketch.params, sketch.groups = "groups", []
    elif detour in ("helper", "other file"):
        sketch.helper("build_optimizer", [f"return {sketch.call()}"], detour == "other file")
        sketch.build = ["optimizer = build_optimizer(net)"]
    elif detour == "loop":
        sketch.build = [
            "built = []",
            "for network in [net]:",
            f"    built.append({sketch.call()})",
            "optimizer = built[0]",
        ]
    elif detour == "attribute":
        lines = "class Trainer:\n    def __init__(self, net):\n        self.net = net\n        self.optimizer = {}\n"
        sketch.tops.append(lines.format(sketch.call()))
        sketch.build, sketch.optimizer = ["trainer = Trainer(net)"], "trainer.optimizer"
    elif detour == "splat":
        if sketch.keywords:
            packed = ", ".join(f'"{key}": {one}' for key, one in sketch.keywords.items())
            sketch.setup.append("options = {" + packed + "}")
            sketch.keywords = {}
            sketch.positional.append("**options")
    elif detour == "branch":
        sketch.build = [f"if {rng.choice(TESTS)}:", f"    optimizer = {sketch.call()}", "else:"]
        sketch.build += [f"    optimizer = {right.call()}"]


def statement(sketch: Sketch, detour: str, wrong: str) -> None:
    """Let ``wrong``, lines that speak of ``{o}``, and of the network as ``{n}``, happen to the optimizer."""
    rng = sketch.rng
    if detour == "name":
        sketch.after += ["opt = optimizer", *wrong.format(o="opt", n="net").splitlines()]
    elif detour in ("helper", "other file"):
        given = "optimizer, net" if "{n}" in wrong else "optimizer"
        lines = wrong.format(o="optimizer", n="net").splitlines()
        sketch.helper("adjust", lines, detour == "other file", given)
        sketch.after.append(f"adjust({given})")
    elif detour == "loop":
        sketch.each += wrong.format(o="optimizer", n="net").splitlines()
    elif detour == "attribute":
        body = "\n".join("        " + line for line in wrong.format(o="self.optimizer", n="self.net").splitlines())
        start = "class Trainer:\n    def __init__(self, net):\n        self.net = net\n        self.optimizer = {}\n"
        sketch.tops.append(start.format(sketch.call()) + f"\n    def adjust(self):\n{body}\n")
        sketch.build, sketch.optimizer = ["trainer = Trainer(net)"], "trainer.optimizer"
        sketch.after.append("trainer.adjust()")
    elif detour == "branch":
        sketch.after.append(f"if {rng.choice(TESTS)}:")
        sketch.after += ["    " + line for line in wrong.format(o="optimizer", n="net").splitlines()]
    else:
        if detour == "splat" and sketch.keywords:
            packed = ", ".join(f'"{key}": {one}' for key, one in sketch.keywords.items())
            sketch.setup.append("options = {" + packed + "}")
            sketch.keywords = {}
            sketch.positional.append("**options")
        sketch.after += wrong.format(o="optimizer", n="net").splitlines()
