"""The cells of one network: what was done to them is done again, as ``nn.Cell`` does it. Which events these are, and under which
conditions, ``replay.py`` finds out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, Term
from ms_optim_lint.domain.values import (
    Const,
    Ext,
    Instance,
    Obj,
    Ref,
    Truth,
    Value,
)
from ms_optim_lint.interpreter import layers
from ms_optim_lint.interpreter.cells import Cell, Owned, Parameter, Placed, Unknown, Untold, name_of
from ms_optim_lint.interpreter.containers import CONTAINERS, WRAPPERS
from ms_optim_lint.interpreter.gather import class_name
from ms_optim_lint.interpreter.history import Event
from ms_optim_lint.interpreter.standing import Standing

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.deciding import Candidate

#: Names that layers give their own Parameters, where nobody has renamed them yet.
_FIRST_NAMES = {"moving_mean": "mean", "moving_variance": "variance", "w": "a"}


class Replay(Standing):
    """Does again what was done to the cells of one network, in one world."""

    def do(self, holder: Union[Obj, Term], event: Event) -> None:
        """Does one event to a cell or Parameter. Raises :class:`Unknown` for what is not known and cannot be left out."""
        if isinstance(holder, Term):
            self._do_to_parameter(holder, event)
            return
        try:
            self._do(self.cell(holder), event)
        except Unknown as unknown:
            if not self.leaves_out(unknown):
                raise
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
        except Unknown as unknown:
            if not self.leaves_out(unknown):
                raise
            self.left_out(term, event)

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
                held = self.chosen_or_lost(cell, value) if value is not None else None
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
        cell.open, cell.ended = original.open, original.ended
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
                self.copies.append((parameter, copy))
            cell.params[name] = copy
        for name, inner in original.cells.items():
            if inner is None:
                cell.cells[name] = None
                continue
            made = cells.get(id(inner))
            if made is None:
                made = Cell(None, {}, {}, inner.prefixes, inner.container, True, inner.closed, inner.special)
                made.in_part, made.open, made.ended = inner.in_part, inner.open, inner.ended
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
            cell.open, rows = True, layers.sure_rows(self.it, cell.obj, base) if self.in_part else ()
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
                what = self.chosen_or_lost(cell, value)
                if isinstance(what, Cell):
                    found[name] = what
        return found

    def _put(self, cell: Cell, event: Event) -> None:
        assert event.value is not None
        try:
            what = self.chosen(event.value)
        except Untold:
            raise
        except Unknown as unknown:
            if self.leaves_out(unknown):
                self.put_unknown(cell, event)
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
        if self.in_part:
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
