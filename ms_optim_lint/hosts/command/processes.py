"""Judging in several processes."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from ms_optim_lint.hosts.command import UsageError
from ms_optim_lint.hosts.command.judging import Judged, judge
from ms_optim_lint.project import Project
from ms_optim_lint.settings import Settings

if TYPE_CHECKING:
    from ms_optim_lint.hosts.command.running import _Work

_project = Project()


def _begin(settings: Settings) -> None:
    global _project
    _project = Project(settings)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupt ends it in the middle of a file


def _judge(path: str, text: str) -> Judged:
    return judge(path, text, _project)


def judged_in_processes(work: Sequence[_Work], settings: Settings, jobs: int) -> Iterator[tuple[_Work, Judged]]:
    """Each file with what is known of it, in the order of ``work``. The largest are begun first."""
    _import_all()
    pool = None
    try:
        try:
            pool = ProcessPoolExecutor(jobs, _context(), _begin, (settings,))
            largest_first = sorted(range(len(work)), key=lambda number: -len(work[number].text))
            futures = {number: pool.submit(_judge, work[number].path, work[number].text) for number in largest_first}
        except (
            ImportError,
            OSError,
        ):  # a system without semaphores, as some services are, or without room for processes
            yield from judged_here(work, settings)
            return
        for number, item in enumerate(work):
            yield item, futures[number].result()
    except BrokenProcessPool:
        raise UsageError("a process that judged files was ended from outside; write --jobs 1.") from None
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def judged_here(work: Sequence[_Work], settings: Settings) -> Iterator[tuple[_Work, Judged]]:
    """The same in this process."""
    project = Project(settings)
    return ((item, judge(item.path, item.text, project)) for item in work)


def _context() -> multiprocessing.context.BaseContext:
    # A copy of this process has all modules already.
    return multiprocessing.get_context("fork" if sys.platform == "linux" else None)


def _import_all() -> None:
    """What every process needs, once."""
    from ms_optim_lint import judging  # noqa: F401
    from ms_optim_lint.interpreter import roots  # noqa: F401

    sys.stdout.flush()
    sys.stderr.flush()
