"""The values that weights start with. While a network is made they matter to nobody: what computes them is not followed."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import TENSOR, Sym, Value, value_of
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.tree import keep, kept_with_node, nodes_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
    from ms_optim_lint.interpreter.modules import Module

#: Arguments of MindSpore's layers that say what their Parameters start with.
WORDS = frozenset(("weight_init", "bias_init", "gamma_init", "beta_init", "moving_mean_init", "moving_var_init"))


#: How many functions deep is looked for what is changed.
_DEPTH = 4
_MINDSPORE = frozenset(("mindspore",))
_PACKAGES = frozenset(("mindspore", "numpy", "scipy", "math", "random", "functools", "operator"))
_BUILTINS = frozenset(
    "abs bool dict enumerate float int isinstance len list max min pow range round set sum tuple zip".split()
)
#: Methods that change what they are called on.
_CHANGING = frozenset("add append clear extend insert pop remove reverse set_data setdefault sort update".split())
_CHANGES = (
    *(ast.AsyncFunctionDef, ast.ClassDef, ast.Delete, ast.Global, ast.Nonlocal, ast.With, ast.Try),
    *(ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom),
)


class Starting(NamedTuple):
    """Local names of a function that are read for nothing but that, and the names by which the layers are called."""

    names: frozenset[str]
    layers: frozenset[str]


def passed_over(it: Interpreter, node: ast.Assign, frame: Frame) -> Optional[Value]:
    """What the name gets that an assignment sets, if it need not be followed; else None."""
    target = node.targets[0]
    if not isinstance(target, ast.Name) or len(node.targets) > 1 or not isinstance(frame.node, ast.FunctionDef):
        return None
    if not isinstance(node.value, ast.Call) or not is_plain(node.value, frame.module):
        return None
    found = _starting(frame.node)
    if target.id not in found.names or not all(
        _is_imported(frame.module.bindings(name), _MINDSPORE) for name in found.layers
    ):
        return None
    return some(it)


def some(it: Interpreter) -> Value:
    """Such a value."""
    return value_of(Sym(it.logic.term("initial"), TENSOR))


def is_plain(node: ast.expr, module: Module) -> bool:
    """Whether an expression only computes something, as far as that is easily seen: nothing is changed by it."""
    return _only_computes(node, module, _DEPTH)


def _only_computes(node: ast.AST, module: Module, depth: int) -> bool:
    found: Optional[bool] = getattr(node, "_mso_computes", None)
    if found is None:
        keep(node, "_mso_computes", False)  # for functions that call each other
        found = keep(
            node, "_mso_computes", all(_changes_nothing(inner, node, module, depth) for inner in nodes_of(node))
        )
    return found


def _changes_nothing(node: ast.AST, where: ast.AST, module: Module, depth: int) -> bool:
    if isinstance(node, ast.Call):
        return _is_of_values(node.func, module, depth)
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        return isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
        return node is where
    return not isinstance(node, _CHANGES)


def _is_of_values(function: ast.expr, module: Module, depth: int) -> bool:
    """Whether what is called only computes: a function of MindSpore, numpy and the like, or of the module."""
    inner: ast.expr = function
    while isinstance(inner, ast.Attribute):
        inner = inner.value
    if not isinstance(inner, ast.Name):
        return isinstance(function, ast.Attribute) and function.attr not in _CHANGING  # of something that is new
    if inner.id in ("self", "cls", "super"):
        return False
    statements = module.bindings(inner.id)
    if inner is function and all(isinstance(one, ast.FunctionDef) for one in statements):
        if not statements:
            return inner.id in _BUILTINS or inner.id.endswith("Error")
        return depth > 0 and all(_only_computes(one, module, depth - 1) for one in statements)
    if not statements:
        return isinstance(function, ast.Attribute) and function.attr not in _CHANGING
    return _is_imported(statements, _PACKAGES)


@kept_with_node
def _starting(definition: ast.FunctionDef) -> Starting:
    reads: dict[str, set[ast.AST]] = {}
    sets: dict[str, list[ast.AST]] = {}
    layers: dict[ast.AST, str] = {}  # by the names that they are given
    inside: dict[ast.AST, str] = {}  # what is read to compute a name
    for node in nodes_of(definition):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                reads.setdefault(node.id, set()).add(node)
            else:
                sets.setdefault(node.id, []).append(node)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            inside.update((one, node.targets[0].id) for one in nodes_of(node.value) if isinstance(one, ast.Name))
        elif isinstance(node, ast.Call):
            layer: ast.expr = node.func
            while isinstance(layer, ast.Attribute):
                layer = layer.value
            if isinstance(layer, ast.Name):
                layers.update((word.value, layer.id) for word in node.keywords if word.arg in WORDS)
    found = {name for name, places in reads.items() if name in sets and not layers.keys().isdisjoint(places)}
    found |= {name for name in sets if any(inside.get(place) in found for place in reads.get(name, ()))}
    while True:
        kept = {name for name in found if all(p in layers or inside.get(p) in found for p in reads.get(name, ()))}
        if kept == found:
            break
        found = kept
    return Starting(frozenset(found), frozenset(layers.values()))


def _is_imported(statements: Sequence[ast.stmt], packages: frozenset[str]) -> bool:
    """Whether a name is always one that is imported from these packages."""
    for statement in statements:
        if isinstance(statement, ast.ImportFrom):
            origins = [statement.module or "" if not statement.level else ""]
        elif isinstance(statement, ast.Import):
            origins = [alias.name for alias in statement.names]
        else:
            return False
        if any(origin.partition(".")[0] not in packages for origin in origins):
            return False
    return bool(statements)
