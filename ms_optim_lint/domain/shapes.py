"""What an optimizer is given, resolved: sets of parameters, groups, kinds of rates. Facts are made of these; no tree, no heap."""

from __future__ import annotations

from typing import Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term
from ms_optim_lint.domain.values import Value
from ms_optim_lint.finding import Place
from ms_optim_lint.records import NamedTuple, record


class Location(NamedTuple):
    """A place in a file. ``via`` are the calls that led there when the thing at that place was made, innermost first."""

    path: str
    place: Place
    via: tuple[Location, ...] = ()


@record(frozen=True)
class Part:
    """Some parameters: one (``elements`` empty), or one for each choice of ``elements``, there where ``when`` holds.

    ``term`` names the parameter, in terms of the elements; ``certain``: it certainly is a Parameter. Of one parameter of a
    network that is known in full, ``name`` is its name and ``trained`` says whether it requires a gradient, where that is known.
    ``row`` is that of :class:`~ms_optim_lint.domain.values.Item`.
    """

    term: Term
    when: Condition = ALWAYS
    elements: tuple[Term, ...] = ()
    location: Optional[Location] = None
    certain: bool = False
    name: str = ""
    trained: Optional[bool] = None
    row: int = 0


@record(frozen=True)
class Wrong:
    """Something that cannot be where it is: ``what`` says in the user's words what it is."""

    what: str
    when: Condition
    location: Location
    remedy: str = ""


#: The reason of a list that is empty because it is made of an iterator in which nothing was left.
SPENT = "an iterator that was read before"


@record(frozen=True)
class Params:
    """What a ``params`` argument or a group's ``params`` can be. One of the alternatives of a value.

    ``kind`` is ``list`` (of parameters), ``groups``, ``none``, ``wrong`` or ``unknown``. ``open``: there may be more than is
    known. ``container`` is ``list``, ``set``, ``iterator``, ``view`` or ``tuple``; ``consumed`` says when an iterator was read
    before.
    """

    kind: str
    when: Condition
    location: Location
    parts: tuple[Part, ...] = ()
    groups: tuple[Group, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    open: bool = False
    container: str = "list"
    consumed: Condition = NEVER
    reason: str = ""
    #: the identity of the container, where it has one
    number: int = 0
    #: ``parts`` are only those that are certainly known: there may be others
    in_part: bool = False


class Member(NamedTuple):
    """A parameter of a network: its name, the term that stands for it, whether it is trained and its rank where these are
    known, and when it is there."""

    name: str
    term: Term
    requires_grad: Optional[bool]
    rank: Optional[int]
    when: Condition


class Network(NamedTuple):
    """A network and all its parameters in order; None where they are not known, and why: then ``sure`` are those that it
    certainly has. Where only their names are not known, these are empty, and the reason tells why."""

    name: str
    members: Optional[tuple[Member, ...]]
    reason: str = ""
    sure: tuple[Member, ...] = ()


class Clash(NamedTuple):
    """Two different parameters have one name: when both are given, the place of the second one's group, and the classes of the
    networks that they belong to (empty for a Parameter by itself)."""

    name: str
    when: Condition
    location: Optional[Location]
    owners: tuple[str, ...]


class Missed(NamedTuple):
    """Trained parameters of the one set that all groups filter, which no group holds."""

    names: tuple[str, ...]
    when: Condition


class Entry(NamedTuple):
    """A key of a group: its value, when it is there, and where it is written."""

    value: Value
    when: Condition
    key: Location
    location: Location
    rate: tuple[Rate, ...] = ()
    choices: tuple[Choice, ...] = ()


@record(frozen=True)
class Group:
    """A dict given to an optimizer. ``many``: one such dict for each choice of ``elements``."""

    when: Condition
    location: Location
    entries: dict[str, Entry]
    odd_keys: tuple[tuple[str, Location, Condition], ...]
    open: bool
    params: tuple[Params, ...]
    order: tuple[Params, ...]
    elements: tuple[Term, ...] = ()
    number: int = 0

    @property
    def many(self) -> bool:
        """Whether it stands for one group in each pass of a loop."""
        return bool(self.elements)

    def has(self, key: str) -> Condition:
        """When the key is there."""
        return self.entries[key].when if key in self.entries else NEVER


@record(frozen=True)
class Rate:
    """A rate as given: ``static``, ``list``, ``tensor`` (of one dimension), ``schedule``, ``none`` or ``unknown``."""

    kind: str
    when: Condition
    location: Location
    reason: str = ""


@record(frozen=True)
class Choice:
    """What a plain argument, or a key of a group, can be. One of the alternatives of a value.

    ``kind`` is ``constant`` (its ``value``), ``number``, ``text``, ``list`` (or tuple, set, iterator), ``dict``, ``tensor``,
    ``parameter``, ``array``, ``scalar`` (of numpy), ``schedule``, ``scheduler``, ``cell``, ``function``, ``class`` or
    ``unknown``. ``words`` say it in the user's words. ``members`` are the constants that are certainly in a list, or the keys of
    a dict; ``length`` is known where nothing is added in loops or under conditions; ``nested``: a list or dict is in the list.
    ``library``: a class of MindSpore's own. ``number``: what a value that is not known is if it is a number at all, ``int`` or
    ``float``; ``numbers``: what those are that are certainly in a list. ``called``: the schedule that was called for this value.
    ``term`` names it: two choices of one term are the same thing. ``consumed`` says of an iterator when it was read before, and
    is None for anything else.
    """

    kind: str
    when: Condition
    location: Location
    words: str = ""
    value: object = None
    members: tuple[object, ...] = ()
    length: Optional[int] = None
    rank: Optional[int] = None
    nested: bool = False
    library: bool = False
    number: str = ""
    numbers: frozenset[str] = frozenset()
    term: Optional[Term] = None
    consumed: Optional[Condition] = None
    called: str = ""
