"""Loops that sort the parameters of a network into a dict, or give each a group: followed for one parameter after the other.

An element that stands for all parameters cannot be sorted by a key that is computed from its name. Where the network is known,
so is each name: then the loop goes over the parameters themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.values import PARAMETER, Const, Item, ListContent, Sym, Tuple, Value, value_of
from ms_optim_lint.interpreter import concrete
from ms_optim_lint.interpreter.whole import owner_of
from ms_optim_lint.tree import kept_with_node, walk

if TYPE_CHECKING:
    from ms_optim_lint.domain.logic import Term
    from ms_optim_lint.interpreter.core import Interpreter

#: A network with more parameters is not gone through one by one.
MOST_PARAMETERS = 200

_Loop = Union[ast.For, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp]


def spelled_out(it: Interpreter, node: _Loop, items: tuple[Item, ...]) -> tuple[tuple[Item, ...], dict[Term, str]]:
    """What a loop goes over: the parameters themselves where it sorts them and they are known, and their names."""
    if it.making or not any(item.elements for item in items) or not _sorts(node):
        return items, {}
    counted = _counted(items[0]) if len(items) == 1 else None
    parameters = (items[0]._replace(value=counted),) if counted is not None else items
    if not all(map(_is_parameter, parameters)):
        return items, {}
    found = concrete.named_items(it, ListContent(parameters))
    if found is None or len(found) > MOST_PARAMETERS:
        return items, {}
    names = {item.value.single.term: name for item, name in found if isinstance(item.value.single, Sym)}
    if not all(names.values()) or not it.renamed.isdisjoint(owner_of(it, term) for term in names):
        return items, {}
    if counted is None:
        return tuple(item for item, _ in found), names
    pairs = (Tuple((Item(value_of(Const(number))), item)) for number, (item, _) in enumerate(found))
    return tuple(Item(value_of(pair, items[0].value.origin)) for pair in pairs), names


@contextmanager
def told(it: Interpreter, names: dict[Term, str]) -> Iterator[None]:
    """Here these parameters are told from each other, and have these names."""
    before = it.told
    it.told = {**before, **names} if names else before
    try:
        yield
    finally:
        it.told = before


def _counted(item: Item) -> Optional[Value]:
    """The parameter in an item of ``enumerate(parameters)``; None where it is none."""
    pair = item.value.single
    if not isinstance(pair, Tuple) or len(pair.items) != 2:
        return None
    place = pair.items[0].value.single
    return pair.items[1].value if isinstance(place, Sym) and place.term.op == "place" else None


def _is_parameter(item: Item) -> bool:
    atom = item.value.single
    return isinstance(atom, Sym) and atom.kind == PARAMETER


@kept_with_node
def _sorts(node: _Loop) -> bool:
    """Whether a loop puts something under a key that is computed, or makes groups."""
    if isinstance(node, (ast.For, ast.AsyncFor)):
        found = any(_is_sorting(inner) for statement in node.body for inner in walk(statement))
    elif isinstance(node, ast.DictComp):
        found = len(node.generators) == 1 and not isinstance(node.key, ast.Constant)
    else:
        found = len(node.generators) == 1 and isinstance(node.elt, ast.Dict) and _is_sorting(node.elt)
    return bool(found)


def _is_sorting(node: ast.AST) -> bool:
    if isinstance(node, ast.Dict):
        return any(isinstance(key, ast.Constant) and key.value == "params" for key in node.keys)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "setdefault" or node.func.attr in ("append", "extend") and _by_key(node.func.value)
    return isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and _by_key(node)


def _by_key(node: ast.AST) -> bool:
    """``groups[key]``, or something in it."""
    while isinstance(node, ast.Subscript):
        if not isinstance(node.slice, (ast.Constant, ast.Slice)):
            return True
        node = node.value
    return False
