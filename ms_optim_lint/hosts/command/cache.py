"""What was found before, by content: of the file itself, and of all that its findings depend on.

A file of the cache belongs to one version of the linter, of Python and of the settings. It is replaced as a whole, so that
two runs can share it; what is broken in it, or cannot be written, is as if it were not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any, Optional

from ms_optim_lint import __version__
from ms_optim_lint.finding import Applicability, Confidence, Edit, Finding, Fix, Place, Related, Severity
from ms_optim_lint.hosts.command import output
from ms_optim_lint.hosts.command.judging import Judged
from ms_optim_lint.project import kind_of
from ms_optim_lint.settings import Settings

NAME = ".ms_optim_lint_cache"
#: The first line of CACHEDIR.TAG, by which programs that copy files know a cache.
_TAG = "Signature: 8a477f597d28d172789f06886806bc55"
_OWNER = "# ms-optim-lint"
_OLD = 30 * 24 * 3600
#: More contents that are nothing to judge than this are not kept.
_MOST = 50_000


def folder_of(settings: Settings) -> str:
    """Where the cache is: as chosen, else beside the configuration, else in the working folder."""
    chosen = settings.cache_dir or os.environ.get("MS_OPTIM_LINT_CACHE_DIR")
    if chosen:
        return os.path.abspath(chosen)
    return os.path.join(os.path.dirname(settings.file) if settings.file else os.getcwd(), NAME)


def digest(content: bytes) -> str:
    """What a content is known by."""
    return hashlib.sha256(content).hexdigest()[:32]


def _program() -> str:
    """Changes with the linter itself and its data, even where only a line was edited."""
    marks = []
    folders = [os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))]
    for folder in folders:
        for entry in os.scandir(folder):
            if entry.name.endswith((".py", ".json")):
                status = entry.stat()
                marks.append((entry.name, status.st_size, status.st_mtime_ns))
            elif entry.name != "__pycache__" and entry.is_dir():
                folders.append(entry.path)
    return repr(sorted(marks))


class Cache:
    """The cache of one run. It is read at once and written by :meth:`save`."""

    def __init__(self, folder: str, settings: Settings) -> None:
        self._folder = folder
        key = (__version__, _program(), sys.version, repr(settings.judging))
        self._path = os.path.join(folder, f"{digest(repr(key).encode())}.json")
        self._silent, self._files = _load(self._path)
        self._used: set[str] = set()
        self._new: dict[str, Any] = {}
        self._kinds: dict[str, str] = {}
        self._digests: dict[str, Optional[str]] = {}
        #: the digests of files that findings depend on, with the stamps that they had then
        self._read: dict[str, tuple[object, Optional[str]]] = {}

    @staticmethod
    def digest(content: bytes) -> str:
        """What a content is known by."""
        return digest(content)

    def is_silent(self, content: str) -> bool:
        """Whether a content with this digest is known to be nothing to judge."""
        if content in self._silent:
            self._used.add(content)
            return True
        return False

    def add_silent(self, content: str) -> None:
        """Remember that a content is nothing to judge."""
        self._used.add(content)

    def get(self, path: str, content: str) -> Optional[Judged]:
        """What is known of a file with this content; None where something has changed."""
        try:
            entry = self._files[path]
            if entry["content"] != content:
                return None
            if any(self._kind(asked) != kind for kind, paths in entry["asked"].items() for asked in paths):
                return None
            if any(self._digest(other) != known for other, known in entry["others"].items()):
                return None
            return Judged(tuple(map(_finding, entry["findings"])))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            return None

    def put(self, path: str, content: str, judged: Judged) -> None:
        """Remember what was found, unless a file has changed since it was read."""
        if judged.failed:
            return
        others = {}
        for other, stamp in judged.asked.stamps.items():
            if other not in self._read or self._read[other][0] != stamp:
                self._read[other] = stamp, _digest(other)
            others[other] = self._read[other][1]
            if _stamp(other) != stamp:
                return
        asked: dict[str, list[str]] = {}
        for probe, kind in sorted(judged.asked.kinds.items()):
            asked.setdefault(kind, []).append(probe)
        self._new[path] = {
            "content": content,
            "asked": asked,
            "others": others,
            "findings": [_record(finding) for finding in judged.findings],
        }

    def save(self) -> None:
        """Write what is new, beside what another run may have written meanwhile."""
        if not self._new and self._used <= self._silent:
            return
        silent, files = _load(self._path)
        silent |= self._used
        if len(silent) > _MOST:
            silent = self._used
        content = json.dumps({"silent": sorted(silent), "files": {**files, **self._new}}, separators=(",", ":"))
        try:
            self._make_folder()
            output.replace_file(self._path, content.encode("utf-8"))
            self._remove_old()
        except (OSError, ValueError):
            return

    def _make_folder(self) -> None:
        if not os.path.isdir(self._folder):
            os.makedirs(self._folder, exist_ok=True)
        for name, text in (("CACHEDIR.TAG", f"{_TAG}\n{_OWNER}\n"), (".gitignore", f"{_OWNER}\n*\n")):
            path = os.path.join(self._folder, name)
            if not os.path.exists(path):
                output.replace_file(path, text.encode())

    def _remove_old(self) -> None:
        """What nobody has written for long belongs to a linter or settings that are gone."""
        for entry in os.scandir(self._folder):
            if entry.name.endswith(".json") and time.time() - entry.stat().st_mtime > _OLD:
                os.unlink(entry.path)

    def _kind(self, path: str) -> str:
        if path not in self._kinds:
            self._kinds[path] = kind_of(path)
        return self._kinds[path]

    def _digest(self, path: str) -> Optional[str]:
        if path not in self._digests:
            self._digests[path] = _digest(path)
        return self._digests[path]


def is_ours(folder: str) -> bool:
    """Whether a folder is a cache of ours, and nothing else."""
    try:
        with open(os.path.join(folder, "CACHEDIR.TAG"), encoding="utf-8") as file:
            return file.read().splitlines()[:2] == [_TAG, _OWNER]
    except (OSError, ValueError):
        return False


def _load(path: str) -> tuple[set[str], Mapping[str, Any]]:
    try:
        with open(path, "rb") as file:
            content = json.loads(file.read())
        silent, files = set(content["silent"]), content["files"]
        return (silent, files) if isinstance(files, dict) else (set(), {})
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set(), {}


def _digest(path: str) -> Optional[str]:
    try:
        with open(path, "rb") as file:
            return digest(file.read())
    except OSError:
        return None


def _stamp(path: str) -> Optional[tuple[int, int]]:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _record(finding: Finding) -> list[Any]:
    fix = finding.fix
    return [
        finding.code,
        finding.symbol,
        finding.severity.value,
        finding.message,
        _numbers(finding.place),
        [[related.path, _numbers(related.place), related.message] for related in finding.related],
        fix and [fix.message, [[_numbers(edit.place), edit.text] for edit in fix.edits], fix.applicability.value],
        finding.confidence.value,
    ]


def _numbers(place: Place) -> list[int]:
    return [place.line, place.column, place.end_line, place.end_column]


def _finding(record: list[Any]) -> Finding:
    code, symbol, severity, message, place, related, fix, confidence = record
    return Finding(
        code,
        symbol,
        Severity(severity),
        message,
        Place(*place),
        tuple(Related(path, Place(*where), text) for path, where, text in related),
        fix and Fix(fix[0], tuple(Edit(Place(*where), text) for where, text in fix[1]), Applicability(fix[2])),
        Confidence(confidence),
    )
