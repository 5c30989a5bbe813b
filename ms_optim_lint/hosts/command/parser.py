"""The command line. A subcommand and its options are declared only when it is asked for."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from ms_optim_lint import __version__
from ms_optim_lint.hosts.command import COMMANDS, FAILED

_EXIT_CODES = "exit codes: 0 nothing found, 1 findings, 2 wrong usage or a failure"


class _Help(argparse.HelpFormatter):
    """Asks the system for the width: argparse's own way imports modules that take longer than a cached run."""

    def __init__(self, prog: str, **more: Any) -> None:
        super().__init__(prog, width=_width(), **more)


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns) - 2
    try:
        return max(40, os.get_terminal_size(1).columns - 2)
    except (ValueError, OSError):
        return 98


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and where help is."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"formatter_class": _Help, **more})

    def error(self, message: str) -> NoReturn:
        """Called by argparse."""
        self.exit(FAILED, f"ms-optim-lint: error: {message}; see {self.prog} --help\n")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the subcommand that ``arguments`` name. Ends the process as argparse does."""
    parser = Parser(
        prog="ms-optim-lint",
        description="Finds wrong MindSpore optimizers from source.",
        epilog=_EXIT_CODES,
        allow_abbrev=False,
    )
    parser.add_argument("--version", "-V", action="version", version=f"ms-optim-lint {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    asked = next((word for word in arguments if not word.startswith("-")), None)
    # The others are only there for --help.
    for name in arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS:
        summary = COMMANDS[name]
        sub = subparsers.add_parser(name, help=summary, description=_sentence(summary), allow_abbrev=False)
        if name == asked:
            sub.epilog = _EXIT_CODES
            importlib.import_module(f"ms_optim_lint.hosts.command.{name}").add_arguments(sub)
    if asked is not None and asked not in COMMANDS:
        hint = "; to lint it, write: ms-optim-lint check " + asked if _is_path(asked) else ""
        parser.error(f"'{asked}' is no command; the commands are {', '.join(COMMANDS)}{hint}")
    options, unknown = parser.parse_known_args(list(arguments))
    if unknown:
        _refuse(unknown, subparsers.choices.get(options.command, parser))
    if options.command is None:
        parser.print_help(sys.stderr)
        parser.exit(FAILED)
    return options


def _refuse(unknown: Sequence[str], parser: argparse.ArgumentParser) -> NoReturn:
    """Say which option there is not, and which may be meant."""
    from ms_optim_lint.spelling import nearest

    name = next((word for word in unknown if word.startswith("-")), "").partition("=")[0]
    if not name:
        parser.error(f"'{unknown[0]}' is one word too many")
    known = [option for action in parser._actions for option in action.option_strings if option.startswith("--")]
    own = name.replace("--mso-", "--")  # as it is called in flake8 and Pylint
    # --no-fix is no slip of the pen for --fix.
    near = own if own in known else nearest(name, [one for one in known if one != name.replace("--no-", "--")])
    hint = f", did you mean {near}?" if near is not None else ""
    parser.error(f"there is no option {name}{hint}")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _is_path(text: str) -> bool:
    return os.path.exists(text) or text.endswith(".py") or os.sep in text
