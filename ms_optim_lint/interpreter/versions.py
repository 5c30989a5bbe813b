"""Versions of networks: what was done to one, or may have been done, since its parameters were last asked for.

Sets that are taken from two versions of one network are not compared. A version of the kind ``changed`` is one of which nobody
knows what it holds: code that is not followed was given the network, or a Parameter of nobody knows which network was frozen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import Term
from ms_optim_lint.domain.values import (
    PARAMETER,
    Atom,
    Content,
    DictContent,
    Instance,
    ListContent,
    Obj,
    Ref,
    Sym,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import networks
from ms_optim_lint.interpreter.history import Event
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.truth import term_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import statements
    from ms_optim_lint.interpreter.core import Interpreter
else:
    statements = late("statements")

#: The key of what may have happened to any network.
_ANY = ("version", None)
#: What a Parameter of an unknown thing is written with: two of those are two.
_ROOTED = frozenset(("argument", "attribute", "call", "result", "parameter"))
#: How deep lists, dicts and terms are looked into.
_DEPTH = 6


def root_of(it: Interpreter, net: Term) -> Term:
    """The network that a submodule is part of."""
    while net.op in ("attribute", "item") and isinstance(net.args[0], Term):
        net = net.args[0]
    obj = it.object_of(net)
    return net if obj is None else term_of(it, Ref(_outermost(it, obj)))


def _outermost(it: Interpreter, obj: Obj) -> Obj:
    return _holders(it, obj)[-1]


def _holders(it: Interpreter, obj: Obj) -> list[Obj]:
    """The cell, and what holds it, from the inside out."""
    found = [obj]
    for _ in range(20):
        parent = it.parents.get(found[-1])
        if not isinstance(parent, tuple):
            break
        found.append(parent[0])
    return found


def version_of(it: Interpreter, net: Term) -> Term:
    """Which state of a network this is: another one after code that can have changed it, or what has come to hold it."""
    root = root_of(it, net)
    keys: list[object] = [root]
    while net.op in ("attribute", "item") and isinstance(net.args[0], Term):
        net = net.args[0]
    obj = it.object_of(net)
    if obj is not None:
        keys = [term_of(it, Ref(one)) for one in _holders(it, obj)]
    stored = [it.state.get(("version", key)) for key in keys]
    past = it.logic.term("version", *it.past) if it.past else None  # more may have come to hold it since
    found = list(dict.fromkeys(one for one in (*stored, it.state.get(_ANY), past) if isinstance(one, Term)))
    if not found:
        return it.logic.term("version", 0)
    known = all(one.op == "version" for one in found)
    return found[0] if len(found) == 1 else it.logic.term("version" if known else "changed", *found)


def is_known(it: Interpreter, obj: Obj) -> bool:
    """Whether all that was done to a network so far is known."""
    names = [term_of(it, Ref(obj)), *(alias for one in _holders(it, obj) for alias in it.aliases.get(one, ()))]
    return all(version_of(it, name).op == "version" for name in names)


def new_version(it: Interpreter, net: Term, node: ast.AST, what: str = "changed") -> None:
    """From here on the network may have other parameters, or freeze others. ``what`` is ``version`` where that is noted."""
    old = version_of(it, net)
    if what == "version" and old.op != "version":
        what = old.op
    new = it.logic.term(what, *it.moment()) if what == "version" else it.fresh(node, what=what)
    it.state.set(("version", root_of(it, net)), new)


def taken(it: Interpreter, net: Obj, taker: Obj) -> None:
    """A network is given to one that may come to hold and rename it. Sets taken of it from now on are others than before."""
    root = root_of(it, term_of(it, Ref(net)))
    bases = [base.args[0] for base in it.moments]
    if net in it.unmade or any(isinstance(base, Term) and root_of(it, base) is root for base in bases):
        version = it.logic.term("version", *it.moment())
        for one in (root, term_of(it, Ref(taker))):
            if version_of(it, one).op == "version":
                it.state.set(("version", one), version)


# Given to unknown code


def touch(it: Interpreter, atom: Atom, node: ast.AST) -> None:
    """Something is given to code that is not followed: a network may be frozen, renamed or changed there."""
    for one in _reached(it, atom, _DEPTH):
        if isinstance(one, Ref) or one.kind is None and one.term.op in ("argument", "attribute", "call", "result"):
            new_version(it, term_of(it, one), node)
            networks.changed(it, one, "code that is not followed")
        elif one.kind == PARAMETER and not one.term.elements and one.term.op == "parameter":
            new_version(it, _network_of(it, one.term), node)
        elif one.kind == PARAMETER and one.term.elements and one is not atom:  # by itself it is most likely tested
            unknown = value_of(Sym(it.fresh(node, what="trained"), reason="code that is not followed"))
            parameter_written(it, one, "requires_grad", unknown, node)
        elif one.term.op == "element":
            net, cells = _of_cells(one.term)
            obj = networks.object_behind(it, net) if cells else None
            if obj is not None:
                new_version(it, net, node)
                networks.changed(it, Ref(obj), "code that is not followed")
    statements.spoil(it, atom)


def replaced_perhaps(it: Interpreter, atom: Atom, value: Optional[Value], node: ast.AST) -> None:
    """Something is put into ``atom``, of which the name, or what it belongs to, is not known: it may be a layer of a network."""
    if value is not None and not networks.may_change(it, value):
        return
    if isinstance(atom, Ref) and networks.may_be_cell(it, it.content(atom)):
        new_version(it, term_of(it, atom), node)
        networks.changed(it, atom, "something that is put into it")
        for alternative in value.alternatives if value is not None else ():
            networks.changed(it, alternative.atom, "something that it is put into")
    elif isinstance(atom, Sym) and (atom.term.elements or atom.term.op in _ROOTED):
        new_version(it, atom.term, node)
        networks.cells_changed(it, atom.term, "something that is put into one of its cells")
    elif isinstance(atom, Sym) and value is not None and any(_is_cell(it, a.atom) for a in value.alternatives):
        it.state.set(_ANY, it.fresh(node, what="changed"))


def _is_cell(it: Interpreter, atom: Atom) -> bool:
    """Whether it is seen to be a cell. What is put into a dict of settings is most often nothing of that kind."""
    return isinstance(atom, Ref) and networks.may_be_cell(it, it.content(atom))


def _reached(it: Interpreter, atom: Atom, depth: int) -> Iterator[Sym | Ref]:
    """The objects of classes and the unknown things that are in something."""
    if isinstance(atom, Sym):
        yield atom
    content = it.content(atom) if isinstance(atom, Ref) else None
    if isinstance(atom, Ref) and isinstance(content, Instance):
        yield atom
    elif depth:
        for value in _held(atom, content):
            for alternative in it.alternatives(value):
                yield from _reached(it, alternative.atom, depth - 1)


def _held(atom: Atom, content: Optional[Content]) -> list[Value]:
    if isinstance(content, DictContent):
        return [value for _, value in content.entries] + [item.value for item in content.others]
    items = content.items if isinstance(content, ListContent) else atom.items if isinstance(atom, Tuple) else ()
    return [item.value for item in items]


# Parameters that are frozen or renamed


def parameter_written(it: Interpreter, atom: Sym, name: str, value: Value, node: ast.AST) -> None:
    """``p.requires_grad = ...`` or ``p.name = ...``, for one Parameter or for each of a loop."""
    term = atom.term
    kind = "trained" if name == "requires_grad" else "named"
    it.freezes = it.freezes or kind == "trained"
    if not term.elements and term.op == "parameter":
        networks.note(it, term, Event(it.moment(), kind, value=value))
        new_version(it, _network_of(it, term), node, "version")
        return
    sources = dict.fromkeys(_sources(it, term, _DEPTH))
    for source, element in sources:
        if source.op == "parameter":
            new_version(it, _network_of(it, source), node)
            continue
        net = source.args[0]
        assert isinstance(net, Term)
        obj = networks.object_behind(it, net)
        noted = element is not None and obj is not None and kind == "trained"
        noted = noted and (term is element or term.op == "attribute" and term.args[0] is element)
        pattern = term if source.op == "cells" else None
        if obj is None and net.op == "element":
            # A Parameter of a cell of a network.
            whole, cells = _of_cells(net)
            obj = networks.object_behind(it, whole) if cells == "cells" else None
            noted = obj is not None and kind == "trained" and term is element
            element, pattern, net = net, element, whole
        if obj is not None and noted:
            event = Event(it.moment(), kind, "", value, (), None, element, pattern, it.state.reached)
            networks.note(it, obj, event)
        if obj is not None and kind == "named":
            it.renamed.add(obj)
        new_version(it, net, node, "version" if noted else "changed")
    if not sources:
        if term.op in _ROOTED:
            new_version(it, term, node)
        elif atom.kind == PARAMETER or atom.kind is None and kind == "trained":
            it.state.set(_ANY, it.fresh(node, what="changed"))


def _sources(it: Interpreter, term: Term, depth: int) -> Iterator[tuple[Term, Optional[Term]]]:
    """The networks' sets (each with the element that is of it) and the single Parameters that a term can speak of."""
    if term.op in ("parameters", "cells") and isinstance(term.args[0], Term):
        yield term, None
    elif term.op == "parameter":
        yield term, None
    elif term.op == "element" and isinstance(term.args[0], Term) and term.args[0].op in ("parameters", "cells"):
        yield term.args[0], term
    elif depth:
        for inner in (*term.args, *_contents(it, term)):
            if isinstance(inner, Term):
                yield from _sources(it, inner, depth - 1)


def _of_cells(net: Term) -> tuple[Term, str]:
    """The network of which a term is a cell, and whether it is one of its ``cells`` or ``children``; the last in a chain."""
    kind = ""
    while net.op == "element" and isinstance(net.args[0], Term) and net.args[0].op in ("cells", "children"):
        kind = net.args[0].op if not kind else "cells in cells"
        inner = net.args[0].args[0]
        assert isinstance(inner, Term)
        net = inner
    return net, kind


def _contents(it: Interpreter, term: Term) -> Iterator[Term]:
    """What is in a list or dict that a term names."""
    obj = it.object_of(term)
    content = it.content(Ref(obj)) if obj is not None else None
    if obj is None or content is None:
        return
    stored = it.state.get((obj, "#items")) if isinstance(content, Instance) else None
    held = [stored] if isinstance(stored, Value) else _held(Ref(obj), content)
    for value in held:
        for alternative in value.alternatives:
            for atom in (alternative.atom, *_members(alternative.atom)):
                if isinstance(atom, Ref) or isinstance(atom, Sym) and (atom.kind == PARAMETER or atom.term.elements):
                    yield term_of(it, atom)


def _members(atom: Atom) -> list[Atom]:
    items = atom.items if isinstance(atom, Tuple) else ()
    return [alternative.atom for item in items for alternative in item.value.alternatives]


def _network_of(it: Interpreter, term: Term) -> Term:
    """The network that a Parameter belongs to, as far as it is known."""
    obj = it.object_numbered(term.args[0]) if isinstance(term.args[0], int) else None
    return term_of(it, Ref(_outermost(it, obj))) if obj is not None else term
