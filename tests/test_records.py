"""Records are dataclasses to whoever uses them, before and after they get an ``__init__`` of their own."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from ms_optim_lint.patterns import pattern
from ms_optim_lint.records import NamedTuple, field, record, replace


@record(frozen=True)
class Point:
    x: int
    y: int = 2
    note: str = field(default="", compare=False)


@record(frozen=True)
class Named(Point):
    name: str = "n"

    @property
    def sum(self) -> int:
        return self.x + self.y


@record
class Box:
    items: list[int] = field(default_factory=list)


@record(frozen=True, order=True)
class Place:
    line: int
    column: int


@record(frozen=True)
class Own:
    value: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Own)

    def __hash__(self) -> int:
        return 7


class Pair(NamedTuple):
    first: int
    second: tuple[int, ...] = ()

    @property
    def sum(self) -> int:
        return self.first + sum(self.second)


class Empty(NamedTuple):
    """Nothing in it but a constant."""

    cls: int = 3


class Derived(Pair):
    pass


@pytest.mark.parametrize("many", [0, 200])
def test_as_named_tuples(many: int) -> None:
    for number in range(many):
        assert (Pair(number).first, Pair(second=(1,), first=number).sum, Empty()) == (number, number + 1, (3,))
    pair: Any = Pair(1, (2, 3))
    first, second = pair
    assert (first, second, pair.first, pair.second, pair.sum, len(pair)) == (1, (2, 3), 1, (2, 3), 6, 2)
    assert pair == (1, (2, 3)) == Pair(first=1, second=(2, 3)) != Pair(1)
    assert hash(pair) == hash((1, (2, 3)))
    assert pair._replace(first=4) == (4, (2, 3))
    assert type(pair._replace()) is Pair
    assert repr(pair) == "Pair(first=1, second=(2, 3))"
    assert copy.copy(pair) == copy.deepcopy(pair) == pickle.loads(pickle.dumps(pair)) == pair
    assert type(pickle.loads(pickle.dumps(pair))) is Pair
    assert Derived(1).sum == 1
    assert repr(Derived(1)) == "Derived(first=1, second=())"
    assert not hasattr(pair, "__dict__")
    for args, words in ((), {}), ((1, (), 3), {}), ((1,), {"first": 2}), ((1,), {"third": 2}), ((), {"second": ()}):
        with pytest.raises(TypeError):
            Pair(*args, **words)
    with pytest.raises(ValueError, match="third"):
        pair._replace(third=1)
    with pytest.raises(AttributeError):
        pair.first = 2


@pytest.mark.parametrize("many", [0, 200])
def test_as_dataclasses(many: int) -> None:
    for number in range(many):
        assert (Point(number).x, Named(1, number).y, Box().items, Place(number, 0).line) == (number, number, [], number)
    assert (Point(1).x, Point(1).y, Point(1, 3).y, Point(1, y=4).y, Point(x=5).x) == (1, 2, 3, 4, 5)
    assert Point(1, note="a") == Point(1, note="b") != Point(2)
    assert hash(Point(1)) == hash(Point(1, 2, "c"))
    assert Point(1) != Named(1)
    assert repr(Named(1, name="m")) == "Named(x=1, y=2, note='', name='m')"
    assert replace(Named(1, 5, name="m"), y=6) == Named(1, 6, name="m")
    assert Named(1, 5).sum == 6
    assert copy.copy(Named(3)) == pickle.loads(pickle.dumps(Named(3))) == Named(3)
    one, other = Box(), Box()
    one.items.append(1)
    assert other.items == []
    assert sorted([Place(2, 1), Place(1, 5)]) == [Place(1, 5), Place(2, 1)]
    assert Own(1) == Own(2)
    assert hash(Own(1)) == 7
    with pytest.raises(TypeError):
        hash(Box())


@pytest.mark.parametrize("args, words", [((), {}), ((1, 2, "", 4), {}), ((1,), {"x": 2}), ((1,), {"z": 2})])
def test_wrong_calls(args: tuple[Any, ...], words: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Point(*args, **words)


def test_patterns_are_compiled_when_used() -> None:
    word = pattern(r"(\w+)=")
    match = word.search("a b=1")
    assert match is not None
    assert match.group(1) == "b"
    assert word.sub("", "a=1") == "1"
    assert pattern(rb"x").findall(b"xx") == [b"x", b"x"]
