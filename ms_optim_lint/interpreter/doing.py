"""The cells of one network: what was done to them is done again, as ``nn.Cell`` does it. Which events these are, and under which
conditions, ``replay.py`` finds out."""

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
from ms_optim_lint.interpreter import attributes, layers, networks
from ms_optim_lint.interpreter.cells import Cell, Owned, Parameter, Placed, Unknown, Untold, name_of
from ms_optim_lint.interpreter.containers import CONTAINERS, WRAPPERS
from ms_optim_lint.interpreter.gather import class_name, forced, mentioned
from ms_optim_lint.interpreter.history import Event

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.deciding import Candidate

#: Names that layers give their own Parameters, where nobody has renamed them yet.
_FIRST_NAMES = {"moving_mean": "mean", "moving_variance": "variance", "w": "a"}
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
_OTHER = object()
_PLAIN = (Const, Truth, Tuple, Function, Class, Method, Partial, ModuleRef, Ext)


class Replay:
    """The cells of one network in one world. A ``lenient`` one leaves out what is not known and all that this may have changed,
    and goes on: what is left is sure."""

    def __init__(self, it: Interpreter, world: Condition, lenient: bool = False) -> None:
        self.it = it
        self.world = world
        self.lenient = lenient
        #: which conditions can hold in this world (False), and which hold (True), as far as that was asked
        self.asked: dict[tuple[bool, Condition], bool] = {}
        self.known: dict[Obj, Cell] = {}
        self.parameters: dict[Term, Parameter] = {}

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
        found = self.known.get(obj)
        if found is None:
            found = self.known[obj] = Cell(obj, lenient=self.lenient)
            content = self.it.content(Ref(obj))
            made = content.made if isinstance(content, Instance) else None
            if made is None or isinstance(made, Class) and self._is_special(made):
                found.special = f"{class_name(self.it, obj)} is a class with methods or bases that are not understood"
        return found

    def _is_special(self, made: Class) -> bool:
        found = self.it.special_classes.get(made)
        if found is None:
            found = self.it.special_classes[made] = attributes.has_unknown_base(self.it, made) or any(
                attributes.class_attribute(self.it, made, name) is not None for name in _DECISIVE
            )
        return found

    def parameter(self, term: Term) -> Optional[Parameter]:
        found = self.parameters.get(term)
        facts = self.it.made_parameters.get(term)
        if found is None and facts is not None:
            name, trained, rank = facts
            found = self.parameters[term] = Parameter(term, name, rank, trained, self.it.owners.get(term))
        return found

    def do(self, holder: Union[Obj, Term], event: Event) -> None:
        if isinstance(holder, Term):
            self._do_to_parameter(holder, event)
            return
        cell = self.cell(holder)
        if not self.lenient:
            self._do(cell, event)
            return
        try:
            self._do(cell, event)
        except Untold:
            raise
        except Unknown as unknown:
            self.left_out(holder, event, str(unknown))

    def _do(self, cell: Cell, event: Event) -> None:
        holder = cell.obj
        assert holder is not None
        if event.kind not in ("begin", "copied") and not cell.begun and event.kind not in ("unknown", "trained"):
            cell.closed = f"{class_name(self.it, holder)} is not initialised in sight"
        _DOING[event.kind](self, cell, event)

    def _do_to_parameter(self, term: Term, event: Event) -> None:
        parameter = self.parameter(term)
        try:
            if parameter is None:
                raise Unknown
            if event.kind == "trained":
                parameter.set_trained(self._truth(event.value, None, None), event.moment)
            elif event.kind == "named":
                parameter.name = self._text(event.value)
            else:
                raise Unknown
        except Unknown:
            if not self.lenient:
                raise
            self.left_out(term, event)

    # Where a part is enough

    def left_out(self, holder: Union[Obj, Term], event: Event, why: str = "") -> None:
        """An event is not understood, or may have happened or not: nothing is known of what it may have changed."""
        if isinstance(holder, Obj) and event.kind == "put":
            self._put_unknown(self.cell(holder), event)
        elif isinstance(holder, Obj):
            self.cell(holder).close(why or "something may have been done to it")
        else:
            parameter = self.parameter(holder)
            if parameter is not None:
                parameter.lost = True
        self._lose(event)

    def finish(self, lost: Iterable[Obj]) -> None:
        """What is held by something that is not known is not known either, and neither is what cannot be followed further."""
        for obj in lost:
            self.cell(obj).close("it is given to something that cannot be followed")
        for cell in list(self.known.values()):
            if cell.unknown:
                cell.close(cell.unknown)

    def _lose(self, event: Event) -> None:
        """What an event speaks of may have been renamed."""
        for one in mentioned(self.it, event):
            if isinstance(one, Term):
                parameter = self.parameter(one)
                if parameter is not None:
                    parameter.lost = True
            else:
                self.cell(one).close("what is done with it is not understood")

    def chosen(self, value: Value) -> object:
        """What a value is in this world: a cell, a Parameter, a tuple of them, None, or something else."""
        it = self.it
        found: list[object] = []
        for alternative in forced(it, value).alternatives:
            if self.may(alternative.when) and alternative.atom is not ABSENT:
                found.append(self._meant(alternative.atom))
        if not found:
            return _OTHER
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
                return _OTHER
            if atom.obj in it.constructions:
                return Cell(atom.obj, opaque=True)
            kind = layers.is_cell(it, content)
            if kind is None or it.is_summary(atom.obj):
                raise Unknown(f"an object of {class_name(it, atom.obj)}")
            return self.cell(atom.obj) if kind else _OTHER
        if isinstance(atom, Sym):
            if atom.kind == PARAMETER:
                parameter = self.parameter(atom.term)
                if parameter is None:
                    raise Unknown("a Parameter of which nothing is known")
                return parameter
            if atom.kind in (NUMBER, TEXT, BOOLEAN, TENSOR, ARRAY) or networks.is_harmless(atom.term):
                return _OTHER
            raise Unknown(atom.reason or "something unknown")
        if isinstance(atom, ParameterTuple):
            if atom.open or any(item.elements or item.when != ALWAYS for item in atom.items):
                raise Unknown("a ParameterTuple")
            return tuple(self.chosen(item.value) for item in atom.items)
        if isinstance(atom, Const) and atom.value is None:
            return None
        if isinstance(atom, _PLAIN):
            return _OTHER
        raise Unknown("something that is not followed")

    def given(self, holder: Cell, event: Event) -> list[tuple[Optional[str], Cell]]:
        """The cells that a cell is given in this world, each with its key."""
        found: list[tuple[Optional[str], Cell]] = []
        for number, item in enumerate(event.items):
            if not self.may(item.when):
                continue
            try:
                found.append(self._one_given(item))
            except Untold:
                raise
            except Unknown:
                if not self.lenient:
                    raise
                # The numbers of all others are not known.
                holder.open = holder.ended = True
                self._lose(event._replace(items=event.items[number:]))
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

    # Events on cells

    def _begin(self, cell: Cell, event: Event) -> None:
        base = event.base
        assert base is not None
        cell.params.clear()
        cell.cells.clear()
        cell.begun, cell.closed, cell.prefixes = True, "", True
        words = dict(base.keywords)
        if event.name in CONTAINERS:
            cell.container = event.name
            if event.name == "mindspore.nn.SequentialCell":
                for number, (key, child) in enumerate(self.given(cell, event)):
                    name = key if key is not None else str(number)
                    cell.cells[name] = child
                    child.rename(f"{name}.")
            else:
                cell.prefixes = self._truth(words.get("auto_prefix"), None, None, True) is not False
                self._extend(cell, event)
        elif event.name == "mindspore.nn.Cell":
            given = words.get("auto_prefix", base.arguments[0] if base.arguments else None)
            prefixes = self._truth(given, None, None, True)
            if prefixes is None:
                raise Unknown("auto_prefix is not known")
            cell.prefixes = prefixes
        elif event.name in WRAPPERS:
            cell.prefixes = False
            if not WRAPPERS[event.name]:
                cell.closed = "a wrapper"
            for name, word, position in WRAPPERS[event.name]:
                value = words.get(word, base.arguments[position] if position < len(base.arguments) else None)
                held = self._chosen_or_lost(cell, value) if value is not None else None
                if isinstance(held, Cell):
                    cell.cells[name] = held
        else:
            self._layer(cell, base)

    def _copied(self, cell: Cell, event: Event) -> None:
        assert event.value is not None
        original = self.chosen(event.value)
        if not isinstance(original, Cell) or cell.obj is None:
            raise Unknown("a copy of something")
        cell.begun, cell.closed = True, cell.closed or original.closed
        cell.prefixes, cell.container = original.prefixes, original.container
        self._copy_into(cell, original, cell.obj, {id(original): cell}, {})

    def _copy_into(
        self, cell: Cell, original: Cell, owner: Obj, cells: dict[int, Cell], known: dict[int, Parameter]
    ) -> None:
        for name, parameter in original.params.items():
            if parameter is None:
                cell.params[name] = None
                continue
            copy = known.get(id(parameter))
            if copy is None:
                term = self.it.logic.term("parameter", owner.number, "copy", parameter.term)
                copy = Parameter(term, parameter.name, parameter.rank, parameter.trained, owner)
                known[id(parameter)] = self.parameters[term] = copy
            cell.params[name] = copy
        for name, inner in original.cells.items():
            if inner is None:
                cell.cells[name] = None
                continue
            made = cells.get(id(inner))
            if made is None:
                made = Cell(None, {}, {}, inner.prefixes, inner.container, True, inner.closed, inner.special)
                cells[id(inner)] = made
                self._copy_into(made, inner, owner, cells, known)
            cell.cells[name] = made

    def _layer(self, cell: Cell, base: Instance) -> None:
        assert cell.obj is not None
        rows = layers.layer_rows(self.it, cell.obj, base)
        inner_cell = self._activation(cell, base)
        if rows is None:
            event_name = base.made.name.rpartition(".")[2] if isinstance(base.made, Ext) else "?"
            for value in (*base.arguments, *(value for _, value in base.keywords)):
                if any(isinstance(a.atom, Ref) and self.it.parents.get(a.atom.obj) for a in value.alternatives):
                    raise Unknown(f"{event_name} may rename what it is given")
            cell.open, rows = True, layers.sure_rows(self.it, cell.obj, base) if self.lenient else ()
            if not rows:
                cell.closed = f"what {event_name} holds is not known"
                return
        for row in rows:
            inner = cell
            *path, last = row.path.split(".")
            for name in path:
                known = inner.cells.get(name)
                if known is None:
                    known = inner.cells[name] = Cell(begun=True)
                inner = known
            name = row.path if path else _FIRST_NAMES.get(last, last)
            made = Parameter(row.term, name, row.rank, row.requires_grad, cell.obj)
            self.parameters[row.term] = inner.params[last] = made
        for name, child in inner_cell.items():
            child.rename(f"{name}.")
            cell.cells[name] = child

    def _activation(self, cell: Cell, base: Instance) -> dict[str, Cell]:
        """The cells that a layer is given and holds."""
        found = {}
        for name, value in layers.named_arguments(self.it, base):
            if name in ("activation", "norm"):
                what = self._chosen_or_lost(cell, value)
                if isinstance(what, Cell):
                    found[name] = what
        return found

    def _chosen_or_lost(self, cell: Cell, value: Value) -> object:
        """What a cell is given; where that may be one of several things, what is seen of these is lost."""
        try:
            return self.chosen(value)
        except Untold:
            raise
        except Unknown:
            if not self.lenient:
                raise
            self._lose_all(value)
            cell.open = True
            return _OTHER

    def _lose_all(self, value: Value) -> None:
        """A value that is not known is held, and renamed for that if it is a cell or Parameter."""
        self._lose(Event((), "put", value=value))
        for alternative in forced(self.it, value).alternatives:
            if isinstance(alternative.atom, Sym):
                for term in subterms(alternative.atom.term):
                    obj = self.it.object_of(term)
                    if obj is not None:
                        self.cell(obj).close("a part of it may be renamed")

    def _put(self, cell: Cell, event: Event) -> None:
        assert event.value is not None
        try:
            what = self.chosen(event.value)
        except Untold:
            raise
        except Unknown as unknown:
            if self.lenient:
                self._put_unknown(cell, event)
                return
            cell.closed = f"{class_name(self.it, cell.obj)}.{event.name}: {unknown}" if cell.obj else str(unknown)
            return
        if isinstance(what, Cell):
            if cell.prefixes:
                if what.opaque:
                    raise Unknown("it holds an optimizer")
                what.rename(f"{event.name}.")
            cell.cells[event.name] = what
        elif isinstance(what, Parameter):
            if what.name is None:
                what.name = event.name
            cell.params[event.name] = what
        elif isinstance(what, tuple):
            for one in what:
                if not isinstance(one, Parameter) or one.name is None:
                    raise Unknown("a ParameterTuple")
                cell.params[one.name] = one
        elif what is None:
            if event.name in cell.params:
                cell.params[event.name] = None
            elif event.name in cell.cells:
                cell.cells[event.name] = None

    def _put_unknown(self, cell: Cell, event: Event) -> None:
        """What is set is not known: it may be a cell that is seen elsewhere, and takes the place of what was there."""
        assert event.value is not None
        cell.open = True
        self._lose_all(event.value)
        old, parameter = cell.cells.pop(event.name, None), cell.params.pop(event.name, None)
        if old is not None:
            old.close("something is set in its place")
        if parameter is not None:
            parameter.lost = True

    def _delete(self, cell: Cell, event: Event) -> None:
        if event.name in cell.params:
            del cell.params[event.name]
        else:
            cell.cells.pop(event.name, None)

    def _insert_child(self, cell: Cell, event: Event) -> None:
        assert event.value is not None
        what = self.chosen(event.value)
        if what is not None and not isinstance(what, Cell):
            raise Unknown
        cell.cells[event.name] = what

    def _insert_param(self, cell: Cell, event: Event) -> None:
        assert event.value is not None
        what = self.chosen(event.value)
        if what is not None and not isinstance(what, Parameter):
            raise Unknown
        if what is not None and what.name is None:
            what.name = event.name
        cell.params[event.name] = what

    def added(self, cell: Cell, event: Event) -> list[tuple[Optional[str], Cell]]:
        """What comes after all that a container holds."""
        if not cell.ended:
            return self.given(cell, event)
        self._lose(event)
        return []

    def _append(self, cell: Cell, event: Event) -> None:
        for _, child in self.added(cell, event):
            prefix = cell.prefix_inside() if cell.prefixes else ""
            if cell.prefixes:
                child.rename(f"{prefix}{len(cell.cells)}.")
            cell.cells[str(len(cell.cells))] = child

    def _extend(self, cell: Cell, event: Event) -> None:
        given = self.added(cell, event)
        prefix = cell.prefix_inside() if cell.prefixes and given else ""
        for key, child in given:
            if cell.container == "mindspore.nn.CellDict":
                prefix = cell.prefix_inside() if cell.prefixes else ""
            name = key if key is not None else str(len(cell.cells))
            if cell.prefixes:
                child.rename(f"{prefix}{name}.")
            cell.cells[name] = child

    def _replace(self, cell: Cell, event: Event) -> None:
        given = self.given(cell, event) if not cell.ended else []
        if not given:
            raise Unknown
        ((key, child),) = given
        index = event.value.single if event.value is not None else None
        if key is None:
            assert isinstance(index, Const)
            if not isinstance(index.value, int) or not -len(cell.cells) <= index.value < len(cell.cells):
                raise Unknown
            key = list(cell.cells)[index.value]
        prefix = cell.prefix_inside()
        if cell.container == "mindspore.nn.SequentialCell":
            cell.cells[key] = child
            child.rename(f"{prefix}{key}.")
        else:
            if cell.prefixes:
                child.rename(f"{prefix}{key}.")
            cell.cells[key] = child

    def _insert(self, cell: Cell, event: Event) -> None:
        index = event.value.single if event.value is not None else None
        count = len(cell.cells)
        if cell.ended or not isinstance(index, Const) or index.value != count or not isinstance(index.value, int):
            raise Unknown  # the others move, and are renamed in a way of its own
        self._append(cell, event)

    def _rename(self, cell: Cell, event: Event) -> None:
        cell.rename(event.name)

    def _unknown(self, cell: Cell, event: Event) -> None:
        why = f"it is changed by {event.name}" if event.name[:2] != "in" else f"it is changed {event.name}"
        if self.lenient:
            cell.close(why)
        else:
            cell.closed = why

    def _trained(self, cell: Cell, event: Event) -> None:
        assert event.element is not None
        if event.pattern is not None:
            for path, inner in cell.all_cells():
                if inner.obj is None:
                    continue
                if event.pattern.op == "element":
                    self._train_all(inner, path, event)
                    continue
                parameter = inner.params.get(str(event.pattern.args[1]))
                if parameter is not None:
                    self._train(parameter, event, Placed(Ref(inner.obj), ALWAYS, path))
            return
        for path, parameter in cell.all_parameters():
            self._train(parameter, event, self._owned(path, parameter, event.element))

    def _train_all(self, cell: Cell, place: str, event: Event) -> None:
        """The Parameters of one cell of those that an event is about: its pattern is the element that stands for them."""
        from ms_optim_lint.interpreter.concrete import decided

        assert event.element is not None
        assert event.pattern is not None
        assert cell.obj is not None
        holds = decided(self.it, event.holds, event.element, Placed(Ref(cell.obj), ALWAYS, place))
        for path, parameter in cell.all_parameters() if self.may(holds) else ():
            owned = self._owned(path, parameter, event.pattern)
            self._train(parameter, event._replace(element=event.pattern, holds=holds), owned)

    def _owned(self, path: str, parameter: Parameter, element: Term) -> Owned:
        """A Parameter that an element stands for, as it was when the element's set was taken."""
        taken = element.args[0]
        trained = parameter.trained_at(self.it.moments.get(taken) if isinstance(taken, Term) else None)
        return Owned(name_of(parameter), path, parameter.rank, trained, parameter.term, parameter.owner, ALWAYS)

    def _train(self, parameter: Parameter, event: Event, candidate: Candidate) -> None:
        from ms_optim_lint.interpreter.concrete import decided

        assert event.element is not None
        holds = decided(self.it, event.holds, event.element, candidate)
        if self.must(holds):
            parameter.set_trained(self._truth(event.value, event.element, candidate), event.moment)
        elif self.may(holds):
            parameter.set_trained(None, event.moment)

    # Values

    def _truth(
        self,
        value: Optional[Value],
        element: Optional[Term],
        candidate: Optional[Candidate],
        default: Optional[bool] = None,
    ) -> Optional[bool]:
        """A value as a boolean in this world, where it is known."""
        from ms_optim_lint.interpreter.concrete import decided

        if value is None:
            return default
        found: set[Optional[bool]] = set()
        for alternative in value.alternatives:
            if not self.may(alternative.when):
                continue
            atom = alternative.atom
            if isinstance(atom, Const):
                found.add(bool(atom.value))
            elif isinstance(atom, Truth):
                holds = atom.condition
                if element is not None and candidate is not None:
                    holds = decided(self.it, holds, element, candidate)
                may, must = self.may(holds), self.must(holds)
                found.add(must if may == must else None)
            else:
                found.add(None)
        return found.pop() if len(found) == 1 else None

    def _text(self, value: Optional[Value]) -> str:
        atom = value.single if value is not None else None
        if isinstance(atom, Const) and isinstance(atom.value, str) and atom.value.strip():
            return atom.value.strip()
        raise Unknown


_DOING = {name[1:]: function for name, function in vars(Replay).items() if name[:1] == "_" and name[1:2].isalpha()}
