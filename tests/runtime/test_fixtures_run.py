"""The fixtures, run on MindSpore: what is marked as an error raises, what is silent runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ms_optim_lint.finding import Severity
from ms_optim_lint.rules import ALL
from ms_optim_lint.settings import NEWEST, parse_version
from runtime import stubs, warm
from runtime.outcome import Outcome
from runtime.world import World

if not warm.is_here():
    pytest.skip(warm.ABSENT, allow_module_level=True)
if parse_version(warm.version()) != NEWEST:
    pytest.skip("fixtures are written for the newest release", allow_module_level=True)

FIXTURES = Path(__file__).parent.parent / "fixtures"
MARKER = re.compile(r"# expect: (MSO\d+(?:, MSO\d+)*)")
PROOF = re.compile(r"# proof: (\w+)")
ERRORS = {rule.code for rule in ALL if rule.severity is Severity.ERROR and not rule.not_on_cpu}


def scripts() -> Iterator[Path]:
    """The files that are linted: of a project, only those called ``train.py`` or ``main.py``."""
    for path in sorted(FIXTURES.rglob("*.py")):
        if "modules" not in path.relative_to(FIXTURES).parts or path.name in ("train.py", "main.py"):
            yield path


def root_of(path: Path) -> Path:
    parts = path.relative_to(FIXTURES).parts
    if "modules" not in parts:
        return path.parent
    return FIXTURES.joinpath(*parts[: parts.index("modules") + 2])


def late_errors(world: World) -> int:
    """How many of the optimizers raise at the first or second step."""
    count = 0
    for optimizer in world.optimizers:
        try:
            world.step(optimizer=optimizer)
            world.step(optimizer=optimizer)
            world.settle()
        except Exception:
            count += 1
    return count


def run(path: Path, text: str, expected: int) -> Outcome:
    after = late_errors if expected else None
    return warm.run_file(path, root_of(path), after, resume=True, before=lambda: stubs.install(text))


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.relative_to(FIXTURES).with_suffix("").as_posix())
def test_fixture_does_what_its_marks_say(path: Path) -> None:
    text = path.read_text("utf-8")
    proofs = set(PROOF.findall(text))
    if "none" in proofs:
        pytest.skip("the file says that nothing of it is called")
    codes = [code for line in MARKER.findall(text) for code in line.split(", ")]
    expected = sum(code in ERRORS for code in codes)
    outcome = run(path, text, expected)
    assert outcome.died is None, outcome.died
    seen = len(outcome.raised)
    if not expected:
        assert not seen, f"nothing is marked as an error, MindSpore: {outcome}"
        return
    late = outcome.result or 0  # a broken optimizer raises at its step, too
    assert seen + late >= (1 if "fewer" in proofs else expected), f"{expected} lines are marked, MindSpore: {outcome}"
    assert "more" in proofs or seen <= expected, f"{expected} lines are marked, MindSpore: {outcome}"
