"""Lists, dicts and attributes that stand at the top of a file, and that a function or another file changes.

Of a function that is looked at alone nothing says what ran before it: what such a thing holds then is unknown.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.values import (
    Atom,
    Class,
    Const,
    DictContent,
    Instance,
    ListContent,
    Ref,
    Sym,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import classes, layers
from ms_optim_lint.interpreter.changes import MUTATING, assigned_attributes, changed_arguments, touched_attributes
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.modules import Module, bound_in_class, local_names
from ms_optim_lint.interpreter.outside import text_of
from ms_optim_lint.tree import kept_with_node, nodes_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import names, networks, statements
    from ms_optim_lint.interpreter.core import Interpreter
else:
    names = late("names")
    networks = late("networks")
    statements = late("statements")

#: In a project with more files around than this, nobody asks which of them change a thing.
_MAX_SEARCHED = 300
_METHODS = "update|setdefault|pop|popitem|clear|append|extend|insert|remove"
_CHANGE = rf"(?:\[[^\]\n]*\])*(?:\[[^\]\n]*\]\s*[-+*/|]?=[^=]|\s*\|=|\.(?:{_METHODS})\()"


def forget(it: Interpreter) -> None:
    """A function of the linted file is looked at alone: others may have changed what stands at the top of the file."""
    module = it.module
    held = {
        name: value
        for name in module.names()
        for value in [it.state.get((module.frame, name))]
        if isinstance(value, Value) and any(_may_change(it, a.atom) for a in value.alternatives)
    }
    for name in _changed(it, module, held) if held else ():
        for alternative in it.alternatives(held[name]):
            open_up(it, alternative.atom)
    for name, attribute in _attributes(module.tree):
        value = held.get(name) or _imported(it, module, name)
        for alternative in it.alternatives(value) if value is not None else ():
            _set_attribute(it, alternative.atom, attribute)
    for value in held.values():
        for alternative in it.alternatives(value):
            _forget_by_methods(it, alternative.atom)
    for definition in (one for same in module.definitions.values() for one in same):
        if isinstance(definition, ast.ClassDef) and _by_methods(definition):
            value = _imported(it, module, definition.name)
            for alternative in it.alternatives(value) if value is not None else ():
                if isinstance(alternative.atom, Class):
                    _forget_of_class(it, alternative.atom)
    for name in module.global_in_functions:
        stored = it.state.get((module.frame, name))
        if isinstance(stored, Value) and any(_is_placeholder(it, a.atom) for a in stored.alternatives):
            it.state.set((module.frame, name), _unknown(it, name))


def _is_placeholder(it: Interpreter, atom: Atom) -> bool:
    """Whether it may only stand there until the program knows better."""
    return isinstance(atom, Const) or it.is_empty(atom)


def _forget_by_methods(it: Interpreter, atom: Atom) -> None:
    """What methods of an object change of it, whoever calls them."""
    content = it.content(atom) if isinstance(atom, Ref) else None
    if not (isinstance(atom, Ref) and isinstance(content, Instance) and isinstance(content.made, Class)):
        return
    for cls in classes.resolution(it, content.made):
        for name, changed in _by_methods(cls.node) if isinstance(cls, Class) else ():
            stored = it.state.get((atom.obj, name))
            for alternative in it.alternatives(stored) if isinstance(stored, Value) else ():
                if changed:
                    open_up(it, alternative.atom)
                elif _is_placeholder(it, alternative.atom):
                    it.state.set((atom.obj, name), _unknown(it, name))


def _forget_of_class(it: Interpreter, cls: Class) -> None:
    """What methods change of what the class itself holds."""
    bound = bound_in_class(cls.node)
    for name, _ in _by_methods(cls.node):
        stands = isinstance(bound.get(name), (ast.Assign, ast.AnnAssign))
        held = classes.class_attribute(it, cls, name) if stands else None
        for alternative in held.alternatives if held is not None else ():
            if _is_placeholder(it, alternative.atom) or _may_change(it, alternative.atom):
                _set_attribute(it, cls, name)


@kept_with_node
def _by_methods(definition: ast.ClassDef) -> tuple[tuple[str, bool], ...]:
    """The attributes that methods change in place, and those that they set: these are said to be so by false."""
    found: set[tuple[str, bool]] = set()
    for method in definition.body:
        if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) and method.name != "__init__":
            found.update((name, True) for name in touched_attributes(method))
            found.update((name, False) for name in assigned_attributes(method))
    return tuple(sorted(found))


def _imported(it: Interpreter, module: Module, name: str) -> Optional[Value]:
    """What a name stands for that a class statement or an import binds."""
    kinds = (ast.ClassDef, ast.ImportFrom)
    bound = module.bindings(name)
    return names.module_name(it, module, name) if bound and all(isinstance(one, kinds) for one in bound) else None


def _may_change(it: Interpreter, atom: Atom) -> bool:
    if isinstance(atom, (Class, Tuple)):
        return True
    content = it.content(atom) if isinstance(atom, Ref) else None
    if isinstance(content, Instance):
        return isinstance(content.made, Class) and not layers.is_cell(it, content)
    return isinstance(content, (ListContent, DictContent))


def open_up(it: Interpreter, atom: Atom, depth: int = 0) -> None:
    """What a list or dict holds is unknown from now on, and what the lists and dicts in it hold."""
    if isinstance(atom, Tuple) and depth <= 5:
        for item in atom.items:
            for alternative in item.value.alternatives:
                open_up(it, alternative.atom, depth + 1)
    if not isinstance(atom, Ref) or depth > 5:
        return
    content = it.content(atom)
    if isinstance(content, ListContent):
        for item in content.items:
            for alternative in item.value.alternatives:
                open_up(it, alternative.atom, depth + 1)
        it.state.set(atom.obj, ListContent((), True, content.kind, content.consumed, "changed by another function"))
    elif isinstance(content, DictContent):
        for _, value in content.entries:
            for alternative in value.alternatives:
                open_up(it, alternative.atom, depth + 1)
        it.state.set(atom.obj, DictContent((), True))


def _set_attribute(it: Interpreter, atom: Atom, attribute: str) -> None:
    content = it.content(atom) if isinstance(atom, Ref) else None
    if isinstance(atom, Class):
        key: tuple[object, str] = (classes.frame_of(it, atom), attribute)
    elif isinstance(atom, Ref) and isinstance(content, Instance) and _may_change(it, atom):
        key = (atom.obj, attribute)
    else:
        return
    it.state.set(key, _unknown(it, attribute))


def _unknown(it: Interpreter, attribute: str) -> Value:
    term = it.logic.term("attribute", it.logic.term("changed", it.number(it.module.tree)), attribute)
    return value_of(Sym(term, reason="set by another function or file"))


def _changed(it: Interpreter, module: Module, wanted: Iterable[str]) -> Iterator[str]:
    """Which of the names at the top of a module stand for things that functions of the module change in place."""
    changed, handed = _by_functions(module.tree)
    for name in wanted:
        if name in changed or any(
            given == name and _changes(it, module, callee, place) for callee, place, given in handed
        ):
            yield name


@kept_with_node
def _by_functions(tree: ast.AST) -> tuple[frozenset[str], frozenset[tuple[str, Union[int, str], str]]]:
    """The names from around that functions change in place, and those that they hand to functions: to which, and as what."""
    changed: set[str] = set()
    handed: set[tuple[str, Union[int, str], str]] = set()
    for function in _functions(tree):
        text = text_of(function)
        changed |= text.changed
        own = local_names(function)
        for callee, arguments in text.calls:
            handed.update((callee, place, name) for place, name in arguments if name not in own)
    return frozenset(changed), frozenset(handed)


def _functions(tree: ast.AST) -> Iterator[ast.AST]:
    waiting = list(getattr(tree, "body", ()))
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield statement
        elif isinstance(statement, ast.stmt):
            for block in ("body", "orelse", "finalbody"):
                waiting.extend(getattr(statement, block, ()))


def _changes(it: Interpreter, module: Module, callee: str, place: Union[int, str]) -> bool:
    """Whether a function at the top of a module changes what it is given there."""
    for definition in module.definitions.get(callee, ()):
        if isinstance(definition, (ast.FunctionDef, ast.AsyncFunctionDef)):
            own = [argument.arg for argument in definition.args.args]
            name = place if isinstance(place, str) else own[place] if place < len(own) else None
            if name in changed_arguments(definition):
                return True
    return False


@kept_with_node
def _attributes(tree: ast.AST) -> tuple[tuple[str, str], ...]:
    """The names from around and their attributes that functions set, or of which they change what these hold."""
    found: set[tuple[str, str]] = set()
    for function in _functions(tree):
        for inner in nodes_of(function):
            target: Optional[ast.AST] = None
            if isinstance(inner, (ast.Attribute, ast.Subscript)):
                target = inner if isinstance(inner.ctx, (ast.Store, ast.Del)) else None
            elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr in MUTATING:
                target = inner.func.value
            while isinstance(target, ast.Subscript):
                target = target.value
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                if target.value.id not in local_names(function):
                    found.add((target.value.id, target.attr))
    return tuple(sorted(found))


# Other files


def _is_changed(it: Interpreter, module: Module, name: str) -> bool:
    """Whether functions of another module, or other files, change the list or dict that it calls ``name``."""
    key = module.path, name
    known = it.changed_elsewhere.get(key)
    if known is None:
        own = any(next(_changed(it, one, (name,)), None) is not None for one in (module, it.module))
        known = own or _in_files(it, module, name)
        it.changed_elsewhere[key] = known
    return known


def is_set(it: Interpreter, cls: Class, name: str) -> bool:
    """Whether other files set the attribute of a class of another module."""
    return name in _set_in_files(it, cls.module, cls.node.name)


def forget_of_other(it: Interpreter, module: Module, name: str, atom: Atom) -> None:
    """What another module calls ``name`` is read for the first time: what its own functions and other files change of it, they
    may have changed before."""
    key = "left open", module.path, name
    if not (isinstance(atom, (Class, Tuple, Ref))) or it.state.get(key) is not None:
        return
    it.state.set(key, value_of(Const(True)))
    if isinstance(atom, Class):
        _forget_of_class(it, atom)
    content = it.content(atom) if isinstance(atom, Ref) else None
    if isinstance(atom, Ref) and isinstance(content, Instance):
        if atom.obj in it.constructions:
            return
        _forget_by_methods(it, atom)
        for attribute in sorted(_set_in_files(it, module, name)):
            statements.spoil(it, atom)
            networks.changed(it, atom, attribute)
            it.state.set((atom.obj, attribute), _unknown(it, attribute))
    elif isinstance(content, (ListContent, DictContent)):
        if not content.open and not it.is_empty(atom) and _is_changed(it, module, name):
            open_up(it, atom)
    elif isinstance(atom, Tuple) and name in _by_functions(module.tree)[0]:
        open_up(it, atom)
    for one, attribute in _attributes(module.tree) if f"{name}." in module.text else ():
        if one == name:
            _set_attribute(it, atom, attribute)


def _set_in_files(it: Interpreter, module: Module, word: str) -> frozenset[str]:
    key = module.path, word
    known = it.set_elsewhere.get(key)
    if known is None:
        assigned = re.compile(rf"\b{word}\.(\w+)(?:\[[^\]\n]*\])*\s*[-+*/|]?=[^=]")
        texts = [text for text in _texts(it, module) if f"{word}." in text and _stem(module) in text]
        known = it.set_elsewhere[key] = frozenset(found for text in texts for found in assigned.findall(text))
    return known


def _stem(module: Module) -> str:
    """What imports call a module."""
    stem = os.path.splitext(os.path.basename(module.path))[0]
    return stem if stem != "__init__" else os.path.basename(os.path.dirname(module.path))


def _in_files(it: Interpreter, module: Module, name: str) -> bool:
    stem = _stem(module)
    change = re.compile(rf"\b{re.escape(name)}{_CHANGE}|\bdel\s+(?:\w+\.)?{re.escape(name)}\[")
    imported = re.compile(
        rf"\b{re.escape(stem)}\s+import\s+(?:\*|\([^)]*\b{re.escape(name)}\b|[^\n(]*\b{re.escape(name)}\b)|\b\w+\.{re.escape(name)}\b"
    )
    return any(
        name in text and stem in text and change.search(text) and imported.search(text) for text in _texts(it, module)
    )


def _texts(it: Interpreter, module: Module) -> Iterator[str]:
    """The other files around a module and the linted file; none where they are many."""
    paths: dict[str, None] = {}
    for around in (module.path, it.module.path):
        for path in it.project.files_around(around):
            paths[path] = None
            if len(paths) > _MAX_SEARCHED:
                return
    for path in paths:
        if path not in (module.path, it.module.path):
            it.dependencies.add(path)
            yield it.project.text(path)
