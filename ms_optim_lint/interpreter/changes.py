"""What the text of a function changes in place: its arguments, names around it, attributes of its own object."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.interpreter.modules import all_arguments
from ms_optim_lint.tree import kept_with_node, nodes_of

#: Functions that set, or let set, attributes whose names are not written.
_SETTERS = ("setattr", "vars")
#: What may change something, and what gives names.
_CHANGING = frozenset((ast.Call, ast.Subscript, ast.AugAssign, ast.Attribute))
_GIVING_NAMES = frozenset((ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.comprehension))
#: Python's own functions whose result holds what they are given, or is that; of those of the project any may.
_HOLDING = ("getattr", "enumerate", "reversed", "zip", "iter", "next", "min", "max", *_SETTERS)
_BUILTINS = frozenset(dir(builtins))


def changed_arguments(node: ast.AST) -> frozenset[str]:
    """The arguments that a function may change in place, as far as its own text says."""
    spec = getattr(node, "args", None)
    changed = changed_names(node)
    if not changed or not isinstance(spec, ast.arguments):
        return frozenset()
    return changed.intersection([argument.arg for argument in all_arguments(spec)])


@kept_with_node
def changed_names(node: ast.AST) -> frozenset[str]:
    """The names of what a function may change in place, or of what holds it: of ``a`` in ``a.b["c"].append(d)``, and in
    ``for b in a: b.append(d)``."""
    names: set[str] = set()
    numbers: set[str] = set()  # most likely: ``total += loss`` gives a new thing, for all but lists
    for inner in nodes_of(node):
        if inner.__class__ not in _CHANGING:  # most are names
            continue
        target: Optional[ast.AST] = None
        if isinstance(inner, ast.Call):
            if isinstance(inner.func, ast.Attribute):
                target = inner.func.value if inner.func.attr in MUTATING else None
            elif isinstance(inner.func, ast.Name) and inner.func.id in _SETTERS:
                target = inner.args[0] if inner.args else None
        elif isinstance(inner, ast.Subscript):
            target = inner.value if isinstance(inner.ctx, (ast.Store, ast.Del)) else None
        elif isinstance(inner, ast.AugAssign):
            target = inner.target
            if isinstance(target, ast.Name) and not isinstance(inner.value, (ast.List, ast.ListComp)):
                numbers.add(target.id)
                continue
        elif isinstance(inner, ast.Attribute) and (inner.attr == "__dict__" or isinstance(inner.ctx, ast.Store)):
            target = inner.value
        if target is not None:
            names.update(_holders(target))
    return frozenset(_with_origins(node, names) | numbers)


def _holders(expression: ast.AST) -> Iterator[str]:
    """The names of what holds the thing that an expression gives, or is that thing."""
    while True:
        if isinstance(expression, ast.Name):
            yield expression.id
            return
        if isinstance(expression, (ast.Attribute, ast.Subscript, ast.Starred)):
            expression = expression.value
        elif isinstance(expression, ast.Call) and isinstance(expression.func, ast.Attribute):
            if expression.func.attr not in _GIVING:
                return
            expression = expression.func.value
        elif isinstance(expression, ast.Call) and isinstance(expression.func, ast.Name):
            if expression.func.id in _BUILTINS and expression.func.id not in _HOLDING:
                return
            for argument in expression.args:
                yield from _holders(argument)
            return
        elif isinstance(expression, (ast.IfExp, ast.BoolOp)):
            for one in (expression.body, expression.orelse) if isinstance(expression, ast.IfExp) else expression.values:
                yield from _holders(one)
            return
        else:
            return


def _with_origins(node: ast.AST, names: set[str]) -> set[str]:
    """The names, and those of what holds the things that they were given: ``mine = self.items``."""
    if not names:
        return names
    given: dict[str, set[str]] = {}
    for inner in nodes_of(node):
        if inner.__class__ not in _GIVING_NAMES:
            continue
        targets: list[ast.expr] = []
        value: Optional[ast.AST] = None
        if isinstance(inner, ast.Assign):
            targets, value = inner.targets, inner.value
        elif isinstance(inner, (ast.AnnAssign, ast.NamedExpr)):
            targets, value = [inner.target], inner.value
        elif isinstance(inner, (ast.For, ast.AsyncFor, ast.comprehension)):
            targets, value = [inner.target], inner.iter
        holders = set(_holders(value)) if value is not None else set()
        for target in targets if holders else ():
            for one in target.elts if isinstance(target, (ast.Tuple, ast.List)) else (target,):
                if isinstance(one, ast.Name):
                    given.setdefault(one.id, set()).update(holders)
    waiting = list(names)
    while waiting:
        new = given.get(waiting.pop(), set()) - names
        names |= new
        waiting.extend(new)
    return names


def own_name(node: ast.AST) -> str:
    """What a method calls its own object; empty for what has no argument."""
    spec = getattr(node, "args", None)
    return spec.args[0].arg if isinstance(spec, ast.arguments) and spec.args else ""


@kept_with_node
def touched_attributes(node: ast.AST) -> frozenset[str]:
    """The attributes of ``self`` that a method may change in place: it calls a method of them, sets an item, or hands them on."""
    first = own_name(node)
    found: set[str] = set()

    def note(inner: ast.AST) -> None:
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == first:
            found.add(inner.attr)

    for inner in nodes_of(node):
        if isinstance(inner, ast.Call):
            if isinstance(inner.func, ast.Attribute) and inner.func.attr in MUTATING:
                note(inner.func.value)
        elif isinstance(inner, ast.Subscript) and isinstance(inner.ctx, (ast.Store, ast.Del)):
            note(inner.value)
        elif isinstance(inner, ast.AugAssign):
            note(inner.target)
    return frozenset(found)


MUTATING = frozenset(
    "append extend insert add update setdefault pop popitem clear remove sort reverse discard appendleft extendleft popleft "
    "rotate move_to_end difference_update intersection_update symmetric_difference_update "
    "__setitem__ __delitem__ __iadd__".split()
)
#: Methods that give what their object holds.
_GIVING = frozenset("get setdefault values items pop".split())


@kept_with_node
def sets_inside(node: ast.AST) -> bool:
    """Whether a method sets an attribute of what ``self`` holds: ``self.network.head = ...``."""
    first = own_name(node)
    held = [
        inner.value.value
        for inner in nodes_of(node)
        if isinstance(inner, ast.Attribute)
        and isinstance(inner.ctx, ast.Store)
        and isinstance(inner.value, ast.Attribute)
    ]
    return any(isinstance(one, ast.Name) and one.id == first for one in held)


@kept_with_node
def assigned_attributes(node: ast.AST) -> frozenset[str]:
    """The attributes of ``self`` that a method sets."""
    first = own_name(node)
    names = {
        inner.attr
        for inner in nodes_of(node)
        if isinstance(inner, ast.Attribute)
        and isinstance(inner.ctx, ast.Store)
        and isinstance(inner.value, ast.Name)
        and inner.value.id == first
    }
    return frozenset(names)
