"""Cells and Parameters as MindSpore holds them: ``mindspore/nn/cell.py`` and ``container.py``, as far as names go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ms_optim_lint.domain.logic import Condition, Term
from ms_optim_lint.domain.values import Obj, Ref
from ms_optim_lint.interpreter.history import Moment
from ms_optim_lint.records import NamedTuple, field, record


class Owned(NamedTuple):
    """One parameter of a network: its name, its path below the network, its rank and whether it is trained where these are
    known, the term that stands for it, the cell that owns it, and when it is there."""

    name: str
    path: str
    rank: Optional[int]
    requires_grad: Optional[bool]
    term: Term
    owner: Optional[Obj]
    when: Condition


class Placed(NamedTuple):
    """One cell of a network: when it is there, and its path below the network where that is known."""

    ref: Ref
    when: Condition
    path: Optional[str]


class Unknown(Exception):
    """Something of the network cannot be known."""


class Untold(Unknown):
    """What was not followed may have changed anything in the network: nothing of it is sure."""


@record(eq=False)
class Parameter:
    """A Parameter; ``name`` is None while it has only a generated one."""

    term: Term
    name: Optional[str]
    rank: Optional[int]
    trained: Optional[bool]
    owner: Optional[Obj] = None
    #: nothing is known of it any more
    lost: bool = False
    #: when that was set, and what it was before
    changes: list[tuple[Moment, Optional[bool]]] = field(default_factory=list)

    def set_trained(self, trained: Optional[bool], moment: Moment) -> None:
        """It is frozen or trained from a moment on; None where that is not known."""
        self.changes.append((moment, self.trained))
        self.trained = trained

    def trained_at(self, moment: Optional[Moment]) -> Optional[bool]:
        """Whether it was trained at a moment; None for now."""
        return next((then for when, then in self.changes if moment is not None and when >= moment), self.trained)


@record(eq=False)
class Cell:
    """A cell as MindSpore holds it. A layer's own inner cells have no object of ours; one that is ``closed`` is not known.

    ``in_part``: only what is sure is told, and closed cells are passed over. An ``open`` one may hold more than is seen;
    one that has ``ended`` holds cells after those that are seen, nobody knows how many.
    """

    obj: Optional[Obj] = None
    params: dict[str, Optional[Parameter]] = field(default_factory=dict)
    cells: dict[str, Optional[Cell]] = field(default_factory=dict)
    prefixes: bool = True
    container: str = ""
    begun: bool = False
    closed: str = ""
    special: str = ""
    opaque: bool = False
    in_part: bool = False
    open: bool = False
    ended: bool = False

    @property
    def unknown(self) -> str:
        """Why it is not known; empty where it is."""
        return self.closed or self.special

    def all_cells(self) -> Iterator[tuple[str, Cell]]:
        """``cells_and_names()``."""
        return self._all_cells("", set(), self.in_part)

    def _all_cells(self, path: str, seen: set[int], in_part: bool) -> Iterator[tuple[str, Cell]]:
        if id(self) in seen:
            return
        seen.add(id(self))
        if self.unknown:
            if in_part:
                return
            raise Unknown(self.unknown)
        yield path, self
        for name, cell in self.cells.items():
            if cell is not None and (cell.unknown or cell.cells or not cell.container):
                yield from cell._all_cells(f"{path}.{name}" if path else name, seen, in_part)

    def seen(self) -> list[Cell]:
        """The cell and all below it, whether more is known of them or not."""
        found = [self]
        known = {id(self)}
        for cell in found:
            new = [c for c in cell.cells.values() if c is not None and id(c) not in known]
            known.update(map(id, new))
            found += new
        return found

    def close(self, why: str) -> None:
        """Nothing is known any more of the cell and of all that is seen below it."""
        for cell in self.seen():
            cell.closed = cell.closed or why
            for parameter in cell.params.values():
                if parameter is not None:
                    parameter.lost = True

    def children(self) -> Iterator[tuple[str, Cell]]:
        """``name_cells()``."""
        seen: set[int] = set()
        if self.unknown and not self.in_part:
            raise Unknown(self.unknown)
        for name, cell in self.cells.items() if not self.unknown else ():
            if cell is not None and not (cell.unknown and self.in_part) and id(cell) not in seen:
                seen.add(id(cell))
                yield name, cell

    def all_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """``parameters_and_names()``."""
        seen: set[int] = set()
        for path, cell in self.all_cells():
            if cell.opaque:
                raise Unknown("it holds an optimizer")
            for name, parameter in cell.params.items():
                if parameter is not None and not parameter.lost and id(parameter) not in seen:
                    seen.add(id(parameter))
                    yield f"{path}.{name}" if path else name, parameter

    def rename(self, prefix: str) -> None:
        """``update_parameters_name(prefix)``."""
        for path, parameter in list(self.all_parameters()):
            parameter.name = prefix + path

    def prefix_inside(self) -> str:
        """What the names in a container start with, as it finds out itself (``_get_prefix_and_index``)."""
        firsts: list[tuple[str, Parameter]] = []
        for key, cell in self.cells.items():
            if cell is not None:
                if self.in_part and any(one.unknown or one.open for one in cell.seen()):
                    raise Unknown("a container of cells that are not known")
                found = next(cell.all_parameters(), None)
                if found is not None:
                    firsts.append((key, found[1]))
                    if len(firsts) == 2:
                        break
        if not firsts:
            return ""
        prefix = ""
        names = name_of(firsts[0][1]).split(".")
        for index, name in enumerate(names):
            if name == firsts[0][0]:
                prefix = "".join(f"{part}." for part in names[:index])
                if len(firsts) == 2:
                    others = name_of(firsts[1][1]).split(".")
                    if index >= len(others):
                        raise Unknown  # MindSpore fails here
                    if others[index] == firsts[1][0]:
                        break
        return prefix


def name_of(parameter: Parameter) -> str:
    """The name of a Parameter; raises :class:`Unknown` where it has none."""
    if parameter.name is None:
        raise Unknown("a Parameter whose name MindSpore makes up")
    return parameter.name
