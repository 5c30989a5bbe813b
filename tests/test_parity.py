"""flake8, Pylint and the command say the same of every file: path, line, column, rule and words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from commanding import records
from running import FIXTURES, ROOT, SCRIPT, Seen, flake8_seen, places, pylint_seen

#: What a file can look like without changing what is wrong in it: name and bytes.
ODD_FILES = {
    "plain.py": SCRIPT.encode(),
    "byte_order_mark.py": b"\xef\xbb\xbf" + SCRIPT.encode(),
    "windows_lines.py": SCRIPT.replace("\n", "\r\n").encode(),
    "form_feed.py": SCRIPT.replace("\n\n\n", "\n\n\f\n").replace("net =", "\fnet =").encode(),
    "line_separators.py": SCRIPT.replace('"é"', '"é\u2028\x85\x1c"').encode(),
    "latin.py": ("# -*- coding: latin-1 -*-\n" + SCRIPT).encode("latin-1"),
    "no_last_line_end.py": SCRIPT.rstrip("\n").encode(),
    "tabs.py": SCRIPT.replace("    ", "\t").encode(),
    "wide.py": SCRIPT.replace("é", "變").replace('"變"', '"😀"').encode(),
    "half.py": SCRIPT.encode() + b"x = (\n",
    "empty.py": b"",
}


def _in_both(files: list[Path], folder: Path) -> tuple[list[Seen], list[Seen]]:
    by_flake8 = flake8_seen("--isolated", "--mso-preview", *files, folder=folder)
    by_pylint = pylint_seen(f"--rcfile={os.devnull}", "--mso-preview=y", *files, folder=folder)
    return by_flake8, by_pylint


def test_fixtures_and_examples() -> None:
    files = sorted(path.relative_to(ROOT) for folder in (FIXTURES, ROOT / "examples") for path in folder.rglob("*.py"))
    by_flake8, by_pylint = _in_both(files, ROOT)
    assert by_flake8 == by_pylint
    assert len(by_flake8) > 50
    assert "MSO100" not in {one.code for one in by_flake8}
    by_command = [
        (one["path"], one["location"]["row"], one["location"]["column"], one["code"], one["message"])
        for one in records("--isolated", "--preview", *files, folder=ROOT)
        if one["code"].startswith("MSO")
    ]
    assert by_command == [(one.path, one.line, one.column + 1, one.code, one.message) for one in by_flake8]


@pytest.mark.parametrize("name", ODD_FILES)
def test_odd_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(ODD_FILES[name])
    by_flake8, by_pylint = _in_both([Path(name)], tmp_path)
    assert by_flake8 == by_pylint
    if name in ("half.py", "empty.py"):
        assert by_flake8 == []
    else:
        assert [one.code for one in by_flake8] == ["MSO101", "MSO121", "MSO101"]


def test_odd_places(tmp_path: Path) -> None:
    for name, shift in (("byte_order_mark.py", 0), ("windows_lines.py", 0), ("line_separators.py", 0), ("latin.py", 1)):
        (tmp_path / name).write_bytes(ODD_FILES[name])
        lines = [line - shift for line, _, _ in places(flake8_seen(name, folder=tmp_path))]
        assert lines == [5, 6, 12]
