"""Dataclasses and named tuples that cost nothing to import: those of the standard library write and compile their methods when
a class is made, which for all the facts together takes longer than linting a file. These share theirs; a class of which many
objects are made gets an ``__init__`` or ``__new__`` of its own then. A type checker sees no difference, and sees to it that what
is frozen never changes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Callable, Optional

try:
    # What the standard library's named tuples have, too.
    from _collections import _tuplegetter as getter_of  # type: ignore[import-not-found]
except ImportError:

    def getter_of(number: int, text: Optional[str]) -> Any:
        return property(itemgetter(number), doc=text)


if TYPE_CHECKING:
    import types

__all__ = ["NamedTuple", "field", "record", "replace"]

_MISSING: Any = object()
#: Of a class with more objects than this, making one is worth an ``__init__`` of its own.
_MANY = 64


class _Tuples(type):
    """Makes a class of named tuples of the annotations in its body."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        if bases[0].__bases__ != (tuple,):
            return super().__new__(
                mcs, name, bases, {"__slots__": (), **body}
            )  # the one below, or derived from a class of these
        fields = tuple(body["__annotations__"])
        defaults = {each: body[each] for each in fields if each in body}
        body.update((each, getter_of(number, None)) for number, each in enumerate(fields))
        left = _MANY

        def new(cls: Any, *args: Any, **given: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                made.__new__ = staticmethod(_compiled_new(fields, defaults))
            if given or len(args) != len(fields):
                rest = {**defaults, **given}
                if len(args) > len(fields) or not rest.keys() >= set(fields[len(args) :]) >= given.keys():
                    raise TypeError(f"{name}() takes {', '.join(fields)}")
                args += tuple(rest[each] for each in fields[len(args) :])
            return tuple.__new__(cls, args)

        made: Any = super().__new__(
            mcs, name, bases, {**body, "__slots__": (), "__new__": new, "__match_args__": fields, "_fields": fields}
        )
        return made


def _compiled_new(fields: tuple[str, ...], defaults: Mapping[str, Any]) -> Callable[..., Any]:
    """A ``__new__`` that does the same and is fast."""
    names = "".join(f"{each}, " for each in fields)
    made: types.FunctionType = eval(f"lambda _cls, {names}: _new(_cls, ({names}))", {"_new": tuple.__new__})
    made.__defaults__ = tuple(defaults.values())
    return made


if TYPE_CHECKING:
    from typing import NamedTuple
else:

    class NamedTuple(tuple, metaclass=_Tuples):
        """As ``typing.NamedTuple``, with what is used here of its methods."""

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(map('%s=%r'.__mod__, zip(self._fields, self)))})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def _replace(self, **changes: Any) -> Any:
            result = tuple.__new__(self.__class__, map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"{type(self).__name__} has no {', '.join(changes)}")
            return result


class _Field(NamedTuple):
    """What is known of one field. ``name`` is set when the class is made."""

    default: Any = _MISSING
    default_factory: Optional[Callable[[], Any]] = None
    init: bool = True
    repr: bool = True
    compare: bool = True
    name: str = ""


if TYPE_CHECKING:
    from dataclasses import dataclass as record
    from dataclasses import field, replace
else:
    field = _Field

    def record(
        cls: Optional[type] = None, *, frozen: bool = False, eq: bool = True, order: bool = False
    ) -> Callable[..., type]:
        """As ``dataclasses.dataclass``, with what is used here of its arguments. A method that the class has stays."""

        def made(cls: type) -> type:
            return _made(cls, frozen, eq, order)

        return made if cls is None else made(cls)

    def replace(one: Any, **changes: Any) -> Any:
        """As ``dataclasses.replace``."""
        cls = one.__class__
        kept = {each.name: getattr(one, each.name) for each in cls.__record__ if each.init and each.name not in changes}
        return cls(**kept, **changes)


def _made(cls: Any, frozen: bool, eq: bool, order: bool) -> Any:
    known: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        known.update((each.name, each) for each in base.__dict__.get("__record__", ()))
    own = cls.__annotations__ if sys.version_info >= (3, 10) else cls.__dict__.get("__annotations__", {})
    for name in own:
        default = cls.__dict__.get(name, _MISSING)
        if not isinstance(default, _Field):
            known[name] = _Field(default, None, True, True, True, name)
        else:
            known[name] = default._replace(name=name)
            if default.default is _MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, default.default)
    fields = cls.__record__ = tuple(known.values())
    setattr(cls, "__match_args__", tuple(each.name for each in fields if each.init))  # noqa: B010
    methods: dict[str, Any] = {"__init__": _initialiser(cls, fields), "__repr__": _representation(fields)}
    compared = [each.name for each in fields if each.compare]
    if eq:
        methods.update(_comparisons(compared, order))
    if eq:
        methods["__hash__"] = _hash(compared) if frozen else None
    for name, method in methods.items():
        if name not in cls.__dict__ or name == "__hash__" and cls.__dict__[name] is None:
            setattr(cls, name, method)
    return cls


def _initialiser(cls: Any, fields: tuple[_Field, ...]) -> Callable[..., None]:
    names = tuple(each.name for each in fields if each.init)
    known = frozenset(names)
    makers = [(each.name, each.default_factory) for each in fields if each.default_factory is not None]
    optional = {each.name for each in fields if each.default is not _MISSING} | {name for name, _ in makers}
    required = tuple(name for name in names if name not in optional)
    count, least = len(names), len(required)
    prepare = getattr(cls, "__post_init__", None)
    left = _MANY

    def initialise(self: Any, *args: Any, **given: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            cls.__init__ = _compiled(fields, prepare is not None)
        own = self.__dict__  # a default is an attribute of the class
        own.update(zip(names, args))
        if given:
            own.update(given)
            if len(own) != len(args) + len(given) or not known.issuperset(given):
                raise TypeError(f"{cls.__name__}() takes {', '.join(names)}, each once")
        if len(args) > count or len(args) < least and not all(name in own for name in required):
            raise TypeError(f"{cls.__name__}() takes {', '.join(names)}")
        for name, make in makers:
            if name not in own:
                own[name] = make()
        if prepare is not None:
            prepare(self)

    return initialise


def _compiled(fields: tuple[_Field, ...], prepares: bool) -> Callable[..., None]:
    """An ``__init__`` that does the same and is fast."""
    scope: dict[str, Any] = {"_MISSING": _MISSING}
    arguments, lines = ["self"], []
    for each in fields:
        if not each.init:
            continue
        value = each.name
        if each.default_factory is not None:
            scope[f"_make_{each.name}"] = each.default_factory
            arguments.append(f"{each.name}=_MISSING")
            value = f"_make_{each.name}() if {each.name} is _MISSING else {each.name}"
        elif each.default is not _MISSING:
            scope[f"_default_{each.name}"] = each.default
            arguments.append(f"{each.name}=_default_{each.name}")
        else:
            arguments.append(each.name)
        lines.append(f"    self.{each.name} = {value}")
    lines.append("    self.__post_init__()" if prepares else "    pass")
    exec("\n".join((f"def __init__({', '.join(arguments)}):", *lines)), scope)
    made: Callable[..., None] = scope["__init__"]
    return made


def _representation(fields: tuple[_Field, ...]) -> Callable[[Any], str]:
    names = [each.name for each in fields if each.repr]

    def represent(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return represent


def _comparisons(names: list[str], order: bool) -> dict[str, Callable[[Any, Any], Any]]:
    key: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def equal(self: Any, other: Any) -> Any:
        if self is other:
            return True
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def less(self: Any, other: Any) -> Any:
        return key(self) < key(other) if other.__class__ is self.__class__ else NotImplemented

    def less_or_equal(self: Any, other: Any) -> Any:
        return key(self) <= key(other) if other.__class__ is self.__class__ else NotImplemented

    return {"__eq__": equal, **({"__lt__": less, "__le__": less_or_equal} if order else {})}


def _hash(names: list[str]) -> Callable[[Any], int]:
    key: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def hash_of(self: Any) -> int:
        return hash(key(self))

    return hash_of
