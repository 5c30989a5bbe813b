"""``with``: what a context manager gives, and which errors it swallows."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS
from ms_optim_lint.domain.values import Class, Function, Instance, ListContent, Ref, Sym, Value
from ms_optim_lint.interpreter import classes
from ms_optim_lint.interpreter.changes import own_name
from ms_optim_lint.interpreter.deferred import force
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.domain.values import Atom
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame


def entered(it: Interpreter, value: Value, item: ast.withitem, frame: Frame) -> Value:
    """What ``with value as ...`` gives: the object itself, where its class does not say anything else."""
    value = force(it, value)
    atom = value.single
    content = it.content(atom) if isinstance(atom, Ref) else None
    if isinstance(content, ListContent) and content.kind == "iterator":
        # A function under ``contextmanager`` gives what it yields, at once.
        items = content.items
        if not content.open and len(items) == 1 and items[0].when == ALWAYS and not items[0].elements:
            return items[0].value
    elif isinstance(content, Instance):
        method = _special(it, content, "__enter__")
        if method is None or _gives_itself(method):
            return value
    elif isinstance(atom, Sym):
        return value
    return it.unknown(item.context_expr, "entered by with", frame=frame)


def swallowed(it: Interpreter, atom: Atom) -> frozenset[str]:
    """The errors after which a program goes on behind a ``with`` of an object of the project's own class."""
    content = it.content(atom) if isinstance(atom, Ref) else None
    method = _special(it, content, "__exit__") if isinstance(content, Instance) else None
    gives = [one.value for one in walk(method.node) if isinstance(one, ast.Return)] if method is not None else []
    if all(one is None or isinstance(one, ast.Constant) and not one.value for one in gives):
        return frozenset()
    return frozenset({"Exception"})


def _special(it: Interpreter, content: Instance, name: str) -> Optional[Function]:
    found = classes.class_attribute(it, content.made, name) if isinstance(content.made, Class) else None
    atom = found.single if found is not None else None
    return atom if isinstance(atom, Function) else None


def _gives_itself(method: Function) -> bool:
    """Whether ``__enter__`` returns its object."""
    own = own_name(method.node)
    gives = [inner.value for inner in walk(method.node) if isinstance(inner, ast.Return)]
    return bool(gives) and all(isinstance(one, ast.Name) and one.id == own for one in gives)
