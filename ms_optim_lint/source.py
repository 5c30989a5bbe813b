"""A file's bytes as text, and columns as users count them."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

#: Only with one of these is a file anything but UTF-8.
_DECLARES = re.compile(rb"coding[=:]")


class Undecodable(Exception):
    """The bytes are no text in the encoding that they declare. The text says why."""


def decode(content: bytes) -> str:
    """The text as Python reads it: the declared encoding, and ``\\n`` at the end of each line."""
    try:
        if content.startswith(b"\xef\xbb\xbf"):
            text = content.decode("utf-8-sig")
        elif _DECLARES.search(content, 0, 400):
            import io
            import tokenize

            encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
            text = content.decode(encoding)
        else:
            text = content.decode("utf-8")
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise Undecodable(str(error)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


@dataclass(frozen=True)
class Source:
    """The text of a file."""

    text: str

    @functools.cached_property
    def lines(self) -> list[str]:
        """The lines as :mod:`ast` counts them, without their ends."""
        return self.text.split("\n")

    def line(self, number: int) -> str:
        """A line by its number; empty where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def column(self, line: int, column: int) -> int:
        """A byte column of :mod:`ast` in characters, from 0."""
        text = self.line(line)
        return (
            column if text.isascii() else len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
        )
