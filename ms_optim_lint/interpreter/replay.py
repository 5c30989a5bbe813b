"""Working out the parameters of a network: what was done to its cells is done again, as ``nn.Cell`` does it.

A cell yields its own Parameters first, in the order in which they were set, then those of its child cells, depth first
(``Cell.parameters_and_names`` in ``mindspore/nn/cell.py``). Names are not paths: setting a child cell renames what it holds
*then* (``Cell._set_attr_for_cell``), so that a cell appended to a list that hangs in a network already may miss a prefix.
Where something of this depends on conditions, it is done once for each way in which they can hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, Condition
from ms_optim_lint.domain.values import Obj, Ref
from ms_optim_lint.interpreter.cells import Owned, Placed, Unknown, name_of
from ms_optim_lint.interpreter.doing import Replay
from ms_optim_lint.interpreter.gather import Gathered, conditions_of, events_of, worlds
from ms_optim_lint.interpreter.history import Moment
from ms_optim_lint.records import NamedTuple

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

#: How many ways in which the store may differ are remembered for one question.
_REMEMBERED = 8


# Questions


def parameters(it: Interpreter, obj: Obj, moment: Optional[Moment] = None) -> tuple[Owned, ...]:
    """All parameters of a network, in order, as they were at a moment; raises :class:`Unknown` where they are not all known."""
    try:
        known = _replays(it, obj, moment)
        found = known.owned.get(obj, ())
        if not found:
            found = known.owned[obj] = tuple(_merged(it, list(_parameters(known, obj))))
    except RecursionError:
        raise Unknown("its cells are nested too deeply") from None
    if not found:
        # A network without any parameter is one that was not understood: nobody trains one.
        raise Unknown("no parameter of it is seen")
    return found


def sure_parameters(it: Interpreter, obj: Obj, moment: Optional[Moment] = None) -> tuple[Owned, ...]:
    """Those parameters of a network that it certainly has, each under the condition under which it is there; with names that are
    certain. There may be others, and their order is not known."""
    try:
        known = _replays(it, obj, moment, in_part=True)
        found = known.owned.get(obj)
        if found is None:
            found = known.owned[obj] = tuple(_merged(it, list(_parameters(known, obj))))
    except RecursionError:
        raise Unknown("its cells are nested too deeply") from None
    return found


def cells(
    it: Interpreter, obj: Obj, moment: Optional[Moment] = None, children: bool = False, in_part: bool = False
) -> list[Placed]:
    """The network and all cells below it, depth first, or its direct ``children``; raises :class:`Unknown` where they are not
    all known. ``in_part``: those that are."""
    found: dict[Obj, Placed] = {}
    for world, replay in _replays(it, obj, moment, not children, in_part).worlds:
        cell = replay.cell(obj)
        for path, inner in cell.children() if children else cell.all_cells():
            if inner.obj is None:
                if in_part:
                    continue
                raise Unknown("a layer with layers of its own")
            old = found.get(inner.obj)
            when = it.logic.either(old.when, world) if old is not None else world
            found[inner.obj] = Placed(Ref(inner.obj), when, path if old is None or old.path == path else None)
    return list(found.values())


def _parameters(known: Replayed, obj: Obj) -> Iterator[list[Owned]]:
    for world, replay in known.worlds:
        made = []
        for path, parameter in replay.cell(obj).all_parameters():
            if replay.in_part and parameter.name is None:
                continue
            name = name_of(parameter)
            made.append(Owned(name, path, parameter.rank, parameter.trained, parameter.term, parameter.owner, world))
        yield made


def _merged(it: Interpreter, worlds: list[list[Owned]]) -> Iterable[Owned]:
    """One list of what the worlds have, each parameter under the conditions of the worlds that have it."""
    if len(worlds) == 1:
        return worlds[0]
    result: list[Owned] = []
    for owned in worlds:
        at = 0
        index = {(one.term, one.name, one.requires_grad): number for number, one in enumerate(result)}
        new: list[tuple[int, Owned]] = []
        for one in owned:
            known = index.get((one.term, one.name, one.requires_grad))
            if known is None:
                new.append((at, one))
            else:
                result[known] = result[known]._replace(when=it.logic.either(result[known].when, one.when))
                at = max(at, known + 1)
        for place, one in reversed(new):
            result.insert(place, one)
    return result


# Which events, under which conditions


class Replayed(NamedTuple):
    """What was done to a network up to a moment, done again: as it is in each world. ``reached`` is the condition of the point
    at which somebody asked, ``possible`` says which events can have happened there, and ``conditions`` are those on them."""

    gathered: Gathered
    reached: Condition
    possible: dict[Condition, bool]
    conditions: list[Condition]
    worlds: list[tuple[Condition, Replay]]
    owned: dict[Obj, tuple[Owned, ...]]

    def agrees(self, it: Interpreter) -> bool:
        """Whether the conditions say the same here as where somebody asked."""
        logic, reached = it.logic, it.state.reached
        if reached == self.reached:
            return True
        if any(event.element is not None for _, event in self.gathered.events):
            return False  # what is tested there may be another network
        if any(logic.meet(when, reached) != found for when, found in self.possible.items()):
            return False
        in_part = self.worlds[0][1].in_part
        if self.conditions and _worlds(it, self.conditions, in_part) != [world for world, _ in self.worlds]:
            return False
        return all(replay.agrees(logic.both(world, reached)) for world, replay in self.worlds)


def _replays(it: Interpreter, obj: Obj, moment: Optional[Moment], deep: bool = True, in_part: bool = False) -> Replayed:
    """Remembered for as long as the store says the same, and for all cells that belong together."""
    memory = it.replayed_in_part if in_part else it.replayed
    remembered = memory.get(obj, ())
    for known in remembered:
        if known.gathered.holds(it, moment) and known.agrees(it):
            return known
    gathered = events_of(it, obj, moment, deep, in_part)
    made: Optional[Replayed] = None
    for known in remembered:
        if _same_events(known.gathered, gathered) and known.agrees(it):
            made = known._replace(gathered=gathered)
            break
    made = made or _replay(it, gathered, in_part)
    for one, _, count in gathered.marks:
        if isinstance(one, Obj) and count >= 0:
            kept = memory.setdefault(one, [])
            kept[:0] = [made]
            del kept[_REMEMBERED:]
    return made


def _same_events(known: Gathered, now: Gathered) -> bool:
    return (
        len(known.events) == len(now.events)
        and known.lost == now.lost
        and all(one is other and event is same for (one, event), (other, same) in zip(known.events, now.events))
    )


def _replay(it: Interpreter, gathered: Gathered, in_part: bool) -> Replayed:
    logic = it.logic
    reached = it.state.reached
    possible = {when: logic.meet(when, reached) for when in {event.when for _, event in gathered.events}}
    events = [pair for pair in gathered.events if possible[pair[1].when]]
    conditions = conditions_of(it, [event for _, event in events])
    found = []
    for world in _worlds(it, conditions, in_part):
        replay = Replay(it, logic.both(world, reached), in_part)
        for holder, event in events:
            if event.element is not None or replay.must(event.when):
                replay.do(holder, event)
            elif in_part and replay.may(event.when):
                replay.left_out(holder, event)
        if in_part:
            replay.finish(gathered.lost)
        found.append((world, replay))
    return Replayed(gathered, reached, possible, conditions, found, {})


def _worlds(it: Interpreter, conditions: list[Condition], in_part: bool) -> list[Condition]:
    try:
        return worlds(it, conditions)
    except Unknown:
        if in_part:
            return [ALWAYS]
        raise
