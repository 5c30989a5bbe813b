"""Rules meet facts: which rules apply, which findings remain."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Optional

from ms_optim_lint import rules
from ms_optim_lint.domain.logic import TooComplex
from ms_optim_lint.domain.sets import possible
from ms_optim_lint.domain.shapes import Location
from ms_optim_lint.facts import Construction, Fact
from ms_optim_lint.finding import Applicability, Finding, Fix, Place, Related, Severity
from ms_optim_lint.records import replace
from ms_optim_lint.rules.base import Judgement, Rule
from ms_optim_lint.settings import Settings
from ms_optim_lint.written import Written

#: Among the caught errors: the program tests that something goes wrong.
EXPECTED = "*"
#: Catching one of these catches what is below it too.
_PARENTS = {
    "KeyError": "LookupError",
    "IndexError": "LookupError",
    "LookupError": "Exception",
    "TypeError": "Exception",
    "ValueError": "Exception",
    "RuntimeError": "Exception",
    "AttributeError": "Exception",
    "ImportError": "Exception",
    "ModuleNotFoundError": "ImportError",
    "Exception": "BaseException",
}


def findings_of(facts: Iterable[object], written: Written, settings: Settings) -> list[Finding]:
    """What the rules say of the facts, in the linted file. What a rule silences of the same optimizer is not said."""
    known = [fact for fact in facts if isinstance(fact, Fact) and _is_in_sight(fact)]
    if not known:
        return []
    kinds = {kind.__name__ for kind in set(map(type, known)) for kind in kind.__mro__}
    active = [rule for rule in rules.judging(kinds) if is_active(rule, settings)]
    broken: set[int] = set()
    found: dict[tuple[str, Place], Finding] = {}
    said: dict[tuple[str, Location], list[tuple[str, Place]]] = {}
    silenced: set[tuple[str, Location]] = set()
    shown: dict[tuple[str, str, Place, int], Place] = {}
    for fact in known:
        judgements = [
            (rule, judgement)
            for rule in active
            if isinstance(fact, rule.facts) and _applies(rule, fact)
            for judgement in _judged(rule, fact, settings)
        ]
        if isinstance(fact, Construction):
            broken.discard(fact.number)
            errors = [pair for pair in judgements if pair[0].severity is Severity.ERROR]
            if errors:
                # Where the program expects the error, too, there is no optimizer of which to say anything else.
                broken.add(fact.number)
                judgements = errors
        elif getattr(getattr(fact, "construction", None), "number", None) in broken:
            continue
        for rule, judgement in _without_silenced(judgements):
            if _is_expected(rule, fact):
                continue
            if rule.severity.rank < settings.min_severity.rank:
                continue
            finding = _finding(rule, judgement, written)
            if finding is not None:
                # The same construction may be reached in several ways: of one of them more may be known.
                about = (getattr(fact, "construction", None) or fact).location
                if (rule.symbol, about) in silenced:
                    continue
                # One line of another file, and one optimizer: it is one mistake, however often this file leads there.
                path, place, _ = judgement.places[0]
                number = getattr(getattr(fact, "construction", None), "number", None)
                if path != written.path and number is not None:
                    if shown.setdefault((rule.symbol, path, place, number), finding.place) != finding.place:
                        continue
                for symbol in rule.silences:
                    silenced.add((symbol, about))
                    for key in said.pop((symbol, about), ()):
                        found.pop(key, None)
                said.setdefault((rule.symbol, about), []).append((finding.code, finding.place))
                first = found.setdefault((finding.code, finding.place), finding)
                if first.fix != finding.fix:
                    found[finding.code, finding.place] = replace(first, fix=_agreed(first.fix, finding.fix))
    return list(found.values())


def _is_in_sight(fact: Fact) -> bool:
    """Whether it can happen by what is seen: not only if code that is not followed sets an attribute to something else."""
    return possible(fact.logic, fact.logic.supposing(fact.reached, lambda term: term.op == "kept"))


def _agreed(one: Optional[Fix], other: Optional[Fix]) -> Optional[Fix]:
    """What is reached on several ways has one text: a fix must be right on all of them."""
    if one is None or other is None or one.edits != other.edits:
        return None
    return other if one.applicability is Applicability.SAFE else one


def _judged(rule: Rule, fact: Fact, settings: Settings) -> list[Judgement]:
    """What a rule says; nothing where the conditions grow too large to tell."""
    fact.logic.allow()
    try:
        return list(rule.judge(fact, settings))
    except TooComplex:
        return []


def is_active(rule: Rule, settings: Settings) -> bool:
    """Whether the rule holds for the MindSpore version, and is not in preview."""
    version = settings.mindspore_version
    if rule.preview and not settings.preview:
        return False
    return (not rule.since or version >= rule.since) and (not rule.before or version < rule.before)


def _applies(rule: Rule, fact: Fact) -> bool:
    family = getattr(fact, "family", None) or getattr(getattr(fact, "construction", None), "family", None)
    return family is None or family in rule.families


def _is_expected(rule: Rule, fact: Fact) -> bool:
    """Whether the program waits for an error here, or catches what MindSpore raises."""
    if EXPECTED in fact.caught:
        return True
    return any(_catches(name, error) for error in rule.raises for name in fact.caught)


def _catches(name: str, error: str) -> bool:
    current: Optional[str] = error
    while current is not None:
        if current == name:
            return True
        current = _PARENTS.get(current)
    return False


def _without_silenced(judgements: list[tuple[Rule, Judgement]]) -> list[tuple[Rule, Judgement]]:
    """Drop what a rule declares to be the same mistake as its own."""
    silenced = {symbol for rule, _ in judgements for symbol in rule.silences}
    return [pair for pair in judgements if pair[0].symbol not in silenced]


def _finding(rule: Rule, judgement: Judgement, written: Written) -> Optional[Finding]:
    """The finding at the first of the judgement's places that is in the linted file; None where none is."""
    for number, (where, place, _) in enumerate(judgement.places):
        if where == written.path:
            related, message = judgement.related, judgement.message
            if number > 0:
                first = judgement.places[0]
                related = (Related(first.path, first.place, "here"), *related)
                message += f" (in {_name_beside(first.path, written.path)})"
            return Finding(
                rule.code,
                rule.symbol,
                rule.severity,
                message,
                place,
                related,
                judgement.fix(written) if judgement.fix is not None else None,
                judgement.confidence,
            )
    return None


def _name_beside(path: str, other: str) -> str:
    """The name of a file, for who reads of it in another one; with its folder where both files have one name."""
    name = os.path.basename(path)
    return name if name != os.path.basename(other) else f"{os.path.basename(os.path.dirname(path))}/{name}"
