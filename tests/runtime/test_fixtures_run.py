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

if not warm.is_here():
    pytest.skip(warm.ABSENT, allow_module_level=True)
if parse_version(warm.version()) != NEWEST:
    pytest.skip("fixtures are written for the newest release", allow_module_level=True)

FIXTURES = Path(__file__).parent.parent / "fixtures"
MARKER = re.compile(r"# expect: (MSO\d+(?:, MSO\d+)*)")
PROOF = re.compile(r"# proof: (\w+)")
ERRORS = {rule.code for rule in ALL if rule.severity is Severity.ERROR and not rule.not_on_cpu}
#: Errors that come at a later step, which a fixture may take or not.
LATE = {"MSO139"}


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


def run(path: Path, text: str) -> Outcome:
    return warm.run_file(path, root_of(path), resume=True, before=lambda: stubs.install(text))


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.relative_to(FIXTURES).with_suffix("").as_posix())
def test_fixture_does_what_its_marks_say(path: Path) -> None:
    text = path.read_text("utf-8")
    proofs = set(PROOF.findall(text))
    if "none" in proofs:
        pytest.skip("the file says that nothing of it is called")
    codes = [code for line in MARKER.findall(text) for code in line.split(", ")]
    expected = sum(code in ERRORS - LATE for code in codes)
    late = sum(code in LATE for code in codes)
    outcome = run(path, text)
    assert outcome.died is None, outcome.died
    seen = len(outcome.raised)
    if late:
        assert expected <= seen <= expected + late, str(outcome)
    elif not expected:
        assert not seen, f"nothing is marked as an error, MindSpore: {outcome}"
    elif "fewer" in proofs:
        assert 0 < seen <= expected, str(outcome)
    elif "more" in proofs:
        assert seen >= expected, str(outcome)
    else:
        assert seen == expected, f"{expected} lines are marked as errors, MindSpore: {outcome}"
