"""A sample of the generated programs: MindSpore and the linter agree. docs/confusion.md has the whole count."""

from __future__ import annotations

import pytest

from ms_optim_lint.settings import NEWEST, parse_version
from runtime import confusion, warm
from runtime.generator.cases import case
from runtime.generator.mistakes import Mistake, load

if not warm.is_here():
    pytest.skip(warm.ABSENT, allow_module_level=True)
if parse_version(warm.version()) != NEWEST:
    pytest.skip("programs are generated for the newest release", allow_module_level=True)

#: Which cases are tried: always the same, so that a red run says something of the change.
START = 1000
#: Each mistake comes by every second detour, by turns.
SAMPLE = [(one, one.detours[number % 2 :: 2] or one.detours) for number, one in enumerate(load().values())]
#: What is known to be missed, as docs/confusion.md says: the mistake and the detour.
MISSED: frozenset[tuple[str, str]] = frozenset()


@pytest.mark.parametrize(("mistake", "detours"), SAMPLE, ids=[one.name for one, _ in SAMPLE])
def test_linter_and_mindspore_agree(mistake: Mistake, detours: tuple[str, ...]) -> None:
    cases = [case(mistake, detour, START) for detour in detours]
    verdicts = [confusion.verdict(one, truth) for one, truth in zip(cases, confusion.truths(cases))]
    broken = [str(one) for one in verdicts if one.broken]
    assert not broken, "these cases show nothing:\n" + "\n".join(broken)
    alarms = [str(one) for one in verdicts if one.false_alarm]
    assert not alarms, "false alarms:\n" + "\n".join(alarms)
    known = [(mistake.name, detour) in MISSED for detour in detours]
    missed = [str(one) for one, expected in zip(verdicts, known) if bool(one.missed) != expected]
    assert not missed, "missed, or found and not expected to be:\n" + "\n".join(missed)
