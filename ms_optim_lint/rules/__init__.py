"""Every rule, one file each. They are found by listing this folder: a new file is a new rule. :data:`ALL` is all of them."""

from __future__ import annotations

import functools
import importlib
import os
from collections.abc import Set
from typing import Any

from ms_optim_lint.rules.base import Rule
from ms_optim_lint.rules.judged import JUDGED

#: All rules, by number. They are loaded when somebody asks for them.
ALL: tuple[Rule, ...]


def __getattr__(name: str) -> Any:
    if name != "ALL":
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return _loaded(_files())


def judging(kinds: Set[str]) -> tuple[Rule, ...]:
    """The rules that judge facts of classes with these names, by number. No other is loaded."""
    return _loaded(tuple(file for file in _files() if file not in JUDGED or not kinds.isdisjoint(JUDGED[file].split())))


@functools.cache
def _files() -> tuple[str, ...]:
    found = (file.partition(".") for file in os.listdir(__path__[0]))
    return tuple(sorted(name for name, _, ending in found if name.startswith("mso") and ending in ("py", "pyc")))


@functools.cache
def _loaded(files: tuple[str, ...]) -> tuple[Rule, ...]:
    contents = (value for file in files for value in vars(importlib.import_module(f"{__name__}.{file}")).values())
    return tuple(sorted((value for value in contents if isinstance(value, Rule)), key=lambda rule: rule.number))
