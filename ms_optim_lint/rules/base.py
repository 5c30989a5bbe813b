"""What a rule is: metadata, documentation with a bad and a good example, and a judgement from facts to findings."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any, Callable, Optional

from ms_optim_lint.domain.shapes import Location
from ms_optim_lint.finding import Confidence, Fix, Related, Severity
from ms_optim_lint.patterns import pattern
from ms_optim_lint.records import record
from ms_optim_lint.written import Written

#: The families of optimizers. They have opposite conventions, so each rule names those that it judges.
NN, EXPERIMENTAL, MINT = "nn", "experimental", "mint"
ALL_FAMILIES = (NN, EXPERIMENTAL, MINT)

#: The sections of a rule's page, in order. The first two examples are linted and run by the tests.
SECTIONS = (
    "What it does",
    "Why is this bad?",
    "How MindSpore behaves",
    "Example",
    "Use instead",
    "Fix safety",
    "Known limits",
    "References",
)

_HEADING = pattern(r"^## (.+)$", re.MULTILINE)
_CODE = pattern(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


#: Makes the fix of a finding, once it is certain that it is reported. Asks the linted file what it says; None where the
#: words to change are in another file, or are not written so that they can be changed.
Repair = Callable[[Written], Optional[Fix]]


@record(frozen=True)
class Judgement:
    """What a rule says of one fact: where, in which words. The engine adds code, symbol and severity.

    ``places`` are candidates, most telling first, each a (path, place) pair: the first that stands in the linted file is
    where the finding goes, and the first of all becomes a related place if it is another one.
    """

    places: tuple[Location, ...]
    message: str
    related: tuple[Related, ...] = ()
    fix: Optional[Repair] = None
    confidence: Confidence = Confidence.HIGH


def at(
    fact: Any, location: Location, message: str, *related: tuple[Location, str], fix: Optional[Repair] = None
) -> Judgement:
    """A judgement at ``location``; where that is in another file than the linted one, at the call that leads there."""
    places = (location, *location.via, *(place for place in fact.places if place != location))
    others = tuple(Related(where.path, where.place, text) for where, text in related if where != location)
    confidence = Confidence.HIGH if location == fact.location or not fact.stack else Confidence.INFERENCE
    return Judgement(places, message, others, fix, confidence)


Judge = Callable[[Any, Any], Iterable[Judgement]]


@record(frozen=True)
class Rule:
    """One thing that can be wrong with an optimizer.

    ``raises`` names the exceptions that MindSpore raises there: a ``try`` that catches one of them silences the rule.
    ``since`` and ``before`` bound the MindSpore versions on which it holds (``before`` is exclusive).
    ``not_on_cpu`` says why the examples cannot be shown on a CPU; all others are run on MindSpore by the tests.
    """

    number: int
    symbol: str
    severity: Severity
    families: tuple[str, ...]
    facts: tuple[type, ...]
    judge: Judge
    documentation: str
    raises: tuple[str, ...] = ()
    since: tuple[int, ...] = ()
    before: tuple[int, ...] = ()
    preview: bool = False
    silences: tuple[str, ...] = ()
    not_on_cpu: str = ""

    @property
    def code(self) -> str:
        """The flake8 code, ``MSO1nn``."""
        return f"MSO1{self.number:02d}"

    @property
    def pylint_id(self) -> str:
        """The Pylint message id, ``<letter>78nn``."""
        return f"{self.severity.value}78{self.number:02d}"

    @property
    def title(self) -> str:
        """The first line of the documentation: the rule in one short sentence."""
        return self.documentation.strip().splitlines()[0]

    def section(self, name: str) -> str:
        """The text of one section of the documentation, without its heading; empty where there is none."""
        found = {m.group(1): m.end() for m in _HEADING.finditer(self.documentation)}
        if name not in found:
            return ""
        rest = self.documentation[found[name] :]
        following = _HEADING.search(rest)
        return rest[: following.start() if following else None].strip()

    def _example(self, section: str) -> str:
        code = _CODE.search(self.section(section) + "\n")
        return code.group(1) if code else ""

    @property
    def bad(self) -> str:
        """The bad example, a whole program that has exactly this finding; empty for a rule that needs none."""
        return self._example("Example")

    @property
    def good(self) -> str:
        """The good example, the same program set right."""
        return self._example("Use instead")


def rule(
    number: int,
    symbol: str,
    severity: Severity,
    facts: tuple[type, ...],
    families: tuple[str, ...] = ALL_FAMILIES,
    **more: Any,
) -> Callable[[Judge], Rule]:
    """Make a :class:`Rule` of the decorated judgement. The module's docstring is the rule's documentation."""

    def make(judge: Judge) -> Rule:
        documentation = (sys.modules[judge.__module__].__doc__ or "").strip()
        return Rule(number, symbol, severity, families, facts, judge, documentation, **more)

    return make
