"""Every rule, one file each. :data:`ALL` is found by listing this folder: a new file is a new rule."""

from __future__ import annotations

import importlib
import pkgutil

from ms_optim_lint.rules.base import Rule


def _load() -> tuple[Rule, ...]:
    found: list[Rule] = []
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("mso"):
            contents = vars(importlib.import_module(f"{__name__}.{module.name}")).values()
            found.extend(value for value in contents if isinstance(value, Rule))
    return tuple(sorted(found, key=lambda rule: rule.number))


#: All rules, by number.
ALL: tuple[Rule, ...] = _load()
