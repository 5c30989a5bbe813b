"""Noting facts about a run: rates that are read, groups that are written to, states that are saved and loaded."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term
from ms_optim_lint.domain.values import (
    Alternative,
    Atom,
    Class,
    Const,
    DictContent,
    Instance,
    ListContent,
    Obj,
    Ref,
    Site,
    Sym,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.facts import CheckpointUse, Construction, GroupWrite, RateChange, RateLoaded, RateRead
from ms_optim_lint.interpreter import argument_values, classes, notes, notes_steps, questions
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.patches import is_patched
from ms_optim_lint.interpreter.truth import present
from ms_optim_lint.patterns import pattern
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.tree import text_of, walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.arguments import Arguments
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
    from ms_optim_lint.interpreter.library.table import CallSite

#: Where the store keeps that the rate of an optimizer was assigned to, after what was saved last.
_CHANGED = "#rate changed"
#: Methods of a number in a Parameter that neither a tuple nor a Cell has.
NUMBER_METHODS = frozenset(("asnumpy", "item", "value", "data", "numpy", "tolist", "set_data", "assign_value", "shape"))
_CONVERSION = pattern(r"%[-#0 +]*\d*(?:\.\d+)?[hlL]?(.)")
_AS_NUMBER = frozenset("diouxXeEfFgG")
_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
#: Methods by which a class says itself how it is copied or pickled.
_PICKLES = ("__reduce__", "__reduce_ex__", "__getstate__", "__deepcopy__", "__copy__")


# Rates as numbers


class RateOf(NamedTuple):
    """A rate of an optimizer: ``learning_rate``, what ``get_lr`` gave, or an ``element`` of the first."""

    construction: Construction
    how: str


def rate_of(it: Interpreter, atom: Atom) -> Optional[RateOf]:
    """The optimizer whose rate this is."""
    if isinstance(atom, Sym) and (it.rates or it.current_rates):
        for obj, how in (
            (it.rates.get(atom.term), "learning_rate"),
            (it.current_rates.get(atom.term), "get_lr"),
            (element_of(atom.term, it.rates), "element"),
        ):
            if obj is not None and obj in it.constructions:
                return RateOf(it.constructions[obj], how)
    return None


def element_of(term: Term, table: dict[Term, Obj]) -> Optional[Obj]:
    """The object of which ``term`` is an item (``x[i]``, or one of ``for each in x``), where ``x`` is in the table."""
    if not table:
        return None
    base = term.args[0] if term.op == "item" else None
    if term.op == "element" and isinstance(term.args[0], Term) and term.args[0].op == "over":
        base = term.args[0].args[0]
    return table.get(base) if isinstance(base, Term) else None


def is_number(it: Interpreter, rate: RateOf) -> Condition:
    """When it is one number."""
    moving, grouped = rate.construction.moving_rate(), rate.construction.group_rate()
    several = {"element": moving, "get_lr": grouped}.get(rate.how, it.logic.either(moving, grouped))
    return it.logic.no(several)


def rate_read(
    it: Interpreter,
    value: Optional[Value],
    how: str,
    node: ast.AST,
    frame: Frame,
    when: Condition = ALWAYS,
    shown: Optional[ast.AST] = None,
) -> None:
    """A value is used as one number: ``float(value)``; ``how`` is ``number``, ``format``, ``scale`` or ``method``."""
    if value is None or not (it.rates or it.current_rates):
        return
    for alternative in it.alternatives(value):
        found = rate_of(it, alternative.atom)
        if found is not None and isinstance(alternative.atom, Sym) and not _changed_here(it, found.construction, node):
            here = it.logic.both(when, alternative.when)
            if questions.kind_asked(it, alternative.atom.term, here):
                continue
            circumstances = notes.circumstances(it, locate(Site(frame.module, node)), here)
            it.facts.append(RateRead(*circumstances, how, found.how, text_of(shown or node), found.construction))


def _changed_here(it: Interpreter, construction: Construction, node: ast.AST) -> bool:
    """Whether the rate is read for a change of itself, which is judged: ``rate.set_data(rate * 0.1)``."""
    return any(
        isinstance(fact, RateChange)
        and fact.construction is construction
        and fact.location.place.line == getattr(node, "lineno", 0)
        for fact in it.facts[-3:]
    )


def change_noted(it: Interpreter, construction: Construction, site: CallSite) -> None:
    """Forget what was read to compute the new rate of ``ops.assign(rate, rate * 0.1)``: the change itself is judged."""
    place = locate(site.origin).place
    while it.facts:
        last = it.facts[-1]
        if not isinstance(last, RateRead) or last.construction is not construction:
            break
        if not place.line <= last.location.place.line <= (place.end_line or place.line):
            break
        it.facts.pop()


def number_wanted(it: Interpreter, site: CallSite) -> None:
    """``float(x)``, ``max(x, 0.1)`` and the like."""
    name = site.name.rpartition(".")[2]
    given = [one.value for one in site.arguments.positional]
    if name in ("min", "max", "sum") and (len(given) < 2 or name == "sum"):
        return  # of a tuple of rates: the least of them
    for value in given if name in ("min", "max") else given[:1]:
        rate_read(it, value, "number", site.node, site.frame)


def calculated(
    it: Interpreter, operation: ast.operator, left: Value, right: Value, node: ast.AST, frame: Frame
) -> None:
    """``left operation right`` with a rate on one side and a number on the other; ``'%f' % rate``."""
    if not (it.rates or it.current_rates):
        return
    notes_steps.rate_calculated(it, left, right, node, frame)
    for rate, other in ((left, right), (right, left)):
        for alternative in it.alternatives(other):
            atom = alternative.atom
            real = isinstance(atom, Const) and type(atom.value) is float
            if real or notes_steps.is_number(atom):
                # A tuple can be repeated: only a float is refused as a factor in any case.
                how = "number" if real or not isinstance(operation, ast.Mult) else "scale"
                rate_read(it, rate, how, node, frame, alternative.when)
    pattern = left.single
    if isinstance(operation, ast.Mod) and isinstance(pattern, Const) and isinstance(pattern.value, str):
        _formatted(it, pattern.value, right, node, frame)


def compared(it: Interpreter, operation: ast.cmpop, left: Value, right: Value, node: ast.AST, frame: Frame) -> None:
    """``rate < number``."""
    if not (it.rates or it.current_rates) or not isinstance(operation, _ORDERS):
        return
    for rate, other in ((left, right), (right, left)):
        for alternative in it.alternatives(other):
            if notes_steps.is_number(alternative.atom):
                rate_read(it, rate, "number", node, frame, alternative.when)


def _formatted(it: Interpreter, pattern: str, given: Value, node: ast.AST, frame: Frame) -> None:
    """``pattern % given``: what stands where a number is asked for."""
    if "%(" in pattern or "*" in pattern:
        return
    wanted = [letter for letter in _CONVERSION.findall(pattern) if letter != "%"]
    row = given.single
    values = [item.value for item in row.items] if isinstance(row, Tuple) and not row.open else [given]
    if len(wanted) == len(values):
        for letter, value in zip(wanted, values):
            if letter in _AS_NUMBER:
                rate_read(it, value, "number", node, frame)


def format_called(it: Interpreter, pattern: str, given: list[Value], node: ast.AST, frame: Frame) -> None:
    """``pattern.format(*given)``: what is given a format of its own."""
    if not (it.rates or it.current_rates):
        return
    import string

    try:
        fields = [part for part in string.Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return
    for number, (_, name, spec, conversion) in enumerate(fields):
        index = number if name == "" else int(name) if name is not None and name.isdigit() else len(given)
        if spec and not conversion and "{" not in spec and index < len(given):
            rate_read(it, given[index], "format", node, frame)


def text_made(it: Interpreter, part: ast.FormattedValue, value: Value, node: ast.JoinedStr, frame: Frame) -> None:
    """``f"{value:.4f}"``: the whole text is the place."""
    spec = part.format_spec
    if part.conversion == -1 and isinstance(spec, ast.JoinedStr) and (it.rates or it.current_rates):
        if any(isinstance(piece, ast.Constant) and piece.value for piece in spec.values):
            rate_read(it, value, "format", node, frame, ALWAYS, ast.JoinedStr([part]))


# Groups of experimental optimizers


def rate_entry(it: Interpreter, term: Term, index: Value) -> bool:
    """Whether ``term[index]`` is the rate of a group of an experimental optimizer."""
    key = index.single
    return isinstance(key, Const) and key.value == "lr" and element_of(term, it.groups) is not None


def item_written(it: Interpreter, base: Value, index: Value, value: Value, target: ast.Subscript, frame: Frame) -> None:
    """``base[index] = value``: the rate of a group of an experimental optimizer."""
    key = index.single
    if not it.groups or not isinstance(key, Const) or key.value != "lr":
        return
    for alternative in it.alternatives(base):
        atom = alternative.atom
        obj = element_of(atom.term, it.groups) if isinstance(atom, Sym) else None
        if obj is None or not isinstance(atom, Sym) or is_patched(it, "optimizer", "param_groups"):
            continue
        content = it.content(Ref(obj))
        if not isinstance(content, Instance) or isinstance(content.made, Class):
            continue  # its own class may look at the rate itself
        own = it.logic.term("item", atom.term, it.logic.constant("lr"))
        if any(isinstance(a.atom, Sym) and _comes_of_assign(a.atom.term) for a in value.alternatives):
            continue
        derived = any(isinstance(a.atom, Sym) and _mentions(a.atom.term, own) for a in value.alternatives)
        if derived and (obj in it.opened or _others_store_rate(frame, target)):
            continue  # it may be a number by now
        location = locate(Site(frame.module, target))
        fact = GroupWrite(
            *notes.circumstances(it, location, alternative.when),
            text_of(target),
            argument_values.choices_of(it, value, location),
            it.scheduled.get(obj, NEVER),
            _is_varying(it),
            ".step(" in frame.module.text or ".step(" in it.module.text,
            it.constructions[obj],
        )
        it.facts.append(fact)
        notes_steps.group_written(it, obj, fact, value, target)


def group_updated(it: Interpreter, group: Term, arguments: Arguments, node: ast.AST, frame: Frame) -> None:
    """``group.update(...)``, where that may be a group of an experimental optimizer."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not it.groups:
        return
    first = arguments.positional[0].value.single if arguments.positional else None
    content = it.content(first) if isinstance(first, Ref) else None
    given = content.get("lr") if isinstance(content, DictContent) else None
    if given is None and "lr" in arguments.names:
        given = arguments.names["lr"].value
    if given is not None:
        target = ast.Subscript(node.func.value, ast.Constant("lr"), ast.Store())
        item_written(it, value_of(Sym(group)), value_of(Const("lr")), given, ast.copy_location(target, node), frame)


def _comes_of_assign(term: Term) -> bool:
    return term.op == "assigned"


def _mentions(term: Term, wanted: Term, depth: int = 0) -> bool:
    return term is wanted or (
        depth < 12 and any(isinstance(part, Term) and _mentions(part, wanted, depth + 1) for part in term.args)
    )


def _others_store_rate(frame: Frame, target: ast.Subscript) -> bool:
    """Whether the file sets the rate of a group somewhere else, to what may be a float."""
    for node in walk(frame.module.tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(_is_rate_item(one) and one is not target for one in targets) and not _is_no_float(node.value):
                return True
    return False


def _is_rate_item(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == "lr"


def _is_no_float(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int)
    function = node.func if isinstance(node, ast.Call) else None
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("Tensor", "Parameter", "tensor", "assign")


def _is_varying(it: Interpreter) -> bool:
    """Whether it depends on something that a loop goes over that this is done at all."""
    return any(term.elements for term in it.logic.atoms(it.state.reached))


# States


def nothing_made(it: Interpreter, site: CallSite) -> Value:
    """``save_checkpoint(...)`` gives None. A rate that was assigned before may be in what is saved now."""
    it.nothing.add(site.node)
    for obj in it.constructions:
        if isinstance(it.state.get((obj, _CHANGED)), Value):
            it.state.set((obj, _CHANGED), Value(()))
    return value_of(Const(None), Site(site.frame.module, site.node))


def is_nothing(it: Interpreter, alternative: Alternative) -> bool:
    """Whether this None is what ``save_checkpoint`` gave."""
    origin = alternative.origin
    return alternative.atom == Const(None) and origin is not None and origin.node in it.nothing


def nothing_used(it: Interpreter, value: Optional[Value], text: str, node: ast.AST, frame: Frame) -> None:
    """None from ``save_checkpoint`` is used as if it were a state."""
    if value is None or not it.nothing:
        return
    for alternative in it.alternatives(value):
        if is_nothing(it, alternative):
            assert alternative.origin is not None
            circumstances = notes.circumstances(it, locate(Site(frame.module, node)), alternative.when)
            it.facts.append(CheckpointUse(*circumstances, "nothing", text, locate(alternative.origin), None))


def pickled(it: Interpreter, value: Optional[Value], site: CallSite, depth: int = 0) -> None:
    """``pickle.dump(value, ...)``, ``torch.save(value, ...)``, ``copy.deepcopy(value)``: an optimizer, or a container of one."""
    if value is None or not it.constructions:
        return
    for alternative in it.alternatives(value):
        atom = alternative.atom
        content = it.content(atom) if isinstance(atom, Ref) else None
        if isinstance(content, Instance) and isinstance(atom, Ref) and atom.obj in it.constructions:
            construction = it.constructions[atom.obj]
            if construction.optimizer.is_wrapper or _says_itself(it, content):
                continue
            location = locate(site.origin)
            circumstances = notes.circumstances(it, location, alternative.when)
            it.facts.append(CheckpointUse(*circumstances, "pickled", text_of(site.node), location, construction))
        elif isinstance(content, DictContent) and depth < 2:
            for _, entry in content.entries:
                if len(entry.alternatives) == 1:
                    pickled(it, entry, site, depth + 1)
        elif isinstance(content, ListContent) and depth < 2:
            for item in content.items:
                if item.when == ALWAYS and not item.elements:
                    pickled(it, item.value, site, depth + 1)


def _says_itself(it: Interpreter, content: Instance) -> bool:
    made = content.made
    return isinstance(made, Class) and (
        classes.has_unknown_base(it, made)
        or any(classes.class_attribute(it, made, name) is not None for name in _PICKLES)
    )


def state_loaded(it: Interpreter, net: Optional[Value], site: CallSite) -> None:
    """A checkpoint is loaded into ``net``: an optimizer takes over its rate, too."""
    for alternative in it.alternatives(net) if net is not None and it.constructions else ():
        atom = alternative.atom
        construction = it.constructions.get(atom.obj) if isinstance(atom, Ref) else None
        if construction is None or not isinstance(atom, Ref):
            continue
        it.loaded.setdefault(atom.obj, set()).add(_lines(it, site))
        changed = it.state.get((atom.obj, _CHANGED))
        when = present(it, changed) if isinstance(changed, Value) else NEVER
        circumstances = notes.circumstances(it, locate(site.origin), alternative.when)
        it.facts.append(RateLoaded(*circumstances, text_of(site.node), when, construction))


def rate_changed(it: Interpreter, obj: Obj, when: Condition, site: CallSite) -> None:
    """The rate of an optimizer is assigned to. What was loaded before, here or further up in the file, does not matter any
    more."""
    lines = _lines(it, site)
    it.assigned_rates.add(it.constructions[obj].number)
    if any(lines > loaded for loaded in it.loaded.get(obj, ())):
        it.settled.add(it.constructions[obj].number)
    if when == ALWAYS:
        it.state.set((obj, _CHANGED), value_of(Const(True)))


def _lines(it: Interpreter, site: CallSite) -> tuple[int, ...]:
    """The lines of the calls that lead to a place, and its own: what is further down comes later."""
    return tuple(getattr(node, "lineno", 0) for node in (*(call.site.node for call in it.calls), site.node))


def settle(it: Interpreter) -> None:
    """At the end: a rate that is assigned after a checkpoint was loaded is as the program wants it."""
    notes_steps.settle(it)
    if it.settled:
        it.facts[:] = [f for f in it.facts if not (isinstance(f, RateLoaded) and f.construction.number in it.settled)]
