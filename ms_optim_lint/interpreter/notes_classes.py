"""Noting what the project's own schedules, weight decays and optimizers are like.

MindSpore asks much of them that Python does not: a ``construct`` with one argument, a base class that is initialised before a
Cell is set, nothing undefined in what it compiles. What may be set from elsewhere, and classes that are not in sight as a whole,
are left alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition
from ms_optim_lint.domain.shapes import Location
from ms_optim_lint.domain.values import Class, Function, Instance, Ref, Site, Value
from ms_optim_lint.facts_classes import Construct, OwnOptimizer, OwnSchedule, Undefined
from ms_optim_lint.interpreter import class_text, classes
from ms_optim_lint.interpreter.changes import assigned_attributes
from ms_optim_lint.interpreter.deferred import force
from ms_optim_lint.interpreter.initialising import how_unready
from ms_optim_lint.interpreter.interest import words_of
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.modules import Module, bound_names, local_names, top_level
from ms_optim_lint.interpreter.names import BUILTINS
from ms_optim_lint.interpreter.own_classes import BARE, Own, defined, heading, method, own_class
from ms_optim_lint.interpreter.patches import is_patched
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.records import replace
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.facts import Construction
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame

#: Words of classes that set attributes whose names are not written.
_DYNAMIC = frozenset(
    "setattr vars __dict__ __getattr__ __getattribute__ __setattr__ __new__ exec eval globals locals"
    " insert_child_to_cell insert_param_to_cell register_buffer __slots__".split()
)
#: Methods that are written where ``construct`` belongs.
_INSTEAD = (
    "forward",
    "get_lr",
    "get_learning_rate",
    "get_weight_decay",
    "lr_at",
    "calc_lr",
    "step",
    "update",
    "__call__",
    "call",
)


# Schedules and weight decays


def object_made(it: Interpreter, ref: Ref, cls: Class, node: ast.AST, frame: Frame) -> None:
    """An object of an own class is built."""
    bases = {base.name for base in classes.external_bases(it, cls)}
    optimizers = bases & set(catalogue.BASES)
    if not optimizers and not any(map(catalogue.is_schedule, bases)) or it.state.reached == NEVER:
        return
    own = own_class(cls)
    if own is None:
        return
    location = locate(Site(frame.module, node))
    if optimizers:
        _optimizer(it, own, location, ALWAYS, called=False, built=ref.obj in it.constructions)
    else:
        _schedule(it, ref, own, "", location, ALWAYS, None)


def schedules_used(it: Interpreter, construction: Construction) -> None:
    """An optimizer of MindSpore is built: what are the own objects that it is given as rates and decays?"""
    if construction.family != "nn" or construction.optimizer.is_wrapper or construction.optimizer.is_base:
        return
    for role, key in (("learning_rate", "lr"), ("weight_decay", "weight_decay")):
        argument = construction.arguments.get(role)
        if argument is not None and not _all_groups_have(construction, key):
            _used(it, argument.value, role, argument.location, ALWAYS, construction)
        for params in construction.params:
            for group in params.groups:
                entry = group.entries.get(key)
                if entry is not None:
                    here = it.logic.both(it.logic.both(params.when, group.when), entry.when)
                    _used(it, entry.value, role, entry.location, here, construction)


def _all_groups_have(construction: Construction, key: str) -> bool:
    """Whether it may be that each group has a value of its own: then the optimizer's is never asked for."""
    groups = [params for params in construction.params if params.kind == "groups"]
    return any(
        params.open or all(g.open or key in g.entries for g in params.groups if "params" in g.entries)
        for params in groups
    )


def _used(
    it: Interpreter, value: Value, role: str, location: Location, when: Condition, construction: Construction
) -> None:
    for alternative in it.alternatives(force(it, value)):
        atom = alternative.atom
        content = it.content(atom) if isinstance(atom, Ref) else None
        if isinstance(atom, Ref) and isinstance(content, Instance) and isinstance(content.made, Class):
            own = own_class(content.made)
            if own is not None and catalogue.is_cell(own.base.name) and catalogue.optimizer(own.base.name) is None:
                if role == "weight_decay" or catalogue.is_schedule(own.base.name):
                    both = it.logic.both(when, alternative.when)
                    _schedule(it, atom, own, role, location, both, construction)


def _schedule(
    it: Interpreter,
    ref: Ref,
    own: Own,
    role: str,
    location: Location,
    when: Condition,
    construction: Optional[Construction],
) -> None:
    from ms_optim_lint.interpreter.notes import circumstances

    if not it.logic.meet(it.state.reached, when) or own.cls in it.opened:
        return
    if isinstance(it.state.get((ref.obj, "construct")), Value):
        return
    there, function = method(it, own, "construct")
    if there and function is None:
        return
    construct = _construct(function) if function is not None else None
    missing = construct is None and own.base.name in BARE
    undefined = tuple(_undefined(it, ref, own, function)) if function is not None and ref.obj not in it.opened else ()
    if undefined and is_patched(it, "cell", ""):
        undefined = ()
    unready = how_unready(it, own)
    if not missing and not undefined and unready is None and (construct is None or construct.is_right):
        return
    # Where the class is in another file, the finding is where the object is made.
    via = (locate(ref.obj.site), *map(locate, ref.obj.calls))
    it.facts.append(
        OwnSchedule(
            *circumstances(it, location, when),
            own.cls.node.name,
            role,
            heading(own.cls.module, own.cls.node)._replace(via=via),
            replace(construct, location=construct.location._replace(via=via)) if construct is not None else None,
            missing,
            _instead(it, own) if missing else "",
            replace(unready, location=unready.location._replace(via=via)) if unready is not None else None,
            tuple(replace(one, location=one.location._replace(via=via)) for one in undefined),
            construction,
        )
    )


def _instead(it: Interpreter, own: Own) -> str:
    return next((name for name in _INSTEAD if method(it, own, name)[0]), "")


def _construct(function: Function) -> Construct:
    node = function.node
    assert isinstance(node, ast.FunctionDef)
    needs, takes = class_text.takes(node)
    if class_text.first_argument(node) != "self":
        needs, takes = 0, None  # MindSpore counts in its own way then
    returns = any(value is not None and not _is_none(value) for value in class_text.returned(node))
    returns = returns or class_text.raises(node)
    return Construct(heading(function.module, node), needs, takes, returns, class_text.constant_number(node))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


# What nothing defines


def _undefined(it: Interpreter, ref: Ref, own: Own, function: Function) -> Iterator[Undefined]:
    if any(not _DYNAMIC.isdisjoint(words_of(one.node) | defined(one)) for one in own.chain):
        return
    known: set[str] = set()
    for one in own.chain:
        for statement in top_level(one.node.body):
            known.update(bound_names(statement))
            if isinstance(statement, ast.FunctionDef):
                known.update(assigned_attributes(statement))
    yield from _undefined_in(it, ref, own, function, frozenset(known), [])


def _undefined_in(
    it: Interpreter, ref: Ref, own: Own, function: Function, known: frozenset[str], seen: list[ast.AST]
) -> Iterator[Undefined]:
    node = function.node
    assert isinstance(node, ast.FunctionDef)
    seen.append(node)
    receiver = class_text.first_argument(node)
    module = function.module
    for read in class_text.certain_reads(node):
        if isinstance(read, ast.Name):
            if read.id != receiver and not _is_defined(it, function, read.id):
                yield Undefined(read.id, False, locate(Site(module, read)), tuple(sorted(known)))
        elif isinstance(read.value, ast.Name) and read.value.id == receiver:
            if read.attr not in known and _is_absent(it, ref, own, read.attr):
                yield Undefined(read.attr, True, locate(Site(module, read)), tuple(sorted(known)))
            there, helper = method(it, own, read.attr)
            if there and helper is not None and helper.node not in seen and len(seen) < 4:
                yield from _undefined_in(it, ref, own, helper, known, seen)


def _is_absent(it: Interpreter, ref: Ref, own: Own, name: str) -> bool:
    """Whether an object certainly has no attribute of this name, which its class does not set."""
    version = it.project.settings.mindspore_version
    if isinstance(it.state.get((ref.obj, name)), Value) or catalogue.has_attribute("Cell", name, version) is not False:
        return False
    if own.base.name not in BARE:
        return False  # classes of MindSpore have attributes of their own
    if any(name in words_of(one.node) and _as_text(one.node, name) for one in own.chain):
        return False
    modules = {id(module): module for module in (it.module, ref.obj.site.module, *(one.module for one in own.chain))}
    return not any(_is_stored(module, name) for module in modules.values())


def _as_text(node: ast.AST, name: str) -> bool:
    return any(isinstance(inner, ast.Constant) and inner.value == name for inner in walk(node))


def _is_stored(module: Module, name: str) -> bool:
    """Whether a module sets an attribute of this name on anything, or may set any."""
    if "setattr(" in module.text or "__dict__" in module.text:
        return True
    return re.search(rf"\.{re.escape(name)}\b\s*(?::[^=\n]+|[-+*/|&@%]|//|\*\*)?=[^=]", module.text) is not None


def _is_defined(it: Interpreter, function: Function, name: str) -> bool:
    module = function.module
    node = function.node
    if name in local_names(node) or name in BUILTINS or name.startswith("__"):
        return True
    if module.stars or any(word in module.text for word in ("globals()", "exec(", "builtins.", "__builtins__")):
        return True
    scope = it.frames.get(function.frame)
    while scope is not None and scope.node is not None:
        if name in scope.locals:
            return True
        scope = scope.parent
    return _is_global(module, name)


def _is_global(module: Module, name: str) -> bool:
    if module.bindings(name) or module.is_mutated(name):
        return True
    # The name of an exception, a pattern, a := at the top: whatever binds it there.
    return any(
        isinstance(node, ast.Name)
        and node.id == name
        and not isinstance(node.ctx, ast.Load)
        or getattr(node, "name", None) == name
        or getattr(node, "rest", None) == name
        for statement in module.tree.body
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for node in walk(statement)
    )


# Optimizers


def optimizer_called(it: Interpreter, ref: Ref, node: ast.AST, frame: Frame, when: Condition = ALWAYS) -> None:
    """An optimizer is called with gradients, or given to what calls it."""
    content = it.content(ref)
    if isinstance(content, Instance) and isinstance(content.made, Class) and it.state.reached != NEVER:
        own = own_class(content.made)
        if own is not None and own.base.name in catalogue.BASES:
            _optimizer(it, own, locate(Site(frame.module, node)), when, called=True)


def optimizer_given(it: Interpreter, value: Optional[Value], node: ast.AST, frame: Frame) -> None:
    """Something is given to ``TrainOneStepCell`` or ``Model`` as the optimizer that it calls."""
    for alternative in it.alternatives(value) if value is not None else ():
        if isinstance(alternative.atom, Ref):
            optimizer_called(it, alternative.atom, node, frame, alternative.when)


def _optimizer(
    it: Interpreter, own: Own, location: Location, when: Condition, called: bool, built: bool = False
) -> None:
    from ms_optim_lint.interpreter.notes import circumstances

    there, _ = method(it, own, "construct")
    callable_ = any("__call__" in defined(one) for one in own.chain)
    missing = called and not there and not callable_
    unready = None if called else how_unready(it, own)
    if unready is not None and unready.missing and built:
        unready = None
    wrong = missing or unready is not None
    base = catalogue.optimizer(own.base.name)
    if wrong and base is not None and own.cls not in it.opened and not is_patched(it, "optimizer", "construct"):
        it.facts.append(
            OwnOptimizer(
                *circumstances(it, location, when),
                own.cls.node.name,
                base.family,
                heading(own.cls.module, own.cls.node),
                called,
                missing,
                _instead(it, own) if missing else "",
                unready,
            )
        )
