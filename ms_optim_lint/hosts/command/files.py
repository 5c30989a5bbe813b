"""Which files to judge: what was named, less what is excluded or ignored by git."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.hosts.command import UsageError
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.reports.base import Problem
from ms_optim_lint.settings import Pattern, Settings

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

#: What a shell gives for the output of another command.
_GIVEN = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
ENDINGS = (".py", ".pyw", ".ipynb")


class Found(NamedTuple):
    """The files in order of their paths, and what could not be looked at."""

    files: list[str]
    problems: list[Problem]


class Patterns:
    """Patterns as in .gitignore, each from its own folder. Names without a star cost a look-up."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._names: set[str] = set()
        rest: dict[str, list[str]] = {}
        for folder, text in patterns:
            if any(character in text for character in "*?[]!/\\"):
                rest.setdefault(folder, []).append(text)
            else:
                self._names.add(text)
        for text in (text for texts in rest.values() for text in texts):
            if not _is_understood(text):
                raise UsageError(f"'{text}' is not a pattern as in .gitignore.")
        self._specs = [(folder or os.sep, _spec(texts)) for folder, texts in rest.items()]

    def match(self, path: str, folder: bool) -> bool:
        """Whether the absolute path itself is meant; a folder above it is the caller's business."""
        if path.rpartition(os.sep)[2] in self._names:
            return True
        return bool(self._specs) and any(_matches(spec, root, path, folder) for root, spec in self._specs)

    def match_any(self, path: str) -> bool:
        """Whether the file or a folder above it is meant."""
        folder = os.path.dirname(path)
        while not self.match(folder, True):
            above = os.path.dirname(folder)
            if above == folder:
                return self.match(path, False)
            folder = above
        return True


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


def _matches(spec: GitIgnoreSpec, root: str, path: str, folder: bool) -> bool:
    below = _below(root, path)
    return below is not None and spec.match_file(below + "/" if folder else below)


def _below(root: str, path: str) -> Optional[str]:
    start = root if root.endswith(os.sep) else root + os.sep
    return path[len(start) :].replace(os.sep, "/") if path.startswith(start) else None


#: What git does with the paths that match, the last line of a file first.
_Lines = Sequence[tuple[bool, "re.Pattern[str]"]]


def _said(lines: _Lines, path: str) -> Optional[bool]:
    """Whether git ignores just this path (a folder's ends with a slash), by the last line that speaks of it. pathspec lets a
    folder's line speak of all that is in it, too: what is in a folder that was named is meant all the same."""
    for ignores, regex in lines:
        match = regex.search(path)
        if match is not None:
            slash = match.start("ps_d") if "ps_d" in regex.groupindex else -1
            if slash < 0 or slash == len(path) - 1 or (path[-1] == "/" and regex.pattern[0] != "^"):
                return ignores
    return None


class _Ignored:
    """What git ignores, read from the .gitignore of each folder on the way."""

    def match(self, path: str, folder: bool) -> bool:
        """The nearest .gitignore that speaks of the path decides."""
        for root, lines in self.above(os.path.dirname(path)):
            below = _below(root, path)
            if below is not None:
                said = _said(lines, below + "/" if folder else below)
                if said is not None:
                    return said
        return False

    def match_any(self, path: str) -> bool:
        """Whether git ignores the file or a folder above it, from the top of the repository on."""
        parts = [path]
        while not os.path.exists(os.path.join(parts[-1], ".git")) and os.path.dirname(parts[-1]) != parts[-1]:
            parts.append(os.path.dirname(parts[-1]))
        return any(self.match(part, part != path) for part in reversed(parts[:-1]))

    @functools.cache  # noqa: B019  lives as long as the run
    def above(self, folder: str) -> tuple[tuple[str, _Lines], ...]:
        """The folder's own lines, and those of the folders above it, up to the top of the repository."""
        own = ((folder, spec),) if (spec := self._read(os.path.join(folder, ".gitignore"))) is not None else ()
        if os.path.exists(os.path.join(folder, ".git")):
            excluded = self._read(os.path.join(folder, ".git", "info", "exclude"))
            return (*own, (folder, excluded)) if excluded is not None else own
        above = os.path.dirname(folder)
        return own if above == folder else (*own, *self.above(above))

    def _read(self, path: str) -> Optional[_Lines]:
        try:
            with open(path, encoding="utf-8-sig", errors="replace") as file:
                lines = [line for line in file.read().split("\n") if line.strip() and not line.startswith("#")]
        except OSError:
            return None
        try:
            return _in_order(lines)
        except (ValueError, re.error):  # git passes over a line that it does not understand, too
            return _in_order([line for line in lines if _is_understood(line)])


def _in_order(lines: Sequence[str]) -> Optional[_Lines]:
    found = reversed(list(_spec(lines).patterns) if lines else [])
    return [(one.include, one.regex) for one in found if one.include is not None and one.regex is not None] or None


def _is_understood(line: str) -> bool:
    try:
        _spec([line])
    except (ValueError, re.error):
        return False
    return True


class Finder:
    """Finds files for given settings."""

    def __init__(self, settings: Settings, force_exclude: bool = False) -> None:
        self._excluded = Patterns((*settings.exclude, *settings.extend_exclude))
        self._ignored = _Ignored() if settings.respect_gitignore else None
        self._force = force_exclude

    def find(self, names: Sequence[str]) -> Found:
        """The files of each name, a folder's with all below it."""
        files: dict[str, None] = {}
        problems: list[Problem] = []
        for name in names:
            path = os.path.abspath(name)
            if not name:  # a shell's variable that is not set
                problems.append(Problem("''", "there is no file without a name"))
            elif os.path.isdir(path):
                if not (self._force and self.skips(path)):
                    files.update(dict.fromkeys(self._walk(path, problems)))
            elif not os.path.lexists(path):
                problems.append(Problem(path, _why_not_there(path)))
            elif not os.path.exists(path):
                problems.append(Problem(path, "is a link that leads nowhere"))
            elif not os.path.isfile(path) and not path.startswith(_GIVEN):
                problems.append(Problem(path, "is neither a file nor a folder"))  # a pipe would be waited for
            elif not (self._force and self.skips(path)):
                files[path] = None
        return Found(sorted(files, key=_order), problems)

    def skips(self, path: str) -> bool:
        """Whether a file is left out if it is not named."""
        return self._excluded.match_any(path) or (self._ignored is not None and self._ignored.match_any(path))

    def _walk(self, folder: str, problems: list[Problem]) -> Iterator[str]:
        # Where a folder that git ignores was named, what is in it is meant, less what is ignored itself.
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            try:
                with os.scandir(here) as entries:
                    found = list(entries)
            except OSError as error:
                problems.append(Problem(here, f"cannot be listed: {reason(error)}"))
                continue
            ignored = self._ignored if self._ignored is not None and self._ignored.above(here) else None
            for entry in found:
                inner = _is_folder(entry)
                if not inner and not (entry.name.endswith(ENDINGS) and _is_file(entry)):
                    continue
                path = entry.path
                if self._excluded.match(path, inner) or ignored is not None and ignored.match(path, inner):
                    continue
                if inner:
                    waiting.append(path)
                else:
                    yield path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Not for a link that leads nowhere (an editor's lock), nor for a pipe, which would be waited for."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _why_not_there(path: str) -> str:
    try:
        os.lstat(path)
    except PermissionError as error:
        return f"cannot be read: {reason(error)}"
    except OSError:
        pass
    return "there is no such file or folder"


def _order(path: str) -> list[str]:
    return path.split(os.sep)


def reason(error: OSError) -> str:
    """The system's words for what went wrong."""
    return (error.strerror or str(error)).lower()
