"""Networks of the generated programs."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Part:
    """A trainable parameter: its name, its rank, and the class of the cell that owns it."""

    name: str
    rank: int
    kind: str


def dense(path: str) -> tuple[Part, ...]:
    """The parameters of an ``nn.Dense`` at ``path``."""
    return Part(f"{path}.weight", 2, "Dense"), Part(f"{path}.bias", 1, "Dense")


def norm(path: str, kind: str) -> tuple[Part, ...]:
    """Those of a normalization layer."""
    return Part(f"{path}.gamma", 1, kind), Part(f"{path}.beta", 1, kind)


@dataclass(frozen=True)
class Network:
    """A network as source: its definition, how it is built, and what is known of its parameters.

    ``parts`` are disjoint submodules that together hold all parameters: an attribute path and the prefix of the names.
    ``words`` are parts of names that some trainable parameters have and others do not. ``parameters`` are all of them.
    """

    definition: str
    make: str
    shape: tuple[int, ...]
    outputs: int
    parts: tuple[tuple[str, str], ...]
    words: tuple[str, ...] = ("bias", "weight")
    weight: str = ""
    parameters: tuple[Part, ...] = ()

    @property
    def one(self) -> str:
        """One Parameter of it, as an expression."""
        return f"net{self.parts[0][0]}.{self.weight or 'weight'}"


CLASS = """\
class {name}(nn.Cell):
    def __init__(self):
        super().__init__()
{layers}

    def construct(self, x):
{body}
"""


def _class(name: str, layers: list[str], body: list[str]) -> str:
    indent = " " * 8
    return CLASS.format(
        name=name, layers="\n".join(indent + one for one in layers), body="\n".join(indent + one for one in body)
    )


def two_layers(rng: Random) -> Network:
    """Two layers by name."""
    width = rng.choice((4, 6, 8))
    first, last = rng.choice((("backbone", "head"), ("encoder", "decoder"), ("fc1", "fc2"), ("body", "classifier")))
    act = rng.choice(("nn.Tanh()", "nn.Sigmoid()", "nn.GELU()"))
    layers = [f"self.{first} = nn.Dense(4, {width})", f"self.act = {act}", f"self.{last} = nn.Dense({width}, 2)"]
    text = _class("Net", layers, [f"return self.{last}(self.act(self.{first}(x)))"])
    parts = ((f".{first}", f"{first}."), (f".{last}", f"{last}."))
    return Network(text, "Net()", (3, 4), 2, parts, parameters=dense(first) + dense(last))


def equal_layers(rng: Random) -> Network:
    """Two layers of one shape."""
    first, last = rng.choice((("first", "second"), ("left", "right"), ("fc1", "fc2")))
    layers = [f"self.{first} = nn.Dense(4, 4)", f"self.{last} = nn.Dense(4, 4)"]
    text = _class("Net", layers, [f"return self.{last}(self.{first}(x))"])
    return Network(text, "Net()", (3, 4), 4, ((f".{first}", f"{first}."), (f".{last}", f"{last}.")))


def sequence(rng: Random) -> Network:
    """A SequentialCell, without a class."""
    width = rng.choice((3, 5, 8))
    act = rng.choice(("nn.Tanh()", "nn.Sigmoid()"))
    make = f"nn.SequentialCell(nn.Dense(4, {width}), {act}, nn.Dense({width}, 2))"
    return Network("", make, (3, 4), 2, (("[0]", "0."), ("[2]", "2.")), parameters=dense("0") + dense("2"))


def blocks(rng: Random) -> Network:
    """Own blocks, and one inside another."""
    width = rng.choice((4, 6))
    block = _class(
        "Block", [f"self.fc = nn.Dense(4, {width})", "self.act = nn.Tanh()"], ["return self.act(self.fc(x))"]
    )
    layers = ["self.features = Block()", f"self.output = nn.Dense({width}, 3)"]
    net = _class("Classifier", layers, ["return self.output(self.features(x))"])
    parts = ((".features", "features."), (".output", "output."))
    return Network(f"{block}\n\n{net}", "Classifier()", (3, 4), 3, parts, weight="fc.weight")


def convolution(rng: Random) -> Network:
    """A convolution with BatchNorm."""
    layers = [
        "self.conv = nn.Conv2d(1, 2, 3, has_bias=True)",
        "self.bn = nn.BatchNorm2d(2)",
        "self.flatten = nn.Flatten()",
        "self.fc = nn.Dense(32, 2)",
    ]
    body = ["x = self.bn(self.conv(x))", "return self.fc(self.flatten(x))"]
    parts = ((".conv", "conv."), (".bn", "bn."), (".fc", "fc."))
    every = Part("conv.weight", 4, "Conv2d"), Part("conv.bias", 1, "Conv2d"), *norm("bn", "BatchNorm2d"), *dense("fc")
    text = _class("ConvNet", layers, body)
    return Network(text, "ConvNet()", (2, 1, 4, 4), 2, parts, ("bias", "conv", "fc"), parameters=every)


def stages(rng: Random) -> Network:
    """A CellList, filled by a loop."""
    layers = ["self.stages = nn.CellList([nn.Dense(4, 4) for _ in range(2)])", "self.output = nn.Dense(4, 2)"]
    body = ["for stage in self.stages:", "    x = stage(x)", "return self.output(x)"]
    parts = ((".stages", "stages."), (".output", "output."))
    return Network(_class("Net", layers, body), "Net()", (3, 4), 2, parts, weight="0.weight")


def normed(rng: Random) -> Network:
    """Layers of three kinds, which share words of their names."""
    width = rng.choice((4, 6))
    first, last = rng.choice((("encoder", "head"), ("stem", "classifier"), ("body", "output")))
    layers = [
        f"self.{first} = nn.Dense(4, {width})",
        f"self.norm = nn.LayerNorm(({width},))",
        f"self.{last} = nn.Dense({width}, 2)",
    ]
    text = _class("Net", layers, [f"return self.{last}(self.norm(self.{first}(x)))"])
    parts = ((f".{first}", f"{first}."), (".norm", "norm."), (f".{last}", f"{last}."))
    every = dense(first) + norm("norm", "LayerNorm") + dense(last)
    return Network(text, "Net()", (3, 4), 2, parts, ("bias", "norm", "weight"), parameters=every)


def staged(rng: Random) -> Network:
    """Blocks in a SequentialCell, with a normalization in each, and a head."""
    count = rng.choice((1, 2))
    block = _class(
        "Block",
        ["self.fc = nn.Dense(4, 4)", "self.norm = nn.LayerNorm((4,))"],
        ["return self.norm(self.fc(x))"],
    )
    layers = [f"self.blocks = nn.SequentialCell([Block() for _ in range({count})])", "self.head = nn.Dense(4, 2)"]
    net = _class("Net", layers, ["return self.head(self.blocks(x))"])
    parts = ((".blocks", "blocks."), (".head", "head."))
    inner = [dense(f"blocks.{one}.fc") + norm(f"blocks.{one}.norm", "LayerNorm") for one in range(count)]
    every = tuple(part for one in inner for part in one) + dense("head")
    return Network(f"{block}\n\n{net}", "Net()", (3, 4), 2, parts, ("bias", "norm", "fc"), parameters=every)


#: Networks whose groups can be made by the kind of the cells, too.
OF_KINDS = (convolution, normed, staged)

ALL = (two_layers, equal_layers, sequence, blocks, convolution, stages)


def any_network(rng: Random) -> Network:
    """One of them. Those that are cheap to run come more often."""
    return rng.choices(ALL, (4, 2, 3, 2, 1, 1))[0](rng)
