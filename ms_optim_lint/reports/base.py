"""What every report is made of."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ms_optim_lint.finding import Applicability, Finding, Place, Severity
from ms_optim_lint.source import Source, Undecodable, decode

#: The code of a file that Python cannot parse, and of a suppression that hides nothing: no rules, and reported like them.
SYNTAX, UNUSED = "invalid-syntax", "unused-suppression"

#: Line and column in characters, both from 1.
Position = tuple[int, int]


@dataclass(frozen=True)
class Entry:
    """A finding in a report. ``shown`` is the path as users read it, ``number`` counts equal findings of one file."""

    shown: str
    path: str
    finding: Finding
    source: Source
    number: int = 0

    @functools.cached_property
    def span(self) -> tuple[Position, Position]:
        """Start and end; the end is exclusive."""
        return span(self.source, self.finding.place)

    @property
    def start(self) -> Position:
        """Where it begins."""
        return self.span[0]

    @property
    def end(self) -> Position:
        """Behind its last character."""
        return self.span[1]

    @property
    def where(self) -> str:
        """``path:line:column``."""
        return f"{self.shown}:{self.start[0]}:{self.start[1]}"


class Spot(NamedTuple):
    """A related place."""

    shown: str
    path: str
    start: Position
    end: Position
    message: str
    source: Source


class Problem(NamedTuple):
    """Something that kept a file from being judged. ``fatal``: the run cannot be called clean."""

    path: str
    message: str
    fatal: bool = True


@dataclass(frozen=True)
class Report:
    """All that a run has to say."""

    entries: Sequence[Entry]
    problems: Sequence[Problem] = ()
    files: int = 0
    fixable: frozenset[Applicability] = frozenset({Applicability.SAFE})
    colour: bool = False
    quiet: bool = False
    _sources: dict[str, Source] = field(default_factory=dict)

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
            found.append(Spot(shown, related.path, *span(source, related.place), related.message, source))
        return found

    def _source(self, path: str) -> Source:
        if path not in self._sources:
            try:
                with open(path, "rb") as file:
                    self._sources[path] = Source(decode(file.read()))
            except (OSError, Undecodable):
                self._sources[path] = Source("")
        return self._sources[path]


def span(source: Source, place: Place) -> tuple[Position, Position]:
    """A place in characters."""
    start = place.line, source.column(place.line, place.column) + 1
    return start, (place.end_line, source.column(place.end_line, place.end_column) + 1)


def shown_path(path: str) -> str:
    """A path as users read it: from the working folder, if it lies in it."""
    here = os.getcwd()
    inside = path.startswith(here + os.sep)
    return path[len(here) + 1 :] if inside else path


#: The words of other programs for a severity.
LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.REFACTOR: "note",
    Severity.CONVENTION: "note",
}
