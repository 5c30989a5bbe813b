"""What each optimizer of a program is given: by the linter, and measured on MindSpore.

A list of parameters counts as one group; the order of the groups and of what is in them is that in which they are given.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.domain.shapes import Params, Part
from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.facts import Construction

#: The names of the parameters of each group; None for one that only a reader of iterators could tell.
Groups = tuple[Optional[tuple[str, ...]], ...]
#: For each line that builds an optimizer, what was given there, once for each time.
Lines = dict[int, list[Groups]]


# Measured


def note(path: Path, lines: Lines) -> None:
    """From now on, note what the optimizers that lines of ``path`` build are given. Only called in a fork."""
    for module, position in (("mindspore.nn", 1), ("mindspore.experimental.optim", 0)):
        base = importlib.import_module(module).Optimizer
        base.__init__ = _noting(base.__init__, position, str(path), lines)


def _noting(old: Any, position: int, path: str, lines: Lines) -> Any:
    def noting(self: Any, *arguments: Any, **more: Any) -> None:
        given = more.get("parameters", more.get("params", arguments[position] if len(arguments) > position else None))
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != path:
            frame = frame.f_back  # type: ignore[assignment]
        if frame is not None:
            lines.setdefault(frame.f_lineno, []).append(_groups(given))
        old(self, *arguments, **more)

    return noting


def _groups(given: Any) -> Groups:
    if not isinstance(given, (list, tuple)):
        return (None,)
    if given and all(isinstance(one, dict) for one in given):
        return tuple(_names(one["params"]) for one in given if "params" in one)
    return (_names(given),)


def _names(given: Any) -> Optional[tuple[str, ...]]:
    if not isinstance(given, (list, tuple)) or not all(hasattr(one, "requires_grad") for one in given):
        return None
    return tuple(one.name for one in given)


# Computed


def computed(path: Path) -> dict[int, list[tuple[Optional[Groups], bool]]]:
    """The same by the linter, and whether it can be nothing else; None for an optimizer of which not all groups are known."""
    found: dict[int, list[tuple[Optional[Groups], bool]]] = {}
    for fact in analyse(Document(str(path), path.read_text("utf-8")), detailed=True).facts:
        if isinstance(fact, Construction) and fact.location.path == str(path):
            known = found.setdefault(fact.location.place.line, [])
            for params in fact.params:
                if fact.can(params.when):
                    known.append((_given(fact, params), fact.logic.implies(fact.reached, params.when)))
    return found


def _given(fact: Construction, params: Params) -> Optional[Groups]:
    if params.open:
        return None
    if params.kind == "list":
        names = _known(fact, params)
        return None if names is None else (names,)
    if params.kind != "groups":
        return None
    groups: list[Optional[tuple[str, ...]]] = []
    for group in params.groups:
        if group.many or fact.logic.no(group.when) != NEVER:
            return None
        if "params" not in group.entries:
            continue
        names = _known(fact, group.params[0]) if len(group.params) == 1 else None
        if names is None:
            return None
        groups.append(names)
    return tuple(groups)


def _known(fact: Construction, params: Params) -> Optional[tuple[str, ...]]:
    if params.kind != "list" or params.open:
        return None
    names = {one.term: one.name for network in fact.networks for one in network.members or ()}
    found = []
    for part in params.parts:
        name = names.get(part.term, part.name)
        if part.elements or not name or part.row < 0 or not _is_there(fact, params, part):
            return None
        found.append(name)
    return tuple(found)


def _is_there(fact: Construction, params: Params, part: Part) -> bool:
    return fact.logic.implies(fact.logic.both(fact.reached, params.when), part.when)


def compared(path: Path, lines: Lines) -> Iterator[tuple[int, str]]:
    """For each line that has built an optimizer: ``equal``, ``unknown``, or what is wrong."""
    known = computed(path)
    for line, measured in sorted(lines.items()):
        want = [one for one in measured if None not in one]
        if not want or len(want) != len(measured):
            continue
        seen = known.get(line, [])
        wrong = [groups for groups, sure in seen if groups is not None and sure and groups not in want]
        if wrong:
            yield line, f"computed {wrong[0]}, measured {want[0]}"
        else:
            given = [groups for groups, _ in seen]
            yield line, "equal" if all(one in given for one in want) else "unknown"
