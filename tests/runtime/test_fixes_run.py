"""Programs after their fixes, the unsafe ones too, run on MindSpore: the bad examples of the rules, and generated programs with a
mistake that has a fix. These train as their right twin does, to the same weights."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from repaired import fixed_example, repair

from ms_optim_lint.finding import Severity
from ms_optim_lint.fixing import Outcome
from ms_optim_lint.rules import ALL
from ms_optim_lint.rules.base import Rule
from ms_optim_lint.settings import NEWEST, parse_version
from runtime import confusion, probes, warm
from runtime.generator.cases import Case, case
from runtime.generator.mistakes import Mistake, load
from runtime.generator.sketch import Program
from runtime.world import World, parameters_of, still

if not warm.is_here():
    pytest.skip(warm.ABSENT, allow_module_level=True)
if parse_version(warm.version()) != NEWEST:
    pytest.skip("fixes are proven on the newest release", allow_module_level=True)

probes.load()

EXAMPLES = {rule: text for rule in ALL if (text := fixed_example(rule)) is not None}
CODES = {rule.code for rule in EXAMPLES}
#: Which cases of each detour are tried.
NUMBERS = range(1000, 1002)
#: Their right twin was not given the same by another name, so the fixed program only has to run.
OTHER_TWIN = {
    "argument that the class does not have",
    "rate replaced by a Python value",
    "key that groups of nn do not have",
}
#: None of these has a fix.
UNFIXED = {"no list of Parameters"}


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
def test_fixed_example_trains(rule: Rule) -> None:
    def after(world: World) -> list[str]:
        moves = world.train()
        intended = {one.name for one in parameters_of(world.optimizer) if one.requires_grad}
        assert intended
        return sorted(intended & set(still(moves)))

    outcome = warm.run_text(EXAMPLES[rule], after)
    assert outcome.fine, str(outcome)
    assert outcome.result == [], f"parameters that did not move: {outcome.result}"
    if rule.severity is Severity.WARNING and rule.code in probes.EFFECTS:
        outcome = warm.run_text(EXAMPLES[rule], probes.EFFECTS[rule.code])
        assert outcome.fine, str(outcome)
        assert not outcome.result


@dataclass(frozen=True)
class Repaired:
    """A case, and its wrong program after the fixes."""

    case: Case
    done: Outcome

    @property
    def program(self) -> Program:
        return Program({**self.case.wrong.files, "train.py": self.done.source.text})


@pytest.mark.parametrize(
    "mistake", [one for one in load().values() if CODES & set(one.codes)], ids=lambda mistake: mistake.name
)
def test_fixed_program_trains_as_its_twin(mistake: Mistake) -> None:
    cases = (case(mistake, detour, number) for number in NUMBERS for detour in mistake.detours)
    repaired = [Repaired(one, mended(one.wrong)) for one in cases]
    fixed = [one for one in repaired if any(finding.code in mistake.codes for finding in one.done.applied)]
    assert bool(fixed) is (mistake.name not in UNFIXED)
    wrong = list(complaints(fixed))
    assert not wrong, "\n".join(wrong)


def mended(program: Program) -> Outcome:
    """The fixes of ``train.py``, with the other files beside it."""
    folder = Path(tempfile.mkdtemp(prefix="fixed"))
    try:
        confusion.write(program, folder)
        return repair(program.text, path=folder / "train.py")
    finally:
        shutil.rmtree(folder)


def complaints(fixed: Sequence[Repaired]) -> Iterator[str]:
    """What MindSpore does otherwise than it should."""
    runs = confusion.run_all([program for one in fixed for program in (one.program, one.case.right)])
    for one, run, twin in zip(fixed, runs[::2], runs[1::2]):
        if run.error is not None:
            # What the first error has hidden is said by now.
            if all(finding.severity is not Severity.ERROR for finding in one.done.remaining):
                yield f"{one.case.seed}: {run.error}\n{one.program.text}"
        elif one.case.mistake.name not in OTHER_TWIN and confusion.differ(run.weights, twin.weights):
            yield f"{one.case.seed}: other weights than its twin\n{one.program.text}"
