"""On PYTHONPATH this makes the analysis fail for files whose name says so, in every process that a host starts."""

from __future__ import annotations

from typing import Optional

from ms_optim_lint import engine
from ms_optim_lint.engine import Analysis, Document
from ms_optim_lint.project import Project

_analyse = engine.analyse


def _deeper(depth: int) -> int:
    return _deeper(depth + 1)


def _failing(document: Document, project: Optional[Project] = None) -> Analysis:
    if "broken" in document.path:
        raise KeyError("nothing\nof the kind, 100 %s")
    if "deep" in document.path:
        _deeper(0)
    return _analyse(document, project)


engine.analyse = _failing
