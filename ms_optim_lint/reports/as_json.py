"""A list of findings, with ruff's names for what ruff has, too."""

from __future__ import annotations

import json
from typing import Any

from ms_optim_lint.reports.base import Entry, Report
from ms_optim_lint.reports.shown import Position


def _position(position: Position) -> dict[str, int]:
    return {"row": position[0], "column": position[1]}


def record(entry: Entry, report: Report) -> dict[str, Any]:
    """One finding. Rows and columns count from 1, columns in characters; ends are exclusive."""
    finding = entry.finding
    fix = None
    if finding.fix is not None:
        edits = [(edit.text, entry.source.span(edit.place)) for edit in finding.fix.edits]
        fix = {
            "applicability": finding.fix.applicability.value,
            "message": finding.fix.message,
            "edits": [
                {
                    "content": text,
                    "location": _position(entry.source.own(start)),
                    "end_location": _position(entry.source.own(end)),
                }
                for text, (start, end) in edits
            ],
        }
    return {
        "cell": entry.cell,
        "code": finding.code,
        "symbol": finding.symbol,
        "severity": finding.severity.word,
        "confidence": finding.confidence.value.lower(),
        "filename": entry.path,
        "path": entry.shown,
        "location": _position(entry.start),
        "end_location": _position(entry.end),
        "message": finding.message,
        "related": [
            {
                "filename": spot.path,
                "path": spot.shown,
                "cell": spot.cell,
                "location": _position(spot.start),
                "end_location": _position(spot.end),
                "message": spot.message,
            }
            for spot in report.spots(entry)
        ],
        "fix": fix,
    }


def render(report: Report) -> str:
    """One JSON list."""
    return json.dumps([record(entry, report) for entry in report.entries], indent=2) + "\n"
