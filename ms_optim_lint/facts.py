"""What happened to an optimizer. The interpreter notes facts; rules judge them.

A fact says under which condition it happens (``reached``), where, by which calls the program got there, and which errors the
program around it is ready for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from ms_optim_lint.domain.logic import Condition, Logic
from ms_optim_lint.domain.shapes import Choice, Location, Params, Rate
from ms_optim_lint.domain.values import Value
from ms_optim_lint.mindspore.catalogue import OptimizerClass


@dataclass(frozen=True)
class Fact:
    """``stack`` are the calls that led here, innermost first; ``caught`` the errors that the program expects here; ``loops`` the
    loops that this is a part of a pass of, outermost first, those of the callers too."""

    logic: Logic
    reached: Condition
    location: Location
    stack: tuple[Location, ...]
    caught: frozenset[str]
    loops: tuple[int, ...]

    @property
    def places(self) -> tuple[Location, ...]:
        """Where to report: here, else at the calls that led here."""
        return (self.location, *self.stack)

    def can(self, condition: Condition) -> bool:
        """Whether the condition can hold here."""
        return self.logic.both(self.reached, condition) != 0


@dataclass(frozen=True)
class Keyword:
    """A keyword of a call: its name, where it is written, when it is given; ``splatted``: as the key of a dict."""

    name: str
    location: Location
    when: Condition
    splatted: bool = False


@dataclass(frozen=True)
class Argument:
    """An argument as the signature names it. ``text`` is the expression as written."""

    value: Value
    location: Location
    choices: tuple[Choice, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class OwnStep:
    """How the step of an own optimizer (``name``), derived from ``nn.Optimizer`` itself, comes by its rate. ``asks``: by
    ``get_lr()``; ``advances``: it may count the steps; ``raw``: the attribute in which it keeps the rate as it was given, and
    which it uses instead of asking; empty where it has none. ``where`` is its ``construct``."""

    name: str
    where: Location
    asks: bool
    advances: bool
    raw: str


@dataclass(frozen=True)
class Construction(Fact):
    """An optimizer is built. ``params`` are the alternatives of what it is to train; ``own`` says that it happens in the
    ``__init__`` of the project's own subclass, and ``step`` how that comes by its rate, where it is in sight."""

    optimizer: OptimizerClass
    number: int
    keywords: tuple[Keyword, ...]
    arguments: dict[str, Argument]
    params: tuple[Params, ...]
    rates: tuple[Rate, ...]
    own: bool = False
    complete: bool = True
    held: Optional[Value] = None
    step: Optional[OwnStep] = None
    #: groups (by number) that an optimizer has written its values into before, and that optimizer
    reused: tuple[tuple[int, Construction], ...] = ()

    @property
    def family(self) -> str:
        return self.optimizer.family

    @property
    def params_location(self) -> Location:
        """Where the ``params`` argument is written; the call where it is not."""
        keyword = self.optimizer.params_keyword
        found = self.arguments.get(keyword) if keyword else None
        return found.location if found is not None else self.location

    def group_rate(self) -> Condition:
        """When at least one group has a rate of its own."""
        result = 0
        for params in self.params:
            for group in params.groups:
                here = self.logic.both(params.when, self.logic.both(group.when, group.has("lr")))
                result = self.logic.either(result, here)
        return result


@dataclass(frozen=True)
class AttributeUse(Fact):
    """An attribute that an optimizer, a tensor or a parameter does not have is read. ``of`` is ``optimizer``, ``tensor`` or
    ``parameter``; ``text`` is the expression as written."""

    of: str
    name: str
    text: str
    construction: Optional[Construction] = None


@dataclass(frozen=True)
class RateChange(Fact):
    """The rate of an optimizer is written or read in place: ``how`` is ``assign``, ``set_data``, ``data``, ``asnumpy``..."""

    how: str
    text: str
    construction: Construction


@dataclass(frozen=True)
class AttributeWrite(Fact):
    """An attribute of an optimizer is set: ``choices`` are what it is set to, ``text`` is the target as written. ``read``: the
    file reads the attribute somewhere. An object of an own class is not meant that sets or defines the attribute itself."""

    name: str
    text: str
    choices: tuple[Choice, ...]
    construction: Construction
    own: bool = False
    read: bool = False


@dataclass(frozen=True)
class MissingName(Fact):
    """A name is read or imported from a module of MindSpore that does not have it: its dotted name, the module's, and whether by
    an import."""

    name: str
    module: str
    imported: bool


@dataclass(frozen=True)
class ModelOptimizer(Fact):
    """A ``Model`` is given something as its optimizer that is none: ``what`` it is, and ``construction``, where it is one of
    another family. ``only``: it can be nothing else."""

    what: str
    only: bool
    construction: Optional[Construction] = None


@dataclass(frozen=True)
class StateRead(Fact):
    """An entry of ``optimizer.state_dict()`` is read that it does not have."""

    key: str
    text: str
    construction: Construction


@dataclass(frozen=True)
class SchedulerBuilt(Fact):
    """A scheduler or a schedule of MindSpore (``name``) is given an optimizer of MindSpore's own classes."""

    name: str
    construction: Construction


@dataclass(frozen=True)
class ScheduleCall(Fact):
    """A schedule or scheduler of MindSpore is built, or a function that gives a list of rates is called (``name``), with these
    arguments, by the names of the signature. ``surplus``: so many more are given by position than it takes. ``optimizer``: the
    one that a scheduler is given, where that is certain."""

    name: str
    arguments: dict[str, Argument]
    keywords: tuple[Keyword, ...]
    surplus: int
    complete: bool
    optimizer: Optional[Construction]

    @property
    def short(self) -> str:
        """As users write it."""
        last = self.name.rpartition(".")[2]
        return f"nn.{last}" if self.name.startswith("mindspore.nn.") else last


@dataclass(frozen=True)
class ScheduleUse(Fact):
    """A method of schedulers is read from a schedule or a list of rates (``what``), which does not have it."""

    name: str
    text: str
    what: str


@dataclass(frozen=True)
class RateCallback(Fact):
    """``train`` or ``fit`` of a Model (``text``) is given a ``LearningRateScheduler``, which is built at ``callback``, and the
    model has this optimizer; None where it certainly has none."""

    text: str
    callback: Location
    construction: Optional[Construction]


@dataclass(frozen=True)
class RateFunction(Fact):
    """A ``LearningRateScheduler`` is given ``what`` as its function, which cannot be called as one: ``trouble`` says why."""

    what: str
    trouble: str


@dataclass(frozen=True)
class IdleSchedule(Fact):
    """A scheduler or schedule of MindSpore (``name``) is bound to ``variable`` (empty: to nothing) and never used, while this
    optimizer trains: the one that the scheduler holds, or one with a constant rate that is built beside the schedule."""

    name: str
    variable: str
    construction: Construction


@dataclass(frozen=True)
class GroupRateAssigned(Fact):
    """``ops.assign`` to the ``lr`` of one of ``optimizer.param_groups``: ``text`` is the target as written."""

    text: str
    construction: Construction


@dataclass(frozen=True)
class StepsTaken(Fact):
    """An optimizer with a list of rates makes so many steps here, at least."""

    count: int
    construction: Construction


@dataclass(frozen=True)
class StepsInAll(Fact):
    """What an optimizer with a list of rates steps in all, at least, in the part of the program that builds it; the fact's
    place is the last of these steps."""

    count: int
    construction: Construction
