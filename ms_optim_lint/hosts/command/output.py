"""Writing to the terminal, to a pipe, to a file."""

from __future__ import annotations

import argparse
import os
import sys

from ms_optim_lint.hosts.command import UsageError


def write(text: str, exact: bool = False) -> int:
    """Write to standard output; ``exact``: in UTF-8, whatever the terminal speaks. Gives exit code 0."""
    if exact:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    else:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()
    return 0


def write_bytes(content: bytes) -> None:
    """Write to standard output as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.flush()


def write_file(path: str, text: str) -> None:
    """Replace a file as a whole: nobody reads half of a report."""
    try:
        replace_file(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}.") from None


def replace_file(path: str, content: bytes) -> None:
    """Write beside the file, then put it in its place. What is no plain file (``/dev/stdout``) is written to."""
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as file:
            file.write(content)
        return
    import tempfile

    path = os.path.realpath(path)
    handle, beside = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".ms-optim-lint-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mode = os.stat(path).st_mode & 0o7777 if os.path.exists(path) else 0o666 & ~_umask()
        os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def wants_colour(options: argparse.Namespace) -> bool:
    """As asked for; else at a terminal, unless the environment says no."""
    if options.color != "auto":
        return bool(options.color == "always")
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
