"""What became of a program that was run."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional


@dataclass(frozen=True)
class Raised:
    """An error: its type and the types that it is derived from, its words, and the lines of the program that it passed."""

    kind: str
    kinds: tuple[str, ...]
    words: str
    lines: tuple[tuple[str, int], ...] = ()

    @property
    def line(self) -> int:
        """The innermost line of the program that was run; 0 where there is none."""
        return self.lines[-1][1] if self.lines else 0

    def __str__(self) -> str:
        return f"{self.kind} at line {self.line}: {self.words}"

    @classmethod
    def of(cls, error: BaseException, folder: Path) -> Raised:
        """What ``error`` says, with the lines of files under ``folder``."""
        kinds = tuple(kind.__name__ for kind in type(error).__mro__ if kind is not object)
        frames = traceback.extract_tb(error.__traceback__)
        inside = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
        lines = tuple((Path(frame.filename).name, frame.lineno or 0) for frame in inside)
        return cls(kinds[0], kinds, re.sub(r"\s+", " ", str(error)).strip(), lines)


@dataclass(frozen=True)
class Outcome:
    """How a run ended. ``result`` is what was measured after it; ``printed`` is all that was written meanwhile."""

    raised: tuple[Raised, ...] = ()
    result: Any = None
    printed: str = ""
    died: Optional[str] = None
    seconds: float = field(default=0.0, compare=False)

    @property
    def error(self) -> Optional[Raised]:
        """The first error; None where nothing was raised."""
        return self.raised[0] if self.raised else None

    @property
    def fine(self) -> bool:
        """Whether the program ran to its end."""
        return not self.raised and not self.died

    def __str__(self) -> str:
        if self.died:
            return f"the interpreter ended: {self.died}\n{self.printed[-2000:]}"
        return "; ".join(map(str, self.raised)) or f"no error, measured: {self.result}"
