"""Mistakes in what is given to an optimizer as parameters."""

from __future__ import annotations

import copy

from runtime.generator import detours
from runtime.generator.detours import construction
from runtime.generator.mistakes import mistake
from runtime.generator.networks import convolution, equal_layers, normed
from runtime.generator.sketch import Sketch, grouped, settle


def given(sketch: Sketch, detour: str, wrong: bool, bad: str, loop: str = "", other: str = "") -> None:
    """Give the optimizer ``bad`` as its parameters; ``other`` is as wrong."""
    good = sketch.params

    def put(text: str) -> None:
        sketch.params = text

    def splat(text: str) -> None:
        sketch.setup.append(f"arguments = ({text},)")
        sketch.params = "*arguments"

    other = (other or good) if wrong else good
    detours.value(sketch, detour, bad if wrong else good, good, put, splat, loop if wrong else None, other)


def in_group(
    sketch: Sketch, detour: str, number: int, key: str, expression: str, good: str, loop: str = "", other: str = ""
) -> None:
    """Give a group ``expression`` under ``key``."""
    group = sketch.groups[number]

    def put(text: str) -> None:
        group[key] = text

    def splat(text: str) -> None:
        sketch.setup.append(f'extra = {{"{key}": {text}}}')
        group.pop(key, None)
        group["**extra"] = ""

    detours.value(sketch, detour, expression, good, put, splat, loop or None, other or good)


@mistake("nothing to train", "MSO111")
def empty_params(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)
    if sketch.net.definition and sketch.rng.random() < 0.6:
        word = sketch.rng.choice(("lora", "adapter", "Bias", "embedding_table"))
        bad = sketch.rng.choice(
            (
                f'[p for p in net.trainable_params() if "{word}" in p.name]',
                f'list(filter(lambda p: "{word}" in p.name, net.trainable_params()))',
                f'[p for p in net.trainable_params() if p.name.startswith("{word}")]',
            )
        )
        loop = (
            f'{{name}} = []\nfor p in net.trainable_params():\n    if "{word}" in p.name:\n        {{name}}.append(p)'
        )
    else:
        bad, loop = sketch.rng.choice((("[]", ""), ("None", ""), ("list()", ""), ("()", "")))
    given(sketch, detour, wrong, bad, loop, "[]")


WRONG = (
    "net",
    "net.trainable_params",
    "[p.name for p in net.trainable_params()]",
    "list(net.parameters_and_names())",
    "net.parameters_dict()",
    "{one}",
    "[net.trainable_params()]",
    "list(zip(net.trainable_params(), net.trainable_params()))",
    '{{"params": net.trainable_params()}}',
)


@mistake("no list of Parameters", "MSO118")
def invalid_params(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    given(sketch, detour, wrong, sketch.rng.choice(WRONG).format(one=sketch.net.one))


@mistake("parameter in two groups", "MSO115")
def overlapping(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)
    grouped(sketch, order=False)
    good = sketch.groups[1]["params"]
    loop = "{name} = []\nfor p in net.trainable_params():\n    {name}.append(p)"
    bad = sketch.rng.choice(("net.trainable_params()", sketch.groups[0]["params"], "list(net.trainable_params())"))
    other = "net.trainable_params()" if wrong else good
    in_group(sketch, detour, 1, "params", bad if wrong else good, good, loop if wrong else "", other)


@mistake("iterator in a group", "MSO113", silent=True, without=("loop",))
def iterator_group(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    path, prefix = sketch.rng.choice(sketch.net.parts)
    rest = " + ".join(f"net{other}.trainable_params()" for other, _ in sketch.net.parts if other != path)
    bad, good = sketch.rng.choice(
        (
            (f'filter(lambda p: p.name.startswith("{prefix}"), net.trainable_params())',
             f'list(filter(lambda p: p.name.startswith("{prefix}"), net.trainable_params()))'),
            (f'(p for p in net.trainable_params() if p.name.startswith("{prefix}"))',
             f'[p for p in net.trainable_params() if p.name.startswith("{prefix}")]'),
            (f"iter(net{path}.trainable_params())", f"net{path}.trainable_params()"),
            (f"reversed(net{path}.trainable_params())", f"list(reversed(net{path}.trainable_params()))"),
            (f"map(lambda p: p, net{path}.trainable_params())", f"list(map(lambda p: p, net{path}.trainable_params()))"),
        )
    )  # fmt: skip
    sketch.groups = [{"params": good, "lr": "0.01"}, {"params": rest}]
    in_group(sketch, detour, 0, "params", bad if wrong else good, good)


@mistake("order_params of other parameters", "MSO122")
def order_mismatch(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    grouped(sketch)
    part = sketch.net.parts[0][0]
    bad, loop = sketch.rng.choice(
        (
            (
                f"net{part}.trainable_params()",
                f"{{name}} = []\nfor p in net{part}.trainable_params():\n    {{name}}.append(p)",
            ),
            ("net.trainable_params() * 2", ""),
            ("net.trainable_params()[1:]", ""),
            ("[p for p in net.trainable_params()][:-1]", ""),
        )
    )
    good = "net.trainable_params()"
    other = "net.trainable_params()[:1]" if wrong else good
    in_group(sketch, detour, 2, "order_params", bad if wrong else good, good, loop if wrong else "", other)


@mistake("second order_params", "MSO127", silent=True, without=("splat",))
def second_order(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.net = equal_layers(sketch.rng)
    sketch.params = "net.trainable_params()"
    settle(sketch)
    first, second = (f"net{path}.trainable_params()" for path, _ in sketch.net.parts)
    order = f"{second} + {first}"
    sketch.groups = [{"params": first, "lr": "0.02"}, {"params": second}, {"order_params": order}]
    # The gradients follow the order that was asked for first.
    sketch.weights, sketch.loop = f"ms.ParameterTuple({order})", "plain"
    right = copy.copy(sketch)
    if wrong:
        sketch.groups = [*sketch.groups, {"order_params": "net.trainable_params()"}]
    construction(sketch, detour, right)


ITERATORS = (
    (
        "filter(lambda p: p.requires_grad, net.get_parameters())",
        "list(filter(lambda p: p.requires_grad, net.get_parameters()))",
    ),
    ("(p for p in net.trainable_params())", "[p for p in net.trainable_params()]"),
    ("net.get_parameters()", "net.trainable_params()"),
    ("iter(net.trainable_params())", "list(net.trainable_params())"),
    ("map(lambda p: p, net.trainable_params())", "list(map(lambda p: p, net.trainable_params()))"),
)
READERS = (
    ["print(len(list({v})))"],
    ["count = sum(p.size for p in {v})"],
    ["for p in {v}:", "    print(p.name)"],
    ["warm_up = nn.SGD({v}, 0.01)"],
    ["names = [p.name for p in {v}]"],
)


@mistake("iterator that was read before", "MSO114")
def consumed_iterator(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)
    rng = sketch.rng
    made, reader, name = (
        rng.choice(ITERATORS)[not wrong],
        rng.choice(READERS),
        rng.choice(("params", "weights", "trained")),
    )
    lines = [f"{name} = {made}", *(one.format(v=name) for one in reader)]
    sketch.params = name
    if detour == "name":
        sketch.setup += [*lines, f"chosen = {name}"]
        sketch.params = "chosen"
    elif detour in ("helper", "other file"):
        sketch.helper("params_of", [*lines, f"return {name}"], detour == "other file")
        sketch.params = "params_of(net)"
    elif detour == "loop":
        sketch.setup += [lines[0], "seen = 0", f"for one in {name}:", "    seen += one.size"]
    elif detour == "attribute":
        body = [f"self.{name} = {made}", *(one.format(v=f"self.{name}") for one in reader)]
        text = "".join(f"        {line}\n" for line in body)
        sketch.tops.append(f"class Settings:\n    def __init__(self, net):\n{text}")
        sketch.setup.append("settings = Settings(net)")
        sketch.params = f"settings.{name}"
    elif detour == "splat":
        sketch.setup += [*lines, f"arguments = ({name},)"]
        sketch.params = "*arguments"
    elif detour == "branch":
        other = rng.choice(ITERATORS)[not wrong]
        sketch.setup += [
            f"if {rng.choice(detours.TESTS)}:",
            f"    {lines[0]}",
            "else:",
            f"    {name} = {other}",
            *lines[1:],
        ]
    else:
        sketch.setup += lines


@mistake("parameters compared by their values", "MSO171")
def parameter_identity(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    path, _ = sketch.net.parts[-1]
    part = f"net{path}.trainable_params()"
    tests = (f"p not in {part}", f"not p in {part}", f"{part}.count(p) == 0")
    test = sketch.rng.choice(tests) if wrong else f"id(p) not in {{id(q) for q in {part}}}"
    text = f"[p for p in net.trainable_params() if {test}]"
    loop = f"{{name}} = []\nfor p in net.trainable_params():\n    if {test}:\n        {{name}}.append(p)"
    sketch.groups = [{"params": part, "lr": "0.01"}, {"params": text}]
    in_group(sketch, detour, 1, "params", text, text, loop if wrong else "")


@mistake("normalization that is decayed because of groups", "MSO128", silent=True)
def grouped_norm_decay(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.net = sketch.rng.choice((convolution, normed))(sketch.rng)
    settle(sketch)
    sketch.keywords["weight_decay"] = sketch.rng.choice(("0.05", "0.1"))
    (first, _), (inner, _), (last, _) = sketch.net.parts
    norm = f"net{inner}.trainable_params()"
    others = f"net{first}.trainable_params()"
    exempt = {"params": norm, "weight_decay": "0.0"}
    if sketch.rng.random() < 0.5:
        decayed = {"params": f"{others} + {norm}" if wrong else others}
    else:
        prefix = sketch.net.parts[0 if not wrong else 2][1]
        decayed = {"params": f'[p for p in net.trainable_params() if {"not " * wrong}p.name.startswith("{prefix}")]'}
    sketch.groups = [decayed, {"params": f"net{last}.trainable_params()", "lr": "0.2"}]
    if not wrong:
        sketch.groups.append(exempt)
    sketch.groups.append({"order_params": "net.trainable_params()"})
    construction(sketch, detour, copy.copy(sketch))
