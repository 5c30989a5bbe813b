"""A progress bar for long runs, at a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

_Item = TypeVar("_Item")

#: Seconds until a run counts as long.
_LONG = 1.0


class Progress:
    """Drawn on standard error, by rich, which is imported only when a run is long."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._total = 0
        self._start = time.monotonic()

    def begin(self, total: int) -> None:
        """Say how many steps there are."""
        self._total = total

    def follow(self, items: Iterable[_Item]) -> Iterator[_Item]:
        """The items, each one a step."""
        at_terminal = sys.stderr.isatty()
        for done, item in enumerate(items, 1):
            if at_terminal and done < self._total:
                self._show(done)
            yield item
        self.close()

    def _show(self, done: int) -> None:
        if self._bar is None:
            if time.monotonic() - self._start < _LONG:
                return
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = TextColumn("Checking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=self._total)
            self._bar.start()
        self._bar.update(self._task, completed=done)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
