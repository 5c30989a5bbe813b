"""Making the fixes of findings, and writing what comes out.

>>> source = sources.read(data, path)
>>> done = fix(source, lint, unsafe=False)   # lint: text in, the findings that are to be fixed out
>>> if done.source.data != data:
...     write(path, done.source.data, seen=data)   # or print(diff(path, source, done.source))

Fixes that overlap are made one after the other, each on findings made anew. A fix that would leave something that is not
Python, that does not take its finding away, or that brings another finding is not made: it is ``refused``. Only what an
error has hidden may show once it is fixed, and what is less bad than what was fixed.
"""

from __future__ import annotations

import difflib
import os
import stat
import tempfile
from collections import Counter
from collections.abc import Sequence
from typing import Callable, Optional, Union

from ms_optim_lint.finding import Applicability, Edit, Finding, Severity
from ms_optim_lint.patterns import pattern
from ms_optim_lint.records import record
from ms_optim_lint.sources import Source, SourceError

#: Fixes that overlap need one round each; nobody has as many.
_MAX_ROUNDS = 100

Lint = Callable[[str], Sequence[Finding]]


class FixError(Exception):
    """A file that cannot be written. The text is a sentence without its subject: "is read-only"."""


@record(frozen=True)
class Refused:
    """A fix that was not made. ``reason`` is a sentence without its subject: the file "would not be Python any more"."""

    finding: Finding
    reason: str


@record(frozen=True)
class Outcome:
    """What :func:`fix` did. ``remaining`` are the findings of ``source``; those ``applied`` have the places they had when
    their fix was made."""

    source: Source
    applied: tuple[Finding, ...]
    remaining: tuple[Finding, ...]
    refused: tuple[Refused, ...]


def is_applicable(finding: Finding, unsafe: bool = False) -> bool:
    """Whether the finding has a fix that may be made."""
    return finding.fix is not None and (unsafe or finding.fix.applicability is Applicability.SAFE)


def fix(source: Source, lint: Lint, unsafe: bool = False) -> Outcome:
    """Make the fixes of the findings in ``source``. ``lint`` is asked again after each round."""
    findings = tuple(lint(source.text))
    applied: list[Finding] = []
    refused: dict[object, Refused] = {}
    for _ in range(_MAX_ROUNDS):
        wanted = [one for one in findings if is_applicable(one, unsafe) and _key(one, source) not in refused]
        errors = [one for one in wanted if one.severity is Severity.ERROR]
        chosen = _without_overlaps(errors or wanted)
        if not chosen:
            break
        step = _step(source, findings, chosen, lint)
        if isinstance(step, str):  # find the culprit
            for one in chosen:
                step = _step(source, findings, [one], lint)
                if not isinstance(step, str):
                    chosen = [one]
                    break
                refused[_key(one, source)] = Refused(one, step)
        if isinstance(step, str):
            continue
        applied += chosen
        source, findings = step
    return Outcome(source, tuple(applied), findings, tuple(refused.values()))


def _key(finding: Finding, source: Source) -> object:
    """What a finding is known by while lines move."""
    assert finding.fix is not None
    lines = source.text.split("\n")
    written = lines[finding.place.line - 1 : finding.place.end_line]
    return finding.code, finding.message, tuple(edit.text for edit in finding.fix.edits), "\n".join(written)


def _without_overlaps(findings: Sequence[Finding]) -> list[Finding]:
    """The findings whose fixes can be made together, in order of place. Fixes of equal edits are one, and so is what two of them
    insert at one place: an import that both need."""
    chosen: list[Finding] = []
    taken: list[Edit] = []
    fixes: set[tuple[Edit, ...]] = set()
    for finding in sorted(findings, key=lambda one: (one.place, one.code)):
        assert finding.fix is not None
        edits = finding.fix.edits
        own = [edit for edit in edits if edit not in taken or not _inserts(edit)]
        if edits in fixes or not any(_touch(edit, other) for edit in own for other in taken):
            chosen.append(finding)
            fixes.add(edits)
            taken += own
    return chosen


def _inserts(edit: Edit) -> bool:
    return (edit.place.line, edit.place.column) == (edit.place.end_line, edit.place.end_column)


def _touch(one: Edit, other: Edit) -> bool:
    start, end = (one.place.line, one.place.column), (one.place.end_line, one.place.end_column)
    return start <= (other.place.end_line, other.place.end_column) and (other.place.line, other.place.column) <= end


def _step(
    source: Source, before: Sequence[Finding], chosen: Sequence[Finding], lint: Lint
) -> Union[str, tuple[Source, tuple[Finding, ...]]]:
    """The source with the fixes of the chosen findings and its findings, or why not."""
    fixes = dict.fromkeys(one.fix.edits for one in chosen if one.fix is not None)
    # Two fixes may insert the same; one may insert the same twice.
    edits: list[Edit] = []
    for own in fixes:
        edits += [edit for edit in own if edit not in edits or not _inserts(edit)]
    try:
        new = source.edited(edits)
    except SourceError as error:
        return str(error)
    if new.text == source.text:
        return "would stay as it is"
    after = tuple(lint(new.text))
    had, has = Counter(one.code for one in before), Counter(one.code for one in after)
    for code in {one.code for one in chosen}:
        if has[code] >= had[code]:
            return f"would have {code} all the same"
    if all(one.severity is not Severity.ERROR for one in chosen):
        # What an error has hidden may show once it is gone. Elsewhere only what is less bad is hidden; the rest is the fix's.
        least = min(one.severity.rank for one in chosen)
        for one in after:
            if has[one.code] > had[one.code] and one.severity.rank >= least:
                return f"would have {one.code}"
        # What is no longer said of the same mistake at another place would never be repaired.
        fixed = Counter(one.code for one in chosen)
        for code in fixed:
            if had[code] - has[code] > fixed[code]:
                return f"would not show another {code} any more"
    return new, after


# Files


def write(path: Union[str, os.PathLike[str]], data: bytes, seen: Optional[bytes] = None) -> None:
    """Replace the file's content at once: whoever reads it sees the old or the new.

    Symbolic links are followed and mode bits are kept. ``seen``: what the file held when it was judged. Raises
    :class:`FixError` where the file is read-only, is gone, or holds something else by now.
    """
    target = os.path.realpath(path)
    try:
        status = os.stat(target)
        # The superuser may write to all files; who took the permission away meant it.
        if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(target, os.W_OK):
            raise FixError("is read-only")
        if seen is not None:
            with open(target, "rb") as file:
                if file.read() != seen:
                    raise FixError("has changed since it was read")
        _replace(target, data, status)
    except FileNotFoundError:
        raise FixError("is not there any more") from None
    except OSError as error:
        raise FixError(f"cannot be written: {(error.strerror or str(error)).lower()}") from None


def _replace(target: str, data: bytes, status: os.stat_result) -> None:
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(target)[:40]}.", dir=os.path.dirname(target))
    except PermissionError:
        raise FixError("cannot be replaced at once: its folder is read-only") from None
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        own = os.stat(temporary)
        if hasattr(os, "chown") and (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
            try:
                os.chown(temporary, status.st_uid, status.st_gid)
            except OSError:
                pass  # only the superuser can give files away
        os.chmod(temporary, stat.S_IMODE(status.st_mode))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


_LINE = pattern(r"[^\n]*\n|[^\n]+")


def diff(path: str, before: Source, after: Source) -> str:
    """The change as a unified diff; empty where there is none. Each changed cell of a notebook has its own."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for (label, old), (_, new) in zip(before.parts(), after.parts())
        for line in difflib.unified_diff(_LINE.findall(old), _LINE.findall(new), path + label, path + label)
    )
