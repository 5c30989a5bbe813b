"""What each optimizer of a file is given, in words and numbers: for those who want to see it, not for rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Optional

from ms_optim_lint.domain.logic import Condition, Logic, Term
from ms_optim_lint.domain.shapes import Choice, Group, Location, Network, Params, Part, Rate
from ms_optim_lint.facts import Argument, Construction
from ms_optim_lint.records import record
from ms_optim_lint.settings import NEWEST


@record(frozen=True)
class Held:
    """A parameter that a group holds; ``sure`` is false where that depends on something unknown."""

    name: str
    sure: bool = True


_LOST = "nothing: this iterator is used up before it is read"


@record(frozen=True)
class GroupSummary:
    """A group: its parameters where they are known by name, else what is known of them in words, and the names of those that are
    certainly in it."""

    parameters: Optional[tuple[Held, ...]]
    words: str
    rate: str
    weight_decay: str
    exempt: int = 0
    sure: bool = True
    certain: tuple[str, ...] = ()


@record(frozen=True)
class Outside:
    """Parameters of a network that no group holds."""

    network: str
    trained: tuple[str, ...]
    frozen: tuple[str, ...]


@record(frozen=True)
class Summary:
    """One optimizer: where it is built, its groups, what no group holds, and what is not known and why."""

    optimizer: str
    location: Location
    groups: tuple[GroupSummary, ...]
    outside: tuple[Outside, ...]
    unknown: tuple[str, ...]


def summarise(facts: Iterable[object]) -> Iterator[Summary]:
    """One summary for each place where an optimizer is built; where the program gets there in several ways, the way of which
    most is known."""
    best: dict[tuple[str, tuple[int, int]], Summary] = {}
    for fact in facts:
        if isinstance(fact, Construction):
            made = _summary(fact)
            key = (fact.location.path, (fact.location.place.line, fact.location.place.column))
            known = best.get(key)
            if known is None or len(made.unknown) < len(known.unknown):
                best[key] = made
    return iter(sorted(best.values(), key=lambda one: (one.location.path, one.location.place)))


def _summary(fact: Construction) -> Summary:
    unknown: dict[str, None] = {}
    groups: list[GroupSummary] = []
    for params in fact.params:
        if fact.can(params.when):
            groups.extend(_groups(fact, params, unknown))
    if not fact.complete:
        unknown["what is splatted into the call"] = None
    rate = fact.arguments.get(fact.optimizer.rate_keyword)
    if rate is not None and _is_unknown(rate.choices, fact.rates):
        unknown[f"the rate {rate.text}: {_reason(fact.rates)}".strip(": ")] = None
    outside = []
    for network in fact.networks:
        if network.reason:
            unknown[f"the parameters of {network.name or 'the network'}: {network.reason}"] = None
        else:
            found = _outside(fact, network)
            if found is not None:
                outside.append(found)
    return Summary(fact.optimizer.name, fact.location, tuple(groups), tuple(outside), tuple(unknown))


def _groups(fact: Construction, params: Params, unknown: dict[str, None]) -> Iterator[GroupSummary]:
    default_rate = _default(fact, fact.optimizer.rate_keyword, fact.rates)
    default_decay = _default(fact, "weight_decay", ())
    reached = fact.logic.both(fact.reached, params.when)
    if params.kind == "groups":
        for group in params.groups:
            if group.order and not group.params:
                continue  # the order of all: not a group
            yield _group(fact, group, reached, default_rate, default_decay, unknown)
        if params.open:
            unknown["further groups"] = None
        return
    if params.kind == "list":
        names = _names(fact, params.parts, reached)
        exempt = 0
        if names is not None and fact.family == "nn":
            exempt = sum("beta" in one.name or "gamma" in one.name for one in names)
        if params.open:
            unknown[f"further parameters: {params.reason}"] = None
        words = _words(fact.logic, params.parts)
        certain = _certain(fact, (one for one in fact.in_part if one.location == params.location), reached)
        yield GroupSummary(names, words, default_rate, default_decay, exempt, certain=certain)
        return
    what = {"none": "nothing", "wrong": "no parameters"}.get(params.kind, "")
    if params.kind == "wrong" and params.wrong:
        what = params.wrong[0].what
    if not what:
        unknown[f"the parameters: {params.reason or 'something unknown'}"] = None
    yield GroupSummary(None, what or "not known", default_rate, default_decay)


def _group(
    fact: Construction,
    group: Group,
    reached: Condition,
    default_rate: str,
    default_decay: str,
    unknown: dict[str, None],
) -> GroupSummary:
    logic = fact.logic
    here = logic.both(reached, group.when)
    parts = [part for params in group.params for part in params.parts if not _is_lost(fact, params)]
    words = _words(logic, parts) + (", one group for each" if group.many else "")
    for params in group.params:
        if params.open or params.kind == "unknown":
            unknown[f"parameters of a group: {params.reason or 'something unknown'}"] = None
    names = None
    if all(params.kind == "list" and not params.open for params in group.params):
        names = _names(fact, parts, here)
    rate = group.entries.get("lr") or group.entries.get("learning_rate")
    decay = group.entries.get("weight_decay")
    return GroupSummary(
        names,
        _LOST if all(_is_lost(fact, params) for params in group.params) else words,
        _shown(rate.choices, rate.rate) if rate is not None else default_rate,
        _shown(decay.choices, ()) if decay is not None else default_decay,
        sure=logic.implies(reached, group.when),
        certain=_certain(fact, _in_part(fact, group), here),
    )


def _in_part(fact: Construction, group: Group) -> Iterator[Params]:
    """What is certainly known of a group's parameters."""
    for params in fact.in_part:
        for one in params.groups:
            if one.location == group.location and one.number == group.number and not group.many:
                yield from one.params


def _certain(fact: Construction, known: Iterable[Params], here: Condition) -> tuple[str, ...]:
    """The names of the parameters that are certainly among these where a condition holds."""
    logic = fact.logic
    parts = [(part, params) for params in known if not _is_lost(fact, params) for part in params.parts]
    return tuple(part.name for part, params in parts if logic.implies(here, logic.both(params.when, part.when)))


def _is_lost(fact: Construction, params: Params) -> bool:
    """Whether these parameters of a group are never trained: an optimizer of ``nn`` uses an iterator up before it reads it."""
    return fact.family == "nn" and params.container == "iterator"


def _names(fact: Construction, parts: Iterable[Part], reached: Condition) -> Optional[tuple[Held, ...]]:
    logic = fact.logic
    known = {one.term: one.name for network in fact.networks for one in network.members or ()}
    found = []
    for part in parts:
        name = known.get(part.term, part.name)
        if part.elements or not name:
            return None
        if logic.meet(part.when, reached):
            found.append(Held(name, logic.implies(reached, part.when)))
    return tuple(found)


def _outside(fact: Construction, network: Network) -> Optional[Outside]:
    held: set[Term] = set()
    for params in fact.params:
        inner = (one for group in params.groups for one in group.params if not _is_lost(fact, one))
        for part in (*params.parts, *(part for one in inner for part in one.parts)):
            if part.elements:
                return None
            held.add(part.term)
    left = [one for one in network.members or () if one.term not in held]
    trained = tuple(one.name for one in left if one.requires_grad is not False)
    frozen = tuple(one.name for one in left if one.requires_grad is False)
    return Outside(network.name, trained, frozen) if left else None


# Words


def _default(fact: Construction, keyword: str, rates: tuple[Rate, ...]) -> str:
    given: Optional[Argument] = fact.arguments.get(keyword)
    if given is not None:
        return _shown(given.choices, rates) or given.text
    found = next((a.default for a in fact.optimizer.signature(NEWEST).arguments if a.name == keyword), None)
    return found if found is not None else "-"


def _shown(choices: tuple[Choice, ...], rates: tuple[Rate, ...]) -> str:
    words = dict.fromkeys(_choice(choice) for choice in choices)
    if list(words) == ["not known"] and rates:
        words = dict.fromkeys(_KINDS.get(rate.kind, "not known") for rate in rates)
    return " or ".join(words)


_KINDS = {"static": "a number", "list": "a list", "tensor": "a tensor", "schedule": "a schedule", "none": "None"}


def _choice(choice: Choice) -> str:
    if choice.kind == "constant":
        return repr(choice.value)
    if choice.kind == "list":
        return f"list of {choice.length} steps" if choice.length is not None else "a list"
    if choice.kind in ("tensor", "array") and choice.length is not None:
        return f"{choice.kind} of {choice.length} steps"
    if choice.kind == "unknown":
        return "not known"
    return choice.words or f"a {choice.kind}"


def _is_unknown(choices: tuple[Choice, ...], rates: tuple[Rate, ...]) -> bool:
    return any(rate.kind == "unknown" for rate in rates) or not rates and any(c.kind == "unknown" for c in choices)


def _reason(rates: tuple[Rate, ...]) -> str:
    return next((rate.reason for rate in rates if rate.kind == "unknown" and rate.reason), "")


def _words(logic: Logic, parts: Iterable[Part]) -> str:
    """What is known of parameters whose network is not."""
    found: Counter[tuple[bool, str]] = Counter((bool(part.elements), _tests(logic, part)) for part in parts)
    words = []
    for (many, tests), count in found.items():
        single = "one parameter" if count == 1 else f"{count} parameters"
        words.append(f"{'parameters of a network' if many else single}{' where ' if tests else ''}{tests}")
    return "; ".join(words)


def _tests(logic: Logic, part: Part) -> str:
    ways: list[str] = []
    for cube in logic.cubes(part.when):
        if len(ways) == 3:
            return "a longer condition holds"
        ways.append(" and ".join(_test(atom, holds) for atom, holds in cube.items()))
    return " or ".join(way for way in ways if way)


def _test(atom: Term, holds: bool) -> str:
    words = {"contains": "has", "startswith": "starts with", "endswith": "ends with", "equal": "is"}
    if atom.op in words and len(atom.args) == 2:
        first, second = atom.args
        if isinstance(first, Term) and isinstance(second, Term) and second.op == "constant":
            subject = "the name" if first.op == "attribute" and first.args[1] in ("name", "path") else "something"
            return f"{subject} {'' if holds else 'not '}{words[atom.op]} {second.args[1]!r}"
    if atom.op == "truthy" and isinstance(atom.args[0], Term) and atom.args[0].op == "attribute":
        if atom.args[0].args[1] == "requires_grad":
            return "it is trained" if holds else "it is not trained"
    return "a test holds" if holds else "a test does not hold"
