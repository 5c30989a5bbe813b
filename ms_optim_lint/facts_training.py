"""What happened in the training: gradients, steps, and what is done between them."""

from __future__ import annotations

from typing import Optional

from ms_optim_lint.domain.logic import Condition
from ms_optim_lint.domain.shapes import Choice, Location
from ms_optim_lint.facts import Construction, Fact
from ms_optim_lint.records import record


@record(frozen=True)
class Gradients:
    """The gradients that an optimizer is stepped with: of which weights (``text`` as written, at ``location``), and how these
    compare with what the optimizer holds.

    ``relation`` is ``equal``; ``order`` (the same parameters in another order); ``fewer`` or ``more`` parameters than the
    optimizer holds, as many ``other`` ones, or ``different`` ones in number too; ``states`` (the optimizer's own states are
    among them); or empty where that is not known.
    """

    location: Location
    text: str
    relation: str


@record(frozen=True)
class GradientWeights(Fact):
    """A gradient function is called whose weights, at the fact's place, are not a list or tuple: ``kind`` is ``iterator``,
    ``view`` (``dict.values()``) or ``set``; ``made`` is where it was made."""

    kind: str
    made: Location


@record(frozen=True)
class Step:
    """What an optimizer is called with. ``kind`` is ``gradients``, ``gradients in a list``, ``one gradient``, ``a pair`` (what
    ``value_and_grad`` gave), ``a loss``, ``a tensor``, ``several`` (more than one argument), ``nothing`` or ``unknown``."""

    kind: str
    when: Condition
    location: Location
    gradients: Optional[Gradients] = None


@record(frozen=True)
class OptimizerCall(Fact):
    """An optimizer is called: it makes a step. ``text`` is the optimizer as written, ``steps`` what it can be given.

    ``own``: the project's own class says what it takes.
    """

    text: str
    steps: tuple[Step, ...]
    construction: Construction
    own: bool = False


@record(frozen=True)
class RebuiltOptimizer(Fact):
    """The optimizer of this step is built anew in each pass of the loop around it, for a network that is older than the loop."""

    construction: Construction


@record(frozen=True)
class StepCell(Fact):
    """An optimizer is given to MindSpore's ``name`` (``TrainOneStepCell``, ...), which makes its steps. ``scale`` is what the
    loss is multiplied by; empty where that is not known."""

    name: str
    scale: tuple[Choice, ...]
    construction: Construction


@record(frozen=True)
class AuxiliaryOutputs(Fact):
    """``value_and_grad`` without ``has_aux`` is made of a function that returns more than the loss, where gradients flow
    through more than the loss too: ``outputs`` are these, as written at ``returned``."""

    outputs: tuple[str, ...]
    returned: Location


@record(frozen=True)
class LateFreeze(Fact):
    """An optimizer makes a step over parameters that were frozen after it was built: the fact's place is where they are frozen.
    ``stepped``: it had made steps with them before."""

    text: str
    step: Location
    stepped: bool
    construction: Construction


@record(frozen=True)
class StaleParams(Fact):
    """An optimizer makes a step after a layer or Parameter of what it trains was replaced or added, at the fact's place.
    ``is_new`` is false of Parameters that were there, frozen, when it was built, and are trained from there on."""

    text: str
    step: Location
    construction: Construction
    is_new: bool = True


@record(frozen=True)
class SharedStep(Fact):
    """Two optimizers that hold the same parameter make a step in the same pass of a loop. ``turn``: which loop and pass."""

    text: str
    other_text: str
    other_step: Location
    other: Construction
    construction: Construction
    turn: tuple[int, int]


@record(frozen=True)
class StoredOptimizer(Fact):
    """An optimizer becomes an attribute of the network that it trains."""

    text: str
    construction: Construction


@record(frozen=True)
class StepsTaken(Fact):
    """An optimizer with a list of rates makes so many steps here, at least."""

    count: int
    construction: Construction


@record(frozen=True)
class StepsInAll(Fact):
    """What an optimizer with a list of rates steps in all, at least, in the part of the program that builds it; the fact's
    place is the last of these steps."""

    count: int
    construction: Construction
