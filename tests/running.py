"""The real hosts, run as a user runs them, and what they said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Optional, Union

from ms_optim_lint.rules import ALL

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
FAILING = ROOT / "tests" / "failing"

#: Three mistakes: an E at line 5, a C at line 6 (its first line), and an E at line 11 inside a method.
SCRIPT = """\
from mindspore import nn

net = nn.Dense(4, 2)
rest = nn.LayerNorm((2,))
é = "é"; momentum = nn.Momentum(net.trainable_params(), momentum=0.9, lr=0.1)
grouped = nn.SGD([{"params": net.trainable_params()}, {"params": rest.trainable_params()}], 0.1)


class Trainer:
    def build(self, model):
        return nn.Adam(
            model.trainable_params(), lr=0.1)
"""

CODES = {rule.pylint_id: rule.code for rule in ALL}


class Seen(NamedTuple):
    """A finding as a host shows it; columns count from 0 here."""

    path: str
    line: int
    column: int
    code: str
    message: str


def run(
    module: str,
    arguments: Sequence[Union[str, Path]],
    folder: Path,
    stdin: Optional[bytes] = None,
    python_path: Optional[Path] = None,
) -> subprocess.CompletedProcess[str]:
    """``python -m module arguments`` in ``folder``; never raises for the exit code."""
    environment = dict(os.environ)
    environment.update(PYTHONIOENCODING="utf-8", PYLINTHOME=os.path.join(tempfile.gettempdir(), "ms-optim-lint-tests"))
    if python_path is not None:
        environment["PYTHONPATH"] = os.pathsep.join([str(python_path), environment.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, input=stdin or b"", capture_output=True, env=environment, check=False)
    return subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")
    )


def flake8(*arguments: Union[str, Path], folder: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """flake8 with only our codes, one finding a line, fields between tabs."""
    form = "--format=%(path)s\t%(row)d\t%(col)d\t%(code)s\t%(text)s"
    return run("flake8", ["--select=MSO", form, *arguments], folder, **more)


def flake8_seen(*arguments: Union[str, Path], folder: Path, **more: Any) -> list[Seen]:
    """What flake8 shows, in order of place."""
    done = flake8(*arguments, folder=folder, **more)
    assert not done.stderr, done.stderr
    seen = []
    for line in done.stdout.splitlines():
        path, row, column, code, message = line.split("\t", 4)
        seen.append(Seen(os.path.normpath(path), int(row), int(column) - 1, code, message))
    return sorted(seen)


def pylint(*arguments: Union[str, Path], folder: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Pylint with only our messages, as JSON."""
    ours = ["--load-plugins=ms_optim_lint", "--disable=all", "--enable=ms-optim", "--output-format=json"]
    return run("pylint", [*ours, *arguments], folder, **more)


def pylint_messages(*arguments: Union[str, Path], folder: Path, **more: Any) -> list[dict[str, Any]]:
    """What Pylint shows, every field of it."""
    done = pylint(*arguments, folder=folder, **more)
    assert not done.stderr, done.stderr
    messages: list[dict[str, Any]] = json.loads(done.stdout)
    return messages


def pylint_seen(*arguments: Union[str, Path], folder: Path, **more: Any) -> list[Seen]:
    """What Pylint shows of ours, in order of place, by the codes of flake8. It never leaves out a syntax error."""
    return sorted(
        Seen(os.path.normpath(one["path"]), one["line"], one["column"], CODES[one["message-id"]], one["message"])
        for one in pylint_messages(*arguments, folder=folder, **more)
        if one["message-id"] in CODES
    )


def places(seen: list[Seen]) -> list[tuple[int, int, str]]:
    """Line, column and code alone."""
    return [(one.line, one.column, one.code) for one in seen]
