"""Findings with the lines around them, related places and help."""

from __future__ import annotations

from collections.abc import Iterator

from ms_optim_lint.finding import Applicability, Severity
from ms_optim_lint.reports.base import Entry, Report, Spot
from ms_optim_lint.reports.text import Paint, closing, plain, width

#: Lines shown before and after the place, and of a long place itself.
_AROUND, _MOST = 1, 6


def render(report: Report) -> str:
    """The findings, one under the other, and how many there are."""
    paint = Paint(report.colour)
    blocks = ["".join(line.rstrip() + "\n" for line in _finding(entry, report, paint)) for entry in report.entries]
    return "".join(block + "\n" for block in blocks) + "".join(line + "\n" for line in closing(report))


def _finding(entry: Entry, report: Report, paint: Paint) -> Iterator[str]:
    finding = entry.finding
    mark = paint.fix("[*] ") if report.marked(finding) else ""
    yield f"{paint.code(finding.severity, finding.code)} {mark}{plain(finding.message)}"
    spots = report.spots(entry)
    last = max(spot.end[0] + _AROUND for spot in (entry, *spots))
    gutter = len(str(last))
    yield f"{' ' * gutter}{paint.frame('-->')} {plain(entry.where)}"
    yield from _excerpt(entry, "^", finding.severity, gutter, paint)
    for spot in spots:
        yield f"{' ' * gutter}{paint.frame(':::')} {plain(spot.where)}: {plain(spot.message)}"
        yield from _excerpt(spot, "-", Severity.CONVENTION, gutter, paint)
    if finding.fix is not None:
        unsafe = " (unsafe: look at it)" if finding.fix.applicability is Applicability.UNSAFE else ""
        yield f"{paint.strong('fix')}: {plain(finding.fix.message)}{unsafe}"
    if finding.code.startswith("MSO"):
        yield f"{paint.strong('help')}: {finding.symbol}, {finding.severity.word}; ms-optim-lint rule {finding.code}"


def _excerpt(spot: Spot, caret: str, severity: Severity, gutter: int, paint: Paint) -> Iterator[str]:
    source, (start, end) = spot.source, spot.span
    if not source.line(start[0]):
        return
    margin = paint.frame(f"{' ' * gutter} |")
    # What ends before the first column of a line is not in that line.
    last = end[0] - 1 if end[1] == 1 and end[0] > start[0] else end[0]
    single = last == start[0]
    top, bottom = source.block(start[0])
    numbers = list(range(max(top, start[0] - _AROUND), min(bottom, last + _AROUND) + 1))
    inner = [number for number in numbers if start[0] <= number <= last]
    hidden = set(inner[_MOST - 2 : -1]) if len(inner) > _MOST else set()
    while numbers and numbers[0] < start[0] and not source.line(numbers[0]).strip():
        del numbers[0]
    while numbers and numbers[-1] > last and not source.line(numbers[-1]).strip():
        del numbers[-1]
    yield margin
    for number in numbers:
        if number in hidden:
            if number - 1 not in hidden:
                yield paint.frame(f"{'...':<{gutter + 2}}")
            continue
        text = source.line(number).replace("\f", " ")
        bar = "" if single else f"{paint.caret(severity, '|' if start[0] <= number <= last else ' ')} "
        yield f"{paint.frame(f'{number - top + 1:>{gutter}} |')} {bar}{plain(text)}"
        if single and number == start[0]:
            before = width(plain(text[: start[1] - 1]))
            here = max(1, width(plain(text[start[1] - 1 : end[1] - 1])) if end[0] == last else 1)
            yield f"{margin} {' ' * before}{paint.caret(severity, caret * here)}"
    yield margin
