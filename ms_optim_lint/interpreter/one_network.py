"""Sets that are taken of one network at two times, or of it and of a cell around it: whether they can only be the same is found
out here without following what builds the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.logic import Condition, Term
from ms_optim_lint.domain.sets import flag_of
from ms_optim_lint.domain.shapes import Part
from ms_optim_lint.domain.values import PARAMETER, Instance, ListContent, Obj, ParameterTuple, Ref, Sym, Tuple, Value
from ms_optim_lint.interpreter import layers, networks
from ms_optim_lint.interpreter.cells import Unknown
from ms_optim_lint.interpreter.containers import WRAPPERS
from ms_optim_lint.interpreter.gather import forced, mentioned
from ms_optim_lint.interpreter.history import Event, Moment

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

#: How many cells may be around a network, one in the other, and how many are looked at.
_DEPTH, _MOST = 4, 100


def same(it: Interpreter, mine: Sequence[Part], theirs: Sequence[Part], given: Condition) -> bool:
    """Whether two sets hold the same parameters in the same order, for both are all, or all that are trained, of one network or
    of a cell that holds no other. False where that would have to be worked out."""
    first, second = _whole(it, mine, given), _whole(it, theirs, given)
    if first is None or second is None or first[1] != second[1]:
        return False
    one, other = first[0], second[0]
    moments = [it.moments.get(base) for base in (one, other)]
    objs = [_behind(it, base) for base in (one, other)]
    if None in moments or None in objs:
        return False
    start, end = sorted(moment for moment in moments if moment is not None)
    inner, outer = (obj for obj in objs if obj is not None)
    if not _holds_only(it, outer, inner, end):
        inner, outer = outer, inner
        if not _holds_only(it, outer, inner, end):
            return False
    return _is_left_alone(it, inner, start, end) and not it.freezes


def _whole(it: Interpreter, parts: Sequence[Part], given: Condition) -> Optional[tuple[Term, bool]]:
    """The base of which this is all that there is, and whether it is all of it or what is trained."""
    if len(parts) != 1 or len(parts[0].elements) != 1 or parts[0].row:
        return None
    part = parts[0]
    (element,) = part.elements
    base = element.args[0]
    if part.term is not element or not isinstance(base, Term) or base.op != "parameters":
        return None
    when = it.logic.both(part.when, given)
    if when == given:
        return base, False
    return (base, True) if when == it.logic.both(it.logic.truthy(flag_of(it.logic, element)), given) else None


def _behind(it: Interpreter, base: Term) -> Optional[Obj]:
    """The network that a set is of, if all that was done to it is noted."""
    net, version = base.args
    if not isinstance(net, Term) or not isinstance(version, Term) or version.op != "version":
        return None
    return networks.object_behind(it, net)


def _is_left_alone(it: Interpreter, obj: Obj, start: Moment, end: Moment) -> bool:
    """Whether nothing was done between two moments to a network, or to the cells that it was given. What its ``__init__`` builds
    itself is out of reach as long as that is put off."""
    if obj not in it.unmade or it.state.get((obj, networks.MADE)) is not None:
        return False
    waiting, seen = [obj], {obj}
    for one in waiting:
        if it.is_summary(one) or len(seen) > _MOST:
            return False
        for taken, taker in list(it.takers.get(one, ())):
            if start <= taken < end:
                networks.make(it, Ref(taker))
                if not networks.is_made(it, taker):
                    return False
        events = _events(it, one)
        if any(event.moment >= start for event in events) or it.touched.get(one):
            return False
        for inner in (*_arguments(it, one), *(other for event in events for other in mentioned(it, event))):
            if not isinstance(inner, Obj):
                return False
            if inner not in seen:
                seen.add(inner)
                waiting.append(inner)
    return True


def _arguments(it: Interpreter, obj: Obj) -> list[Obj]:
    """The objects that something was given when it was built, also in lists."""
    content = it.content(Ref(obj))
    values = (*content.arguments, *(value for _, value in content.keywords)) if isinstance(content, Instance) else ()
    found: list[Obj] = []
    seen: set[Obj] = set()
    waiting = [alternative.atom for value in values for alternative in value.alternatives]
    for atom in waiting:
        inner: object = atom
        if isinstance(atom, Ref):
            if atom.obj in seen:
                continue  # a list may hold itself
            seen.add(atom.obj)
            inner = it.content(atom)
            if isinstance(inner, Instance):
                found.append(atom.obj)
        if isinstance(inner, (ListContent, Tuple)):
            waiting.extend(a.atom for item in inner.items[:_MOST] for a in item.value.alternatives)
    return found


def _holds_only(it: Interpreter, outer: Obj, inner: Obj, end: Moment, depth: int = _DEPTH) -> bool:
    """Whether the parameters of ``outer`` are those of ``inner``, which it is, or which it holds beside cells without any."""
    if outer is inner:
        return True
    held = _held(it, outer, end) if depth else None
    if held is None or held.count(inner) > 1:
        return False
    found = [one for one in held if one is inner or not _is_bare(it, one, end, depth - 1)]
    return len(found) == 1 and _holds_only(it, found[0], inner, end, depth - 1)


def _is_bare(it: Interpreter, obj: Obj, end: Moment, depth: int) -> bool:
    """Whether a cell holds no Parameter."""
    held = _held(it, obj, end) if depth else None
    return held is not None and all(_is_bare(it, one, end, depth - 1) for one in held)


def _held(it: Interpreter, obj: Obj, end: Moment) -> Optional[list[Obj]]:
    """The cells that a cell holds, in order; None where it has Parameters of its own, or where that is not simple."""
    if it.is_summary(obj) or obj in it.touched or obj in it.copies:
        return None
    networks.make(it, Ref(obj))
    events = _events(it, obj)
    if not networks.is_made(it, obj) or not events or events[0].kind != "begin":
        return None
    held: dict[str, Union[Obj, None]] = {}
    try:
        for event in events:
            if event.moment >= end or not it.logic.implies(it.state.reached, event.when):
                return None
            if event is events[0]:
                held.update(_given(it, obj, event))
            elif event.kind == "put" and event.value is not None and event.name not in held:
                held[event.name] = _cell_of(it, event.value)
            else:
                return None
    except Unknown:
        return None
    return [one for one in held.values() if one is not None]


def _given(it: Interpreter, obj: Obj, event: Event) -> dict[str, Optional[Obj]]:
    """The cells that a cell has from its base class. Raises :class:`Unknown` where these are not known."""
    base = event.base
    if base is None:
        raise Unknown
    if event.name == "mindspore.nn.Cell":
        return {}
    if WRAPPERS.get(event.name):
        words, given = dict(base.keywords), base.arguments
        found = [
            (name, words.get(word, given[position] if position < len(given) else None))
            for name, word, position in WRAPPERS[event.name]
        ]
        return {name: _cell_of(it, value) for name, value in found if value is not None}
    if layers.layer_rows(it, obj, base) == () and all(
        _cell_of(it, value) is None for value in (*base.arguments, *(value for _, value in base.keywords))
    ):
        return {}
    raise Unknown


def _cell_of(it: Interpreter, value: Value) -> Optional[Obj]:
    """The cell that a cell is given as an attribute; None for what is none and holds none. Raises :class:`Unknown` where that is
    not known, and for Parameters."""
    atom = forced(it, value).single
    if isinstance(atom, Ref):
        content = it.content(atom)
        if not isinstance(content, Instance):
            return None
        kind = layers.is_cell(it, content)
        if kind is None or atom.obj in it.constructions or it.state.get(atom.obj) is None:
            raise Unknown
        return atom.obj if kind else None
    if isinstance(atom, Sym) and (atom.kind is None and not networks.is_harmless(atom.term) or atom.kind == PARAMETER):
        raise Unknown
    if atom is None or isinstance(atom, ParameterTuple):
        raise Unknown
    return None


def _events(it: Interpreter, obj: Obj) -> list[Event]:
    history = networks.history(it, obj)
    return history.events() if history is not None else []
