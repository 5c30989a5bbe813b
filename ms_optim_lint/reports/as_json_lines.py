"""One JSON object a line."""

from __future__ import annotations

import json

from ms_optim_lint.reports.as_json import record
from ms_optim_lint.reports.base import Report


def render(report: Report) -> str:
    """One line for each finding."""
    return "".join(json.dumps(record(entry, report)) + "\n" for entry in report.entries)
