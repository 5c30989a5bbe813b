"""Annotations of GitHub Actions: one workflow command a finding."""

from __future__ import annotations

from ms_optim_lint.finding import Severity
from ms_optim_lint.reports.base import Entry, Report

_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.REFACTOR: "notice",
    Severity.CONVENTION: "notice",
}


def render(report: Report) -> str:
    """One line for each finding."""
    return "".join(_command(entry) + "\n" for entry in report.entries)


def _command(entry: Entry) -> str:
    finding = entry.finding
    line, last = entry.raw_lines
    places = {"file": entry.slashed, "line": line, "endLine": last}
    if line == last and entry.cell is None:  # GitHub takes columns for a single line only
        places.update(col=entry.start[1], endColumn=entry.end[1])
    properties = {"title": f"ms-optim-lint ({finding.code})", **places}
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{_LEVELS[finding.severity]} {written}::{_data(f'{entry.where}: {finding.code} {finding.message}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
