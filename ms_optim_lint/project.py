"""The project that a linted file belongs to: settings, where its modules are, and what was read of them."""

from __future__ import annotations

import ast
import os
import stat
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Optional

from ms_optim_lint.records import record
from ms_optim_lint.settings import Settings

#: A file that marks the top folder of a project; imports of a script start there too.
_ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
#: How many folders above a script are looked into for the package that it imports.
_MAX_ABOVE = 3
#: The recursion limit for parsing what the usual one is too low for.
_DEEP = 20_000
#: How many files of a package are searched for a definition.
_MAX_SEARCHED = 3_000
#: So many trees of files that were judged are kept: files of one folder import each other.
_MAX_JUDGED = 32
#: Larger imported files are not read: they are data, or generated.
_MAX_IMPORTED_BYTES = 600_000


def parse(text: str, path: str = "<string>") -> Optional[ast.Module]:
    """The tree of ``text``, or None where it does not parse. Warnings of the parser are the user's own business."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text, path)
        except (SyntaxError, ValueError, MemoryError):
            return None
        except RecursionError:
            return _parse_deep(text, path)


def _parse_deep(text: str, path: str) -> Optional[ast.Module]:
    """A sum of thousands of terms is a deep tree: building it needs a higher limit, walking it here does not."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEP))
    try:
        return ast.parse(text, path)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    finally:
        sys.setrecursionlimit(limit)


@record(frozen=True)
class SourceFile:
    """A file as it was read: its text and tree."""

    path: str
    text: str
    tree: ast.Module


@record(frozen=True)
class Asked:
    """What was asked of the file system: what the paths are (see :func:`kind_of`), and the stamps of the files that were read."""

    kinds: dict[str, str]
    stamps: dict[str, object]


def kind_of(path: str) -> str:
    """``file``, ``folder``, or nothing where there is neither."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return ""
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else ""


class Project:
    """Owns reading. A host holds one for its whole run, so that a module is read and parsed once.

    ``overlays`` maps paths to texts that stand in for the files (an editor's unsaved buffers).
    """

    def __init__(self, settings: Optional[Settings] = None, overlays: Optional[dict[str, str]] = None) -> None:
        self.settings = settings or Settings()
        self.overlays = {os.path.abspath(path): text for path, text in (overlays or {}).items()}
        self._files: dict[str, tuple[object, Optional[SourceFile]]] = {}
        self._judged: dict[str, SourceFile] = {}
        self._roots: dict[str, tuple[str, ...]] = {}
        self._kinds: dict[str, str] = {}
        self._asked: dict[str, str] = {}
        self._asked_for_roots: dict[str, dict[str, str]] = {}
        self._stamps: dict[str, object] = {}
        self._texts: dict[str, tuple[object, str]] = {}

    @contextmanager
    def recording(self) -> Iterator[Asked]:
        """What is asked of the file system meanwhile. Findings depend on it."""
        before = self._asked, self._stamps
        self._asked, self._stamps = {}, {}
        try:
            yield Asked(self._asked, self._stamps)
        finally:
            self._asked, self._stamps = before

    def parsed(self, path: str, text: str) -> Optional[ast.Module]:
        """The tree of a file that is judged; None where it does not parse. A file that is imported, too, is parsed once."""
        path = os.path.abspath(path)
        _, known = self._files.get(path, (None, None))
        if known is not None and known.text == text:
            return known.tree
        tree = parse(text, path)
        if tree is not None:
            if len(self._judged) == _MAX_JUDGED:
                del self._judged[next(iter(self._judged))]
            self._judged[path] = SourceFile(path, text, tree)
        return tree

    def read(self, path: str) -> Optional[SourceFile]:
        """The file, parsed; None where it cannot be read or parsed. Read again when its size or time has changed."""
        path = os.path.abspath(path)
        overlay = self.overlays.get(path)
        stamp: object
        self._stamps[path] = None
        try:
            if overlay is not None:
                stamp = overlay
            else:
                status = os.stat(path)
                self._stamps[path] = status.st_size, status.st_mtime_ns
                if status.st_size > _MAX_IMPORTED_BYTES:
                    return None
                stamp = (status.st_size, status.st_mtime_ns)
            known = self._files.get(path)
            if known is not None and known[0] == stamp:
                return known[1]
            text = overlay if overlay is not None else _read_text(path)
        except (OSError, ValueError):
            return None
        source = self._judged.get(path)
        if source is None or source.text != text:
            tree = parse(text, path)
            source = SourceFile(path, text, tree) if tree is not None else None
        self._files[path] = (stamp, source)
        return source

    def text(self, path: str) -> str:
        """The text of a file without parsing it; nothing where it cannot be read."""
        overlay = self.overlays.get(path)
        if overlay is not None:
            return overlay
        try:
            status = os.stat(path)
            stamp = (status.st_size, status.st_mtime_ns)
            self._stamps[path] = stamp
            known = self._texts.get(path)
            if known is None or known[0] != stamp:
                known = self._texts[path] = (stamp, _read_text(path))
            return known[1]
        except (OSError, ValueError):
            return ""

    def files_around(self, path: str) -> Iterator[str]:
        """All files of the package that ``path`` is in; of its folder, where it is in none."""
        top = os.path.dirname(os.path.abspath(path))
        while self._kind(os.path.join(os.path.dirname(top), "__init__.py")) == "file":
            top = os.path.dirname(top)
        left = _MAX_SEARCHED
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(name for name in folders if name[:1] not in "._")
            for file in sorted(files):
                left -= 1
                if file.endswith(".py") and left >= 0:
                    yield os.path.join(folder, file)

    def module_name(self, path: str) -> tuple[str, bool]:
        """The dotted name of a file by the packages it lies in, and whether it is a package's ``__init__``."""
        path = os.path.abspath(path)
        folder, file = os.path.split(path)
        stem = os.path.splitext(file)[0]
        parts = [] if stem == "__init__" else [stem]
        while self._kind(os.path.join(folder, "__init__.py")) == "file":
            folder, last = os.path.split(folder)
            parts.insert(0, last)
            if not last:
                break
        return ".".join(parts) or stem, stem == "__init__"

    def find(self, dotted: str, importer: str) -> Optional[str]:
        """The path of the project's module of that name, as a file ``importer`` would import it; None where it is not of the
        project. A folder without ``__init__.py`` is a namespace package; its path is the folder."""
        parts = dotted.split(".")
        for root in self.roots(importer):
            found = self._below(root, parts)
            if found is not None:
                return found
        return self._above(parts, importer)

    def _above(self, parts: list[str], importer: str) -> Optional[str]:
        """A script in a folder below the project's own (``modelarts/train.py``) puts that folder on the path before it imports
        ``src.config``: the nearest folder above that has the package."""
        if len(parts) < 2:
            return None
        folder = os.path.dirname(os.path.abspath(importer))
        for _ in range(_MAX_ABOVE):
            above = os.path.dirname(folder)
            if above == folder:
                break
            folder = above
            if self._kind(os.path.join(folder, parts[0])) == "folder":
                return self._below(folder, parts)
        return None

    def beside(self, importer: str, level: int, dotted: str) -> Optional[str]:
        """The module of a relative import: ``level`` dots, then ``dotted`` (which may be empty)."""
        folder = os.path.dirname(os.path.abspath(importer))
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        return self._below(folder, dotted.split(".") if dotted else [])

    def roots(self, importer: str) -> tuple[str, ...]:
        """The folders in which a file's absolute imports are looked up, in order."""
        folder = os.path.dirname(os.path.abspath(importer))
        found = self._roots.get(folder)
        if found is not None:
            self._asked.update(self._asked_for_roots[folder])
        else:
            before, self._asked = self._asked, {}
            top = folder
            while self._kind(os.path.join(top, "__init__.py")) == "file" and os.path.dirname(top) != top:
                top = os.path.dirname(top)
            roots = [top, folder, *(os.path.abspath(root) for root in self.settings.source_roots)]
            above = top
            for _ in range(6):
                if any(self._kind(os.path.join(above, mark)) for mark in _ROOT_MARKS):
                    roots.extend((above, os.path.join(above, "src")))
                    break
                above = os.path.dirname(above)
            found = self._roots[folder] = tuple(dict.fromkeys(roots))
            self._asked_for_roots[folder] = self._asked
            self._asked = before
            before.update(self._asked_for_roots[folder])
        return found

    def _below(self, folder: str, parts: list[str]) -> Optional[str]:
        path = os.path.join(folder, *parts) if parts else folder
        if parts and self._kind(path + ".py") == "file":
            return path + ".py"
        package = os.path.join(path, "__init__.py")
        if self._kind(package) == "file":
            return package
        return path if self._kind(path) == "folder" else None

    def _kind(self, path: str) -> str:
        found = self._kinds.get(path)
        if found is None:
            found = "file" if path in self.overlays else kind_of(path)
            self._kinds[path] = found
        self._asked[path] = found
        return found


def _read_text(path: str) -> str:
    """The text of a file, as :func:`~ms_optim_lint.sources.decode` has it. Raises OSError and ValueError."""
    from ms_optim_lint import sources

    with open(path, "rb", buffering=0) as file:
        content = file.read()
    try:
        return sources.decode(content)
    except sources.SourceError as error:
        raise ValueError(str(error)) from None
