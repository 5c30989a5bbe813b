"""Modules that need each other. Python cannot import both at their tops, and to import one in a function that is called often
costs more than the call: what is ``late`` is imported when something of it is first used, and kept."""

from __future__ import annotations

import sys
from typing import Any


class _Late:
    """Stands for a module. What was asked of it once is an attribute from then on."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        __import__(self._name)
        found = getattr(sys.modules[self._name], name)
        setattr(self, name, found)
        return found


def late(name: str) -> Any:
    """The module of that name, not yet imported. A type checker is told by an ``import`` under ``TYPE_CHECKING``."""
    return _Late(f"ms_optim_lint.interpreter.{name}")
