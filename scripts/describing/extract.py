"""One release: everything that is looked at, in the Python that has it installed."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import pkgutil
import sys
import types
from collections.abc import Iterable
from typing import Any, Optional

from describing.layers import layers
from describing.optimizers import optimizers
from describing.source import Source, visible
from describing.tables import DESCRIBED, PUBLIC_MODULES, SKIPPED, TRAIN_HOMES, Description, Paths


def is_named_object(value: object) -> bool:
    """Whether identity means something for ``value``: numbers, strings and modules are told by name only."""
    if isinstance(value, (types.ModuleType, int, float, str, bytes, tuple, list, dict, set, frozenset, type(None))):
        return False
    module = getattr(value, "__module__", None) or type(value).__module__
    return str(module).split(".")[0] == "mindspore"


def choose(paths: Iterable[str], value: object) -> Optional[str]:
    """The one name by which an object is known, or None if no public module has it."""
    home = str(getattr(value, "__module__", ""))
    preferred = list(PUBLIC_MODULES)
    if home.startswith(TRAIN_HOMES):
        preferred.insert(0, "mindspore.train")
    own = str(getattr(value, "__name__", str(value).lower()))
    candidates = [
        (name.lower().endswith("ext"), preferred.index(module), name != own, len(name), path)
        for path in paths
        for module, _, name in [path.rpartition(".")]
        if module in preferred
    ]
    return min(candidates)[-1] if candidates else None


def import_everything(package: types.ModuleType) -> list[types.ModuleType]:
    """Every importable module of MindSpore that a script may name."""
    for found in pkgutil.walk_packages(package.__path__, "mindspore.", onerror=lambda name: None):
        if SKIPPED.search(found.name):
            continue
        with contextlib.suppress(BaseException):
            importlib.import_module(found.name)
    return [
        module
        for name, module in sorted(sys.modules.items())
        if (name == "mindspore" or name.startswith("mindspore."))
        and isinstance(module, types.ModuleType)
        and not SKIPPED.search(name)
    ]


def names_of(module: types.ModuleType) -> dict[str, list[str]]:
    """What can be had from a module: its ``names``, and its ``submodules`` apart, without private ones."""
    public = {name: getattr(module, name, None) for name in dir(module) if not name.startswith("_")}
    public.pop("absolute_import", None)
    submodules = {name for name, value in public.items() if isinstance(value, types.ModuleType)}
    names = public.keys() - submodules
    submodules.update(found.name for found in pkgutil.iter_modules(getattr(module, "__path__", ())))
    return {
        "names": sorted(names),
        "submodules": sorted(name for name in submodules - names if not name.startswith("_")),
    }


def kinds(mindspore: Any, named: dict[str, Any]) -> dict[str, list[str]]:
    """Classes and functions by what they are to a training script."""
    nn = mindspore.nn
    schedule = importlib.import_module("mindspore.nn.learning_rate_schedule").LearningRateSchedule
    loss = importlib.import_module("mindspore.nn.loss.loss").LossBase
    result: dict[str, list[str]] = {kind: [] for kind in ("cell", "loss", "schedule", "rate_function", "scheduler")}
    for name, value in sorted(named.items()):
        module, _, last = name.rpartition(".")
        if isinstance(value, type):
            if issubclass(value, nn.Cell):
                result["cell"].append(name)
                if issubclass(value, loss) or (module == "mindspore.mint.nn" and last.endswith("Loss")):
                    result["loss"].append(name)
            if issubclass(value, schedule):
                result["schedule"].append(name)
            if module == "mindspore.experimental.optim.lr_scheduler":
                result["scheduler"].append(name)
        elif getattr(value, "__module__", "") == "mindspore.nn.dynamic_lr":
            result["rate_function"].append(name)
    return result


def extract() -> Description:
    """Describe the installed release."""
    import mindspore  # type: ignore[import-not-found,unused-ignore]

    source = Source()
    modules = import_everything(mindspore)
    paths: Paths = {}
    objects: dict[int, Any] = {}
    for module in modules:
        for name in list(vars(module)):
            value = vars(module)[name]
            if not name.startswith("_") and is_named_object(value):
                objects[id(value)] = value
                paths.setdefault(id(value), []).append(f"{module.__name__}.{name}")
    named: dict[str, Any] = {}
    spellings: dict[str, Optional[str]] = {}
    for key, value in objects.items():
        canonical = choose(paths[key], value)
        if canonical is not None:
            named[canonical] = value
        for path in paths[key]:
            spellings[path] = canonical
    kind_of = kinds(mindspore, named)
    optimizer_entries = optimizers(mindspore, source, named)
    described = {*itertools.chain(*kind_of.values()), *optimizer_entries, *DESCRIBED}
    present = {module.__name__: module for module in modules}
    signatures = {
        name: text
        for name in sorted(described & named.keys())
        for text in [source.signature(named[name])]
        if text is not None
    }
    return {
        "release": mindspore.__version__,
        "modules": {name: names_of(present[name]) for name in PUBLIC_MODULES if name in present},
        "spellings": spellings,
        "kinds": kind_of,
        "optimizers": optimizer_entries,
        "signatures": signatures,
        "layers": layers(mindspore, kind_of["cell"], named, signatures),
        "deprecated": {
            name: entry
            for name in sorted(described & named.keys())
            for entry in [source.deprecation(named[name])]
            if entry is not None
        },
        "attributes": {
            "Tensor": visible(mindspore.Tensor([1.0])),
            "Parameter": visible(mindspore.Parameter(mindspore.Tensor([1.0]), name="p")),
            "Cell": visible(mindspore.nn.Cell()),
        },
    }
