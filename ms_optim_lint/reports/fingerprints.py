"""What a finding is known by when lines have moved: its rule and what stands there, without layout."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from ms_optim_lint.finding import Finding
from ms_optim_lint.patterns import pattern
from ms_optim_lint.reports.shown import Shown

if TYPE_CHECKING:
    from ms_optim_lint.reports.base import Entry

#: A string, or else a comment: the ``#`` of a string begins none.
_STRING_OR_COMMENT = pattern(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|#[^\n]*""")


def snippet(source: Shown, finding: Finding, exact: bool = False) -> str:
    """The text at the finding's place; unless ``exact``, without comments, blanks and all that a formatter changes."""
    place = finding.place
    lines = [line.encode("utf-8", "surrogatepass") for line in source.lines[place.line - 1 : place.end_line]]
    if not lines:
        return ""
    lines[-1] = lines[-1][: place.end_column]
    lines[0] = lines[0][place.column :]
    text = b"\n".join(lines).decode("utf-8", "replace")
    if exact:
        return text
    text = _STRING_OR_COMMENT.sub(lambda found: found[1] or "", text)
    text = re.sub(r"\s+|\\\n", "", text).replace("'", '"')
    return re.sub(r",([)\]}])", r"\1", text)


def fingerprint(source: Shown, finding: Finding) -> str:
    """The same for equal findings of one file."""
    text = f"{finding.code}\0{snippet(source, finding)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def unique(entry: Entry) -> str:
    """Different for each finding of a run."""
    text = f"{entry.shown}\0{fingerprint(entry.source, entry.finding)}\0{entry.number}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
