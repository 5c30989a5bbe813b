"""What a user can choose, and where each host's users expect to write it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, Callable, Optional, Union

from ms_optim_lint.finding import Severity
from ms_optim_lint.patterns import pattern
from ms_optim_lint.records import field, record, replace
from ms_optim_lint.spelling import nearest

Version = tuple[int, ...]

#: The newest release whose behaviour was measured; unknown later ones are taken to behave like it.
NEWEST: Version = (2, 10, 0)

#: The section of setup.cfg and tox.ini, and the table under ``tool`` in pyproject.toml.
SECTION = "ms-optim-lint"
#: What is imported. A section of this name is meant for us, too, and would be read by nobody.
_MODULE = "ms_optim_lint"

_VERSION = pattern(r"(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:rc\d+)?")
_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


class SettingsError(Exception):
    """A setting that cannot be used. The text is one sentence for the user."""


#: A pattern for paths as in .gitignore, after the folder that it starts from.
Pattern = tuple[str, str]

#: What the command can print.
OUTPUT_FORMATS = ("full", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit")

#: Folders that hold nothing of a project's own.
EXCLUDED = (
    ".bzr .direnv .eggs .git .git-rewrite .hg .ipynb_checkpoints .ms_optim_lint_cache .mypy_cache .nox .pants.d .pyenv "
    ".pytest_cache .pytype .ruff_cache .svn .tox .venv .vscode __pycache__ __pypackages__ _build buck-out build dist "
    "node_modules site-packages venv"
).split()


@record(frozen=True)
class Settings:
    """Every choice, with its default. Built from configuration by :func:`load`.

    The command alone reads what comes after ``min_severity``: flake8 and Pylint have options of their own for it.
    ``file`` is where the settings were written.
    """

    mindspore_version: Version = NEWEST
    source_roots: tuple[str, ...] = ()
    preview: bool = False
    min_severity: Severity = Severity.CONVENTION
    select: Optional[tuple[str, ...]] = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[Pattern, tuple[str, ...]], ...] = ()
    exclude: tuple[Pattern, ...] = tuple(("", name) for name in EXCLUDED)
    extend_exclude: tuple[Pattern, ...] = ()
    respect_gitignore: bool = True
    output_format: str = "full"
    baseline: Optional[str] = None
    cache_dir: Optional[str] = None
    file: Optional[str] = field(default=None, compare=False)

    @property
    def judging(self) -> tuple[object, ...]:
        """What findings depend on."""
        return self.mindspore_version, self.source_roots, self.preview, self.min_severity


def load(start: Union[str, os.PathLike[str]] = ".") -> Settings:
    """The shared configuration that holds in the folder ``start``.

    The nearest file upward with our section wins, and only that file is read. Without one these are the defaults.
    Raises :class:`SettingsError` where the section says something that has no meaning.
    """
    directory, below = os.path.realpath(start), ""
    while directory != below:
        for name, read in _READERS.items():
            path = os.path.join(directory, name)
            written = _section(path, read)
            if written is not None:
                return override(Settings(file=path), written, f"{path}: ", directory)
        directory, below = os.path.dirname(directory), directory
    return Settings()


def load_file(path: Union[str, os.PathLike[str]]) -> Settings:
    """What the file says, whatever stands in other files. Raises :class:`SettingsError`."""
    path = os.path.realpath(path)
    read = _read_toml if path.endswith(".toml") else _read_ini
    if not os.path.isfile(path):
        raise SettingsError(f"{path}: there is no such file.")
    written = _section(path, read)
    if written is None:
        form = f"[tool.{SECTION}]" if read is _read_toml else f"[{SECTION}]"
        raise SettingsError(f"{path}: has no section {form}.")
    return override(Settings(file=path), written, f"{path}: ", os.path.dirname(path))


def override(base: Settings, written: Mapping[str, Any], before_key: str, directory: str) -> Settings:
    """``base`` with what the user has ``written``: kebab-case keys, values as text or as TOML gives them.

    Messages put ``before_key`` in front of the key's name (a file, an option's prefix); relative folders start from
    ``directory``. Raises :class:`SettingsError`.
    """
    changes: dict[str, Any] = {}
    for key, value in written.items():
        if key not in KEYS:
            near = nearest(key, KEYS)
            hint = f"; write {near}" if near is not None else ""
            raise SettingsError(f"{before_key}{key} is not a setting; the settings are {', '.join(KEYS)}{hint}.")
        try:
            changes[key.replace("-", "_")] = KEYS[key](value, directory)
        except SettingsError as error:
            raise SettingsError(f"{before_key}{key}: {error}") from None
    return replace(base, **changes)


def parse_version(text: str) -> Version:
    """``"2.7"`` and ``"2.7.0"`` are (2, 7, 0); a release candidate counts as its release.

    A version that nobody knows yet is fine. Raises :class:`SettingsError` for anything else.
    """
    match = _VERSION.fullmatch(text.strip())
    if match is None:
        from ms_optim_lint.mindspore.data import releases

        known = ", ".join(".".join(map(str, release[:2])) for release in releases())
        raise SettingsError(
            f"'{text}' is not a MindSpore version; write two or three numbers such as 2.7 or 2.7.1: {known}, what lies "
            "between them, or a later release."
        )
    return tuple(int(part or 0) for part in match.groups())


def _version(value: Any, directory: str) -> Version:
    if not isinstance(value, str):
        # The TOML number 2.10 is 2.1: what was meant is lost.
        raise SettingsError(f'{value!r} is not text; write the version in quotes, such as "2.7".')
    return parse_version(value)


def _folders(value: Any, directory: str) -> tuple[str, ...]:
    names = re.split(r"[,\n]", value) if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise SettingsError(f"{value!r} is not a list of folders.")
    return tuple(_folder(name.strip(), directory) for name in names if name.strip())


def _folder(name: str, directory: str) -> str:
    path = os.path.realpath(os.path.join(directory, name))
    if not os.path.isdir(path):
        raise SettingsError(f"'{name}' is not a folder in {directory}.")
    return path


def _boolean(value: Any, directory: str) -> bool:
    meant = value if isinstance(value, bool) else _BOOLEANS.get(str(value).strip().lower())
    if meant is None:
        raise SettingsError(f"{value!r} is not accepted; write true or false.")
    return meant


def _severity(value: Any, directory: str) -> Severity:
    for severity in Severity:
        if severity.word == str(value).strip().lower():
            return severity
    words = ", ".join(severity.word for severity in sorted(Severity, key=lambda one: one.rank))
    raise SettingsError(f"{value!r} is not accepted; write one of {words}.")


def _texts(value: Any, what: str) -> list[str]:
    """A list of texts, or one text with commas or lines between them."""
    parts = re.split(r"[,\n]", value) if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not all(isinstance(part, str) for part in parts):
        raise SettingsError(f"{value!r} is not a list of {what}.")
    return [part.strip() for part in parts if part.strip()]


#: Patterns, a colon, codes.
_PER_FILE = pattern(r"([^\s,:][^:]*?)\s*:\s*([\w-]+(?:[,\s]+[\w-]+(?=[,\s]|$))*)(?:[,\s]+|$)")


def _selectors(value: Any, directory: str) -> tuple[str, ...]:
    from ms_optim_lint.selectors import check

    found = tuple(part for text in _texts(value, "codes") for part in re.split(r"[,\s]+", text) if part)
    for selector in found:
        check(selector)
    return found


def _patterns(value: Any, directory: str) -> tuple[Pattern, ...]:
    return tuple(_pattern(name, directory) for name in _texts(value, "patterns"))


def _pattern(name: str, directory: str) -> Pattern:
    """A pattern as in .gitignore. Paths as a shell has them (``./x``, ``../x``, a whole one) are understood, too."""
    negated, path = ("!", name[1:]) if name.startswith("!") else ("", name)
    root = directory
    if path.startswith(("./", "../")):
        while path.startswith(("./", "../")):
            root = os.path.dirname(root) if path.startswith("../") else root
            path = path.partition("/")[2].lstrip("/")
        path = "/" + path
    elif path.startswith(root.replace(os.sep, "/") + "/"):
        path = path[len(root) :]
    return root, negated + path


def _per_file(value: Any, directory: str) -> tuple[tuple[Pattern, tuple[str, ...]], ...]:
    """A table of patterns and codes, or text as flake8 has it: ``tests/*: MSO121, MSO107`` and the next pattern."""
    if isinstance(value, Mapping):
        return tuple((_pattern(name, directory), _selectors(codes, directory)) for name, codes in value.items())
    found: list[tuple[Pattern, tuple[str, ...]]] = []
    text, end = (value.strip(), 0) if isinstance(value, str) else ("", -1)
    while 0 <= end < len(text):
        entry = _PER_FILE.match(text, end)
        if entry is not None:
            codes = _selectors(entry[2], directory)
            found.extend((_pattern(name, directory), codes) for name in re.split(r"[,\s]+", entry[1]))
        end = entry.end() if entry is not None else -1
    if end < 0:
        raise SettingsError(f"{value!r} is not accepted; write a pattern, a colon and codes, such as tests/*: MSO121.")
    return tuple(found)


def _output_format(value: Any, directory: str) -> str:
    if value not in OUTPUT_FORMATS:
        raise SettingsError(f"{value!r} is not accepted; write one of {', '.join(OUTPUT_FORMATS)}.")
    return str(value)


def _path(value: Any, directory: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f"{value!r} is not a path.")
    return os.path.normpath(os.path.join(directory, value.strip()))


#: Every setting by its name, with what reads its value.
KEYS: dict[str, Callable[[Any, str], Any]] = {
    "mindspore-version": _version,
    "source-roots": _folders,
    "preview": _boolean,
    "min-severity": _severity,
    "select": _selectors,
    "ignore": _selectors,
    "extend-select": _selectors,
    "per-file-ignores": _per_file,
    "exclude": _patterns,
    "extend-exclude": _patterns,
    "respect-gitignore": _boolean,
    "output-format": _output_format,
    "baseline": _path,
    "cache-dir": _path,
}


def _section(path: str, read: Callable[[str], Any]) -> Optional[Mapping[str, Any]]:
    """What our section of the file says; None where there is no such file or section."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        if not os.path.isfile(path):
            return None
        raise SettingsError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}.") from None
    # Most files do not speak of us: no parser is imported for them.
    if not any(name.encode() in content for name in (SECTION, _MODULE)):
        return None
    try:
        section = read(content.decode("utf-8-sig"))
    except ValueError as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from None
    if section is not None and not isinstance(section, Mapping):
        raise SettingsError(f"{path}: '{SECTION}' is not a section.")
    return section


def _read_toml(text: str) -> Any:
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    content = tomllib.loads(text)
    tool = content.get("tool", {})
    tool = tool if isinstance(tool, dict) else {}
    for wrong, table in ((SECTION, content), (_MODULE, content), (f"tool.{_MODULE}", tool)):
        if wrong.removeprefix("tool.") in table:
            raise ValueError(f"write [tool.{SECTION}] for [{wrong}]")
    return tool.get(SECTION)


def _read_ini(text: str) -> Any:
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise ValueError(_in_one_line(str(error))) from None
    for wrong in (f"tool:{SECTION}", f"tool.{SECTION}", _MODULE):
        if parser.has_section(wrong):
            raise ValueError(f"write [{SECTION}] for [{wrong}]")
    return dict(parser[SECTION]) if parser.has_section(SECTION) else None


def _in_one_line(words: str) -> str:
    """What configparser says, without the name that it has for a text."""
    words = re.sub(r"^While reading from '<string>' \[line +(\d+)\]: ", r"line \1: ", words)
    words = words.replace("file: '<string>', line:", "line").replace(": '<string>'", ":")
    return " ".join(words.split())


_READERS: dict[str, Callable[[str], Any]] = {
    "pyproject.toml": _read_toml,
    "setup.cfg": _read_ini,
    "tox.ini": _read_ini,
}
