"""What happens to parameters after the optimizer was built: they are frozen, a layer is replaced, the optimizer is stored on the
network that it trains."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition
from ms_optim_lint.domain.sets import contains
from ms_optim_lint.domain.shapes import Part
from ms_optim_lint.domain.values import (
    PARAMETER,
    Atom,
    Const,
    Instance,
    Obj,
    Ref,
    Site,
    Sym,
    Value,
)
from ms_optim_lint.facts import Construction
from ms_optim_lint.facts_training import (
    OptimizerCall,
    StoredOptimizer,
)
from ms_optim_lint.interpreter import (
    classes,
    concrete,
    replay,
    sharing,
    training,
    whole,
)
from ms_optim_lint.interpreter.cells import Unknown
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.notes import circumstances
from ms_optim_lint.interpreter.state import FROZEN, STALE
from ms_optim_lint.interpreter.truth import term_of
from ms_optim_lint.tree import text_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame


def attribute_written(it: Interpreter, base: Value, name: str, value: Value, node: ast.AST, frame: Frame) -> None:
    """``base.name = value``: a Parameter is frozen, a layer is replaced, an optimizer is stored on what it trains."""
    if not it.constructions:
        return
    for alternative in it.alternatives(base):
        atom = alternative.atom
        if name == "requires_grad":
            if value.single not in (Const(True), Const(1)):
                _freeze_again(it)
            if value.single in (Const(False), Const(0)):
                frozen(it, atom, alternative.when, node, frame)
            else:
                _thaw(it)
                if value.single in (Const(True), Const(1)):
                    thawed(it, atom, alternative.when, node, frame)
        elif isinstance(atom, Ref) and isinstance(it.content(atom), Instance) and atom.obj not in it.constructions:
            replaced(it, atom, name, value, node, frame)
            stored(it, atom, value, node, frame)


def stored(it: Interpreter, holder: Ref, value: Value, node: ast.AST, frame: Frame) -> None:
    """``network.name = optimizer``."""
    content = it.content(holder)
    if it.trying or not isinstance(content, Instance) or not classes.is_network(it, content):
        return
    for alternative in it.alternatives(value):
        atom = alternative.atom
        if (
            isinstance(atom, Ref)
            and atom.obj in it.constructions
            and training.trained_by(it, atom.obj) == [term_of(it, holder)]
        ):
            where = circumstances(it, locate(Site(frame.module, node)), alternative.when)
            it.facts.append(StoredOptimizer(*where, text_of(node), it.constructions[atom.obj]))


def frozen(it: Interpreter, atom: Atom, when: Condition, node: ast.AST, frame: Frame) -> None:
    """``requires_grad = False`` on a Parameter, or on each of a loop over some."""
    if not isinstance(atom, Sym) or it.trying:
        return
    logic = it.logic
    elements = atom.term.elements
    holds = logic.both(it.state.reached, when)
    for element in elements:
        holds = logic.both(holds, logic.truthy(logic.term("attribute", element, "requires_grad")))
    part = Part(atom.term, holds, tuple(elements))
    for obj in _alive(it):
        if _holds(it, obj, part):
            done = bool(training.stepped(it, obj)) or _steps_in_loop(it, it.constructions[obj])
            training.mark(it, obj, FROZEN, done, Site(frame.module, node))


def _thaw(it: Interpreter) -> None:
    """Something may be trained again: networks that are trained in turn are frozen and thawed in turn."""
    for obj in it.constructions:
        if isinstance(it.state.get((obj, FROZEN, it.root_number)), Value):
            it.state.set((obj, FROZEN, it.root_number), Value(()))


def _freeze_again(it: Interpreter) -> None:
    """Something may be frozen again that was thawed: it need not be trained."""
    for obj in it.constructions:
        stored = it.state.get((obj, STALE, it.root_number))
        if isinstance(stored, Value) and any(a.atom == Const(False) for a in stored.alternatives):
            kept = tuple(a for a in stored.alternatives if a.atom != Const(False))
            it.state.set((obj, STALE, it.root_number), Value(kept))


def thawed(it: Interpreter, atom: Atom, when: Condition, node: ast.AST, frame: Frame) -> None:
    """``requires_grad = True`` on a Parameter, or on each of a loop over some, that was frozen when an optimizer was built from
    the network that it is in: no optimizer has it."""
    if not isinstance(atom, Sym) or it.trying:
        return
    logic = it.logic
    elements = atom.term.elements
    holds = logic.both(it.state.reached, when)
    for element in elements:
        holds = logic.both(holds, logic.no(logic.truthy(logic.term("attribute", element, "requires_grad"))))
    mine = concrete.listed(it, (Part(atom.term, holds, tuple(elements)),))
    left = {one.term: one.when for one in mine or () if one.when != NEVER}
    concerned: list[Obj] = []
    for obj in it.constructions if left else ():
        outer = sharing.all_parts(it, obj)
        theirs = concrete.listed(it, outer) if outer is not None else None
        if theirs is None:
            return  # it may be the one that trains them
        for one in theirs:
            left.pop(one.term, None)
        if obj in _alive(it) and training.trained_by(it, obj):
            concerned.append(obj)
    chains = [{term_of(it, Ref(one)) for one in whole.holders_of(it, term)} for term in left]
    for obj in concerned:
        if any(net in chain for chain in chains for net in training.trained_by(it, obj)):
            training.mark(it, obj, STALE, False, Site(frame.module, node))


def _steps_in_loop(it: Interpreter, construction: Construction) -> bool:
    """Whether a call of the optimizer seen so far is in a loop that this is in too: an earlier pass made it."""
    return any(
        isinstance(fact, OptimizerCall)
        and fact.construction is construction
        and len(fact.loops) > len(construction.loops)
        and fact.loops[: len(construction.loops) + 1] == tuple(it.loops[: len(construction.loops) + 1])
        for fact in it.facts
    )


def _alive(it: Interpreter) -> list[Obj]:
    """The optimizers that were built on the way to here."""
    return [
        obj
        for obj, construction in it.constructions.items()
        if it.state.get(obj) is not None and it.logic.meet(construction.reached, it.state.reached)
    ]


def _holds(it: Interpreter, obj: Obj, part: Part) -> bool:
    """Whether the optimizer certainly holds all these parameters."""
    logic = it.logic
    outer = sharing.all_parts(it, obj)
    if outer is None:
        return False
    if contains(logic, outer, (part,), ALWAYS):
        return True
    mine, theirs = concrete.listed(it, (part,)), concrete.listed(it, outer)
    if not mine or not theirs:
        return False
    there = {one.term: one.when for one in theirs}
    return all(logic.implies(one.when, there.get(one.term, NEVER)) for one in mine)


def replaced(it: Interpreter, holder: Ref, name: str, value: Value, node: ast.AST, frame: Frame) -> None:
    """``network.name = layer``: optimizers that were built before do not know the new layer."""
    if it.trying or not it.constructions or not _may_have_parameters(it, value):
        return
    old = it.state.get((holder.obj, name))
    if isinstance(old, Value) and old == value:
        return
    chain = {term_of(it, holder)}
    obj: Optional[Obj] = holder.obj
    for _ in range(20):
        parent = it.parents.get(obj) if obj is not None else None
        if not isinstance(parent, tuple):
            break
        obj = parent[0]
        chain.add(term_of(it, Ref(obj)))
    concerned = [one for one in _alive(it) if any(net in chain for net in training.trained_by(it, one))]
    if concerned and _has_parameters(it, value):
        for optimizer in concerned:
            training.mark(it, optimizer, STALE, True, Site(frame.module, node))


def _may_have_parameters(it: Interpreter, value: Value) -> bool:
    """Whether a value is a layer, or a Parameter."""
    atom = value.single
    if isinstance(atom, Sym):
        return atom.kind == PARAMETER and atom.term in it.made_parameters
    if not isinstance(atom, Ref) or atom.obj in it.constructions:
        return False
    content = it.content(atom)
    return isinstance(content, Instance) and classes.is_network(it, content)


def _has_parameters(it: Interpreter, value: Value) -> bool:
    """Whether such a value certainly can be trained."""
    atom = value.single
    if not isinstance(atom, Ref):
        return True
    try:
        return bool(replay.parameters(it, atom.obj))
    except Unknown:
        return False
