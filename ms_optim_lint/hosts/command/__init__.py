"""The command ``ms-optim-lint``: for people, and for CI.

A subcommand is a module of this folder with ``add_arguments(parser)`` and ``run(options)``, and a line in :data:`COMMANDS`.
Only the module that is asked for is imported: the command has to start fast.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import Optional

#: What the command exits with. Findings are no failure of the command.
CLEAN, FOUND, FAILED = 0, 1, 2

#: Each subcommand, which is the name of its module, and its line in ``--help``.
COMMANDS = {
    "check": "find wrong optimizers in files and folders",
    "rule": "explain a rule",
    "show": "print what each optimizer trains, and how",
    "linter": "tell versions, and what is known of MindSpore",
    "clean": "remove the results that are kept",
}


class UsageError(Exception):
    """Something that the user can mend. The text is a sentence for them."""


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """Run the command, and end the process with its exit code."""
    _open_what_is_closed()
    try:
        code = run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = FAILED
    except OSError as error:  # a full disk
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        say_error(f"the output cannot be written: {(error.strerror or str(error)).lower()}.")
        code = FAILED
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _open_what_is_closed() -> None:
    """A program may be started without standard streams, by a shell's ``>&-`` or by a service: then nobody listens."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))


def run(arguments: Sequence[str]) -> int:
    """The exit code for the arguments. Nothing but a broken pipe and an interrupt escapes."""
    import importlib

    from ms_optim_lint.hosts.command.parser import parse
    from ms_optim_lint.settings import SettingsError

    collects = gc.isenabled()
    gc.disable()  # a run is short; where it is not, it frees memory itself
    try:
        options = parse(arguments)
        _here()
        module = importlib.import_module(f"{__name__}.{options.command}")
        return int(module.run(options))
    except (UsageError, SettingsError) as error:
        say_error(str(error))
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else FAILED
    except Exception as error:
        say_error(
            f"this is a mistake of ms-optim-lint, please report it: {_place(error)}{type(error).__name__}: {error}"
        )
        if os.environ.get("MS_OPTIM_LINT_TRACEBACK"):
            raise
    finally:
        if collects:
            gc.freeze()  # what is left is not looked at once more at the end
            gc.enable()
    return FAILED


def _here() -> None:
    """Paths start from the working folder."""
    try:
        os.getcwd()
    except OSError as error:
        raise UsageError(f"the working folder cannot be found: {(error.strerror or str(error)).lower()}.") from None


def say_error(text: str) -> None:
    """One line for the user, beside the output."""
    print(f"ms-optim-lint: error: {text}", file=sys.stderr)


def say_warning(text: str) -> None:
    """One line for the user that changes nothing in the outcome."""
    print(f"ms-optim-lint: warning: {text}", file=sys.stderr)


def _place(error: BaseException) -> str:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    return f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}: " if frames else ""
