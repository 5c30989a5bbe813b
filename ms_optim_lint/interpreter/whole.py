"""The whole set of parameters of the networks that an optimizer trains parts of, for those who want to see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import Term
from ms_optim_lint.domain.shapes import Member, Network, Params
from ms_optim_lint.domain.values import Class, Instance, Obj, Ref
from ms_optim_lint.interpreter import replay
from ms_optim_lint.interpreter.cells import Owned, Unknown
from ms_optim_lint.interpreter.networks import object_behind
from ms_optim_lint.interpreter.versions import is_known, root_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def networks_of(it: Interpreter, alternatives: tuple[Params, ...]) -> tuple[Network, ...]:
    """The networks that these parameters belong to, each once, in order."""
    found: dict[object, Network] = {}
    for term in _sources(alternatives):
        obj = owner_of(it, term)
        if obj is None:
            if term.op in ("parameters", "cells", "over") and term not in found:
                found[term] = Network("", None, "the network is built by code that is not in sight")
            continue
        if obj not in found:
            found[obj] = _network(it, obj)
    return tuple(found.values())


def _network(it: Interpreter, obj: Obj) -> Network:
    content = it.content(Ref(obj))
    made = content.made if isinstance(content, Instance) else None
    name = made.node.name if isinstance(made, Class) else made.name.rpartition(".")[2] if made is not None else ""
    if not is_known(it, obj) and obj not in it.renamed:
        return Network(name, None, "something is done to its parameters that is not followed")
    try:
        owned = replay.parameters(it, obj)
    except Unknown as unknown:
        return Network(name, None, str(unknown) or "its parameters are not known", _sure(it, obj))
    reason = "its parameters are given other names" if obj in it.renamed else ""
    return Network(name, _members(owned, not reason), reason)


def _sure(it: Interpreter, obj: Obj) -> tuple[Member, ...]:
    try:
        return _members(replay.sure_parameters(it, obj)) if obj not in it.renamed else ()
    except Unknown:
        return ()


def _members(owned: Iterable[Owned], named: bool = True) -> tuple[Member, ...]:
    return tuple(Member(o.name if named else "", o.term, o.requires_grad, o.rank, o.when) for o in owned)


def _sources(alternatives: tuple[Params, ...]) -> Iterator[Term]:
    for params in alternatives:
        for part in params.parts:
            for element in part.elements:
                if isinstance(element.args[0], Term):
                    yield element.args[0]
            if not part.elements:
                yield part.term
        for group in params.groups:
            yield from _sources(group.params)


def owner_of(it: Interpreter, term: Term) -> Optional[Obj]:
    """The outermost network in sight that a set or a Parameter belongs to."""
    return next(iter(holders_of(it, term)), None)


def holders_of(it: Interpreter, term: Term) -> list[Obj]:
    """The networks and layers in sight that a set or a Parameter belongs to, the outermost first."""
    obj: Optional[Obj] = None
    if term.op in ("parameters", "cells") and isinstance(term.args[0], Term):
        obj = object_behind(it, root_of(it, term.args[0]))
    elif term.op == "parameter" and isinstance(term.args[0], int):
        obj = it.owners.get(term) or it.object_numbered(term.args[0])
    if obj is None or not isinstance(it.content(Ref(obj)), Instance):
        return []
    found = [obj]
    for _ in range(20):
        parent = it.parents.get(obj)
        if not isinstance(parent, tuple):
            break
        obj = parent[0]
        found.append(obj)
    return found[::-1]
