"""The Parameters that layers make for themselves: ``nn.Dense`` a ``weight`` and, with ``has_bias``, a ``bias``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from ms_optim_lint.mindspore.data import Version, load, value_at
from ms_optim_lint.mindspore.signatures import signature


@dataclass(frozen=True)
class OwnParameter:
    """One Parameter: its name below the layer (``weight``, ``bn2d.gamma``), its rank, and whether it is trained.

    The rank is None where it depends on an argument (``nn.LayerNorm``).
    """

    name: str
    rank: Optional[int]
    requires_grad: bool


@dataclass(frozen=True)
class Layer:
    """A layer and its Parameters in the order of ``get_parameters()``.

    ``rows`` pairs each with the switches under which it is there. ``defaults`` are the switches when a call does not
    give them. ``varies`` are other arguments that change the Parameters; the rows hold where a call does not give them.
    """

    name: str
    rows: tuple[tuple[OwnParameter, tuple[tuple[str, bool], ...]], ...]
    defaults: tuple[tuple[str, bool], ...]
    varies: frozenset[str]

    def parameters(self, given: Mapping[str, Optional[bool]]) -> Optional[tuple[OwnParameter, ...]]:
        """The Parameters of one instance, or None if that depends on something unknown.

        ``given`` has the arguments of the call by name: the truth of each where it is known, else None.
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
                return None
            found.append(parameter)
        return tuple(found)


@functools.cache
def layer(name: str, version: Version) -> Optional[Layer]:
    """The layer with this canonical name. None: it is not a layer of that release, or not described."""
    entry = value_at(load()["layers"].get(name, {}), version)
    if entry is None:
        return None
    rows = tuple((OwnParameter(own, rank, trained), tuple(when.items())) for own, rank, trained, when in entry["rows"])
    described = signature(name, version)
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
