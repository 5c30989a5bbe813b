"""The command's configuration, and the page that sets it beside those of flake8 and Pylint."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from commanding import WRONG, codes, command, failed, write
from running import ROOT, SCRIPT

from ms_optim_lint.settings import KEYS, OUTPUT_FORMATS, load, load_file

TOML = """
[tool.ms-optim-lint]
select = ["MSO1"]
ignore = ["MSO121"]
extend-exclude = ["third"]
output-format = "concise"

[tool.ms-optim-lint.per-file-ignores]
"tests/*" = ["ms-wrong-rate-keyword"]
"""
INI = """
[ms-optim-lint]
select = MSO1
ignore = MSO121
extend-exclude = third
output-format = concise
per-file-ignores =
    tests/*: ms-wrong-rate-keyword
"""
FILES = {"pyproject.toml": TOML, "setup.cfg": INI, "tox.ini": INI}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, {"train.py": SCRIPT, "tests/train.py": SCRIPT, "third/train.py": SCRIPT})


@pytest.mark.parametrize("name", FILES)
def test_each_file_says_the_same(folder: Path, name: str) -> None:
    write(folder, {name: FILES[name]})
    done = command("check", "-q", folder=folder)
    assert [line.split(b" ")[0] for line in done.stdout.splitlines()] == [b"train.py:5:71:", b"train.py:12:39:"]
    # Patterns start from the folder of the file, wherever the command is run.
    assert command("check", "-q", folder=folder / "tests").stdout == b""
    assert codes("--isolated", "train.py", folder=folder) == ["MSO101", "MSO121", "MSO101"]
    assert codes("--select=MSO121", "train.py", folder=folder) == ["MSO121"]
    assert codes("--extend-select=MSO121", "train.py", folder=folder) == ["MSO101", "MSO121", "MSO101"]
    assert codes("--ignore=MSO101", "train.py", folder=folder) == []
    assert codes("--per-file-ignores=x.py:MSO101", "tests/train.py", folder=folder) == ["MSO101", "MSO101"]


def test_nearest_file_wins(folder: Path) -> None:
    write(folder, {"pyproject.toml": TOML, "tests/setup.cfg": "[ms-optim-lint]\nmin-severity = convention\n"})
    assert codes(folder=folder / "tests") == ["MSO101", "MSO121", "MSO101"]
    assert codes("--config=../pyproject.toml", folder=folder / "tests") == []


def test_show_settings(folder: Path) -> None:
    write(folder, {"pyproject.toml": TOML})
    text = command("check", "--show-settings", folder=folder / "tests").stdout.decode()
    assert text.startswith(f"# from {folder / 'pyproject.toml'}\n[tool.ms-optim-lint]\n")
    assert 'ignore = ["MSO121"]\n' in text
    assert "MSO101 ms-wrong-rate-keyword\n" in text
    assert "MSO121 ms-missing-order-params\n" not in text
    keys = re.findall(r"^([a-z-]+) = ", text, re.MULTILINE)
    assert set(keys) == set(KEYS) - {"baseline", "cache-dir"}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="reads TOML")
def test_what_is_shown_can_be_read(folder: Path) -> None:
    write(folder, {"pyproject.toml": TOML})
    text = command("check", "--show-settings", folder=folder).stdout.decode()
    before = load(folder)
    write(folder, {"pyproject.toml": text})
    assert load(folder).select == before.select
    assert load(folder).per_file_ignores == before.per_file_ignores


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selct = ['MSO1']", "selct is not a setting; the settings are mindspore-version, "),
        ("select = ['E501']", "select: 'E501' is no rule; write a code such as MSO113"),
        ("ignore = ['MSO101, MSO1O2']", "ignore: 'MSO1O2' is no rule"),
        ("select = 3", "select: 3 is not a list of codes."),
        ("output-format = 'xml'", "output-format: 'xml' is not accepted; write one of full, concise, json, "),
        ("respect-gitignore = 'perhaps'", "respect-gitignore: 'perhaps' is not accepted; write true or false."),
        ("exclude = [1]", "exclude: [1] is not a list of patterns."),
        ("per-file-ignores = ['x']", "per-file-ignores: ['x'] is not accepted; write a pattern, a colon and codes"),
        ("per-file-ignores = {'x' = ['F401']}", "per-file-ignores: 'F401' is no rule"),
        ("baseline = 3", "baseline: 3 is not a path."),
    ],
)
def test_bad_settings(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, {"pyproject.toml": f"[tool.ms-optim-lint]\n{text}\n", "train.py": WRONG})
    failed(command("check", folder=tmp_path), f"{tmp_path / 'pyproject.toml'}: {message}")


def test_bad_configuration_files(tmp_path: Path) -> None:
    write(tmp_path, {"x.toml": "[tool.other]\n", "y.toml": "ms-optim-lint = [", "z.cfg": "[ms-optim-lint]\nx\n"})
    failed(command("check", "--config=x.toml", folder=tmp_path), "x.toml: has no section [tool.ms-optim-lint].")
    failed(command("check", "--config=y.toml", folder=tmp_path), "y.toml: cannot be read: ")
    failed(command("check", "--config=z.cfg", folder=tmp_path), "z.cfg: ")


def test_the_hosts_read_past_it(folder: Path) -> None:
    # flake8 and Pylint have options of their own for what only the command reads.
    write(folder, {"pyproject.toml": TOML})
    assert load(folder).judging == load_file(folder / "pyproject.toml").judging
    from running import flake8_seen

    assert len(flake8_seen("train.py", folder=folder)) == 3


def test_the_page() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)
    assert sorted(rows) == sorted(KEYS)
    assert set(re.findall(r"^([a-z-]+) = ", page, re.MULTILINE)) <= set(KEYS)
    for form in OUTPUT_FORMATS:
        assert f"`{form}`" in page
    options = {word.rstrip("`") for word in re.findall(r"--[a-z][a-z-]+", page)}
    known = command("check", "--help", folder=ROOT).stdout.decode()
    hosts = {"--disable-noqa"}
    assert {option for option in options - hosts if option not in known} == set()
