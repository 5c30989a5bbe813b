"""MindSpore's migration guide, chapter "Learning Rate and Optimizer", pair by pair.

The left file of a pair keeps torch's habit and uses it on MindSpore's classes: it is flagged. The right one does as the guide
says: it is clean, but for what the guide itself leaves out. ``test_fixtures.py`` compares the lines; here the pairs are stated.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.project import Project

SEED = Path(__file__).parent / "fixtures" / "seed"

HABITS = {
    "loop": ["MSO161", "MSO161", "MSO161"],
    "names": ["MSO101", "MSO118"],
    "ungrouped": ["MSO112", "MSO118"],
    "grouped": ["MSO113", "MSO113", "MSO116", "MSO118"],
    "weight_decay": ["MSO161"],
    "schedule": ["MSO161", "MSO161"],
    "read_rate": ["MSO161"],
}


def codes(name: str) -> list[str]:
    path = SEED / f"{name}.py"
    analysis = analyse(Document(str(path), path.read_text(encoding="utf-8")), Project())
    return sorted(finding.code for finding in analysis.findings)


@pytest.mark.parametrize("pair", HABITS)
def test_torch_habit_on_mindspore_is_flagged(pair: str) -> None:
    assert codes(f"{pair}_torch") == HABITS[pair]


@pytest.mark.parametrize("pair", [*HABITS, "state", "custom_rate"])
def test_mindspore_column_is_clean(pair: str) -> None:
    assert codes(f"{pair}_mindspore") == []


def test_parameters_grouping_is_clean() -> None:
    assert codes("parameters_grouping") == []


def test_parameters_grouping_with_a_forgotten_test_overlaps() -> None:
    assert codes("parameters_grouping_overlap") == ["MSO115"]


def test_only_a_static_rate_can_be_assigned_to() -> None:
    assert codes("assign_static_rate") == []
    assert codes("assign_dynamic_rate") == ["MSO151", "MSO152"]


def test_every_file_of_the_document_is_used() -> None:
    stems = {path.stem for path in SEED.glob("*.py")}
    pairs = {f"{pair}_{side}" for pair in HABITS for side in ("torch", "mindspore")}
    others = {
        "state_mindspore",
        "custom_rate_mindspore",
        "parameters_grouping",
        "parameters_grouping_overlap",
        "assign_static_rate",
        "assign_dynamic_rate",
    }
    assert stems == pairs | others
