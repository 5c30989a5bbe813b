"""The analysis of one file, as a process of the command runs it."""

from __future__ import annotations

import ast
import gc

from ms_optim_lint.finding import Finding, Place, Severity
from ms_optim_lint.project import Asked, Project
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.reports.base import SYNTAX

_NOTHING = Asked({}, {})
#: When so many things were made, what nobody holds any more is freed. Nothing is looked at twice for that.
_MANY = 1_000_000


class Judged(NamedTuple):
    """What is known of a file: ``asked`` is what it depends on. ``failed`` says that the linter itself did."""

    findings: tuple[Finding, ...] = ()
    asked: Asked = _NOTHING
    failed: bool = False


def judge(path: str, text: str, project: Project) -> Judged:
    """The findings of a text that the gate let through. Never raises."""
    from ms_optim_lint import analyse
    from ms_optim_lint.engine import Document

    if gc.get_count()[0] > _MANY:
        gc.collect(0)
    try:
        tree = project.parsed(path, text)
        if tree is None:
            return Judged((not_parsed(text, path),))
        with project.recording() as asked:
            analysis = analyse(Document(path, text, tree), project)
        return Judged(analysis.findings, asked)
    except Exception as error:  # RecursionError is among them; the other files are judged all the same
        from ms_optim_lint.hosts.common import internal_error

        return Judged((internal_error(path, error),), failed=True)


def not_parsed(text: str, path: str) -> Finding:
    """The finding for a text that Python cannot parse: where, and in its words."""
    line, column, words = 1, 1, "it is too deep"
    try:
        compile(text, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as found:
        line, column, words = found.lineno or 1, found.offset or 1, found.msg
    except (ValueError, MemoryError, RecursionError) as found:
        words = str(found) or "it is too deep"
    lines = text.split("\n")
    text_of_line = lines[line - 1] if 0 < line <= len(lines) else ""
    start = len(text_of_line[: max(0, column - 1)].encode("utf-8", "surrogatepass"))
    place = Place(line, start, line, start)
    return syntax_finding(f"Python cannot parse this file, and it is not judged: {words}", place)


def syntax_finding(message: str, place: Place = Place(1, 0, 1, 0)) -> Finding:  # noqa: B008  it never changes
    """A file that Python would not run."""
    return Finding(SYNTAX, SYNTAX, Severity.ERROR, message, place)
