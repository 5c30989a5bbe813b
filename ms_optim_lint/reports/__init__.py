"""In which form findings are told: one module for each ``--output-format``, with a function ``render(report)``."""

from __future__ import annotations

import importlib

from ms_optim_lint.reports.base import Report

#: The formats that programs read; they say nothing but findings, in UTF-8.
FOR_PROGRAMS = frozenset(("json", "json-lines", "sarif", "github", "gitlab", "junit"))


def render(form: str, report: Report) -> str:
    """The whole text of a report."""
    module = importlib.import_module(f"{__name__}.as_{form.replace('-', '_')}")
    return str(module.render(report))
