"""The errors that a program expects, or catches."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from ms_optim_lint.domain.values import Class, Ext, Function, Method, Tuple, Value
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.modules import local_names
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import expressions
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
else:
    expressions = late("expressions")


# Errors that the program expects

#: Stands for "this is a test that something goes wrong": nothing is said there.
EXPECTED = "*"


def expected_errors(it: Interpreter, node: ast.expr, frame: Frame) -> frozenset[str]:
    """The exceptions that ``with pytest.raises(...)``, ``self.assertRaises(...)`` or ``suppress(...)`` wait for."""
    if isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name)):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        if name in ("raises", "assertRaises", "assertRaisesRegex", "suppress", "deprecated_call", "warns"):
            found: set[str] = set()
            for argument in node.args:
                found |= _error_names(it, argument, frame)
            return frozenset(found or {"Exception"}) | (frozenset() if name == "suppress" else {EXPECTED})
    return frozenset()


def handled_errors(it: Interpreter, handler: ast.ExceptHandler, frame: Frame) -> frozenset[str]:
    """The exceptions that an ``except`` clause catches; all where that is not known."""
    if handler.type is None:
        return frozenset({"Exception"})
    return frozenset(_error_names(it, handler.type, frame))


def _error_names(it: Interpreter, node: ast.expr, frame: Frame) -> set[str]:
    if isinstance(node, ast.Tuple):
        return {name for element in node.elts for name in _error_names(it, element, frame)}
    if isinstance(node, ast.Name) and hasattr(builtins, node.id):
        return {node.id}
    if not isinstance(node, (ast.Name, ast.Attribute)):
        return {"Exception"}
    return _names_of(it, expressions.evaluate(it, node, frame))


def _names_of(it: Interpreter, value: Value) -> set[str]:
    names: set[str] = set()
    for alternative in value.alternatives:
        atom = alternative.atom
        if isinstance(atom, Ext):
            names.add(atom.name.rpartition(".")[2])
        elif isinstance(atom, Class):
            names.add(atom.node.name)
        elif isinstance(atom, Tuple) and not atom.open:
            names.update(name for item in atom.items for name in _names_of(it, item.value))
        else:
            names.add("Exception")
    return names


def swallowed_errors(it: Interpreter, node: ast.expr, body: list[ast.stmt], frame: Frame) -> frozenset[str]:
    """The errors after which a program goes on behind ``with node: body``, where it calls a function that says so."""
    found = expected_errors(it, node, frame)
    if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Name, ast.Attribute)):
        return found
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
    if name in ("ExitStack", "AsyncExitStack"):
        for inner in (inner for one in body for inner in walk(one)):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.args:
                if inner.func.attr == "enter_context":
                    found |= swallowed_errors(it, inner.args[0], [], frame)
        return found
    called = expressions.evaluate(it, node.func, frame).single
    function = called.function if isinstance(called, Method) else called
    if isinstance(function, Function) and _is_manager(function):
        found |= _of_manager(it, function)
    return found


def _is_manager(function: Function) -> bool:
    return any(
        getattr(one, "attr", getattr(one, "id", "")) in ("contextmanager", "asynccontextmanager")
        for one in getattr(function.node, "decorator_list", ())
    )


def _of_manager(it: Interpreter, function: Function) -> frozenset[str]:
    """What a function under ``contextmanager`` catches around its ``yield``, or expects there."""
    frame = it.frames.get(function.frame) or it.module_frame(function.module)
    local = local_names(function.node)
    found: set[str] = set()
    for node in walk(function.node):
        if not isinstance(node, (ast.Try, ast.With)) or not any(
            isinstance(inner, ast.Yield) for one in node.body for inner in walk(one)
        ):
            continue
        if isinstance(node, ast.With):
            for item in node.items:
                found |= expected_errors(it, item.context_expr, frame)
            continue
        for handler in node.handlers:
            if any(isinstance(inner, ast.Raise) for inner in walk(handler)):
                continue
            asked = set() if handler.type is None else {n.id for n in walk(handler.type) if isinstance(n, ast.Name)}
            found |= handled_errors(it, handler, frame) if asked.isdisjoint(local) else {"Exception"}
    return frozenset(found)
