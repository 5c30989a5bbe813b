"""Generated programs, linted and run: where the linter and MindSpore agree, and where they do not."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.finding import Severity
from ms_optim_lint.project import Project
from ms_optim_lint.settings import Settings, parse_version
from runtime import warm
from runtime.generator.cases import Case
from runtime.generator.sketch import Program
from runtime.outcome import Outcome, Raised
from runtime.world import World

#: Programs that one fork runs, one after the other.
BATCH = 40


@dataclass(frozen=True)
class Run:
    """What MindSpore did with a program: an error, or the weights in the end."""

    error: Optional[Raised]
    weights: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Truth:
    """What MindSpore did with a case: whether the mistake does harm, in words, and the error of the right twin."""

    goes_wrong: bool
    what: str
    right_error: Optional[str]


@dataclass(frozen=True)
class Verdict:
    """A case, the truth about it, and the codes of the errors and warnings found in both programs."""

    case: Case
    truth: Truth
    found: tuple[str, ...]
    right_found: tuple[str, ...]

    @property
    def hit(self) -> bool:
        """The mistake matters, and is found under its own code."""
        return self.truth.goes_wrong and bool(set(self.found) & set(self.case.mistake.codes))

    @property
    def missed(self) -> bool:
        """The mistake matters, and is not found."""
        return self.truth.goes_wrong and not self.hit

    @property
    def false_alarm(self) -> bool:
        """Something is found in what is right, or in what does not go wrong."""
        in_right = bool(self.right_found) and self.truth.right_error is None
        return in_right or bool(self.found) and not self.truth.goes_wrong

    @property
    def broken(self) -> bool:
        """The case shows nothing: the mistake does no harm, or the twin does not run."""
        return not self.truth.goes_wrong or self.truth.right_error is not None

    def __str__(self) -> str:
        of_twin = f"; right twin: {self.truth.right_error or 'runs'}, found {', '.join(self.right_found) or 'nothing'}"
        return f"{self.case.seed}: {self.truth.what}; found {', '.join(self.found) or 'nothing'}{of_twin}"


def truths(cases: Sequence[Case]) -> Iterator[Truth]:
    """Run the cases."""
    for start in range(0, len(cases), BATCH // 2):
        batch = cases[start : start + BATCH // 2]
        runs = run_all([program for case in batch for program in (case.wrong, case.right)])
        for number, case in enumerate(batch):
            yield truth(case, runs[2 * number], runs[2 * number + 1])


def truth(case: Case, wrong: Run, right: Run) -> Truth:
    """Compare the runs of both programs."""
    goes_wrong = wrong.error is not None
    if not goes_wrong and right.error is None and case.mistake.silent:
        goes_wrong = differ(wrong.weights, right.weights)
    what = str(wrong.error) if wrong.error else "other weights than its twin" if goes_wrong else "runs as its twin does"
    return Truth(goes_wrong, what[:300], str(right.error)[:300] if right.error else None)


def verdict(case: Case, known: Truth) -> Verdict:
    """Lint both programs."""
    return Verdict(case, known, findings(case.wrong), findings(case.right))


def differ(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two runs ended with other weights."""
    close = importlib.import_module("numpy").allclose
    return len(one) != len(other) or not all(
        a.shape == b.shape and close(a, b, 1e-5, 1e-7, equal_nan=True) for a, b in zip(one, other)
    )


def findings(program: Program) -> tuple[str, ...]:
    """The codes of errors and warnings in the files of a program. Conventions do not count: they work."""
    folder = Path(tempfile.mkdtemp(prefix="linted"))
    try:
        write(program, folder)
        settings = Settings(preview=True, mindspore_version=parse_version(warm.version()))
        project = Project(settings)
        documents = [Document(str(folder / name), text) for name, text in program.files.items()]
        found = [one for document in documents for one in analyse(document, project).findings]
    finally:
        shutil.rmtree(folder)
    loud = (Severity.ERROR, Severity.WARNING)
    return tuple(sorted({one.code for one in found if one.severity in loud}))


def write(program: Program, folder: Path) -> None:
    """Put the files of a program into a folder."""
    for name, text in program.files.items():
        (folder / name).write_text(text, "utf-8")


def run_all(programs: Sequence[Program]) -> list[Run]:
    """Run programs in one fork; if that dies, each in its own."""
    outcome = warm.forked(lambda: _run_here(programs))
    if outcome.died is None:
        result: list[Run] = outcome.result
        return result
    if len(programs) == 1:
        return [Run(Raised("Death", ("Death",), outcome.died.strip()))]
    return [run_all([program])[0] for program in programs]


def _run_here(programs: Sequence[Program]) -> Outcome:
    world = World({})
    seed = warm.mindspore().set_seed
    runs = []
    for program in programs:
        folder = Path(tempfile.mkdtemp(prefix="run"))
        write(program, folder)
        os.chdir(folder)
        world.forget()
        seed(1)
        runs.append(_run_one(program, folder, world))
        os.chdir("/")
        shutil.rmtree(folder)
    return Outcome(result=runs)


def _run_one(program: Program, folder: Path, world: World) -> Run:
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        exec(compile(program.text, str(folder / "train.py"), "exec"), main.__dict__)
        world.settle()
        return Run(None, tuple(one.asnumpy().copy() for one in world.network().get_parameters()))
    except Exception as error:
        return Run(Raised.of(error, folder))
    finally:
        world.ms.set_context(mode=world.ms.PYNATIVE_MODE)
        sys.path.remove(str(folder))
        for name in program.files:
            sys.modules.pop(name.partition(".")[0], None)
