"""Functions that a test calls only where it waits for an error."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ms_optim_lint.interpreter.frames import Frame
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.tree import children

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import library
    from ms_optim_lint.interpreter.core import Interpreter
else:
    library = late("library")

#: A module without one of these waits for no error.
_WORDS = ("raises(", "assertRaises")
_Errors = frozenset[str]


def by_callers(it: Interpreter, name: str) -> frozenset[str]:
    """The errors that are waited for wherever the linted file calls what is called ``name``; empty where one call waits for
    none."""
    if it.expected is None:
        it.expected = {}
        if any(word in it.module.text for word in _WORDS):
            _walk(it, it.module.tree, it.module_frame(it.module), frozenset(), it.expected)
    calls = it.expected.get(name, [])
    errors = frozenset.intersection(*calls) if calls else frozenset()
    return errors if "*" in errors else frozenset()


def _walk(it: Interpreter, node: ast.AST, frame: Frame, errors: _Errors, found: dict[str, list[_Errors]]) -> None:
    if isinstance(node, (ast.With, ast.AsyncWith)):
        inside = errors.union(*(library.expected_errors(it, item.context_expr, frame) for item in node.items))
        for item in node.items:
            _walk(it, item, frame, errors, found)
        for statement in node.body:
            _walk(it, statement, frame, inside, found)
        return
    if isinstance(node, ast.Call):
        waits = library.expected_errors(it, node, frame)
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            _walk(it, argument, frame, errors | waits, found)
        _walk(it, node.func, frame, errors, found)
        return
    if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
        found.setdefault(node.id if isinstance(node, ast.Name) else node.attr, []).append(errors)
    for child in children(node):
        _walk(it, child, frame, errors, found)
