"""flake8 as its users run it: places, noqa, options, workers, standard input, and our own failures."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import FAILING, SCRIPT, flake8, flake8_seen, places, run

#: What SCRIPT gives: the first lies behind two "é", of two bytes each, and flake8 counts bytes.
RATE, GROUPS, METHOD = (5, 72, "MSO101"), (6, 17, "MSO121"), (12, 38, "MSO101")
ALL_OF_IT = [RATE, GROUPS, METHOD]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "train.py").write_text(SCRIPT, "utf-8")
    return tmp_path


def test_places(folder: Path) -> None:
    assert places(flake8_seen("train.py", folder=folder)) == ALL_OF_IT


def test_plain_output_counts_columns_from_one(folder: Path) -> None:
    done = run("flake8", ["--select=MSO101", "train.py"], folder)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split(" ", 2)[:2] for line in lines] == [["train.py:5:73:", "MSO101"], ["train.py:12:39:", "MSO101"]]


def test_on_by_default(folder: Path) -> None:
    assert " MSO101 " in run("flake8", ["train.py"], folder).stdout


def test_version_names_the_plugin(folder: Path) -> None:
    assert "ms-optim-lint: " in " ".join(run("flake8", ["--version"], folder).stdout.split())


def test_noqa(folder: Path) -> None:
    lines = SCRIPT.splitlines()
    lines[4] += "  # noqa: MSO101"
    lines[5] += "  # noqa: MSO101"
    lines[11] += "  # noqa"
    (folder / "train.py").write_text("\n".join(lines) + "\n", "utf-8")
    assert places(flake8_seen("train.py", folder=folder)) == [GROUPS]
    assert places(flake8_seen("train.py", "--disable-noqa", folder=folder)) == ALL_OF_IT


def test_ignore_and_per_file_ignores(folder: Path) -> None:
    assert places(flake8_seen("train.py", "--extend-ignore=MSO101", folder=folder)) == [GROUPS]
    assert places(flake8_seen("train.py", "--per-file-ignores=train.py:MSO12", folder=folder)) == [RATE, METHOD]


@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
def test_options_in_configuration_files(folder: Path, name: str) -> None:
    (folder / name).write_text("[flake8]\nmso-min-severity = error\nmso-preview = true\n", "utf-8")
    assert places(flake8_seen("train.py", folder=folder)) == [RATE, METHOD]
    # The command line wins.
    assert places(flake8_seen("train.py", "--mso-min-severity=convention", folder=folder)) == ALL_OF_IT


def test_shared_configuration_is_the_base(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.ms-optim-lint]\nmin-severity = "error"\n', "utf-8")
    assert places(flake8_seen("train.py", folder=folder)) == [RATE, METHOD]
    assert places(flake8_seen("train.py", "--mso-mindspore-version=2.7", folder=folder)) == [RATE, METHOD]
    assert places(flake8_seen("train.py", "--mso-min-severity=refactor", folder=folder)) == [RATE, METHOD]
    assert places(flake8_seen("train.py", "--mso-min-severity=convention", folder=folder)) == ALL_OF_IT


def test_source_roots(folder: Path) -> None:
    (folder / "lib").mkdir()
    (folder / "lib" / "rates.py").write_text("def groups(net):\n    return []\n", "utf-8")
    script = "from mindspore import nn\nfrom rates import groups\n\nopt = nn.SGD(groups(nn.Dense(2, 2)), 0.1)\n"
    (folder / "train.py").write_text(script, "utf-8")
    assert places(flake8_seen("train.py", folder=folder)) == []
    assert [one.code for one in flake8_seen("train.py", "--mso-source-roots=lib", folder=folder)] == ["MSO111"]
    (folder / "setup.cfg").write_text("[flake8]\nmso-source-roots =\n    ./lib,\n", "utf-8")
    assert [one.code for one in flake8_seen("train.py", folder=folder)] == ["MSO111"]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--mso-mindspore-version=newest", "--mso-mindspore-version: 'newest' is not a MindSpore version; write"),
        ("--mso-min-severity=W", "--mso-min-severity: 'W' is not accepted; write one of convention, refactor, warning"),
        ("--mso-source-roots=nowhere", "--mso-source-roots: 'nowhere' is not a folder in "),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_bad_option_value(folder: Path, option: str, message: str, jobs: str) -> None:
    done = flake8(option, f"-j{jobs}", "train.py", folder=folder)
    assert done.returncode == 1
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_bad_shared_configuration(folder: Path) -> None:
    (folder / "tox.ini").write_text("[ms-optim-lint]\npreviw = yes\n", "utf-8")
    done = flake8("train.py", folder=folder)
    assert done.returncode == 1
    assert f"{folder / 'tox.ini'}: previw is not a setting; the settings are" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_workers(folder: Path) -> None:
    for number in range(5):
        (folder / f"train_{number}.py").write_text(SCRIPT, "utf-8")
    serial = flake8_seen("-j1", ".", "--mso-min-severity=error", folder=folder)
    assert len(serial) == 6 * 2
    assert flake8_seen("-j2", ".", "--mso-min-severity=error", folder=folder) == serial


@pytest.mark.parametrize("name", [[], ["--stdin-display-name=not/there.py"], ["--stdin-display-name=other.py"]])
def test_standard_input(folder: Path, name: list[str]) -> None:
    # The file of that name says something else, or is not there: it must not be read.
    (folder / "other.py").write_text("x = (\n", "utf-8")
    seen = flake8_seen(*name, "-", folder=folder, stdin=SCRIPT.encode())
    assert places(seen) == ALL_OF_IT
    assert {one.path for one in seen} == {name[0].split("=")[1] if name else "stdin"}


def test_file_that_does_not_parse(folder: Path) -> None:
    (folder / "half.py").write_text(SCRIPT + "x = (\n", "utf-8")
    done = run("flake8", ["--select=MSO,E9", "half.py"], folder)
    assert "E999" in done.stdout
    assert "MSO" not in done.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_failure_of_ours_loses_nothing(folder: Path, jobs: str) -> None:
    for name in ("broken.py", "deep.py", "a.py", "z.py"):
        (folder / name).write_text(SCRIPT, "utf-8")
    seen = flake8_seen(f"-j{jobs}", ".", folder=folder, python_path=FAILING)
    failed = {one.path: one for one in seen if one.code == "MSO100"}
    assert set(failed) == {"broken.py", "deep.py"}
    assert [(one.line, one.column) for one in failed.values()] == [(1, 0), (1, 0)]
    assert "broken.py (KeyError: " in failed["broken.py"].message
    assert "RecursionError" in failed["deep.py"].message
    for name in ("a.py", "train.py", "z.py"):
        assert places([one for one in seen if one.path == name]) == ALL_OF_IT
    assert len(seen) == 2 + 3 * 3


def test_failure_of_ours_can_be_silenced(folder: Path) -> None:
    (folder / "broken.py").write_text("x = 1  # noqa: MSO100\n", "utf-8")
    assert flake8_seen("broken.py", folder=folder, python_path=FAILING) == []
