"""The Parameters that layers make for themselves: ``nn.Dense`` a ``weight`` and, with ``has_bias``, a ``bias``."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from typing import Optional

from ms_optim_lint.mindspore.data import Version, load, value_at
from ms_optim_lint.mindspore.signatures import signature
from ms_optim_lint.records import record, replace


@record(frozen=True)
class OwnParameter:
    """One Parameter: its name below the layer (``weight``, ``bn2d.gamma``), its rank, and whether it is trained.

    The rank is None where it depends on an argument (``nn.LayerNorm``).
    """

    name: str
    rank: Optional[int]
    requires_grad: bool


@record(frozen=True)
class Layer:
    """A layer and its Parameters in the order of ``get_parameters()``.

    ``rows`` pairs each with the switches under which it is there. ``defaults`` are the switches when a call does not
    give them. ``varies`` are other arguments that change the Parameters; the rows hold where a call does not give them.
    """

    name: str
    rows: tuple[tuple[OwnParameter, tuple[tuple[str, bool], ...]], ...]
    defaults: tuple[tuple[str, bool], ...]
    varies: frozenset[str]

    @functools.cached_property
    def is_recurrent(self) -> bool:
        """Whether it is a stack of recurrent layers, whose Parameters are there for each."""
        return "num_layers" in self.varies and any("_l0" in parameter.name for parameter, _ in self.rows)

    def parameters(
        self, given: Mapping[str, Optional[bool]], layers: int = 1, sure: bool = False
    ) -> Optional[tuple[OwnParameter, ...]]:
        """The Parameters of one instance, or None if that depends on something unknown.

        ``given`` has the arguments of the call by name: the truth of each where it is known, else None. ``layers`` is the
        number of layers of a recurrent one. ``sure``: of switches that are not known, only what does not depend on them.
        """
        if self.varies & given.keys():
            return None
        values: dict[str, Optional[bool]] = {**dict(self.defaults), **given}
        found = []
        for parameter, when in self.rows:
            fits = [None if values[switch] is None else values[switch] == value for switch, value in when]
            if False in fits:
                continue
            if None in fits:
                if sure:
                    continue
                return None
            found.append(parameter)
        return tuple(_stacked(found, layers)) if layers > 1 else tuple(found)


def _stacked(first: list[OwnParameter], layers: int) -> Iterator[OwnParameter]:
    """All weights of the inputs, layer by layer, then all weights of the states, and so on."""
    for kind, rows in itertools.groupby(first, lambda row: row.name.partition("_l0")[0]):
        same = list(rows)
        for number in range(layers):
            for row in same:
                yield replace(row, name=f"{kind}_l{number}{row.name[len(kind) + 3 :]}")


#: Layers without Parameters that cannot be built without arguments of which the description knows no example.
_BARE = frozenset(f"mindspore.nn.{name}" for name in ("Unfold", "Roll", "Range", "CentralCrop", "ResizeBilinear"))


#: Classes that are not public and that people derive from: the layer that has the same Parameters and arguments.
PRIVATE = {"mindspore.nn.layer.rnn_cells.RNNCellBase": "mindspore.nn.GRUCell"}

#: Stacks of one kind of layer: the layer, and how their argument for the number of them is called.
_STACKS = {
    "mindspore.nn.TransformerEncoder": ("mindspore.nn.TransformerEncoderLayer", "num_layers"),
    "mindspore.nn.TransformerDecoder": ("mindspore.nn.TransformerDecoderLayer", "num_layers"),
}
_TRANSFORMER = "mindspore.nn.Transformer"


def stack(name: str, numbers: Mapping[str, Optional[int]], version: Version) -> Optional[tuple[OwnParameter, ...]]:
    """The Parameters of a stack of layers, by the arguments that are numbers; None for anything else. What it is given as
    ``norm`` comes after them."""
    if name == _TRANSFORMER:
        found: list[OwnParameter] = []
        for part in ("encoder", "decoder"):
            inner = f"mindspore.nn.Transformer{part.capitalize()}"
            rows = stack(inner, {"num_layers": numbers.get(f"num_{part}_layers", 6)}, version)
            norm = layer("mindspore.nn.LayerNorm", version)
            if rows is None or norm is None:
                return None
            found.extend(replace(row, name=f"{part}.{row.name}") for row in rows)
            found.extend(replace(row, name=f"{part}.norm.{row.name}", rank=1) for row, _ in norm.rows)
        return tuple(found)
    inner, word = _STACKS.get(name, ("", ""))
    count = numbers.get(word)
    one = layer(inner, version) if inner else None
    rows = one.parameters({}) if one is not None else None
    if rows is None or count is None:
        return None
    return tuple(replace(row, name=f"layers.{number}.{row.name}") for number in range(count) for row in rows)


@functools.cache
def layer(name: str, version: Version) -> Optional[Layer]:
    """The layer with this canonical name. None: it is not a layer of that release, or not described."""
    entry = value_at(load()["layers"].get(PRIVATE.get(name, name), {}), version)
    if entry is None:
        return Layer(name, (), (), frozenset()) if name in _BARE else None
    rows = tuple((OwnParameter(own, rank, trained), tuple(when.items())) for own, rank, trained, when in entry["rows"])
    described = signature(PRIVATE.get(name, name), version)
    arguments = described.arguments if described else ()
    defaults = {argument.name: argument.default == "True" for argument in arguments}
    switches = {switch for _, when in rows for switch, _ in when}
    # nn.LSTM and its kin declare no arguments; they document these.
    documented = {"has_bias": True, "bidirectional": False}
    return Layer(
        name,
        rows,
        tuple((switch, defaults.get(switch, documented.get(switch, False))) for switch in sorted(switches)),
        frozenset(entry.get("varies", ())),
    )
