"""Steps: which optimizer is called with what, in which pass of which loop, and what happened to its parameters before.

The order of what happens is the order of the store: that an optimizer has made a step, or that something it trains was frozen
or replaced, is written there, and branches and joins carry it along.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term
from ms_optim_lint.domain.values import (
    TENSOR,
    Atom,
    Class,
    Const,
    Ext,
    Function,
    Instance,
    Obj,
    Ref,
    Site,
    Sym,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.facts import Construction
from ms_optim_lint.facts_training import (
    Gradients,
    LateFreeze,
    OptimizerCall,
    RebuiltOptimizer,
    StaleParams,
    Step,
    StepCell,
)
from ms_optim_lint.interpreter import (
    argument_values,
    attributes,
    classes,
    gradients,
    idle,
    notes_classes,
    notes_steps,
    sharing,
    steps,
)
from ms_optim_lint.interpreter.arguments import Arguments, Given
from ms_optim_lint.interpreter.expressions import evaluate
from ms_optim_lint.interpreter.interest import words_of
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.notes import circumstances
from ms_optim_lint.interpreter.state import FROZEN, STALE, STEPPED, STEPS
from ms_optim_lint.interpreter.versions import version_of
from ms_optim_lint.tree import text_of

if TYPE_CHECKING:
    from ms_optim_lint.domain.shapes import Location
    from ms_optim_lint.interpreter import calls
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
    from ms_optim_lint.interpreter.library.table import CallSite
else:
    calls = late("calls")

#: What stands for the reducer of gradients that a step cell has; it gives them back in their order.
REDUCER = "mindspore.gradient_reducer"


def stepped(it: Interpreter, obj: Obj) -> Condition:
    """When the optimizer has made a step on the way to here. What an earlier pass of a loop did is not in it: compare the loops
    of the facts for that."""
    stored = it.state.get((obj, STEPPED))
    result = NEVER
    for alternative in stored.alternatives if isinstance(stored, Value) else ():
        result = it.logic.either(result, alternative.when)
    return it.logic.both(result, it.state.reached)


# Calls of optimizers


def optimizer_called(it: Interpreter, ref: Ref, arguments: Arguments, node: ast.AST, frame: Frame) -> None:
    """An optimizer is called."""
    notes_classes.optimizer_called(it, ref, node, frame)
    construction = it.constructions[ref.obj]
    location = locate(Site(frame.module, node))
    if it.state.reached == NEVER:
        return
    content = it.content(ref)
    made = content.made if isinstance(content, Instance) else None
    text = text_of(node.func) if isinstance(node, ast.Call) else "optimizer"
    it.facts.append(
        OptimizerCall(
            *circumstances(it, location),
            text,
            _steps(it, ref.obj, construction, arguments, node, frame),
            construction,
            isinstance(made, Class) and classes.class_attribute(it, made, "construct") is not None,
        )
    )
    given = [*arguments.positional, *(one for _, one in arguments.keywords)]
    losses = gradients.losses_of(it, given[0].value) if len(given) == 1 else frozenset()
    _note_rebuilt(it, ref.obj, location)
    makes_step(it, ref.obj, text, Site(frame.module, node), True, 1, losses)


def _steps(
    it: Interpreter, obj: Obj, construction: Construction, arguments: Arguments, node: ast.AST, frame: Frame
) -> tuple[Step, ...]:
    location = locate(Site(frame.module, node))
    splat = _splatted_gradients(it, node, frame)
    if splat is not None:
        return (Step("several", ALWAYS, splat),)
    if arguments.more_positional or arguments.more_keywords:
        return (Step("unknown", ALWAYS, location),)
    given = [*arguments.positional, *(one for _, one in arguments.keywords)]
    if len(given) != 1:
        # Of several optimizers the others may be classes of the project that take more.
        kind = ("several" if given else "nothing") if it.sure_callee else "unknown"
        return (Step(kind, ALWAYS, location),)
    where = locate(Site(frame.module, given[0].node)) if given[0].node is not None else location
    return tuple(
        Step(kind, alternative.when, where, compared)
        for alternative in it.alternatives(given[0].value)
        for kind, compared in (_given(it, obj, construction, alternative.atom),)
    )


def _given(it: Interpreter, obj: Obj, construction: Construction, atom: Atom) -> tuple[str, Optional[Gradients]]:
    found = gradients.source_of(it, atom)
    if found is not None:
        source, kind = found
        compared = gradients.compared(it, obj, construction, source)
        return "gradients" if kind == "tuple" else "gradients in a list", compared
    if isinstance(atom, Sym):
        if atom.term.op == "forward":
            return "a loss", None
        if atom.kind == TENSOR:
            return "a tensor", None
        base = atom.term.args[0] if atom.term.op == "item" and atom.term.args else None
        if isinstance(base, Term) and base in it.gradients:
            return "one gradient", None
    if isinstance(atom, Tuple) and len(atom.items) == 2 and not atom.open:
        first, second = (item.value.single for item in atom.items)
        if isinstance(first, Sym) and first.term.op == "forward" and second is not None:
            if gradients.source_of(it, second) is not None:
                return "a pair", None
    return "unknown", None


def _splatted_gradients(it: Interpreter, node: ast.AST, frame: Frame) -> Optional[Location]:
    """Where gradients are splatted into a call."""
    for argument in node.args if isinstance(node, ast.Call) else ():
        if isinstance(argument, ast.Starred) and isinstance(argument.value, (ast.Name, ast.Attribute)):
            atom = evaluate(it, argument.value, frame).single
            if atom is not None and gradients.source_of(it, atom) is not None:
                return locate(Site(frame.module, argument))
    return None


def _note_rebuilt(it: Interpreter, obj: Obj, location: Location) -> None:
    """A single step is made: whether the optimizer is a new one in each pass of the innermost loop, for a network that is not."""
    construction = it.constructions[obj]
    if it.trying or not it.running or construction.loops != tuple(it.loops):
        return
    loop = it.running[-1]
    written = isinstance(loop.node, (ast.For, ast.AsyncFor)) and isinstance(
        loop.node.iter, (ast.Tuple, ast.List, ast.Set)
    )
    if written or loop.tries:
        return  # it tries one setting after the other
    if not it.logic.implies(it.state.reached, construction.reached):
        return  # built in some passes only
    earlier = loop.head.get(obj) is not None
    if loop.known:
        passes = it.rebuilt.setdefault((it.number(loop.start), construction.location.place), {})
        passes[loop.number] = obj
        # Each pass has its own: built in it, or at the end of the one before, and then the first pass has one from elsewhere.
        first = 1 if earlier else 0
        if loop.number <= first or len(set(passes.values())) <= loop.number - first:
            return
    elif earlier:
        return
    nets = trained_by(it, obj)
    if nets and all(
        (found := it.object_of(net)) is not None and loop.start.get(found) is not None or net.op == "argument"
        for net in nets
    ):
        it.facts.append(RebuiltOptimizer(*circumstances(it, location), construction))


def trained_by(it: Interpreter, obj: Obj) -> list[Term]:
    """The networks whose parameters an optimizer was given, where these are all of them."""
    found: dict[Term, None] = {}
    for params in it.given_params.get(obj, ()):
        inner = [params, *(p for group in params.groups for p in group.params)]
        for part in (part for p in inner for part in p.parts):
            base = part.elements[0].args[0] if len(part.elements) == 1 else None
            if not isinstance(base, Term) or base.op != "parameters" or not isinstance(base.args[0], Term):
                return []
            found[base.args[0]] = None
    return list(found)


def makes_step(
    it: Interpreter,
    obj: Obj,
    text: str,
    site: Site,
    direct: bool,
    times: int = 1,
    losses: frozenset[object] = frozenset(),
) -> None:
    """The optimizer makes a step here: what was frozen or replaced before counts now. ``direct``: it is called itself.
    ``times``: so many steps at least. ``losses``: what its gradients are of, where that is known."""
    idle.trained(it, value_of(Ref(obj)))
    if it.trying:
        return
    steps.taken(it, obj, times, site)
    location = locate(site)
    construction = it.constructions[obj]
    # Of two roots nothing says which one runs first.
    frozen = it.state.get((obj, FROZEN, it.root_number))
    for alternative in it.alternatives(frozen) if isinstance(frozen, Value) else ():
        if alternative.origin is not None and isinstance(alternative.atom, Const):
            where = _with_calls(it, alternative.origin)
            it.facts.append(
                LateFreeze(
                    *circumstances(it, where, alternative.when),
                    text_of(alternative.origin.node),
                    location,
                    bool(alternative.atom.value),
                    construction,
                )
            )
    stale = it.state.get((obj, STALE, it.root_number))
    for alternative in it.alternatives(stale) if isinstance(stale, Value) else ():
        if alternative.origin is not None:
            where = _with_calls(it, alternative.origin)
            words = text_of(alternative.origin.node)
            is_new = alternative.atom == Const(True)
            if not is_new and not all(version_of(it, net).op == "version" for net in trained_by(it, obj)):
                continue  # code that is not followed may have frozen them again
            it.facts.append(
                StaleParams(*circumstances(it, where, alternative.when), words, location, construction, is_new)
            )
    sharing.step_made(it, obj, text, site, losses)
    notes_steps.step_made(it, obj, direct)
    it.state.set((obj, STEPPED), value_of(Const(True)))


def mark(it: Interpreter, obj: Obj, name: str, done: bool, site: Site) -> None:
    """Note of an optimizer what happened to what it trains, and the calls that led there."""
    it.state.set((obj, name, it.root_number), value_of(Const(done), site))
    it.led[site] = tuple(locate(call.site) for call in reversed(it.calls))


def _with_calls(it: Interpreter, site: Site) -> Location:
    return locate(site)._replace(via=it.led.get(site, ()))


# Objects that make the steps of an optimizer


def step_cell_built(it: Interpreter, ref: Ref, site: CallSite) -> None:
    """``TrainOneStepCell(network, optimizer, sens)`` or the like is built, or is the base of the project's own class."""
    given = site.get("optimizer", 1)
    if given is None:
        return
    content = it.content(ref)
    own = isinstance(content, Instance) and isinstance(content.made, Class)
    if own:
        _give_attributes(it, ref, site, given)
    else:
        it.state.set((ref.obj, STEPS), given)
        network = site.get("network", 0)
        it.trains[ref.obj] = frozenset(a.atom for a in network.alternatives) if network is not None else frozenset()
    scale = site.get("sens", 2)
    if scale is None:
        scale = site.get("scale_sense", 2)
    location = locate(site.origin)
    for alternative in it.alternatives(given):
        if isinstance(alternative.atom, Ref) and alternative.atom.obj in it.constructions and not own:
            choices = argument_values.choices_of(it, scale, location) if scale is not None else ()
            construction = it.constructions[alternative.atom.obj]
            name = site.name.rpartition(".")[2]
            it.facts.append(StepCell(*circumstances(it, location, alternative.when), name, choices, construction))


def _give_attributes(it: Interpreter, ref: Ref, site: CallSite, optimizer: Value) -> None:
    """What ``TrainOneStepCell.__init__`` sets (``mindspore/nn/wrap/cell_wrapper.py``)."""
    node, frame = site.node, site.frame
    network = site.get("network", 0)
    by_list = (("get_by_list", value_of(Const(True))), ("sens_param", value_of(Const(True))))
    operation = it.allocate(node, frame.module, Instance(Ext("mindspore.ops.GradOperation"), (), by_list), "grad")
    reducer = it.allocate(node, frame.module, Instance(Ext(REDUCER)), "reducer")
    values = {
        "optimizer": optimizer,
        "weights": attributes.read(it, optimizer, "parameters", node, frame),
        "grad": value_of(operation),
        "grad_no_sens": value_of(operation),
        "grad_reducer": value_of(reducer),
    }
    if network is not None:
        values["network"] = network
    for name, value in values.items():
        it.state.set((ref.obj, name), value)


def steps_of(it: Interpreter, ref: Ref) -> Optional[Value]:
    """The optimizer whose steps an object of MindSpore makes."""
    found = it.state.get((ref.obj, STEPS))
    return found if isinstance(found, Value) else None


def object_steps(it: Interpreter, ref: Ref, node: ast.AST, frame: Frame, times: int = 1, single: bool = True) -> None:
    """An object that makes the steps of an optimizer is called (``single``), or its ``train``, which makes so many at least."""
    given = steps_of(it, ref)
    for alternative in it.alternatives(given) if given is not None else ():
        if isinstance(alternative.atom, Ref) and alternative.atom.obj in it.constructions:
            outer = it.state
            it.state = outer.fork(it.logic, alternative.when)
            text = text_of(node.func) if isinstance(node, ast.Call) else "the step"
            losses = it.trains.get(ref.obj, frozenset())
            if single:
                _note_rebuilt(it, alternative.atom.obj, locate(Site(frame.module, node)))
            makes_step(it, alternative.atom.obj, text, Site(frame.module, node), False, times, losses)
            if alternative.when == ALWAYS:
                outer.writes.update(it.state.writes)
            it.state = outer


def model_steps(it: Interpreter, ref: Ref, optimizer: Value) -> None:
    """``Model(..., optimizer=...)``: its ``train`` makes the steps."""
    it.state.set((ref.obj, STEPS), optimizer)


def construct_of(it: Interpreter, ref: Ref, content: Instance) -> Optional[Function]:
    """The ``construct`` of an object of the project's own Cell, where it makes steps: it holds an optimizer and speaks of it."""
    if not isinstance(content.made, Class) or ref.obj in it.constructions:
        return None
    method = classes.class_attribute(it, content.made, "construct")
    function = method.single if method is not None else None
    if not isinstance(function, Function):
        return None
    for word in words_of(function.node):
        held = it.state.get((ref.obj, word))
        for alternative in held.alternatives if isinstance(held, Value) else ():
            if isinstance(alternative.atom, Ref) and alternative.atom.obj in it.constructions:
                return function
    return None


def try_construct(it: Interpreter, ref: Ref, node: ast.AST, frame: Frame) -> None:
    """Follow the ``construct`` of a new step cell with unknown inputs. Only what it says of gradients counts: when it will be
    called, something else may have happened before."""
    content = it.content(ref)
    function = construct_of(it, ref, content) if isinstance(content, Instance) else None
    if function is None or it.trying:
        return
    outer, it.trying = it.state, True
    it.state = outer.fork(it.logic)
    try:
        calls.enter(it, function, Arguments((Given(value_of(ref), None),), (), True, True), node, frame, ref)
    finally:
        it.state, it.trying = outer, False
