"""Finds wrong MindSpore optimizers from source alone.

:func:`analyse` is the one entry: a document in, an :class:`~ms_optim_lint.engine.Analysis` out. :func:`lint` is short for
its findings. :func:`register` and :func:`load_configuration` make ``pylint --load-plugins=ms_optim_lint`` work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from pylint.lint import PyLinter

    from ms_optim_lint.engine import Analysis, Document
    from ms_optim_lint.finding import Finding
    from ms_optim_lint.project import Project
    from ms_optim_lint.settings import Settings

__version__ = "0.1.0"


def analyse(document: Document, project: Optional[Project] = None) -> Analysis:
    """Follow the values of one document to its optimizers and judge them.

    ``project`` holds settings, source roots and the modules read so far; without one, defaults are used. Never raises for
    what the document says: source that does not parse gives an empty analysis.
    """
    from ms_optim_lint import engine

    return engine.analyse(document, project)


def lint(text: str, path: str = "<string>", settings: Optional[Settings] = None) -> list[Finding]:
    """The findings of ``text``, sorted by place. ``path`` is where imports of the same project start from."""
    from ms_optim_lint.engine import Document
    from ms_optim_lint.project import Project

    return list(analyse(Document(path, text), Project(settings)).findings)


def register(linter: PyLinter) -> None:
    """Called by Pylint's ``--load-plugins``: adds the checker."""
    from ms_optim_lint.hosts.pylint_checker import register as register_checker

    register_checker(linter)


def load_configuration(linter: PyLinter) -> None:
    """Called by Pylint once its options are known: a setting that cannot be used ends the run with a sentence."""
    from ms_optim_lint.hosts.pylint_checker import load_configuration as load

    load(linter)
