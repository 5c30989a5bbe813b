"""A program before it is written: a network, the call that builds an optimizer, what happens to it, a training loop."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from random import Random

from runtime.generator.networks import Network, any_network

#: How the modules are imported and written.
SPELLINGS = {
    "nn": (
        ("from mindspore import nn", "nn."),
        ("import mindspore.nn as nn", "nn."),
        ("from mindspore import nn", "ms.nn."),
    ),
    "optim": (
        ("from mindspore.experimental import optim", "optim."),
        ("import mindspore.experimental.optim as optim", "optim."),
    ),
    "mint": (
        ("from mindspore import mint", "mint.optim."),
        ("from mindspore.mint import optim as mint_optim", "mint_optim."),
    ),
}

IMPORTS = "import os\n\nimport mindspore as ms\nimport numpy as np\nfrom mindspore import nn, ops\n"


@dataclass(frozen=True)
class Program:
    """Files by name; ``train.py`` is the one that is run and linted."""

    files: dict[str, str]

    @property
    def text(self) -> str:
        """The file that is linted."""
        return self.files["train.py"]


@dataclass
class Sketch:
    """What a program does. Expressions are text; they may speak of ``net``, ``ms``, ``nn``, ``ops`` and ``np``.

    ``first`` stands before the network is built, ``setup`` before the optimizer is, ``after`` after it, ``each`` in the
    training loop behind each step. ``tops`` are definitions; ``beside`` is one that goes where the helper goes that uses it.
    ``optimizer`` is how the program speaks of the optimizer once it is there.
    """

    rng: Random
    net: Network
    family: str = "nn"
    cls: str = "Momentum"
    params: str = "net.trainable_params()"
    groups: list[dict[str, str]] = field(default_factory=list)
    positional: list[str] = field(default_factory=list)
    keywords: dict[str, str] = field(default_factory=dict)
    first: list[str] = field(default_factory=list)
    setup: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    each: list[str] = field(default_factory=list)
    tops: list[str] = field(default_factory=list)
    beside: str = ""
    files: dict[str, str] = field(default_factory=dict)
    #: These lines build the optimizer in place of the plain assignment.
    build: list[str] = field(default_factory=list)
    optimizer: str = "optimizer"
    callee: str = ""
    weights: str = ""
    update: str = "{o}(grads)"
    #: What a TrainOneStepCell is given besides the network and the optimizer.
    of_cell: str = ""
    #: What the forward function does, and how its gradients are made; ``{w}`` are the weights.
    forward: list[str] = field(default_factory=lambda: ["return loss_fn(net(x), y)"])
    gradients: list[str] = field(default_factory=lambda: ["grad_fn = ms.value_and_grad(forward, None, {w})"])
    unpacked: str = "loss, grads"
    steps: int = 3
    spelling: int = 0
    in_main: bool = False
    loop: str = "plain"

    def call(self) -> str:
        """The call that builds the optimizer."""
        first = self.params if not self.groups else self.group_list()
        arguments = [first, *self.positional, *(f"{name}={value}" for name, value in self.keywords.items())]
        return f"{self.callee or self.prefix + self.cls}({', '.join(one for one in arguments if one)})"

    def group_list(self) -> str:
        """The groups as a list display."""
        return "[" + ", ".join(self.group(number) for number in range(len(self.groups))) + "]"

    def group(self, number: int) -> str:
        """One group as a dict display. A key that starts with ``**`` is a dict that is unpacked."""
        items = self.groups[number].items()
        return "{" + ", ".join(key if key.startswith("**") else f'"{key}": {value}' for key, value in items) + "}"

    @property
    def prefix(self) -> str:
        """What stands before the name of the class."""
        return SPELLINGS[self.family][self.spelling % len(SPELLINGS[self.family])][1]

    def imports(self) -> str:
        """The imports of each file."""
        lines = {IMPORTS, SPELLINGS[self.family][self.spelling % len(SPELLINGS[self.family])][0] + "\n"}
        if self.family == "mint":
            return IMPORTS + "".join(sorted({"from mindspore.experimental import optim\n", *(lines - {IMPORTS})}))
        if self.family == "optim":
            return IMPORTS + "".join(sorted(lines - {IMPORTS}))
        if "import mindspore.nn as nn" in "".join(lines):
            return IMPORTS.replace("import nn, ops", "import ops") + "import mindspore.nn as nn\n"
        return IMPORTS

    def helper(self, name: str, lines: list[str], elsewhere: bool, arguments: str = "net") -> None:
        """Define a function, in this file or in another one."""
        text = f"def {name}({arguments}):\n" + textwrap.indent("\n".join(lines), "    ") + "\n"
        if elsewhere:
            module = self.rng.choice(("helpers", "builder", "tools"))
            beside = f"{self.beside}\n\n" if self.beside else ""
            self.files[f"{module}.py"] = f"{self.imports()}\n\n{beside}{text}"
            self.tops.insert(0, f"from {module} import {name}\n")
        else:
            self.tops.append(text)

    def write(self) -> Program:
        """The program."""
        build = self.build or [f"{self.optimizer} = {self.call()}"]
        lines = [*self.first, f"net = {self.net.make}", *self.setup, *build, *self.after, *self._training()]
        imports = [one for one in self.tops if one.startswith("from ")]
        beside = "" if any(self.beside in text for text in self.files.values()) else self.beside
        tops = [self.net.definition, beside, *(one for one in self.tops if not one.startswith("from "))]
        body = "\n".join(lines)
        if self.in_main:
            body = "def main():\n" + textwrap.indent(body, "    ") + '\n\n\nif __name__ == "__main__":\n    main()'
        text = self.imports() + "".join(imports) + "\n\n" + "\n\n".join([*filter(None, tops), body]) + "\n"
        return Program({**self.files, "train.py": text})

    def _training(self) -> list[str]:
        optimizer, weights = self.optimizer, self.weights or f"{self.optimizer}.parameters"
        size = 1
        for one in self.net.shape:
            size *= one
        lines = [
            f"data = ms.Tensor(np.linspace(-1, 1, {size}).reshape({self.net.shape}), ms.float32)",
            f"target = ops.ones(({self.net.shape[0]}, {self.net.outputs}), ms.float32)",
            "loss_fn = nn.MSELoss()",
        ]
        if self.loop == "cell":
            lines.append(f"step_fn = nn.TrainOneStepCell(nn.WithLossCell(net, loss_fn), {optimizer}{self.of_cell})")
            step = ["loss = step_fn(data, target)"]
        elif self.loop == "lambda":
            lines.append(f"grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, {weights})")
            step = ["loss, grads = grad_fn(data, target)", self.update.format(o=optimizer)]
        else:
            lines += ["def forward(x, y):", *("    " + line for line in self.forward), ""]
            lines += [line.format(w=weights) for line in self.gradients]
            step = [f"{self.unpacked} = grad_fn(data, target)", self.update.format(o=optimizer)]
        lines.append(f"for step in range({self.steps}):")
        return lines + ["    " + one for part in (*step, *self.each) for one in part.splitlines()]


def right_sketch(rng: Random) -> Sketch:
    """A right program over a flat list of parameters: every choice that does not matter is left to chance."""
    sketch = Sketch(rng, any_network(rng))
    sketch.spelling = rng.randrange(6)
    sketch.in_main = rng.random() < 0.4
    sketch.loop = rng.choice(("plain", "lambda", "cell"))
    sketch.params = flat(rng, sketch.net)
    return sketch


def flat(rng: Random, net: Network) -> str:
    """All trainable parameters, in one of the usual ways."""
    return rng.choice(
        (
            "net.trainable_params()",
            "net.trainable_params()",
            "[p for p in net.trainable_params()]",
            "list(filter(lambda p: p.requires_grad, net.get_parameters()))",
            " + ".join(f"net{path}.trainable_params()" for path, _ in net.parts),
        )
    )


def halves(rng: Random, net: Network) -> tuple[str, str]:
    """Two disjoint lists that together are all parameters."""
    path, prefix = rng.choice(net.parts)
    rest = " + ".join(f"net{other}.trainable_params()" for other, _ in net.parts if other != path)
    word = rng.choice(net.words)
    every = "net.trainable_params()"
    return rng.choice(
        (
            (f"net{path}.trainable_params()", rest),
            (f'[p for p in {every} if "{word}" in p.name]', f'[p for p in {every} if "{word}" not in p.name]'),
            (
                f'list(filter(lambda p: p.name.startswith("{prefix}"), {every}))',
                f'list(filter(lambda p: not p.name.startswith("{prefix}"), {every}))',
            ),
            (f"[p for p in {every} if p.ndim > 1]", f"[p for p in {every} if p.ndim <= 1]"),
            (f"net{path}.trainable_params()", f'[p for p in {every} if not p.name.startswith("{prefix}")]'),
        )
    )


def settle(sketch: Sketch, rates: bool = True) -> None:
    """Give an ``nn`` or ``experimental`` optimizer that has none yet a class and its arguments."""
    rng = sketch.rng
    rate = rng.choice(("0.1", "0.05", "1e-2", "0.02"))
    name = "learning_rate" if sketch.family == "nn" else "lr"
    if sketch.family == "optim":
        sketch.loop = rng.choice(("plain", "lambda"))
        sketch.cls = rng.choice(("SGD", "Adam", "AdamW"))
    else:
        sketch.cls = rng.choice(("Momentum", "SGD", "Adam", "AdamWeightDecay", "RMSProp"))
    if rates:
        sketch.keywords[name] = rate
    if sketch.cls == "Momentum":
        sketch.keywords["momentum"] = "0.9"


def grouped(sketch: Sketch, order: bool = True) -> None:
    """Make two groups, with options of their own."""
    first, second = halves(sketch.rng, sketch.net)
    option = sketch.rng.choice((("lr", "0.01"), ("weight_decay", "0.01")))
    sketch.groups = [{"params": first, option[0]: option[1]}, {"params": second}]
    if sketch.rng.random() < 0.5:
        sketch.groups.reverse()
    if option[0] == "weight_decay":
        for group in sketch.groups:
            group.setdefault("weight_decay", "0.0")
    if order:
        sketch.groups.append({"order_params": "net.trainable_params()"})
