"""What to do again to find the parameters of a network: which events, and under which conditions they happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, Condition, Logic, Term
from ms_optim_lint.domain.values import PARAMETER, Class, Instance, Obj, ParameterTuple, Ref, Sym, Tuple, Value
from ms_optim_lint.interpreter import layers, networks
from ms_optim_lint.interpreter.cells import Unknown, Untold
from ms_optim_lint.interpreter.containers import CONTAINERS, WRAPPERS
from ms_optim_lint.interpreter.history import Event, History, Moment
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.records import NamedTuple

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import deferred
    from ms_optim_lint.interpreter.core import Interpreter
else:
    deferred = late("deferred")

#: The most cells that belong together, and the most ways in which conditions on them can hold.
MAX_CELLS = 6_000
MAX_WORLDS = 12

#: Cells that are no layers: what they hold is what is put into them.
_CELLS = {"mindspore.nn.Cell", *CONTAINERS, *WRAPPERS}
_MANY = "a cell that a loop makes, nobody knows how often"


class Gathered(NamedTuple):
    """What was done to a network before a moment, and what of the store says so."""

    #: in the order in which it was done
    events: list[tuple[Union[Obj, Term], Event]]
    #: for each cell and Parameter that was looked at: its history, and how much of it was known beside that
    marks: list[tuple[Union[Obj, Term], Optional[History], int]]
    #: the last thing that happened before the moment, and the first one after it
    last: Moment
    until: Optional[Moment]
    #: cells that were given to something that cannot be followed
    lost: tuple[Obj, ...] = ()

    def holds(self, it: Interpreter, moment: Optional[Moment]) -> bool:
        """Whether the same would be found now, for this moment."""
        if moment is not None and moment <= self.last:
            return False
        if self.until is not None and (moment is None or moment > self.until):
            return False
        get = it.state.get
        for one, then, count in self.marks:
            now = get((one, networks.HISTORY))
            while now is not then:
                if not isinstance(now, History) or moment is None or now.event.moment < moment:
                    return False
                now = now.before  # came later
            if isinstance(one, Obj) and count >= 0 and count != _count(it, one):
                return False
        return True


def _count(it: Interpreter, one: Obj) -> int:
    return len(it.touched.get(one, ())) + len(it.holders.get(one, ())) + len(it.takers.get(one, ()))


def conditions_of(it: Interpreter, events: list[Event]) -> list[Condition]:
    """The conditions on the events."""
    logic = it.logic
    conditions: dict[Condition, None] = {ALWAYS: None}
    for event in events:
        if event.element is not None:
            conditions[_outside(logic, event.holds, event.element)] = None
            continue
        conditions[event.when] = None
        values = [event.value, *(item.value for item in event.items)]
        for item in event.items:
            conditions[item.when] = None
            pair = item.value.single
            values.append(pair.items[1].value if isinstance(pair, Tuple) else None)
        for value in values:
            for alternative in value.alternatives if value is not None and len(value.alternatives) > 1 else ():
                conditions[alternative.when] = None
    del conditions[ALWAYS]
    return list(conditions)


def worlds(it: Interpreter, conditions: list[Condition]) -> list[Condition]:
    """The ways in which conditions can hold."""
    logic = it.logic
    worlds = [ALWAYS]
    for condition in conditions:
        split: list[Condition] = []
        for world in worlds:
            yes, no = logic.both(world, condition), logic.both(world, logic.no(condition))
            split.extend(w for w in (yes, no) if logic.meet(w, it.state.reached))
        worlds = split
        if len(worlds) > MAX_WORLDS:
            raise Unknown("what it holds depends on too many conditions")
    return worlds if len(worlds) > 1 else [ALWAYS]


def _outside(logic: Logic, condition: Condition, element: Term) -> Condition:
    """What a condition says when nothing is known of the element."""
    return logic.possible(condition, lambda term: element in term.elements)


def events_of(
    it: Interpreter, obj: Obj, moment: Optional[Moment], deep: bool = True, in_part: bool = False
) -> Gathered:
    """All that was done to the network, to what it holds and to what holds it, before a moment. Raises :class:`Unknown` where
    something of that is not known, as soon as that is certain: most networks that are not known are not made in full.
    ``in_part``: goes on without that. ``deep``: all that is below it is asked for."""
    lost: list[Obj] = []
    marks: list[tuple[Union[Obj, Term], Optional[History], int]] = []
    after: list[Moment] = []
    found: list[tuple[Union[Obj, Term], Event]] = []
    seen: set[Union[Obj, Term]] = set()
    queue: list[Union[Obj, Term]] = [obj]
    below: set[Union[Obj, Term]] = {obj}
    for number, one in enumerate(queue):  # level by level: it grows meanwhile
        if one in seen:
            continue
        seen.add(one)
        if len(seen) > MAX_CELLS:
            raise Unknown("it has too many cells")
        if isinstance(one, Obj):
            if in_part and one is not obj and it.is_summary(one):
                # What each of them holds is renamed, nobody knows how often.
                for event in _before(it, one, moment, after):
                    lost.extend(other for other in mentioned(it, event) if isinstance(other, Obj) and other is not one)
                continue
            learned = _is_first_of_class(it, one)
            if not in_part and (learned or not number & (number - 1)):
                _see_ahead(it, queue[number + 1 :])
            _complete(it, one, moment, lost if in_part else None)
            after.extend(taken for taken, _ in it.takers.get(one, ()) if moment is not None and taken >= moment)
        then, before = networks.history(it, one), _before(it, one, moment, after)
        if one in below and isinstance(one, Obj) and not it.detailed and not in_part:
            _see_through(it, one, before)
            if deep:
                below.update(_held_for_good(before))
        for event in before:
            found.append((one, event))
            for other in mentioned(it, event):
                if isinstance(other, Obj) and it.is_summary(other) and not in_part:
                    raise Unknown(_MANY)
                queue.append(other)
        if isinstance(one, Obj):
            queue.extend(it.touched.get(one, ()))
            for holder in list(it.holders.get(one, ())):
                if holder not in seen:
                    known, before = networks.history(it, holder), _before(it, holder, moment, after)
                    marks.append((holder, known, -1))
                    if any(one in mentioned(it, e) for e in before):
                        queue.append(holder)
        marks.append((one, then, _count(it, one) if isinstance(one, Obj) else -1))
    found.sort(key=lambda pair: pair[1].moment)
    last = found[-1][1].moment if found else ()
    return Gathered(found, marks, last, min(after, default=None), tuple(lost))


def _see_through(it: Interpreter, one: Obj, events: list[Event]) -> None:
    """Raise :class:`Unknown` where what was done to a cell makes it unknown for certain, as :class:`.doing.Replay` would find."""
    begun = max((event.moment for event in events if event.kind == "begin"), default=())
    for event in events:
        if event.element is not None or event.moment < begun or not it.logic.meet(event.when, it.state.reached):
            continue
        if event.kind == "unknown":
            raise Unknown("it is changed by code that is not followed")
        if event.kind == "begin" and event.base is not None and event.name not in _CELLS:
            if layers.layer_rows(it, one, event.base) is None:
                raise Unknown(f"what {event.name.rpartition('.')[2]} holds is not known")
        if event.kind == "put" and event.value is not None:
            for alternative in forced(it, event.value).alternatives if len(event.value.alternatives) == 1 else ():
                atom = alternative.atom
                if isinstance(atom, Sym) and atom.kind is None and not networks.is_harmless(atom.term):
                    raise Unknown(f"{class_name(it, one)}.{event.name}: {atom.reason or 'something unknown'}")


def _held_for_good(events: list[Event]) -> Iterator[Obj]:
    """The cells that a cell holds at the end under any condition."""
    last = {event.name: event for event in events if event.kind in ("put", "delete", "insert_child", "insert_param")}
    for event in last.values():
        atom = event.value.single if event.kind == "put" and event.value is not None else None
        if isinstance(atom, Ref) and event.when == ALWAYS and event.element is None:
            yield atom.obj
    kinds = [event.kind for event in events]
    if kinds.count("begin") != 1 or not _ADDING.issuperset(kinds):
        return
    for event in events:
        if event.kind == "begin" and (event.when != ALWAYS or event.name not in CONTAINERS):
            continue
        for item in event.items:
            pair = item.value.single
            atom = pair.items[1].value.single if isinstance(pair, Tuple) else None
            if isinstance(atom, Ref) and item.when == ALWAYS and not item.elements:
                yield atom.obj


#: What is done to a container of which nothing is taken away or replaced.
_ADDING = frozenset(("begin", "append", "extend", "rename", "trained"))


def class_name(it: Interpreter, obj: Obj) -> str:
    """The name of an object's class, for people."""
    content = it.content(Ref(obj))
    made = content.made if isinstance(content, Instance) else None
    return made.node.name if isinstance(made, Class) else made.name.rpartition(".")[2] if made is not None else "?"


def _before(it: Interpreter, one: Union[Obj, Term], moment: Optional[Moment], after: list[Moment]) -> list[Event]:
    """What was done to a cell or Parameter before a moment; when more was done to it goes into ``after``."""
    history = networks.history(it, one)
    events = history.events() if history is not None else []
    if moment is None or not events or max(e.moment for e in events) < moment:
        return events
    after.extend(e.moment for e in events if e.moment >= moment)
    return [e for e in events if e.moment < moment]


def _is_first_of_class(it: Interpreter, obj: Obj) -> bool:
    """Make a cell, if it is the first one of its class; then it is known how many steps the others will take."""
    content = it.content(Ref(obj))
    made = content.made if isinstance(content, Instance) else None
    if made in it.steps_to_make or it.is_summary(obj) or networks.is_made(it, obj):
        return False
    before = it.left_for_networks
    networks.make(it, Ref(obj))
    it.steps_to_make[made] = before - it.left_for_networks
    return True


def _see_ahead(it: Interpreter, waiting: list[Union[Obj, Term]]) -> None:
    """Give up where what is waiting to be made takes more steps than there are: else they were spent for nothing."""
    steps = 0
    for one in set(waiting):
        if isinstance(one, Obj) and not networks.is_made(it, one):
            content = it.content(Ref(one))
            steps += it.steps_to_make.get(content.made, 0) if isinstance(content, Instance) else 0
    if steps > it.left_for_networks and not it.detailed:
        it.give_networks_up()
        raise Unknown("it is too large to follow")


def _complete(it: Interpreter, obj: Obj, moment: Optional[Moment], lost: Optional[list[Obj]]) -> None:
    """Follow what was put off for a cell, and for what it was given to. Raises :class:`Unknown` where that cannot be done, or
    adds what this may change to ``lost``, if it is given."""
    if it.is_summary(obj):
        raise Unknown(_MANY)
    networks.make(it, Ref(obj))
    if not networks.is_made(it, obj):
        if lost is None:
            raise Unknown(f"not all of {class_name(it, obj)}.__init__ can be followed")
        lost.append(obj)
    for taken, taker in list(it.takers.get(obj, ())):
        if moment is None or taken < moment:
            networks.make(it, Ref(taker))
            followed = networks.is_made(it, taker)
            if lost is not None:
                if not followed or it.is_summary(taker):
                    lost.append(obj)
            elif not followed:
                raise Unknown(f"not all of {class_name(it, taker)}.__init__, which is given it, can be followed")


def mentioned(it: Interpreter, event: Event) -> list[Union[Obj, Term]]:
    """The cells and Parameters that an event speaks of."""
    known = it.mentioned.get(id(event))
    if known is not None:
        return known[1]
    lasting = True
    values = [event.value] if event.value is not None and event.kind != "trained" else []
    for item in event.items:
        pair = item.value.single
        values.append(pair.items[1].value if isinstance(pair, Tuple) else item.value)
    if event.base is not None and event.name not in CONTAINERS:
        values.extend(event.base.arguments)
        values.extend(value for _, value in event.base.keywords)
    found: list[Union[Obj, Term]] = []
    for value in values:
        lasting = lasting and not any(isinstance(a.atom, Sym) and a.atom.kind != PARAMETER for a in value.alternatives)
        for alternative in forced(it, value).alternatives:
            atoms = [alternative.atom]
            if isinstance(alternative.atom, ParameterTuple):
                atoms = [a.atom for i in alternative.atom.items for a in i.value.alternatives]
            for atom in atoms:
                content = it.content(atom) if isinstance(atom, Ref) else None
                if isinstance(atom, Ref) and isinstance(content, Instance):
                    if atom.obj not in it.constructions and layers.is_cell(it, content):
                        found.append(atom.obj)
                    else:
                        lasting = False
                elif isinstance(atom, Sym) and atom.kind == PARAMETER:
                    found.append(atom.term)
    if lasting:
        it.mentioned[id(event)] = (event, found)
    return found


def forced(it: Interpreter, value: Value) -> Value:
    """Results of functions that were set aside can be cells."""
    for alternative in value.alternatives:
        if alternative[1].__class__ is Sym:
            break
    else:
        return value
    with it.allowance() as spent:
        found = deferred.force(it, value)
    if spent.out:
        raise Untold("a function that builds a part of it is too long to follow")
    return found
