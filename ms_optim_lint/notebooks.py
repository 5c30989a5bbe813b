"""Notebooks (``.ipynb``): the code cells, in order, are one program.

>>> notebook = Notebook.read(data)
>>> findings = lint(notebook.text, "train.ipynb")     # places are lines of the program
>>> notebook.where(findings[0].place.line)            # (cell, line in it), both from 1
>>> notebook.edited(findings[0].fix.edits).data       # the JSON text, changed only there

Cells are numbered from 1 with the Markdown cells counted, as ruff does. Lines that are IPython's own (``%matplotlib
inline``, ``!pip install``, ``net?``, cells that start with ``%%bash``) are replaced by Python that does nothing, or whose value
nobody knows; no line moves. A cell that is not Python even so is left out. ``%time`` and ``%%time`` are followed.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, Optional

from ms_optim_lint.finding import Edit
from ms_optim_lint.patterns import pattern
from ms_optim_lint.project import parse
from ms_optim_lint.records import NamedTuple, record
from ms_optim_lint.sources import Lines, SourceError, replaced

_BOM = b"\xef\xbb\xbf"


class CellPlace(NamedTuple):
    """A line of a notebook: the cell's number and the line in it, both from 1."""

    cell: int
    line: int


class _Text(NamedTuple):
    """A string in the JSON text: where its quotes stand, and what it says."""

    start: int
    end: int
    value: str


@record(frozen=True)
class Cell:
    """A code cell. ``first`` is its first line in the program, ``lines`` how many it has there; ``text`` is what it says and
    ``code`` what is judged. ``own`` are the lines (from 1) that are not the cell's own words."""

    number: int
    first: int
    lines: int
    text: str
    code: str
    own: frozenset[int]
    pieces: tuple[_Text, ...]
    between: str


@record(frozen=True)
class Notebook:
    """A notebook as a program. ``written`` is the JSON text."""

    data: bytes
    written: str
    cells: tuple[Cell, ...]

    @staticmethod
    def read(data: bytes) -> Notebook:
        """Raises :class:`SourceError` where the bytes are no notebook. One in another language has no code."""
        try:
            written = data[len(_BOM) :].decode("utf-8") if data.startswith(_BOM) else data.decode("utf-8")
            content = json.loads(written)
        except (ValueError, RecursionError):
            raise SourceError("is not a notebook: it is not JSON in UTF-8") from None
        if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
            raise SourceError("is not a notebook of version 4: it has no list of cells")
        if not _is_python(content.get("metadata")):
            return Notebook(data, written, ())
        try:
            return Notebook(data, written, tuple(_cells(written)))
        except (AttributeError, KeyError, TypeError):
            raise SourceError("is not a notebook of version 4: its cells have another form") from None
        except RecursionError:  # the parser of JSON follows deeper than we do
            raise SourceError("has outputs that are too deep to be followed") from None

    @property
    def text(self) -> str:
        """The code of all cells, one after the other."""
        return "".join(cell.code for cell in self.cells)

    def where(self, line: int) -> CellPlace:
        """The cell and the line in it of a line of the program."""
        cell = self._cell(line)
        return CellPlace(cell.number, line - cell.first + 1) if cell is not None else CellPlace(1, line)

    def _cell(self, line: int) -> Optional[Cell]:
        index = bisect_right([cell.first for cell in self.cells], line) - 1
        while index >= 0 and not self.cells[index].lines:
            index -= 1
        return self.cells[index] if index >= 0 else None

    def edited(self, edits: Sequence[Edit]) -> Notebook:
        """The notebook with these edits made in its cells."""
        changes = [self._change(edit) for edit in edits]
        text = replaced(self.written, changes)
        data = (_BOM if self.data.startswith(_BOM) else b"") + text.encode("utf-8")
        new = Notebook.read(data)
        if [bool(cell.code.strip()) for cell in new.cells] != [bool(cell.code.strip()) for cell in self.cells]:
            raise SourceError("would not be Python any more")
        if parse(new.text) is None:
            raise SourceError("would not be Python any more")
        return new

    def _change(self, edit: Edit) -> tuple[int, int, str]:
        """An edit of the program as a change of the JSON text."""
        place = edit.place
        cell = self._cell(place.line)
        if (
            cell is None
            or place.end_line >= cell.first + cell.lines
            and (place.end_column or place.end_line > place.line)
        ):
            raise SourceError("would be changed across cells")
        if any(line - cell.first + 1 in cell.own for line in range(place.line, place.end_line + 1)):
            raise SourceError("would be changed in a line that is not Python")
        lines = Lines(cell.text)
        start = lines.offset(place.line - cell.first + 1, place.column)
        end = lines.offset(place.end_line - cell.first + 1, place.end_column)
        raw_start = self._raw(cell, start, at_end=False)
        raw_end = raw_start if start == end else self._raw(cell, end, at_end=True)
        return raw_start, raw_end, self._quoted(cell, edit.text, start, end, raw_end)

    def _raw(self, cell: Cell, index: int, at_end: bool) -> int:
        """Where in the JSON text the cell's character ``index`` is written; at a seam before it (``at_end``) or behind it."""
        begin = 0
        for number, piece in enumerate(cell.pieces):
            end = begin + len(piece.value)
            last = number == len(cell.pieces) - 1
            if index < end or index == end and (last or at_end and index > begin):
                return _characters(self.written, piece)[index - begin]
            begin = end
        raise SourceError("has no such place")

    def _quoted(self, cell: Cell, text: str, start: int, end: int, raw_end: int) -> str:
        """Text as it stands inside a JSON string; where lines are strings of their own, each new line is one."""
        if "\r\n" in cell.text:
            text = text.replace("\n", "\r\n")
        new = json.dumps(text, ensure_ascii=self.written.isascii())[1:-1]
        if not cell.between or not new:
            return new
        quotes = f'"{cell.between}"'
        new = f"\\n{quotes}".join(_json_lines(new))
        if self.written[raw_end] == '"':
            new = new[: -len(quotes)] if new.endswith(quotes) else new
        if start == end == len(cell.text) and cell.text.endswith("\n"):
            new = quotes + new
        return new

    def parts(self) -> tuple[tuple[str, str], ...]:
        """The cells as a diff shows them: what is behind the name of the file, and the text."""
        return tuple((f":cell {cell.number}", cell.text) for cell in self.cells)


def _json_lines(escaped: str) -> list[str]:
    """Escaped text split at its line feeds, and not at a backslash that an ``n`` happens to follow."""
    lines = [""]
    for token in re.findall(r"\\.|[^\\]+", escaped):
        if token == "\\n":
            lines.append("")
        else:
            lines[-1] += token
    return lines


def _characters(written: str, piece: _Text) -> list[int]:
    """Where each character of a string is written, and where the string ends."""
    found = [match.start() for match in _CHARACTER.finditer(written, piece.start + 1, piece.end - 1)]
    return [*found, piece.end - 1]


_CHARACTER = pattern(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


def _is_python(metadata: Any) -> bool:
    """Whether a notebook's own words do not say that it is in another language."""
    languages = []
    for section, key in (("kernelspec", "language"), ("language_info", "name")):
        part = metadata.get(section) if isinstance(metadata, dict) else None
        languages.append(part.get(key) if isinstance(part, dict) else None)
    said = [str(one).lower() for one in languages if one]
    return not said or any("python" in one for one in said)


# Cells


def _cells(written: str) -> Iterator[Cell]:
    content, _ = _scan(written, _skip(written, 0))
    first = 1
    for number, cell in enumerate(content["cells"], 1):
        if cell["cell_type"].value != "code":
            continue
        source = cell.get("source")
        pieces = tuple(source) if isinstance(source, list) else (source,)
        text = "".join(piece.value for piece in pieces)
        code, own = _python_of(text)
        if code and not code.endswith("\n"):
            code += "\n"
        lines = code.count("\n")
        between = _between(written, source) if isinstance(source, list) and source else ""
        yield Cell(number, first, lines, text, code, own, pieces, between)
        first += lines


def _between(written: str, pieces: Sequence[_Text]) -> str:
    """What stands between two strings of a list; as its beginning is written, where there is but one."""
    if len(pieces) > 1:
        return written[pieces[0].end : pieces[1].start]
    before = written.rindex("[", 0, pieces[0].start)
    return "," + (written[before + 1 : pieces[0].start] or " " * written[before - 1].isspace())


_SPACE = pattern(r"[ \t\r\n]*")
_STRING = pattern(r'"(?:[^"\\]+|\\.)*"', re.DOTALL)
_SCALAR = pattern(r"[^\s,\]}]+")


def _skip(written: str, at: int) -> int:
    space = _SPACE.match(written, at)
    assert space is not None
    return space.end()


def _scan(written: str, at: int) -> tuple[Any, int]:
    """The JSON value at ``at``, with strings as :class:`_Text`, and where it ends. The text is known to be JSON."""
    opening = written[at]
    if opening == '"':
        match = _STRING.match(written, at)
        assert match is not None
        return _Text(at, match.end(), json.loads(match.group(), strict=False)), match.end()
    if opening == "{":
        found: dict[str, Any] = {}
        at = _skip(written, at + 1)
        while written[at] != "}":
            key, at = _scan(written, at)
            value, at = _scan(written, _skip(written, _skip(written, at) + 1))
            found[key.value] = value
            at = _skip(written, at)
            if written[at] == ",":
                at = _skip(written, at + 1)
        return found, at + 1
    if opening == "[":
        items = []
        at = _skip(written, at + 1)
        while written[at] != "]":
            item, at = _scan(written, at)
            items.append(item)
            at = _skip(written, at)
            if written[at] == ",":
                at = _skip(written, at + 1)
        return items, at + 1
    match = _SCALAR.match(written, at)
    assert match is not None
    return None, match.end()


# What is Python

#: Cell magics whose cell is the program's own code.
_OF_PYTHON = frozenset(("time", "capture", "prun"))
#: Names that IPython takes for commands without a ``%``, too.
_COMMAND = pattern(
    r"[ \t]*(?:pip|conda|ls|cd|pwd|cat|cp|mv|rm|mkdir|wget|git|apt|unzip|tar)[ \t]+[^\s=(.\[,].*|[ \t]*(?:ls|pwd)[ \t]*"
)
_MAGIC = pattern(r"([ \t]*)(?:[%!?]|[\w.*]+\?\??[ \t]*$)")
_TIMED = pattern(r"[ \t]*%time (?=\S)")
_ASSIGNED = pattern(r"([ \t]*[A-Za-z_][\w.\[\]'\", \t]*?)=[ \t]*[%!](?!=)")
#: What decides where a statement ends.
_TOKEN = pattern(
    r"#[^\n]*"
    r"|(\"\"\"|''')(?:\\.|(?!\1).)*(?:\1|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?"
    r"|[\[\](){}\n]|\\\n",
    re.DOTALL,
)


def _python_of(text: str) -> tuple[str, frozenset[int]]:
    """The cell's text with all that is not Python replaced, line for line, and the lines that were."""
    text = re.sub(r"\r\n|\r", "\n", text)
    if parse(text) is not None:
        return text, frozenset()
    count = text.count("\n") + (not text.endswith("\n"))
    every = frozenset(range(1, count + 1))
    magic = re.match(r"\s*%%(\w*)", text)
    if magic is not None and magic.group(1) not in _OF_PYTHON:
        return "\n" * count, every
    for commands in (False, True):
        code, lines = _without_magics(text, commands)
        if parse(code) is not None:
            return code, lines
    return "\n" * count, every


def _without_magics(text: str, commands: bool) -> tuple[str, frozenset[int]]:
    done: list[str] = []
    lines: set[int] = set()
    at = 0
    while at < len(text):
        end = _end_of_line(text, at)
        row = text[at:end].rstrip("\n")
        instead = _instead(row, commands)
        if instead is not None:
            while row.endswith("\\") and end < len(text):
                row = text[end : _end_of_line(text, end)].rstrip("\n")
                end = _end_of_line(text, end)
                instead += "\n"
            first = text.count("\n", 0, at) + 1
            lines.update(range(first, first + instead.count("\n") + 1))
            done.append(instead + ("\n" if text[end - 1] == "\n" else ""))
        else:
            end = _end_of_statement(text, at)
            done.append(text[at:end])
        at = end
    return "".join(done), frozenset(lines)


def _end_of_line(text: str, at: int) -> int:
    return text.find("\n", at) + 1 or len(text)


def _instead(row: str, commands: bool) -> Optional[str]:
    """The Python that stands in for a line of IPython; None for a line that is Python."""
    if _TIMED.match(row):
        return row.replace("%time ", "if 1: ", 1)  # just as long: what follows keeps its column
    magic = _MAGIC.match(row)
    if magic is not None:
        return magic.group(1) + "pass"
    assigned = _ASSIGNED.match(row)
    if assigned is not None:
        return assigned.group(1) + "= get_ipython()"
    if commands and _COMMAND.fullmatch(row):
        return row[: len(row) - len(row.lstrip())] + "pass"
    return None


def _end_of_statement(text: str, at: int) -> int:
    """Where the next line starts that is not inside brackets, inside a string or a continuation."""
    depth = 0
    for token in _TOKEN.finditer(text, at):
        word = token.group()
        if word in "([{":
            depth += 1
        elif word in ")]}":
            depth = max(0, depth - 1)
        elif word == "\n" and depth == 0:
            return token.end()
    return len(text)
