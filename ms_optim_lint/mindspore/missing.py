"""Names of optimizers and schedules that people look for where MindSpore does not have them, and what it has instead."""

from __future__ import annotations

import functools
from typing import Optional

from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.mindspore.data import Version, load, releases
from ms_optim_lint.spelling import nearest

_NN, _EXPERIMENTAL, _MINT = "mindspore.nn", "mindspore.experimental.optim", "mindspore.mint.optim"
_SCHEDULERS = "mindspore.experimental.optim.lr_scheduler"
_SCHEDULES = "mindspore.nn.learning_rate_schedule"
#: The modules in which such names are looked for.
_MODULES = (_NN, _SCHEDULES, _EXPERIMENTAL, _SCHEDULERS, _MINT)

#: Names that other libraries have, or older and newer releases, and the nearest thing here. Without case and underscores.
_FOREIGN: dict[str, tuple[str, ...]] = {
    "adamw": ("nn.AdamWeightDecay",),
    "adamweightdecayoptimizer": ("nn.AdamWeightDecay",),
    "adamweightdecaydynamiclr": ("nn.AdamWeightDecay",),  # of 0.x releases
    "fusedadam": ("nn.Adam",),
    "fusedadamw": ("nn.AdamWeightDecay",),
    "fusedadamweightdecay": ("nn.AdamWeightDecay",),
    "fusedlamb": ("nn.Lamb",),
    "fusedsgd": ("nn.SGD",),
    "sparseadam": ("nn.Adam",),
    "lbfgs": (),
    "lars": ("nn.LARS",),
    "thor": ("nn.thor",),
    "lion": (),
    "muon": (),
    "lookahead": (),
    "onecyclelr": (),
    "lrscheduler": (),
    "cosinelr": ("nn.CosineDecayLR",),
    "cosinedecay": ("nn.CosineDecayLR",),
    "exponentialdecay": ("nn.ExponentialDecayLR",),
    "polynomialdecay": ("nn.PolynomialDecayLR",),
    "inversetimedecay": ("nn.InverseDecayLR",),
    "learningrateschedule": ("nn.learning_rate_schedule.LearningRateSchedule",),
    "learningratescheduler": ("train.LearningRateScheduler",),
}


def looked_for(full: str, version: Version) -> Optional[str]:
    """The module in which a dotted name is looked for in vain. None: it is there, or it is no name of this kind."""
    module, _, name = full.rpartition(".")
    if full in ("mindspore.optim", _EXPERIMENTAL, _MINT):
        return module if catalogue.exists(full, version) is False else None
    home = _NN if module == "mindspore.nn.optim" else module
    if home != module and name[:1].islower() and name != "lr_scheduler":
        return None  # a submodule
    if home not in _MODULES or catalogue.exists(f"{home}.{name}", version) is not False:
        return None
    return module if _meant(home, name, version) in (_known().keys() | _FOREIGN.keys()) else None


@functools.cache
def _meant(home: str, name: str, version: Version) -> str:
    """The name that is looked for, folded: this one, or what is written almost like it."""
    folded = _folded(name)
    if folded in _known() or folded in _FOREIGN or not (name[:1].isupper() or "_lr" in name):
        return folded
    near = nearest(name, catalogue.names_in(home, version)) or nearest(name, _all_known(version))
    return _folded(near) if near is not None else folded


def instead(full: str, version: Version) -> tuple[str, ...]:
    """What MindSpore has under this name or one like it, nearest first, as users write it."""
    module, _, name = full.rpartition(".")
    if full == "mindspore.optim":
        found = ["nn", "experimental.optim"]
    elif full in (_EXPERIMENTAL, _MINT):
        found = ["nn"]
    elif name == "lr_scheduler":
        found = ["experimental.optim.lr_scheduler"]
    else:
        near = module.replace("mindspore.nn.optim", _NN)
        meant = _meant(near, name, version)
        same = _known().get(meant, ())
        cased = [one for one in same if ("_" in one) == ("_" in name)] or list(same)
        cased.sort(key=lambda one: one.rpartition(".")[0] != near)
        if cased and cased[0].rpartition(".")[0] == near:
            cased = cased[:1]
        ours = [one[len("mindspore.") :] for one in cased]
        theirs = _FOREIGN.get(meant, ())
        found = list(dict.fromkeys([*ours, *theirs] if near in (_EXPERIMENTAL, _MINT) else [*theirs, *ours]))
    return tuple(one for one in found if catalogue.exists(f"mindspore.{one}", version) is not False)


def first_release(full: str) -> Optional[Version]:
    """The first described release that has the name; None where none has."""
    return next((version for version in releases() if catalogue.exists(full, version)), None)


def is_scheduler(name: str) -> bool:
    """Whether it is the name of a class that is given an optimizer and stepped."""
    return any(catalogue.is_scheduler(one) for one in _known().get(_folded(name), ())) or _folded(name) == "onecyclelr"


def words() -> frozenset[str]:
    """Names that code may speak of an optimizer with, though MindSpore has none that is called so."""
    return frozenset(("LBFGS", "SparseAdam", "LearningRateSchedule", "lr_scheduler", "RMSProp", "StepLR"))


def _all_known(version: Version) -> frozenset[str]:
    """The names of a release's optimizers and schedules."""
    names = [one for same in _known().values() for one in same]
    return frozenset(name.rpartition(".")[2] for name in names if catalogue.exists(name, version) is not False)


def _folded(name: str) -> str:
    return name.replace("_", "").lower()


@functools.cache
def _known() -> dict[str, tuple[str, ...]]:
    kinds = load()["kinds"]
    names = [one.name for one in catalogue.optimizers() if not one.is_wrapper]
    for kind in ("schedule", "rate_function", "scheduler"):
        names.extend(kinds[kind])
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        key = _folded(name.rpartition(".")[2])
        found[key] = (*found.get(key, ()), name)
    return found
