"""What the linted file says at a place: the words that a fix must fit into. Rules ask it for their fixes, never for judging."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Optional, TypeVar, Union

from ms_optim_lint.domain.shapes import Location
from ms_optim_lint.finding import Place
from ms_optim_lint.sources import Lines, SourceError
from ms_optim_lint.tree import children, walk

Node = TypeVar("Node", bound=ast.AST)
Scope = Union[ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef]


def place_of(node: Any) -> Place:
    """The place of a node that has one."""
    return Place(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


class Written:
    """A file's words and tree. Everything is looked up when it is first asked for: most files need no fix."""

    def __init__(self, path: str, text: str, tree: ast.Module) -> None:
        self.path = path
        self.tree = tree
        self._text = text
        self._indexed: set[int] = set()
        self._nodes: dict[Place, list[ast.AST]] = {}
        self._parents: dict[ast.AST, ast.AST] = {}

    @cached_property
    def lines(self) -> Lines:
        """The lines of the file."""
        return Lines(self._text)

    def text(self, place: Place) -> str:
        """The words at a place; empty where there is no such place."""
        try:
            start, end = self.lines.span(place)
        except SourceError:
            return ""
        return self._text[start:end]

    def end_of_line(self, line: int) -> Place:
        """The empty place at the end of a line."""
        column = len(self.lines.row(line).encode("utf-8", "surrogatepass"))
        return Place(line, column, line, column)

    # Nodes

    def at(self, location: Location, kind: type[Node]) -> Optional[Node]:
        """The node of that kind at a place; None where it is in another file, or inside a string."""
        if location.path != self.path:
            return None
        self._index(location.place.line, location.place.column)
        return next((node for node in self._nodes.get(location.place, ()) if isinstance(node, kind)), None)

    def parent(self, node: ast.AST) -> ast.AST:
        """The node that holds it; the module's is the module."""
        if node not in self._parents:
            if hasattr(node, "lineno"):
                place = place_of(node)
                self._index(place.line, place.column)
            else:  # arguments, a comprehension: they have no place
                for number in range(len(self.tree.body)):
                    self._index_statement(number)
        return self._parents.get(node, self.tree)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What holds it, from the inside."""
        while node is not self.tree:
            node = self.parent(node)
            yield node

    def scope(self, node: ast.AST) -> Scope:
        """The function, class or module whose names the node uses."""
        return next(
            one
            for one in self.above(node)
            if isinstance(one, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef))
        )

    def inside(self, scope: Scope) -> Iterator[ast.AST]:
        """All that is in a function, class or module, without the functions and classes in it."""
        pending: list[ast.AST] = [scope]
        while pending:
            node = pending.pop()
            yield node
            for inner in children(node):
                if not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    pending.append(inner)

    @cached_property
    def _starts(self) -> list[tuple[int, int]]:
        """Where each statement of the module starts."""
        return [_start(statement) for statement in self.tree.body]

    def _index(self, line: int, column: int) -> None:
        """Take in the statement of the module that is there: a large file is seldom looked at in two places."""
        from bisect import bisect_right

        self._index_statement(bisect_right(self._starts, (line, column)) - 1)

    def _index_statement(self, number: int) -> None:
        if number < 0 or number in self._indexed:
            return
        self._indexed.add(number)
        pending: list[tuple[ast.AST, bool]] = [(self.tree.body[number], True)]
        while pending:
            node, certain = pending.pop()
            if isinstance(node, ast.JoinedStr):
                certain = False  # before Python 3.12 the places inside are wrong
            elif certain and getattr(node, "end_col_offset", None) is not None:
                self._nodes.setdefault(place_of(node), []).append(node)
            for inner in children(node):
                self._parents[inner] = node
                pending.append((inner, certain))

    # Names

    @cached_property
    def _walked(self) -> list[ast.AST]:
        return walk(self.tree)

    @cached_property
    def bound(self) -> dict[str, int]:
        """How often each name is bound, anywhere in the file."""
        found: dict[str, int] = {}
        for node in self._walked:
            kind = node.__class__
            if kind not in _BIND_NOTHING:
                for name in _binds(node):
                    found[name] = found.get(name, 0) + 1
        return found

    def dotted(self, node: ast.expr) -> Optional[str]:
        """``a.b.c`` as written; None for anything else than names and dots."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        return ".".join([node.id, *reversed(parts)])

    def is_fixed(self, node: ast.expr) -> bool:
        """Whether a dotted name always means the same thing: its first name is imported, and bound to nothing else."""
        dotted = self.dotted(node)
        return dotted is not None and dotted.partition(".")[0] in self._imported

    @cached_property
    def _imported(self) -> dict[str, str]:
        """Names that imports bind, wherever they are, and nothing else does: what they mean."""
        found: dict[str, list[str]] = {}
        for node in self._walked:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for name, meaning in imported_names(node):
                    found.setdefault(name, []).append(meaning)
        return {name: all_[0] for name, all_ in found.items() if len(set(all_)) == 1 and self.bound[name] == len(all_)}

    @cached_property
    def imports(self) -> Sequence[Union[ast.Import, ast.ImportFrom]]:
        """The imports at the top of the file, under no condition."""
        return [node for node in self.tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]

    def named(self, target: str, line: int) -> Optional[str]:
        """How the file can call a thing outside it, such as ``mindspore.ops.assign``, by what is imported above a line; None
        where it has no name for it. The shortest, where it has several."""
        names = [
            name + target[len(meaning) :]
            for node in self.imports
            if node.lineno < line
            for name, meaning in imported_names(node)
            if name in self._imported and (target == meaning or target.startswith(meaning + "."))
        ]
        return min(names, key=len, default=None)

    def reads(self, scope: Scope, name: str) -> int:
        """How often a name is read in a function or module, with all that is in it."""
        return sum(
            isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Store)
            for node in walk(scope)
        )


def imported_names(node: Union[ast.Import, ast.ImportFrom]) -> Iterator[tuple[str, str]]:
    """The names that an import binds, and what they mean."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            yield alias.asname or alias.name, f"{'.' * node.level}{node.module or ''}.{alias.name}"
        elif alias.asname is None:
            yield alias.name.partition(".")[0], alias.name.partition(".")[0]
        else:
            yield alias.asname, alias.name


def _start(statement: ast.stmt) -> tuple[int, int]:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return (decorators[0].lineno, 0) if decorators else (statement.lineno, statement.col_offset)


#: The kinds that there are most of.
_BIND_NOTHING = frozenset((ast.Constant, ast.Attribute, ast.Call, ast.keyword, ast.Expr, ast.Assign, ast.Subscript))


def _binds(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (name for name, _ in imported_names(node))
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from node.names
    elif type(node).__name__ in ("MatchAs", "MatchStar", "MatchMapping"):
        yield from filter(None, (getattr(node, "name", None), getattr(node, "rest", None)))
