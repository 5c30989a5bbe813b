"""Results are kept by content, and by all that they depend on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Optional

import pytest
from commanding import COMMAND, RIGHT, WRONG, command, write
from running import FAILING

NAME = ".ms_optim_lint_cache"
SCRIPT = "from mindspore import nn\nfrom helper import pick\n\nopt = nn.SGD(pick(nn.Dense(4, 2)), 0.1)\n"
FULL, EMPTY = "def pick(net):\n    return net.trainable_params()\n", "def pick(net):\n    return []\n"


def _check(folder: Path, *arguments: str, python_path: Optional[Path] = None) -> list[str]:
    done = command(
        "check",
        "-q",
        "--output-format=concise",
        *arguments,
        folder=folder,
        python_path=python_path,
        MS_OPTIM_LINT_NO_CACHE="",
    )
    assert done.stderr == b""
    return done.stdout.decode().splitlines()


def _codes(folder: Path, *arguments: str) -> list[str]:
    return [line.split(" ")[1] for line in _check(folder, *arguments)]


def test_the_second_run_says_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"broken.py": WRONG, "right.py": RIGHT, "half.py": WRONG + "x = (\n", "other.py": "x = 1\n"})
    first = _check(tmp_path)
    assert len(first) == 2
    # What would fail is not run again.
    assert _check(tmp_path, python_path=FAILING) == first
    assert any("MSO100" in line for line in command_lines(tmp_path, "--no-cache"))


def command_lines(folder: Path, *arguments: str) -> list[str]:
    """What a run says whose analysis fails for some files."""
    done = command("check", "-q", "--output-format=concise", *arguments, folder=folder, python_path=FAILING)
    return done.stdout.decode().splitlines()


def test_its_folder(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": WRONG})
    _check(tmp_path)
    folder = tmp_path / NAME
    assert (folder / ".gitignore").read_text().splitlines()[-1] == "*"
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    assert command("check", "--show-files", folder=tmp_path).stdout == b"train.py\n"
    assert command("clean", folder=tmp_path).returncode == 0
    assert os.listdir(tmp_path) == ["train.py"]
    assert command("clean", folder=tmp_path).returncode == 0
    for arguments in (["--no-cache"], ["-", "-n"]):
        _check(tmp_path, *arguments)
    _check(tmp_path, "--cache-dir=elsewhere")
    assert sorted(os.listdir(tmp_path)) == ["elsewhere", "train.py"]
    assert command("clean", "--cache-dir=elsewhere", folder=tmp_path).returncode == 0
    write(tmp_path, {"pyproject.toml": '[tool.ms-optim-lint]\nmin-severity = "warning"\n', "inner/train.py": WRONG})
    _check(tmp_path / "inner")
    assert NAME in os.listdir(tmp_path)


def test_clean_removes_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, {"mine/thesis.txt": "months of work"})
    done = command("clean", "--cache-dir=mine", folder=tmp_path)
    assert done.returncode == 2
    assert b"mine is no cache of ms-optim-lint, and is left alone." in done.stderr
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_follows_other_files(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": SCRIPT, "helper.py": FULL})
    assert _codes(tmp_path) == []
    write(tmp_path, {"helper.py": EMPTY})
    assert _codes(tmp_path) == ["MSO111"]
    write(tmp_path, {"helper.py": FULL})
    assert _codes(tmp_path) == []
    (tmp_path / "helper.py").unlink()
    assert _codes(tmp_path) == []


def test_follows_files_that_come(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": SCRIPT})
    assert _codes(tmp_path) == []
    write(tmp_path, {"helper/__init__.py": EMPTY})
    assert _codes(tmp_path) == ["MSO111"]
    # A module in front of it on the path.
    write(tmp_path, {"helper/__init__.py": "", "helper.py": EMPTY})
    (tmp_path / "helper" / "__init__.py").unlink()
    assert _codes(tmp_path) == ["MSO111"]


def test_follows_settings(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": "from mindspore import nn\n\nopt = nn.SGD(net.trainable_params(), [0.1])\n"})
    assert _codes(tmp_path) == []
    assert _codes(tmp_path, "--preview") == ["MSO139"]
    assert _codes(tmp_path) == []


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"[]", b'{"silent": 3, "files": []}', b'{"silent": [], "files": {"x": 1}}']
)
def test_a_broken_file(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, {"train.py": WRONG})
    expected = _check(tmp_path)
    (path,) = (tmp_path / NAME).glob("*.json")
    path.write_bytes(content.replace(b'"x"', f'"{tmp_path / "train.py"}"'.encode()))
    assert _check(tmp_path) == expected
    assert len(path.read_bytes()) > 100


def test_a_broken_entry(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": WRONG})
    expected = _check(tmp_path)
    (path,) = (tmp_path / NAME).glob("*.json")
    path.write_text(path.read_text("utf-8").replace('"MSO101"', "3").replace('"E"', '"Q"'), "utf-8")
    assert _check(tmp_path) == expected


def test_no_place_for_it(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": WRONG, NAME: "a file is in the way"})
    assert _codes(tmp_path) == ["MSO101"]
    assert _codes(tmp_path, "--cache-dir=/proc/nowhere") == ["MSO101"]


def test_two_runs_at_once(tmp_path: Path) -> None:
    for number in range(12):
        write(tmp_path, {f"train_{number}.py": WRONG + number * "\n"})
    environment = {key: value for key, value in os.environ.items() if key != "MS_OPTIM_LINT_NO_CACHE"}
    call = [*COMMAND, "check", "-q", "--output-format=concise", "--jobs=1"]
    runs = [subprocess.Popen(call, cwd=tmp_path, stdout=subprocess.PIPE, env=environment) for _ in range(3)]
    written = {run.communicate()[0] for run in runs}
    assert len(written) == 1
    assert _check(tmp_path) == written.pop().decode().splitlines()
    assert not list((tmp_path / NAME).glob(".ms-optim-lint-*"))
