"""The optimizers of the three families, and what is called like one."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, Optional

from ms_optim_lint.mindspore.data import Version, load, names_at, parse, present, value_at
from ms_optim_lint.mindspore.signatures import Signature, signature
from ms_optim_lint.records import record

#: What own optimizers are derived from. The first argument of the first is the rate, of the second the parameters.
BASES = ("mindspore.nn.Optimizer", "mindspore.experimental.optim.Optimizer")

_NOTHING = Signature(())


@record(frozen=True)
class OptimizerClass:
    """One optimizer of MindSpore by its canonical name.

    ``family`` is ``nn``, ``experimental`` or ``mint``. A wrapper takes an optimizer or a network (``wraps`` says which)
    where an optimizer takes parameters. A base is what own optimizers are derived from.
    """

    name: str
    family: str
    wraps: Optional[str] = None

    @property
    def is_wrapper(self) -> bool:
        """Whether it takes an optimizer or a network rather than parameters."""
        return self.wraps is not None

    @property
    def is_base(self) -> bool:
        """Whether it is the base class of its family."""
        return self.name in BASES

    @property
    def short(self) -> str:
        """As users write it: ``nn.Momentum``, ``experimental.optim.Adam``, ``mint.optim.SGD``."""
        return self.name[len("mindspore.") :]

    @property
    def rate_keyword(self) -> str:
        """The argument that is the rate."""
        return "learning_rate" if self.family == "nn" else "lr"

    @property
    def params_keyword(self) -> Optional[str]:
        """The argument that is the parameters, None for a wrapper."""
        if self.is_wrapper:
            return None
        return "parameters" if self.name == "mindspore.nn.Optimizer" else "params"

    def signature(self, version: Version) -> Signature:
        """What building it takes; in a release that does not have it, what it takes where it exists first."""
        found = signature(self.name, version)
        if found is None:
            first = next(iter(load()["signatures"].get(self.name, {})), None)
            found = signature(self.name, parse(first.partition("<")[0])) if first else None
        return found or _NOTHING

    def exists(self, version: Version) -> bool:
        """Whether the release has it."""
        return signature(self.name, version) is not None

    def group_keys(self, version: Version) -> frozenset[str]:
        """The keys that a group of parameters may have. The nn family refuses all others, the rest ignores them."""
        return names_at(self._entry.get("group_keys", {}), version)

    def attributes(self, version: Version) -> frozenset[str]:
        """Public attributes and methods of an instance."""
        return _attributes(self.name, version)

    def has_attribute(self, name: str, version: Version) -> Optional[bool]:
        """Whether an instance has an attribute. None: nobody looked, or the name is private."""
        if name.startswith("_"):
            return None
        answers = {present(spans, name, version) for spans in _attribute_spans(self.name)}
        return True if True in answers else None if None in answers else False

    def refuses(self, version: Version) -> frozenset[str]:
        """Values that its constructor raises on, of those that others take.

        ``weight_decay:cell``, ``weight_decay:int`` (1), ``weight_decay:zero`` (the int 0), ``rate:int``, ``rate:zero``
        (0.0), ``rate:list``, ``rate:schedule``, ``rate:tensor`` (of rank 0), ``rate:group`` (a group with ``lr``) and
        ``params:generator``. Empty for wrappers, bases and what could not be built on a CPU.
        """
        return names_at(self._entry.get("refuses", {}), version)

    def deprecated(self, version: Version) -> Optional[str]:
        """None, or what to use instead as MindSpore says it (empty: it names nothing)."""
        found = value_at(load()["deprecated"].get(self.name, {}), version)
        return None if found is None else _successor(found[1])

    def deprecated_since(self, version: Version) -> Optional[str]:
        """The release that the warning names."""
        found = value_at(load()["deprecated"].get(self.name, {}), version)
        return None if found is None else str(found[0])

    @property
    def _entry(self) -> Any:
        return load()["optimizers"][self.name]


def optimizer(name: str) -> Optional[OptimizerClass]:
    """The optimizer (or wrapper, or base) with this canonical name."""
    return _table().get(name)


def optimizers() -> tuple[OptimizerClass, ...]:
    """All of them."""
    return tuple(_table().values())


@functools.cache
def _table() -> dict[str, OptimizerClass]:
    return {
        name: OptimizerClass(name, entry["family"], entry.get("wraps")) for name, entry in load()["optimizers"].items()
    }


@functools.cache
def _attributes(name: str, version: Version) -> frozenset[str]:
    return frozenset().union(*(names_at(spans, version) for spans in _attribute_spans(name)))


def _attribute_spans(name: str) -> Iterator[Mapping[str, list[str]]]:
    """Attributes as the data has them: what the class adds, then what its base adds, then those of a Cell."""
    entries = load()["optimizers"]
    while name in entries:
        yield entries[name]["attributes"]
        name = entries[name].get("base", "")
    if name:
        yield load()["attributes"][name]


def _successor(words: Optional[str]) -> str:
    if not words:
        return ""
    return words if "." in words else f"nn.{words}"
