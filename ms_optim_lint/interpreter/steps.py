"""How many steps an optimizer makes, where the loops around its calls have constant ranges."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import NEVER, Term
from ms_optim_lint.domain.values import Const, Ext, Instance, ListContent, Obj, Ref, Sym, Value, value_of
from ms_optim_lint.facts import Construction
from ms_optim_lint.facts_training import StepsInAll, StepsTaken
from ms_optim_lint.interpreter.deferred import force
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.notes import circumstances
from ms_optim_lint.interpreter.sizes import count_of, known_size
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.domain.values import Site
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.library.table import CallSite

#: Arguments of a Model and of its training with which each row of the dataset is a step.
_PLAIN_MODEL = frozenset("network loss_fn optimizer metrics eval_network eval_indexes".split())
_PLAIN_TRAINING = frozenset(
    "epoch train_dataset valid_dataset valid_frequency callbacks dataset_sink_mode valid_dataset_sink_mode".split()
)
#: Callbacks that neither end the training nor change the optimizer.
_WATCHING = frozenset(f"mindspore.train.{name}" for name in "LossMonitor TimeMonitor ModelCheckpoint History".split())
#: What ends a loop before its time.
_LEAVES = (ast.Break, ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Continue)


def taken(it: Interpreter, obj: Obj, times: int, site: Site) -> None:
    """An optimizer makes so many steps, as often as the loops around them go round."""
    construction = it.constructions[obj]
    content = it.content(Ref(obj))
    if not times or not isinstance(content, Instance) or not isinstance(content.made, Ext):
        return
    if not _is_list(construction) or obj.context.elements or _root_of(obj.context) is not _root_of(it.context):
        return
    certain = it.logic.implies(construction.reached, it.state.reached)
    if not certain or any(_leaves(it.thing(number)) for number in it.loops):
        return
    count = _passes(it)
    if count:
        it.facts.append(StepsTaken(*circumstances(it, locate(site)), count * times, construction))


def of_model(it: Interpreter, content: Instance, name: str, call: CallSite) -> int:
    """How many steps ``model.train(epochs, dataset)`` makes, where nothing ends it before its time, or leaves out a step; 0
    where that is not known."""
    arguments = call.arguments
    options = {word for word, _ in content.keywords}
    if it.trying or arguments.more_positional or arguments.more_keywords or len(content.arguments) > 6:
        return 0
    if not options <= _PLAIN_MODEL or not arguments.names.keys() <= _PLAIN_TRAINING:
        return 0
    callbacks = call.get("callbacks", 2 if name == "train" else 4)
    if len(arguments.positional) > (4 if name == "train" else 7) or callbacks is not None and not _watch(it, callbacks):
        return 0
    epochs, data = call.get("epoch", 0), call.get("train_dataset", 1)
    count = epochs.single if epochs is not None else None
    if not isinstance(count, Const) or type(count.value) is not int or data is None:
        return 0
    if not any(_is_list(construction) for construction in it.constructions.values()):
        return 0
    return count.value * (_rows(it, data) or 0)


def _rows(it: Interpreter, data: Value) -> Optional[int]:
    """How many rows a dataset has, also where a function gives it that was set aside."""
    dataset = force(it, data).single
    return known_size(it, dataset) if isinstance(dataset, Ref) else None


def _is_list(construction: Construction) -> bool:
    """Whether the optimizer may have a list of rates."""
    return any(rate.kind in ("list", "tensor") for rate in construction.rates) or construction.group_rate() != NEVER


def _watch(it: Interpreter, given: Value) -> bool:
    """Whether callbacks are MindSpore's, and only look on."""
    atom = given.single
    content = it.content(atom) if isinstance(atom, Ref) else None
    if isinstance(content, ListContent) and not content.open:
        return all(_watch(it, item.value) for item in content.items)
    made = content.made if isinstance(content, Instance) else None
    return isinstance(made, Ext) and made.name in _WATCHING or atom == Const(None)


def _passes(it: Interpreter) -> Optional[int]:
    """How often the loops around here go round."""
    result = 1
    for element in it.active:
        base = element.args[0]
        count = count_of(element)
        over = base.args[0] if count is None and isinstance(base, Term) and base.op == "over" else None
        if isinstance(over, Term):
            count = _rows(it, value_of(Sym(over)))
        if count is None:
            return None
        result *= count
    return result


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
