"""Dataclasses that cost nothing to import: a class of ``dataclasses`` writes and compiles its methods when it is made, which for
all the facts together takes longer than linting a file. These share theirs. For a type checker there is no difference."""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Callable, Optional

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(
        cls: Optional[type] = None, *, frozen: bool = False, eq: bool = True, order: bool = False
    ) -> Callable[..., type]:
        """As ``dataclasses.dataclass``, with what is used here of its arguments. A method that the class has stays."""

        def made(cls: type) -> type:
            return _made(cls, frozen, eq, order)

        return made if cls is None else made(cls)


def _made(cls: Any, frozen: bool, eq: bool, order: bool) -> Any:
    cls = dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
    fields = dataclasses.fields(cls)
    methods: dict[str, Any] = {"__init__": _initialiser(cls, fields), "__repr__": _representation(fields)}
    compared = [field.name for field in fields if field.compare]
    if eq:
        methods.update(_comparisons(compared, order))
    if frozen:
        methods.update(__setattr__=_set, __delattr__=_delete)
        if eq:
            methods["__hash__"] = _hash(compared)
    elif eq:
        methods["__hash__"] = None
    for name, method in methods.items():
        if name not in cls.__dict__ or name == "__hash__" and cls.__dict__[name] is None:
            setattr(cls, name, method)
    return cls


def _initialiser(cls: Any, fields: tuple[dataclasses.Field[Any], ...]) -> Callable[..., None]:
    names = tuple(field.name for field in fields if field.init)
    known = frozenset(names)
    makers = [(f.name, f.default_factory) for f in fields if f.default_factory is not dataclasses.MISSING]
    optional = {f.name for f in fields if f.default is not dataclasses.MISSING} | {name for name, _ in makers}
    required = tuple(name for name in names if name not in optional)
    count, least = len(names), len(required)
    prepare = getattr(cls, "__post_init__", None)

    def initialise(self: Any, *args: Any, **given: Any) -> None:
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


def _representation(fields: tuple[dataclasses.Field[Any], ...]) -> Callable[[Any], str]:
    names = [field.name for field in fields if field.repr]

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


def _set(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__}.{name} never changes")


def _delete(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__}.{name} never changes")
