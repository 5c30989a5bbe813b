"""``ms-optim-lint check``: find wrong optimizers in files and folders."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.finding import Applicability
from ms_optim_lint.hosts.command import CLEAN, FAILED, FOUND, UsageError, output, say_error, say_warning
from ms_optim_lint.hosts.command.files import Finder
from ms_optim_lint.hosts.command.options import add_arguments, enabled, jobs_of, settings_of
from ms_optim_lint.hosts.command.remaining import Remaining
from ms_optim_lint.hosts.command.running import Input, Outcome, Run
from ms_optim_lint.records import NamedTuple, replace
from ms_optim_lint.reports import FOR_PROGRAMS, render
from ms_optim_lint.reports.base import Entry, Problem, Report, shown_path
from ms_optim_lint.settings import Settings

if TYPE_CHECKING:
    from ms_optim_lint.hosts.command.baseline import Baseline

__all__ = ["add_arguments", "run"]

#: Fixes of one file may lead to others in another file.
_MAX_PASSES = 10


def run(options: argparse.Namespace) -> int:
    """Check, report, and say how it went."""
    settings = settings_of(options)
    codes = enabled(options, settings)
    if options.show_settings:
        from ms_optim_lint.hosts.command.shown_settings import text

        return output.write(text(settings, codes))
    return _Check(options, settings, codes).run()


class _Judged(NamedTuple):
    outcome: Outcome
    entries: list[Entry]


class _Check:
    """One run of ``check``."""

    def __init__(self, options: argparse.Namespace, settings: Settings, codes: frozenset[str]) -> None:
        self._options = options
        self._settings = settings
        self._codes = codes
        self._jobs = jobs_of(options)
        path = settings.baseline if not options.write_baseline else None
        self._baseline: Optional[Baseline] = None
        if path is not None:
            from ms_optim_lint.hosts.command import baseline

            self._baseline = baseline.Baseline(path)
        self._remaining = Remaining(options, settings, codes, self._baseline)
        self._problems: list[Problem] = []

    def run(self) -> int:
        """The exit code."""
        options = self._options
        _refuse_contradictions(options)
        inputs = self._inputs()
        if not (self._codes or options.show_files or options.quiet):
            say_warning("no rule is left to look for: see select and ignore in --show-settings.")
        if options.show_files:
            return output.write("".join(f"{path}\n" for path in sorted(one.shown for one in inputs)))
        if not inputs and not self._problems:
            say_warning("there are no Python files to check.")
        if options.diff:
            return self._diff(inputs)
        judged = self._judge(inputs)
        if options.write_baseline:
            return self._write_baseline(judged)
        fixed = 0
        if options.fix or options.fix_only:
            judged, fixed = self._fix(inputs, judged)
        self._problems.extend(judged.outcome.problems)
        failed = self._say_problems(judged.outcome.failed)
        entries = [] if options.fix_only else judged.entries
        self._tell(entries, judged.outcome.read, failed, fixed, aside=_is_standard_input(options) and options.fix)
        self._say_removable(judged.outcome)
        self._warn_of_preview()
        if failed:
            return FAILED
        if fixed and options.exit_non_zero_on_fix:
            return FOUND
        return FOUND if entries and not options.exit_zero else CLEAN

    def _inputs(self) -> list[Input]:
        options = self._options
        paths = options.paths or ["."]
        finder = Finder(self._settings, options.force_exclude)
        if _is_standard_input(options):
            if options.paths not in ([], ["-"]):
                raise UsageError("standard input (-) is checked alone, without other paths.")
            name = options.stdin_filename
            content = sys.stdin.buffer.read()
            if name and options.force_exclude and finder.skips(os.path.abspath(name)):
                if options.fix:
                    output.write_bytes(content)
                return []
            return [Input(os.path.abspath(name or "stdin.py"), name or "-", content)]
        found = finder.find(paths)
        self._problems.extend(found.problems)
        here = os.getcwd()
        return [Input(path, shown_path(path, here)) for path in found.files]

    def _judge(self, inputs: Sequence[Input]) -> _Judged:
        cache = None
        if not (
            self._options.no_cache or os.environ.get("MS_OPTIM_LINT_NO_CACHE") or any(one.content for one in inputs)
        ):
            from ms_optim_lint.hosts.command.cache import Cache, folder_of

            cache = Cache(folder_of(self._settings), self._settings)
        with Run(self._settings, self._jobs, self._remaining.keeps, cache) as running:
            outcome = running.judge(inputs)
        return _Judged(outcome, self._remaining.entries(outcome.files))

    # Fixes

    def _fix(self, inputs: Sequence[Input], judged: _Judged) -> tuple[_Judged, int]:
        """Make fixes until none is left. Gives what is found then, and how many were made."""
        from ms_optim_lint.hosts.command.fixes import Fixer

        fixer = Fixer(self._settings, self._remaining.of, self._options.unsafe_fixes)
        count = 0
        for _ in range(_MAX_PASSES):
            wanted = self._fixable(inputs, judged.entries)
            fixer.problems.clear()
            fixed = fixer.fixed(wanted)
            if inputs and inputs[0].content is not None:
                changed = {one.file.path: one.after.data for one in fixed}
                inputs = [one._replace(content=changed.get(one.path, one.content)) for one in inputs]
            else:
                fixed = fixer.write(fixed)
            if not fixed:
                break
            count += sum(len(one.applied) for one in fixed)
            judged = self._judge(inputs)
        self._problems.extend(fixer.problems)
        if inputs and inputs[0].content is not None:
            output.write_bytes(inputs[0].content)
        return judged, count

    def _fixable(self, inputs: Sequence[Input], entries: Sequence[Entry]) -> list[Input]:
        """The files with a fix to make."""
        paths = {entry.path for entry in entries if self._applicable(entry)}
        return [one for one in inputs if one.path in paths]

    def _applicable(self, entry: Entry) -> bool:
        return entry.finding.fix is not None and entry.finding.fix.applicability in self._applied()

    def _applied(self) -> frozenset[Applicability]:
        safe = frozenset({Applicability.SAFE})
        return safe | {Applicability.UNSAFE} if self._options.unsafe_fixes else safe

    def _diff(self, inputs: Sequence[Input]) -> int:
        """Print what would change."""
        from ms_optim_lint.hosts.command.fixes import Fixer, diff

        judged = self._judge(inputs)
        fixer = Fixer(self._settings, self._remaining.of, self._options.unsafe_fixes)
        fixed = fixer.fixed(self._fixable(inputs, judged.entries))
        self._problems.extend((*judged.outcome.problems, *fixer.problems))
        output.write(diff(fixed))
        failed = self._say_problems(judged.outcome.failed)
        return FAILED if failed else FOUND if fixed and not self._options.exit_zero else CLEAN

    # Known findings

    def _write_baseline(self, judged: _Judged) -> int:
        from ms_optim_lint.hosts.command.baseline import write

        self._problems.extend(judged.outcome.problems)
        failed = self._say_problems(judged.outcome.failed)
        path = self._options.write_baseline
        number = write(path, judged.entries)
        if not self._options.quiet:
            print(f"{path} knows {number} finding{'s' if number != 1 else ''} now.", file=sys.stderr)
        return FAILED if failed else CLEAN

    def _say_removable(self, outcome: Outcome) -> None:
        if self._baseline is None or self._options.quiet:
            return
        gone = self._baseline.removable(outcome.judged, self._codes, self._settings)
        if gone:
            name = shown_path(os.path.abspath(self._baseline.path))
            say_warning(f"{name} knows what is not there any more; remove it, or write the file anew:")
            for known, count in gone:
                times = f" ({count} times)" if count > 1 else ""
                print(f"  {known.path}: {known.code} {known.fingerprint}{times}", file=sys.stderr)

    # What is said

    def _say_problems(self, failed: bool) -> bool:
        for problem in self._problems:
            (say_error if problem.fatal else say_warning)(f"{shown_path(problem.path)}: {problem.message}")
        return failed or any(problem.fatal for problem in self._problems)

    def _tell(self, entries: Sequence[Entry], files: int, failed: bool, fixed: int, aside: bool) -> None:
        """Report; ``aside``: standard output is taken."""
        options, form = self._options, self._settings.output_format
        report = Report(
            entries,
            self._problems,
            files,
            fixable=self._applied(),
            colour=output.wants_colour(options) and not options.output_file,
            quiet=options.quiet,
            failed=failed,
            fixed=fixed,
        )
        if options.fix_only and not fixed:
            report = replace(report, quiet=True)
        if options.statistics:
            from ms_optim_lint.reports import statistics

            text = statistics.render(report, as_json=form == "json")
        else:
            text = render(form, report)
        if options.output_file:
            output.write_file(options.output_file, text)
        elif aside:
            sys.stderr.write(text)
        else:
            output.write(text, exact=form in FOR_PROGRAMS)

    def _warn_of_preview(self) -> None:
        """A rule that was asked for by its own code, and is not reported all the same."""
        if self._settings.preview:
            return
        from ms_optim_lint import selectors

        options = self._options
        written = " ".join((*(options.select or ()), *(options.extend_select or ()))).replace(",", " ").split()
        asked = {selectors.normal(one) for one in written} & set(selectors.known())
        if not asked:
            return
        from ms_optim_lint.rules import ALL

        for rule in ALL:
            if rule.preview and rule.code in asked:
                say_warning(f"{rule.code} is in preview and not reported; add --preview.")


def _is_standard_input(options: argparse.Namespace) -> bool:
    """Who gives standard input a name means it, as in ruff."""
    return "-" in options.paths or options.stdin_filename is not None


def _refuse_contradictions(options: argparse.Namespace) -> None:
    form: Optional[str] = options.output_format
    if options.statistics and form not in (None, "full", "concise", "json"):
        raise UsageError(f"--statistics has the formats full, concise and json, and no {form}.")
    if options.write_baseline and (options.fix or options.fix_only or options.diff):
        raise UsageError("--write-baseline is not used together with fixes: fix first.")
    if options.diff:
        options.fix = options.fix_only = False  # as in ruff: what they would change is shown
