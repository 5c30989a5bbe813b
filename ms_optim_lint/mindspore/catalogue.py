"""What MindSpore is: every look-up, by canonical name and version.

The answers come from ``data.json``, which ``scripts/describe_mindspore.py`` made from MindSpore 2.0.0, 2.7.0, 2.8.0,
2.9.0 and 2.10.0 (CPU wheels). To describe another release, run ``describe_mindspore.py extract > X.json`` in its
Python, and then ``describe_mindspore.py merge *.json > ms_optim_lint/mindspore/data.json`` over all of them.

A version older than the oldest release behaves as that one, a newer one than the newest as the newest. Between two
releases described (no registry has 2.1 to 2.6 for those Pythons), the older one's facts hold, unless MindSpore's
documentation names the first release: ``experimental.optim`` is documented since 2.2, some of its classes and
``mint.optim`` since 2.3. Look-ups that answer yes or no (:func:`exists`, :func:`has_attribute`) say None there.
Nothing here imports MindSpore.
"""

from __future__ import annotations

import functools
from typing import Optional

from ms_optim_lint.mindspore.data import Version, load, names_at, names_ever, present, releases
from ms_optim_lint.mindspore.layers import Layer, OwnParameter, layer
from ms_optim_lint.mindspore.names import Names
from ms_optim_lint.mindspore.optimizers import BASES, OptimizerClass, optimizer, optimizers
from ms_optim_lint.mindspore.signatures import Argument, Signature, signature

__all__ = [
    "Argument",
    "BASES",
    "Layer",
    "OptimizerClass",
    "OwnParameter",
    "Signature",
    "Version",
    "attributes",
    "canonical",
    "exists",
    "has_attribute",
    "is_cell",
    "is_loss",
    "is_parameter",
    "is_rate_function",
    "is_schedule",
    "is_scheduler",
    "is_tensor",
    "layer",
    "modules",
    "names_in",
    "newest",
    "optimizer",
    "optimizers",
    "schedules",
    "signature",
]


def newest() -> Version:
    """The newest release described."""
    return releases()[-1]


@functools.lru_cache(maxsize=8192)
def canonical(dotted: str) -> str:
    """One name for each object, however it was imported. Unknown names come back unchanged."""
    return _names().canonical(dotted) if dotted.startswith("mindspore.") else dotted


def is_cell(name: str) -> bool:
    """Whether it is a class derived from ``mindspore.nn.Cell``, or that class. Optimizers of nn are Cells too."""
    return name in _kind("cell")


def is_loss(name: str) -> bool:
    """Whether it is a Cell that computes a loss."""
    return name in _kind("loss")


def is_schedule(name: str) -> bool:
    """Whether it is a ``LearningRateSchedule``: a Cell that gives the rate of a step (``nn.CosineDecayLR``)."""
    return name in _kind("schedule")


def is_rate_function(name: str) -> bool:
    """Whether it is a function that returns a list of rates (``nn.cosine_decay_lr``)."""
    return name in _kind("rate_function")


def is_scheduler(name: str) -> bool:
    """Whether it is a class of ``experimental.optim.lr_scheduler``, which is given an optimizer and stepped."""
    return name in _kind("scheduler")


@functools.cache
def schedules() -> frozenset[str]:
    """The schedules, the schedulers and the functions that give a list of rates."""
    return _kind("schedule") | _kind("scheduler") | _kind("rate_function")


def is_tensor(name: str) -> bool:
    """Whether it is a class of tensors, or a function that makes one of its argument. A Parameter is a Tensor."""
    return name in ("mindspore.Tensor", "mindspore.tensor") or is_parameter(name)


def is_parameter(name: str) -> bool:
    """Whether it is the class ``mindspore.Parameter``."""
    return name == "mindspore.Parameter"


@functools.cache
def exists(name: str, version: Version) -> Optional[bool]:
    """Whether the module of a canonical (or any public) name has it in ``version``.

    None: nothing is said, since the module is not described, the name is private, or ``version`` lies between a release
    without it and the first one described that has it.
    """
    module, _, last = name.rpartition(".")
    entry = load()["modules"].get(module)
    if entry is None or last.startswith("_"):
        return None
    answers = {present(entry[part], last, version) for part in ("names", "submodules")}
    return True if True in answers else None if None in answers else False


@functools.cache
def names_in(module: str, version: Version) -> frozenset[str]:
    """The public names of a module that is described."""
    entry = load()["modules"].get(module)
    return names_at(entry["names"], version) if entry is not None else frozenset()


def modules() -> tuple[str, ...]:
    """The modules whose names are described."""
    return tuple(load()["modules"])


@functools.cache
def attributes(kind: str, version: Version) -> frozenset[str]:
    """Public attributes and methods of an instance of ``Tensor``, ``Parameter`` or ``Cell``."""
    return names_at(load()["attributes"][kind], version)


@functools.cache
def has_attribute(kind: str, name: str, version: Version) -> Optional[bool]:
    """Whether an instance of ``Tensor``, ``Parameter`` or ``Cell`` has an attribute. None as for :func:`exists`."""
    return None if name.startswith("_") else present(load()["attributes"][kind], name, version)


@functools.cache
def _kind(kind: str) -> frozenset[str]:
    return frozenset(load()["kinds"][kind])


@functools.cache
def _names() -> Names:
    data = load()
    aliases = {}
    for home, targets in data["aliases"].items():
        for target, words in targets.items():
            for word in words:
                spelled, _, last = word.partition(":")
                aliases[f"{home}.{spelled}"] = f"{target}.{last or spelled}"
    return Names({module: names_ever(entry["names"]) for module, entry in data["modules"].items()}, aliases)
