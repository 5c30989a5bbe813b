"""Programs after their fixes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Optional, Union

from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.finding import Finding
from ms_optim_lint.fixing import Outcome, fix
from ms_optim_lint.project import Project
from ms_optim_lint.rules.base import Rule
from ms_optim_lint.settings import Settings
from ms_optim_lint.sources import PythonFile


def linter(path: Union[Path, str], version: Optional[tuple[int, ...]] = None) -> Callable[[str], list[Finding]]:
    """What lints texts of the file ``path``, preview rules included."""
    settings = Settings(preview=True, mindspore_version=version) if version else Settings(preview=True)
    return lambda text: list(analyse(Document(str(path), text), Project(settings)).findings)


def repair(text: str, unsafe: bool = True, path: Union[Path, str] = "x.py") -> Outcome:
    """The program with its fixes made."""
    return fix(PythonFile.read(text.encode()), linter(path), unsafe)


def fixed_example(rule: Rule) -> Optional[str]:
    """A rule's bad example with its fixes made, the unsafe ones too; None where the rule has no fix for it."""
    done = repair(rule.bad)
    return done.source.text if any(one.code == rule.code for one in done.applied) else None
