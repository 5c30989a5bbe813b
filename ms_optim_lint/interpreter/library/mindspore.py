"""What MindSpore's functions and objects do with values: tensors, parameters, rates, networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER
from ms_optim_lint.domain.values import (
    NONE_VALUE,
    NUMBER,
    PARAMETER,
    TENSOR,
    Const,
    Ext,
    Instance,
    Item,
    Method,
    ParameterTuple,
    Ref,
    Site,
    Sym,
    Truth,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import (
    after_building,
    callbacks,
    classes,
    containers,
    idle,
    networks,
    notes,
    notes_callbacks,
    notes_classes,
    notes_runtime,
    notes_schedules,
    notes_steps,
    steps,
    training,
)
from ms_optim_lint.interpreter.arguments import Arguments
from ms_optim_lint.interpreter.calls import apply
from ms_optim_lint.interpreter.iteration import follow_each
from ms_optim_lint.interpreter.iterators import items_of_value, new_element
from ms_optim_lint.interpreter.library import loops
from ms_optim_lint.interpreter.library.numeric import length_of, rank_of
from ms_optim_lint.interpreter.library.table import CallSite, Handler
from ms_optim_lint.interpreter.methods import constant_of, network_method
from ms_optim_lint.interpreter.operators import sequence_of
from ms_optim_lint.interpreter.patches import is_patched
from ms_optim_lint.interpreter.sizes import RATES
from ms_optim_lint.interpreter.truth import term_of
from ms_optim_lint.mindspore import catalogue

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def _tensor(it: Interpreter, site: CallSite) -> Value:
    data = site.get("input_data", 0)
    made = Sym(it.fresh(site.node), TENSOR, rank_of(it, data), "a tensor", length_of(it, data))
    number = data.single if it.making and data is not None else None
    if isinstance(number, Const) and isinstance(number.value, (int, float)):
        it.numbers[made.term] = number.value
    notes_steps.tensor_made(it, data, site, made.rank == 0)
    return value_of(made, site.origin)


def _parameter(it: Interpreter, site: CallSite) -> Value:
    term = it.fresh(site.node, what="parameter")
    notes_steps.number_given(it, site.get("default_input", 0), site)
    name, trained = site.get("name", 1), site.get("requires_grad", 2)
    given = name.single if name is not None else Const(None)
    flag = trained.single if trained is not None else Const(True)
    known = isinstance(given, Const) and isinstance(flag, Const) and not site.arguments.more_keywords
    it.made_parameters[term] = (
        str(given.value) if isinstance(given, Const) and given.value is not None else None,
        bool(flag.value) if known and isinstance(flag, Const) else None,
        rank_of(it, site.get("default_input", 0)),
    )
    return value_of(Sym(term, PARAMETER, reason="a parameter"), site.origin)


def _parameter_tuple(it: Interpreter, site: CallSite) -> Value:
    value = site.get("iterable", 0)
    items, opened = items_of_value(it, value) if value is not None else ((), True)
    return value_of(ParameterTuple(items, opened), site.origin)


def _assign(it: Interpreter, site: CallSite) -> Value:
    target = site.get("variable", 0)
    if target is not None:
        notes.assigned(it, target, site)
    return value_of(Sym(it.fresh(site.node, what="assigned"), TENSOR, reason="result of assign"), site.origin)


def _maker(it: Interpreter, site: CallSite) -> Value:
    """An operator object: ``ops.Assign()`` is called later."""
    positional = tuple(given.value for given in site.arguments.positional)
    keywords = tuple((word, given.value) for word, given in site.arguments.keywords)
    made = it.allocate(site.node, site.frame.module, Instance(Ext(site.name), positional, keywords), "object")
    return value_of(made, site.origin)


def _model(it: Interpreter, site: CallSite) -> Value:
    given = site.get("optimizer", 2)
    model = call(it, site)
    if given is not None:
        notes.model_built(it, given, site)
        idle.trained(it, given)
        notes_classes.optimizer_given(it, given, site.node, site.frame)
        if isinstance(model.single, Ref):
            training.model_steps(it, model.single, given)
    complete = not (site.arguments.more_positional or site.arguments.more_keywords)
    if isinstance(model.single, Ref) and complete and (given is None or given.single == Const(None)):
        it.without_optimizer.add(model.single.obj)
    return model


def _train_cell(it: Interpreter, site: CallSite) -> Value:
    idle.trained(it, site.get("optimizer", 1))
    notes_classes.optimizer_given(it, site.get("optimizer", 1), site.node, site.frame)
    return call(it, site)


def _rate_callback(it: Interpreter, site: CallSite) -> Value:
    notes_callbacks.callback_built(it, site)
    return call(it, site)


def _activation(it: Interpreter, site: CallSite) -> Value:
    """``nn.get_activation('relu')``: a layer without Parameters, but for PReLU."""
    value = site.get("name", 0)
    name = value.single if value is not None else None
    if isinstance(name, Const) and (name.value is None or not name.value):
        return value_of(Const(None), site.origin)
    if not isinstance(name, Const) or not isinstance(name.value, str):
        return it.unknown(site.node, "an activation", frame=site.frame)
    made = "mindspore.nn.PReLU" if name.value.lower() == "prelu" else "mindspore.nn.ReLU"
    return call(it, site._replace(name=made, arguments=Arguments()))


def _load(it: Interpreter, site: CallSite) -> Value:
    """``load_checkpoint(name, net)``, ``load_param_into_net(net, state)``."""
    from_file = site.name == "mindspore.load_checkpoint"
    notes_runtime.state_loaded(it, site.get("net", 1 if from_file else 0), site)
    state = site.get("ckpt_file_name", 0) if from_file else site.get("parameter_dict", 1)
    notes_runtime.nothing_used(it, state, "it as an argument", site.node, site.frame)
    return it.unknown(site.node, f"result of {site.name}", frame=site.frame)


FUNCTIONS: dict[str, Handler] = {
    "mindspore.Tensor": _tensor,
    "mindspore.tensor": _tensor,
    "mindspore.Parameter": _parameter,
    "mindspore.ParameterTuple": _parameter_tuple,
    "mindspore.train.Model": _model,
    "mindspore.nn.TrainOneStepCell": _train_cell,
    "mindspore.nn.TrainOneStepWithLossScaleCell": _train_cell,
    "mindspore.train.LearningRateScheduler": _rate_callback,
    callbacks.ARGUMENTS: lambda it, site: site.arguments.positional[0].value,
    "mindspore.ops.assign": _assign,
    "mindspore.ops.Assign": _maker,
    "mindspore.ops.GradOperation": _maker,
    "mindspore.amp.DynamicLossScaler": _maker,
    "mindspore.amp.StaticLossScaler": _maker,
    "mindspore.nn.get_activation": _activation,
    "mindspore.nn.layer.activation.get_activation": _activation,
    "mindspore.load_checkpoint": _load,
    "mindspore.load_param_into_net": _load,
    "mindspore.save_checkpoint": notes_runtime.nothing_made,
}


def call(it: Interpreter, site: CallSite) -> Value:
    """Call anything else of MindSpore. Its functions leave lists and dicts that they are given as they are."""
    name = site.name
    if catalogue.is_rate_function(name):
        notes_schedules.built(it, name, site)
        return _rates(it, site)
    if catalogue.is_scheduler(name) and notes.missing_from(it, name) is not None:
        return it.unknown(site.node, f"result of {name}", frame=site.frame)
    if catalogue.is_scheduler(name) or catalogue.is_schedule(name):
        notes.scheduler_built(it, name, site)
        notes_schedules.built(it, name, site)
    short = name.rpartition(".")[2]
    if catalogue.is_cell(name) or catalogue.is_scheduler(name) or short[:1].isupper():
        positional = tuple(given.value for given in site.arguments.positional)
        keywords = tuple((word, given.value) for word, given in site.arguments.keywords)
        ref = it.allocate(site.node, site.frame.module, Instance(Ext(name), positional, keywords), "object")
        if catalogue.is_cell(name):
            containers.built(it, ref, site)
        if name in loops.STEP_CELLS:
            training.step_cell_built(it, ref, site)
        return value_of(ref, site.origin)
    if name.startswith(_TENSORS):
        # Whatever it is, it is made of tensors, and no cell.
        made = it.fresh(site.node, what="library")
        kind = (
            TENSOR if short in _TENSOR_FUNCTIONS and name.startswith(("mindspore.ops.", "mindspore.numpy.")) else None
        )
        return value_of(Sym(made, kind, reason=f"result of {name}"), site.origin)
    tensor = name.startswith(("mindspore.ops.", "mindspore.numpy.")) and short.islower()
    return it.unknown(
        site.node, f"result of {name}", TENSOR if tensor and short in _TENSOR_FUNCTIONS else None, site.frame
    )


def _rates(it: Interpreter, site: CallSite) -> Value:
    """A list of rates: as many as the total of steps says, or as the last milestone."""
    if site.name.endswith(".piecewise_constant_lr"):
        items = _piecewise(it, site)
    else:
        position = 1 if site.name.endswith(".warmup_lr") else 2
        total = constant_of(it, site.get("total_step", position) or NONE_VALUE)
        items = (_rate_item(it, site, 0, total if type(total) is int and total > 0 else None),)
    result = it.new_list(site.node, site.frame, items)
    it.rate_lists.update(a.atom.obj for a in result.alternatives if isinstance(a.atom, Ref))
    return result


def _rate_item(it: Interpreter, site: CallSite, part: int, count: Optional[int], rate: Optional[Value] = None) -> Item:
    known = () if count is None else (count,)
    element = new_element(it, it.logic.term(RATES, it.fresh(site.node), part, *known))
    return Item(rate or value_of(Sym(element, NUMBER, 0, "a rate")), ALWAYS, (element,))


def _piecewise(it: Interpreter, site: CallSite) -> tuple[Item, ...]:
    """The rates of ``piecewise_constant_lr``: each as often as its milestone says."""
    steps, rates = site.get("milestone", 0), site.get("learning_rates", 1)
    lists = [sequence_of(it, v.single) if v is not None and v.single is not None else None for v in (steps, rates)]
    items: list[Item] = []
    before = 0
    if lists[0] is not None and lists[1] is not None and len(lists[0].items) == len(lists[1].items):
        for number, (step, rate) in enumerate(zip(lists[0].items, lists[1].items)):
            last = constant_of(it, step.value)
            plain = step.when == rate.when == ALWAYS and not step.elements and not rate.elements
            if not plain or type(last) is not int or last < before:
                return (_rate_item(it, site, 0, None),)
            count, before = last - before, last
            if count == 1:
                items.append(Item(rate.value))
            elif count:
                items.append(_rate_item(it, site, number, count, rate.value))
    if lists[0] is None or lists[0].open or lists[1] is None or lists[1].open or not items:
        return (_rate_item(it, site, 0, None),)
    return tuple(items)


#: Functions of these give tensors.
_TENSORS = ("mindspore.ops.", "mindspore.numpy.", "mindspore.mint.", "mindspore.common.initializer.")
#: Methods of a cell that give the cell.
_GIVE_THEMSELVES = frozenset("set_train set_grad to_float add_flags add_flags_recursive".split())
#: Functions of ``mindspore.ops`` that give one tensor.
_TENSOR_FUNCTIONS = frozenset(
    "cross_entropy mse_loss l1_loss nll_loss binary_cross_entropy binary_cross_entropy_with_logits smooth_l1_loss huber_loss"
    " kl_div ones zeros full arange".split()
)


def object_method(it: Interpreter, ref: Ref, content: Instance, name: str, site: CallSite) -> Optional[Value]:
    """A method of an object of MindSpore."""
    if content.made == Ext(notes_callbacks.MODEL) and name in notes_callbacks.TRAINING:
        training.object_steps(it, ref, site.node, site.frame, steps.of_model(it, content, name, site), False)
    notes_callbacks.method_called(it, ref, content, name, site)
    if containers.children_method(it, ref, name, site.arguments.values(), site):
        if name in ("append", "insert") and site.arguments.values():
            after_building.replaced(it, ref, f"#{name}", site.arguments.values()[-1], site.node, site.frame)
        return NONE_VALUE
    if networks.cell_method(it, ref, name, site):
        return NONE_VALUE
    if name in _GIVE_THEMSELVES and classes.is_network(it, content):
        return value_of(ref, site.origin)
    if name == "apply" and classes.is_network(it, content):
        _apply_to_cells(it, ref, site)
        return value_of(ref, site.origin)
    if name == "parameters" and classes.is_network(it, content) and not is_patched(it, "cell", name):
        made = it.allocate(site.node, site.frame.module, Instance(Ext("mindspore.no_parameters")), "no parameters")
        return value_of(made, site.origin)
    special = loops.object_method(it, ref, content, name, site)
    if special is not None:
        return special
    if ref.obj in it.constructions and name == "state_dict" and not site.arguments.values():
        result = it.unknown(site.node, "the state of an optimizer", frame=site.frame)
        if isinstance(result.single, Sym) and isinstance(content.made, Ext):
            it.states[result.single.term] = it.constructions[ref.obj]
        return result
    if ref.obj in it.constructions and name == "load_state_dict":
        notes.state_loaded(it, ref, content, site)
        notes_runtime.nothing_used(it, site.get("state_dict", 0), "it as an argument", site.node, site.frame)
    if ref.obj in it.constructions and name == "get_lr" and not site.arguments.values():
        term = it.fresh(site.node, what="current rate")
        if it.constructions[ref.obj].family == "nn" and isinstance(content.made, Ext):
            it.current_rates[term] = ref.obj
            notes_steps.rate_asked(it, ref.obj, site)
        return value_of(Sym(term, reason="the current rate of an optimizer"), site.origin)
    if ref.obj in it.constructions and name in ("get_lr", "get_lr_parameter", "target", "set_train", "construct"):
        return it.unknown(site.node, f"result of {name}", frame=site.frame)
    return None


def _apply_to_cells(it: Interpreter, ref: Ref, site: CallSite) -> None:
    """``net.apply(fn)`` calls a function with each cell of the network, and with the network itself."""
    function = site.get("fn", 0)
    cells = network_method(it, term_of(it, ref), "cells_and_names", Arguments(), site.node, site.frame)
    if function is None or cells is None:
        return
    items, _ = items_of_value(it, cells)
    alone = [
        item._replace(value=pair.items[1].value)
        for item in items
        for pair in [item.value.single]
        if isinstance(pair, Tuple)
    ]
    follow_each(
        it, site.node, site.frame, alone, lambda cell: apply(it, function, Arguments.of([cell]), site.node, site.frame)
    )


def call_object(it: Interpreter, ref: Ref, content: Instance, site: CallSite) -> Optional[Value]:
    """Call an object of MindSpore."""
    if site.name == "mindspore.ops.Assign":
        return _assign(it, site)
    return loops.call_object(it, ref, content, site)


def object_attribute(it: Interpreter, ref: Ref, instance: Instance, name: str, origin: Site) -> Optional[Value]:
    """An attribute of an optimizer, or of another object of MindSpore."""
    if ref.obj not in it.constructions:
        trains = instance.made == Ext(notes_callbacks.MODEL) and name in notes_callbacks.TRAINING
        scales = isinstance(instance.made, Ext) and instance.made.name in loops.SCALERS and name in loops.SCALING
        return value_of(Method(ref, name), origin) if trains or scales else None
    if name == "learning_rate":
        term = it.logic.term("rate", term_of(it, ref))
        it.rates[term] = ref.obj
        return value_of(Sym(term, reason="the rate of an optimizer"), origin)
    if name == "param_groups" and it.constructions[ref.obj].family != "nn":
        term = it.logic.term("groups", term_of(it, ref))
        it.groups[term] = ref.obj
        return value_of(Sym(term, reason="the groups of an optimizer"), origin)
    if name in ("dynamic_lr", "is_group_lr", "is_group"):
        return _rate_flag(it, ref, name, origin)
    if name == "parameters":
        found = it.constructions[ref.obj].held
        term = it.logic.term("optimizer parameters", term_of(it, ref))
        return found if found is not None else value_of(Sym(term, reason="what an optimizer holds"), origin)
    return value_of(Method(ref, name), origin) if name in ("get_lr", "construct", "trainable_params") else None


def _rate_flag(it: Interpreter, ref: Ref, name: str, origin: Site) -> Optional[Value]:
    """What an optimizer knows of its own rate (``mindspore/nn/optim/optimizer.py``). Where the rate or a group is not known it
    may be either, but it is the same wherever it is asked."""
    construction = it.constructions[ref.obj]
    if construction.family != "nn":
        return None
    logic = it.logic
    known = NEVER
    if name == "dynamic_lr":
        for rate in construction.rates:
            known = logic.either(known, rate.when if rate.kind != "unknown" else NEVER)
        holds = construction.moving_rate()
    else:
        known, holds = ALWAYS, construction.group_rate()
    for params in construction.params:
        groups = params.groups
        if name == "is_group" and params.kind == "groups":
            holds = logic.either(holds, params.when)
        if params.kind == "unknown" or params.open or any(group.open or group.many for group in groups):
            known = logic.both(known, logic.no(params.when))
        elif name == "dynamic_lr":
            for rate in (rate for group in groups if "lr" in group.entries for rate in group.entries["lr"].rate):
                known = logic.both(known, logic.no(params.when) if rate.kind == "unknown" else ALWAYS)
    perhaps = logic.atom(logic.term("attribute", term_of(it, ref), name))
    holds = logic.either(holds, logic.both(logic.no(known), perhaps))
    return value_of(Const(holds == ALWAYS) if holds in (NEVER, ALWAYS) else Truth(holds), origin)
