"""Networks whose class is in sight: what is done to their cells is noted here, in order.

Nothing is worked out before somebody asks for the parameters: ``__init__`` of a network is put off until then, and
:mod:`.replay` goes through what was noted as ``nn.Cell`` does. What cannot be known makes a network incomplete: then it only
tells which parameters are certainly in it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import NEVER, Condition, Term
from ms_optim_lint.domain.values import (
    ARRAY,
    BOOLEAN,
    NUMBER,
    PARAMETER,
    TENSOR,
    TEXT,
    Atom,
    Class,
    Const,
    Ext,
    Function,
    Instance,
    Item,
    Method,
    ModuleRef,
    Obj,
    Partial,
    Ref,
    Sym,
    Truth,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import attributes, classes, layers
from ms_optim_lint.interpreter.history import Event, History
from ms_optim_lint.interpreter.late import late

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import deferred, outside, truth, versions
    from ms_optim_lint.interpreter.arguments import Arguments
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.library.table import CallSite
    from ms_optim_lint.interpreter.state import Key, State
else:
    deferred = late("deferred")
    outside = late("outside")
    truth = late("truth")
    versions = late("versions")

#: Where the store keeps whether the ``__init__`` of a network that was put off is followed.
MADE = "#made"
HISTORY = "#history"


# Making


def make(it: Interpreter, ref: Ref) -> None:
    """Follow the ``__init__`` of a network that was put off when it was built. It is followed in the branch that has built the
    network, so that every other branch finds it made."""
    later = it.unmade.get(ref.obj)
    if later is None or it.state.get((ref.obj, MADE)) is not None:
        return
    now = it.state
    builder = _builder(now, ref.obj)
    builder.set((ref.obj, MADE), it.logic.term("made", 0))
    facts = len(it.facts)
    it.state = builder.fork(it.logic)
    before, it.trying = it.trying, True
    it.making += 1
    try:
        with it.allowance() as spent:
            later()
        out = spent.out
    finally:
        it.making -= 1
        it.trying = before
    if it.state.reached == NEVER:
        out = True  # it stops in __init__, as far as can be seen: most likely it was not understood
    else:
        for key, stored in it.state.writes.items():
            if isinstance(stored, History) and builder is not now:
                _append(now, builder, key, stored)
            builder.writes[key] = stored
    it.state = now
    del it.facts[facts:]
    if out:
        it.limit("a network is too large to follow")
        builder.set((ref.obj, MADE), it.logic.term("made", 1))


def _builder(state: State, obj: Obj) -> State:
    """The innermost of the branches being followed that knows an object."""
    current: Optional[State] = state
    while current is not None:
        if obj in current.writes:
            return current
        current = current.parent
    return state


def _append(now: State, builder: State, key: Key, new: History) -> None:
    """Branches within the one that has built a network may know more of a cell than that does: add what is new."""
    old = builder.get(key)
    added = []
    current: Optional[History] = new
    while current is not None and current is not old:
        added.append(current.event)
        current = current.before
    state: Optional[State] = now
    while state is not None and state is not builder:
        known = state.writes.get(key)
        if isinstance(known, History):
            for event in reversed(added):
                known = History(known, event)
            state.writes[key] = known
        state = state.parent


def is_made(it: Interpreter, obj: Obj) -> bool:
    """Whether all of the network's ``__init__`` was followed."""
    found = it.state.get((obj, MADE))
    return obj not in it.unmade or isinstance(found, Term) and found.args[0] == 0


def object_behind(it: Interpreter, term: Term) -> Optional[Obj]:
    """The object that a term stands for, where it is one only: what a function that was set aside gives, it gives now."""
    obj = it.object_of(term)
    if obj is not None or term.op not in ("result", "attribute", "item"):
        return obj
    atom: object = None
    facts = len(it.facts)
    it.making += 1
    try:
        with it.allowance() as spent:
            atom = deferred.force(it, value_of(Sym(term))).single
    finally:
        it.making -= 1
        del it.facts[facts:]
    if not spent.out:
        if isinstance(atom, Ref) and isinstance(it.content(atom), Instance) and it.state.get(atom.obj) is not None:
            return atom.obj
    return None


# Noting what is done to cells

#: Values that are no cell and no Parameter, and reset none.
_PLAIN = (Truth, Function, Class, Method, Partial, ModuleRef, Ext)


def note(it: Interpreter, holder: object, event: Event) -> None:
    """Add to the history of a cell (an object) or of a Parameter (a term)."""
    outer = holder.context.elements if isinstance(holder, Obj) else frozenset()
    free = it.context.elements - outer
    meant = event.element.elements if event.element is not None else frozenset()
    if event.pattern is not None:
        meant |= event.pattern.elements
    if not free <= meant:
        # Once for each element of a loop: how often is not known, and so is what it does to what it speaks of.
        for value in (event.value, *(item.value for item in event.items)):
            for alternative in value.alternatives if value is not None and event.kind != "trained" else ():
                atoms = [alternative.atom]
                if isinstance(alternative.atom, Tuple):
                    atoms = [a.atom for inner in alternative.atom.items for a in inner.value.alternatives]
                for atom in atoms:
                    if isinstance(atom, Ref) and atom.obj is not holder:
                        changed(it, atom, "in a loop")
        event = Event(event.moment, "unknown", "in a loop") if event.kind != "trained" else event._replace(value=None)
    if isinstance(holder, Term) and isinstance(holder.args[0], int):
        owner = it.object_numbered(holder.args[0])
        if owner is not None:
            it.touched.setdefault(owner, {})[holder] = None
    old = it.state.get((holder, HISTORY))
    it.state.set((holder, HISTORY), History(old if isinstance(old, History) else None, event))


def fields_set(it: Interpreter, ref: Ref, cls: Class, arguments: Arguments) -> bool:
    """The arguments of a dataclass become its attributes; false for any other class."""
    names = {getattr(d.func if isinstance(d, ast.Call) else d, "id", "") for d in cls.node.decorator_list}
    fields = [s for s in cls.node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
    after = classes.class_attribute(it, cls, "__post_init__")
    if after is not None:
        if isinstance(after.single, Function):
            outside.spoil_around(it, after.single, 0, set())
        return False
    bases = {ast.unparse(base) for base in cls.node.bases}
    is_tuple = not names and bases in ({"NamedTuple"}, {"typing.NamedTuple"})
    if not is_tuple and (names != {"dataclass"} or bases) or arguments.more_positional or arguments.more_keywords:
        return False
    given = dict(arguments.keywords)
    for number, statement in enumerate(fields):
        assert isinstance(statement.target, ast.Name)
        name = statement.target.id
        if number < len(arguments.positional):
            it.state.set((ref.obj, name), arguments.positional[number].value)
        elif name in given:
            it.state.set((ref.obj, name), given[name].value)
        elif isinstance(statement.value, ast.Call):
            it.state.set((ref.obj, name), value_of(Sym(it.fresh(statement, what="field"), reason="a field's default")))
    return True


def history(it: Interpreter, holder: object) -> Optional[History]:
    """What was done to a cell or Parameter so far."""
    found = it.state.get((holder, HISTORY))
    return found if isinstance(found, History) else None


def attribute_set(it: Interpreter, ref: Ref, name: str, value: Value, when: Condition) -> None:
    """``cell.name = value``."""
    if not may_be_cell(it, it.content(ref)) or all(_is_no_cell(it, a.atom) for a in value.alternatives):
        return
    note(it, ref.obj, Event(it.moment(), "put", name, value, when=when))
    _retaken(it, ref)
    for alternative in value.alternatives:
        if isinstance(alternative.atom, Sym) and alternative.atom.kind == PARAMETER:
            it.owners.setdefault(alternative.atom.term, ref.obj)
        held(it, ref, name, alternative.atom)


def attribute_deleted(it: Interpreter, ref: Ref, name: str) -> None:
    """``del cell.name``."""
    it.state.set((ref.obj, name), value_of(Sym(it.logic.term("deleted", ref.obj.number, name), reason="deleted")))
    if may_be_cell(it, it.content(ref)):
        note(it, ref.obj, Event(it.moment(), "delete", name))
        _retaken(it, ref)


def element_changed(it: Interpreter, term: Term, name: str, value: Value) -> None:
    """``cell.name = value`` for each cell of a network: which ones is not known."""
    if name not in ("requires_grad", "name") and may_change(it, value):
        cells_changed(it, term, f"an assignment to {name} of its cells")


def may_change(it: Interpreter, value: Value) -> bool:
    """Whether a cell that gets this as an attribute may have other parameters afterwards."""
    return not all(
        _is_no_cell(it, a.atom)
        or isinstance(a.atom, Sym)
        and (a.atom.kind in (TENSOR, ARRAY, NUMBER, TEXT, BOOLEAN) or is_harmless(a.atom.term))
        for a in value.alternatives
    )


def cells_changed(it: Interpreter, term: Term, why: str) -> None:
    """Something is done to cells of a network: to which ones is not known."""
    for element in term.elements:
        source = element.args[0]
        if isinstance(source, Term) and source.op in ("cells", "children") and isinstance(source.args[0], Term):
            obj = object_behind(it, source.args[0])
            if obj is not None:
                event = Event(it.moment(), "unknown", why)
                it.state.set((obj, HISTORY), History(history(it, obj), event))


_GIVE_NO_CELLS = tuple(
    f"{name}."
    for name in "numpy math builtins argparse datetime io json logging os pathlib re string time yaml".split()
)


def is_harmless(term: Term) -> bool:
    """Arithmetic gives no cell, and neither do functions of numpy and of some packages of Python."""
    if term.op in ("binary", "unary", "length", "format", "library", "output"):
        return True
    if term.op in ("attribute", "item") and isinstance(term.args[0], Term):
        return is_harmless(term.args[0])
    if term.op == "call" and isinstance(term.args[0], Term) and term.args[0].op == "external":
        return str(term.args[0].args[0]).startswith(_GIVE_NO_CELLS)
    return False


def _is_no_cell(it: Interpreter, atom: object) -> bool:
    """Whether it is certainly neither a cell nor a Parameter, and resets none."""
    if isinstance(atom, Ref):
        content = it.content(atom)
        return (
            not isinstance(content, Instance)
            or atom.obj not in it.constructions
            and layers.is_cell(it, content) is False
        )
    return isinstance(atom, _PLAIN) or isinstance(atom, Const) and atom.value is not None


def may_be_cell(it: Interpreter, content: object) -> bool:
    """Whether an object may be a cell: its class comes from one, or from something out of sight."""
    if not isinstance(content, Instance) or not isinstance(content.made, Class):
        return isinstance(content, Instance) and content.made != Ext("unknown")
    found = it.cell_classes.get(content.made)
    if found is None:
        bases = classes.external_bases(it, content.made)
        found = any(not b.name.startswith("builtins.") for b in bases) or classes.has_unknown_base(it, content.made)
        found = found and layers.is_cell(it, content) is not False
        it.cell_classes[content.made] = found
    return found


def changed(it: Interpreter, atom: object, why: str) -> None:
    """Something is done to a cell that is not followed."""
    if isinstance(atom, Ref) and may_be_cell(it, it.content(atom)):
        note(it, atom.obj, Event(it.moment(), "unknown", why))


def held(it: Interpreter, holder: Ref, name: str, child: Atom) -> None:
    """From here on ``holder`` holds ``child``."""
    for known in later(it, child):
        held(it, holder, name, known)
    if isinstance(child, Sym) and awaits(child):
        it.awaited.setdefault(child.term, {})[holder, name] = None
    if not isinstance(child, Ref) or not isinstance(it.content(child), Instance) or child.obj is holder.obj:
        return
    if it.moments and not it.making:
        versions.taken(it, child.obj, holder.obj)
    _note_holder(it, holder, name, child)


def _note_holder(it: Interpreter, holder: Ref, name: str, child: Ref) -> None:
    it.holders.setdefault(child.obj, {})[holder.obj] = None
    known = it.parents.get(child.obj)
    mine = (holder.obj, name)
    it.parents[child.obj] = mine if known in (None, mine) else "several"


def awaits(symbol: Sym) -> bool:
    """Whether it may turn out to be a cell: the result of a function that was set aside."""
    return symbol.kind is None and symbol.term.op in ("result", "item", "attribute")


def later(it: Interpreter, atom: Atom) -> list[Ref]:
    """The objects that such a result has turned out to be."""
    found = it.arrived.get(atom.term) if isinstance(atom, Sym) else None
    return [a.atom for a in found.alternatives if isinstance(a.atom, Ref)] if found is not None else []


def arrived(it: Interpreter, term: Term, value: Value) -> None:
    """What a function that was set aside gives is known now: it may be held by then."""
    it.arrived[term] = value
    holders, takers = it.awaited.pop(term, ()), it.awaited_by.pop(term, [])
    for atom in later(it, Sym(term)):
        if isinstance(it.content(atom), Instance):
            for holder, name in holders:
                if atom.obj is not holder.obj:
                    _note_holder(it, holder, name, atom)
            it.takers.setdefault(atom.obj, []).extend(takers)
            it.aliases.setdefault(atom.obj, {})[term] = None


def copied(it: Interpreter, ref: Ref, original: Ref, deep: bool) -> None:
    """``copy.deepcopy(cell)``."""
    note(it, ref.obj, Event(it.moment(), "copied" if deep else "unknown", "copying", value_of(original)))
    base = it.state.get((original.obj, layers.BASE))
    if isinstance(base, Instance):
        it.state.set((ref.obj, layers.BASE), base)
    it.copies[ref.obj] = None


def hold_all(it: Interpreter, ref: Ref, items: tuple[Item, ...]) -> None:
    """Notes that a container holds these cells from now on."""
    for item in items:
        pair = item.value.single
        label = pair.items[0].value.single if isinstance(pair, Tuple) else None
        value = pair.items[1].value if isinstance(pair, Tuple) else item.value
        for alternative in value.alternatives:
            held(it, ref, str(label.value) if isinstance(label, Const) else "", alternative.atom)


def cell_method(it: Interpreter, ref: Ref, name: str, site: CallSite) -> bool:
    """Methods of a cell that change its parameters or their names; false for any other."""
    arguments = site.arguments.values()
    word = arguments[0].single if arguments else None
    if name == "insert_child_to_cell" and len(arguments) == 2 and isinstance(word, Const):
        note(it, ref.obj, Event(it.moment(), "insert_child", str(word.value), arguments[1]))
        for alternative in arguments[1].alternatives:
            held(it, ref, str(word.value), alternative.atom)
        attributes.keep(it, ref, str(word.value), arguments[1])
    elif name == "insert_param_to_cell" and len(arguments) >= 2 and isinstance(word, Const):
        note(it, ref.obj, Event(it.moment(), "insert_param", str(word.value), arguments[1]))
        attributes.keep(it, ref, str(word.value), arguments[1])
    elif name == "update_parameters_name" and len(arguments) <= 1 and (word is None or isinstance(word, Const)):
        prefix = word.value if isinstance(word, Const) else ""
        note(it, ref.obj, Event(it.moment(), "rename", str(prefix or "")))
    elif name in (
        "insert_child_to_cell",
        "insert_param_to_cell",
        "update_parameters_name",
        "_update_local_parameters_name",
    ):
        note(it, ref.obj, Event(it.moment(), "unknown", name))
    else:
        return False
    _retaken(it, ref)
    return True


def _retaken(it: Interpreter, ref: Ref) -> None:
    """Sets that are taken from the network from now on are other ones than those that were."""
    if it.moments and not it.making:
        versions.new_version(it, truth.term_of(it, ref), ref.obj.site.node, "version")
