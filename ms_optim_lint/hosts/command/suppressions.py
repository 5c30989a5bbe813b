"""Comments that hide findings, flake8's and Pylint's alike.

``# noqa`` hides in its line, as in flake8. ``# pylint: disable=...`` hides in its line, too; on a line of its own, or behind
``else:``, ``try:`` or ``class Name:``, to the end of the block, as in Pylint.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from typing import Optional

from ms_optim_lint import selectors
from ms_optim_lint.finding import Finding, Place, Severity
from ms_optim_lint.patterns import pattern
from ms_optim_lint.project import parse
from ms_optim_lint.records import field, record
from ms_optim_lint.reports.base import UNUSED

_NOQA = pattern(r"# noqa(?::\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)
_FILE = pattern(r"# (?:flake8|ruff)[:=]\s*noqa(?::\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)
_PYLINT = pattern(r"#.*?\bpylint:\s*(?P<pragma>[^;#\n]+)")
_PRAGMA = pattern(
    r"(?P<action>disable-next|disable-msg|enable-msg|disable|enable)\s*=\s*(?P<names>[\w\-]+(?:\s*,\s*[\w\-]+)*)"
)
_SKIPS = pattern(r"\b(?:skip-file|disable-all|disable\s*=\s*all)\b")
_PYLINT_ID = pattern(r"[CRWE]78\d\d")


@record
class Suppression:
    """One code of one comment. It holds from line ``first`` to ``last``; ``on`` is false for Pylint's ``enable``."""

    written: str
    place: Place
    first: int
    last: int
    on: bool = True
    pylint: bool = False
    used: bool = field(default=False)

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of the finding."""
        if not self.first <= finding.place.line <= self.last:
            return False
        if not self.written:
            return True
        if not self.pylint:
            return finding.code.startswith(self.written)
        return self.written in (finding.symbol, _pylint_id(finding), "ms-optim", finding.severity.value)

    @property
    def ours(self) -> Optional[str]:
        """The code that it names, as a beginning of our codes; None where it names none of ours."""
        text = self.written
        if self.pylint:
            if text == "ms-optim":
                return "MSO"
            return selectors.normal(text) if text.startswith(("ms-", "MSO")) or _PYLINT_ID.fullmatch(text) else None
        return text if text.startswith("MSO") else None


def _pylint_id(finding: Finding) -> str:
    return f"{finding.severity.value}78{finding.code[-2:]}"


class Suppressions:
    """All suppressions of a file."""

    def __init__(self, text: str) -> None:
        self._all = list(_read(text))

    def hides(self, finding: Finding) -> bool:
        """Whether a comment hides the finding. Each that does counts as used."""
        noqa = [one for one in self._all if not one.pylint and one.covers(finding)]
        spoken = [one for one in self._all if one.pylint and one.covers(finding)]
        hiding = [*noqa, *spoken[-1:]] if spoken and spoken[-1].on else noqa
        for one in hiding:
            one.used = True
        return bool(hiding)

    def unused(self, enabled: frozenset[str]) -> Iterator[Finding]:
        """Suppressions of ours that hid nothing. Of rules that were not looked for nothing is known."""
        for one in self._all:
            code = one.ours
            if code is None or one.used or not one.on:
                continue
            meant = {known for known in selectors.known() if known.startswith(code)}
            if meant and not meant & enabled:
                continue
            why = "there is nothing to hide; remove it" if meant else "there is no such rule; remove it"
            if one.pylint and one.written in selectors.known():
                why = f"a comment of Pylint names rules by their symbols; write {selectors.known()[one.written]}"
            yield Finding(UNUSED, UNUSED, Severity.WARNING, f"'{one.written}' hides nothing: {why}", one.place)


def _read(text: str) -> Iterator[Suppression]:
    last = text.count("\n") + 1
    blocks: Optional[_Blocks] = None
    comments: list[tokenize.TokenInfo] = []
    first: Optional[int] = None  # of the lines that one comment speaks for: a string or a backslash joins them
    before = ""  # the code of the line
    for token in _tokens(text):
        if token.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            continue
        first = token.start[0] if first is None else first
        if token.type == tokenize.COMMENT:
            comments.append(token)
            pragma = _PYLINT.search(token.string)
            if pragma is not None:
                blocks = blocks or _Blocks(text)
                # Behind a joined line Pylint takes the line before for the comment's own.
                line = token.start[0] - (first < token.start[0])
                yield from _pylint(token, pragma, line, blocks.reach(line, before), last)
        elif token.type in (tokenize.NL, tokenize.NEWLINE):
            for comment in comments:
                yield from _noqa(comment, first, token.start[0], last)
            comments, first, before = [], None, ""
        else:
            before += token.string
    for comment in comments:
        yield from _noqa(comment, comment.start[0], comment.start[0], last)


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):  # the comments up to there count
        return


def _noqa(comment: tokenize.TokenInfo, first: int, end: int, last: int) -> Iterator[Suppression]:
    whole = _FILE.match(comment.string)
    if whole is not None and not comment.line[: comment.start[1]].strip():
        found, first, end = whole, 1, last
    else:
        inline = _NOQA.search(comment.string)
        if inline is None or whole is not None:
            return
        found = inline
    if found["codes"] is None:
        yield Suppression("", _place(comment, found.start(), found.end()), first, end)
        return
    for code in re.finditer(r"\w+", found["codes"]):
        start = found.start("codes") + code.start()
        yield Suppression(code[0], _place(comment, start, start + len(code[0])), first, end)


def _pylint(
    comment: tokenize.TokenInfo, pragma: re.Match[str], line: int, reach: tuple[int, int], last: int
) -> Iterator[Suppression]:
    if _SKIPS.search(pragma["pragma"]):
        yield Suppression("", _place(comment, pragma.start(), pragma.end()), 1, last, pylint=True)
        return
    for part in _PRAGMA.finditer(pragma["pragma"]):
        action = part["action"]
        first, end = (line + 1, line + 1) if action == "disable-next" else reach
        for name in re.finditer(r"[\w\-]+", part["names"]):
            start = pragma.start("pragma") + part.start("names") + name.start()
            place = _place(comment, start, start + len(name[0]))
            yield Suppression(name[0], place, first, end, not action.startswith("enable"), pylint=True)


def _place(comment: tokenize.TokenInfo, start: int, end: int) -> Place:
    line, column = comment.start
    before = comment.line[:column] + comment.string

    def in_bytes(characters: int) -> int:
        return len(before[: column + characters].encode("utf-8", "surrogatepass"))

    return Place(line, in_bytes(start), line, in_bytes(end))


_Body = list[ast.stmt]


class _Blocks:
    """How far a comment of Pylint's reaches."""

    def __init__(self, text: str) -> None:
        tree = parse(text)
        self._body: _Body = tree.body if tree is not None else []
        self._last = text.count("\n") + 1

    def reach(self, line: int, before: str) -> tuple[int, int]:
        """First and last line that a comment in ``line`` speaks for; ``before`` is the code in front of it."""
        body, end, first = self._body, self._last, line
        if before and before not in ("else:", "try:") and not before.startswith("class"):
            return line, line
        while True:
            around = next((one for one in body if _first(one) <= line <= _last(one)), None)
            blocks = _blocks_of(around) if around is not None else []
            if around is None or not blocks:
                return (line, line) if before else (first, end)
            if before.startswith("class") and around.lineno == line:
                plain = isinstance(around, ast.ClassDef) and not (around.bases or around.keywords)
                return (line, _last(around)) if plain else (line, line)
            inner = next((block for block in blocks if line <= _last(block[-1])), blocks[-1])
            heads = not before.startswith("class") and line < inner[0].lineno
            if before and heads:
                return line, _last(inner[-1])
            scope = isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            first = around.lineno if scope and heads else line
            body, end = inner, _last(inner[-1])


def _first(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


def _last(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def _blocks_of(statement: ast.stmt) -> list[_Body]:
    found = [getattr(statement, name, None) for name in ("body", "orelse", "finalbody")]
    blocks = [block for block in found if block and isinstance(block, list)]
    for handler in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        blocks.append(handler.body)
    return sorted(blocks, key=lambda block: block[0].lineno)
