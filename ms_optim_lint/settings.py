"""What a user can choose, and where each host's users expect to write it."""
from __future__ import annotations

from dataclasses import dataclass

from ms_optim_lint.finding import Severity

Version = tuple[int, ...]

#: The newest release whose behaviour was measured; unknown later ones are taken to behave like it.
NEWEST: Version = (2, 10, 0)


@dataclass(frozen=True)
class Settings:
    """Every choice, with its default. Built from configuration by :func:`load`."""

    mindspore_version: Version = NEWEST
    source_roots: tuple[str, ...] = ()
    preview: bool = False
    min_severity: Severity = Severity.CONVENTION
