"""Which functions are worth following. What speaks of nothing of interest is left until its result matters."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Callable, Optional

from ms_optim_lint.domain.values import (
    CELL,
    IDENTITY,
    PARAMETER,
    Atom,
    Class,
    DictContent,
    Ext,
    Function,
    Instance,
    ListContent,
    Ref,
    Sym,
    Tuple,
    Value,
)
from ms_optim_lint.mindspore import catalogue

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.calls import Arguments
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.modules import Module

#: Words of code that makes or changes what an optimizer is given.
_WORDS = re.compile(
    r"optim|trainable|order_params|param_group|group_param|params_group|get_parameters|parameters_and_names|requires_grad"
    r"|cells_and_names|param_list|net_with_loss_and_opt",
    re.IGNORECASE,
)
#: Names of functions that give an optimizer, and attributes that are judged on tensors and Parameters.
_GIVES = re.compile(r"optim|^opt$|_opt$|^opt_|^(?:backward|grad)$", re.IGNORECASE)


def words_of(node: ast.AST) -> frozenset[str]:
    """The names, attributes, keywords and short strings in a piece of code."""
    found = getattr(node, "_mso_words", None)
    if found is None:
        words: set[str] = set()
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                words.add(inner.id)
            elif isinstance(inner, ast.Attribute):
                words.add(inner.attr)
            elif isinstance(inner, ast.keyword) and inner.arg:
                words.add(inner.arg)
            elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and len(inner.value) < 30:
                words.add(inner.value)
        found = frozenset(words)
        node._mso_words = found  # type: ignore[attr-defined]
    return found


def speaks_of_optimizers(node: ast.AST, module: Module) -> bool:
    """Whether a function, or one of its module that it calls, uses a word of interest: it is entered where it is called."""
    return _speaks(node, module, "_mso_interest", _has_word, 0)


def may_build(node: ast.AST, module: Module) -> bool:
    """Whether a function may build an optimizer, or is given one by something it calls: it is looked at alone too."""
    return _speaks(node, module, "_mso_builds", _may_give, 0)


def _has_word(node: ast.AST) -> bool:
    return any(word in optimizer_names() or _WORDS.search(word) for word in words_of(node))


def _may_give(node: ast.AST) -> bool:
    if words_of(node) & optimizer_names():
        return True
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            function = inner.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if _GIVES.search(name):
                return True
        elif isinstance(inner, ast.Attribute) and inner.attr == "grad":
            return True
    return False


def _speaks(node: ast.AST, module: Module, mark: str, test: Callable[[ast.AST], bool], depth: int) -> bool:
    found = getattr(node, mark, None)
    if found is None:
        setattr(node, mark, False)  # for functions that call each other
        found = test(node)
        if not found and depth < 4:
            for word in words_of(node):
                for statement in module.bindings(word):
                    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)) and statement is not node:
                        found = found or _speaks(statement, module, mark, test, depth + 1)
        setattr(node, mark, found)
    return bool(found)


_names: list[frozenset[str]] = []


def optimizer_names() -> frozenset[str]:
    """The short names of all optimizers."""
    if not _names:
        _names.append(frozenset(o.name.rpartition(".")[2] for o in catalogue.optimizers()))
    return _names[0]


def worth_entering(it: Interpreter, function: Function, arguments: Arguments, receiver: Optional[Atom]) -> bool:
    """Whether a call is followed now."""
    node = function.node
    if isinstance(node, ast.Lambda) or function.frame != function.module.frame and function.owner is None:
        return True
    if speaks_of_optimizers(node, function.module) or any(is_hot(it, value) for value in arguments.values()):
        return True
    return receiver is not None and isinstance(receiver, Ref) and bool(assigned_attributes(node))


def worth_constructing(it: Interpreter, cls: Class, init: Function, bases: list[Ext], arguments: Arguments) -> bool:
    """Whether a class's ``__init__`` is followed when an object is made. A network's layers are not needed to know it."""
    if any(catalogue.is_cell(base.name) and catalogue.optimizer(base.name) is None for base in bases):
        return any(_is_optimizer(it, value) for value in arguments.values()) or bool(
            words_of(init.node) & optimizer_names()
        )
    return True


def _is_optimizer(it: Interpreter, value: Value) -> bool:
    return any(isinstance(a.atom, Ref) and a.atom.obj in it.constructions for a in value.alternatives)


def is_hot(it: Interpreter, value: Value, depth: int = 0) -> bool:
    """Whether a value is, or holds, what code about parameter groups is about."""
    for alternative in value.alternatives:
        atom = alternative.atom
        if isinstance(atom, Sym) and (atom.kind in (PARAMETER, IDENTITY) or (atom.term.elements and atom.kind != CELL)):
            return True
        if isinstance(atom, Tuple) and depth < 3 and any(is_hot(it, i.value, depth + 1) for i in atom.items):
            return True
        if isinstance(atom, Ref):
            content = it.content(atom)
            if isinstance(content, Instance):
                if atom.obj in it.constructions:
                    return True
            elif isinstance(content, ListContent):
                if depth < 3 and (not content.items or any(is_hot(it, i.value, depth + 1) for i in content.items[:8])):
                    return True
            elif isinstance(content, DictContent) and depth < 3:
                if not content.entries or any(is_hot(it, v, depth + 1) for _, v in content.entries[:8]):
                    return True
    return False


def touched_attributes(node: ast.AST) -> frozenset[str]:
    """The attributes of ``self`` that a method may change in place: it calls a method of them, sets an item, or hands them on."""
    arguments = getattr(node, "args", None)
    first = arguments.args[0].arg if isinstance(arguments, ast.arguments) and arguments.args else None
    found: set[str] = set()

    def note(inner: ast.AST) -> None:
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == first:
            found.add(inner.attr)

    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            if isinstance(inner.func, ast.Attribute) and inner.func.attr in _MUTATING:
                note(inner.func.value)
        elif isinstance(inner, ast.Subscript) and isinstance(inner.ctx, (ast.Store, ast.Del)):
            note(inner.value)
        elif isinstance(inner, ast.AugAssign):
            note(inner.target)
    return frozenset(found)


_MUTATING = frozenset("append extend insert add update setdefault pop popitem clear remove".split())


def assigned_attributes(node: ast.AST) -> frozenset[str]:
    """The attributes of ``self`` that a method sets."""
    found = getattr(node, "_mso_attributes", None)
    if found is None:
        arguments = getattr(node, "args", None)
        first = arguments.args[0].arg if isinstance(arguments, ast.arguments) and arguments.args else None
        names = {
            inner.attr
            for inner in ast.walk(node)
            if isinstance(inner, ast.Attribute)
            and isinstance(inner.ctx, ast.Store)
            and isinstance(inner.value, ast.Name)
            and inner.value.id == first
        }
        found = frozenset(names)
        node._mso_attributes = found  # type: ignore[attr-defined]
    return found
