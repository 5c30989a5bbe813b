"""The tables of functions outside the project."""

from __future__ import annotations

from collections import Counter

from ms_optim_lint.interpreter import library


def test_no_function_stands_in_two_tables() -> None:
    names = Counter(name for table in library.TABLES for name in table.FUNCTIONS)
    assert [name for name, count in names.items() if count > 1] == []
