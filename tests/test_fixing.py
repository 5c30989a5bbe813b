"""The engine of the fixes: what it changes, what it leaves, how it writes."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from ms_optim_lint import lint
from ms_optim_lint.finding import Applicability, Edit, Finding, Fix, Place, Severity
from ms_optim_lint.fixing import FixError, Outcome, diff, fix, write
from ms_optim_lint.settings import Settings
from ms_optim_lint.sources import PythonFile, SourceError, read


def check(text: str) -> list[Finding]:
    return lint(text, "x.py", Settings(preview=True))


def fixed(data: bytes, unsafe: bool = False) -> Outcome:
    return fix(PythonFile.read(data), check, unsafe)


def finding(
    edits: Sequence[Edit], code: str = "MSO101", severity: Severity = Severity.ERROR, safe: bool = True
) -> Finding:
    applicability = Applicability.SAFE if safe else Applicability.UNSAFE
    place = edits[0].place
    return Finding(code, "ms-x", severity, "message", place, (), Fix("Do it", tuple(edits), applicability))


def words(text: str, wrong: str, right: str, **more: object) -> list[Finding]:
    """A linter that wants ``right`` for each ``wrong``."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        for match in re.finditer(wrong, line):
            place = Place(number, len(line[: match.start()].encode()), number, len(line[: match.end()].encode()))
            found.append(finding([Edit(place, right)], **more))  # type: ignore[arg-type]
    return found


# What is kept

LINES = (
    b"from mindspore import nn",
    b"net = nn.Dense(4, 2)",
    b"opt = nn.Momentum(  # the optimizer",
    b"\tnet.trainable_params(),\t# all of them  ",
    b"    lr = 0.1,  # a comment",
    b"\tmomentum=0.9,",
    b"\t)  ; x = 'lr=0.1'",
)
#: line ends, encodings, byte-order marks, form feeds, a last line without an end
NASTY = {
    "plain": b"\n".join(LINES) + b"\n",
    "CRLF": b"\r\n".join(LINES) + b"\r\n",
    "CR": b"\r".join(LINES) + b"\r",
    "mixed": b"\r\n".join(LINES[:3]) + b"\n" + b"\n".join(LINES[3:]),
    "no end": b"\n".join(LINES),
    "BOM": b"\xef\xbb\xbf" + b"\n".join(LINES) + b"\n",
    "BOM and CRLF": b"\xef\xbb\xbf# -*- coding: utf-8 -*-\r\n" + b"\r\n".join(LINES) + b"\r\n",
    "latin-1": b"# -*- coding: latin-1 -*-\n# \xe9\xff\n" + b"\n".join(LINES) + b"\n",
    "cp1252": b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n" + b"\n".join(LINES) + b"\n",
    "gbk": b"# coding: gbk\nx = '\xd6\xd0'\n" + b"\n".join(LINES) + b"\n",
    "form feed": b"x = 1\n\x0c\n" + b"\n".join(LINES) + b"\n",
    "odd separators": "x = '\u2028\x85\x1c'\n".encode() + b"\n".join(LINES) + b"\n",
    "trailing space": b"\n".join(LINES) + b"\n\n   \n\t\n",
}


@pytest.mark.parametrize("data", NASTY.values(), ids=NASTY.keys())
def test_nothing_else_is_touched(data: bytes) -> None:
    done = fixed(data)
    assert [one.code for one in done.applied] == ["MSO101"]
    assert done.source.data == data.replace(b"    lr = 0.1,", b"    learning_rate = 0.1,")
    assert done.remaining == ()
    assert fixed(done.source.data).source.data == done.source.data


@pytest.mark.parametrize(
    "call",
    [
        "'é', nn.SGD(p, {}=0.1)",
        "'\N{GRINNING FACE}' ; o = nn.SGD(p, {}=0.1)",
        "nn.SGD(p, # é\n {}=0.1)",
        "(nn.SGD)(p, {} = \\\n 0.1,)",
        "nn.SGD(params=p, {}=(0.1))",
        "[nn.SGD(p,\t{}\t=\t0.1)] ; y = 2  # é",
        "(lambda: nn.SGD(p, {}=0.1))()",
        "f'é{{p}}', nn.SGD(p, {}=0.1)",
    ],
)
def test_places_are_bytes(call: str) -> None:
    text = "from mindspore import nn\np = nn.Dense(4, 2).trainable_params()\nx = " + call + "\n"
    done = fixed(text.format("lr").encode())
    assert done.source.text == text.format("learning_rate")


# What is done


def test_fixes_that_overlap_are_made_in_rounds() -> None:
    def nested(text: str) -> list[Finding]:
        match = re.search(r"a+", text)
        if match is None:
            return []
        line = Place(1, match.start(), 1, match.end())
        found = [finding([Edit(Place(1, at, 1, at + 1), "b")], f"MSO1{at:02d}") for at in range(*match.span())]
        return [*found, finding([Edit(line, "b" * (match.end() - match.start()))], "MSO199")]

    done = fix(PythonFile.read(b"x = aaa\n"), nested)
    assert done.source.data == b"x = bbb\n"
    assert (done.remaining, done.refused) == ((), ())


def test_equal_fixes_are_one() -> None:
    def twice(text: str) -> list[Finding]:
        edits = [Edit(Place(1, 4, 1, 4), "("), Edit(Place(1, 5, 1, 5), ")")]
        return [] if "(" in text else [finding(edits, "MSO101"), finding(edits, "MSO102")]

    done = fix(PythonFile.read(b"x = 1\n"), twice)
    assert done.source.data == b"x = (1)\n"
    assert [one.code for one in done.applied] == ["MSO101", "MSO102"]


def test_unsafe_fixes_are_asked_for() -> None:
    source = PythonFile.read(b"x = a\n")
    assert fix(source, lambda text: words(text, "a", "b", safe=False)).source is source
    done = fix(source, lambda text: words(text, "a", "b", safe=False), unsafe=True)
    assert done.source.data == b"x = b\n"


def test_edits_of_one_fix_stay_together() -> None:
    def wrap(text: str) -> list[Finding]:
        edits = [Edit(Place(1, 4, 1, 4), "f("), Edit(Place(1, 4, 1, 4), "g("), Edit(Place(1, 5, 1, 5), "))")]
        return [] if "f" in text else [finding(edits)]

    assert fix(PythonFile.read(b"x = a\n"), wrap).source.data == b"x = f(g(a))\n"


# What is refused


def refused(data: bytes, ask: object) -> list[str]:
    done = fix(PythonFile.read(data), ask, unsafe=True)  # type: ignore[arg-type]
    assert done.source.data == data
    assert done.applied == ()
    return [one.reason for one in done.refused]


def test_what_is_not_python_is_not_written() -> None:
    assert refused(b"x = a\n", lambda text: words(text, "a", "(")) == ["would not be Python any more"]


def test_one_bad_fix_does_not_stop_the_others() -> None:
    def ask(text: str) -> list[Finding]:
        return [*words(text, "a", "(", code="MSO101"), *words(text, "c", "d", code="MSO102")]

    done = fix(PythonFile.read(b"x = a\ny = c\nz = c\n"), ask)
    assert done.source.data == b"x = a\ny = d\nz = d\n"
    assert [one.reason for one in done.refused] == ["would not be Python any more"]
    assert [one.code for one in done.remaining] == ["MSO101"]


def test_a_fix_that_takes_nothing_away_is_not_made() -> None:
    assert refused(b"x = a\n", lambda text: words(text, "a", "aa")) == ["would have MSO101 all the same"]
    assert refused(b"x = a\n", lambda text: words(text, "a", "a")) == ["would stay as it is"]


def test_what_is_less_bad_may_show() -> None:
    def ask(text: str) -> list[Finding]:
        other = words(text, "b", "b", code="MSO121", severity=Severity.CONVENTION)
        return [*words(text, "a", "b", code="MSO162", severity=Severity.WARNING), *other]

    assert fix(PythonFile.read(b"x = a\n"), ask).source.data == b"x = b\n"


@pytest.mark.parametrize("severity", [Severity.ERROR, Severity.WARNING])
def test_a_fix_that_brings_another_finding_is_not_made(severity: Severity) -> None:
    def ask(text: str) -> list[Finding]:
        other = words(text, "b", "b", code="MSO115", severity=severity)
        return [*words(text, "a", "b", code="MSO113", severity=Severity.WARNING), *other]

    assert refused(b"x = a\n", ask) == ["would have MSO115"]


def test_an_error_may_have_hidden_another() -> None:
    def ask(text: str) -> list[Finding]:
        return [*words(text, "a", "b", code="MSO101"), *words(text, "b", "b", code="MSO115")]

    done = fix(PythonFile.read(b"x = a\n"), ask)
    assert done.source.data == b"x = b\n"


def test_edits_outside_the_file_and_over_each_other() -> None:
    assert refused(b"x = a\n", lambda text: [finding([Edit(Place(9, 0, 9, 1), "b")])]) == ["has no such line"]
    assert refused("x = 'é'\n".encode(), lambda text: [finding([Edit(Place(1, 6, 1, 7), "b")])]) == [
        "has no such column"
    ]
    both = [Edit(Place(1, 4, 1, 5), "b"), Edit(Place(1, 4, 1, 5), "c")]
    assert refused(b"x = a\n", lambda text: [finding(both)]) == ["would be changed twice at one place"]


def test_text_that_the_encoding_has_not() -> None:
    data = b"# coding: latin-1\nx = a\n"
    assert refused(data, lambda text: words(text, "= a", "= '\u4e2d'")) == ["cannot be written back as iso-8859-1"]


@pytest.mark.parametrize(
    "data", [b"# coding: nonsense\n", b"\xff\n", b"# coding: ascii\nx = '\xe9'\n", b"# coding: utf-7\nx = '+AGE-'\n"]
)
def test_what_cannot_be_read(data: bytes) -> None:
    with pytest.raises(SourceError):
        read(data, "x.py")


# Files


def test_write_keeps_the_mode_and_follows_links(tmp_path: Path) -> None:
    path, link = tmp_path / "run.py", tmp_path / "link.py"
    path.write_bytes(b"old")
    path.chmod(0o754)
    link.symlink_to(path)
    write(link, b"new", seen=b"old")
    assert path.read_bytes() == b"new"
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o754
    assert sorted(os.listdir(tmp_path)) == ["link.py", "run.py"]


def test_files_that_are_not_written(tmp_path: Path) -> None:
    path = tmp_path / "run.py"
    with pytest.raises(FixError, match="is not there any more"):
        write(path, b"new")
    path.write_bytes(b"other")
    with pytest.raises(FixError, match="has changed since it was read"):
        write(path, b"new", seen=b"old")
    path.chmod(0o444)
    with pytest.raises(FixError, match="is read-only"):
        write(path, b"new", seen=b"other")
    assert path.read_bytes() == b"other"
    with pytest.raises(FixError, match="cannot be written"):
        write(tmp_path, b"new")
    assert os.listdir(tmp_path) == ["run.py"]


def test_a_write_that_fails_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.py"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(FixError, match="cannot be written: no space left on device"):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["run.py"]


def test_diff() -> None:
    before, after = PythonFile.read(b"a = 1\r\nb = 2"), PythonFile.read(b"a = 1\r\nb = 3")
    assert diff("x.py", before, after) == (
        "--- x.py\n+++ x.py\n@@ -1,2 +1,2 @@\n a = 1\r\n-b = 2\n\\ No newline at end of file\n"
        "+b = 3\n\\ No newline at end of file\n"
    )
    assert diff("x.py", before, before) == ""
