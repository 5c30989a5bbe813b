"""The errors that a program expects, or catches."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


# Errors that the program expects

#: Stands for "this is a test that something goes wrong": nothing is said there.
EXPECTED = "*"


def expected_errors(it: Interpreter, node: ast.expr) -> frozenset[str]:
    """The exceptions that ``with pytest.raises(...)``, ``self.assertRaises(...)`` or ``suppress(...)`` wait for."""
    if isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name)):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        if name in ("raises", "assertRaises", "assertRaisesRegex", "suppress", "deprecated_call", "warns"):
            found: set[str] = set()
            for argument in node.args:
                found |= _error_names(it, argument)
            return frozenset(found or {"Exception"}) | (frozenset() if name == "suppress" else {EXPECTED})
    return frozenset()


def handled_errors(it: Interpreter, handler: ast.ExceptHandler) -> frozenset[str]:
    """The exceptions that an ``except`` clause catches."""
    if handler.type is None:
        return frozenset({"Exception"})
    return frozenset(_error_names(it, handler.type))


def _error_names(it: Interpreter, node: ast.expr) -> set[str]:
    if isinstance(node, ast.Tuple):
        return {name for element in node.elts for name in _error_names(it, element)}
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Attribute):
        return {node.attr}
    return set()
