"""Names that two parameters share, and parameters that no group holds.

Both are asked of the networks as they are when the optimizer is built: names change when a network becomes part of another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term
from ms_optim_lint.domain.shapes import Clash, Group, Location, Missed, Params, Part
from ms_optim_lint.domain.values import Class, Instance, Obj, Ref
from ms_optim_lint.interpreter import concrete, gather, networks, replay, versions
from ms_optim_lint.interpreter.cells import Owned, Unknown
from ms_optim_lint.interpreter.whole import owner_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

#: A parameter that an optimizer is given: its part, when it is there, and the group's place.
Given = tuple[Part, Condition, Optional[Location]]


def clashes(it: Interpreter, alternatives: tuple[Params, ...], lost: bool) -> tuple[Clash, ...]:
    """For each alternative the first name that two parameters of different networks have. ``lost``: iterators in groups are."""
    found = []
    for params in alternatives:
        given = list(_given(it, params, lost))
        owners = {part.term: owner_of(it, part.term) for part, _, _ in given}
        if len(set(owners.values())) < 2 and not any(owner is None for owner in owners.values()):
            continue
        try:
            clash = _first_clash(it, given, owners, _names(it, given, owners))
        except Unknown:
            continue
        if clash is not None:
            found.append(clash)
    return tuple(found)


def _given(it: Interpreter, params: Params, lost: bool) -> Iterator[Given]:
    """The single parameters that are given by themselves or in groups."""
    both = it.logic.both
    here = both(it.state.reached, params.when)
    for part in params.parts if params.kind == "list" else ():
        if part.term.op == "parameter" and not part.elements:
            yield part, both(here, part.when), None
    for group in params.groups:
        for inner in group.params if not group.many else ():
            when = both(both(here, group.when), inner.when)
            for part in inner.parts if not (lost and inner.container == "iterator") else ():
                if part.term.op == "parameter" and not part.elements:
                    yield part, both(when, part.when), group.entries["params"].location


def _names(it: Interpreter, given: list[Given], owners: dict[Term, Optional[Obj]]) -> dict[Term, tuple[str, Condition]]:
    """What the parameters are called now, and when they are there."""
    names: dict[Term, tuple[str, Condition]] = {}
    for obj in dict.fromkeys(owners.values()):
        for owned in _known(it, obj):
            names[owned.term] = owned.name, owned.when
    for part, _, _ in given:
        made = it.made_parameters.get(part.term) if owners[part.term] is None else None
        if made is None or made[0] is None or networks.history(it, part.term) is not None:
            continue
        if part.name in ("", made[0]):  # else a layer holds it, and has renamed it
            names[part.term] = made[0], ALWAYS
    return names


def _known(it: Interpreter, obj: Optional[Obj]) -> tuple[Owned, ...]:
    """The parameters of a network, or those that are certainly known."""
    if obj is None or not versions.is_known(it, obj):
        return ()
    try:
        return replay.parameters(it, obj)
    except Unknown:
        return replay.sure_parameters(it, obj)


def _first_clash(
    it: Interpreter,
    given: list[Given],
    owners: dict[Term, Optional[Obj]],
    names: dict[Term, tuple[str, Condition]],
) -> Optional[Clash]:
    both = it.logic.both
    seen: dict[str, list[tuple[Term, Condition]]] = {}
    for part, when, location in given:
        if part.term not in names:
            continue
        name, there = names[part.term]
        when = both(when, there)
        for other, before in seen.get(name, ()):
            if other is part.term or not _apart(owners[other], owners[part.term]) or both(when, before) == NEVER:
                continue
            if not _is_held(it, owners[other]) and not _is_held(it, owners[part.term]):
                return Clash(name, both(when, before), location, _called(it, owners[other], owners[part.term]))
        seen.setdefault(name, []).append((part.term, when))
    return None


def _apart(one: Optional[Obj], other: Optional[Obj]) -> bool:
    return one is not other or one is None


def _is_held(it: Interpreter, obj: Optional[Obj]) -> bool:
    """Whether another Cell holds it after all: one that was given it as the result of a function that was set aside."""
    if obj is None:
        return False
    for holder in it.objects():
        found = networks.history(it, holder) if holder is not obj else None
        events = found.events() if found is not None else ()
        if any(obj in gather.mentioned(it, event) for event in events if event.kind != "copied"):
            return True
    return False


def _called(it: Interpreter, *owners: Optional[Obj]) -> tuple[str, ...]:
    """The classes of the networks; empty for a Parameter by itself."""
    found = []
    for obj in owners:
        content = it.content(Ref(obj)) if obj is not None else None
        made = content.made if isinstance(content, Instance) else None
        found.append(
            made.node.name if isinstance(made, Class) else made.name.rpartition(".")[2] if made is not None else ""
        )
    return tuple(found)


# What no group holds


def missed(it: Interpreter, given: tuple[Params, ...], expanded: tuple[Params, ...]) -> tuple[Missed, ...]:
    """The trained parameters of the one set that all groups filter, which none of them keeps: for each alternative of what is
    ``given``, of which ``expanded`` is the same written out."""
    found = []
    for params, written in zip(given, expanded):
        element = _one_set(params) if params is not written else None
        if element is None:
            continue
        try:
            names = tuple(_left_out(it, params, written, element))
        except Unknown:
            continue
        if names:
            found.append(Missed(names, params.when))
    return tuple(found)


def _one_set(params: Params) -> Optional[Term]:
    """The element of the one set of parameters that two groups or more filter."""
    groups = [group for group in params.groups if "params" in group.entries]
    if params.open or len(groups) < 2 or any(group.open or group.many for group in params.groups):
        return None
    elements: list[Term] = []
    for group in groups:
        for inner in group.params:
            if inner.kind != "list" or inner.open or inner.wrong:
                return None
            for part in inner.parts:
                if part.elements != (part.term,):
                    return None
                elements.append(part.term)
    if not elements or any(element.args[0] is not elements[0].args[0] for element in elements):
        return None
    base = elements[0].args[0]
    return elements[0] if isinstance(base, Term) and base.op == "parameters" else None


def _left_out(it: Interpreter, params: Params, written: Params, element: Term) -> Iterator[str]:
    logic = it.logic
    here = logic.both(it.state.reached, params.when)
    held: dict[Term, Condition] = {}
    for part, when, _ in _given(it, written, False):
        held[part.term] = logic.either(held.get(part.term, NEVER), when)
    wanted = _shared(it, params, element)
    base = element.args[0]
    assert isinstance(base, Term)
    obj = networks.object_behind(it, base.args[0]) if isinstance(base.args[0], Term) else None
    for owned in _known(it, obj):
        if owned.requires_grad and logic.meet(here, owned.when) and owned.term not in held:
            if concrete.decided(it, wanted, element, owned) == ALWAYS:
                yield owned.name


def _shared(it: Interpreter, params: Params, element: Term) -> Condition:
    """What all groups ask of a parameter: those that lack it are left out on purpose."""
    logic = it.logic
    tests = [_kept(it, group, element) for group in params.groups if "params" in group.entries]
    result = ALWAYS
    for term in logic.atoms(tests[0]):
        for literal in (logic.atom(term), logic.no(logic.atom(term))):
            if element in term.elements and all(logic.implies(test, literal) for test in tests):
                result = logic.both(result, literal)
    return result


def _kept(it: Interpreter, group: Group, element: Term) -> Condition:
    logic = it.logic
    result = NEVER
    for inner in group.params:
        for part in inner.parts:
            result = logic.either(result, logic.rename(part.when, part.term, element))
    return result
