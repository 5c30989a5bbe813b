"""What a function that is not followed changes outside itself: its arguments, globals, variables and classes around it.

Read off the text of the function and of those that it calls. What may be changed is unknown from then on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

from ms_optim_lint.domain.values import (
    Alternative,
    Class,
    DictContent,
    Ext,
    Function,
    Instance,
    ListContent,
    Method,
    Partial,
    Ref,
    Sym,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import classes
from ms_optim_lint.interpreter.changes import (
    assigned_attributes,
    changed_arguments,
    changed_names,
    own_name,
    touched_attributes,
)
from ms_optim_lint.interpreter.interest import by_name
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.modules import all_arguments, local_names
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.tree import kept_with_node, nodes_of

if TYPE_CHECKING:
    from ms_optim_lint.domain.values import Atom
    from ms_optim_lint.interpreter import names, statements, versions
    from ms_optim_lint.interpreter.arguments import Arguments
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
    from ms_optim_lint.interpreter.modules import Module
else:
    names = late("names")
    statements = late("statements")
    versions = late("versions")

#: How many calls deep the text of functions is read.
_DEPTH = 3
#: Code that leaves what it is given as it is.
_HARMLESS = ("builtins.", "mindspore.", "numpy.", "math.", "os.", "time.", "logging.", "json.", "re.", "copy.", "sys.")
_HARMLESS_METHODS = frozenset(
    "info debug warning error critical write print get items keys values copy index count format join split".split()
)


class Text(NamedTuple):
    """What the text of a function says: the names it declares ``global`` or ``nonlocal``, those from outside that it changes in
    place, and its calls by plain names and of methods, each with the names that it hands on."""

    declared: frozenset[str]
    changed: frozenset[str]
    calls: tuple[tuple[str, tuple[tuple[Union[int, str], str], ...]], ...]
    methods: tuple[tuple[ast.expr, str, tuple[str, ...]], ...]


@kept_with_node
def text_of(node: ast.AST) -> Text:
    declared: set[str] = set()
    calls = []
    methods = []
    inner: Any
    for inner in nodes_of(node):
        kind = inner.__class__
        if kind is ast.Global or kind is ast.Nonlocal:
            declared.update(inner.names)
        elif kind is ast.Call:
            assert isinstance(inner, ast.Call)
            handed: list[tuple[Union[int, str], str]] = [
                (number, one.id) for number, one in enumerate(inner.args) if isinstance(one, ast.Name)
            ]
            handed += [(k.arg, k.value.id) for k in inner.keywords if k.arg and isinstance(k.value, ast.Name)]
            if isinstance(inner.func, ast.Name):
                calls.append((inner.func.id, tuple(handed)))
            elif isinstance(inner.func, ast.Attribute):
                methods.append((inner.func.value, inner.func.attr, tuple(name for _, name in handed)))
    changed = changed_names(node) - local_names(node) - declared
    return Text(frozenset(declared), changed, tuple(calls), tuple(methods))


def spoil_called(it: Interpreter, function: Function, arguments: Arguments) -> None:
    """A call is not followed, or not now: what the function may change of its arguments and outside is unknown."""
    changed = _handed_on(it, function, 0, set()) | changed_arguments(function.node)
    called = _called(function.node)
    if "super()" in called:
        called.setdefault(own_name(function.node), set()).update(called["super()"])
    for name, value in by_name(function.node, arguments) if changed or called else ():
        for alternative in it.alternatives(value):
            if name in changed or name in called and _sets_itself(it, alternative.atom, called[name]):
                _spoil(it, alternative.atom, function.node)
                _spoil_class(it, alternative.atom, function)
    for name, default in defaults_of(function) if changed else ():
        for alternative in it.alternatives(default) if name in changed else ():
            statements.spoil(it, alternative.atom)
    spoil_around(it, function, 0, set())


def defaults_of(function: Function) -> Iterator[tuple[str, Value]]:
    """The arguments that have a default, and that."""
    spec = function.node.args
    positional = [*getattr(spec, "posonlyargs", []), *spec.args]
    yield from zip((a.arg for a in positional[len(positional) - len(function.defaults) :]), function.defaults)
    for argument, value in zip(spec.kwonlyargs, function.keyword_defaults):
        if value is not None:
            yield argument.arg, value


def spoil_by_special(it: Interpreter, atom: Atom, *names: str) -> None:
    """Python calls special methods of an object. Those of the project's own classes are not followed: what they may change is
    unknown then."""
    if not has_special(it, atom, *names):
        return
    statements.spoil(it, atom)
    content = it.content(atom) if isinstance(atom, Ref) else None
    assert isinstance(content, Instance)
    assert isinstance(content.made, Class)
    for name in names:
        method = classes.class_attribute(it, content.made, name)
        function = method.single if method is not None else None
        if isinstance(function, Function):
            spoil_around(it, function, 0, set())


def has_special(it: Interpreter, atom: Atom, *names: str) -> bool:
    """Whether an object is of the project's own class, and that has one of these methods."""
    content = it.content(atom) if isinstance(atom, Ref) else None
    if not isinstance(content, Instance) or not isinstance(content.made, Class):
        return False
    key = content.made, names
    known = it.own_specials.get(key)
    if known is None:
        known = any(classes.class_attribute(it, content.made, name) is not None for name in names)
        it.own_specials[key] = known
    return known


def _spoil_class(it: Interpreter, atom: Atom, function: Function) -> None:
    """A method changes things of its class: ``cls.items.append(one)``."""
    if not isinstance(atom, Class):
        return
    for name in touched_attributes(function.node):
        value = classes.class_attribute(it, atom, name)
        for alternative in it.alternatives(value) if value is not None else ():
            statements.spoil(it, alternative.atom)


def _called(node: ast.AST) -> dict[str, set[str]]:
    """The methods that a function calls of its arguments."""
    found: dict[str, set[str]] = {}
    for receiver, name, _ in text_of(node).methods:
        if name in _HARMLESS_METHODS:
            continue
        if isinstance(receiver, ast.Name):
            found.setdefault(receiver.id, set()).add(name)
        elif isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Name) and receiver.func.id == "super":
            found.setdefault("super()", set()).add(name)
    return found


def _sets_itself(it: Interpreter, atom: Atom, methods: Iterable[str], seen: Optional[set[str]] = None) -> bool:
    """Whether one of these methods of an object of the project's own class, or one that it calls, changes the object."""
    content = it.content(atom) if isinstance(atom, Ref) else None
    if not isinstance(content, Instance) or not isinstance(content.made, Class):
        return False
    seen = set() if seen is None else seen
    for name in sorted(set(methods) - seen):
        seen.add(name)
        method = classes.class_attribute(it, content.made, name)
        function = method.single if method is not None else None
        if not isinstance(function, Function):
            continue
        own = own_name(function.node)
        if assigned_attributes(function.node) or own in changed_arguments(function.node):
            return True
        called = _called(function.node)
        if _sets_itself(it, atom, called.get(own, set()) | called.get("super()", set()), seen):
            return True
    return False


def _handed_on(it: Interpreter, function: Function, depth: int, seen: set[ast.AST]) -> frozenset[str]:
    """The arguments that a function hands on to code that may change them."""
    node = function.node
    spec = getattr(node, "args", None)
    own = {argument.arg for argument in all_arguments(spec)} if isinstance(spec, ast.arguments) else set()
    text = text_of(node)
    found: set[str] = set()
    if not own or node in seen or depth > _DEPTH:
        return frozenset()
    seen.add(node)
    for name, handed in text.calls:
        if not any(one in own for _, one in handed):
            continue
        callee = _callee(it, function, name)
        if callee is None:
            found.update(one for _, one in handed)
            continue
        if isinstance(callee, Ext):
            continue
        inner = changed_arguments(callee.node) | _handed_on(it, callee, depth + 1, seen)
        names = [a.arg for a in callee.node.args.args]
        if callee.owner is not None:
            names = names[1:]
        for place, one in handed:
            target = place if isinstance(place, str) else names[place] if place < len(names) else None
            if target in inner:
                found.add(one)
    return frozenset(found & own)


_NOTHING = Ext("builtins.print")


def _callee(it: Interpreter, function: Function, name: str) -> Union[Function, Ext, None]:
    """The function of the project that a name means at the top of the function's module, or an external one that changes
    nothing; None where that is not known."""
    if name in local_names(function.node):
        return None
    if name in names.BUILTINS and not function.module.bindings(name):
        return _NOTHING
    value = names.module_name(it, function.module, name)
    atom = value.single if value is not None else None
    if isinstance(atom, Class):
        init = classes.class_attribute(it, atom, "__init__")
        atom = init.single if init is not None else _NOTHING
    if isinstance(atom, Ext):
        return atom if atom.name.startswith(_HARMLESS) else None
    return atom if isinstance(atom, Function) else None


def spoil_around(it: Interpreter, function: Function, depth: int, seen: set[object]) -> None:
    """What a function binds or changes of what is around it, it and those that it calls."""
    node = function.node
    if node in seen or depth > _DEPTH:
        return
    seen.add(node)
    text = text_of(node)
    scope = it.frames.get(function.frame) or it.module_frame(function.module)
    for name in sorted(text.declared):
        _rebind(it, name, scope, node)
    for name in sorted(text.changed):
        for alternative in _known(it, name, scope):
            _spoil(it, alternative.atom, node)
    for name, handed in text.calls:
        if name not in names.BUILTINS:
            for alternative in _known(it, name, scope):
                if isinstance(alternative.atom, Function):
                    spoil_around(it, alternative.atom, depth + 1, seen)
                    _spoil_handed(it, alternative.atom, handed, function, scope)
                elif isinstance(alternative.atom, Class):
                    _spoil_methods(it, alternative.atom.module, "__init__", depth, seen, alternative.atom.node)
    for receiver, name, _ in text.methods:
        if isinstance(receiver, ast.Name) and name not in _HARMLESS_METHODS and receiver.id not in local_names(node):
            for alternative in _known(it, receiver.id, scope):
                if _sets_itself(it, alternative.atom, [name]):
                    _spoil(it, alternative.atom, node)
        _spoil_methods(it, function.module, name, depth, seen)


def _spoil_handed(
    it: Interpreter, callee: Function, handed: Iterable[tuple[Union[int, str], str]], function: Function, scope: Frame
) -> None:
    """What a function that is not followed hands to another one that changes it, of what is around it."""
    spec = getattr(callee.node, "args", None)
    given = [(place, name) for place, name in handed if name not in local_names(function.node)]
    if not given or not isinstance(spec, ast.arguments):
        return
    own = [argument.arg for argument in spec.args]
    changed, called = changed_arguments(callee.node), _called(callee.node)
    for place, name in given:
        target = place if isinstance(place, str) else own[place] if place < len(own) else ""
        for alternative in _known(it, name, scope) if target in changed or target in called else ():
            if target in changed or _sets_itself(it, alternative.atom, called[target]):
                _spoil(it, alternative.atom, function.node)


def _spoil(it: Interpreter, atom: Atom, node: ast.AST) -> None:
    """Something is changed by code that is not followed: a network may have other parameters then."""
    content = it.content(atom) if isinstance(atom, Ref) else None
    if isinstance(content, Instance) and classes.is_network(it, content):
        versions.touch(it, atom, node)
    else:
        statements.spoil(it, atom)


def _spoil_methods(
    it: Interpreter, module: Module, name: str, depth: int, seen: set[object], cls: Optional[ast.ClassDef] = None
) -> None:
    """The same for methods: which class an object is of is not asked."""
    for owner, method in module.methods.get(name, ()):
        if cls is None or owner is cls:
            spoil_around(it, Function(method, module, module.frame), depth + 1, seen)


def _known(it: Interpreter, name: str, scope: Frame) -> Sequence[Alternative]:
    around: Optional[Frame] = scope
    while around is not None and around.node is not None:
        found = it.state.get((around.number, name))
        if isinstance(found, Value):
            return it.alternatives(found)
        around = around.parent
    value = names.module_name(it, scope.module, name)
    return it.alternatives(value) if value is not None else ()


def _rebind(it: Interpreter, name: str, scope: Frame, node: ast.AST) -> None:
    around: Optional[Frame] = scope
    unknown = value_of(Sym(it.fresh(node, what=name), reason="set by a function that is not followed"))
    while around is not None and around.node is not None:
        if isinstance(it.state.get((around.number, name)), Value):
            it.state.set((around.number, name), unknown)
            return
        around = around.parent
    it.state.set((scope.module.frame, name), unknown)


def spoil_callable(it: Interpreter, atom: Atom, seen: set[object]) -> None:
    """Something is given to code that is not followed and may call it."""
    if isinstance(atom, Partial):
        for value in (atom.function, *atom.positional):
            for alternative in it.alternatives(value):
                statements.spoil(it, alternative.atom, seen)
    elif isinstance(atom, Method):
        function = atom.function
        content = it.content(atom.receiver) if isinstance(atom.receiver, Ref) else None
        if function is None and isinstance(content, (ListContent, DictContent)):
            statements.spoil(it, atom.receiver, seen)
        elif function is not None and (assigned_attributes(function.node) or touched_attributes(function.node)):
            statements.spoil(it, atom.receiver, seen)
    function = atom.function if isinstance(atom, Method) else atom if isinstance(atom, Function) else None
    if function is not None and function.node not in seen:
        seen.add(function.node)
        spoil_around(it, function, 0, set())


def spoil_by_definition(
    it: Interpreter, node: Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef], frame: Frame
) -> None:
    """A ``def`` or ``class`` statement runs decorators, and ``__init_subclass__`` of the classes that a class is derived from."""
    for decorator in node.decorator_list if frame.node is None else ():
        made = names.look_up(it, decorator.id, frame, decorator).single if isinstance(decorator, ast.Name) else None
        if isinstance(made, Function) and not isinstance(node, ast.ClassDef):
            spoil_around(it, made, 0, set())
            if _calls_an_argument(made.node):
                spoil_around(it, Function(node, frame.module, frame.number), 0, set())
    if not isinstance(node, ast.ClassDef) or not node.bases or "__init_subclass__" not in frame.module.text:
        return
    for base in node.bases:
        cls = names.look_up(it, base.id, frame, base).single if isinstance(base, ast.Name) else None
        found = classes.class_attribute(it, cls, "__init_subclass__") if isinstance(cls, Class) else None
        function = found.single if found is not None else None
        if not isinstance(function, Function) or not isinstance(cls, Class):
            continue
        spoil_around(it, function, 0, set())
        for name in touched_attributes(function.node):
            value = classes.class_attribute(it, cls, name)
            for alternative in it.alternatives(value) if value is not None else ():
                statements.spoil(it, alternative.atom)


def _calls_an_argument(node: ast.AST) -> bool:
    spec = getattr(node, "args", None)
    own = {argument.arg for argument in all_arguments(spec)} if isinstance(spec, ast.arguments) else set()
    return any(name in own for name, _ in text_of(node).calls)
