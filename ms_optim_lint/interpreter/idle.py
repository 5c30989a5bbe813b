"""Schedules that are built and never used: what nothing can step, hand on or give to an optimizer any more."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.values import Ref, Value
from ms_optim_lint.facts import Construction, IdleSchedule, ScheduleCall
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.tree import kept_with_node, walk

if TYPE_CHECKING:
    from ms_optim_lint.domain.values import Site
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
    from ms_optim_lint.interpreter.library.table import CallSite

#: What can be read from a scheduler without a step of it.
_LOOKS = frozenset("get_last_lr last_epoch base_lrs print_lr optimizer".split())
#: Functions that see all names of a scope.
_SEES_ALL = frozenset(("locals", "globals", "vars", "dir", "eval", "exec"))
#: Stands for all names, and for no name: neither can be written as one.
_ALL, _NONE = "*", " "


class Idle(NamedTuple):
    """A call whose result is bound to ``name`` (empty: to none), which its scope does not read. ``root`` is where the optimizer
    has to be seen to train; None where any place will do."""

    fact: ScheduleCall
    name: str
    site: Site
    scope: ast.AST
    root: Optional[int]


#: A result as a whole; a number stands for that item of a tuple.
_WHOLE = -1


class _Names(NamedTuple):
    """``bound`` says to which name a call's result, or an item of it, is bound, and ``given`` as what a function returns a
    call's result or what a name stands for, once and nowhere else."""

    bound: dict[tuple[ast.AST, int], str]
    used: frozenset[str]
    given: dict[Union[ast.AST, str], int]


def name_of(frame: Frame, node: ast.AST) -> Optional[str]:
    """The name to which a call's result is bound, where nothing in its scope reads it; None where something may."""
    if frame.is_class or isinstance(frame.node, ast.Lambda):
        return None
    names = _names(_scope_of(frame))
    name = names.bound.get((node, _WHOLE))
    return None if name is None or name in names.given or not _is_free(names, name) else name


def _scope_of(frame: Frame) -> ast.AST:
    return frame.node if frame.node is not None else frame.module.tree


def _is_free(names: _Names, name: str) -> bool:
    return name not in names.used and _ALL not in names.used


def built(it: Interpreter, fact: ScheduleCall, site: CallSite) -> None:
    """A schedule or scheduler is built: it is noted where nothing reads it in its scope or, where it is returned, in the scope of
    who called."""
    if site.frame.is_class:
        return
    node, place, scope, module = site.node, _WHOLE, _scope_of(site.frame), site.frame.module
    calls, returned = list(it.calls), False
    while not isinstance(scope, ast.Lambda):
        names = _names(scope)
        name = names.bound.get((node, place))
        if name is not None and not _is_free(names, name):
            return
        handed = names.given.get(name) if name is not None else names.given.get(node) if place == _WHOLE else None
        if handed is None:
            if name is not None and module is it.module:
                root = it.root_number if returned or isinstance(scope, ast.Module) else None
                it.idle.append(Idle(fact, name, site.origin, scope, root))
            return
        call = calls.pop() if calls else None
        if call is None or call.node is not scope or call.site.node is scope:
            return  # it is looked at alone, and nobody calls it
        node, place, module, returned = call.site.node, handed, call.site.module, True
        scope = calls[-1].node if calls else module.tree


@kept_with_node
def _names(scope: ast.AST) -> _Names:
    bound: dict[tuple[ast.AST, int], str] = {}
    given: dict[Union[ast.AST, str], int] = {}
    returned: set[ast.AST] = set()
    used: set[str] = set()
    looks: set[ast.AST] = set()
    own = [inner for statement in getattr(scope, "body", ()) for inner in walk(statement)]
    in_classes = {one for inner in own if isinstance(inner, ast.ClassDef) for one in inner.body}
    for inner in own:
        if isinstance(inner, (ast.Assign, ast.AnnAssign)) and inner.value is not None:
            if inner in in_classes:
                continue
            targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
            if len(targets) == 1 and isinstance(targets[0], ast.Name):
                bound[inner.value, _WHOLE] = targets[0].id
            elif len(targets) == 1 and isinstance(targets[0], ast.Tuple):
                for number, one in enumerate(targets[0].elts):
                    if isinstance(one, ast.Starred):
                        break
                    if isinstance(one, ast.Name):
                        bound[inner.value, number] = one.id
        elif isinstance(inner, ast.Expr):
            bound[inner.value, _WHOLE] = _NONE
        elif isinstance(inner, ast.Return) and inner.value is not None:
            parts = inner.value.elts if isinstance(inner.value, ast.Tuple) else [inner.value]
            for number, one in enumerate(parts):
                key = one.id if isinstance(one, ast.Name) else one
                if isinstance(key, str) and key in given:
                    used.add(key)
                given[key] = number if isinstance(inner.value, ast.Tuple) else _WHOLE
                returned.add(one)
        elif isinstance(inner, ast.Attribute) and inner.attr in _LOOKS:
            looks.add(inner.value)
        elif isinstance(inner, (ast.Global, ast.Nonlocal)):
            used.update(inner.names)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.value.isidentifier():
            used.add(inner.value)
    for inner in own:
        if (
            isinstance(inner, ast.Name)
            and not isinstance(inner.ctx, (ast.Store, ast.Del))
            and inner not in looks
            and inner not in returned
        ):
            used.add(_ALL if inner.id in _SEES_ALL else inner.id)
    return _Names(bound, frozenset(used), given)


def trained(it: Interpreter, value: Optional[Value]) -> None:
    """An optimizer makes a step, or is given to what makes its steps."""
    for alternative in it.alternatives(value) if value is not None else ():
        atom = alternative.atom
        if isinstance(atom, Ref) and atom.obj in it.constructions:
            it.trained.add((it.constructions[atom.obj].number, it.root_number))


def finish(it: Interpreter) -> None:
    """Note the schedules that stayed unused, now that all has been followed."""
    built = [fact for fact in it.facts if isinstance(fact, Construction)] if it.idle else []
    for one in it.idle:
        if catalogue.is_scheduler(one.fact.name):
            optimizer = one.fact.optimizer
        else:
            optimizer = _static_neighbour(one, built)
        if optimizer is None or not _is_trained(it, one, optimizer):
            continue
        fact = one.fact
        where = (fact.logic, fact.reached, fact.location, fact.stack, fact.caught, fact.loops)
        it.facts.append(IdleSchedule(*where, fact.name, one.name.strip(_NONE), optimizer))


def _is_trained(it: Interpreter, one: Idle, optimizer: Construction) -> bool:
    """Whether the optimizer is seen to train. What a module binds, other modules may use: unless this one trains by itself."""
    roots = {root for number, root in it.trained if number == optimizer.number}
    return bool(roots) if one.root is None else one.root in roots


def _static_neighbour(one: Idle, built: list[Construction]) -> Optional[Construction]:
    """An optimizer with a constant rate that the same scope builds; None where it builds one whose rate is not known so."""
    first = locate(one.site)
    start, end = getattr(one.scope, "lineno", 1), getattr(one.scope, "end_lineno", None) or 10**9
    found = None
    for construction in built:
        place = construction.location
        if place.path == first.path and start <= place.place.line <= end:
            entries = [g.entries["lr"] for p in construction.params for g in p.groups if "lr" in g.entries]
            rates = [*construction.rates, *(rate for entry in entries for rate in entry.rate)]
            if construction.family != "nn" or not rates or any(rate.kind != "static" for rate in rates):
                return None
            if any(params.kind == "unknown" or params.open for params in construction.params if params.groups):
                return None
            found = construction
    return found
