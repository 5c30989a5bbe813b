"""At a terminal: a progress bar on long runs, which no report holds; and how a run is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commanding import COMMAND, WRONG, command, write

pty = pytest.importorskip("pty")

#: Runs the command after a change to it.
MAIN = "from ms_optim_lint.hosts.command import main, progress, running, processes\n{}\nmain({!r})\n"
#: Every run counts as long.
LONG = "progress._LONG = -1"
#: Each file takes long; the first one says so. A shell that runs the tests in the background has them ignore interrupts.
SLOW = """\
import signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
def judge(*_):
    open("begun", "w").close()
    time.sleep(600)
running.judge = processes.judge = judge
"""


def at_terminal(folder: Path, *arguments: str, change: str = "") -> tuple[bytes, bytes]:
    """What is written to standard output, and what appears at the terminal that standard error is."""
    terminal, end = pty.openpty()
    variables = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    variables.update({"MS_OPTIM_LINT_NO_CACHE": "1", "TERM": "xterm"})
    call = (
        [sys.executable, "-c", MAIN.format(change, ["check", *arguments])]
        if change
        else [*COMMAND, "check", *arguments]
    )
    done = subprocess.run(call, cwd=folder, stdout=subprocess.PIPE, stderr=end, env=variables, check=False)
    os.close(end)
    said = b""
    try:
        while piece := os.read(terminal, 65536):
            said += piece
    except OSError:  # nobody has the other end any more
        pass
    os.close(terminal)
    assert done.returncode == 1, said
    return done.stdout, said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, {f"train_{number}.py": WRONG for number in range(4)})


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_bar_on_long_runs(folder: Path, jobs: str) -> None:
    plain = command("check", "--output-format=concise", folder=folder)
    assert plain.stderr == b""
    written, said = at_terminal(folder, "--output-format=concise", f"-j{jobs}", change=LONG)
    assert written == plain.stdout
    assert b"Checking" in said
    assert b"3/4" in said
    assert said.endswith(b"\x1b[2K")  # the bar is taken away


def test_none_on_short_runs_and_beside_a_terminal(folder: Path) -> None:
    assert at_terminal(folder, "--output-format=concise", change=LONG.replace("-1", "600"))[1] == b""
    call = [sys.executable, "-c", MAIN.format(LONG, ["check", "--no-cache"])]
    assert subprocess.run(call, cwd=folder, capture_output=True, check=False).stderr == b""


def test_none_in_a_report(folder: Path) -> None:
    written, said = at_terminal(folder, "--output-format=sarif", "--output-file=log.sarif", change=LONG)
    assert written == b""
    assert b"Checking" in said
    assert (folder / "log.sarif").read_bytes() == command("check", "--output-format=sarif", folder=folder).stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_interrupt(folder: Path, jobs: str) -> None:
    call = [sys.executable, "-c", MAIN.format(SLOW, ["check", "--no-cache", "-j", jobs])]
    pipe = subprocess.PIPE
    with subprocess.Popen(call, cwd=folder, stdout=pipe, stderr=pipe, start_new_session=True) as running:
        while not (folder / "begun").exists():
            assert running.poll() is None
            time.sleep(0.02)
        started = time.monotonic()
        os.killpg(running.pid, signal.SIGINT)
        try:
            assert running.communicate(timeout=60) == (b"", b"")
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
    assert running.returncode == 130
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    "arguments", ["check", "check --output-format json", "check --diff --unsafe-fixes", "rule --all", "show train_0.py"]
)
def test_who_reads_our_output_has_seen_enough(folder: Path, arguments: str) -> None:
    for number in range(40):
        write(folder, {f"more_{number}.py": WRONG})
    call = " ".join(f"'{word}'" for word in COMMAND) + f" {arguments} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", call], cwd=folder, capture_output=True, check=False)
    assert done.stderr == b""
