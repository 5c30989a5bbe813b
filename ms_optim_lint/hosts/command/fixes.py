"""``--fix`` and ``--diff``: the fixes of what remains, made in each file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Callable, Optional

from ms_optim_lint import fixing, sources
from ms_optim_lint.finding import Finding
from ms_optim_lint.hosts.command.files import reason
from ms_optim_lint.hosts.command.judging import judge
from ms_optim_lint.hosts.command.running import FileResult, Input
from ms_optim_lint.project import Project
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.reports.base import Entry, Problem
from ms_optim_lint.reports.shown import Shown
from ms_optim_lint.settings import Settings


class Fixed(NamedTuple):
    """A file with its fixes made. ``before`` and ``after`` are equal where none was."""

    file: Input
    before: sources.Source
    after: sources.Source
    applied: tuple[Finding, ...]

    @property
    def changed(self) -> bool:
        """Whether there is something to write."""
        return self.before.data != self.after.data


class Fixer:
    """Makes fixes for one run. ``select`` gives the findings of a file that are to be fixed."""

    def __init__(self, settings: Settings, select: Callable[[FileResult], Sequence[Entry]], unsafe: bool) -> None:
        self._settings = settings
        self._select = select
        self._unsafe = unsafe
        self.problems: list[Problem] = []

    def fixed(self, inputs: Iterable[Input]) -> list[Fixed]:
        """The files that change, not yet written."""
        found = (self._one(one) for one in inputs)
        return [one for one in found if one is not None and one.changed]

    def _one(self, file: Input) -> Optional[Fixed]:
        try:
            if file.content is not None:
                data = file.content
            else:
                with open(file.path, "rb") as opened:
                    data = opened.read()
            before = sources.read(data, file.path)
        except OSError as error:
            self.problems.append(Problem(file.told, f"cannot be read: {reason(error)}"))
            return None
        except sources.SourceError as error:
            self.problems.append(Problem(file.told, f"is not fixed: it {error}"))
            return None
        project = Project(self._settings)

        def lint(text: str) -> Sequence[Finding]:
            judged = judge(file.path, text, project)
            result = FileResult(file.path, file.shown, text, Shown(text), judged.findings)
            return [entry.finding for entry in self._select(result)]

        try:
            done = fixing.fix(before, lint, self._unsafe)
        except Exception as error:  # the other files are fixed all the same
            text = f"is not fixed: ms-optim-lint failed ({type(error).__name__}: {error}), please report this"
            self.problems.append(Problem(file.told, text))
            return None
        for refused in done.refused:
            line = refused.finding.place.line
            text = f"line {line}: the fix of {refused.finding.code} was not made: the file {refused.reason}"
            self.problems.append(Problem(file.told, text, fatal=False))
        return Fixed(file, before, done.source, done.applied)

    def write(self, fixed: Sequence[Fixed]) -> list[Fixed]:
        """Write the files; what cannot be written is told of. Gives what was."""
        written = []
        for one in fixed:
            try:
                fixing.write(one.file.path, one.after.data, seen=one.before.data)
                written.append(one)
            except fixing.FixError as error:
                self.problems.append(Problem(one.file.path, f"is not fixed: it {error}"))
        return written


def diff(fixed: Sequence[Fixed]) -> str:
    """What would change."""
    return "".join(fixing.diff(one.file.shown, one.before, one.after) for one in fixed)
