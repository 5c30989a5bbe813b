"""How the ``__init__`` of the project's own schedules, decays and optimizers initialises the class of MindSpore below them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.shapes import Location
from ms_optim_lint.domain.values import Class, Ext, Function, Site
from ms_optim_lint.facts_classes import Unready
from ms_optim_lint.interpreter import class_text, classes
from ms_optim_lint.interpreter.class_text import Definition
from ms_optim_lint.interpreter.interest import words_of
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.modules import Module, bound_in_class, local_names
from ms_optim_lint.interpreter.own_classes import Own, defined, heading, method, own_class
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.records import replace
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def how_unready(it: Interpreter, own: Own) -> Optional[Unready]:
    """How ``__init__`` goes wrong; None where it does not, as far as can be seen."""
    if any("__new__" in defined(one) or "__call__" in defined(one) for one in own.chain):
        return None
    cls: Optional[Class] = own.cls
    while cls is not None:
        value = classes.class_attribute(it, cls, "__init__")
        function = value.single if value is not None else None
        if not isinstance(function, Function) or not isinstance(function.node, ast.FunctionDef) or function.decorated:
            return None
        found = _unready(it, own, function.node, function.module)
        if found is not None:
            name = function.owner.node.name if function.owner is not None else ""
            return replace(found, of=name)
        cls = _next(it, own, function)
    return None


def _next(it: Interpreter, own: Own, function: Function) -> Optional[Class]:
    """The class whose ``__init__`` the ``super().__init__(...)`` of this one calls; None where that is not certain, or where it
    is MindSpore's."""
    owner = function.owner
    if owner is None or any(len(one.node.bases) != 1 for one in own.chain):
        return None
    for inner in walk(function.node):
        if isinstance(inner, ast.Attribute) and inner.attr == "__init__":
            call = inner.value
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "super"):
                return None
            if call.args and not (isinstance(call.args[0], ast.Name) and call.args[0].id == owner.node.name):
                return None
    for name in words_of(function.node) & frozenset().union(*map(defined, own.chain)) - {"__init__"}:
        _, helper = method(it, own, name)
        if helper is None or _initialises(it, own, helper.node, 1):
            return None
    base = owner.bases[0].single
    return base if isinstance(base, Class) else None


def _unready(it: Interpreter, own: Own, node: ast.FunctionDef, module: Module) -> Optional[Unready]:
    if not _initialises(it, own, node, 0):
        early = next(_set_early(it, own, module, node, node.body), None)
        return Unready(early[2] if early else heading(module, node), True, *(early[:2] if early else ("", "")))
    for index, statement in enumerate(node.body):
        if _initialises(it, own, statement, 0):
            early = next(_set_early(it, own, module, node, node.body[:index]), None)
            read = _read_early(own, module, node, node.body[:index]) if early is None else None
            return read or (Unready(early[2], False, early[0], early[1]) if early else None)
    return None


#: What ``Optimizer.__init__`` sets.
_SET_BY_BASE = frozenset("parameters learning_rate global_step dynamic_lr is_group is_group_lr param_groups".split())


def _read_early(own: Own, module: Module, function: ast.FunctionDef, body: list[ast.stmt]) -> Optional[Unready]:
    """An attribute that only the base of an optimizer sets, read among the statements before that."""
    if own.base.name not in catalogue.BASES:
        return None
    receiver = class_text.first_argument(function)
    known = frozenset().union(*(bound_in_class(one.node) for one in own.chain))
    for statement in body:
        if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr)):
            return None
        for inner in walk(statement):
            if isinstance(inner, (ast.Lambda, ast.Call)) and (isinstance(inner, ast.Lambda) or _asks(inner, receiver)):
                return None
            if not (isinstance(inner, ast.Attribute) and inner.attr in _SET_BY_BASE - known):
                continue
            if isinstance(inner.value, ast.Name) and inner.value.id == receiver:
                if not isinstance(inner.ctx, ast.Load):
                    return None
                return Unready(locate(Site(module, statement)), False, inner.attr)
    return None


def _asks(call: ast.Call, receiver: Optional[str]) -> bool:
    """Whether a call may set attributes of the object: a method of it, or something that the object is given to."""
    given = (*call.args, *(one.value for one in call.keywords), getattr(call.func, "value", None))
    return any(isinstance(one, ast.Name) and one.id == receiver for one in given)


def _initialises(it: Interpreter, own: Own, node: ast.AST, depth: int) -> bool:
    """Whether code may initialise a base class: by ``super()``, by ``Base.__init__``, or in a method of its own."""
    words = words_of(node)
    if "super" in words or "__init__" in words or depth > 3:
        return True
    for name in words & frozenset().union(*map(defined, own.chain)):
        _, helper = method(it, own, name)
        if helper is None or helper.node is not node and _initialises(it, own, helper.node, depth + 1):
            return True
    return False


def _set_early(
    it: Interpreter, own: Own, module: Module, function: Definition, body: list[ast.stmt]
) -> Iterator[tuple[str, str, Location]]:
    """The first attribute among these statements that a Cell can hold only once it is initialised."""
    receiver = class_text.first_argument(function)
    for statement in body:
        if isinstance(statement, (ast.Return, ast.Raise)):
            return
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
            continue
        for target in statement.targets:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == receiver:
                what = _registered(it, own, function, statement.value)
                if what:
                    yield target.attr, what, locate(Site(module, statement))


def _registered(it: Interpreter, own: Own, function: Definition, call: ast.Call) -> str:
    """What a call makes, where a Cell keeps such things in a list of its own; else empty."""
    from ms_optim_lint.interpreter.expressions import evaluate

    root: ast.expr = call.func
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name) or root.id in local_names(function):
        return ""
    facts = len(it.facts)
    frame = it.frames.get(own.cls.frame) or it.module_frame(own.cls.module)
    atom = evaluate(it, call.func, frame).single
    del it.facts[facts:]
    if isinstance(atom, Class):
        found = own_class(atom)
        return f"a Cell ({atom.node.name})" if found is not None and catalogue.is_cell(found.base.name) else ""
    if not isinstance(atom, Ext) or not atom.name.startswith("mindspore."):
        return ""
    name = atom.name.rpartition(".")[2]
    if catalogue.is_cell(atom.name):
        return f"a Cell ({name})"
    if catalogue.is_parameter(atom.name):
        return "a Parameter"
    if atom.name.startswith("mindspore.ops.") and atom.name.count(".") == 2 and name[:1].isupper():
        return f"an operator ({name})"
    return ""
