"""What the plugin costs flake8 on real code, and where the time goes.

    python benchmarks/flake8_ratio.py FOLDER... [--environments FOLDER] [--runs 3]

Follows the files in this process first, to tell searching (the gate), parsing and interpreting apart. ruff and TorchFix
run on the same files where they are installed. Then makes two virtual environments that differ in one package, runs
flake8 in both on the same files in turn, with one process and no configuration, and compares the medians of CPU time.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tokenize
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Optional

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ms_optim_lint import gate  # noqa: E402
from ms_optim_lint.engine import Document, analyse  # noqa: E402
from ms_optim_lint.project import Project, parse  # noqa: E402

#: Our codes, and the one kind of finding that every flake8 has, so that both runs print the same but for ours.
FLAKE8 = ("-m", "flake8", "--isolated", "-j1", "--exit-zero", "--select=MSO,E9")
OTHERS = {
    "ruff (its default rules)": ("ruff", "check", "--isolated", "--no-cache", "--exit-zero", "--quiet"),
    "TorchFix": ("torchfix", "--select=ALL"),
}


class Cost(NamedTuple):
    """What one file costs, in seconds of CPU time."""

    path: str
    lines: int
    gated: bool
    gate: float
    parse: float
    interpret: float


def cpu_seconds(command: Sequence[str], folder: Optional[Path] = None) -> float:
    """The CPU time of a command and of all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode and done.stderr:
        print(f"{command[0]} ended with {done.returncode}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def environment(folder: Path, *packages: str) -> str:
    """The Python of a virtual environment with the packages; one that is there already is brought up to date."""
    if not (folder / "bin").is_dir():
        venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    subprocess.run(command, check=True)
    return python


def copy_of_sources(folder: Path) -> str:
    """What is installed: building leaves nothing behind in the repository."""
    skipped = shutil.ignore_patterns(".git", ".venv*", "build", "*.egg-info", "__pycache__", ".*cache")
    return str(shutil.copytree(ROOT, folder / "sources", ignore=skipped))


def flake8_times(environments: Path, folders: Sequence[str], runs: int) -> tuple[list[float], list[float]]:
    """CPU seconds without and with the plugin. The runs take turns, so that what slows the machine slows both."""
    without = environment(environments / "without", "flake8")
    with tempfile.TemporaryDirectory() as work:
        sources = copy_of_sources(Path(work))
        with_it = environment(environments / "with", "flake8", "--force-reinstall", sources)
    paths = [os.path.abspath(folder) for folder in folders]
    with tempfile.TemporaryDirectory() as work:
        times: tuple[list[float], list[float]] = ([], [])
        for python in (without, with_it):  # The first run compiles what is imported, and is not counted.
            cpu_seconds([python, *FLAKE8, str(ROOT / "examples")], Path(work))
        for _ in range(runs):
            for found, python in zip(times, (without, with_it)):
                found.append(cpu_seconds([python, *FLAKE8, *paths], Path(work)))
    return times


def costs(folders: Sequence[str]) -> Iterator[Cost]:
    """What each file costs in this process. One project for each folder, as in a run of flake8 on it."""
    for folder in folders:
        project = Project()
        for path in sorted(Path(folder).rglob("*.py")):
            try:
                with tokenize.open(path) as file:
                    text = file.read()
            except (OSError, SyntaxError, UnicodeDecodeError):
                continue
            yield _cost(str(path), text, project)


def _cost(path: str, text: str, project: Project) -> Cost:
    start = time.process_time()
    gated = gate.may_matter(text)
    searched = time.process_time()
    tree = parse(text, path)
    parsed = time.process_time()
    if gated and tree is not None:
        analyse(Document(path, text, tree), project)
    done = time.process_time()
    return Cost(path, text.count("\n") + 1, gated, searched - start, parsed - searched, max(0.0, done - parsed))


def report_flake8(without: Sequence[float], with_it: Sequence[float], lines: int) -> None:
    """The ratio, which is what this is about."""
    plain, plugged = statistics.median(without), statistics.median(with_it)
    print(f"flake8 alone:       {_times(without)} s, {plain / lines * 1e6:.1f} ms per 1,000 lines")
    print(f"flake8 with plugin: {_times(with_it)} s, {plugged / lines * 1e6:.1f} ms per 1,000 lines")
    print(f"ratio:              {plugged / plain:.3f}")


def _times(times: Sequence[float]) -> str:
    return " / ".join(f"{one:.1f}" for one in sorted(times))


def report_costs(found: Sequence[Cost], shown: int) -> None:
    """Where the time of the analysis goes, which files take most of it, and how it compares with parsing."""
    lines = sum(cost.lines for cost in found)
    searching = sum(cost.gate for cost in found)
    parsing = sum(cost.parse for cost in found)
    parsing_gated = sum(cost.parse for cost in found if cost.gated)
    interpreting = sum(cost.interpret for cost in found)
    total = searching + interpreting
    alone = total + parsing_gated
    gated = sum(cost.gated for cost in found)
    print(f"{len(found)} files, {lines} lines; {gated} files ({gated / len(found):.1%}) are followed")
    print(f"analysis alone:     {alone:.2f} s, {alone / lines * 1e6:.2f} ms per 1,000 lines, of which")
    print(f"    gate            {searching / alone:.0%}")
    print(f"    parsing         {parsing_gated / alone:.0%} (nothing in flake8, which hands over its own tree)")
    print(f"    interpreting    {interpreting / alone:.0%} (imported files included)")
    print(f"ast.parse of all:   {parsing:.2f} s, {parsing / lines * 1e6:.2f} ms per 1,000 lines")
    print(f"analysis without parsing over ast.parse of all: {total / parsing:.2f}")
    slowest = sorted(found, key=lambda cost: -cost.interpret)
    top = slowest[: max(1, len(found) // 100)]
    share = sum(cost.interpret for cost in top) / interpreting if interpreting else 0
    print(f"the slowest 1 % of files take {share:.0%} of the interpreting, from {top[-1].interpret * 1e3:.0f} ms on:")
    for cost in top[:shown]:
        print(f"    {cost.interpret * 1e3:7.0f} ms  {cost.lines:6} lines  {cost.path}")


def report_others(folders: Sequence[str], parsing: float) -> None:
    """Other linters, where they are installed."""
    for name, command in OTHERS.items():
        if shutil.which(command[0]) is None:
            print(f"{name}: not installed")
        else:
            seconds = cpu_seconds([*command, *folders])
            print(f"{name}: {seconds:.2f} s, {seconds / parsing:.2f} times ast.parse")


def main(arguments: Sequence[str]) -> int:
    """Print it all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--environments", metavar="FOLDER", help="keep the two environments there")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of each (default: 3)")
    parser.add_argument("--slowest", type=int, default=20, metavar="N", help="how many files to print (default: 20)")
    options = parser.parse_args(arguments)

    found = list(costs(options.folders))
    if not found:
        parser.error("no Python files there")
    report_costs(found, options.slowest)
    report_others(options.folders, sum(cost.parse for cost in found))
    if options.runs:
        with tempfile.TemporaryDirectory() as work:
            kept = Path(options.environments or work).absolute()
            without, with_it = flake8_times(kept, options.folders, options.runs)
        report_flake8(without, with_it, sum(cost.lines for cost in found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
