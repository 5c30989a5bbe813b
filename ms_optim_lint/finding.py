"""What the linter says: findings, their places and their fixes.

Nothing here knows a syntax tree, a host or a rule's code: a finding is places and words. Every host (flake8, Pylint, an
editor) turns the same :class:`Finding` into its own form.
"""

from __future__ import annotations

import enum
from typing import Optional

from ms_optim_lint.records import record


class Severity(enum.Enum):
    """How bad a finding is. The value is the letter that Pylint puts in front of a message id."""

    ERROR = "E"  #: the run fails there
    WARNING = "W"  #: nothing fails, and the training is not what was written
    REFACTOR = "R"  #: works, and could be said better
    CONVENTION = "C"  #: documented as wrong or fragile, works in the releases tried

    @property
    def rank(self) -> int:
        """3 for an error down to 0 for a convention: greater is worse."""
        return "CRWE".index(self.value)

    @property
    def word(self) -> str:
        """The name in lower case, as settings spell it: ``error``, ``warning``, ``refactor``, ``convention``."""
        return self.name.lower()


class Confidence(enum.Enum):
    """How a finding was reached. The names are Pylint's own."""

    HIGH = "HIGH"  #: every value was seen in full
    INFERENCE = "INFERENCE"  #: a value was followed through branches, calls or other files


class Applicability(enum.Enum):
    """Whether a fix may be applied without a person reading it."""

    SAFE = "safe"  #: the program means what it visibly meant
    UNSAFE = "unsafe"  #: probably right, a person should look


@record(frozen=True, order=True)
class Place:
    """A range of source. Lines count from 1, columns are UTF-8 bytes from 0, as in :mod:`ast`; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@record(frozen=True)
class Related:
    """Another place that explains a finding: the other group, the line where the rate became dynamic."""

    path: str
    place: Place
    message: str


@record(frozen=True)
class Edit:
    """Replace the text at ``place`` by ``text``. An empty range inserts."""

    place: Place
    text: str


@record(frozen=True)
class Fix:
    """Edits that repair a finding. ``message`` says in an imperative sentence what they do."""

    message: str
    edits: tuple[Edit, ...]
    applicability: Applicability


@record(frozen=True)
class Finding:
    """One mistake at one place, in the words that a user reads.

    ``code`` is the flake8 code (``MSO113``), ``symbol`` the name (``ms-iterator-group``). ``message`` is one sentence that
    ends with the remedy.
    """

    code: str
    symbol: str
    severity: Severity
    message: str
    place: Place
    related: tuple[Related, ...] = ()
    fix: Optional[Fix] = None
    confidence: Confidence = Confidence.HIGH
