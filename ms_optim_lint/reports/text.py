"""What the formats for people share: colour, safe text, the closing lines."""

from __future__ import annotations

from ms_optim_lint.finding import Severity
from ms_optim_lint.reports.base import Report

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.REFACTOR: "36", Severity.CONVENTION: "36"}
_TAB = 4


class Paint:
    """Colours by what is said, or none."""

    def __init__(self, on: bool) -> None:
        self._on = on

    def _in(self, colour: str, text: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._on and text else text

    def code(self, severity: Severity, text: str) -> str:
        """A rule's code."""
        return self._in(f"1;{_COLOURS[severity]}", text)

    def caret(self, severity: Severity, text: str) -> str:
        """What points at the place."""
        return self._in(_COLOURS[severity], text)

    def path(self, text: str) -> str:
        """The name of a file."""
        return self._in("1", text)

    def frame(self, text: str) -> str:
        """Line numbers and rules."""
        return self._in("34", text)

    def fix(self, text: str) -> str:
        """That a fix is there."""
        return self._in("32", text)

    def strong(self, text: str) -> str:
        """A word that matters."""
        return self._in("1", text)


def plain(text: str) -> str:
    """Text that cannot steer a terminal: source code and names of files are anybody's."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character == "\t":
        return " " * _TAB
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def width(text: str) -> int:
    """How many columns a terminal needs for a text."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    import unicodedata

    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def closing(report: Report) -> list[str]:
    """How many findings there are, and how many of them ``--fix`` repairs."""
    if report.quiet:
        return []
    number, fixed = len(report.entries), report.fixed
    if fixed:
        lines = [f"Found {counted(number + fixed, 'finding')} ({fixed} fixed, {number} remaining)."]
    elif not number:
        return [] if report.failed else ["All checks passed!"]
    else:
        files = len({entry.path for entry in report.entries})
        lines = [f"Found {counted(number, 'finding')} in {counted(files, 'file')} of {report.files}."]
    paint = Paint(report.colour)
    fixable = sum(report.marked(entry.finding) for entry in report.entries)
    unsafe = sum(entry.finding.fix is not None for entry in report.entries) - fixable
    if fixable:
        more = f" ({unsafe} more with --unsafe-fixes)" if unsafe else ""
        lines.append(f"{paint.fix('[*]')} {fixable} fixable with --fix{more}.")
    elif unsafe:
        lines.append(f"{unsafe} fixable with --fix --unsafe-fixes.")
    return lines


def counted(number: int, word: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
