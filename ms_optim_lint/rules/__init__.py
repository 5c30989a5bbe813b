"""Every rule, one file each. :data:`ALL` is found by listing this folder: a new file is a new rule."""

from __future__ import annotations

import importlib
import os

from ms_optim_lint.rules.base import Rule


def _load() -> tuple[Rule, ...]:
    found: list[Rule] = []
    for file in sorted(os.listdir(__path__[0])):
        name, _, ending = file.partition(".")
        if name.startswith("mso") and ending in ("py", "pyc"):
            contents = vars(importlib.import_module(f"{__name__}.{name}")).values()
            found.extend(value for value in contents if isinstance(value, Rule))
    return tuple(sorted(found, key=lambda rule: rule.number))


#: All rules, by number.
ALL: tuple[Rule, ...] = _load()
