"""The options of ``check`` and what they make of the settings."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Any

from ms_optim_lint import selectors
from ms_optim_lint.hosts.command import UsageError, output
from ms_optim_lint.records import replace
from ms_optim_lint.settings import OUTPUT_FORMATS, Settings, SettingsError, load, load_file, override

#: Options that say the same as a setting of that name.
_SETTINGS = (
    "mindspore-version source-roots preview min-severity per-file-ignores exclude extend-exclude respect-gitignore "
    "output-format baseline cache-dir"
).split()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options. None stands for "not given", so that the configuration holds."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders (default: .), or - for standard input"
    )
    _add_rules(parser.add_argument_group("rules"))
    _add_files(parser.add_argument_group("files"))
    _add_output(parser.add_argument_group("output"))
    _add_fixes(parser.add_argument_group("fixes and known findings"))
    _add_run(parser.add_argument_group("running"))


def _add_rules(group: Any) -> None:
    codes = {"metavar": "CODES", "action": "append"}
    group.add_argument("--select", help="report only these: codes, beginnings of codes, symbols, ALL", **codes)
    group.add_argument("--extend-select", help="report these, too", **codes)
    group.add_argument("--ignore", "--extend-ignore", help="do not report these", **codes)
    group.add_argument(
        "--per-file-ignores",
        metavar="PATTERN:CODES",
        action="append",
        help="do not report CODES in files that match PATTERN",
    )
    _switch(group, "preview", "report the rules in preview, too")
    group.add_argument("--mindspore-version", metavar="VERSION", help="the MindSpore version in use, such as 2.7")
    group.add_argument(
        "--min-severity",
        metavar="SEVERITY",
        help="report nothing below it: convention (default), refactor, warning or error",
    )
    group.add_argument("--source-roots", metavar="FOLDERS", help="folders in which imports are looked up, too")
    group.add_argument(
        "--no-suppressions", "--ignore-noqa", action="store_true", help="report what # noqa and # pylint: disable hide"
    )
    group.add_argument(
        "--unused-suppressions", action="store_true", help="report comments that name our rules and hide nothing"
    )


def _add_files(group: Any) -> None:
    group.add_argument("--stdin-filename", metavar="FILE", help="the name of the file that comes on standard input")
    group.add_argument(
        "--exclude",
        metavar="PATTERNS",
        action="append",
        help="leave out what matches, in place of .git, .venv, build and the like",
    )
    group.add_argument("--extend-exclude", metavar="PATTERNS", action="append", help="leave out what matches, too")
    group.add_argument("--force-exclude", action="store_true", help="leave out even files that are named")
    _switch(group, "respect-gitignore", "leave out what git ignores (default; --no-respect-gitignore: do not)")
    group.add_argument("--show-files", action="store_true", help="print the files that would be checked")


def _add_output(group: Any) -> None:
    group.add_argument("--output-format", choices=OUTPUT_FORMATS, metavar="FORMAT", help=", ".join(OUTPUT_FORMATS))
    group.add_argument("--output-file", "-o", metavar="FILE", help="write the findings there")
    group.add_argument("--statistics", action="store_true", help="count findings by rule")
    group.add_argument("--exit-zero", "-e", action="store_true", help="exit with 0 even if there are findings")
    group.add_argument("--quiet", "-q", action="store_true", help="print findings only")
    output.add_colour(group)


def _add_fixes(group: Any) -> None:
    group.add_argument("--fix", action="store_true", help="make the safe fixes")
    group.add_argument("--unsafe-fixes", action="store_true", help="with --fix or --diff: make the unsafe ones, too")
    group.add_argument("--diff", action="store_true", help="print what --fix would change; exit with 1 if anything")
    group.add_argument("--fix-only", action="store_true", help="make fixes, and report nothing")
    group.add_argument("--exit-non-zero-on-fix", action="store_true", help="exit with 1 if something was fixed")
    group.add_argument("--baseline", metavar="FILE", help="do not report the findings that FILE knows")
    group.add_argument("--write-baseline", metavar="FILE", help="make FILE know all findings")


def _add_run(group: Any) -> None:
    add_config(group)
    group.add_argument("--show-settings", action="store_true", help="print the settings, and where they come from")
    group.add_argument("--no-cache", "-n", action="store_true", help="keep no results, and use none that are kept")
    group.add_argument("--cache-dir", metavar="FOLDER", help="keep results there")
    group.add_argument("--jobs", "-j", metavar="N", help="processes (default: as many as there is use for)")


def add_config(group: Any) -> None:
    """Declare where settings are read."""
    group.add_argument("--config", metavar="FILE", help="read the settings there")
    group.add_argument("--isolated", action="store_true", help="read no configuration")


def _switch(group: Any, name: str, text: str) -> None:
    key = name.replace("-", "_")
    group.add_argument(f"--{name}", dest=key, action="store_const", const=True, default=None, help=text)
    group.add_argument(f"--no-{name}", dest=key, action="store_const", const=False, help=argparse.SUPPRESS)


def settings_of(options: argparse.Namespace) -> Settings:
    """The configuration that holds here, overridden by the options."""
    if options.config and options.isolated:
        raise UsageError("--config and --isolated contradict each other.")
    if options.isolated:
        base = Settings()
    else:
        base = load_file(options.config) if options.config else load(os.getcwd())
    written = {key: _joined(getattr(options, key.replace("-", "_"), None)) for key in _SETTINGS}
    return override(base, {key: value for key, value in written.items() if value is not None}, "--", os.getcwd())


def _joined(value: Any) -> Any:
    return ",".join(value) if isinstance(value, list) else value


def enabled(options: argparse.Namespace, settings: Settings) -> frozenset[str]:
    """The codes to report."""
    config = selectors.Choice(settings.select, settings.extend_select, settings.ignore)
    written: Mapping[str, Any] = {
        key: _joined(value)
        for key, value in (
            ("select", options.select),
            ("extend-select", options.extend_select),
            ("ignore", options.ignore),
        )
        if value is not None
    }
    given = override(replace(settings, select=None, extend_select=(), ignore=()), written, "--", os.getcwd())
    return selectors.enabled((config, selectors.Choice(given.select, given.extend_select, given.ignore)))


def jobs_of(options: argparse.Namespace) -> int:
    """How many processes were asked for; 0 where nobody did."""
    text = options.jobs
    if text is None or text == "auto":
        return 0
    if not text.isdecimal() or int(text) == 0:
        raise SettingsError(f"--jobs: '{text}' is not accepted; write a number from 1 on, or auto.")
    return int(text)
