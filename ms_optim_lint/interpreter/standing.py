"""The cells and Parameters of one network as they stand in one world, and what is given up where a network is known in part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, Condition, Term, subterms
from ms_optim_lint.domain.values import (
    ABSENT,
    ARRAY,
    BOOLEAN,
    NUMBER,
    PARAMETER,
    TENSOR,
    TEXT,
    Class,
    Const,
    Ext,
    Function,
    Instance,
    Item,
    Method,
    ModuleRef,
    Obj,
    ParameterTuple,
    Partial,
    Ref,
    Sym,
    Truth,
    Tuple,
    Value,
)
from ms_optim_lint.interpreter import classes, layers, networks
from ms_optim_lint.interpreter.cells import Cell, Parameter, Unknown, Untold
from ms_optim_lint.interpreter.gather import class_name, forced, mentioned
from ms_optim_lint.interpreter.history import Event

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

#: Methods that decide what a cell's parameters are. A class that has its own is not understood.
_DECISIVE = (
    "__setattr__",
    "get_parameters",
    "parameters_and_names",
    "cells_and_names",
    "update_parameters_name",
    "insert_child_to_cell",
    "insert_param_to_cell",
)


#: What a value can be that is neither a cell nor a Parameter.
OTHER = object()
_PLAIN = (Const, Truth, Tuple, Function, Class, Method, Partial, ModuleRef, Ext)


class Standing:
    """The cells of one network in one world. ``in_part``: what is not known is left out, with all that it may have changed, and
    the rest goes on: that is sure."""

    def __init__(self, it: Interpreter, world: Condition, in_part: bool = False) -> None:
        self.it = it
        self.world = world
        self.in_part = in_part
        #: which conditions can hold in this world (False), and which hold (True), as far as that was asked
        self.asked: dict[tuple[bool, Condition], bool] = {}
        self.known: dict[Obj, Cell] = {}
        self.parameters: dict[Term, Parameter] = {}
        #: each Parameter that was copied, and its copy
        self.copies: list[tuple[Parameter, Parameter]] = []

    def may(self, condition: Condition) -> bool:
        """Whether a condition can hold in this world."""
        if condition == ALWAYS:
            return True
        found = self.asked[False, condition] = self.it.logic.meet(condition, self.world)
        return found

    def must(self, condition: Condition) -> bool:
        """Whether a condition holds in this world."""
        if condition == ALWAYS:
            return True
        found = self.asked[True, condition] = self.it.logic.implies(self.world, condition)
        return found

    def agrees(self, world: Condition) -> bool:
        """Whether all that was asked has the same answer in another world."""
        meet, implies = self.it.logic.meet, self.it.logic.implies
        return all(
            (implies(world, condition) if must else meet(condition, world)) == answer
            for (must, condition), answer in self.asked.items()
        )

    def cell(self, obj: Obj) -> Cell:
        """The cell as it stands; an empty one where nothing was done to it yet."""
        found = self.known.get(obj)
        if found is None:
            found = self.known[obj] = Cell(obj, in_part=self.in_part)
            content = self.it.content(Ref(obj))
            made = content.made if isinstance(content, Instance) else None
            if made is None or isinstance(made, Class) and self._is_special(made):
                found.special = f"{class_name(self.it, obj)} is a class with methods or bases that are not understood"
        return found

    def _is_special(self, made: Class) -> bool:
        found = self.it.special_classes.get(made)
        if found is None:
            found = self.it.special_classes[made] = classes.has_unknown_base(self.it, made) or any(
                classes.class_attribute(self.it, made, name) is not None for name in _DECISIVE
            )
        return found

    def parameter(self, term: Term) -> Optional[Parameter]:
        """The Parameter as it stands; None for what is no Parameter that was made in sight."""
        found = self.parameters.get(term)
        facts = self.it.made_parameters.get(term)
        if found is None and facts is not None:
            name, trained, rank = facts
            found = self.parameters[term] = Parameter(term, name, rank, trained, self.it.owners.get(term))
        return found

    def chosen(self, value: Value) -> object:
        """What a value is in this world: a cell, a Parameter, a tuple of them, None, or something else."""
        it = self.it
        found: list[object] = []
        for alternative in forced(it, value).alternatives:
            if self.may(alternative.when) and alternative.atom is not ABSENT:
                found.append(self._meant(alternative.atom))
        if not found:
            return OTHER
        if any(one is not found[0] for one in found):
            raise Unknown("one of several things")
        return found[0]

    def _meant(self, atom: object) -> object:
        it = self.it
        if isinstance(atom, Ref):
            content = it.content(atom)
            if it.state.get(atom.obj) is None:
                raise Unknown("a cell that was made elsewhere")
            if not isinstance(content, Instance):
                return OTHER
            if atom.obj in it.constructions:
                return Cell(atom.obj, opaque=True)
            kind = layers.is_cell(it, content)
            if kind is None or it.is_summary(atom.obj):
                raise Unknown(f"an object of {class_name(it, atom.obj)}")
            return self.cell(atom.obj) if kind else OTHER
        if isinstance(atom, Sym):
            if atom.kind == PARAMETER:
                parameter = self.parameter(atom.term)
                if parameter is None:
                    raise Unknown("a Parameter of which nothing is known")
                return parameter
            if atom.kind in (NUMBER, TEXT, BOOLEAN, TENSOR, ARRAY) or networks.is_harmless(atom.term):
                return OTHER
            raise Unknown(atom.reason or "something unknown")
        if isinstance(atom, ParameterTuple):
            if atom.open or any(item.elements or item.when != ALWAYS for item in atom.items):
                raise Unknown("a ParameterTuple")
            return tuple(self.chosen(item.value) for item in atom.items)
        if isinstance(atom, Const) and atom.value is None:
            return None
        if isinstance(atom, _PLAIN):
            return OTHER
        raise Unknown("something that is not followed")

    def given(self, holder: Cell, event: Event) -> list[tuple[Optional[str], Cell]]:
        """The cells that a cell is given in this world, each with its key."""
        found: list[tuple[Optional[str], Cell]] = []
        for number, item in enumerate(event.items):
            if not self.may(item.when):
                continue
            try:
                found.append(self._one_given(item))
            except Unknown as unknown:
                if not self.leaves_out(unknown):
                    raise
                # The numbers of all others are not known.
                holder.open = holder.ended = True
                self.lose(event._replace(items=event.items[number:]))
                break
        return found

    def _one_given(self, item: Item) -> tuple[Optional[str], Cell]:
        pair = item.value.single
        if item.elements or not isinstance(pair, Tuple) or not self.must(item.when):
            raise Unknown("a list that a loop fills")
        key = pair.items[0].value.single
        cell = self.chosen(pair.items[1].value)
        if not isinstance(cell, Cell):
            raise Unknown("a list that holds other things than cells")
        return key.value if isinstance(key, Const) and isinstance(key.value, str) else None, cell

    def added(self, cell: Cell, event: Event) -> list[tuple[Optional[str], Cell]]:
        """What comes after all that a container holds."""
        if not cell.ended:
            return self.given(cell, event)
        self.lose(event)
        return []

    # Where a part is enough

    def leaves_out(self, unknown: Unknown) -> bool:
        """Whether the rest goes on without what is not known."""
        return self.in_part and not isinstance(unknown, Untold)

    def chosen_or_lost(self, cell: Cell, value: Value) -> object:
        """What a cell is given; where that may be one of several things, what is seen of these is lost."""
        try:
            return self.chosen(value)
        except Unknown as unknown:
            if not self.leaves_out(unknown):
                raise
            self.lose_all(value)
            cell.open = True
            return OTHER

    def left_out(self, holder: Union[Obj, Term], event: Event, why: str = "") -> None:
        """An event is not understood, or may have happened or not: nothing is known of what it may have changed."""
        if isinstance(holder, Obj) and event.kind == "put":
            self.put_unknown(self.cell(holder), event)
        elif isinstance(holder, Obj):
            self.cell(holder).close(why or "something may have been done to it")
        else:
            parameter = self.parameter(holder)
            if parameter is not None:
                parameter.lost = True
        self.lose(event)

    def finish(self, lost: Iterable[Obj]) -> None:
        """What is held by something that is not known is not known either, and neither is what cannot be followed further."""
        for obj in lost:
            self.cell(obj).close("it is given to something that cannot be followed")
        for cell in list(self.known.values()):
            if cell.unknown:
                cell.close(cell.unknown)
        for original, copy in self.copies:
            copy.lost = copy.lost or original.lost

    def put_unknown(self, cell: Cell, event: Event) -> None:
        """What is set is not known: it may be a cell that is seen elsewhere, and takes the place of what was there."""
        assert event.value is not None
        cell.open = True
        self.lose_all(event.value)
        old, parameter = cell.cells.pop(event.name, None), cell.params.pop(event.name, None)
        if old is not None:
            old.close("something is set in its place")
        if parameter is not None:
            parameter.lost = True

    def lose(self, event: Event) -> None:
        """What an event speaks of may have been renamed."""
        for one in mentioned(self.it, event):
            if isinstance(one, Term):
                parameter = self.parameter(one)
                if parameter is not None:
                    parameter.lost = True
            else:
                self.cell(one).close("what is done with it is not understood")

    def lose_all(self, value: Value) -> None:
        """A value that is not known is held, and renamed for that if it is a cell or Parameter."""
        self.lose(Event((), "put", value=value))
        for alternative in forced(self.it, value).alternatives:
            if isinstance(alternative.atom, Sym):
                for term in subterms(alternative.atom.term):
                    obj = self.it.object_of(term)
                    if obj is not None:
                        self.cell(obj).close("a part of it may be renamed")
