"""What a name can stand for: values with alternatives, and the atoms they are made of.

A :class:`Value` is a few alternatives, each an *atom* with the condition under which it holds and the expression that it came
from. Atoms are immutable; what can change lives in the heap and is referred to by :class:`Ref`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Logic, Term
from ms_optim_lint.records import NamedTuple, field, record

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.modules import Module

#: More alternatives than this are given up: the value is unknown.
MAX_ALTERNATIVES = 12


class Site(NamedTuple):
    """An expression or statement of one file."""

    module: Module
    node: ast.AST


@record(frozen=True)
class Const:
    """A Python constant: None, a bool, a number, a string."""

    value: Union[None, bool, int, float, complex, str, bytes, object]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


NONE = Const(None)

#: Kinds of symbols: what is known of something whose value is not.
PARAMETER, CELL, TEXT, NUMBER, BOOLEAN, TENSOR, ARRAY, IDENTITY = (
    "parameter",
    "cell",
    "text",
    "number",
    "boolean",
    "tensor",
    "array",
    "identity",
)


@record(frozen=True)
class Sym:
    """Something whose value is not known, named by a term. ``kind`` says what it is where that is known; ``rank`` is the
    number of dimensions of a tensor or array and ``length`` the first of them; ``reason`` says why nothing is known."""

    term: Term
    kind: Optional[str] = None
    rank: Optional[int] = None
    reason: str = field(default="", compare=False)
    length: Optional[int] = field(default=None, compare=False)


@record(frozen=True)
class Truth:
    """A boolean: true exactly where the condition holds."""

    condition: Condition


@record(frozen=True)
class Ext:
    """A module, class, function or constant outside the project, by its canonical dotted name."""

    name: str


class Obj:
    """The identity of a thing in the heap: where it was made and by which calls. Compared by identity."""

    __slots__ = ("site", "kind", "context", "number", "calls", "names")

    def __init__(self, site: Site, kind: str, context: Term, number: int, calls: tuple[Site, ...] = ()) -> None:
        self.site = site
        self.kind = kind
        self.context = context
        self.number = number
        #: the calls that led to where it was made, innermost first
        self.calls = calls
        #: what any store has ever kept of it: its attributes, and what is noted beside them
        self.names: dict[object, None] = {}

    def __repr__(self) -> str:
        return f"<{self.kind} {self.number} line {getattr(self.site.node, 'lineno', '?')}>"


@record(frozen=True)
class Ref:
    """A reference to a thing in the heap."""

    obj: Obj


@record(frozen=True, eq=False)
class Function:
    """A function of the project: its definition, the frame it closes over and the class it belongs to. ``opaque``: what its
    decorators make of it is not known."""

    node: Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda]
    module: Module
    frame: int
    owner: Optional[Class] = None
    defaults: tuple[Value, ...] = ()
    keyword_defaults: tuple[Optional[Value], ...] = ()
    decorated: bool = False
    opaque: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Function) and self.node is other.node and self.frame == other.frame

    def __hash__(self) -> int:
        return hash((id(self.node), self.frame))


@record(frozen=True, eq=False)
class Class:
    """A class of the project."""

    node: ast.ClassDef
    module: Module
    frame: int
    bases: tuple[Value, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Class) and self.node is other.node

    def __hash__(self) -> int:
        return hash(id(self.node))


@record(frozen=True)
class ModuleRef:
    """A module of the project."""

    module: Module


@record(frozen=True)
class Method:
    """A method bound to its receiver: of a project's class (``function``), or of anything else (by ``name``)."""

    receiver: Atom
    name: str
    function: Optional[Function] = None
    owner: Optional[Class] = None


@record(frozen=True)
class Partial:
    """``functools.partial``. ``places`` are where its keywords are written."""

    function: Value
    positional: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    places: tuple[tuple[str, Site], ...] = field(default=(), compare=False)


@record(frozen=True)
class Super:
    """``super()`` in a method of ``owner``."""

    receiver: Atom
    owner: Class


@record(frozen=True)
class Tuple:
    """A tuple: immutable, so it needs no identity."""

    items: tuple[Item, ...]
    open: bool = False


@record(frozen=True)
class ParameterTuple(Tuple):
    """``ParameterTuple(...)``: a cell that it is set on holds its Parameters."""


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


#: In a dict or an object: this key or attribute is not there.
ABSENT = _Absent()

Atom = Union[Const, Sym, Truth, Ext, Ref, Function, Class, ModuleRef, Method, Partial, Super, Tuple, _Absent]


class Alternative(NamedTuple):
    """One thing that a value can be, when, and the expression that made it."""

    when: Condition
    atom: Atom
    origin: Optional[Site]


#: Makes a named tuple of a tuple without looking at it.
_new = tuple.__new__


class Value:
    """Alternatives. Two values are equal when their atoms and conditions are."""

    __slots__ = ("alternatives",)

    def __init__(self, alternatives: tuple[Alternative, ...]) -> None:
        self.alternatives = alternatives

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Value) or len(self.alternatives) != len(other.alternatives):
            return False
        return all(a[0] == b[0] and a[1] == b[1] for a, b in zip(self.alternatives, other.alternatives))

    def __hash__(self) -> int:
        return hash(tuple((a[0], a[1]) for a in self.alternatives))

    def __repr__(self) -> str:
        return " | ".join(f"{a.atom!r}" + (f" if {a.when}" if a.when != ALWAYS else "") for a in self.alternatives)

    @property
    def single(self) -> Optional[Atom]:
        """The atom, where there is only one and it holds always."""
        return self.alternatives[0].atom if len(self.alternatives) == 1 else None

    @property
    def origin(self) -> Optional[Site]:
        """The expression that made it; of several alternatives the first one's."""
        return self.alternatives[0].origin if self.alternatives else None


def value_of(atom: Atom, origin: Optional[Site] = None) -> Value:
    """The value that is certainly this atom."""
    return Value((_new(Alternative, (ALWAYS, atom, origin)),))


NONE_VALUE = value_of(NONE)


class Item(NamedTuple):
    """Something in a list, tuple or iterator.

    Without ``elements`` it is one value, there where ``when`` holds. With them it is what a loop or comprehension made: one
    for each way to choose the elements for which ``when`` holds, in the loop's order. Items of one ``row`` are made by the same
    passes: each pass gives all of them, one after the other.
    """

    value: Value
    when: Condition = ALWAYS
    elements: tuple[Term, ...] = ()
    row: int = 0


#: The row of items of which nobody knows the order, and of those that come in the order opposite to that of their elements.
UNORDERED, REVERSED = -1, -2


def reversed_items(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items in the opposite order."""
    turned = {0: REVERSED, REVERSED: 0}
    return tuple(i._replace(row=turned.get(i.row, UNORDERED)) if i.elements else i for i in reversed(items))


def in_order(items: Sequence[Item]) -> bool:
    """Whether these are values one by one, all certainly there, and it is known which is where."""
    return all(i.when == ALWAYS and not i.elements and (i.row != UNORDERED or len(items) == 1) for i in items)


@record(frozen=True)
class ListContent:
    """What a list, set or iterator holds. ``open``: something else may be in it too. ``kind`` is ``list``, ``set``, ``iterator``
    or ``view`` (of a dict: re-iterable, has no index). ``consumed`` says when an iterator has been read already, ``feeds`` are
    the iterators that it reads in its turn (``map``, ``enumerate``, a generator expression), ``sources`` the lists and dicts, and
    what these held when it was made."""

    items: tuple[Item, ...] = ()
    open: bool = False
    kind: str = "list"
    consumed: Condition = NEVER
    reason: str = field(default="", compare=False)
    feeds: tuple[Ref, ...] = field(default=(), compare=False)
    sources: tuple[tuple[Ref, object], ...] = field(default=(), compare=False)


@record(frozen=True)
class DictContent:
    """What a dict holds, by constant key; ``open``: it may hold other keys too. ``places`` says for a key where it is written,
    and where its value is. ``others`` are values under keys that are not known, as far as these values are."""

    entries: tuple[tuple[object, Value], ...] = ()
    open: bool = False
    places: tuple[tuple[object, Site, Site], ...] = field(default=(), compare=False)
    others: tuple[Item, ...] = ()

    def get(self, key: object) -> Optional[Value]:
        """What is under a key; None where it is not known to be there."""
        for known, value in self.entries:
            if known == key:
                return value
        return None

    def with_entry(self, key: object, value: Value, place: Optional[Site], where: Optional[Site] = None) -> DictContent:
        """The dict after ``d[key] = value``, the key written at ``place`` and the value at ``where``."""
        entries = [pair for pair in self.entries if pair[0] != key]
        if len(entries) == len(self.entries):
            entries.append((key, value))
        else:
            entries = [(k, value if k == key else v) for k, v in self.entries]
        places = (
            self.places if place is None else (*(p for p in self.places if p[0] != key), (key, place, where or place))
        )
        return DictContent(tuple(entries), self.open, places, self.others)

    def with_other(self, value: Value) -> DictContent:
        """The dict after a value was put under a key that is not known. That is kept where nothing else is in the dict."""
        alone = not self.entries and all(item.value == value for item in self.others)
        others = (Item(value),) if alone else ()
        return DictContent(self.entries, True, self.places, others)


@record(frozen=True)
class Instance:
    """An object of a class. Its attributes are separate entries of the store. ``made`` is the name of what built it where
    that is outside the project, ``arguments`` what it was given."""

    made: Union[Class, Ext]
    arguments: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()


Content = Union[ListContent, DictContent, Instance]


def join(logic: Logic, branches: Iterable[tuple[Condition, Value]], limit: Term) -> Value:
    """The value that is ``value`` wherever the condition of its branch holds. Equal atoms become one alternative; too many
    become a symbol of the term ``limit``."""
    merged: dict[Atom, tuple[Condition, Optional[Site]]] = {}
    for when, value in branches:
        for alternative in value.alternatives:
            holds = logic.both(alternative.when, when)
            if holds == NEVER:
                continue
            found = merged.get(alternative.atom)
            if found is None:
                merged[alternative.atom] = (holds, alternative.origin)
            else:
                merged[alternative.atom] = (logic.either(found[0], holds), found[1])
    if not merged or len(merged) > MAX_ALTERNATIVES:
        return value_of(Sym(limit, reason="too many alternatives"))
    return Value(tuple(Alternative(when, atom, origin) for atom, (when, origin) in merged.items()))
