"""Schedules that are built and never used: what nothing can step, hand on or give to an optimizer any more."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

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

#: What can be read from a scheduler without a step of it.
_LOOKS = frozenset("get_last_lr last_epoch base_lrs print_lr optimizer".split())
#: Functions that see all names of a scope.
_SEES_ALL = frozenset(("locals", "globals", "vars", "dir", "eval", "exec"))
#: Stands for all names, and for no name: neither can be written as one.
_ALL, _NONE = "*", " "


class Idle(NamedTuple):
    """A call whose result is bound to ``name`` (empty: to none), which its scope does not read."""

    fact: ScheduleCall
    name: str
    site: Site
    scope: ast.AST
    frame: Frame


class _Names(NamedTuple):
    bound: dict[ast.AST, str]
    used: frozenset[str]


def name_of(frame: Frame, node: ast.AST) -> Optional[str]:
    """The name to which a call's result is bound, where nothing in its scope reads it; None where something may."""
    if frame.is_class or isinstance(frame.node, ast.Lambda):
        return None
    scope = frame.node if frame.node is not None else frame.module.tree
    names = _names(scope)
    name = names.bound.get(node)
    return None if name is None or name in names.used or _ALL in names.used else name


@kept_with_node
def _names(scope: ast.AST) -> _Names:
    bound: dict[ast.AST, str] = {}
    used: set[str] = set()
    looks: set[ast.AST] = set()
    own = [inner for statement in getattr(scope, "body", ()) for inner in walk(statement)]
    for inner in own:
        if isinstance(inner, (ast.Assign, ast.AnnAssign)) and inner.value is not None:
            targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
            if len(targets) == 1 and isinstance(targets[0], ast.Name):
                bound[inner.value] = targets[0].id
        elif isinstance(inner, ast.Expr):
            bound[inner.value] = _NONE
        elif isinstance(inner, ast.Attribute) and inner.attr in _LOOKS:
            looks.add(inner.value)
        elif isinstance(inner, (ast.Global, ast.Nonlocal)):
            used.update(inner.names)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.value.isidentifier():
            used.add(inner.value)
    for inner in own:
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, (ast.Store, ast.Del)) and inner not in looks:
            used.add(_ALL if inner.id in _SEES_ALL else inner.id)
    return _Names(bound, frozenset(used))


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
    return 0 in roots if one.frame.node is None else bool(roots)


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
