"""Reading and judging many files: in this process, or in several when there is enough to do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Callable, Optional

from ms_optim_lint import gate
from ms_optim_lint.finding import Finding
from ms_optim_lint.hosts.command.files import reason
from ms_optim_lint.hosts.command.judging import Judged, judge, syntax_finding
from ms_optim_lint.hosts.command.progress import Progress
from ms_optim_lint.project import Project
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.reports.base import Problem
from ms_optim_lint.reports.shown import Shown, shown
from ms_optim_lint.settings import Settings
from ms_optim_lint.sources import SourceError, decode

if TYPE_CHECKING:
    from ms_optim_lint.hosts.command.cache import Cache

#: Below this much source to follow, another process costs more than it gives.
_ENOUGH = 150_000


class Input(NamedTuple):
    """A file to judge: its path, the path as shown, and its content where it is not in the file system."""

    path: str
    shown: str
    content: Optional[bytes] = None

    @property
    def told(self) -> str:
        """The path that problems name: standard input has none of its own."""
        return self.path if self.content is None else self.shown


class FileResult(NamedTuple):
    """A file that there is something to say of, or that was asked for. ``text`` is what was judged."""

    path: str
    shown: str
    text: str
    source: Shown
    findings: tuple[Finding, ...]


class Outcome(NamedTuple):
    """What a run found. ``judged`` are the paths of all files that were read, ``failed`` says that the linter did on one."""

    files: list[FileResult]
    problems: list[Problem]
    judged: list[str]
    failed: bool

    @property
    def read(self) -> int:
        """How many files were read."""
        return len(self.judged)


class _Work(NamedTuple):
    number: int
    path: str
    text: str
    source: Optional[Shown]
    digest: str


def _result(one: Input, item: _Work, judged: Judged) -> FileResult:
    return FileResult(one.path, one.shown, item.text, item.source or Shown(item.text), judged.findings)


class Run:
    """One run over files. ``keep`` says of a content whether its file is wanted without findings, too."""

    def __init__(
        self, settings: Settings, jobs: int, keep: Callable[[bytes], bool], cache: Optional[Cache] = None
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._jobs = jobs
        self._keep = keep
        self._progress = Progress()

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._progress.close()

    def judge(self, inputs: Sequence[Input]) -> Outcome:
        """The findings of each file, in the order of the files."""
        results: dict[int, FileResult] = {}
        problems: list[Problem] = []
        work: list[_Work] = []
        read: list[str] = []
        failed = False
        for number, one in enumerate(inputs):
            try:
                content = one.content if one.content is not None else _read(one.path)
            except OSError as error:
                problems.append(Problem(one.path, f"cannot be read: {reason(error)}", not _vanished(error)))
                continue
            read.append(one.path)
            content_digest = ""
            if self._cache is not None:
                content_digest = self._cache.digest(content) + ("n" if one.path.endswith(".ipynb") else "")
                if self._cache.is_silent(content_digest) and not self._keep(content):
                    continue
            try:
                text, source = _text(one.path, content)
            except SourceError as error:
                # In UTF-16 there is a zero beside each letter.
                if gate.may_matter(content.replace(b"\0", b"").decode("latin-1")):
                    finding = syntax_finding(f"This file {error}; it is not judged")
                    results[number] = FileResult(one.path, one.shown, "", Shown(""), (finding,))
                else:
                    problems.append(Problem(one.told, f"{error}; it is not judged", fatal=False))
                continue
            except Exception as error:  # the other files are judged all the same
                from ms_optim_lint.hosts.common import internal_error

                results[number] = FileResult(one.path, one.shown, "", Shown(""), (internal_error(one.path, error),))
                failed = True
                continue
            if self._keep(content):
                results[number] = FileResult(one.path, one.shown, text, source or Shown(text), ())
            if not gate.may_matter(text):
                if self._cache is not None:
                    self._cache.add_silent(content_digest)
                continue
            item = _Work(number, one.path, text, source, content_digest)
            known = self._cache.get(one.path, content_digest) if self._cache is not None else None
            if known is None:
                work.append(item)
            elif known.findings:
                results[number] = _result(one, item, known)
        for item, judged in self._judged(work):
            failed = failed or judged.failed
            if self._cache is not None:
                self._cache.put(item.path, item.digest, judged)
            if judged.findings:
                results[item.number] = _result(inputs[item.number], item, judged)
        if self._cache is not None:
            self._cache.save()
        return Outcome([results[number] for number in sorted(results)], problems, read, failed)

    def _judged(self, work: Sequence[_Work]) -> Iterator[tuple[_Work, Judged]]:
        jobs = self._processes(work)
        self._progress.begin(len(work))
        if jobs > 1:
            from ms_optim_lint.hosts.command.processes import judged_in_processes

            yield from self._progress.follow(judged_in_processes(work, self._settings, jobs))
        else:
            project = Project(self._settings)
            yield from self._progress.follow((item, judge(item.path, item.text, project)) for item in work)

    def _processes(self, work: Sequence[_Work]) -> int:
        if self._jobs:
            return min(self._jobs, len(work), 61 if os.name == "nt" else self._jobs)  # Windows waits for no more
        enough = sum(len(item.text) for item in work) // _ENOUGH
        return max(1, min(_cores(), len(work), enough))


def _text(path: str, content: bytes) -> tuple[str, Optional[Shown]]:
    """What is judged, and what is shown where that is something else. Raises :class:`SourceError`."""
    if not path.endswith(".ipynb"):
        return decode(content), None
    if not gate.speaks_of_mindspore(content.decode("utf-8", "replace")):
        return "", None
    from ms_optim_lint import sources

    source = sources.read(content, path)
    return source.text, shown(source)


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()


def _vanished(error: OSError) -> bool:
    """A file that somebody deletes meanwhile is nobody's failure. (One that was named and is not there was told of before.)"""
    return isinstance(error, FileNotFoundError)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
