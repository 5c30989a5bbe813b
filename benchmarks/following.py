"""What following values costs, against parsing the same files.

    python benchmarks/following.py FOLDER... [--runs 3]

Parses the files that the gate lets through, follows each in this process, and prints the CPU time of following them over
that of parsing them, without and with the project's files that they import (which are parsed once for a folder); the
slowest percent; and a file of 1,000 lines with a network of 200 layers. Every time is the least of some runs.

Last comes what no linter in Python can go below: reading all files, searching them, and parsing those that matter. ``ruff``
on the same files is printed beside it, where it is installed. The targets: 2 and 4 times parsing, 200 ms for the slowest
percent, 1 s for any file, 150 ms for the network.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Callable, NamedTuple, Optional

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ms_optim_lint import gate, project  # noqa: E402
from ms_optim_lint.engine import Document, analyse  # noqa: E402
from ms_optim_lint.project import Project, parse  # noqa: E402

LAYERS, LINES = 200, 1_000


class Source(NamedTuple):
    """A file that is followed, and the folder by which it was found."""

    folder: str
    path: str
    text: str


class Cost(NamedTuple):
    """Seconds of CPU time that one file takes: parsing, parsing what it imports, following."""

    parse: float
    imports: float
    follow: float


class Imports:
    """Measures the parsing of imported files."""

    def __init__(self) -> None:
        self.seconds = 0.0
        project.parse = self._parse

    def _parse(self, text: str, path: str = "<string>") -> Optional[object]:
        start = time.process_time()
        try:
            return parse(text, path)
        finally:
            self.seconds += time.process_time() - start


def texts(folders: Sequence[str]) -> Iterator[Source]:
    """All files that can be read."""
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.py")):
            try:
                yield Source(folder, str(path), path.read_text("utf-8"))
            except (OSError, UnicodeDecodeError):
                continue


def costs(sources: Sequence[Source], imports: Imports) -> list[Cost]:
    """What each file takes in one run. A folder is a project, whose files are parsed once."""
    projects: dict[str, Project] = {}
    found = []
    for source in sources:
        start = time.process_time()
        tree = parse(source.text, source.path)
        parsed = time.process_time() - start
        imports.seconds = 0.0
        start = time.process_time()
        if tree is not None:
            document = Document(source.path, source.text, tree)
            analyse(document, projects.setdefault(source.folder, Project()))
        followed = time.process_time() - start
        found.append(Cost(parsed, imports.seconds, followed - imports.seconds))
        if gc.get_count()[0] > 1_000_000:
            gc.collect(0)
    return found


def least(runs: Sequence[Sequence[Cost]]) -> list[Cost]:
    """The least of several runs, file by file."""
    return [Cost(*map(min, zip(*one))) for one in zip(*runs)]


def large_file() -> str:
    """A file of 1,000 lines with a network of 200 layers, groups by name, and a loop that trains."""
    lines = [
        "from mindspore import nn, ops",
        "",
        "",
        "class Net(nn.Cell):",
        "    def __init__(self):",
        "        super().__init__()",
    ]
    for number in range(LAYERS // 2):
        lines.append(f"        self.conv{number} = nn.Conv2d(16, 16, 3, has_bias={number % 2 == 0})")
        lines.append(f"        self.bn{number} = nn.BatchNorm2d(16)")
    lines += ["", "    def construct(self, x):"]
    lines += [f"        x = ops.relu(self.bn{number}(self.conv{number}(x)))" for number in range(LAYERS // 2)]
    lines += ["        return x", ""]
    groups = [
        "",
        "net = Net()",
        "decayed = [p for p in net.trainable_params() if 'bn' not in p.name and 'bias' not in p.name]",
        "others = [p for p in net.trainable_params() if 'bn' in p.name or 'bias' in p.name]",
        "groups = [{'params': decayed, 'weight_decay': 1e-4}, {'params': others, 'weight_decay': 0.0}]",
        "groups.append({'order_params': net.trainable_params()})",
        "opt = nn.Momentum(groups, learning_rate=0.1, momentum=0.9)",
    ]
    number = 0
    while len(lines) + len(groups) < LINES:
        lines += ["", f"def helper{number}(values, limit={number}):", "    total = 0", "    for value in values:"]
        lines += ["        if value > limit:", "            total += value", "    return total", ""]
        number += 1
    return "\n".join([*lines, *groups, ""])


def on_large_file(runs: int) -> None:
    """The network of 200 layers."""
    text = large_file()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "train.py")
        best = min(_seconds(lambda: analyse(Document(path, text), Project())) for _ in range(max(runs, 2)))
    print(f"{text.count(chr(10))} lines with {LAYERS} layers: {best * 1e3:.0f} ms, parsing included")


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def report(sources: Sequence[Source], found: Sequence[Cost], shown: int) -> None:
    """The ratios, and the slowest files."""
    parsing, imports = sum(cost.parse for cost in found), sum(cost.imports for cost in found)
    following = sum(cost.follow for cost in found)
    lines = sum(source.text.count("\n") for source in sources)
    print(f"{len(sources)} files of {lines} lines are followed")
    print(f"parsing them        {parsing:7.2f} s, and what they import {imports:.2f} s")
    print(f"following them      {following:7.2f} s, {following / parsing:.1f} times parsing them")
    print(f"imports included    {following + imports:7.2f} s, {(following + imports) / parsing:.1f} times parsing them")
    times = sorted(((cost.follow + cost.imports, source) for cost, source in zip(found, sources)), reverse=True)
    middle, tenth, last = (times[int(len(times) * share)][0] * 1e3 for share in (0.5, 0.1, 0.01))
    print(
        f"half of the files take less than {middle:.0f} ms, nine of ten {tenth:.0f} ms, 99 of 100 {last:.0f} ms; the slowest:"
    )
    for seconds, source in times[:shown]:
        print(f"    {seconds * 1e3:7.0f} ms  {source.text.count(chr(10)):6} lines  {source.path}")


def lower_bound(folders: Sequence[str], runs: int) -> None:
    """What is paid before anything is followed, by whoever is written in Python, and what ruff takes for all."""
    everything: list[Source] = []

    def read() -> None:
        everything[:] = texts(folders)

    gated: list[Source] = []

    def search() -> None:
        gated[:] = [source for source in everything if gate.may_matter(source.text)]

    python = min(_child([sys.executable, "-c", "import argparse, ast, re, typing"]) for _ in range(max(runs, 3)))
    steps = {"starting Python": python}
    for name, work in (
        ("reading all files", read),
        ("the gate", search),
        ("parsing what it lets through", lambda: [parse(source.text, source.path) for source in gated]),
    ):
        steps[name] = min(_seconds(work) for _ in range(runs))
    print(f"{len(everything)} files; without following anything:")
    for name, seconds in steps.items():
        print(f"    {name:<30} {seconds:6.3f} s")
    print(f"    {'together':<30} {sum(steps.values()):6.3f} s")
    ruff = shutil.which("ruff", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if ruff is not None:
        command = [ruff, "check", "--isolated", "--no-cache", "--exit-zero", "--quiet", *folders]
        print(f"    {'ruff check, in all':<30} {min(_child(command) for _ in range(runs)):6.3f} s")


def _child(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments: Sequence[str]) -> int:
    """Print it all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of each (default: 3)")
    parser.add_argument("--slowest", type=int, default=10, metavar="N", help="how many files to print (default: 10)")
    options = parser.parse_args(arguments)
    gc.disable()  # as the command does
    analyse(
        Document("warm.py", "from mindspore import nn\nopt = nn.SGD([], 0.1)\n"), Project()
    )  # imports what is needed
    sources = [source for source in texts(options.folders) if gate.may_matter(source.text)]
    if not sources:
        parser.error("no files there that are followed")
    imports = Imports()
    found = least([costs(sources, imports) for _ in range(options.runs)])
    print(f"Python {sys.version.partition(' ')[0]}; the least of {options.runs} runs")
    report(sources, found, options.slowest)
    on_large_file(options.runs)
    lower_bound(options.folders, options.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
