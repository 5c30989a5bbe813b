"""Layers: the Parameters that they make for themselves, by the values of their switches."""

from __future__ import annotations

import ast
import contextlib
import itertools
import os
import sys
from typing import Any, Optional

from describing.tables import CONTAINERS, INSERTED, SAMPLES, UNDECLARED


def layer(mindspore: Any, value: Any, signature: str) -> Optional[dict[str, Any]]:
    """The Parameters that a layer makes for itself, by the values of its switches (arguments that are True or False).

    Each row is ``[name, rank, requires_grad, {switch: value}]``: there is such a Parameter where the switches have
    these values. The rank is None where it is that of an argument. ``varies`` names other arguments (``num_layers``)
    that change the rows; these hold for the default.
    """
    function = ast.parse(f"lambda {signature}: 0", mode="eval").body
    assert isinstance(function, ast.Lambda)
    arguments = function.args
    positional = [argument.arg for argument in arguments.args]
    required = positional[: len(positional) - len(arguments.defaults)]
    if not set(required) <= SAMPLES.keys():
        return None
    given = {name: SAMPLES[name] for name in required}
    nodes: dict[str, Optional[ast.expr]] = dict(zip(positional[len(required) :], arguments.defaults))
    nodes.update(zip((argument.arg for argument in arguments.kwonlyargs), arguments.kw_defaults))
    constants = {name: node.value for name, node in nodes.items() if isinstance(node, ast.Constant)}
    flags = [name for name, default in constants.items() if isinstance(default, bool)]

    def parameters(**keywords: Any) -> list[tuple[str, int, bool]]:
        cell = value(**{**given, **keywords})
        return [(name, parameter.ndim, parameter.requires_grad) for name, parameter in cell.parameters_and_names()]

    def differs(name: str, other: Any) -> bool:
        with contextlib.suppress(Exception):
            return parameters(**{name: other}) != usual
        return False

    try:
        usual = parameters()
    except Exception as error:
        if os.environ.get("DESCRIBE_VERBOSE"):
            print(f"layer {value.__name__}: {error!r}"[:200], file=sys.stderr)
        return None
    switches = [name for name in flags if differs(name, not constants[name])]
    found: dict[tuple[str, int, bool], list[tuple[bool, ...]]] = {}
    combinations = list(itertools.product((True, False), repeat=len(switches)))
    made: dict[tuple[bool, ...], list[tuple[str, int, bool]]] = {}
    for combination in combinations:
        with contextlib.suppress(Exception):  # a combination that the layer refuses
            made[combination] = parameters(**dict(zip(switches, combination)))
        for row in made.get(combination, ()):
            found.setdefault(row, []).append(combination)
    rows = [(row, when) for row, holds in found.items() for when in conditions(switches, holds)]
    for combination, expected in made.items():
        values = dict(zip(switches, combination))
        if [row for row, when in rows if when.items() <= values.items()] != expected:
            return None  # an order that depends on a switch
    if len(rows) > 30:  # a whole network
        return None
    same_rank = "normalized_shape" not in given or not differs("normalized_shape", (4, 4))
    entry: dict[str, Any] = {
        "rows": [[name, rank if same_rank else None, trained, when] for (name, rank, trained), when in rows]
    }
    numbers = [name for name, default in constants.items() if type(default) is int]
    varies = [name for name in numbers if differs(name, 2)] + [name for name in INSERTED if name in nodes]
    if varies:
        entry["varies"] = varies
    return entry


def conditions(switches: list[str], holds: list[tuple[bool, ...]]) -> list[dict[str, bool]]:
    """The fewest fixed switches that say when something holds; where none does, one condition a combination."""
    fixed = {name: holds[0][index] for index, name in enumerate(switches) if len({held[index] for held in holds}) == 1}
    if len(holds) == 2 ** (len(switches) - len(fixed)):
        return [fixed]
    return [dict(zip(switches, held)) for held in holds]


def layers(mindspore: Any, cells: list[str], named: dict[str, Any], signatures: dict[str, str]) -> dict[str, Any]:
    """Every Cell that is a layer and can be built on samples."""
    base = mindspore.nn.Optimizer
    found = {
        name: layer(mindspore, named[name], UNDECLARED.get(name, signatures[name]))
        for name in cells
        if name in signatures and not issubclass(named[name], base) and name.rpartition(".")[2] not in CONTAINERS
    }
    return {name: entry for name, entry in found.items() if entry is not None}
