"""What happened to an optimizer. The interpreter notes facts; rules judge them.

A fact says under which condition it happens (``reached``), where, by which calls the program got there, and which errors the
program around it is ready for.
"""

from __future__ import annotations

from typing import Optional

from ms_optim_lint.domain.logic import Condition, Logic
from ms_optim_lint.domain.sets import possible
from ms_optim_lint.domain.shapes import Choice, Clash, Location, Missed, Network, Params, Rate
from ms_optim_lint.domain.values import Value
from ms_optim_lint.mindspore.catalogue import OptimizerClass
from ms_optim_lint.records import record

#: Kinds of rates that change by themselves from step to step.
MOVING = ("list", "tensor", "schedule")


@record(frozen=True)
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
        logic = self.logic
        return logic.meet(self.reached, condition) and possible(logic, logic.both(self.reached, condition))


@record(frozen=True)
class Keyword:
    """A keyword of a call: its name, where it is written, when it is given; ``splatted``: as the key of a dict."""

    name: str
    location: Location
    when: Condition
    splatted: bool = False


@record(frozen=True)
class Argument:
    """An argument as the signature names it. ``text`` is the expression as written."""

    value: Value
    location: Location
    choices: tuple[Choice, ...] = ()
    text: str = ""


@record(frozen=True)
class OwnStep:
    """How the step of an own optimizer (``name``), derived from ``nn.Optimizer`` itself, comes by its rate. ``asks``: by
    ``get_lr()``; ``advances``: it may count the steps; ``raw``: the attribute in which it keeps the rate as it was given, and
    which it uses instead of asking; empty where it has none. ``where`` is its ``construct``."""

    name: str
    where: Location
    asks: bool
    advances: bool
    raw: str


@record(frozen=True)
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
    #: the mode (``graph`` or ``pynative``) and the device that the program has chosen before; None where it has not in sight
    mode: Optional[str] = None
    device: Optional[str] = None
    #: groups (by number) that an optimizer has written its values into before, and that optimizer
    reused: tuple[tuple[int, Construction], ...] = ()
    #: the networks whose parameters these are; only where :func:`~ms_optim_lint.engine.analyse` is asked for details
    networks: tuple[Network, ...] = ()

    clashes: tuple[Clash, ...] = ()
    missed: tuple[Missed, ...] = ()
    #: ``params`` reduced to the parameters that are certainly known, where that is not all; nothing where none are
    in_part: tuple[Params, ...] = ()
    #: whether groups hold the parameters of one network, in its own order; None where that is not known
    ordered: Optional[bool] = None
    #: whether its rate may be assigned to later, where it was given what a schedule gives for one step
    assigned: bool = False
    #: whether it is built behind a question about its network that is not understood: perhaps whether there is such a parameter
    guarded: bool = False
    #: the name of the project's own class, where that is derived from the base class of optimizers itself
    named: str = ""

    @property
    def family(self) -> str:
        """The family of its class: ``nn``, ``experimental`` or ``mint``."""
        return self.optimizer.family

    @property
    def seen(self) -> tuple[Params, ...]:
        """``params``; of those that are not all known, the ones that are: enough to ask for one that is wrong."""
        return self.in_part or self.params

    @property
    def short(self) -> str:
        """Its name for users: ``nn.Momentum``, or the name of an own class that is none of MindSpore's."""
        return self.named or self.optimizer.short

    @property
    def params_location(self) -> Location:
        """Where the ``params`` argument is written; the call where it is not."""
        keyword = self.optimizer.params_keyword
        found = self.arguments.get(keyword) if keyword else None
        return found.location if found is not None else self.location

    def has_open_groups(self) -> bool:
        """Whether groups may have keys that are not seen, such as a rate of their own."""
        return any(group.open for params in self.params for group in params.groups)

    def may_have_other_groups(self) -> bool:
        """Whether there may be groups, or keys of groups, that are not seen."""
        return self.has_open_groups() or any(params.kind == "unknown" or params.open for params in self.params)

    def has_unseen_rates(self) -> bool:
        """Whether the optimizer's own rate is not known, or there may be a rate of a group that is not seen."""
        return any(rate.kind == "unknown" for rate in self.rates) or self.may_have_other_groups()

    def group_rate(self) -> Condition:
        """When at least one group has a rate of its own."""
        result = 0
        for params in self.params:
            for group in params.groups:
                here = self.logic.both(params.when, self.logic.both(group.when, group.has("lr")))
                result = self.logic.either(result, here)
        return result

    def moving_rate(self) -> Condition:
        """When a rate changes by itself: the optimizer's own, or that of a group. Then none of its rates is a Parameter."""
        result = 0
        for rate in self.rates:
            result = self.logic.either(result, rate.when if rate.kind in MOVING else 0)
        for params in self.params:
            for group in params.groups:
                for rate in group.entries["lr"].rate if "lr" in group.entries else ():
                    here = self.logic.both(params.when, self.logic.both(group.when, group.has("lr")))
                    moving = self.logic.both(here, rate.when) if rate.kind in MOVING else 0
                    result = self.logic.either(result, moving)
        return result


@record(frozen=True)
class AttributeUse(Fact):
    """An attribute that an optimizer, a tensor or a parameter does not have is read. ``of`` is ``optimizer``, ``tensor`` or
    ``parameter``; ``text`` is the expression as written."""

    of: str
    name: str
    text: str
    construction: Optional[Construction] = None


@record(frozen=True)
class RateChange(Fact):
    """The rate of an optimizer is written or read in place: ``how`` is ``assign``, ``set_data``, ``data``, ``asnumpy``...
    ``element``: not the rate itself, but an item of it."""

    how: str
    text: str
    construction: Construction
    element: bool = False


@record(frozen=True)
class RateRead(Fact):
    """The rate of an optimizer is used as one number. ``how``: as a ``number``, as a factor that may be whole (``scale``), with a
    ``format``, or by a ``method`` that numbers have. ``of`` is ``learning_rate``, ``get_lr`` or an ``element`` of the first;
    ``text`` is the expression."""

    how: str
    of: str
    text: str
    construction: Construction


@record(frozen=True)
class GroupWrite(Fact):
    """The rate of a group of an experimental optimizer is set: ``choices`` are what to, ``text`` is the target. ``scheduled``:
    when a scheduler of MindSpore holds the optimizer. ``varying``: it is done in some passes of a loop only. ``stepped``: the
    file calls some ``step()``. ``compiled``: the steps are compiled, in GRAPH mode or under ``jit``, and this comes after one of
    them with another rate."""

    text: str
    choices: tuple[Choice, ...]
    scheduled: Condition
    varying: bool
    stepped: bool
    construction: Construction
    compiled: bool = False


@record(frozen=True)
class RateReplaced(Fact):
    """The rate of an optimizer of nn is replaced, between two of its steps: ``how`` is ``parameter`` (by a Parameter), ``tensor``
    or ``set_data``. ``eager``: nothing in sight chooses another mode than PyNative. ``looped``: the steps are made by calls of
    the optimizer in a loop that this is in, too. ``values``: expressions that are certainly one number, of a type that
    ``ops.assign`` takes for a rate; ``makings``: calls that make a Tensor or Parameter of their first argument."""

    how: str
    text: str
    eager: bool
    looped: bool
    construction: Construction
    values: frozenset[Location] = frozenset()
    makings: frozenset[Location] = frozenset()


@record(frozen=True)
class RateAsked(Fact):
    """``get_lr()`` is called in a loop in which the optimizer makes its steps."""

    text: str
    construction: Construction


@record(frozen=True)
class CheckpointUse(Fact):
    """``what`` is ``nothing``, where the result of ``save_checkpoint`` (made at ``source``) is used as if there were one, or
    ``pickled``, where an optimizer is pickled or copied."""

    what: str
    text: str
    source: Location
    construction: Optional[Construction] = None


@record(frozen=True)
class RateLoaded(Fact):
    """A checkpoint is loaded into an optimizer. ``changed``: when its rate was assigned to before."""

    text: str
    changed: Condition
    construction: Construction


@record(frozen=True)
class ParameterTest(Fact):
    """A Parameter is looked for in a list of Parameters by its value: ``how`` is ``in``, ``remove``, ``index`` or ``count``."""

    how: str
    text: str


@record(frozen=True)
class AttributeWrite(Fact):
    """An attribute of an optimizer is set: ``choices`` are what it is set to, ``text`` is the target as written. ``read``: the
    file reads the attribute somewhere. An object of an own class is not meant that sets or defines the attribute itself."""

    name: str
    text: str
    choices: tuple[Choice, ...]
    construction: Construction
    own: bool = False
    read: bool = False


@record(frozen=True)
class MissingName(Fact):
    """A name is read or imported from a module of MindSpore that does not have it: its dotted name, the module's, and whether by
    an import."""

    name: str
    module: str
    imported: bool


@record(frozen=True)
class ModelOptimizer(Fact):
    """A ``Model`` is given something as its optimizer that is none: ``what`` it is, and ``construction``, where it is one of
    another family. ``only``: it can be nothing else."""

    what: str
    only: bool
    construction: Optional[Construction] = None


@record(frozen=True)
class StateRead(Fact):
    """An entry of ``optimizer.state_dict()`` is read that it does not have."""

    key: str
    text: str
    construction: Construction


@record(frozen=True)
class StateLoaded(Fact):
    """``load_state_dict`` of an optimizer of MindSpore's own classes is called, and is to be strict."""

    text: str
    construction: Construction


@record(frozen=True)
class SchedulerBuilt(Fact):
    """A scheduler or a schedule of MindSpore (``name``) is given an optimizer of MindSpore's own classes."""

    name: str
    construction: Construction


@record(frozen=True)
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


@record(frozen=True)
class ScheduleUse(Fact):
    """A method of schedulers is read from a schedule or a list of rates (``what``), which does not have it."""

    name: str
    text: str
    what: str


@record(frozen=True)
class RateCallback(Fact):
    """``train`` or ``fit`` of a Model (``text``) is given a ``LearningRateScheduler``, which is built at ``callback``, and the
    model has this optimizer; None where it certainly has none."""

    text: str
    callback: Location
    construction: Optional[Construction]


@record(frozen=True)
class RateFunction(Fact):
    """A ``LearningRateScheduler`` is given ``what`` as its function, which cannot be called as one: ``trouble`` says why."""

    what: str
    trouble: str


@record(frozen=True)
class IdleSchedule(Fact):
    """A scheduler or schedule of MindSpore (``name``) is bound to ``variable`` (empty: to nothing) and never used, while this
    optimizer trains: the one that the scheduler holds, or one with a constant rate that is built beside the schedule."""

    name: str
    variable: str
    construction: Construction


@record(frozen=True)
class GroupRateAssigned(Fact):
    """``ops.assign`` to the ``lr`` of one of ``optimizer.param_groups``: ``text`` is the target as written."""

    text: str
    construction: Construction
