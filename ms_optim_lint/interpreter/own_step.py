"""How an own optimizer comes by its rate, and whether it counts its steps, by the text of its class."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import Class, Instance, Ref
from ms_optim_lint.facts import OwnStep
from ms_optim_lint.interpreter import class_text
from ms_optim_lint.interpreter.class_text import Definition
from ms_optim_lint.interpreter.interest import words_of
from ms_optim_lint.interpreter.own_classes import Own, defined, heading, method, own_class
from ms_optim_lint.tree import children, walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

_BASE = "mindspore.nn.Optimizer"
#: Ways of asking for the rate that holds now.
_ASKING = frozenset(("get_lr", "get_lr_parameter", "learning_rate"))
#: What counts the steps, or may.
_COUNTING = frozenset(("assignadd", "global_step_increase_tensor", "super"))
#: Functions that only read what they are given.
_READING = frozenset(("cast", "Cast", "pow", "Pow", "astype", "float", "sqrt", "log", "print", "int", "str", "format"))
#: Attributes and methods of a Parameter that change nothing.
_VALUES = frozenset(("asnumpy", "numpy", "value", "item", "tolist", "dtype", "shape", "name", "astype", "float", "int"))


def own_step(it: Interpreter, ref: Ref) -> Optional[OwnStep]:
    """None where the class is not in sight as a whole, or comes from another optimizer of MindSpore."""
    content = it.content(ref)
    if not isinstance(content, Instance) or not isinstance(content.made, Class):
        return None
    own = own_class(content.made)
    if own is None or own.base.name != _BASE or own.cls in it.opened:
        return None
    _, construct = method(it, own, "construct")
    if construct is None or not isinstance(construct.node, ast.FunctionDef):
        return None
    own_names = frozenset().union(*map(defined, own.chain))
    if own_names & {"get_lr", "__call__", "__setattr__", "__getattr__"}:
        return None
    methods = [node for one in own.chain for node in one.node.body if isinstance(node, ast.FunctionDef)]
    read = frozenset().union(*(_attributes(node, None) for node in methods))
    around = frozenset().union(*_attributes_around(it, own))
    return OwnStep(
        own.cls.node.name,
        heading(construct.module, construct.node),
        "get_lr" in read,
        "global_step" in around or _may_count(methods),
        "" if read & _ASKING else _raw(it, own, methods, around),
    )


def _attributes(node: ast.AST, but: Optional[str]) -> frozenset[str]:
    """The attributes that code speaks of, on anything but the name ``but``."""
    return frozenset(_spoken_of(node, but))


def _spoken_of(node: ast.AST, but: Optional[str]) -> Iterator[str]:
    read: set[ast.AST] = set()
    for inner in walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in _READING:
            read.update(inner.args)
        elif isinstance(inner, ast.FormattedValue):
            read.add(inner.value)
        elif isinstance(inner, ast.Attribute) and not (isinstance(inner.value, ast.Name) and inner.value.id == but):
            if inner.attr in _VALUES:
                read.add(inner.value)  # the counter of steps is only looked at
            if inner.attr != "global_step" or inner not in read:
                yield inner.attr


def _may_count(methods: list[ast.FunctionDef]) -> bool:
    """Whether the class itself may advance ``global_step``."""
    for function in methods:
        if function.name != "__init__" and not words_of(function).isdisjoint(_COUNTING):
            return True
        if any(_counts(node, class_text.first_argument(function)) for node in _with_parents(function)):
            return True
    return False


def _with_parents(function: Definition) -> Iterator[tuple[ast.AST, ast.AST]]:
    for node in walk(function):
        for child in children(node):
            yield node, child


def _counts(pair: tuple[ast.AST, ast.AST], receiver: Optional[str]) -> bool:
    """Whether ``global_step``, or the optimizer as a whole, goes anywhere but into arithmetic."""
    parent, node = pair
    if (
        isinstance(node, ast.Name)
        and node.id == receiver
        and isinstance(parent, (ast.Call, ast.Tuple, ast.List, ast.Assign))
    ):
        return not (isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "super")
    if not isinstance(node, ast.Attribute) or node.attr != "global_step":
        return isinstance(node, ast.Constant) and node.value == "global_step"
    if isinstance(parent, ast.Call):
        function = parent.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        return name not in _READING
    if isinstance(parent, ast.Attribute):
        return parent.attr not in _VALUES
    return not isinstance(parent, (ast.BinOp, ast.Compare, ast.FormattedValue))


def _attributes_around(it: Interpreter, own: Own) -> Iterator[frozenset[str]]:
    """The attributes that the files around a class speak of, on anything but ``self``: other classes have theirs."""
    nodes = [one.node for one in own.chain]
    for module in {id(m): m for m in (it.module, *(one.module for one in own.chain))}.values():
        for statement in module.tree.body:
            if statement not in nodes:
                yield _attributes(statement, "self")


def _raw(it: Interpreter, own: Own, methods: list[ast.FunctionDef], around: frozenset[str]) -> str:
    """The attribute that holds the rate as it was given to ``__init__`` and to the base class."""
    _, init = method(it, own, "__init__")
    if (
        init is None
        or not isinstance(init.node, ast.FunctionDef)
        or init.owner is not own.cls
        and init.owner != own.cls
    ):
        return ""
    node = init.node
    given = _given_rate(node)
    receiver = class_text.first_argument(node)
    arguments = {argument.arg for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]}
    if given is None or given not in arguments or _is_rebound(node, given):
        return ""
    for statement in node.body:
        if (
            isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Name)
            and statement.value.id == given
            and isinstance(statement.targets[0], ast.Attribute)
            and isinstance(statement.targets[0].value, ast.Name)
            and statement.targets[0].value.id == receiver
        ):
            name = statement.targets[0].attr
            if _stores(methods, name) == 1 and name not in around:
                _, construct = method(it, own, "construct")
                if construct is not None and _reads(construct.node, name):
                    return name
    return ""


def _given_rate(init: Definition) -> Optional[str]:
    """The name that ``super().__init__(rate, ...)`` gives as the rate."""
    for node in walk(init):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__":
            named = [keyword.value for keyword in node.keywords if keyword.arg == "learning_rate"]
            given = named or node.args[:1]
            value = given[0] if given else None
            if isinstance(node.func.value, ast.Call) and isinstance(value, ast.Name):
                return value.id
    return None


def _is_rebound(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load) for n in walk(node))


def _stores(methods: list[ast.FunctionDef], name: str) -> int:
    return sum(
        isinstance(n, ast.Attribute) and n.attr == name and not isinstance(n.ctx, ast.Load)
        for function in methods
        for n in walk(function)
    )


def _reads(node: ast.AST, name: str) -> bool:
    """Whether a rate is used as a number: in arithmetic, or as an argument."""
    return any(
        isinstance(parent, (ast.BinOp, ast.Call))
        and isinstance(child, ast.Attribute)
        and child.attr == name
        and getattr(parent, "func", None) is not child
        for parent in walk(node)
        for child in children(parent)
    )
