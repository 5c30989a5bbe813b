#!/usr/bin/env python3
"""Write ``docs/confusion.md``: generated programs, run on the installed MindSpore and linted, and where the two disagree.

``write_confusion.py --of-each 15 --runs runs.json``: what MindSpore did is kept in ``runs.json``, so that after a change of
the linter only the linter runs again. Needs ``pip install -e '.[runtime]'``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from runtime import confusion, warm  # noqa: E402
from runtime.confusion import Truth, Verdict  # noqa: E402
from runtime.generator.cases import Case, cases  # noqa: E402
from runtime.generator.detours import DETOURS  # noqa: E402
from runtime.generator.mistakes import load  # noqa: E402

PAGE = ROOT / "docs" / "confusion.md"
HEAD = """\
# Generated programs: the linter and MindSpore

<!-- Written by scripts/write_confusion.py. Do not edit. -->

`tests/runtime/generator/` makes whole training programs: networks, parameters, groups, rates, training loops. Each pair is one
program with a mistake and its right twin, which differs in that mistake alone. Both are run on MindSpore {release} (CPU,
PyNative mode; MSO184 in GRAPH mode) and linted. The generator knows nothing of the linter.

- An **error** counts if the program fails on MindSpore. A **silent** mistake counts if training ends with other weights than
  the twin's.
- **Found** is a finding under the rule that the mistake is about. A finding in a right twin, or in a program that does not go
  wrong, is a false alarm. Rules in preview are switched on.
- A detour is how the mistake comes to the optimizer: written there (*direct*), through a name, a function of the same or
  another file, a loop, an attribute, an unpacked dict or tuple (*splat*), or in the branch of an `if` that the program takes.
  Where the other branch would make the mistake only possible, and the rule waits until it is certain, both branches are
  wrong, in two ways.
- `-` means that the detour makes no sense for the mistake.
- Conventions (MSO107, MSO112, MSO121) have no programs: what they speak of works. Nor has MSO159, which is of releases before
  2.2; `tests/runtime/test_examples.py` shows it on 2.0.0.

"""


def key(case: Case) -> str:
    """What the runs of a case depend on."""
    text = json.dumps([case.seed, case.wrong.files, case.right.files], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def run(chunk: Sequence[Case]) -> list[Truth]:
    """In a worker: what MindSpore does with some cases."""
    return list(confusion.truths(chunk))


def lint(job: tuple[Case, Truth]) -> Verdict:
    """In a worker: what the linter says of a case."""
    return confusion.verdict(*job)


def known(path: Path) -> dict[str, Truth]:
    """What was run before."""
    if not path.exists():
        return {}
    return {name: Truth(**entry) for name, entry in json.loads(path.read_text("utf-8")).items()}


def verdicts(every: list[Case], path: Path, workers: int) -> Iterator[Verdict]:
    """Run what was not run yet, and lint all."""
    runs = known(path)
    missing = [case for case in every if key(case) not in runs]
    chunks = [missing[start : start + 10] for start in range(0, len(missing), 10)]
    with multiprocessing.Pool(workers) as pool:
        for number, (chunk, found) in enumerate(zip(chunks, pool.imap(run, chunks))):
            runs.update((key(case), truth) for case, truth in zip(chunk, found))
            if number % 10 == 0 or number == len(chunks) - 1:
                path.write_text(json.dumps({name: asdict(truth) for name, truth in runs.items()}), "utf-8")
                print(f"ran {sum(map(len, chunks[: number + 1]))} of {len(missing)} cases", file=sys.stderr)
        yield from pool.imap(lint, [(case, runs[key(case)]) for case in every], chunksize=20)


def cell(seen: Iterable[Verdict]) -> str:
    """``found/all``."""
    counted = [one for one in seen if not one.broken]
    return f"{sum(one.hit for one in counted)}/{len(counted)}" if counted else "-"


def page(every: list[Verdict]) -> str:
    """The whole document."""
    lines = [HEAD.format(release=warm.version())]
    counted = [one for one in every if not one.broken]
    for silent, name in ((False, "Errors"), (True, "Silent mistakes")):
        of_kind = [one for one in counted if one.case.mistake.silent is silent]
        hits = sum(one.hit for one in of_kind)
        alarms = sum(one.false_alarm for one in every if one.case.mistake.silent is silent)
        share = 100 * hits / len(of_kind) if of_kind else 0
        lines.append(f"**{name}**: {len(of_kind)} programs go wrong, {hits} are found ({share:.1f} %).")
        lines.append(f"Of their {len(of_kind)} right twins, {alarms} have a false alarm.\n")
    lines.append(
        f"{len(every) - len(counted)} pairs show nothing (the mistake does no harm there) and are not counted.\n"
    )
    lines += ["| mistake | rule | " + " | ".join(DETOURS) + " |", "| --- " * (len(DETOURS) + 2) + "|"]
    by_cell: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for one in every:
        by_cell[one.case.mistake.name, one.case.detour].append(one)
    for mistake in load().values():
        row = [cell(by_cell[mistake.name, detour]) for detour in DETOURS]
        kind = " (silent)" if mistake.silent else ""
        lines.append(f"| {mistake.name}{kind} | {', '.join(mistake.codes)} | " + " | ".join(row) + " |")
    return "\n".join([*lines, *_disagreements(every)]) + "\n"


#: Why there is a disagreement, by mistake and detour.
EXPLAINED: dict[tuple[str, str], str] = {}


def _disagreements(every: list[Verdict]) -> Iterator[str]:
    yield "\n## Disagreements\n"
    wrong = [one for one in every if one.missed or one.false_alarm]
    if not wrong:
        yield "None."
    for cell, count in Counter((one.case.mistake.name, one.case.detour) for one in wrong).items():
        first = next(one for one in wrong if (one.case.mistake.name, one.case.detour) == cell)
        kind = "false alarm" if first.false_alarm else "missed"
        why = f": {EXPLAINED[cell]}" if cell in EXPLAINED else ""
        yield f"- {', '.join(cell)}: {count} ({kind}), for example number {first.case.seed.rpartition('/')[2]}{why}"


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of-each", type=int, default=15, help="cases for each mistake and detour")
    parser.add_argument("--only", default="", help="mistakes whose name has this")
    parser.add_argument("--runs", type=Path, default=ROOT / "build" / "runs.json", help="what MindSpore did before")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--print", action="store_true", help="print the disagreements and write nothing")
    options = parser.parse_args()
    options.runs.parent.mkdir(parents=True, exist_ok=True)
    every = [one for one in cases(options.of_each) if options.only in one.mistake.name]
    seen = list(verdicts(every, options.runs, options.workers))
    for one in seen:
        if one.broken or one.missed or one.false_alarm:
            print("BROKEN" if one.broken else "MISSED" if one.missed else "FALSE ALARM", one)
    if not options.print:
        PAGE.write_text(page(seen), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
