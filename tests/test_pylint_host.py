"""Pylint as its users run it: places, objects, suppressions, options, workers, standard input, and our own failures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from running import FAILING, SCRIPT, places, pylint, pylint_messages, pylint_seen, run

RATE, GROUPS, METHOD = (5, 72, "MSO101"), (6, 17, "MSO121"), (12, 38, "MSO101")
ALL_OF_IT = [RATE, GROUPS, METHOD]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "train.py").write_text(SCRIPT, "utf-8")
    return tmp_path


def test_every_field(folder: Path) -> None:
    rate, groups, method = pylint_messages("train.py", folder=folder)
    assert {key: value for key, value in rate.items() if key != "message"} == {
        "type": "error",
        "module": "train",
        "obj": "",
        "line": 5,
        "column": 72,
        "endLine": 5,
        "endColumn": 78,
        "path": "train.py",
        "symbol": "ms-wrong-rate-keyword",
        "message-id": "E7801",
    }
    assert (groups["symbol"], groups["message-id"]) == ("ms-missing-order-params", "C7821")
    assert (method["obj"], method["line"], method["column"]) == ("Trainer.build", 12, 38)
    assert (method["endLine"], method["endColumn"]) == (12, 44)


def test_plain_output(folder: Path) -> None:
    chosen = ["--disable=all", "--enable=ms-wrong-rate-keyword"]
    done = run("pylint", ["--load-plugins=ms_optim_lint", *chosen, "train.py"], folder)
    assert done.returncode == 2
    assert "train.py:5:72: E7801: " in done.stdout
    assert "train.py:12:38: E7801: " in done.stdout
    assert "(ms-wrong-rate-keyword)" in done.stdout


def test_on_by_default(folder: Path) -> None:
    done = run("pylint", ["--load-plugins=ms_optim_lint", "train.py"], folder)
    assert "(ms-wrong-rate-keyword)" in done.stdout
    assert "(ms-missing-order-params)" in done.stdout


def test_help_message(folder: Path) -> None:
    done = run("pylint", ["--load-plugins=ms_optim_lint", "--help-msg=ms-wrong-rate-keyword"], folder)
    assert ":ms-wrong-rate-keyword (E7801)" in done.stdout
    assert len(done.stdout.split()) > 30


DISABLE = "# pylint: disable=ms-wrong-rate-keyword"


def _with(comments: dict[int, str]) -> str:
    lines = SCRIPT.splitlines()
    for number, comment in comments.items():
        lines[number - 1] += f"  {comment}"
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("script", "left"),
    [
        (_with({5: DISABLE}), [GROUPS, METHOD]),
        (_with({5: "# pylint: disable=E7801", 6: "# pylint: disable=ms-optim"}), [METHOD]),
        (_with({12: DISABLE}), [RATE, GROUPS]),
        # A comment on a line of its own holds for the rest of its scope.
        (SCRIPT.replace("        return", f"        {DISABLE}\n        return"), [RATE, GROUPS]),
        (SCRIPT.replace("    def", f"    {DISABLE}\n    def"), [RATE, GROUPS]),
        (SCRIPT.replace("class Trainer:", f"class Trainer:  {DISABLE}"), [RATE, GROUPS]),
        (SCRIPT.replace("\n\nnet", f"\n{DISABLE}\nnet"), [GROUPS]),
        (SCRIPT.replace("\n\nnet", "\n# pylint: skip-file\nnet"), []),
        (SCRIPT.replace("é =", "# pylint: disable-next=E7801\né ="), [(7, 17, "MSO121"), (13, 38, "MSO101")]),
    ],
)
def test_suppressions(folder: Path, script: str, left: list[tuple[int, int, str]]) -> None:
    (folder / "train.py").write_text(script, "utf-8")
    assert places(pylint_seen("train.py", folder=folder)) == left


def test_used_suppression_is_not_called_useless(folder: Path) -> None:
    script = _with({5: DISABLE, 3: DISABLE})
    (folder / "train.py").write_text(script, "utf-8")
    done = pylint("--enable=useless-suppression", "train.py", folder=folder)
    useless = [one["line"] for one in json.loads(done.stdout) if one["symbol"] == "useless-suppression"]
    assert useless == [3]


def test_confidence(folder: Path) -> None:
    every = "HIGH,CONTROL_FLOW,INFERENCE,INFERENCE_FAILURE,UNDEFINED"
    assert places(pylint_seen(f"--confidence={every}", "train.py", folder=folder)) == ALL_OF_IT
    assert pylint_seen("--confidence=UNDEFINED", "train.py", folder=folder) == []
    known = pylint_seen("--confidence=HIGH", "train.py", folder=folder)
    followed = pylint_seen("--confidence=INFERENCE", "train.py", folder=folder)
    assert places(sorted(known + followed)) == ALL_OF_IT
    assert known


CONFIGURATIONS = {
    ".pylintrc": "[MAIN]\nload-plugins=ms_optim_lint\n[MS-OPTIM]\nmso-min-severity=error\nmso-preview=yes\n",
    "pylintrc": "[MASTER]\nmso-min-severity=error\nmso-mindspore-version=2.7\n",
    "setup.cfg": "[pylint.main]\nload-plugins=ms_optim_lint\n[pylint.ms-optim]\nmso-min-severity=error\n",
    "tox.ini": "[pylint]\nmso-min-severity=error\n",
    "pyproject.toml": '[tool.pylint.ms-optim]\nmso-min-severity = "error"\nmso-preview = false\n',
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_options_in_configuration_files(folder: Path, name: str) -> None:
    (folder / name).write_text(CONFIGURATIONS[name], "utf-8")
    arguments = [f"--rcfile={name}", "train.py"] if name == "tox.ini" else ["train.py"]
    assert places(pylint_seen(*arguments, folder=folder)) == [RATE, METHOD]
    assert places(pylint_seen("--mso-min-severity=convention", *arguments, folder=folder)) == ALL_OF_IT


def test_shared_configuration_is_the_base(folder: Path) -> None:
    (folder / "setup.cfg").write_text("[ms-optim-lint]\nmin-severity = error\n", "utf-8")
    assert places(pylint_seen("train.py", folder=folder)) == [RATE, METHOD]
    assert places(pylint_seen("--mso-preview=y", "train.py", folder=folder)) == [RATE, METHOD]
    assert places(pylint_seen("--mso-min-severity=convention", "train.py", folder=folder)) == ALL_OF_IT


def test_generated_configuration_is_accepted(folder: Path) -> None:
    done = run("pylint", ["--load-plugins=ms_optim_lint", "--generate-rcfile"], folder)
    assert "mso-mindspore-version" in done.stdout
    (folder / ".pylintrc").write_text(done.stdout, "utf-8")
    assert places(pylint_seen("train.py", folder=folder)) == ALL_OF_IT


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--mso-mindspore-version=newest", "--mso-mindspore-version: 'newest' is not a MindSpore version; write"),
        ("--mso-min-severity=W", "--mso-min-severity: 'W' is not accepted; write one of convention, refactor, warning"),
        ("--mso-source-roots=lib,nowhere", "--mso-source-roots: 'lib' is not a folder in "),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_bad_option_value(folder: Path, option: str, message: str, jobs: str) -> None:
    done = pylint(option, f"-j{jobs}", "train.py", folder=folder)
    assert done.returncode == 32
    assert message in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_bad_shared_configuration(folder: Path) -> None:
    (folder / "tox.ini").write_text("[ms-optim-lint]\npreviw = yes\n", "utf-8")
    done = pylint("-j2", "train.py", folder=folder)
    assert done.returncode == 32
    assert f"{folder / 'tox.ini'}: previw is not a setting; the settings are" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_workers(folder: Path) -> None:
    names = [f"train_{number}.py" for number in range(5)]
    for name in names:
        (folder / name).write_text(SCRIPT, "utf-8")
    serial = pylint_seen("-j1", *names, "--mso-min-severity=error", folder=folder)
    assert len(serial) == 5 * 2
    assert pylint_seen("-j2", *names, "--mso-min-severity=error", folder=folder) == serial


def test_standard_input(folder: Path) -> None:
    # The file of that name says something else, or is not there: it must not be read.
    (folder / "other.py").write_text("x = (\n", "utf-8")
    declared = "# -*- coding: latin-1 -*-\n" + SCRIPT
    for name in ("other.py", "nowhere.py"):
        seen = pylint_seen("--from-stdin", name, folder=folder, stdin=SCRIPT.encode())
        assert places(seen) == ALL_OF_IT
        assert {one.path for one in seen} == {name}
        seen = pylint_seen("--from-stdin", name, folder=folder, stdin=declared.encode())
        assert [(line - 1, column, code) for line, column, code in places(seen)] == ALL_OF_IT


def _failed(messages: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["path"]: one for one in messages if one["message-id"] == "E7800"}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_failure_of_ours_loses_nothing(folder: Path, jobs: str) -> None:
    names = ["a.py", "broken.py", "deep.py", "train.py", "z.py"]
    for name in names:
        (folder / name).write_text(SCRIPT, "utf-8")
    messages = pylint_messages(f"-j{jobs}", *names, folder=folder, python_path=FAILING)
    failed = _failed(messages)
    assert set(failed) == {"broken.py", "deep.py"}
    assert [(one["line"], one["column"], one["obj"]) for one in failed.values()] == [(1, 0, ""), (1, 0, "")]
    assert "broken.py (KeyError: " in failed["broken.py"]["message"]
    assert "RecursionError" in failed["deep.py"]["message"]
    assert len(messages) == 2 + 3 * 3


def test_failure_of_ours_can_be_silenced(folder: Path) -> None:
    (folder / "broken.py").write_text("x = 1  # pylint: disable=ms-internal-error\n", "utf-8")
    assert pylint_messages("broken.py", folder=folder, python_path=FAILING) == []
