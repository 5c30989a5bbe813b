"""The programs of docs/contradictions.md: their assertions hold on the MindSpore that is installed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from ms_optim_lint.settings import parse_version
from runtime import warm

if not warm.is_here():
    pytest.skip(warm.ABSENT, allow_module_level=True)

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "contradictions.md"
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BOUND = re.compile(r"<!-- (since|before): ([\d.]+) -->")


class Place(NamedTuple):
    """One section: its program, and the releases that it is about."""

    title: str
    code: str
    since: tuple[int, ...]
    before: tuple[int, ...]


def places() -> list[Place]:
    pieces = SECTION.split(PAGE.read_text("utf-8"))[1:]
    found = []
    for title, text in zip(pieces[::2], pieces[1::2]):
        bounds = dict(BOUND.findall(text))
        since, before = parse_version(bounds.get("since", "0.0")), parse_version(bounds.get("before", "99.0"))
        found += [Place(title, code, since, before) for code in CODE.findall(text)]
    return found


def test_every_section_has_a_program_that_asserts() -> None:
    assert [place.title for place in places()] == SECTION.findall(PAGE.read_text("utf-8"))
    assert not [place.title for place in places() if "assert" not in place.code and "nn." not in place.code]


@pytest.mark.parametrize("place", places(), ids=lambda place: place.title)
def test_it_is_so(place: Place) -> None:
    if not place.since <= parse_version(warm.version()) < place.before:
        pytest.skip("this is about other releases")
    outcome = warm.run_text(place.code)
    assert outcome.fine, str(outcome)
