"""Reading ``data.json``: once, when something is asked for the first time.

The file is made by ``scripts/describe_mindspore.py``. What depends on the release is stored by *span*: ``2.0.0`` (in
this release and later ones) or ``2.0.0<2.8.0`` (before the second release only). Spans of one entry do not overlap
where a release has one value (signatures), and add up where it has a set (names, attributes).
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping
from typing import Any, Optional

#: A release as numbers: ``(2, 10, 0)``. ``(2, 10)`` is the same release.
Version = tuple[int, ...]


@functools.cache
def load() -> Mapping[str, Any]:
    """The data. It is never changed."""
    with open(os.path.join(os.path.dirname(__file__), "data.json"), encoding="utf-8") as file:
        data: Mapping[str, Any] = json.loads(file.read())
    return data


@functools.cache
def releases() -> tuple[Version, ...]:
    """The releases that the data was made from, oldest first."""
    return tuple(parse(release) for release in load()["releases"])


@functools.cache
def parse(release: str) -> Version:
    """``'2.10.0'`` as ``(2, 10, 0)``."""
    return tuple(int(part) for part in release.split("."))


def known(version: Version) -> Version:
    """The version to look up for ``version``: three numbers, and not before the oldest release described."""
    padded = (*version, 0, 0, 0)[:3]
    return max(padded, releases()[0])


@functools.cache
def bounds(span: str) -> tuple[Version, Optional[Version]]:
    """First release of a span, and the first one after it."""
    since, _, before = span.partition("<")
    return parse(since), parse(before) if before else None


def holds(span: str, version: Version) -> bool:
    """Whether a span has a release (one that :func:`known` gave)."""
    since, before = bounds(span)
    return since <= version and (before is None or version < before)


def value_at(spans: Mapping[str, Any], version: Version) -> Any:
    """What an entry with one value a release is in ``version``, or None."""
    version = known(version)
    return next((value for span, value in spans.items() if holds(span, version)), None)


def names_at(spans: Mapping[str, list[str]], version: Version) -> frozenset[str]:
    """What an entry with a set a release has in ``version``."""
    version = known(version)
    return frozenset(name for span, names in spans.items() if holds(span, version) for name in names)


def present(spans: Mapping[str, list[str]], name: str, version: Version) -> Optional[bool]:
    """Whether an entry with a set has ``name`` in ``version``.

    None between the last described release without it and the first one with it: nobody looked.
    """
    version = known(version)
    mine = [span for span, names in spans.items() if name in names]
    if any(holds(span, version) for span in mine):
        return True
    for since, _ in map(bounds, mine):
        without = max((release for release in releases() if release < since), default=since)
        if without < version < since:
            return None
    return False


def names_ever(spans: Mapping[str, list[str]]) -> frozenset[str]:
    """What an entry with a set has in any release."""
    return frozenset(name for names in spans.values() for name in names)
