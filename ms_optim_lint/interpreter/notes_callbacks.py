"""Noting facts about callbacks that change the rate: ``Model.train(..., callbacks=LearningRateScheduler(...))``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import (
    ABSENT,
    NUMBER,
    TEXT,
    Atom,
    Const,
    Ext,
    Function,
    Instance,
    ListContent,
    Method,
    Ref,
    Sym,
    Tuple,
    Value,
)
from ms_optim_lint.facts import RateCallback, RateFunction
from ms_optim_lint.interpreter import callbacks, idle
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.notes import circumstances, place_of
from ms_optim_lint.interpreter.operators import sequence_of
from ms_optim_lint.interpreter.versions import touch
from ms_optim_lint.mindspore import catalogue

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.library.table import CallSite

CALLBACK = "mindspore.train.LearningRateScheduler"
MODEL = "mindspore.train.Model"
#: Methods of a Model that train, and where their callbacks stand.
TRAINING = {"train": 2, "fit": 4}


def callback_built(it: Interpreter, site: CallSite) -> None:
    """``LearningRateScheduler(function)``: it is called with the rate and the number of the step, if anybody trains with it."""
    if idle.name_of(site.frame, site.node) is not None:
        return
    given = site.arguments.names.get("learning_rate_function")
    if given is None and site.arguments.positional:
        given = site.arguments.positional[0]
    if given is None:
        return
    alternatives = [a for a in it.alternatives(given.value) if a.atom is not ABSENT]
    troubles = [(a, *_trouble(it, a.atom)) for a in alternatives]
    for alternative, what, trouble in troubles:
        replaced = isinstance(alternative.atom, Const) and not all(words for _, _, words in troubles)
        if trouble and not replaced:
            where = circumstances(it, place_of(given, site), alternative.when)
            it.facts.append(RateFunction(*where, what, trouble))


def _trouble(it: Interpreter, atom: Atom) -> tuple[str, str]:
    """What something is, and why it cannot be called with a rate and a step; empty where it may be."""
    if isinstance(atom, Function):
        return _of_function(atom, 0)
    if isinstance(atom, Method) and atom.function is not None:
        return _of_function(atom.function, 1)
    if isinstance(atom, Const):
        return repr(atom.value), "cannot be called"
    if isinstance(atom, Tuple):
        return "a tuple", "cannot be called"
    if isinstance(atom, Sym) and atom.kind in (NUMBER, TEXT):
        return f"a {atom.kind}", "cannot be called"
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, ListContent):
            return "a list", "cannot be called"
        if isinstance(content, Instance) and isinstance(content.made, Ext) and catalogue.is_schedule(content.made.name):
            return f"a schedule ({content.made.name.rpartition('.')[2]})", "takes the step only"
    return "", ""


def _of_function(function: Function, bound: int) -> tuple[str, str]:
    node = function.node
    spec = node.args
    if function.decorated:
        return "", ""
    most = len(spec.posonlyargs) + len(spec.args) - bound
    least = most - len(spec.defaults)
    words = "a lambda" if isinstance(node, ast.Lambda) else f"the function {node.name}"
    needed = any(default is None for default in spec.kw_defaults)
    if needed:
        return words, "needs a keyword"
    if least <= 2 and (most >= 2 or spec.vararg is not None):
        return "", ""
    count = most if most < 2 else least
    return words, f"takes {count or 'no'} argument{'' if count == 1 else 's'}"


def method_called(it: Interpreter, ref: Ref, content: Instance, name: str, site: CallSite) -> None:
    """``model.train(epochs, dataset, callbacks=...)``."""
    if name not in TRAINING or content.made != Ext(MODEL):
        return
    given = site.get("callbacks", TRAINING[name])
    if given is not None:
        for place in _callbacks(it, given):
            _note(it, ref, content, place, site)
        callbacks.run(it, given, _optimizer(content), site)
    for value in site.arguments.values():
        for alternative in it.alternatives(value):
            touch(it, alternative.atom, site.node)


def _callbacks(it: Interpreter, given: Value) -> list[Ref]:
    """The ``LearningRateScheduler`` objects that are certainly among the callbacks."""
    atom = given.single
    sequence = sequence_of(it, atom) if atom is not None else None
    reached = it.state.reached
    if sequence is not None:
        there = [item.value for item in sequence.items if not item.elements and it.logic.implies(reached, item.when)]
    else:
        there = [given]
    found = []
    for value in there:
        callback = value.single
        content = it.content(callback) if isinstance(callback, Ref) else None
        if isinstance(callback, Ref) and isinstance(content, Instance) and content.made == Ext(CALLBACK):
            found.append(callback)
    return found


def _note(it: Interpreter, ref: Ref, content: Instance, callback: Ref, site: CallSite) -> None:
    node = site.node.func if isinstance(site.node, ast.Call) else site.node
    text, place = ast.unparse(node), locate(callback.obj.site)
    if ref.obj in it.without_optimizer:
        it.facts.append(RateCallback(*circumstances(it, locate(site.origin)), text, place, None))
    optimizer = _optimizer(content)
    for alternative in it.alternatives(optimizer) if optimizer is not None else ():
        atom = alternative.atom
        construction = it.constructions.get(atom.obj) if isinstance(atom, Ref) else None
        made = it.content(atom) if isinstance(atom, Ref) else None
        if construction is not None and isinstance(made, Instance) and isinstance(made.made, Ext):
            where = circumstances(it, locate(site.origin), alternative.when)
            it.facts.append(RateCallback(*where, text, place, construction))


def _optimizer(content: Instance) -> Optional[Value]:
    found = dict(content.keywords).get("optimizer")
    return found if found is not None else content.arguments[2] if len(content.arguments) > 2 else None
