"""How many findings there are of each rule."""

from __future__ import annotations

import json
from collections import Counter

from ms_optim_lint.reports.base import Report
from ms_optim_lint.reports.text import closing


def render(report: Report, as_json: bool = False) -> str:
    """The rules with findings, most findings first."""
    counts = Counter(entry.finding.code for entry in report.entries)
    findings = {entry.finding.code: entry.finding for entry in report.entries}
    fixable = Counter(entry.finding.code for entry in report.entries if report.marked(entry.finding))
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    if as_json:
        found = [
            {
                "code": code,
                "symbol": findings[code].symbol,
                "severity": findings[code].severity.word,
                "count": count,
                "fixable": fixable[code],
            }
            for code, count in rows
        ]
        return json.dumps(found, indent=2) + "\n"
    width = max((len(str(count)) for _, count in rows), default=0)
    lines = []
    for code, count in rows:
        mark = "[*]" if fixable[code] == count else "[-]" if fixable[code] else "[ ]"
        lines.append(f"{count:>{width}}  {code}  {mark}  {findings[code].symbol}")
    lines.extend(closing(report))
    return "".join(line + "\n" for line in lines)
