"""The findings for flake8."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ms_optim_lint import __version__, analyse
from ms_optim_lint.engine import Document
from ms_optim_lint.finding import Finding
from ms_optim_lint.hosts import common
from ms_optim_lint.settings import Settings, SettingsError

if TYPE_CHECKING:
    import argparse

    from flake8.options.manager import OptionManager


class Flake8Plugin:
    """One file's check. flake8 makes one of these for each file, and passes what the parameters' names ask for."""

    name = "ms-optim-lint"
    version = __version__
    # flake8 has no other place for what its options say; each worker of -j parses them anew.
    settings: ClassVar[Settings] = Settings()

    def __init__(self, tree: ast.Module, lines: Sequence[str], filename: str) -> None:
        # The file is never opened here: it may be standard input, an editor's buffer, or not exist.
        self._document = Document(filename, "".join(lines), tree)

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        """Declare our options; None stands for "not given", so that the shared configuration holds."""
        for option in common.OPTIONS:
            more: dict[str, Any] = {"metavar": option.metavar}
            if option.key == "preview":
                more = {"action": "store_true"}
            elif option.key == "source-roots":
                more.update(comma_separated_list=True, normalize_paths=True)
            manager.add_option(f"--{option.name}", default=None, parse_from_config=True, help=option.help, **more)

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Take the parsed options. A bad value stops flake8 with our sentence."""
        try:
            cls.settings = common.settings_from(options)
        except SettingsError as error:
            from flake8.exceptions import ExecutionError

            raise ExecutionError(str(error)) from error

    def run(self) -> Iterator[tuple[int, int, str, type[Any]]]:
        """Yield line (from 1), column (from 0, flake8 prints one more), text and our type."""
        findings: Iterable[Finding]
        try:
            findings = analyse(self._document, common.project_for(self.settings)).findings
        except Exception as error:  # RecursionError is among them; one that escapes would end the whole run
            findings = [common.internal_error(self._document.path, error)]
        for finding in findings:
            yield finding.place.line, finding.place.column, f"{finding.code} {finding.message}", type(self)
