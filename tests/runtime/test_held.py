"""What optimizers are given, group by group: computed by the linter it is what MindSpore was given, or is not known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ms_optim_lint.settings import NEWEST, parse_version
from runtime import held, stubs, warm
from runtime.test_fixtures_run import FIXTURES, PROOF, root_of, scripts

if not warm.is_here():
    pytest.skip(warm.ABSENT, allow_module_level=True)
if parse_version(warm.version()) != NEWEST:
    pytest.skip("fixtures are written for the newest release", allow_module_level=True)


def programs() -> Iterator[Path]:
    for path in scripts():
        if "none" not in PROOF.findall(path.read_text("utf-8")):
            yield path


def name_of(path: Path) -> str:
    return path.relative_to(FIXTURES).with_suffix("").as_posix()


def measured(path: Path) -> dict[int, str]:
    text = path.read_text("utf-8")
    lines: held.Lines = {}

    def before() -> None:
        stubs.install(text)
        held.note(path, lines)

    outcome = warm.run_file(path, root_of(path), lambda _: lines, resume=True, before=before)
    assert outcome.died is None, outcome.died
    return dict(held.compared(path, outcome.result or {}))


@pytest.mark.parametrize("path", list(programs()), ids=name_of)
def test_what_is_known_is_right(path: Path) -> None:
    wrong = {line: word for line, word in measured(path).items() if word not in ("equal", "unknown")}
    assert not wrong


def test_patterns_are_known() -> None:
    """Of the ways in which people build groups, more than nine optimizers in ten are known parameter by parameter."""
    words = [word for path in programs() if "patterns" in path.parts for word in measured(path).values()]
    assert words.count("equal") >= 0.92 * len(words), f"{words.count('equal')} of {len(words)}"
