"""Optimizers, built on a tiny network: attributes, keys of groups, what they refuse."""

from __future__ import annotations

import ast
import contextlib
import importlib
import os
import re
import sys
from typing import Any, Callable

from describing.source import Source, visible
from describing.tables import NETWORK, WRAPPERS


def group_keys_of_nn(source: Source, base: type) -> list[str]:
    """The keys that ``nn.Optimizer`` allows in a group: the list in its source that it compares them with."""
    node = source.find(base)
    for statement in ast.walk(node) if node else ():
        if isinstance(statement, ast.List) and statement.elts:
            words = [element.value for element in statement.elts if isinstance(element, ast.Constant)]
            if "params" in words and "order_params" in words:
                return sorted(map(str, words))
    raise LookupError("nn.Optimizer no longer lists the keys of a group")


def optimizers(mindspore: Any, source: Source, named: dict[str, Any]) -> dict[str, Any]:
    """Every optimizer of the three families and what looks like one, built on a tiny network where that is possible."""
    families: list[tuple[str, Any]] = [("nn", mindspore.nn.Optimizer)]
    with contextlib.suppress(ImportError):
        families.append(("experimental", importlib.import_module("mindspore.experimental.optim").Optimizer))
    nn_keys = group_keys_of_nn(source, mindspore.nn.Optimizer)
    found: dict[str, Any] = {}
    for name, value in sorted(named.items()):
        family = next(
            (family for family, base in families if isinstance(value, type) and issubclass(value, base)), None
        )
        if name.startswith("mindspore.mint.") and family:
            family = "mint"
        if name in WRAPPERS:
            family = "nn"
        if family is None:
            continue
        entry: dict[str, Any] = {"family": family, "hidden": source.hidden_keywords(value)}
        instance = build(mindspore, name, value)
        if instance is None:  # Ascend only, or not in stand-alone mode
            base = next((base for _, base in families if isinstance(value, type) and issubclass(value, base)), None)
            instance_of_base = build(mindspore, name, base) if base else mindspore.nn.Cell()
            entry["attributes"] = sorted({*source.attributes(value), *visible(instance_of_base, NETWORK)})
        else:
            entry["attributes"] = visible(instance, NETWORK)
        if name in WRAPPERS:
            pass
        elif family == "nn":
            entry["group_keys"] = nn_keys
        elif instance is not None:
            read = {name for name in instance.defaults if source.reads_key(value, name)}
            entry["group_keys"] = sorted({"params", "lr", "initial_lr", *read})
        else:  # its defaults are its arguments, as in all of its family
            arguments = re.findall(r"\b(\w+)=", source.signature(value) or "")
            entry["group_keys"] = sorted({"params", "lr", "initial_lr", *arguments})
        if instance is not None and name not in WRAPPERS and not any(value is base for _, base in families):
            entry["refuses"] = refused(mindspore, value, source.arguments(value))
        found[name] = entry
    return found


def build(mindspore: Any, name: str, value: Any) -> Any:
    """An instance over the parameters of a tiny network, or None where this machine cannot build one."""
    net = mindspore.nn.Dense(2, 2)
    params = net.trainable_params()
    attempts: list[Callable[[], Any]] = [
        lambda: value(params),
        lambda: value(params, 0.1),
        lambda: value(params, 0.1, 0.9),
        lambda: value(params, {"lr": 0.1}),
        lambda: value(0.1, params),
        lambda: value(mindspore.nn.Momentum(params, 0.1, 0.9)),
        lambda: value(mindspore.nn.SequentialCell(net), mindspore.Tensor(0.1), mindspore.Tensor(0.1), 0.9),
    ]
    for attempt in attempts:
        try:
            return attempt()
        except Exception as error:
            if os.environ.get("DESCRIBE_VERBOSE"):
                print(f"{name}: {error!r}"[:200], file=sys.stderr)
    return None


def refused(mindspore: Any, value: Any, accepted: dict[str, bool]) -> list[str]:
    """Which values a constructor raises on, of those that some optimizers take and others do not."""
    net = mindspore.nn.Dense(2, 2)
    params = net.trainable_params()
    groups = [{"params": [params[0]], "lr": 0.01}, {"params": [params[1]]}]
    rate = "learning_rate" if "learning_rate" in accepted else "lr"
    required: dict[str, Any] = {"momentum": 0.9} if accepted.get("momentum") else {}
    if "relative_step" in accepted:  # AdaFactor takes a rate only without its own
        required.update(relative_step=False, scale_parameter=False)
    tries: dict[str, tuple[Any, dict[str, Any]]] = {
        "weight_decay:cell": (params, {"weight_decay": mindspore.nn.CosineDecayLR(0.01, 0.1, 10), rate: 0.1}),
        "weight_decay:int": (params, {"weight_decay": 1, rate: 0.1}),
        "weight_decay:zero": (params, {"weight_decay": 0, rate: 0.1}),
        "rate:int": (params, {rate: 1}),
        "rate:zero": (params, {rate: 0.0}),
        "rate:list": (params, {rate: [0.1, 0.2]}),
        "rate:schedule": (params, {rate: mindspore.nn.CosineDecayLR(0.01, 0.1, 10)}),
        "rate:tensor": (params, {rate: mindspore.Tensor(0.1, mindspore.float32)}),
        "rate:group": (groups, {rate: 0.1}),
        "params:generator": ((param for param in params), {rate: 0.1}),
    }
    wrong = []
    for what, (given, keywords) in tries.items():
        if "weight_decay" in keywords and "weight_decay" not in accepted:
            continue
        try:
            value(given, **{**required, **keywords})
        except Exception as error:
            if os.environ.get("DESCRIBE_VERBOSE"):
                print(f"{value.__name__} {what}: {error!r}"[:200], file=sys.stderr)
            wrong.append(what)
    return wrong
