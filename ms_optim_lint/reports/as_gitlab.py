"""GitLab's Code Quality report."""

from __future__ import annotations

import json
from typing import Any

from ms_optim_lint.finding import Severity
from ms_optim_lint.reports.base import Entry, Report
from ms_optim_lint.reports.fingerprints import unique

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.REFACTOR: "minor",
    Severity.CONVENTION: "minor",
}


def render(report: Report) -> str:
    """One JSON list."""
    return json.dumps([_issue(entry) for entry in report.entries], indent=2) + "\n"


def _issue(entry: Entry) -> dict[str, Any]:
    finding = entry.finding
    first, last = entry.raw_lines
    cell = f"cell {entry.cell}, line {entry.start[0]}: " if entry.cell is not None else ""
    columns = (entry.start[1], entry.end[1]) if entry.cell is None else (1, 1)
    return {
        "type": "issue",
        "check_name": finding.code,
        "description": f"{finding.code}: {cell}{finding.message}",
        "categories": ["Bug Risk"],
        "severity": _SEVERITIES[finding.severity],
        "fingerprint": unique(entry),
        "location": {
            "path": entry.slashed,
            "positions": {
                "begin": {"line": first, "column": columns[0]},
                "end": {"line": last, "column": columns[1]},
            },
        },
    }
