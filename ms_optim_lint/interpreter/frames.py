"""What is being followed: scopes, calls and loops, and the ways out of them."""

from __future__ import annotations

import ast
from typing import Optional

from ms_optim_lint.domain.values import Atom, Class, Ref, Site, Value
from ms_optim_lint.interpreter.modules import Module, local_names
from ms_optim_lint.interpreter.state import Branch, State
from ms_optim_lint.records import NamedTuple


class Frame:
    """The scope of one call, class body or module."""

    __slots__ = (
        "number",
        "module",
        "node",
        "parent",
        "owner",
        "receiver",
        "locals",
        "globals",
        "exits",
        "base",
        "is_class",
        "loops",
        "yields",
        "certain",
    )

    def __init__(
        self, number: int, module: Module, node: Optional[ast.AST], parent: Optional[Frame], is_class: bool = False
    ) -> None:
        self.number = number
        self.module = module
        self.node = node
        self.parent = parent
        self.is_class = is_class
        self.owner: Optional[Class] = None
        self.receiver: Optional[Atom] = None
        self.locals: frozenset[str] = local_names(node, module.has_walrus) if node is not None else frozenset()
        #: what is declared ``global``
        self.globals: frozenset[str] = getattr(node, "_mso_globals", frozenset())
        self.exits: list[Exit] = []
        self.base: Optional[State] = None
        self.loops: list[Loop] = []
        #: of a generator function: the list of what it yields
        self.yields: Optional[Ref] = None
        #: whether the program gets here under no condition but that nothing has stopped it before
        self.certain = node is None


class Exit(NamedTuple):
    """A way out of a loop or function before its end."""

    kind: str  # return, break, continue
    branch: Branch
    value: Optional[Value]


class Loop(NamedTuple):
    """A loop being followed: where it started, and how it was left so far."""

    base: State
    exits: list[Exit]


class Running(NamedTuple):
    """A loop being followed, as facts see it. ``number`` is the pass of an unrolled loop, ``known`` whether it is one, and
    ``head`` the store at the start of the pass. ``tries``: it goes over settings that are written out."""

    node: ast.AST
    start: State
    head: State
    number: int = 0
    known: bool = False
    tries: bool = False


class Call(NamedTuple):
    """An entered call: who, from where."""

    node: ast.AST
    site: Site
