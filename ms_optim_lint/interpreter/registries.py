"""Registries: a dict that stays empty in the text and that decorators fill, ``@register_model`` above each function.

Which definition a name means is found by searching the text of the package for a definition under that decorator. Nothing
else is read, and two that answer to one name answer to none.
"""

from __future__ import annotations

import ast
import os
import re
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import DictContent, Ref, Value
from ms_optim_lint.interpreter.modules import Module, local_names
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.tree import nodes_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


class Registrar(NamedTuple):
    """A decorator that puts what it decorates into a dict: under its own name, or under one that it is given."""

    name: str
    given: bool


def note(it: Interpreter, module: Module, name: str, value: Value) -> None:
    """A module binds ``name``: an empty dict that a decorator of the module fills is a registry, and open."""
    atom = value.single
    if not isinstance(atom, Ref) or atom.obj in it.registries:
        return
    content = it.content(atom)
    if isinstance(content, DictContent) and not content.entries and registrars(module, name):
        it.registries[atom.obj] = (module, name)
        it.state.set(atom.obj, DictContent((), True))


def registrars(module: Module, name: str) -> tuple[Registrar, ...]:
    """The decorators of a module that fill the dict it calls ``name``."""
    if f"{name}[" not in module.text:
        return ()
    found: list[Registrar] = []
    for statement in module.tree.body:
        if isinstance(statement, ast.FunctionDef) and name not in local_names(statement):
            for inner in nodes_of(statement):
                if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Subscript):
                    target = inner.targets[0]
                    if isinstance(target.value, ast.Name) and target.value.id == name:
                        kind = _kind(statement, inner, target)
                        if kind is None:
                            return ()
                        found.append(kind)
    return tuple(found)


def _kind(function: ast.FunctionDef, store: ast.Assign, target: ast.Subscript) -> Optional[Registrar]:
    """How a function stores what it decorates; None where it does something else."""
    value = store.value.id if isinstance(store.value, ast.Name) else None
    own = [argument.arg for argument in function.args.args]
    inner = next((f for f in function.body if isinstance(f, ast.FunctionDef)), None)
    key = _key(function, target.slice)
    if inner is None and len(own) == 1 and value == own[0] and key == f"{value}.__name__":
        return Registrar(function.name, False)
    if inner is not None and len(own) == 1 and [a.arg for a in inner.args.args] == [value] and key == own[0]:
        return Registrar(function.name, True)
    return None


def _key(function: ast.FunctionDef, key: ast.AST) -> str:
    text = ast.unparse(key)
    for inner in nodes_of(function):
        if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Name) and inner.targets[0].id == text:
            return ast.unparse(inner.value)
    return text


def find(it: Interpreter, ref: Ref, key: object) -> Optional[Value]:
    """What a registry holds under a key, where exactly one definition in its package says so."""
    known = it.registries.get(ref.obj)
    if known is None or not isinstance(key, str) or not key.isidentifier():
        return None
    where = (ref.obj, key)
    if where not in it.registered:
        it.registered[where] = None
        it.registered[where] = _find(it, *known, key)
    return it.registered[where]


def lacks(it: Interpreter, ref: Ref, key: object) -> bool:
    """Whether a registry has no such key: all of it is decorated definitions, by their own names, and none is called so."""
    known = it.registries.get(ref.obj)
    if known is None or not isinstance(key, str) or not key.isidentifier() or find(it, ref, key) is not None:
        return False
    module, name = known
    for registrar in registrars(module, name):
        if registrar.given:
            return False
        word = registrar.name
        other = re.compile(rf"(?<!def )\b{word}\(|^@(?:\w+\.)*{word}\s*\n(?:@.*\n)*(?:def|class) {key}\b", re.MULTILINE)
        for path in (*it.project.files_around(module.path), it.module.path):
            text = it.module.text if path == it.module.path else it.project.text(path)
            if path != module.path and f"def {word}(" in text:
                continue
            if word in text and other.search(text):
                return False
    return True


def _find(it: Interpreter, module: Module, name: str, key: str) -> Optional[Value]:
    from ms_optim_lint.interpreter.names import load, module_name

    found: list[tuple[str, str]] = []
    for registrar in registrars(module, name):
        if registrar.given:
            pattern = rf"^@(?:\w+\.)*{registrar.name}\(\s*['\"]{key}['\"]\s*\)\s*\n(?:@.*\n)*(?:def|class) (\w+)"
        else:
            pattern = rf"^@(?:\w+\.)*{registrar.name}\s*\n(?:@.*\n)*(?:def|class) ({key})\b"
        search = re.compile(pattern, re.MULTILINE)
        paths = list(it.project.files_around(module.path))
        if it.module.path not in paths:
            paths.append(it.module.path)
        for path in paths:
            text = it.module.text if path == it.module.path else it.project.text(path)
            it.dependencies.add(path)
            if path != module.path and f"def {registrar.name}(" in text:
                continue  # it has a registry of its own
            if key in text and registrar.name in text:
                found.extend((path, match.group(1)) for match in search.finditer(text))
    it.dependencies.discard(it.module.path)
    if len(found) != 1:
        return None
    path, definition = found[0]
    holder = it.modules.get(path) or load(it, path, os.path.splitext(os.path.basename(path))[0])
    return module_name(it, holder, definition) if holder is not None else None
