"""What both hosts share: the meaning of options, the one project of a process, a failure of ours told as a finding."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Mapping
from typing import Any, Optional

from ms_optim_lint.finding import Finding, Place, Severity
from ms_optim_lint.project import Project
from ms_optim_lint.records import record
from ms_optim_lint.settings import Settings, load, override

#: Options of a host carry this prefix: flake8's option names are global.
PREFIX = "mso-"

_logger = logging.getLogger("ms_optim_lint")


@record(frozen=True)
class Option:
    """An option of a host: the shared configuration's ``key``, and what ``--help`` says of it."""

    key: str
    metavar: str
    help: str

    @property
    def name(self) -> str:
        """As a user writes it, without the dashes in front."""
        return PREFIX + self.key

    @property
    def attribute(self) -> str:
        """As a host's parsed options carry it."""
        return self.name.replace("-", "_")


OPTIONS = (
    Option("mindspore-version", "VERSION", "The MindSpore version in use, such as 2.7 (default: the newest known)."),
    Option("source-roots", "FOLDERS", "Comma-separated folders in which imports of the project are looked up, too."),
    Option("preview", "<y or n>", "Report the rules that are still in preview, too (default: no)."),
    Option("min-severity", "SEVERITY", "Report nothing below it: convention (default), refactor, warning or error."),
)


def settings_from(options: object) -> Settings:
    """The shared configuration of the working folder, overridden by the host's own parsed ``options``.

    An option that was not given is None there. Raises :class:`~ms_optim_lint.settings.SettingsError`.
    """
    base = load(os.getcwd())
    given: Mapping[str, Any] = {option.key: getattr(options, option.attribute, None) for option in OPTIONS}
    written = {key: value for key, value in given.items() if value is not None}
    return override(base, written, f"--{PREFIX}", os.getcwd())


_project: Optional[Project] = None


def project_for(settings: Settings) -> Project:
    """The one project of this process, so that a module is read once; another one where the settings change."""
    global _project
    if _project is None or _project.settings != settings:
        _project = Project(settings)
    return _project


def internal_error(path: str, error: Exception) -> Finding:
    """MSO100 for the file ``path``, whose analysis raised ``error``; it names the place in our code, too.

    A host reports it instead of raising: other files, and other linters of the run, keep their findings.
    """
    from ms_optim_lint.rules.mso100_internal_error import internal_error as rule

    _logger.debug("analysis of %s failed", path, exc_info=error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    words = " ".join(str(error).split())
    said = f"{type(error).__name__}: {words}" if words else type(error).__name__
    message = (
        f"ms-optim-lint failed on {path} ({said}{where}) and has not judged this file; "
        "other files are not affected, please report this as a bug of ms-optim-lint"
    )
    return Finding(rule.code, rule.symbol, Severity.ERROR, message, Place(1, 0, 1, 0))
