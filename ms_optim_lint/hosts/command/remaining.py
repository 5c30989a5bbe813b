"""Which findings remain: those of rules that were asked for, not ignored in their file, not hidden by a comment or known."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.finding import Finding
from ms_optim_lint.hosts.command.files import Patterns
from ms_optim_lint.hosts.command.running import FileResult
from ms_optim_lint.patterns import pattern
from ms_optim_lint.reports.base import SYNTAX, Entry
from ms_optim_lint.selectors import meant
from ms_optim_lint.settings import Settings

if TYPE_CHECKING:
    from ms_optim_lint.hosts.command.baseline import Baseline

#: A file without one of these has no suppressions.
_WORDS = pattern(r"noqa|pylint", re.IGNORECASE)
_WORDS_IN_BYTES = pattern(rb"noqa|pylint", re.IGNORECASE)


class Remaining:
    """One run's choice."""

    def __init__(
        self, options: argparse.Namespace, settings: Settings, codes: frozenset[str], baseline: Optional[Baseline]
    ) -> None:
        self._codes = codes
        self._ignored = [(*_negated(pattern), meant(ignored)) for pattern, ignored in settings.per_file_ignores]
        self._suppressions = not options.no_suppressions
        self._unused = options.unused_suppressions
        self._baseline = baseline

    def keeps(self, content: bytes) -> bool:
        """Whether a file without findings is looked at."""
        return self._unused and _WORDS_IN_BYTES.search(content) is not None

    def entries(self, files: Sequence[FileResult]) -> list[Entry]:
        """What is reported, in order of files and places."""
        return [entry for file in files for entry in self.of(file)]

    def of(self, file: FileResult) -> list[Entry]:
        """What is reported of one file."""
        codes = self._codes_in(file.path)
        found = [one for one in file.findings if one.code in codes or one.code == SYNTAX]
        if (self._suppressions and found or self._unused) and _WORDS.search(file.text) is not None:
            from ms_optim_lint.hosts.command.suppressions import Suppressions

            suppressions = Suppressions(file.text)
            hidden = {one for one in found if suppressions.hides(one)}
            if self._suppressions:
                found = [one for one in found if one not in hidden]
            if self._unused and not any(one.code == SYNTAX for one in found):
                found = sorted([*found, *suppressions.unused(codes)], key=lambda one: (one.place, one.code))
        entries = _numbered(file, found)
        if self._baseline is not None:
            from ms_optim_lint.hosts.command.baseline import belongs

            ours = [entry for entry in entries if belongs(entry.finding.code)]
            left = {id(entry) for entry in self._baseline.hidden(ours)}
            entries = [entry for entry in entries if id(entry) in left or not belongs(entry.finding.code)]
        return entries

    def _codes_in(self, path: str) -> frozenset[str]:
        codes = self._codes
        for patterns, wanted, ignored in self._ignored:
            if patterns.match_any(path) is wanted:
                codes -= ignored
        return codes


def _negated(pattern: tuple[str, str]) -> tuple[Patterns, bool]:
    """A pattern behind ``!`` means all other files."""
    folder, text = pattern
    return Patterns([(folder, text.removeprefix("!"))]), not text.startswith("!")


def _numbered(file: FileResult, findings: Sequence[Finding]) -> list[Entry]:
    """Entries of a file; those that have the same fingerprint are counted."""
    if len(findings) == 1:
        return [Entry.of(file.shown, file.path, file.source, findings[0], 0)]
    from ms_optim_lint.reports.fingerprints import fingerprint

    seen: dict[str, int] = {}
    entries = []
    for finding in findings:
        mark = fingerprint(file.source, finding)
        seen[mark] = seen.get(mark, -1) + 1
        entries.append(Entry.of(file.shown, file.path, file.source, finding, seen[mark]))
    return entries
