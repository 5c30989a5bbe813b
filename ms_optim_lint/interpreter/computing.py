"""Functions and methods whose results are computed when all that they are given is known: of a parameter's name, mostly."""

from __future__ import annotations

import operator
import re
from typing import Callable

from ms_optim_lint.patterns import pattern

#: The longest texts that are computed with.
_LONGEST = 2_000
#: A pattern with one repetition inside another can take for ever.
_NESTED = pattern(r"[*+}][)\]]*[*+{]")

#: Methods of texts.
_METHODS = frozenset(
    "lower upper strip lstrip rstrip casefold capitalize title swapcase split rsplit partition rpartition splitlines"
    " replace removeprefix removesuffix find rfind index rindex count startswith endswith isdigit isnumeric isalpha"
    " isalnum islower isupper join zfill".split()
)
_OPERATORS: dict[str, Callable[[object, object], object]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
}


class NotComputed(Exception):
    """It is not known how to compute that."""


def method(text: object, name: str, arguments: list[object]) -> object:
    """A method of a text."""
    if not isinstance(text, str) or name not in _METHODS or len(text) > _LONGEST:
        raise NotComputed
    return getattr(text, name)(*arguments)


def function(name: str, arguments: list[object]) -> object:
    """A function of Python's library."""
    if name in ("re.search", "re.match", "re.fullmatch") and len(arguments) == 2:
        return matched(arguments[0], name[3:], arguments[1])
    if name in ("fnmatch.fnmatch", "fnmatch.fnmatchcase") and len(arguments) == 2:
        first, second = arguments
        if isinstance(first, str) and isinstance(second, str):
            import fnmatch  # few need it

            return fnmatch.fnmatchcase(first, second)
    if name == "builtins.int" and len(arguments) == 1 and isinstance(arguments[0], (str, int)):
        return int(arguments[0])
    if name == "builtins.str" and len(arguments) == 1 and isinstance(arguments[0], (str, int)):
        return str(arguments[0])
    raise NotComputed


def matched(regex: object, how: str, text: object) -> object:
    """``re.search(regex, text)`` and the like: true, or None."""
    if not isinstance(regex, str) or not isinstance(text, str) or how not in ("search", "match", "fullmatch"):
        raise NotComputed
    if len(regex) > 200 or len(text) > _LONGEST or _NESTED.search(regex):
        raise NotComputed
    try:
        return True if getattr(re, how)(regex, text) else None
    except (re.error, OverflowError):
        raise NotComputed from None


def calculated(operation: str, left: object, right: object) -> object:
    """``left operation right`` of two texts or two integers."""
    found = _OPERATORS.get(operation)
    both = isinstance(left, str) and isinstance(right, str) and operation == "Add"
    if found is None or not (both or isinstance(left, int) and isinstance(right, int)):
        raise NotComputed
    try:
        return found(left, right)
    except ArithmeticError:
        raise NotComputed from None


def sliced(sequence: object, bounds: list[object]) -> object:
    """``sequence[a:b:c]``."""
    known = [bound for bound in bounds if bound is None or isinstance(bound, int)]
    if not isinstance(sequence, (str, list, tuple)) or len(known) != len(bounds):
        raise NotComputed
    return sequence[slice(*known)]
