"""On PYTHONPATH this makes the analysis fail for files whose name says so, in every process that a host starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from ms_optim_lint import engine, sources
from ms_optim_lint.engine import Analysis, Document
from ms_optim_lint.finding import Edit
from ms_optim_lint.project import Project
from ms_optim_lint.sources import PythonFile

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

_edited = PythonFile.edited
_decode = sources.decode


def _failing_edited(source: PythonFile, edits: Sequence[Edit]) -> PythonFile:
    if "unfixable" in source.text:
        raise KeyError("nothing of the kind")
    return _edited(source, edits)


def _failing_decode(data: bytes) -> str:
    if b"unreadable" in data:
        raise KeyError("nothing of the kind")
    return _decode(data)


PythonFile.edited = _failing_edited  # type: ignore[method-assign]
sources.decode = _failing_decode
