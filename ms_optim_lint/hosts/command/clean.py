"""``ms-optim-lint clean``: remove the cache."""

from __future__ import annotations

import argparse
import shutil
import sys

from ms_optim_lint.hosts.command import FAILED, UsageError
from ms_optim_lint.hosts.command.cache import folder_of, is_ours
from ms_optim_lint.hosts.command.files import reason
from ms_optim_lint.hosts.command.options import add_config, settings_of
from ms_optim_lint.reports.base import shown_path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_config(parser)
    parser.add_argument("--cache-dir", metavar="FOLDER", help="where the cache is")
    parser.add_argument("--quiet", "-q", action="store_true", help="say nothing")


def run(options: argparse.Namespace) -> int:
    """Remove it, if it is one of ours."""
    import os

    folder = folder_of(settings_of(options))
    if not os.path.exists(folder):
        return 0
    if not is_ours(folder):
        raise UsageError(f"{shown_path(folder)} is no cache of ms-optim-lint, and is left alone.")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        print(f"ms-optim-lint: error: {shown_path(folder)} cannot be removed: {reason(error)}", file=sys.stderr)
        return FAILED
    if not options.quiet:
        print(f"Removed {shown_path(folder)}", file=sys.stderr)
    return 0
