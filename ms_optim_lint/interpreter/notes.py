"""Noting facts: what the interpreter sees happen to optimizers, their rates and what they train."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Callable, Optional, TypeVar, Union

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Logic, Term, TooComplex
from ms_optim_lint.domain.shapes import Location, Network, Params
from ms_optim_lint.domain.values import (
    ABSENT,
    Alternative,
    Class,
    Const,
    Ext,
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
from ms_optim_lint.facts import (
    Argument,
    Construction,
    GroupRateAssigned,
    Keyword,
    MissingName,
    ModelOptimizer,
    RateChange,
    SchedulerBuilt,
    StateLoaded,
    StateRead,
)
from ms_optim_lint.interpreter import (
    argument_values,
    classes,
    concrete,
    context,
    coverage,
    notes_classes,
    notes_runtime,
    order,
    questions,
    resolve,
)
from ms_optim_lint.interpreter.given import take, written_before
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.own_step import own_step
from ms_optim_lint.interpreter.patches import is_module_patched, is_patched
from ms_optim_lint.interpreter.truth import present
from ms_optim_lint.interpreter.whole import networks_of
from ms_optim_lint.mindspore import catalogue, missing
from ms_optim_lint.tree import text_of, walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.arguments import Given
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
    from ms_optim_lint.interpreter.library.table import CallSite
    from ms_optim_lint.mindspore.catalogue import OptimizerClass


_Answer = TypeVar("_Answer")

#: The fields that every fact begins with.
Circumstances = tuple[Logic, Condition, Location, tuple[Location, ...], frozenset[str], tuple[int, ...]]


def circumstances(it: Interpreter, location: Location, when: Condition = ALWAYS) -> Circumstances:
    """What every fact begins with, for something that happens now at ``location`` where ``when`` holds."""
    stack = tuple(locate(call.site) for call in reversed(it.calls))
    caught = frozenset().union(*it.caught) if it.caught else frozenset()
    return it.logic, it.logic.both(it.state.reached, when), location, stack, caught, tuple(it.loops)


def optimizer_built(it: Interpreter, optimizer: OptimizerClass, site: CallSite, own: Optional[Ref] = None) -> Value:
    """An optimizer of MindSpore is built, or the base of the project's own one (``own``) is initialised."""
    content = Instance(Ext(optimizer.name))
    if own is None and questions.asked(it, Ext(optimizer.name), ALWAYS):
        return it.unknown(site.node, "an optimizer, if it is this one", frame=site.frame)
    ref = own if own is not None else it.allocate(site.node, site.frame.module, content, "optimizer")
    arguments, complete = _bind(it, optimizer, site)
    params: tuple[Params, ...] = ()
    raw: tuple[Params, ...] = ()
    in_part: tuple[Params, ...] = ()
    whole: tuple[Network, ...] = ()
    keyword = optimizer.params_keyword
    given = arguments.get(keyword) if keyword is not None else None
    if given is not None:
        raw = it.given_params[ref.obj] = resolve.params_of(it, given.value, given.location)
        whole = _attempt(it, lambda: networks_of(it, raw), ()) if it.detailed else ()
        params = _attempt(it, lambda: concrete.expand(it, raw), raw)
        if params is raw:
            in_part = _attempt(it, lambda: concrete.in_part(it, raw), ())
    reached = _attempt(it, lambda: concrete.settled(it, it.state.reached), ALWAYS) if params is not raw else ALWAYS
    rate = arguments.get(optimizer.rate_keyword)
    rates = argument_values.rates_of(it, rate.value, rate.location) if rate is not None else ()
    keywords = tuple(
        Keyword(
            name,
            locate(one.keyword) if one.keyword else locate(site.origin),
            present(it, one.value),
            one.keyword is None or not isinstance(one.keyword.node, ast.keyword),
        )
        for name, one in site.arguments.keywords
    )
    fact = Construction(
        *circumstances(it, locate(site.origin), reached),
        optimizer,
        ref.obj.number,
        keywords,
        arguments,
        params,
        rates,
        own is not None,
        complete,
        _held(it, optimizer, given, site),
        own_step(it, own) if own is not None else None,
        mode=context.mode(it),
        device=context.device(it),
        reused=tuple(written_before(it, optimizer.family, params)),
        networks=whole,
        clashes=_attempt(it, lambda: coverage.clashes(it, in_part or params, optimizer.family == "nn"), ()),
        missed=_attempt(it, lambda: coverage.missed(it, raw, in_part or params), ()),
        in_part=in_part,
        ordered=_attempt(it, lambda: order.is_of_network(it, raw), None) if optimizer.family == "nn" else None,
        guarded=params is not raw and any(questions.asks_of_sets(it, when) for when in _conditions(reached, params)),
        named=_own_name(it, own) if own is not None and optimizer.is_base else "",
    )
    if fact.reached != NEVER:
        it.facts.append(fact)
    it.constructions[ref.obj] = fact
    take(it, ref, fact)
    notes_classes.schedules_used(it, fact)
    return value_of(ref, site.origin)


def _attempt(it: Interpreter, ask: Callable[[], _Answer], otherwise: _Answer) -> _Answer:
    """The answer to a question about parameters. That it is too complex does not mean that no optimizer was built."""
    try:
        return ask()
    except TooComplex:
        it.limit("a condition is too complex")
        it.logic.allow()
        return otherwise


def _conditions(reached: Condition, params: tuple[Params, ...]) -> Iterator[Condition]:
    """Under what an optimizer is built, and under what it is given each thing."""
    yield reached
    for one in params:
        yield one.when
        for group in one.groups:
            yield group.when
            yield from (inner.when for inner in group.params)


def _own_name(it: Interpreter, own: Ref) -> str:
    made = getattr(it.content(own), "made", None)
    return made.node.name if isinstance(made, Class) else ""


def _bind(it: Interpreter, optimizer: OptimizerClass, site: CallSite) -> tuple[dict[str, Argument], bool]:
    """The arguments by the names of the signature, and whether all that is given is known."""
    signature = optimizer.signature(it.project.settings.mindspore_version)
    given = site.arguments
    found: dict[str, Argument] = {}
    if not given.more_positional:
        for name, one in zip(signature.positional(), given.positional):
            found[name] = _argument(it, optimizer, name, one, site)
    for name, one in given.keywords:
        if name not in found:
            found[name] = _argument(it, optimizer, name, one, site)
    return found, not (given.more_positional or given.more_keywords)


def _argument(it: Interpreter, optimizer: OptimizerClass, name: str, given: Given, site: CallSite) -> Argument:
    location = place_of(given, site)
    if name == optimizer.params_keyword and not optimizer.is_base:
        plain = isinstance(given.node, ast.Call) and not given.node.args  # ``net.trainable_params()``
        return Argument(given.value, location, (), text_of(given.node) if plain and given.node is not None else "")
    written = given.written if given.written is not None else given.node
    text = text_of(written) if isinstance(written, ast.expr) and not isinstance(written, ast.Starred) else ""
    return Argument(given.value, location, argument_values.choices_of(it, given.value, location), text)


def place_of(given: Given, site: CallSite) -> Location:
    """Where an argument is written; the call where it is not."""
    return locate(Site(site.frame.module, given.node) if given.node is not None else site.origin)


def _held(it: Interpreter, optimizer: OptimizerClass, given: Optional[Argument], site: CallSite) -> Optional[Value]:
    """What ``optimizer.parameters`` is afterwards, where the optimizer is given one plain list."""
    if given is None or optimizer.family != "nn":
        return None
    atom = given.value.single
    content = it.content(atom) if isinstance(atom, Ref) else None
    if isinstance(content, ListContent):
        if any(isinstance(a.atom, Ref) for i in content.items for a in i.value.alternatives):
            return None
        return value_of(Tuple(content.items, content.open), site.origin)
    return None


# Rates


def assigned(it: Interpreter, target: Value, site: CallSite) -> None:
    """``ops.assign(target, ...)``."""
    for alternative in it.alternatives(target):
        atom = alternative.atom
        if not isinstance(atom, Sym):
            continue
        rate = notes_runtime.rate_of(it, atom)
        if rate is not None:
            notes_runtime.change_noted(it, rate.construction, site)
        if atom.term in it.rates:
            rate_change(it, it.rates[atom.term], "assign", alternative, site.node, site.frame)
            notes_runtime.rate_changed(it, it.rates[atom.term], alternative.when, site)
            continue
        obj = notes_runtime.element_of(atom.term, it.rates)
        if obj is not None:
            rate_change(it, obj, "assign", alternative, site.node, site.frame, True)
            notes_runtime.rate_changed(it, obj, alternative.when, site)
            continue
        _group_rate_assigned(it, atom.term, alternative.when, site)


def _group_rate_assigned(it: Interpreter, term: Term, when: Condition, site: CallSite) -> None:
    """``ops.assign(optimizer.param_groups[0]["lr"], ...)``."""
    if term.op != "item" or term.args[1] is not it.logic.constant("lr") or not isinstance(term.args[0], Term):
        return
    obj = notes_runtime.element_of(term.args[0], it.groups)
    construction = it.constructions.get(obj) if obj is not None else None
    if construction is not None:
        node = site.node
        text = text_of(node.args[0]) if isinstance(node, ast.Call) and node.args else "the rate"
        it.facts.append(GroupRateAssigned(*circumstances(it, locate(site.origin), when), text, construction))


def rate_change(
    it: Interpreter, obj: Obj, how: str, alternative: Alternative, node: ast.AST, frame: Frame, element: bool = False
) -> None:
    """Notes that the rate of an optimizer is changed: ``how`` is the name of the function or method, ``element`` that it is one
    of several rates."""
    construction = it.constructions.get(obj)
    if construction is None or questions.rate_asked(it, Ref(obj), alternative.when):
        return
    shown = node.args[0] if isinstance(node, ast.Call) and node.args else node
    it.facts.append(
        RateChange(
            *circumstances(it, locate(Site(frame.module, node)), alternative.when),
            how,
            text_of(shown),
            construction,
            element,
        )
    )


# Names, models, states


def missing_from(it: Interpreter, full: str) -> Optional[str]:
    """The module of MindSpore that does not have a dotted name, which looks like an optimizer's; None where it may have it."""
    if not full.startswith("mindspore."):
        return None
    module = missing.looked_for(full, it.project.settings.mindspore_version)
    return None if module is None or is_module_patched(it, full) else module


def missing_name(it: Interpreter, full: str, when: Condition, node: ast.AST, frame: Frame, imported: bool) -> bool:
    """Notes that a name is asked of a module of MindSpore that lacks it. Gives whether it did."""
    module = missing_from(it, full) if frame.module is it.module else None
    if module is None or missing_from(it, module) is not None:
        return False  # where the module itself is asked for, that is said
    location = locate(Site(frame.module, node))
    it.facts.append(MissingName(*circumstances(it, location, when), full, module, imported))
    return True


def import_run(it: Interpreter, node: Union[ast.Import, ast.ImportFrom], frame: Frame) -> None:
    """An import statement runs: what it asks MindSpore for may not be there."""
    if frame.node is None and it.state.reached != ALWAYS:
        return  # it may be there for another release, or for type checkers
    for alias in node.names:
        full = alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
        if isinstance(node, ast.ImportFrom) and node.level or not full.startswith("mindspore."):
            continue
        parts = full.split(".")
        for end in range(2, len(parts) + 1):
            if missing_name(it, ".".join(parts[:end]), ALWAYS, node, frame, True):
                break


def model_built(it: Interpreter, given: Value, site: CallSite) -> None:
    """``Model(..., optimizer=given)``."""
    alternatives = [a for a in it.alternatives(given) if a.atom is not ABSENT]
    found = []
    for alternative in alternatives:
        atom = alternative.atom
        what, construction = "", None
        if isinstance(atom, Const) and isinstance(atom.value, str):
            what = f"the string {atom.value!r}"
        elif isinstance(atom, Ext) and catalogue.optimizer(atom.name) is not None:
            what = f"the class {atom.name[len('mindspore.') :]}"
        elif isinstance(atom, Class):
            if any(catalogue.optimizer(base.name) is not None for base in classes.external_bases(it, atom)):
                what = f"the class {atom.node.name}"
        elif isinstance(atom, Ref) and atom.obj in it.constructions:
            construction = it.constructions[atom.obj]
            if construction.family != "nn" and not construction.optimizer.is_wrapper:
                what = construction.optimizer.short
        if what:
            found.append((alternative, what, construction))
    place = next((one for word, one in site.arguments.keywords if word == "optimizer"), None)
    if place is None and len(site.arguments.positional) > 2:
        place = site.arguments.positional[2]
    location = place_of(place, site) if place is not None else locate(site.origin)
    for alternative, what, construction in found:
        only = len(found) == len(alternatives)
        it.facts.append(ModelOptimizer(*circumstances(it, location, alternative.when), what, only, construction))


def scheduler_built(it: Interpreter, name: str, site: CallSite) -> None:
    """A scheduler or schedule is built: ``StepLR(optimizer, ...)``."""
    given = site.get("optimizer", 0)
    for alternative in it.alternatives(given) if given is not None else ():
        atom = alternative.atom
        construction = it.constructions.get(atom.obj) if isinstance(atom, Ref) else None
        content = it.content(atom) if isinstance(atom, Ref) else None
        own = not isinstance(content, Instance) or isinstance(content.made, Class)
        if construction is not None and isinstance(atom, Ref) and catalogue.is_scheduler(name):
            now = it.logic.both(it.state.reached, alternative.when)
            it.scheduled[atom.obj] = it.logic.either(it.scheduled.get(atom.obj, NEVER), now)
        if construction is not None and not own and not is_patched(it, "optimizer", "param_groups"):
            it.facts.append(
                SchedulerBuilt(*circumstances(it, locate(site.origin), alternative.when), name, construction)
            )


def state_read(it: Interpreter, base: Value, index: Value, node: ast.Subscript, frame: Frame) -> None:
    """``optimizer.state_dict()[index]``."""
    key = index.single
    notes_runtime.nothing_used(it, base, "an item of it", node, frame)
    if not isinstance(key, Const) or key.value not in ("param_groups", "state") or isinstance(node.ctx, ast.Store):
        return
    for alternative in it.alternatives(base):
        atom = alternative.atom
        construction = it.states.get(atom.term) if isinstance(atom, Sym) else None
        if construction is not None and not _sets_item(frame, key.value):
            it.facts.append(
                StateRead(
                    *circumstances(it, locate(Site(frame.module, node)), alternative.when),
                    str(key.value),
                    text_of(node),
                    construction,
                )
            )


def state_loaded(it: Interpreter, ref: Ref, content: Instance, site: CallSite) -> None:
    """``optimizer.load_state_dict(state)``."""
    strict = site.get("strict", 1)
    given = site.arguments
    if not isinstance(content.made, Ext) or given.more_positional or given.more_keywords:
        return
    if strict is None or strict.single == Const(True):
        text = text_of(site.node.func) if isinstance(site.node, ast.Call) else "load_state_dict"
        where = circumstances(it, locate(site.origin))
        it.facts.append(StateLoaded(*where, text, it.constructions[ref.obj]))


def _sets_item(frame: Frame, key: object) -> bool:
    return any(
        isinstance(inner, ast.Subscript)
        and isinstance(inner.ctx, ast.Store)
        and isinstance(inner.slice, ast.Constant)
        and inner.slice.value == key
        for inner in walk(frame.module.tree)
    )
