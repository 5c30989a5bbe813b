"""Modules of the linted project: where they are, what they bind at top level. Read, never imported."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from typing import Any, Optional

from ms_optim_lint.tree import children, keep, kept_with_node

_MUTATORS = frozenset("append extend insert add update setdefault pop popitem clear remove sort reverse".split())
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
#: What holds statements: those of ``match`` come with Python 3.10.
_COMPOUND = frozenset(
    (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.ExceptHandler)
    + tuple(getattr(ast, name) for name in ("TryStar", "Match", "match_case") if hasattr(ast, name))
)
#: Statements that bind names themselves, and what has a scope of its own.
_BINDING = frozenset(
    (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    + (ast.AugAssign, ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)
)
_SCOPES = frozenset((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda))


class Module:
    """One source file. ``text`` and ``tree`` belong together; ``frame`` is the number of its global scope."""

    def __init__(self, path: str, name: str, package: str, tree: ast.Module, text: str, number: int) -> None:
        self.path = path
        self.name = name
        self.package = package
        self.tree = tree
        self.text = text
        self.frame = number
        #: the classes of MindSpore that the module may give new attributes; None where nobody asked yet
        self.patches: Optional[frozenset[str]] = None
        #: the definitions of which the text speaks of something of interest; None where nobody asked yet
        self.speaking: Optional[frozenset[str]] = None
        #: what optimizers are called in it; None where nobody asked yet
        self.optimizers: Optional[frozenset[str]] = None
        #: whether an expression may bind a name
        self.has_walrus = ":=" in text
        self._bindings: Optional[dict[str, list[ast.stmt]]] = None
        self._definitions: Optional[dict[str, list[ast.AST]]] = None
        self._stars: list[ast.ImportFrom] = []
        self._mutated: set[str] = set()

    def __repr__(self) -> str:
        return f"<module {self.name} {self.path}>"

    def bindings(self, name: str) -> list[ast.stmt]:
        """The top-level statements that bind ``name``, in order."""
        return self._index().get(name, [])

    def is_mutated(self, name: str) -> bool:
        """Whether top-level code changes in place what ``name`` holds, or a function rebinds it."""
        self._index()
        return name in self._mutated

    @functools.cached_property
    def global_in_functions(self) -> tuple[str, ...]:
        """The names that functions declare to be of the module."""
        return tuple(sorted(set(_rebound(self.tree.body)))) if "global " in self.text else ()

    @functools.cached_property
    def lines(self) -> list[str]:
        """The lines of the text, as the places in the tree count them."""
        text = self.text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in self.text else self.text
        return text.split("\n")

    @functools.cached_property
    def may_ask_version(self) -> bool:
        """Whether the text can ask for MindSpore's version: by ``__version__``, or by the name of the package in quotes."""
        text = self.text
        return "version" in text and ("__version__" in text or '"mindspore"' in text or "'mindspore'" in text)

    @property
    def stars(self) -> list[ast.ImportFrom]:
        """The top-level star imports."""
        self._index()
        return self._stars

    def names(self) -> list[str]:
        """All names bound at top level."""
        return list(self._index())

    @functools.cached_property
    def rebound(self) -> dict[str, list[ast.stmt]]:
        """The names that top-level statements bind more than once, or in a loop."""
        return {
            name: statements
            for name, statements in self._index().items()
            if len(statements) > 1 or isinstance(statements[0], (ast.For, ast.AsyncFor))
        }

    @property
    def definitions(self) -> dict[str, list[ast.AST]]:
        """The functions and classes at the top, in ``if`` and the like too, by their names."""
        if self._definitions is None:
            self._definitions = {}
            for name, statements in self._index().items():
                found: list[ast.AST] = [one for one in statements if isinstance(one, (ast.FunctionDef, ast.ClassDef))]
                if found:
                    self._definitions[name] = found
        return self._definitions

    @functools.cached_property
    def methods(self) -> dict[str, list[tuple[ast.ClassDef, ast.FunctionDef]]]:
        """The methods of the classes at the top, by name."""
        found: dict[str, list[tuple[ast.ClassDef, ast.FunctionDef]]] = {}
        for definitions in self.definitions.values():
            for cls in definitions:
                if not isinstance(cls, ast.ClassDef):
                    continue
                for method in cls.body:
                    if isinstance(method, ast.FunctionDef):
                        found.setdefault(method.name, []).append((cls, method))
        return found

    def _index(self) -> dict[str, list[ast.stmt]]:
        if self._bindings is None:
            known = getattr(self.tree, "_mso_index", None)  # of a tree that another file has imported, too
            if known is not None:
                self._bindings, self._stars, self._mutated = known
                return self._bindings
            self._bindings = {}
            for statement in top_level(self.tree.body):
                if isinstance(statement, ast.ImportFrom) and any(alias.name == "*" for alias in statement.names):
                    self._stars.append(statement)
                for name in bound_names(statement):
                    self._bindings.setdefault(name, []).append(statement)
                mutated = _mutated_name(statement)
                if mutated:
                    self._mutated.add(mutated)
            if "global " in self.text:
                self._mutated.update(_rebound(self.tree.body))
            keep(self.tree, "_mso_index", (self._bindings, self._stars, self._mutated))
        return self._bindings


def top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run with the module: those in ``if``, ``try`` and the like too, not those in functions."""
    for statement in body:
        yield statement
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for block in _BLOCKS:
                for inner in getattr(statement, block, ()):
                    # An except or a case is no statement, and has some.
                    yield from top_level([inner] if isinstance(inner, ast.stmt) else inner.body)


def _rebound(body: list[ast.stmt]) -> Iterator[str]:
    """The names that functions declare to be of the module."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, ast.Global):
            yield from statement.names
        else:
            for block in _BLOCKS:
                waiting.extend(getattr(statement, block, ()))


def bound_names(statement: ast.stmt) -> Iterator[str]:
    """The names that one statement binds itself (not the statements inside it)."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            if alias.name != "*":
                yield alias.asname or alias.name.split(".")[0]
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from target_names(target)
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
        yield from target_names(statement.target)
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        for item in statement.items:
            if item.optional_vars is not None:
                yield from target_names(item.optional_vars)


@kept_with_node
def bound_in_class(definition: ast.ClassDef) -> dict[str, ast.stmt]:
    """The last statement in a class's body that binds each name."""
    return {name: statement for statement in definition.body for name in bound_names(statement)}


def target_names(target: ast.expr) -> Iterator[str]:
    """The plain names in an assignment target."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from target_names(element)
    elif isinstance(target, ast.Starred):
        yield from target_names(target.value)


def _mutated_name(statement: ast.stmt) -> Optional[str]:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.attr in _MUTATORS:
            return function.value.id
    target = None
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], (ast.Subscript, ast.Attribute)):
        target = statement.targets[0].value
    elif isinstance(statement, ast.AugAssign):
        target = statement.target
    return target.id if isinstance(target, ast.Name) else None


def local_names(function: ast.AST, in_expressions: bool = True) -> frozenset[str]:
    """The names that are local to a function: its arguments and what its body binds, less ``global`` and ``nonlocal``.
    ``in_expressions``: expressions may bind some, with ``:=``."""
    found: Optional[frozenset[str]] = getattr(function, "_mso_locals", None)
    if found is not None:
        return found
    names: set[str] = set()
    outer: set[str] = set()
    of_module: set[str] = set()
    arguments = getattr(function, "args", None)
    if isinstance(arguments, ast.arguments):
        names.update(argument.arg for argument in all_arguments(arguments))
    body = getattr(function, "body", [])
    stack: list[Any] = list(body) if isinstance(body, list) else [body]
    while stack:
        node = stack.pop()
        kind = node.__class__
        if kind in _BINDING:
            names.update(bound_names(node))
        elif kind is ast.Global or kind is ast.Nonlocal:
            outer.update(node.names)
            if kind is ast.Global:
                of_module.update(node.names)
        elif kind is ast.NamedExpr:
            names.update(target_names(node.target))
        elif kind is ast.ExceptHandler and node.name:
            names.add(node.name)
        if in_expressions:
            if kind not in _SCOPES:
                stack.extend(children(node))
        elif kind in _COMPOUND:
            stack.extend([inner for inner in children(node) if not isinstance(inner, ast.expr)])
    keep(function, "_mso_globals", frozenset(of_module))
    return keep(function, "_mso_locals", frozenset(names - outer))


@kept_with_node
def is_generator(function: ast.AST) -> bool:
    """Whether a function yields."""
    found = False
    body = getattr(function, "body", [])
    stack: list[ast.AST] = list(body) if isinstance(body, list) else [body]
    while stack and not found:
        node = stack.pop()
        found = isinstance(node, (ast.Yield, ast.YieldFrom))
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack.extend(children(node))
    return bool(found)


def all_arguments(arguments: ast.arguments) -> list[ast.arg]:
    """Every argument of a signature, ``*args`` and ``**kwargs`` included."""
    found = [*getattr(arguments, "posonlyargs", []), *arguments.args, *arguments.kwonlyargs]
    found.extend(argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None)
    return found
