"""Own classes that are in sight as a whole: what they come from, and their methods."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.shapes import Location
from ms_optim_lint.domain.values import Class, Ext, Function
from ms_optim_lint.finding import Place
from ms_optim_lint.interpreter import classes
from ms_optim_lint.interpreter.class_text import Definition
from ms_optim_lint.interpreter.modules import Module
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.records import NamedTuple

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

_SCHEDULE = "mindspore.nn.learning_rate_schedule.LearningRateSchedule"
#: Classes of MindSpore that have no ``construct`` of their own.
BARE = frozenset(("mindspore.nn.Cell", _SCHEDULE, *catalogue.BASES))
#: Bases that change nothing here.
_PLAIN = frozenset(("builtins.object", "abc.ABC", "typing.Generic"))


class Own(NamedTuple):
    """An own class that is in sight as a whole: it and its own bases, and the one class of MindSpore that they come from."""

    cls: Class
    chain: tuple[Class, ...]
    base: Ext


def own_class(cls: Class) -> Optional[Own]:
    """None where anything about the class cannot be seen."""
    chain: list[Class] = []
    found: list[Ext] = []
    stack = [cls]
    while stack:
        one = stack.pop()
        node = one.node
        if node.keywords or node.decorator_list or len(chain) > 8 or len(one.bases) != len(node.bases):
            return None
        chain.append(one)
        for value in one.bases:
            atom = value.single
            if isinstance(atom, Class):
                stack.append(atom)
            elif not isinstance(atom, Ext):
                return None
            elif atom.name not in _PLAIN:
                found.append(atom)
    if len({ext.name for ext in found}) != 1:
        return None
    if found[0].name not in BARE and len(chain) > 1 and any(len(one.bases) > 1 for one in chain):
        return None  # which one comes first is not worked out
    return Own(cls, tuple(chain), found[0])


def method(it: Interpreter, own: Own, name: str) -> tuple[bool, Optional[Function]]:
    """Whether the class has a method in sight, and the method where it is a plain one."""
    found = classes.class_attribute(it, own.cls, name)
    if found is None:
        return False, None
    atom = found.single
    plain = isinstance(atom, Function) and isinstance(atom.node, ast.FunctionDef) and not atom.decorated
    return True, atom if plain and isinstance(atom, Function) else None


def defined(cls: Class) -> frozenset[str]:
    """The names of the methods that a class defines itself."""
    return frozenset(s.name for s in cls.node.body if isinstance(s, ast.FunctionDef))


def heading(module: Module, node: Union[Definition, ast.ClassDef]) -> Location:
    """The place of ``class Name`` or ``def name``, not of the whole body."""
    word = "class" if isinstance(node, ast.ClassDef) else "def"
    end = node.col_offset + len(f"{word} {node.name}".encode())
    return Location(module.path, Place(node.lineno, node.col_offset, node.lineno, end))
