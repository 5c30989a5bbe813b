"""How much is followed: statements, calls and work on conditions are counted, and where they are used up it is broken off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Optional

from ms_optim_lint.domain.logic import Logic
from ms_optim_lint.interpreter.state import State

#: The most statements and calls that are followed for one root (the module's body, or one function looked at alone).
ROOT_BUDGET = 8_000
#: So much work on conditions counts as one more statement.
_WORK_OF_A_STEP = 12
#: The same for one whole analysis.
FILE_BUDGET = 24_000
#: The same for all networks that are made in one analysis.
NETWORK_BUDGET = 8_000


class OutOfBudget(Exception):
    """The root has cost more than its bound; what follows in it is not judged."""


class Allowance:
    """Whether something that ran on a budget of its own was broken off."""

    out = False


class Budget:
    """What is left of the bounds of one analysis, and which of them were met."""

    def __init__(self, logic: Logic, networks: int) -> None:
        self.logic = logic
        self.state = State()
        #: how deep statements and expressions are nested now
        self.nesting = 0
        #: the bounds that were met, in words, each once
        self.limits: dict[str, None] = {}
        self._budget = ROOT_BUDGET
        self._total = FILE_BUDGET
        self._networks = networks
        self._is_allowed = False
        self._work = 0

    def limit(self, what: str) -> None:
        """Note that a bound was met."""
        self.limits[what] = None

    def renew(self) -> None:
        """A fresh budget for another root, as far as that of the file goes."""
        self._total -= ROOT_BUDGET - max(self._budget, 0)
        self._budget = min(ROOT_BUDGET, max(self._total, 0))

    def step(self) -> None:
        """Count one statement or call; raises :class:`OutOfBudget` past the bound."""
        self._budget -= 1 + (self.logic.work - self._work) // _WORK_OF_A_STEP
        self._work = self.logic.work
        self.logic.allow()
        if self._budget < 0:
            raise OutOfBudget

    @contextmanager
    def allowance(self, steps: Optional[int] = None) -> Iterator[Allowance]:
        """Run something on a budget of its own, else on the one for networks; where that is used up it is broken off, and says
        so."""
        spent = Allowance()
        if steps is None and self._is_allowed:  # inside another such
            yield spent
            return
        left = self._networks if steps is None else min(steps, max(self._total, 0))
        kept, self._budget = self._budget, left
        allowed, self._is_allowed = self._is_allowed, steps is None
        state, nesting = self.state, self.nesting
        if steps is None:
            self.nesting = 0
        try:
            yield spent
        except (OutOfBudget, RecursionError):
            spent.out = True
            self.state = state
        finally:
            if steps is None:
                self._networks = max(self._budget, 0)
            else:
                self._total -= left - max(self._budget, 0)
            self._budget, self.nesting, self._is_allowed = kept, nesting, allowed

    @property
    def left_for_networks(self) -> int:
        """How many steps are left to make networks with."""
        return self._networks

    def give_networks_up(self) -> None:
        """No more networks are made: what is left is not enough."""
        self._networks = 0
        self.limit("a network is too large to follow")
