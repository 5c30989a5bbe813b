"""Questions about the arguments of an optimizer that several rules ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Callable, Optional

from ms_optim_lint.domain.logic import NEVER, Term
from ms_optim_lint.domain.shapes import Choice, Location
from ms_optim_lint.facts import Construction, Fact, Keyword
from ms_optim_lint.records import record
from ms_optim_lint.rules.groups import each_group
from ms_optim_lint.settings import Settings

if TYPE_CHECKING:
    from typing import TypeGuard  # from Python 3.10 on


@record(frozen=True)
class Asked:
    """An argument, or a key of a group, with what it can be here. ``name`` is what a user calls it."""

    name: str
    choices: tuple[Choice, ...]
    location: Location
    grouped: bool

    @property
    def where(self) -> str:
        """How a message names it."""
        return f"'{self.name}' of a group" if self.grouped else self.name


def asked(fact: Construction, settings: Settings, keyword: str, key: str) -> Iterator[Asked]:
    """The argument ``keyword``, and the key ``key`` of each group. Nothing of an optimizer that this release has not."""
    optimizer, version = fact.optimizer, settings.mindspore_version
    if not optimizer.exists(version):
        return
    argument = fact.arguments.get(keyword)
    if argument is not None and optimizer.signature(version).get(keyword) is not None:
        choices = tuple(choice for choice in argument.choices if fact.can(choice.when))
        yield Asked(keyword, choices, argument.location, False)
    both = fact.logic.both
    for group, given in each_group(fact):
        entry = group.entries.get(key)
        here = both(given, entry.when) if entry is not None else NEVER
        if entry is not None and here != NEVER:
            choices = tuple(choice for choice in entry.choices if both(here, choice.when) != NEVER)
            yield Asked(key, choices, entry.location, True)


def wrong_one(found: Asked, judge: Callable[[Choice], Optional[str]]) -> Optional[tuple[Choice, str]]:
    """The choice that is wrong, and what ``judge`` says of it.

    A constant, a dict or an empty list may be a start value that is replaced before it is used: it is wrong only where
    all that the argument can be is wrong.
    """
    verdicts = [(choice, judge(choice)) for choice in found.choices]
    wrong = [(choice, words) for choice, words in verdicts if words is not None]
    for choice, words in wrong:
        if len(wrong) == len(verdicts) or choice.kind not in ("constant", "dict", "list"):
            return choice, words
    return None


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a number, and no truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def filtered_by_name(fact: Fact, keyword: Keyword) -> bool:
    """Whether a keyword out of a dict is there only where a test of its own name holds: the program sorts its options."""
    return keyword.splatted and any(_names(term, keyword.name) for term in fact.logic.atoms(keyword.when))


def _names(term: Term, name: str, depth: int = 0) -> bool:
    if term.op == "constant" and term.args[-1] == name:
        return True
    return depth < 6 and any(isinstance(inner, Term) and _names(inner, name, depth + 1) for inner in term.args)
