"""Decorators: one of the project is called with the function, as Python does. Of any other that is not known to leave a function
as it is, what it changes is not known: the arguments may be others, and what the function gives is not judged as an iterator.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import NEVER, TooComplex
from ms_optim_lint.domain.values import Class, Function, ListContent, Ref, Site, Sym, Value, value_of
from ms_optim_lint.interpreter.budget import OutOfBudget
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.frames import Frame
from ms_optim_lint.interpreter.maybe import perhaps_done
from ms_optim_lint.records import replace

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.arguments import Arguments

#: Decorators, by the last part of their names, after which a function takes and gives what it did.
_TRANSPARENT = frozenset(
    "staticmethod classmethod property setter getter deleter cached_property abstractmethod abstractproperty wraps lru_cache"
    " cache jit njit ms_function ms_class constexpr no_grad inference_mode contextmanager asynccontextmanager override final"
    " overload typechecked fixture parametrize skip skipif level0 level1 usefixtures deprecated profile".split()
)
#: Decorators that make a command of a function: what that is called with are words of a command line.
_COMMANDS = frozenset("command group option argument main automain callback".split())
#: Those that call another function in its place, by what it is called with.
_DISPATCHING = frozenset("singledispatch singledispatchmethod dispatch multimethod".split())
#: Those that say how a method is bound.
_BINDING = frozenset("staticmethod classmethod property setter getter deleter cached_property abstractproperty".split())


def _word(decorator: ast.expr) -> str:
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def decorated(it: Interpreter, function: Function, frame: Frame) -> Value:
    """What a ``def`` statement binds to its name."""
    node = function.node
    value = value_of(function, Site(function.module, node))
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    wanted = [d for d in decorators if _word(d) not in _TRANSPARENT]
    if any(_word(d) in _DISPATCHING for d in wanted):
        return value_of(
            Sym(it.logic.term("definition", it.number(node)), reason="one of several functions"), value.origin
        )
    if not wanted or any(_word(d) in _BINDING for d in decorators):
        return value
    if frame.node is not None:
        return _decorated(it, function, wanted, value, frame)
    if node not in it.decorated:
        it.decorated[node] = value  # what leads back to itself
        before, it.state = it.state, it.root
        try:
            it.decorated[node] = _decorated(it, function, wanted, value, frame)
        finally:
            it.state = before
    return it.decorated[node]


def _decorated(it: Interpreter, function: Function, wanted: list[ast.expr], value: Value, frame: Frame) -> Value:
    opaque = value_of(replace(function, opaque=True), value.origin)
    node, before = function.node, it.state
    run = it.state = before.fork(it.logic)
    facts = len(it.facts)
    try:
        for decorator in reversed(wanted):
            made = _applied(it, decorator, value, frame)
            if made is None or it.state.reached == NEVER:
                return opaque
            value = made
    except (TooComplex, OutOfBudget):
        return opaque
    finally:
        it.state = before
        del it.facts[facts:]
    perhaps_done(it, before, run.writes, node)
    return value


def _applied(it: Interpreter, decorator: ast.expr, value: Value, frame: Frame) -> Optional[Value]:
    """The value under one decorator; None where that is not followed."""
    from ms_optim_lint.interpreter.arguments import Arguments
    from ms_optim_lint.interpreter.calls import apply, enter
    from ms_optim_lint.interpreter.deferred import force
    from ms_optim_lint.interpreter.expressions import evaluate

    found = force(it, evaluate(it, decorator, frame)).single
    if isinstance(found, Function):
        made = enter(it, found, Arguments.of([value]), decorator, frame)
    elif isinstance(found, Class):
        made = apply(it, value_of(found), Arguments.of([value]), decorator, frame)
    else:
        return None
    atom = made.single
    return made if isinstance(atom, Function) or isinstance(found, Class) and isinstance(atom, Ref) else None


def opened(function: Function, arguments: Arguments) -> Arguments:
    """The arguments of a call that a decorator may change: there may be more, or others."""
    if any(_word(one) in _COMMANDS for one in getattr(function.node, "decorator_list", ())):
        return replace(arguments, positional=(), keywords=(), more_positional=True, more_keywords=True)
    return replace(arguments, more_keywords=True)


def hidden(it: Interpreter, value: Value, node: ast.AST, frame: Frame) -> Value:
    """What a function gives whose decorator may have made something else of an iterator."""
    contents = [it.content(a.atom) for a in value.alternatives if isinstance(a.atom, Ref)]
    if any(isinstance(content, ListContent) and content.kind == "iterator" for content in contents):
        return value_of(
            Sym(it.fresh(node, what="decorated"), reason="what a decorator gives"), Site(frame.module, node)
        )
    return value
