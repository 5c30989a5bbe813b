"""What MindSpore is: every look-up, by canonical name and version.

The answers come from ``data.json``, which ``scripts/describe_mindspore.py`` made from MindSpore 2.0.0, 2.7.0, 2.8.0, 2.9.0
and 2.10.0 (CPU wheels). To describe another release, run in its Python ``describe_mindspore.py extract > X.json`` and then
``describe_mindspore.py merge *.json > ms_optim_lint/mindspore/data.json`` over all of them.

A version older than the oldest release behaves as that one, a newer one than the newest as the newest. Between two
releases described, the older one's facts hold, but where MindSpore's documentation names an earlier first release.
Nothing here imports MindSpore.
"""
from __future__ import annotations

import functools
from typing import Optional

from ms_optim_lint.mindspore.data import Version, bounds, holds, known, load, names_at, names_ever, releases
from ms_optim_lint.mindspore.names import Names
from ms_optim_lint.mindspore.optimizers import BASES, OptimizerClass, optimizer, optimizers
from ms_optim_lint.mindspore.signatures import Argument, Signature, signature

__all__ = [
    "Argument",
    "BASES",
    "OptimizerClass",
    "Signature",
    "Version",
    "attributes",
    "canonical",
    "exists",
    "is_cell",
    "is_loss",
    "is_parameter",
    "is_rate_function",
    "is_schedule",
    "is_scheduler",
    "is_tensor",
    "modules",
    "newest",
    "optimizer",
    "optimizers",
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
    """Whether it is a class of ``mindspore.experimental.optim.lr_scheduler``, which is given an optimizer and stepped."""
    return name in _kind("scheduler")


def is_tensor(name: str) -> bool:
    """Whether it is a class of tensors, or a function that makes one of its argument. A Parameter is a Tensor."""
    return name in ("mindspore.Tensor", "mindspore.tensor") or is_parameter(name)


def is_parameter(name: str) -> bool:
    """Whether it is the class ``mindspore.Parameter``."""
    return name == "mindspore.Parameter"


def exists(name: str, version: Version) -> Optional[bool]:
    """Whether the module of a canonical (or any public) name has it in ``version``.

    None: nothing is said, since the module is not described, the name is private, or ``version`` lies between a release
    without it and the first one described that has it.
    """
    module, _, last = name.rpartition(".")
    entry = load()["modules"].get(module)
    if entry is None or last.startswith("_"):
        return None
    version = known(version)
    spans = [span for part in ("names", "submodules") for span, names in entry[part].items() if last in names]
    if any(holds(span, version) for span in spans):
        return True
    for span in spans:
        since, _ = bounds(span)
        before = max((release for release in releases() if release < since), default=since)
        if since in releases() and before < version < since:
            return None
    return False


def modules() -> tuple[str, ...]:
    """The modules whose names are described."""
    return tuple(load()["modules"])


def attributes(kind: str, version: Version) -> frozenset[str]:
    """Public attributes and methods of an instance of ``Tensor``, ``Parameter`` or ``Cell``."""
    return names_at(load()["attributes"][kind], version)


@functools.lru_cache(maxsize=None)
def _kind(kind: str) -> frozenset[str]:
    return frozenset(load()["kinds"][kind])


@functools.lru_cache(maxsize=None)
def _names() -> Names:
    data = load()
    aliases = {}
    for home, targets in data["aliases"].items():
        for target, words in targets.items():
            for word in words:
                spelled, _, last = word.partition(":")
                aliases[f"{home}.{spelled}"] = f"{target}.{last or spelled}"
    return Names({module: names_ever(entry["names"]) for module, entry in data["modules"].items()}, aliases)
