"""Source that can be changed in place: what is judged is its text, what is written back are its bytes."""

from __future__ import annotations

import codecs
import io
from collections.abc import Sequence
from typing import Protocol

from ms_optim_lint.finding import Edit, Place
from ms_optim_lint.patterns import pattern
from ms_optim_lint.project import parse
from ms_optim_lint.records import record

_END_OF_LINE = pattern(r"\r\n|\r|\n")
#: What a file in another encoding than UTF-8 has in its first two lines.
_DECLARES = pattern(rb"coding[=:]")


class SourceError(Exception):
    """Source that cannot be read or changed. The text is a sentence without its subject: "is not UTF-8"."""


class Source(Protocol):
    """A file as it is judged and changed.

    ``text`` is Python, every line ended by ``\\n``; findings and edits are places in it. ``data`` are the bytes of the file.
    """

    @property
    def text(self) -> str: ...

    @property
    def data(self) -> bytes: ...

    def edited(self, edits: Sequence[Edit]) -> Source:
        """The source with the edits made, and every other byte as it is. Raises :class:`SourceError`."""
        ...

    def parts(self) -> tuple[tuple[str, str], ...]:
        """The texts that a person reads, each with what to write behind the file's name (``:cell 3``)."""
        ...


class Lines:
    """A text by lines, as Python counts them: a form feed or a Unicode separator ends none."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in _END_OF_LINE.finditer(text))]

    def __len__(self) -> int:
        return len(self._starts)

    def offset(self, line: int, column: int) -> int:
        """The index into the text of a line (from 1) and a UTF-8 byte column. Raises :class:`SourceError`."""
        row = self.row(line).encode("utf-8", "surrogatepass")
        try:
            return self._starts[line - 1] + len(row[:column].decode("utf-8", "surrogatepass"))
        except UnicodeDecodeError:
            raise SourceError("has no such column") from None

    def row(self, line: int) -> str:
        """A line (from 1) without its end. Raises :class:`SourceError`."""
        if not 1 <= line <= len(self._starts):
            raise SourceError("has no such line")
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return self.text[self._starts[line - 1] : end].rstrip("\r\n")

    def span(self, place: Place) -> tuple[int, int]:
        """Start and end of a place as indices into the text."""
        return self.offset(place.line, place.column), self.offset(place.end_line, place.end_column)


def replaced(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """``text`` with each ``text[start:end]`` replaced. What is inserted at one point stays in the given order."""
    done: list[str] = []
    at = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        if start < at:
            raise SourceError("would be changed twice at one place")
        done += (text[at:start], new)
        at = end
    return "".join((*done, text[at:]))


@record(frozen=True)
class PythonFile:
    """A Python file: its encoding, byte-order mark, line ends and tabs are kept."""

    data: bytes
    encoding: str
    written: str

    @staticmethod
    def read(data: bytes) -> PythonFile:
        """Raises :class:`SourceError` where the bytes are not text in the encoding that they declare."""
        encoding, text = _decoded(data)
        try:
            again = text.encode(encoding)
        except UnicodeError:
            again = b""
        if again != data:
            raise SourceError(f"cannot be written back as {encoding}")
        return PythonFile(data, encoding, text)

    @property
    def text(self) -> str:
        """What is judged: the lines end as Python has them."""
        return _END_OF_LINE.sub("\n", self.written)

    def edited(self, edits: Sequence[Edit]) -> PythonFile:
        """The file with these edits made. Its ends of lines stay."""
        lines = Lines(self.written)
        end = _END_OF_LINE.search(self.written)
        line_end = end.group() if end is not None else "\n"
        spans = [(*lines.span(edit.place), edit.text.replace("\n", line_end)) for edit in edits]
        text = replaced(self.written, spans)
        if parse(_END_OF_LINE.sub("\n", text)) is None:
            raise SourceError("would not be Python any more")
        try:
            return PythonFile(text.encode(self.encoding), self.encoding, text)
        except UnicodeError:
            raise SourceError(f"cannot be written back as {self.encoding}") from None

    def parts(self) -> tuple[tuple[str, str], ...]:
        """The file as a diff shows it: what is behind its name, and the text."""
        return (("", self.written),)


def decode(data: bytes) -> str:
    """The text of a Python file as it is judged. Raises :class:`SourceError`."""
    try:
        special = b"coding" in data[:400] and _DECLARES.search(data, 0, 400) or data.startswith(codecs.BOM_UTF8)
        text = _decoded(data)[1] if special else data.decode("utf-8")
    except UnicodeError:
        text = _decoded(data)[1]
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


#: How files begin that Python does not read. The first fits: UTF-32 begins as UTF-16 does.
_FOREIGN = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def _decoded(data: bytes) -> tuple[str, str]:
    """The encoding of a Python file and its text. Raises :class:`SourceError` in words of what is wrong."""
    for mark, name in _FOREIGN.items():
        if data.startswith(mark):
            raise SourceError(f"is {name}, which Python does not read (save it as UTF-8)")
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        if data.startswith(codecs.BOM_UTF8):
            raise SourceError("begins with the mark of UTF-8 and declares another encoding") from None
        _, unknown, name = str(error).partition("unknown encoding: ")
        if unknown:
            raise SourceError(f"declares an encoding that Python does not know ({name})") from None
        encoding = "utf-8"
    declared = _DECLARES.search(data, 0, 400) is not None
    try:
        text = data.decode(encoding)
    except LookupError:
        raise SourceError(f"declares an encoding that is none of text ({encoding})") from None
    except UnicodeError as error:
        if declared:
            raise SourceError(f"is not text in the encoding that it declares ({error})") from None
        line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise SourceError(f"is not UTF-8 (line {line}) and declares no other encoding") from None
    if declared and "coding" not in text[:400]:  # Python reads the declaration itself as ASCII
        raise SourceError(f"declares an encoding that Python does not know ({encoding})")
    return encoding, text


def read(data: bytes, path: str) -> Source:
    """The source in the bytes of the file ``path``: a notebook by its suffix, else Python. Raises :class:`SourceError`."""
    if path.endswith(".ipynb"):
        from ms_optim_lint.notebooks import Notebook

        return Notebook.read(data)
    return PythonFile.read(data)
