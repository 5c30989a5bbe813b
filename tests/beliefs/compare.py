"""Compares what the linter believes of a program's optimizers with what they were given.

A belief is a set of possibilities, some of them under conditions. It is wrong where what happened is none of them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Optional

from beliefs.plain import FILE, Given
from ms_optim_lint.domain.logic import NEVER, Condition, Logic, Term
from ms_optim_lint.domain.shapes import Choice, Entry, Group, Params, Part
from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Finding


class Beliefs(NamedTuple):
    facts: dict[int, list[Construction]]
    findings: tuple[Finding, ...]
    limits: tuple[str, ...]


def beliefs(text: str) -> Beliefs:
    found = analyse(Document(FILE, text), detailed=True)
    facts: dict[int, list[Construction]] = {}
    for fact in found.facts:
        if isinstance(fact, Construction):
            facts.setdefault(fact.location.place.line, []).append(fact)
    return Beliefs(facts, tuple(found.findings), tuple(found.limits_met))


class Matcher:
    """Whether what an optimizer was given is one of the possibilities of a fact. ``names`` are those of parameters by term."""

    def __init__(self, fact: Construction, names: Mapping[Term, str]) -> None:
        self.fact = fact
        self.logic: Logic = fact.logic
        self.names = names

    def possible(self, given: Given) -> bool:
        """Some condition under which it is all as it was given."""
        return any(True for when in self._params(given) for _ in self._arguments(given, when))

    def _params(self, given: Given) -> Iterator[Condition]:
        if not self.fact.params:
            yield self.fact.reached
        for params in self.fact.params:
            when = self.logic.both(self.fact.reached, params.when)
            if when == NEVER:
                continue
            if params.kind in ("unknown", "wrong"):
                yield when
            elif params.kind == "list" and not params.parts and not params.open:
                if not given.names and len(given.groups) < 2:  # nothing: no group, no parameter
                    yield when
            elif (
                params.kind == "list" and (params.open or params.parts) and not given.plain and not self._named(params)
            ):
                yield when
            elif params.kind == "list" and given.plain:
                yield from self._names(params, given.groups[0][0], when)
            elif params.kind == "groups" and (not given.plain or not given.names):
                groups = () if given.plain else given.groups  # of the order of groups nothing is said
                for row in itertools.permutations(groups) if len(groups) < 5 else (groups,):
                    yield from self._groups(params.groups, 0, row, when, params.open)

    def _named(self, params: Params) -> bool:
        return any(self.names.get(part.term, part.name) for part in params.parts)

    def _groups(
        self,
        groups: Sequence[Group],
        index: int,
        given: Sequence[tuple[tuple[str, ...], Mapping[str, object]]],
        when: Condition,
        open_: bool,
    ) -> Iterator[Condition]:
        if when == NEVER:
            return
        if open_ or any(group.many for group in groups):
            yield when
            return
        if index == len(groups):
            if not given:
                yield when
            return
        group = groups[index]
        there, absent = self.logic.both(when, group.when), self.logic.both(when, self.logic.no(group.when))
        if given and there != NEVER:
            for one in self._group(group, *given[0], there):
                yield from self._groups(groups, index + 1, given[1:], one, open_)
        if absent != NEVER:
            yield from self._groups(groups, index + 1, given, absent, open_)

    def _group(
        self, group: Group, names: tuple[str, ...], keys: Mapping[str, object], when: Condition
    ) -> Iterator[Condition]:
        conditions = [when]
        for params in group.params:
            here = self.logic.both(when, params.when)
            if here != NEVER and params is group.params[0]:
                conditions = []
            if here == NEVER:
                continue
            if params.kind == "list":
                conditions.extend(self._names(params, names, here))
            else:
                conditions.append(here)
        for condition in conditions:
            yield from self._keys(group, keys, condition)

    def _keys(self, group: Group, keys: Mapping[str, object], when: Condition) -> Iterator[Condition]:
        known = {key: entry for key, entry in group.entries.items() if key != "params"}
        if not group.open:
            odd = {key for key, _, _ in group.odd_keys}
            if not set(keys) <= {*known, *odd}:
                return
        conditions = [when]
        for key, entry in known.items():
            conditions = [one for old in conditions for one in self._entry(entry, key in keys, keys.get(key), old)]
        yield from conditions

    def _entry(self, entry: Entry, there: bool, value: object, when: Condition) -> Iterator[Condition]:
        here = self.logic.both(when, entry.when if there else self.logic.no(entry.when))
        if here == NEVER:
            return
        yield from self._choices(entry.choices, value, here) if there else (here,)

    def _choices(self, choices: Sequence[Choice], value: object, when: Condition) -> Iterator[Condition]:
        if not choices:
            yield when
        for choice in choices:
            here = self.logic.both(when, choice.when)
            if here != NEVER and _fits(choice, value):
                yield here

    def _names(self, params: Params, names: tuple[str, ...], when: Condition) -> Iterator[Condition]:
        known = [self.names.get(part.term, part.name) for part in params.parts]
        if params.open or any(part.elements for part in params.parts) or not all(known):
            if params.open and self._there(params, known, names, when):
                yield when
            elif not params.open:
                yield when
            return
        if any(part.row < 0 for part in params.parts):
            certain = [name for name, part in zip(known, params.parts) if self.logic.implies(when, part.when)]
            if set(names) <= set(known) and set(certain) <= set(names):
                yield when
            return
        yield from self._in_order(list(zip(known, params.parts)), names, when)

    def _there(self, params: Params, known: Sequence[str], names: tuple[str, ...], when: Condition) -> bool:
        """Whether all that is certainly in an open list is there."""
        certain = [
            name
            for name, part in zip(known, params.parts)
            if name and not part.elements and self.logic.implies(when, part.when)
        ]
        return set(certain) <= set(names)

    def _in_order(self, parts: list[tuple[str, Part]], names: tuple[str, ...], when: Condition) -> Iterator[Condition]:
        if when == NEVER:
            return
        if not parts:
            if not names:
                yield when
            return
        name, part = parts[0]
        if names and names[0] == name:
            yield from self._in_order(parts[1:], names[1:], self.logic.both(when, part.when))
        yield from self._in_order(parts[1:], names, self.logic.both(when, self.logic.no(part.when)))

    def _arguments(self, given: Given, when: Condition) -> Iterator[Condition]:
        conditions = [when]
        for name, value in given.arguments.items():
            argument = self.fact.arguments.get(name)
            if argument is not None:
                conditions = [one for old in conditions for one in self._choices(argument.choices, value, old)]
        yield from conditions


def _fits(choice: Choice, value: object) -> bool:
    if choice.kind == "constant":
        return type(choice.value) is type(value) and choice.value == value
    if choice.kind == "number":
        return isinstance(value, (int, float))
    if choice.kind == "text":
        return isinstance(value, str)
    if choice.kind == "list":
        return isinstance(value, (list, tuple, set))
    return choice.kind == "unknown" or not isinstance(value, (int, float, str, type(None)))


def known_names(facts: Mapping[int, Sequence[Construction]]) -> dict[Term, str]:
    """The names of the parameters: the first optimizer of each program is given all of them."""
    first = facts[min(facts)][0]
    (params,) = first.params
    order = [f"{number}.{name}" for number in range(3) for name in ("weight", "bias")]
    return {part.term: name for part, name in zip(params.parts, order)}


def is_known(fact: Construction, names: Mapping[Term, str]) -> bool:
    """Whether all parameters of an optimizer are known, under conditions perhaps, and its rate."""

    def lists() -> Iterator[Params]:
        for params in fact.params:
            yield from [one for group in params.groups for one in group.params] if params.kind == "groups" else [params]

    rates = [
        choice.kind
        for name in ("lr", "learning_rate")
        if name in fact.arguments
        for choice in fact.arguments[name].choices
    ]
    return all(
        params.kind == "list"
        and not params.open
        and all(part.row >= 0 and names.get(part.term, part.name) for part in params.parts)
        for params in lists()
    ) and all(kind == "constant" for kind in rates)


class Wrong(NamedTuple):
    line: int
    what: str


def contradictions(text: str, runs: Sequence[Sequence[Given]], said: Optional[Beliefs] = None) -> list[Wrong]:
    """What the linter believes and what is not so."""
    said = said or beliefs(text)
    names = known_names(said.facts)
    matchers = {line: [Matcher(fact, names) for fact in facts] for line, facts in said.facts.items()}
    built: dict[int, list[Given]] = {}
    for run in runs:
        for given in run:
            if given not in built.setdefault(given.line, []):
                built[given.line].append(given)
    found = []
    for line, all_given in sorted(built.items()):
        for given in all_given:
            if matchers.get(line) and not any(one.possible(given) for one in matchers[line]):
                found.append(Wrong(line, f"given {_shown(given)}"))
    # Whether an error is raised in the body of a ``try`` or ``with`` is not decided: either may be.
    doubtful = re.search(r"^ *(try|with)\b", text, re.MULTILINE)
    for finding in said.findings if not doubtful else ():
        all_given = built.get(finding.place.line, [])
        if all_given and not any(_holds(finding.code, given) for given in all_given):
            found.append(Wrong(finding.place.line, f"{finding.code} {finding.message}"))
    return found


def _shown(given: Given) -> str:
    return f"{[(list(names), dict(keys)) for names, keys in given.groups]} {dict(given.arguments)}"


def _numbers(given: Given, *keys: str) -> list[object]:
    """The numbers that an optimizer and its groups are given under one of these keys."""
    rows = [given.arguments, *(more for _, more in given.groups)]
    return [row[key] for row in rows for key in keys if key in row]


def _holds(code: str, given: Given) -> bool:
    """Whether a finding is true of what an optimizer was given. Of codes that are not known here nothing is said."""
    rates, decays = _numbers(given, "lr", "learning_rate"), _numbers(given, "weight_decay")
    if code == "MSO111":
        return not given.groups or any(not names for names, _ in given.groups)
    if code == "MSO115":
        return len(set(given.names)) < len(given.names)
    if code == "MSO131":
        return any(
            isinstance(rate, bool) or not isinstance(rate, (int, float)) or rate < 0 or rate == 0 for rate in rates
        )
    if code == "MSO135":
        return any(not isinstance(decay, (int, float)) or decay < 0 for decay in decays)
    if code == "MSO136":
        return any(isinstance(decay, bool) or not isinstance(decay, float) or decay >= 1 for decay in decays)
    if code == "MSO132":
        return any(isinstance(rate, bool) for rate in rates)
    if code == "MSO121":
        return len(given.groups) > 1
    return code not in (
        "MSO101",
        "MSO102",
        "MSO103",
        "MSO112",
        "MSO113",
        "MSO118",
        "MSO119",
        "MSO120",
        "MSO122",
        "MSO116",
    )
