"""Writing to the terminal, to a pipe, to a file."""

from __future__ import annotations

import argparse
import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ms_optim_lint.hosts.command import UsageError

#: So many names are tried for a new file.
_TRIES = 100


@contextmanager
def writing() -> Iterator[None]:
    """What is written to standard output meanwhile is there in the end; a full disk is told as such."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # Python would try once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise UsageError(f"the output cannot be written: {(error.strerror or str(error)).lower()}.") from None


def write(text: str, exact: bool = False) -> int:
    """Write to standard output; ``exact``: in UTF-8, whatever the terminal speaks. Gives exit code 0."""
    with writing():
        if exact:
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        else:
            encoding = sys.stdout.encoding or "utf-8"
            sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    return 0


def write_bytes(content: bytes) -> None:
    """Write to standard output as it is."""
    with writing():
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


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
    path = os.path.realpath(path)
    try:
        handle, beside = _new_file(os.path.dirname(path))
    except PermissionError:
        if os.path.exists(path):  # only the file itself is ours to write, as where a container is given one
            _overwrite(path, content)
            return
        raise
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mode = os.stat(path).st_mode & 0o7777 if os.path.exists(path) else 0o666 & ~_umask()
        os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException as error:
        os.unlink(beside)
        if not isinstance(error, OSError) or error.errno != errno.EBUSY:
            raise
        _overwrite(path, content)  # a file that is mounted for itself is not replaced


def _new_file(folder: str) -> tuple[int, str]:
    """A file that nobody else has, open and with its name. (To import ``tempfile`` takes longer than to write a cache.)"""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    for _ in range(_TRIES):
        path = os.path.join(folder, f".ms-optim-lint-{os.getpid()}-{time.monotonic_ns():x}")
        try:
            return os.open(path, flags, 0o600), path
        except FileExistsError:
            continue
    raise FileExistsError(errno.EEXIST, "no name is left for a new file", folder)


def _overwrite(path: str, content: bytes) -> None:
    with open(path, "r+b") as file:
        file.truncate()
        file.write(content)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def add_colour(parser: Any) -> None:
    """Declare the option that :func:`wants_colour` reads, for a parser or a group of its options."""
    parser.add_argument(
        "--color",
        "--colour",
        choices=("auto", "always", "never"),
        default="auto",
        help="when to colour (default: auto)",
    )


def wants_colour(options: argparse.Namespace) -> bool:
    """As asked for; else at a terminal, unless the environment says no."""
    if options.color != "auto":
        return bool(options.color == "always")
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
