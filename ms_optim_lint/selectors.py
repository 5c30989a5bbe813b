"""Which rules a code means: ``MSO113``, ``MSO11``, ``MSO``, ``ALL``, ``ms-iterator-group`` or Pylint's ``W7813``.

The names of the rules' files say it all, so no rule is loaded for it.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Optional

from ms_optim_lint.patterns import pattern
from ms_optim_lint.records import NamedTuple

_RULE_FILE = pattern(r"mso1(\d\d)_(\w+)\.pyc?")
_CODE = pattern(r"MSO(?:1\d{0,2})?")
_PYLINT_ID = pattern(r"[CRWE]78(\d\d)")


@functools.cache
def known() -> Mapping[str, str]:
    """The codes of all rules with their symbols, sorted."""
    files = map(_RULE_FILE.fullmatch, os.listdir(os.path.join(os.path.dirname(__file__), "rules")))
    found = {f"MSO1{file[1]}": "ms-" + file[2].replace("_", "-") for file in files if file}
    return dict(sorted(found.items()))


def normal(selector: str) -> str:
    """A selector as a code or the beginning of codes; an unknown one as it is."""
    text = selector.strip()
    pylint_id = _PYLINT_ID.fullmatch(text.upper())
    if pylint_id is not None:
        return f"MSO1{pylint_id[1]}"
    if text.upper() == "ALL":
        return "MSO"
    if text.lower().startswith("ms-"):
        return next((code for code, symbol in known().items() if symbol == text.lower()), text)
    return text.upper()


def check(selector: str) -> None:
    """Raise :class:`~ms_optim_lint.settings.SettingsError` for what means no rule."""
    code = normal(selector)
    if not (_CODE.fullmatch(code) and any(one.startswith(code) for one in known())):
        from ms_optim_lint.settings import SettingsError

        near = near_symbol(selector)
        hint = f" Did you mean {near}?" if near is not None else ""
        raise SettingsError(
            f"'{selector}' is no rule; write a code such as MSO113, the beginning of codes such as MSO11, "
            f"a symbol such as ms-iterator-group, or ALL.{hint}"
        )


def near_symbol(text: str) -> Optional[str]:
    """The symbol that was meant by a word that is none."""
    from ms_optim_lint.spelling import nearest

    return nearest(text, known().values())


def meant(selectors: Iterable[str]) -> frozenset[str]:
    """The codes that any of the selectors means."""
    starts = tuple(normal(selector) for selector in selectors)
    return frozenset(code for code in known() if code.startswith(starts)) if starts else frozenset()


class Choice(NamedTuple):
    """What one place (a file, the command line) says. ``select`` replaces what was chosen before it."""

    select: Optional[Sequence[str]]
    extend_select: Sequence[str]
    ignore: Sequence[str]


def enabled(choices: Iterable[Choice]) -> frozenset[str]:
    """The codes that remain. A longer selector wins over a shorter one, a later choice over an earlier one."""
    current = frozenset(known())
    for choice in choices:
        said: dict[str, tuple[int, bool]] = {}
        for selectors, on in (((*(choice.select or ()), *choice.extend_select), True), (choice.ignore, False)):
            for selector in selectors:
                strength = len(normal(selector))
                for code in meant([selector]):
                    if said.get(code, (0, True))[0] <= strength:
                        said[code] = strength, on
        chosen = frozenset(code for code, (_, on) in said.items() if on)
        current = chosen if choice.select is not None else (current | chosen) - (frozenset(said) - chosen)
    return current
