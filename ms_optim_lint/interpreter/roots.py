"""Where following starts: the module's body, then every function and class of interest, each looked at alone too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Callable, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, TooComplex
from ms_optim_lint.domain.values import (
    ABSENT,
    Class,
    Const,
    Ext,
    Function,
    Instance,
    ListContent,
    Partial,
    Ref,
    Sym,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter import (
    callers,
    classes,
    elsewhere,
    elsewhere_networks,
    idle,
    notes_runtime,
    order,
    sharing,
    steps,
)
from ms_optim_lint.interpreter.arguments import Arguments, Given
from ms_optim_lint.interpreter.budget import OutOfBudget
from ms_optim_lint.interpreter.calls import enter
from ms_optim_lint.interpreter.changes import assigned_attributes, touched_attributes
from ms_optim_lint.interpreter.class_text import is_hook, is_property, used_of_classes
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.expected import by_callers
from ms_optim_lint.interpreter.interest import hands_callbacks, may_build, speaks_of_optimizers, words_of
from ms_optim_lint.interpreter.modules import Module, bound_in_class
from ms_optim_lint.interpreter.outside import spoil_around
from ms_optim_lint.interpreter.sight import in_sight
from ms_optim_lint.interpreter.state import State
from ms_optim_lint.interpreter.statements import make_class, make_function, run_statement, spoil
from ms_optim_lint.tree import children

Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef]
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def follow(it: Interpreter) -> None:
    """Follow the whole document. What a bound cuts off is noted as a limit, and the rest goes on."""
    frame = it.module_frame(it.module)
    definitions = [definition for definition in _definitions(it.module) if in_sight(it, [definition])]
    body = [statement for statement in it.module.tree.body if not isinstance(statement, _DEFINITIONS)]
    if not definitions and not in_sight(it, body):
        return
    whole = True
    for statement in it.module.tree.body:
        if isinstance(statement, ast.If) and _is_main_test(statement):
            _guarded(it, lambda statement=statement: [run_statement(it, s, frame) for s in statement.body])
            continue
        if not _guarded(it, lambda statement=statement: run_statement(it, statement, frame)):
            whole = False
            break
    it.state = it.root
    for number, definition in enumerate(definitions):
        if whole and definition not in it.defined and definition not in it.module.tree.body:
            continue  # in a branch that is never taken
        if definition in it.done:
            continue
        it.new_root(number + 1)
        it.caught = (it.defined.get(definition, frozenset()),)
        base = it.root.fork(it.logic)
        base.reached = ALWAYS
        it.state = base
        _forget_what_was_done(it, definition)
        _guarded(it, lambda definition=definition: _look_at(it, definition))
        it.state = it.root
        _look_at_inner(it)
    callers.keep_to_what_calls(it)
    idle.finish(it)
    steps.finish(it)
    notes_runtime.settle(it)
    sharing.settle(it)
    order.settle(it)


def _is_main_test(statement: ast.If) -> bool:
    test = statement.test
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and not statement.orelse
    )


def _guarded(it: Interpreter, run: Callable[..., object]) -> bool:
    state = it.state
    try:
        run()
    except OutOfBudget:
        it.limit("a function or the module is too long to follow")
        it.state = state
        return False
    except TooComplex:
        it.limit("a condition is too complex")
        it.state = state
    except RecursionError:
        it.limit("code is nested too deeply")
        it.state = state
    return True


def _definitions(module: Module) -> Iterator[Union[Definition, ast.ClassDef]]:
    waiting = module.tree.body[::-1]
    while waiting:  # no recursion: an elif is nested in the one before
        statement = waiting.pop()
        if isinstance(statement, _DEFINITIONS):
            if may_build(statement, module):
                yield statement
        elif isinstance(statement, (ast.If, ast.Try, ast.With)):
            inner = [node for node in children(statement) if isinstance(node, ast.stmt)]
            waiting.extend(reversed(inner))


def _forget_what_was_done(it: Interpreter, definition: Union[Definition, ast.ClassDef]) -> None:
    """The module has called this before: what that has put into lists around it is there no second time."""
    functions = definition.body if isinstance(definition, ast.ClassDef) else [definition]
    for one in functions:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and one in it.entered:
            spoil_around(it, Function(one, it.module, it.module.frame), 0, set())
    callers.forget_what_came_later(it, definition, functions)
    elsewhere.forget(it)
    elsewhere_networks.forget(it, definition)
    for ref, then in it.of_classes:
        if it.content(ref) != then:
            spoil(it, ref)


def _look_at(it: Interpreter, definition: Union[Definition, ast.ClassDef]) -> None:
    frame = it.module_frame(it.module)
    if isinstance(definition, ast.ClassDef):
        _look_at_class(it, make_class(it, definition, frame))
    else:
        _enter_alone(it, make_function(it, definition, frame), None)


def _enter_alone(it: Interpreter, function: Function, receiver: Optional[Value]) -> None:
    """Follow a function with arguments of which nothing is known. Their defaults are not assumed: a caller may give others."""
    node = function.node
    frame = it.module_frame(function.module)
    arguments = Arguments((), (), True, True)
    if receiver is not None and not _is_static(node):
        arguments = Arguments((Given(receiver, None),), (), True, True)
    it.calls = []
    before = it.calls
    name = getattr(node, "name", "")
    if name == "__init__" and function.owner is not None:
        name = function.owner.node.name
    caught, it.caught = it.caught, (*it.caught, by_callers(it, name))
    atom = receiver.single if receiver is not None else None
    first = len(it.facts)
    try:
        enter(it, function, arguments, node, frame, atom)
    finally:
        it.alone.append((it.root_number, function, first, len(it.facts)))
    it.calls, it.caught = before, caught


def _look_at_inner(it: Interpreter) -> None:
    """Functions inside functions that nothing in sight calls are looked at alone."""
    for node, function in list(it.inner.items()):
        if node not in it.entered and not isinstance(node, ast.Lambda) and may_build(node, it.module):
            it.caught = (it.defined.get(node, frozenset()),)
            it.state = it.root.fork(it.logic)
            _guarded(it, lambda function=function: _enter_alone(it, function, None))
            it.state = it.root


def _is_static(node: ast.AST) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in getattr(node, "decorator_list", ()))


def _look_at_class(it: Interpreter, cls: Class) -> None:
    """Each method of interest, on an object of which the attributes are all that the class assigns to them."""
    methods = [
        statement for statement in cls.node.body if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    ref = it.allocate(cls.node, cls.module, Instance(cls), "object")
    receiver = value_of(ref)
    frame = it.frames.get(cls.frame) or it.module_frame(cls.module)
    base = it.state
    _leave_to_others(it, ref, cls)
    init = next((m for m in methods if m.name == "__init__"), None)
    entered, it.entered = it.entered, set()
    if init is not None:
        _guarded(it, lambda: _enter_alone(it, make_function(it, init, frame, cls), receiver))
        it.state = base
    others = [m for m in methods if m is not init and m not in it.entered]
    it.entered |= entered
    _forget_what_others_set(it, ref, others)
    _forget_placeholders(it, ref, cls, methods)
    setters = [m for m in others if assigned_attributes(m) and speaks_of_optimizers(m, cls.module)]
    for method in setters:
        _join_attributes(it, ref, cls, method, receiver, base)
    looked = [m for m in methods if m is not init and m not in setters and _is_of_interest(it, m, cls.module)]
    names = {method.name for method in (*setters, *looked)}
    for method in methods:
        if method is init or method in setters or not (method in looked or callers.chooses_among(method, names)):
            continue
        it.state = base.fork(it.logic)
        _guarded(it, lambda method=method: _enter_alone(it, make_function(it, method, frame, cls), receiver))
        it.state = base


def _leave_to_others(it: Interpreter, ref: Ref, cls: Class) -> None:
    """What those that are derived from a class may have otherwise: what it sets to None, methods that do nothing, and, of a class
    that the file never makes an object of, what the classes derived from it in the file have of their own."""
    others = _of_derived(it, cls)
    called, replaced = used_of_classes(it.module.tree)
    if cls.node.name in called:
        others = frozenset()
    others |= replaced.intersection(bound_in_class(cls.node))
    seen: set[str] = set()
    for one in classes.resolution(it, cls):
        for name, statement in bound_in_class(one.node).items() if isinstance(one, Class) else ():
            value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
            is_none = one is cls and isinstance(value, ast.Constant) and value.value is None
            if name not in seen and (is_none or name in others or is_hook(statement)):
                it.state.set((ref.obj, name), _of_another(it, ref, cls, name, statement))
            seen.add(name)


def _of_another(it: Interpreter, ref: Ref, cls: Class, name: str, statement: ast.stmt) -> Value:
    """What a class derived from this one has by that name."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and not is_property(statement):
        return value_of(Partial(value_of(Ext("a method of a derived class")), (value_of(ref),), ()))
    term = it.logic.term("attribute", it.logic.term("derived", it.number(cls.node)), name)
    return value_of(Sym(term, reason="a derived class may have its own"))


def _of_derived(it: Interpreter, cls: Class) -> frozenset[str]:
    """The names that classes derived from this one bind, in the linted file."""
    names: set[str] = set()
    derived = {cls.node.name}
    for statement in it.module.tree.body if cls.module is it.module else ():
        if isinstance(statement, ast.ClassDef) and any(
            isinstance(base, ast.Name) and base.id in derived for base in statement.bases
        ):
            derived.add(statement.name)
            names.update(bound_in_class(statement))
    return frozenset(name for name in names if not (name.startswith("__") and name.endswith("__")))


def _is_of_interest(it: Interpreter, method: Definition, module: Module) -> bool:
    return may_build(method, module) or _uses(it, method, module)


def _uses(it: Interpreter, method: Definition, module: Module) -> bool:
    """Whether a method uses an attribute that is called like an optimizer or a scheduler or holds one, or hands a callback on."""
    words = words_of(method)
    if not it.optimizer_names.isdisjoint(words):
        return True
    named = any("optim" in word or "scheduler" in word or word == "opt" for word in map(str.lower, words))
    return named or hands_callbacks(words, module)


def _forget_what_others_set(it: Interpreter, ref: Ref, methods: list[Definition]) -> None:
    """An attribute that another method sets too may be that as well; until its value is found, it may be anything. What another
    method may put into a list is in it perhaps."""
    for method in methods:
        for name in touched_attributes(method):
            held = it.state.get((ref.obj, name))
            for alternative in held.alternatives if isinstance(held, Value) else ():
                if isinstance(alternative.atom, Ref):
                    spoil(it, alternative.atom)
        for name in assigned_attributes(method):
            key = (ref.obj, name)
            old = it.state.get(key)
            other = value_of(
                Sym(it.logic.term("attribute", it.logic.term("set", it.number(method)), name), reason="set by a method")
            )
            if isinstance(old, Value):
                kept = (
                    Value(tuple(a for a in old.alternatives if a.atom != Const(None))) if len(old.alternatives) else old
                )
                chosen = it.logic.atom(it.logic.term("set by", it.number(method), name))
                if kept.alternatives:
                    it.state.set(key, join(it.logic, [(chosen, other), (it.logic.no(chosen), kept)], it.fresh(method)))
                else:
                    it.state.set(key, other)
            else:
                it.state.set(key, other)


def _forget_placeholders(it: Interpreter, ref: Ref, cls: Class, methods: list[Definition]) -> None:
    """What ``__init__`` sets to None, an empty list or dict, and no method of the class sets or fills, somebody else does."""
    filled: set[str] = set()
    for method in methods:
        filled |= touched_attributes(method)
        filled |= assigned_attributes(method) if method.name != "__init__" else frozenset()
    for name, stored in it.attributes_of(ref.obj):
        atom = stored.single
        if name in filled or not (atom == Const(None) or it.is_empty(atom)):
            continue
        term = it.logic.term("attribute", it.logic.term("set elsewhere", it.number(cls.node)), name)
        it.state.set((ref.obj, name), value_of(Sym(term, reason="set from outside")))


def _join_attributes(it: Interpreter, ref: Ref, cls: Class, method: Definition, receiver: Value, base: State) -> None:
    """Follow a method that sets attributes, and let the later ones see what it sets."""
    frame = it.frames.get(cls.frame) or it.module_frame(cls.module)
    it.state = base.fork(it.logic)
    _guarded(it, lambda: _enter_alone(it, make_function(it, method, frame, cls), receiver))
    after = it.state
    it.state = base
    for key, stored in after.writes.items():
        if isinstance(key, tuple) and key[0] is ref.obj and isinstance(stored, Value):
            old = base.get(key)
            chosen = it.logic.atom(it.logic.term("after", it.number(method)))
            if isinstance(old, Value) and not all(_set_by(a.atom, it, method) for a in old.alternatives):
                kept = Value(tuple(a for a in old.alternatives if not _set_by(a.atom, it, method)))
                stored = join(it.logic, [(chosen, stored), (it.logic.no(chosen), kept)], it.fresh(method))
            base.set(key, stored)
        elif not isinstance(key, tuple):
            old = base.get(key)
            if isinstance(stored, ListContent) and isinstance(old, ListContent) and stored.consumed != old.consumed:
                # Whether that method was called before another reads the iterator is not known.
                stored = ListContent(stored.items, True, stored.kind, old.consumed, "read by a method")
            base.set(key, stored)


def _set_by(atom: object, it: Interpreter, method: Definition) -> bool:
    if atom is ABSENT:
        return True
    if isinstance(atom, Sym) and atom.term.op == "attribute":
        holder = atom.term.args[0]
        return holder is it.logic.term("set", it.number(method))
    return False
