"""JUnit's XML: a test suite for each file with findings, a failed test for each finding."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from ms_optim_lint.reports.base import Entry, Problem, Report, shown_path
from ms_optim_lint.reports.text import plain


def render(report: Report) -> str:
    """One document."""
    suites = [list(group) for _, group in groupby(report.entries, key=lambda entry: entry.path)]
    problems = [problem for problem in report.problems if problem.fatal]
    failures, errors = len(report.entries), len(problems)
    tests = failures + errors or 1
    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines.append(f'<testsuites name="ms-optim-lint" tests="{tests}" failures="{failures}" errors="{errors}">')
    for suite in suites:
        lines.extend(_suite(suite))
    for problem in problems:
        lines.extend(_problem(problem))
    if not suites and not problems:
        lines.append('  <testsuite name="ms-optim-lint" tests="1" failures="0" errors="0">')
        lines.append('    <testcase name="ms-optim-lint" classname="ms-optim-lint"/>')
        lines.append("  </testsuite>")
    lines.append("</testsuites>")
    return "".join(line + "\n" for line in lines)


def _suite(entries: list[Entry]) -> Iterator[str]:
    number = len(entries)
    name = _attribute(entries[0].slashed)
    yield f'  <testsuite name={name} package="ms-optim-lint" tests="{number}" failures="{number}" errors="0">'
    for entry in entries:
        finding = entry.finding
        line, column = entry.start
        test = _attribute(f"{finding.code} {finding.symbol}")
        yield f'    <testcase name={test} classname={name} file={name} line="{entry.raw_lines[0]}" column="{column}">'
        kind = _attribute(finding.severity.word)
        yield f"      <failure type={kind} message={_attribute(finding.message)}>"
        yield f"{_text(entry.where)}: {_text(finding.message)}</failure>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _problem(problem: Problem) -> Iterator[str]:
    name = _attribute(shown_path(problem.path))
    yield f'  <testsuite name={name} package="ms-optim-lint" tests="1" failures="0" errors="1">'
    yield f'    <testcase name="reading" classname={name}>'
    yield f"      <error message={_attribute(problem.message)}/>"
    yield "    </testcase>"
    yield "  </testsuite>"


def _attribute(text: str) -> str:
    """XML has no way to write most control characters."""
    return quoteattr(plain(text))


def _text(text: str) -> str:
    return escape(plain(text))
