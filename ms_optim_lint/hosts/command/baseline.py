"""A baseline: the findings of old code, which are known and not reported."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from ms_optim_lint.hosts.command import UsageError, output
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.reports.base import Entry
from ms_optim_lint.reports.fingerprints import fingerprint, snippet
from ms_optim_lint.settings import Settings

_VERSION = 1
_LONGEST = 100


class Known(NamedTuple):
    """What a finding is known by: its file, from the folder of the baseline, its rule, and what stands there."""

    path: str
    code: str
    fingerprint: str


def belongs(code: str) -> bool:
    """Whether findings of the code can be in a baseline: not those that say that a file was not judged."""
    return code.startswith("MSO") and code != "MSO100"


def _known(entry: Entry, folder: str) -> Known:
    return Known(relative(entry.path, folder), entry.finding.code, fingerprint(entry.source, entry.finding))


def relative(path: str, folder: str) -> str:
    """A path as a baseline in ``folder`` has it."""
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        return path.replace(os.sep, "/")


class Baseline:
    """What a file knows, and which of it was met."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._folder = os.path.dirname(os.path.abspath(path))
        self._known = _read(path)
        self._met: Counter[Known] = Counter()

    def hidden(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries of one file less those that are known. Of equal ones the first are."""
        seen: Counter[Known] = Counter()
        remaining = []
        for entry in entries:
            known = _known(entry, self._folder)
            seen[known] += 1
            if seen[known] > self._known[known]:
                remaining.append(entry)
        for known, count in seen.items():
            self._met[known] = min(count, self._known[known])
        return remaining

    def removable(self, judged: Iterable[str], codes: frozenset[str], settings: Settings) -> list[tuple[Known, int]]:
        """What the file knows and is not there any more, with how many. ``judged`` are the files that were looked at."""
        looked_at = {relative(path, self._folder) for path in judged}
        gone = [
            (known, count - self._met[known])
            for known, count in sorted(self._known.items())
            if count > self._met[known]
            and known.code in codes
            and (known.path in looked_at or not os.path.exists(os.path.join(self._folder, known.path)))
        ]
        if not gone:
            return []
        from ms_optim_lint.judging import is_active
        from ms_optim_lint.rules import ALL

        reported = {
            rule.code for rule in ALL if is_active(rule, settings) and rule.severity.rank >= settings.min_severity.rank
        }
        return [one for one in gone if one[0].code in reported]


def _read(path: str) -> Counter[Known]:
    import json

    try:
        with open(path, encoding="utf-8-sig") as file:
            content: Any = json.load(file)
        if content["version"] != _VERSION:
            raise UsageError(f"{path} is a baseline of another version of ms-optim-lint; write it anew.")
        found: Counter[Known] = Counter()
        for one in content["findings"]:
            found[Known(one["path"], one["code"], one["fingerprint"])] += int(one["count"])
        return found
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such baseline; make it with --write-baseline.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    except json.JSONDecodeError as error:  # what git leaves of two that it could not merge
        raise UsageError(f"{path} is not a baseline of ms-optim-lint: line {error.lineno} is not JSON.") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{path} is not a baseline of ms-optim-lint.") from None


def write(path: str, entries: Sequence[Entry]) -> int:
    """Make a baseline of all entries that can be in one. Gives their number."""
    import json

    folder = os.path.dirname(os.path.abspath(path))
    counts: Counter[Known] = Counter()
    samples: dict[Known, Entry] = {}
    for entry in entries:
        if belongs(entry.finding.code):
            known = _known(entry, folder)
            counts[known] += 1
            samples.setdefault(known, entry)
    findings = []
    for known in sorted(counts):
        entry = samples[known]
        source = " ".join(snippet(entry.source, entry.finding, exact=True).split())
        findings.append(
            {
                "path": known.path,
                "code": known.code,
                "symbol": entry.finding.symbol,
                "count": counts[known],
                "source": source if len(source) <= _LONGEST else source[: _LONGEST - 3] + "...",
                "fingerprint": known.fingerprint,
            }
        )
    text = json.dumps({"version": _VERSION, "findings": findings}, indent=2, ensure_ascii=False) + "\n"
    output.write_file(path, text)
    return sum(counts.values())
