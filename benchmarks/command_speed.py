"""What the command costs on real code, against ruff on the same files in the same run.

    python benchmarks/command_speed.py FOLDER... [--runs 5]

Prints the CPU time (of the process and all that it starts) of ``check --jobs 1`` without a cache, with an empty one and with
a full one, and of ``ruff check --no-cache``, in turn, each the least of some runs; then the time that one small file takes,
against an interpreter that does nothing. The targets: no more than ruff when cold, 0.6 of it when warm, 60 ms more than
``python -c pass``. Modules are compiled once and kept, as in an installation. ``following.py`` says where the time goes.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

SMALL = "from mindspore import nn\n\nnet = nn.Dense(4, 2)\nopt = nn.SGD(net.trainable_params(), lr=0.1)\n"
CHECK = (sys.executable, "-m", "ms_optim_lint", "check", "--isolated", "--jobs=1", "--exit-zero", "--quiet")
RUFF = ("check", "--isolated", "--no-cache", "--exit-zero", "--quiet")


class Cost(NamedTuple):
    """Seconds."""

    cpu: float
    wall: float


def cost(command: Sequence[str], folder: Path) -> Cost:
    """What a command and all that it starts take."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall)


def report(name: str, found: Sequence[Cost], base: float = 0.0) -> float:
    """One line; gives the least CPU time."""
    cpu, wall = min(one.cpu for one in found), min(one.wall for one in found)
    ratio = f", {cpu / base:.2f} of ruff" if base else ""
    print(f"{name:<28} {cpu:7.3f} s CPU, {wall:7.3f} s{ratio}")
    return cpu


def on_folders(paths: Sequence[str], runs: int, work: Path) -> None:
    """ruff, and the command without a cache, with an empty and with a full one."""
    ruff = shutil.which("ruff", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    cache = work / "cache"
    commands = {
        "check --no-cache": (*CHECK, "--no-cache", *paths),
        "check, empty cache": (*CHECK, f"--cache-dir={cache}", *paths),
        "check, full cache": (*CHECK, f"--cache-dir={cache}", *paths),
    }
    if ruff is not None:
        commands = {"ruff check --no-cache": (ruff, *RUFF, *paths), **commands}
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    cost(commands["check --no-cache"], work)  # compiles what is imported
    for _ in range(runs):
        shutil.rmtree(cache, ignore_errors=True)
        for name, command in commands.items():
            found[name].append(cost(command, work))
    base = 0.0
    for name, costs in found.items():
        cpu = report(name, costs, base)
        base = base or (cpu if ruff is not None else 0.0)


def on_one_file(runs: int, work: Path) -> None:
    """The start: what a single small file takes more than nothing."""
    (work / "small.py").write_text(SMALL, "utf-8")
    (work / "other.py").write_text("x = 1\n", "utf-8")
    cache = f"--cache-dir={work / 'small-cache'}"
    commands = {
        "python -c pass": (sys.executable, "-c", "pass"),
        "a file without MindSpore": (*CHECK, "--no-cache", "other.py"),
        "a file with a mistake": (*CHECK, "--no-cache", "small.py"),
        "the same, full cache": (*CHECK, cache, "small.py"),
    }
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for command in commands.values():
        cost(command, work)
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(cost(command, work))
    nothing = found["python -c pass"]
    for name, costs in found.items():
        cpu = min(one.cpu for one in costs) - min(one.cpu for one in nothing)
        wall = min(one.wall for one in costs) - min(one.wall for one in nothing)
        print(f"{name:<28} +{cpu * 1e3:4.0f} ms CPU, +{wall * 1e3:4.0f} ms")


def main(arguments: Sequence[str]) -> int:
    """Print it all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="runs of each (default: 5)")
    options = parser.parse_args(arguments)
    paths = [os.path.abspath(folder) for folder in options.folders]
    files = [path for folder in paths for path in Path(folder).rglob("*.py")]
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    version = sys.version.partition(" ")[0]
    print(f"{len(files)} files, {lines / 1000:.0f},000 lines; Python {version}; the least of {options.runs} runs")
    with tempfile.TemporaryDirectory() as work:
        on_folders(paths, options.runs, Path(work))
        on_one_file(options.runs * 2, Path(work))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
