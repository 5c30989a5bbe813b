"""The text of a file as a report shows it: lines, columns as users count them, cells of a notebook."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.finding import Place
from ms_optim_lint.records import NamedTuple, record

if TYPE_CHECKING:
    from ms_optim_lint.notebooks import Cell
    from ms_optim_lint.sources import Source

#: Line and column in characters, both from 1.
Position = tuple[int, int]


class CellLines(NamedTuple):
    """A code cell: its number, its first line in the program and the first one behind it. ``raw`` are the lines of the JSON
    text that its lines stand in."""

    number: int
    first: int
    end: int
    raw: tuple[int, ...]


@record(frozen=True)
class Shown:
    """A program as its author reads it. For a notebook it is all code cells, one behind the other."""

    text: str
    cells: tuple[CellLines, ...] = ()

    @functools.cached_property
    def lines(self) -> list[str]:
        """The lines as :mod:`ast` counts them, without their ends."""
        return self.text.split("\n")

    def line(self, number: int) -> str:
        """A line by its number; empty where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def position(self, line: int, column: int) -> Position:
        """A line and byte column of :mod:`ast` in characters, from 1."""
        text = self.line(line)
        if not text.isascii():
            column = len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
        return line, column + 1

    def span(self, place: Place) -> tuple[Position, Position]:
        """Start and end of a place; the end is exclusive."""
        return self.position(place.line, place.column), self.position(place.end_line, place.end_column)

    def cell(self, line: int) -> Optional[CellLines]:
        """The cell that a line is in; None in a file without cells."""
        return next((cell for cell in reversed(self.cells) if cell.first <= line), None)

    def own(self, position: Position) -> Position:
        """A position as users count it: in a notebook the lines of its cell."""
        cell = self.cell(position[0])
        return position if cell is None else (position[0] - cell.first + 1, position[1])

    def raw(self, line: int) -> int:
        """The line of the file that a line of the program stands in."""
        cell = self.cell(line)
        return line if cell is None else cell.raw[min(line - cell.first, len(cell.raw) - 1)]

    def block(self, line: int) -> tuple[int, int]:
        """The first and the last line of what can be shown around a line."""
        cell = self.cell(line)
        return (1, len(self.lines)) if cell is None else (cell.first, cell.end - 1)


def shown(source: Source) -> Shown:
    """What reports show of a source: of a notebook the words of its cells."""
    cells: Sequence[Cell] = getattr(source, "cells", ())
    if not cells:
        return Shown(source.text)
    lines: list[str] = []
    found = []
    written = source.data.decode("utf-8-sig")
    for cell in cells:
        if not cell.lines:
            continue
        own = [line for _, line in _lines_of(cell)]
        lines.extend(_exactly(own, cell.lines))
        raw = tuple(written.count("\n", 0, at) + 1 for at, _ in _lines_of(cell))
        found.append(CellLines(cell.number, cell.first, cell.first + cell.lines, raw))
    return Shown("".join(line + "\n" for line in lines), tuple(found))


def _lines_of(cell: Cell) -> list[tuple[int, str]]:
    """The lines of a cell, each with where its string begins in the JSON text."""
    found: list[tuple[int, str]] = []
    open_line = False
    for piece in cell.pieces:
        parts = piece.value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for number, part in enumerate(parts):
            if number == 0 and open_line:
                found[-1] = found[-1][0], found[-1][1] + part
            elif part or number < len(parts) - 1:
                found.append((piece.start, part))
        open_line = bool(parts[-1])
    return found


def _exactly(lines: Sequence[str], number: int) -> list[str]:
    return [*lines[:number], *[""] * (number - len(lines))]
