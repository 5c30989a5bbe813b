"""What the source and the objects of MindSpore say: signatures, attributes, deprecations."""

from __future__ import annotations

import ast
import contextlib
import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any, Optional


class Source:
    """Signatures as the source has them: defaults in the author's words, decorators not in the way."""

    def __init__(self) -> None:
        self._trees: dict[str, dict[str, ast.AST]] = {}

    def _nodes(self, path: str) -> dict[str, ast.AST]:
        if path not in self._trees:
            with open(path, encoding="utf-8") as file:
                tree = ast.parse(file.read())
            self._trees[path] = dict(_qualified(tree, ""))
        return self._trees[path]

    def find(self, value: Any) -> Optional[ast.AST]:
        """The definition of a class or function."""
        value = inspect.unwrap(value)
        with contextlib.suppress(TypeError, OSError, SyntaxError):
            path = inspect.getsourcefile(value)
            if path:
                return self._nodes(path).get(value.__qualname__)
        return None

    def initializer(self, cls: type) -> Optional[ast.FunctionDef]:
        """The ``__init__`` (or ``__new__``) that building a class runs."""
        for base in cls.__mro__:
            for name in ("__init__", "__new__"):
                if name in vars(base):
                    node = self.find(base)
                    for child in getattr(node, "body", ()):
                        if isinstance(child, ast.FunctionDef) and child.name == name:
                            return child
                    if base is object or node is not None:
                        return None
        return None

    def definition(self, value: Any) -> Optional[ast.FunctionDef]:
        """The function whose arguments a call of ``value`` takes."""
        node = self.initializer(value) if isinstance(value, type) else self.find(value)
        return node if isinstance(node, ast.FunctionDef) else None

    def arguments(self, value: Any) -> dict[str, bool]:
        """The arguments by name, and whether a call must give them."""
        node = self.definition(value)
        if node is None:
            return {}
        names = [argument.arg for argument in node.args.args]
        optional = names[len(names) - len(node.args.defaults) :] + [argument.arg for argument in node.args.kwonlyargs]
        return {name: name not in optional for name in [*names, *optional]}

    def signature(self, value: Any) -> Optional[str]:
        """The arguments as text, without ``self`` and annotations."""
        node = self.definition(value)
        if node is None:
            return None
        arguments = node.args
        for argument in ast.walk(arguments):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        text = ast.unparse(arguments)
        if isinstance(value, type):
            text = re.sub(r"^(self|cls)(, )?", "", text)
        return text

    def deprecation(self, value: Any) -> Optional[list[Optional[str]]]:
        """``[version, successor]`` of a ``@deprecated(...)`` on the class, the function or ``__init__``."""
        nodes = [self.find(value), self.definition(value)]
        for node in nodes:
            for decorator in getattr(node, "decorator_list", ()):
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("deprecated"):
                    values = [ast.literal_eval(argument) for argument in decorator.args]
                    return [str(values[0]), values[1]]
        return None

    def attributes(self, cls: Any) -> list[str]:
        """Attributes of instances of a class that cannot be built here: what it has and what its methods set."""
        names = set(dir(cls))
        for base in getattr(cls, "__mro__", ()):
            for node in ast.walk(self.find(base) or ast.Pass()):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_self(node.value):
                    names.add(node.attr)
        return sorted(name for name in names if not name.startswith("_"))

    def reads_key(self, cls: Any, key: str) -> bool:
        """Whether a class takes ``key`` as an argument or reads it from a group.

        ``experimental.optim.SGD`` has a default for ``grad_centralization`` that nothing reads.
        """
        node = self.find(cls)
        return key in self.arguments(cls) or (node is not None and f"['{key}']" in ast.unparse(node))

    def hidden_keywords(self, value: Any) -> list[str]:
        """Keywords that ``**kwargs`` of an initializer is asked for."""
        node = self.definition(value)
        if node is None or node.args.kwarg is None:
            return []
        name = re.escape(node.args.kwarg.arg)
        text = "\n".join(ast.unparse(statement) for statement in node.body)
        return sorted(set(re.findall(rf"\b{name}(?:\.get\(|\.pop\(|\[)'(\w+)'", text)))


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _qualified(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.AST]]:
    """Definitions below a node by qualified name."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.ClassDef, ast.FunctionDef)):
            yield prefix + child.name, child
            if isinstance(child, ast.ClassDef):
                yield from _qualified(child, f"{prefix}{child.name}.")
        elif isinstance(child, (ast.If, ast.Try, ast.With)):
            yield from _qualified(child, prefix)


def visible(value: object, without: Iterable[str] = ()) -> list[str]:
    """Public attribute names of an instance, with what ``Cell.__getattr__`` finds in tables of its own."""
    names = set(dir(value))
    for table in list(vars(value).values()) if hasattr(value, "__dict__") else ():
        if isinstance(table, dict):
            names.update(key for key in table if isinstance(key, str) and key.isidentifier() and hasattr(value, key))
    return sorted(name for name in names if not name.startswith("_") and name not in without)
