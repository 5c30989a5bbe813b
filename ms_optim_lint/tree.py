"""Walking a tree, several times faster than ``ast.walk``: which fields of a node hold nodes is looked up once for each class.
What is read off a node is kept with it."""

from __future__ import annotations

import ast
import functools
from typing import Callable, Optional, TypeVar

_Node = TypeVar("_Node", bound=ast.AST)
_Result = TypeVar("_Result")

#: Fields that never hold what anybody looks for: names, numbers, and the marks of context and operator.
_PLAIN = frozenset(
    "id attr arg name names asname module level ctx op ops kind n s is_async simple conversion lineno type_comment "
    "type_ignores rest kwd_attrs str".split()
)
_fields: dict[type[ast.AST], tuple[str, ...]] = {}


def _fields_of(kind: type[ast.AST]) -> tuple[str, ...]:
    plain = _PLAIN | {"value"} if kind.__name__ in ("Constant", "MatchSingleton") else _PLAIN
    if kind in (ast.Import, ast.ImportFrom):
        plain = plain - {"names"}
    elif kind.__name__ == "TypeAlias":
        plain = plain - {"name"}
    found = _fields[kind] = tuple(field for field in kind._fields if field not in plain)
    return found


def walk(node: ast.AST) -> list[ast.AST]:
    """The node and all below it, in the order of ``ast.walk``, without the marks of context and operator (``Load``, ``Add``)."""
    found: list[ast.AST] = [node]
    add, more, known = found.append, found.extend, _fields
    for inner in found:
        kind = inner.__class__
        for field in known[kind] if kind in known else _fields_of(kind):
            value = getattr(inner, field, None)
            if value.__class__ is list:
                if None in value:  # the key of ``**`` in a dict, an argument without a default
                    more([one for one in value if one is not None])
                else:
                    more(value)
            elif value is not None:
                add(value)
    return found


def kept_with_node(read: Callable[[_Node], _Result]) -> Callable[[_Node], _Result]:
    """Keeps what a function reads off a node with the node: it is read once, for all files that import it. It is never None."""
    mark = f"_mso_{read.__module__}.{read.__name__}"

    @functools.wraps(read)
    def asked(node: _Node) -> _Result:
        found: Optional[_Result] = getattr(node, mark, None)
        if found is None:
            found = read(node)
            setattr(node, mark, found)
        return found

    return asked


def keep(node: ast.AST, mark: str, found: _Result) -> _Result:
    """Keeps what was read off a node with it, where that needs more than the node: ``getattr(node, mark, None)`` gives it."""
    setattr(node, mark, found)
    return found


@kept_with_node
def nodes_of(definition: ast.AST) -> list[ast.AST]:
    """As :func:`walk`, for a function or class of which several things are asked, a class's statements one after the other. The
    list is not to be changed."""
    if definition.__class__ is not ast.ClassDef:
        return walk(definition)
    found: list[ast.AST] = [definition]
    for inner in children(definition):  # the same will be asked of its methods
        found += nodes_of(inner)
    return found


@kept_with_node
def text_of(node: ast.AST) -> str:
    """As ``ast.unparse``, once for each node."""
    return ast.unparse(node)


def children(node: ast.AST) -> list[ast.AST]:
    """What stands in a node itself, in the order of ``ast.iter_child_nodes``, without the marks of context and operator."""
    found: list[ast.AST] = []
    kind = node.__class__
    for field in _fields[kind] if kind in _fields else _fields_of(kind):
        value = getattr(node, field, None)
        if value.__class__ is list:
            found.extend([one for one in value if one is not None])
        elif value is not None:
            found.append(value)
    return found
