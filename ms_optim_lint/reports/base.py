"""What every report is made of."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from typing import Optional

from ms_optim_lint.finding import Applicability, Finding, Place, Severity
from ms_optim_lint.records import NamedTuple, field, record
from ms_optim_lint.reports.shown import Position, Shown
from ms_optim_lint.sources import SourceError, decode

#: The code of a file that Python cannot parse, and of a suppression that hides nothing: no rules, and reported like them.
SYNTAX, UNUSED = "invalid-syntax", "unused-suppression"


@record(frozen=True)
class Spot:
    """A place that a report shows. ``shown`` is the path as users read it."""

    shown: str
    path: str
    place: Place
    message: str
    source: Shown

    @functools.cached_property
    def span(self) -> tuple[Position, Position]:
        """Start and end in the program; the end is exclusive."""
        return self.source.span(self.place)

    @property
    def start(self) -> Position:
        """Where it begins, as users count."""
        return self.source.own(self.span[0])

    @property
    def end(self) -> Position:
        """Behind its last character, as users count."""
        (line, column), (end_line, end_column) = self.span
        return self.start[0] + end_line - line, end_column

    @property
    def cell(self) -> Optional[int]:
        """The number of the cell of a notebook."""
        cell = self.source.cell(self.place.line)
        return cell.number if cell is not None else None

    @property
    def file(self) -> str:
        """The file, and the cell where there are some."""
        return self.shown if self.cell is None else f"{self.shown}:cell {self.cell}"

    @property
    def slashed(self) -> str:
        """The path as other programs want it on every system."""
        return self.shown.replace(os.sep, "/")

    @property
    def raw_lines(self) -> tuple[int, int]:
        """First and last line in the file; in a notebook they are lines of JSON."""
        return self.source.raw(self.span[0][0]), self.source.raw(self.span[1][0])

    @property
    def where(self) -> str:
        """``path:line:column``, in a notebook ``path:cell 3:line:column``."""
        return f"{self.file}:{self.start[0]}:{self.start[1]}"


@record(frozen=True)
class Entry(Spot):
    """A finding in a report. ``number`` counts equal findings of one file."""

    finding: Finding
    number: int = 0

    @staticmethod
    def of(shown: str, path: str, source: Shown, finding: Finding, number: int) -> Entry:
        """A finding of a file."""
        return Entry(shown, path, finding.place, finding.message, source, finding, number)


class Problem(NamedTuple):
    """Something that kept a file from being judged. ``fatal``: the run cannot be called clean."""

    path: str
    message: str
    fatal: bool = True


@record(frozen=True)
class Report:
    """All that a run has to say."""

    entries: Sequence[Entry]
    problems: Sequence[Problem] = ()
    files: int = 0
    fixable: frozenset[Applicability] = frozenset({Applicability.SAFE})
    colour: bool = False
    quiet: bool = False
    failed: bool = False
    fixed: int = 0
    _sources: dict[str, Shown] = field(default_factory=dict)

    def marked(self, finding: Finding) -> bool:
        """Whether ``--fix`` repairs it, as the options stand."""
        return finding.fix is not None and finding.fix.applicability in self.fixable

    def spots(self, entry: Entry) -> list[Spot]:
        """The related places of a finding."""
        found = []
        for related in entry.finding.related:
            own = related.path == entry.path
            source = entry.source if own else self._source(related.path)
            shown = entry.shown if own else shown_path(related.path)
            found.append(Spot(shown, related.path, related.place, related.message, source))
        return found

    def _source(self, path: str) -> Shown:
        if path not in self._sources:
            try:
                with open(path, "rb") as file:
                    self._sources[path] = Shown(decode(file.read()))
            except (OSError, SourceError):
                self._sources[path] = Shown("")
        return self._sources[path]


def shown_path(path: str, here: Optional[str] = None) -> str:
    """A path as users read it: from the working folder (``here``), if it lies in it."""
    here = here or os.getcwd()
    inside = path.startswith(here + os.sep)
    return path[len(here) + 1 :] if inside else path


#: The words of other programs for a severity.
LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.REFACTOR: "note",
    Severity.CONVENTION: "note",
}
