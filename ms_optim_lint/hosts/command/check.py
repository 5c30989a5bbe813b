"""``ms-optim-lint check``: find wrong optimizers in files and folders."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace

from ms_optim_lint.hosts.command import CLEAN, FAILED, FOUND, UsageError, output, say_error, say_warning
from ms_optim_lint.hosts.command.files import Finder
from ms_optim_lint.hosts.command.options import add_arguments, enabled, jobs_of, settings_of
from ms_optim_lint.hosts.command.remaining import Remaining
from ms_optim_lint.hosts.command.running import Input, Run
from ms_optim_lint.reports import FOR_PROGRAMS, render
from ms_optim_lint.reports.base import Problem, Report, shown_path
from ms_optim_lint.settings import Settings

__all__ = ["add_arguments", "run"]


def run(options: argparse.Namespace) -> int:
    """Check, report, and say how it went."""
    settings = settings_of(options)
    jobs = jobs_of(options)
    codes = enabled(options, settings)
    if options.show_settings:
        from ms_optim_lint.hosts.command.shown_settings import text

        return output.write(text(settings, codes))
    inputs, problems = _inputs(options, settings)
    if options.show_files:
        return output.write("".join(f"{path}\n" for path in sorted(one.shown for one in inputs)))
    if not inputs and not problems:
        say_warning("there are no Python files to check.")
    remaining = Remaining(options, settings, codes)
    with Run(settings, jobs, keep=remaining.keeps) as running:
        judged = running.judge(inputs)
    entries = remaining.entries(judged.files)
    problems.extend(judged.problems)
    failed = judged.failed or any(problem.fatal for problem in problems)
    report = Report(
        entries, problems, judged.read, colour=output.wants_colour(options), quiet=options.quiet, failed=failed
    )
    for problem in problems:
        (say_error if problem.fatal else say_warning)(f"{shown_path(problem.path)}: {problem.message}")
    _warn_of_preview(options, settings)
    _tell(report, options, settings)
    if failed:
        return FAILED
    return FOUND if entries and not options.exit_zero else CLEAN


def _inputs(options: argparse.Namespace, settings: Settings) -> tuple[list[Input], list[Problem]]:
    paths = options.paths or ["."]
    finder = Finder(settings, options.force_exclude)
    if "-" in paths:
        if len(paths) > 1:
            raise UsageError("standard input (-) is checked alone, without other paths.")
        name = options.stdin_filename
        if name and options.force_exclude and finder.skips(os.path.abspath(name)):
            return [], []
        return [Input(os.path.abspath(name or "stdin.py"), name or "-", sys.stdin.buffer.read())], []
    found = finder.find(paths)
    return [Input(path, shown_path(path)) for path in found.files], found.problems


def _tell(report: Report, options: argparse.Namespace, settings: Settings) -> None:
    form = settings.output_format
    if options.statistics:
        from ms_optim_lint.reports import statistics

        if form not in ("full", "concise", "json"):
            raise UsageError(f"--statistics has the formats full, concise and json, and no {form}.")
        text = statistics.render(report, as_json=form == "json")
    else:
        if options.output_file and form not in FOR_PROGRAMS:
            report = replace(report, colour=False)
        text = render(form, report)
    if options.output_file:
        output.write_file(options.output_file, text)
    else:
        output.write(text, exact=form in FOR_PROGRAMS)


def _warn_of_preview(options: argparse.Namespace, settings: Settings) -> None:
    """A rule that was asked for by its own code, and is not reported all the same."""
    if settings.preview:
        return
    from ms_optim_lint import selectors

    written = " ".join((*(options.select or ()), *(options.extend_select or ()))).replace(",", " ").split()
    asked = {selectors.normal(one) for one in written} & set(selectors.known())
    if not asked:
        return
    from ms_optim_lint.rules import ALL

    for rule in ALL:
        if rule.preview and rule.code in asked:
            say_warning(f"{rule.code} is in preview and not reported; add --preview.")
