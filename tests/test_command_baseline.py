"""A baseline hides what is known, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commanding import WRONG, codes, command, failed, lines, write
from running import SCRIPT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, {"inner/train.py": SCRIPT, "other.py": WRONG})
    done = command("check", "--write-baseline=known.json", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == b"known.json knows 4 findings now.\n"
    return tmp_path


def test_known_findings_are_hidden(folder: Path) -> None:
    assert codes(folder=folder) == ["MSO101", "MSO121", "MSO101", "MSO101"]
    assert codes("--baseline=known.json", folder=folder) == []
    assert codes("--baseline=../known.json", folder=folder / "inner") == []
    write(folder, {"setup.cfg": "[ms-optim-lint]\nbaseline = known.json\n"})
    assert codes(folder=folder) == []
    assert codes(folder=folder / "inner") == []
    assert len(codes("--isolated", folder=folder)) == 4


def test_the_file_can_be_reviewed(folder: Path) -> None:
    text = (folder / "known.json").read_text("utf-8")
    content = json.loads(text)
    found = [(one["path"], one["code"]) for one in content["findings"]]
    assert found == sorted(found)
    assert [path for path, _ in found] == ["inner/train.py", "inner/train.py", "other.py"]
    assert [one["count"] for one in content["findings"]] == [2, 1, 1]
    assert content["findings"][2]["source"] == "lr=0.1"
    assert content["findings"][2]["symbol"] == "ms-wrong-rate-keyword"
    command("check", "--write-baseline=again.json", "-j2", "other.py", "inner", folder=folder)
    assert (folder / "again.json").read_text("utf-8") == text
    assert '"line"' not in text


@pytest.mark.parametrize(
    "change",
    [
        ("from mindspore import nn", "import os\n\n# a comment\nfrom mindspore import nn"),
        ("net = nn.Dense(4, 2)", "net = nn.Dense(\n    4, 2,\n)\n\n\ndef unrelated():\n    return 1\n\n"),
        ('{"params": net.trainable_params()}, ', "{'params': net.trainable_params()},  # the net\n    "),
        (", lr=0.1)\ngrouped", ",\n    lr = 0.1,  # slow\n)\ngrouped"),
        ("    def build", "    def other(self):\n        return 2\n\n    def build"),
        ("class Trainer", "class Renamed"),
        ("opt", "optimizer"),
    ],
)
def test_unrelated_edits(folder: Path, change: tuple[str, str]) -> None:
    write(folder, {"inner/train.py": SCRIPT.replace(*change)})
    assert codes("--baseline=known.json", folder=folder) == []


def test_new_findings_are_shown(folder: Path) -> None:
    write(folder, {"inner/train.py": SCRIPT + "\nnn.SGD(net.trainable_params(), lr=0.2)\n"})
    (line,) = lines("--baseline=known.json", folder=folder)
    assert line.startswith("inner/train.py:14:")
    # One more of the same is one too many, wherever it stands.
    write(folder, {"inner/train.py": SCRIPT, "other.py": WRONG + WRONG.splitlines()[2] + "\n"})
    assert codes("--baseline=known.json", folder=folder) == ["MSO101"]
    write(folder, {"other.py": WRONG, "twin.py": WRONG})
    assert codes("--baseline=known.json", folder=folder) == ["MSO101"]


def test_what_is_not_there_any_more(folder: Path) -> None:
    write(folder, {"inner/train.py": SCRIPT.replace("lr=", "learning_rate=")})
    (folder / "other.py").unlink()
    done = command("check", "--baseline=known.json", folder=folder)
    assert done.returncode == 0
    said = done.stderr.decode().splitlines()
    assert said[0].startswith("ms-optim-lint: warning: known.json knows what is not there any more")
    assert [line.split()[:2] for line in said[1:]] == [["inner/train.py:", "MSO101"], ["other.py:", "MSO101"]]
    assert said[1].endswith(" (2 times)")


def test_what_was_not_looked_for_is_not_missed(folder: Path) -> None:
    for more in (["--select=MSO113"], ["--min-severity=warning", "--ignore=MSO101"], ["other.py"]):
        done = command("check", "--baseline=known.json", *more, folder=folder)
        assert (done.returncode, done.stderr) == (0, b"")


def test_fix_leaves_known_findings_alone(folder: Path) -> None:
    assert command("check", "--baseline=known.json", "--fix", folder=folder).returncode == 0
    assert (folder / "other.py").read_text("utf-8") == WRONG


def test_bad_baselines(folder: Path) -> None:
    failed(command("check", "--baseline=nowhere.json", folder=folder), "nowhere.json: there is no such baseline")
    for text in ("", "[]", "{}", '{"version": 1, "findings": [{}]}', '{"version": 1, "findings": 3}', "\x00"):
        write(folder, {"bad.json": text})
        failed(command("check", "--baseline=bad.json", folder=folder), "bad.json is not a baseline")
    write(folder, {"bad.json": '{"version": 2, "findings": []}'})
    failed(command("check", "--baseline=bad.json", folder=folder), "of another version")
    failed(command("check", "--baseline=inner", folder=folder), "inner cannot be read: is a directory")
    failed(command("check", "--write-baseline=no/such/b.json", folder=folder), "cannot be written")


def test_unjudged_files_are_never_known(folder: Path) -> None:
    write(folder, {"half.py": WRONG + "x = (\n"})
    command("check", "--write-baseline=known.json", folder=folder)
    assert codes("--baseline=known.json", folder=folder) == ["invalid-syntax"]


def test_written_by_other_programs(folder: Path) -> None:
    text = (folder / "known.json").read_bytes()
    for other in (text.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + text, text.replace(b"\n", b"").replace(b"  ", b"")):
        (folder / "known.json").write_bytes(other)
        assert lines("--baseline=known.json", folder=folder) == []
    (folder / "known.json").write_bytes(text.replace(b"{", b"<<<<<<< HEAD\n{", 2))
    failed(
        command("check", "--baseline=known.json", folder=folder), "is not a baseline of ms-optim-lint: line 1 is not"
    )


def test_two_in_one(folder: Path) -> None:
    """As git merges two that know the same: nothing is reported, and what is too much is told."""
    content = json.loads((folder / "known.json").read_text("utf-8"))
    content["findings"] += content["findings"]
    (folder / "known.json").write_text(json.dumps(content), "utf-8")
    done = command("check", "--baseline=known.json", folder=folder)
    assert done.returncode == 0
    assert b"knows what is not there any more" in done.stderr
