"""``--fix``, ``--diff`` and notebooks in the command. How fixes are made is tested without it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
from commanding import RIGHT, WRONG, codes, command, failed, lines, records, write
from running import ROOT, SCRIPT

DIFF = """\
--- train.py
+++ train.py
@@ -1,3 +1,3 @@
 from mindspore import nn
\x20
-opt = nn.SGD(net.trainable_params(), lr=0.1)
+opt = nn.SGD(net.trainable_params(), learning_rate=0.1)
"""


def notebook(*cells: str) -> str:
    """A notebook with a Markdown cell in front."""

    def cell(kind: str, text: str) -> dict[str, Any]:
        more: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
        return {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True), **more}

    found = [cell("markdown", "# Training"), *(cell("code", text) for text in cells)]
    return json.dumps({"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def test_fix(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": SCRIPT, "clean.py": "x = 1\n"})
    before = lines(folder=tmp_path)
    done = command("check", "--fix", "--output-format=concise", folder=tmp_path)
    assert done.returncode == 1
    written = done.stdout.decode().splitlines()
    assert written == [before[1], "Found 3 findings (2 fixed, 1 remaining)."]
    assert (tmp_path / "train.py").read_text("utf-8") == SCRIPT.replace("lr=", "learning_rate=")
    again = command("check", "--fix", "--output-format=concise", folder=tmp_path)
    assert again.stdout.decode().splitlines() == [before[1], "Found 1 finding in 1 file of 2."]
    assert (tmp_path / "train.py").read_text("utf-8") == SCRIPT.replace("lr=", "learning_rate=")


def test_exit_codes_of_fix(tmp_path: Path) -> None:
    exit_codes = {"--fix": 0, "--exit-non-zero-on-fix": 1, "--fix-only": 0}
    for more, code in exit_codes.items():
        write(tmp_path, {"train.py": WRONG})
        assert command("check", "--fix", more, folder=tmp_path).returncode == code
        assert (tmp_path / "train.py").read_text("utf-8") == RIGHT
        assert command("check", "--fix", more, folder=tmp_path).returncode == 0


def test_fix_only_what_is_reported(tmp_path: Path) -> None:
    known = WRONG.rstrip() + "  # noqa: MSO101\n"
    write(tmp_path, {"train.py": known + WRONG.splitlines()[2] + "\n"})
    assert command("check", "--fix", "--ignore=MSO101", folder=tmp_path).returncode == 0
    assert (tmp_path / "train.py").read_text("utf-8") == known + WRONG.splitlines()[2] + "\n"
    assert command("check", "--fix", folder=tmp_path).returncode == 0
    assert (tmp_path / "train.py").read_text("utf-8") == known + RIGHT.splitlines()[2] + "\n"


def test_diff(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": WRONG})
    done = command("check", "--diff", folder=tmp_path)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (1, DIFF, b"")
    assert (tmp_path / "train.py").read_text("utf-8") == WRONG
    for option in ("--fix", "--fix-only"):  # as in ruff: nothing is changed
        done = command("check", option, "--diff", folder=tmp_path)
        assert (done.returncode, done.stdout.decode(), done.stderr) == (1, DIFF, b"")
        assert (tmp_path / "train.py").read_text("utf-8") == WRONG
    write(tmp_path, {"train.py": RIGHT})
    done = command("check", "--diff", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_standard_input(tmp_path: Path) -> None:
    done = command("check", "--fix", "-", folder=tmp_path, stdin=WRONG.replace("\n", "\r\n").encode())
    assert (done.returncode, done.stdout) == (0, RIGHT.replace("\n", "\r\n").encode())
    assert b"1 fixed, 0 remaining" in done.stderr
    done = command("check", "--fix", "-", folder=tmp_path, stdin=SCRIPT.encode())
    assert done.returncode == 1
    assert done.stdout.decode() == SCRIPT.replace("lr=", "learning_rate=")
    assert b"MSO121" in done.stderr
    done = command("check", "--diff", "-", "--stdin-filename=train.py", folder=tmp_path, stdin=WRONG.encode())
    assert (done.returncode, done.stdout.decode()) == (1, DIFF)


def test_read_only_file_does_not_stop_others(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": WRONG, "b.py": WRONG, "c.py": WRONG})
    (tmp_path / "b.py").chmod(0o444)
    done = command("check", "--fix", "--output-format=concise", folder=tmp_path)
    assert done.returncode == 2
    assert b"b.py: is not fixed: it is read-only" in done.stderr
    assert [(tmp_path / name).read_text("utf-8") for name in ("a.py", "b.py", "c.py")] == [RIGHT, WRONG, RIGHT]
    assert done.stdout.startswith(b"b.py:3:38: MSO101")


def test_contradictions(tmp_path: Path) -> None:
    failed(command("check", "--write-baseline=x", "--fix", folder=tmp_path), "fix first")


def test_fixed_examples_stay_fixed(tmp_path: Path) -> None:
    for path in (ROOT / "examples").glob("*.py"):
        write(tmp_path, {path.name: path.read_text("utf-8")})
    before = records(folder=tmp_path)
    safe = [one for one in before if one["fix"] and one["fix"]["applicability"] == "safe"]
    assert safe
    command("check", "--fix", folder=tmp_path)
    after = records(folder=tmp_path)
    assert [one["message"] for one in after] == [one["message"] for one in before if one not in safe]


def test_notebook(tmp_path: Path) -> None:
    text = notebook(
        "%matplotlib inline\nfrom mindspore import nn\n", "!ls\nnet = nn.Dense(4, 2)", WRONG.splitlines()[2]
    )
    write(tmp_path, {"train.ipynb": text})
    (line,) = lines(folder=tmp_path)
    assert line.startswith("train.ipynb:cell 4:1:38: MSO101 [*] nn.SGD has no argument 'lr'")
    (one,) = records(folder=tmp_path)
    assert (one["cell"], one["location"]) == (4, {"row": 1, "column": 38})
    full = command("check", folder=tmp_path).stdout.decode()
    assert " --> train.ipynb:cell 4:1:38\n  |\n1 | opt = nn.SGD(net.trainable_params(), lr=0.1)\n" in full

    raw = next(number for number, row in enumerate(text.splitlines(), 1) if "nn.SGD" in row)
    log = json.loads(command("check", "--output-format=sarif", folder=tmp_path).stdout)
    jsonschema.validate(log, json.loads((ROOT / "tests" / "data" / "sarif-2.1.0.json").read_text("utf-8")))
    (location,) = log["runs"][0]["results"][0]["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": raw, "endLine": raw}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "cell 4, line 1, column 38"
    github = command("check", "--output-format=github", folder=tmp_path).stdout.decode()
    assert f"line={raw},endLine={raw}::train.ipynb:cell 4:1:38: MSO101" in github
    gitlab = json.loads(command("check", "--output-format=gitlab", folder=tmp_path).stdout)
    assert gitlab[0]["description"].startswith("MSO101: cell 4, line 1: nn.SGD")

    diff = command("check", "--diff", folder=tmp_path).stdout.decode()
    assert diff.startswith("--- train.ipynb:cell 4\n")
    assert command("check", "--fix", folder=tmp_path).returncode == 0
    assert (tmp_path / "train.ipynb").read_text("utf-8") == text.replace("lr=", "learning_rate=")
    assert codes(folder=tmp_path) == []


def test_suppressions_in_notebooks(tmp_path: Path) -> None:
    write(tmp_path, {"train.ipynb": notebook("from mindspore import nn\n", WRONG.splitlines()[2] + "  # noqa: MSO101")})
    assert codes(folder=tmp_path) == []
    assert " MSO101 " in lines("--no-suppressions", folder=tmp_path)[0]


def test_no_notebook(tmp_path: Path) -> None:
    write(tmp_path, {"a.ipynb": '{"mindspore optim', "b.ipynb": "{}", "c.ipynb": '{"mindspore": 1, "optim": 2}'})
    found = lines(folder=tmp_path)
    assert [line.split(" ")[:2] for line in found] == [
        ["a.ipynb:1:1:", "invalid-syntax"],
        ["c.ipynb:1:1:", "invalid-syntax"],
    ]
