"""One line a finding: ``path:line:column: MSO113 [*] message``."""

from __future__ import annotations

from ms_optim_lint.reports.base import Report
from ms_optim_lint.reports.text import Paint, closing, plain


def render(report: Report) -> str:
    """The findings, and how many there are."""
    paint = Paint(report.colour)
    lines = []
    for entry in report.entries:
        finding = entry.finding
        mark = paint.fix("[*] ") if report.marked(finding) else ""
        where = paint.path(plain(entry.file)) + f":{entry.start[0]}:{entry.start[1]}:"
        lines.append(f"{where} {paint.code(finding.severity, finding.code)} {mark}{plain(finding.message)}")
    lines.extend(closing(report))
    return "".join(line + "\n" for line in lines)
