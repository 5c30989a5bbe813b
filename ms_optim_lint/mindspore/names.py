"""One name for each object of MindSpore, however it was imported.

``mindspore.nn.optim.momentum.Momentum`` (where it is defined), ``mindspore.nn.optim.Momentum`` (a re-export on the way)
and ``mindspore.nn.Momentum`` are one object and get one canonical name, the last. The general rule: an object is
known by the nearest enclosing public module that has its name. What the rule gets wrong is listed in the data as an
alias; whether it is right is checked, when the data is made, for every module and name of every release described.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Optional


class Names:
    """The rule, over the names of public modules and a table of exceptions (spelling to canonical name)."""

    def __init__(self, modules: Mapping[str, Set[str]], aliases: Mapping[str, str]) -> None:
        self._modules = modules
        self._aliases = aliases

    def canonical(self, dotted: str) -> str:
        """The canonical name of an object or of an attribute of one. Unknown names come back unchanged."""
        end = len(dotted)
        while True:
            found = self._object(dotted[:end])
            if found is not None:
                return found + dotted[end:]
            end = dotted.rfind(".", 0, end)
            if end < 0:
                return dotted

    def _object(self, path: str) -> Optional[str]:
        alias = self._aliases.get(path)
        if alias is not None:
            return alias
        parent, _, name = path.rpartition(".")
        while parent:
            if name in self._modules.get(parent, ()):
                public = f"{parent}.{name}"
                return self._aliases.get(public, public)
            parent = parent.rpartition(".")[0]
        return None
