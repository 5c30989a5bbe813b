"""How many steps an optimizer makes, where the loops around its calls have constant ranges."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import NEVER, Term
from ms_optim_lint.domain.values import Ext, Instance, Obj, Ref, Value
from ms_optim_lint.facts import StepsInAll, StepsTaken
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.notes import circumstances
from ms_optim_lint.interpreter.sizes import passes_of
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.domain.values import Site
    from ms_optim_lint.interpreter.core import Interpreter

_STEP_CELLS = ("mindspore.nn.TrainOneStepCell", "mindspore.nn.TrainOneStepWithLossScaleCell")
#: What ends a loop before its time.
_LEAVES = (ast.Break, ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Continue)


def taken(it: Interpreter, ref: Ref, content: Instance, site: Site) -> None:
    """An object is called: an optimizer, or a cell of MindSpore that makes its steps."""
    obj: Optional[Obj] = ref.obj
    if ref.obj not in it.constructions:
        given = _optimizer(content)
        atom = given.single if given is not None else None
        obj = atom.obj if isinstance(atom, Ref) else None
        content = it.content(atom) if isinstance(atom, Ref) else content  # type: ignore[assignment]
    construction = it.constructions.get(obj) if obj is not None else None
    if construction is None or not isinstance(content, Instance) or not isinstance(content.made, Ext) or obj is None:
        return
    dynamic = any(rate.kind in ("list", "tensor") for rate in construction.rates) or construction.group_rate() != NEVER
    if not dynamic or obj.context.elements or _root_of(obj.context) is not _root_of(it.context):
        return
    count = passes_of(it.active)
    certain = it.logic.implies(construction.reached, it.state.reached)
    if count and certain and not any(_leaves(it.thing(number)) for number in it.loops):
        it.facts.append(StepsTaken(*circumstances(it, locate(site)), count, construction))


def _optimizer(content: Instance) -> Optional[Value]:
    if not isinstance(content.made, Ext) or content.made.name not in _STEP_CELLS:
        return None
    found = dict(content.keywords).get("optimizer")
    return found if found is not None else content.arguments[1] if len(content.arguments) > 1 else None


def _root_of(context: Term) -> Term:
    while context.op != "root" and context.args and isinstance(context.args[0], Term):
        context = context.args[0]
    return context


def _leaves(loop: object) -> bool:
    """Whether something in a loop may end it, or a pass of it, early."""
    return not isinstance(loop, ast.AST) or any(isinstance(inner, _LEAVES) for inner in walk(loop))


def finish(it: Interpreter) -> None:
    """Add up the steps of each optimizer, now that all has been followed."""
    sums: dict[int, StepsInAll] = {}
    for fact in it.facts:
        if isinstance(fact, StepsTaken):
            before = sums.get(fact.construction.number)
            count = fact.count + (before.count if before is not None else 0)
            caught = fact.caught | (before.caught if before is not None else frozenset())
            where = (fact.logic, fact.reached, fact.location, fact.stack, caught, fact.loops)
            sums[fact.construction.number] = StepsInAll(*where, count, fact.construction)
    if "global_step" not in it.module.text:  # a program that sets the counter of steps back uses the list again
        it.facts.extend(sums.values())
