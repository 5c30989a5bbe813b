"""Networks at the top of a file that functions freeze, rename or extend: in which order these run, nobody says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.values import Atom, Instance, Ref, Value
from ms_optim_lint.interpreter import layers, versions
from ms_optim_lint.interpreter.changes import MUTATING, assigned_attributes, touched_attributes
from ms_optim_lint.interpreter.interest import words_of
from ms_optim_lint.interpreter.modules import Module, all_arguments, local_names
from ms_optim_lint.tree import kept_with_node, nodes_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

_Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef]
#: What is set of parameters, and methods that change a network.
_OF_PARAMETERS = frozenset(("requires_grad", "name"))
_CHANGING = MUTATING | {"insert_child_to_cell", "update_parameters_name"}
_DEPTH = 3


def forget(it: Interpreter, definition: _Definition) -> None:
    """A definition of the linted file is looked at alone: functions that it does not call may have changed the networks."""
    module = it.module
    networks = {
        name: value
        for name in module.names()
        for value in [it.state.get((module.frame, name))]
        if isinstance(value, Value) and any(_is_network(it, a.atom) for a in value.alternatives)
    }
    if not networks:
        return
    own = set(nodes_of(definition))
    called = words_of(definition)
    for function in _functions(module):
        if function in own or function.name in called:
            continue
        free = _changed(module, function, 0) - local_names(function)
        for name in sorted(free & networks.keys()):
            for alternative in it.alternatives(networks[name]):
                versions.touch(it, alternative.atom, function)


def _is_network(it: Interpreter, atom: Atom) -> bool:
    content = it.content(atom) if isinstance(atom, Ref) else None
    return isinstance(content, Instance) and bool(layers.is_cell(it, content))


def _functions(module: Module) -> Iterator[Union[ast.FunctionDef, ast.AsyncFunctionDef]]:
    for definition in (one for same in module.definitions.values() for one in same):
        for one in definition.body if isinstance(definition, ast.ClassDef) else [definition]:
            if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield one


def _changed(module: Module, function: ast.AST, depth: int) -> frozenset[str]:
    """The names of the networks that a function may change, it or what it hands them to."""
    found, calls = _text(function)
    names = set(found)
    for receiver, callee, handed in calls if depth < _DEPTH else ():
        if receiver and any(
            assigned_attributes(method) or touched_attributes(method) for _, method in module.methods.get(callee, ())
        ):
            names.add(receiver)
        for other in module.definitions.get(callee, ()) if not receiver else ():
            if isinstance(other, (ast.FunctionDef, ast.AsyncFunctionDef)) and other is not function:
                inner = _changed(module, other, depth + 1)
                if inner & {argument.arg for argument in all_arguments(other.args)}:
                    names.update(handed)
    return frozenset(names)


@kept_with_node
def _text(function: ast.AST) -> tuple[frozenset[str], tuple[tuple[str, str, tuple[str, ...]], ...]]:
    """The names of what a function changes itself, and its calls: of what, which, and what they are handed."""
    names: set[str] = set()
    mentioned: set[str] = set()
    calls = []
    every = False
    for inner in nodes_of(function):
        if isinstance(inner, ast.Name):
            mentioned.add(inner.id)
        elif isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
            every = every or inner.attr in _OF_PARAMETERS
            names.add(_root(inner) or "")
        elif isinstance(inner, ast.Call):
            given = tuple(
                one.id for one in (*inner.args, *(k.value for k in inner.keywords)) if isinstance(one, ast.Name)
            )
            if isinstance(inner.func, ast.Name):
                every = every or inner.func.id == "setattr"
                calls.append(("", inner.func.id, given))
            elif isinstance(inner.func, ast.Attribute):
                root = _root(inner.func) or ""
                calls.append((root, inner.func.attr, given))
                if inner.func.attr in _CHANGING:
                    names.add(root)
    return frozenset(names | mentioned if every else names), tuple(calls)


def _root(node: ast.AST) -> Optional[str]:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
