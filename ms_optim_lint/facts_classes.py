"""What the project's own schedules, weight decays and optimizers are like, where one is built or used."""

from __future__ import annotations

from typing import Optional

from ms_optim_lint.domain.shapes import Location
from ms_optim_lint.facts import Construction, Fact
from ms_optim_lint.records import record


@record(frozen=True)
class Unready:
    """An ``__init__`` in which the base class is not initialised in time: never (``missing``), or only after the attribute
    ``name`` is set. ``what`` the attribute is: ``a Cell``, ``a Parameter``, ``an operator``. Both are empty where none is. A name
    without ``what`` is that of an attribute of the base, which is read. ``of`` is the class that has the ``__init__``."""

    location: Location
    missing: bool
    name: str = ""
    what: str = ""
    of: str = ""


@record(frozen=True)
class Undefined:
    """Something that ``construct`` reads and nothing defines: an attribute (``self.x``) or a name. ``known`` are the attributes
    that the class sets."""

    name: str
    attribute: bool
    location: Location
    known: tuple[str, ...] = ()


@record(frozen=True)
class Construct:
    """A ``construct``: the arguments that it needs and takes (None: any number), without ``self``; whether it ever returns
    something, and the number that it always returns."""

    location: Location
    needs: int
    takes: Optional[int]
    returns: bool
    number: Optional[str] = None

    def accepts(self, given: int) -> bool:
        """Whether it can be called with so many arguments."""
        return self.needs <= given and (self.takes is None or given <= self.takes)

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong with it as a rate."""
        return self.accepts(1) and self.returns and self.number is None


@record(frozen=True)
class OwnSchedule(Fact):
    """An object of an own class is built that is a schedule (``role`` is empty), or it becomes the ``learning_rate`` or the
    ``weight_decay`` of an optimizer. ``missing``: there is no ``construct``, and ``instead`` is the method that it has in its
    place. ``construct`` is the class's own, where it has one."""

    name: str
    role: str
    where: Location
    construct: Optional[Construct]
    missing: bool
    instead: str
    unready: Optional[Unready]
    undefined: tuple[Undefined, ...]
    construction: Optional[Construction] = None


@record(frozen=True)
class OwnOptimizer(Fact):
    """An object of an own class that is derived from ``Optimizer`` itself is built, or ``called`` with gradients. ``missing`` and
    ``instead`` as for a schedule."""

    name: str
    family: str
    where: Location
    called: bool
    missing: bool
    instead: str
    unready: Optional[Unready]
