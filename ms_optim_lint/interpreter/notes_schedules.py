"""Noting facts about schedules: what they are built of, and what is asked of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import (
    ABSENT,
    PARAMETER,
    TENSOR,
    Class,
    Const,
    Ext,
    Instance,
    ListContent,
    Ref,
    Site,
    Sym,
    Value,
    value_of,
)
from ms_optim_lint.facts import Argument, Construction, Keyword, ScheduleCall, ScheduleUse
from ms_optim_lint.interpreter import argument_values, classes, idle
from ms_optim_lint.interpreter.interest import words_of
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.modules import all_arguments
from ms_optim_lint.interpreter.notes import circumstances, place_of
from ms_optim_lint.interpreter.notes_attributes import OF_SCHEDULERS, set_somewhere
from ms_optim_lint.interpreter.patches import is_patched
from ms_optim_lint.interpreter.truth import present
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.tree import text_of

if TYPE_CHECKING:
    from ms_optim_lint.domain.values import Atom
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
    from ms_optim_lint.interpreter.library.table import CallSite

#: Methods that schedules have, as Cells, and that the schedulers of MindSpore lack.
_STATES = frozenset(("state_dict", "load_state_dict"))


def is_judged(name: str) -> bool:
    """Whether it is a schedule, a scheduler or a function that gives a list of rates, other than the bases of the first two."""
    if name.rpartition(".")[2] in ("LearningRateSchedule", "LRScheduler"):
        return False
    return catalogue.is_schedule(name) or catalogue.is_scheduler(name) or catalogue.is_rate_function(name)


def built(it: Interpreter, name: str, site: CallSite) -> None:
    """A schedule or a scheduler is built, or a function that gives a list of rates is called."""
    signature = catalogue.signature(name, it.project.settings.mindspore_version)
    if signature is None or not is_judged(name):
        return
    given = site.arguments
    arguments: dict[str, Argument] = {}
    positional = signature.positional()
    for word, one in [*zip(positional, given.positional), *given.keywords]:
        if word not in arguments:
            location = place_of(one, site)
            splatted = one.keyword is not None and not isinstance(one.keyword.node, ast.keyword)
            text = text_of(one.node) if isinstance(one.node, ast.expr) and not splatted else ""
            arguments[word] = Argument(one.value, location, argument_values.choices_of(it, one.value, location), text)
    keywords = tuple(
        Keyword(
            word,
            locate(one.keyword) if one.keyword else locate(site.origin),
            present(it, one.value),
            one.keyword is None or not isinstance(one.keyword.node, ast.keyword),
        )
        for word, one in given.keywords
    )
    optimizer = site.get("optimizer", 0) if catalogue.is_scheduler(name) else None
    fact = ScheduleCall(
        *circumstances(it, locate(site.origin)),
        name,
        arguments,
        keywords,
        len(given.positional) - len(positional),
        not (given.more_positional or given.more_keywords),
        _optimizer(it, optimizer) if optimizer is not None else None,
    )
    it.facts.append(fact)
    idle.built(it, fact, site)


def _optimizer(it: Interpreter, value: Value) -> Optional[Construction]:
    """The optimizer that a value is; the first one where branches build several of one class."""
    found = [it.constructions.get(one.atom.obj) if isinstance(one.atom, Ref) else None for one in value.alternatives]
    known = [one for one in found if one is not None]
    if not known or len(known) < len(found) or len({one.optimizer.name for one in known}) > 1:
        return None
    return known[0]


def called(it: Interpreter, content: Instance, site: CallSite) -> Optional[Value]:
    """``schedule(step)``: the rate of one step, a tensor. The step is one that is written, or held by a tensor."""
    made = content.made
    if not isinstance(made, Ext) or not catalogue.is_schedule(made.name):
        return None
    step = site.get("global_step", 0)
    atom = step.single if step is not None else None
    result = Sym(it.fresh(site.node), TENSOR, 0, "the rate of one step")
    written = isinstance(atom, Const) or isinstance(atom, Sym) and atom.kind in (TENSOR, PARAMETER)
    if written and not _from_caller(site):
        it.called_schedules[result.term] = f"nn.{made.name.rpartition('.')[2]}"
    return value_of(result, site.origin)


def _from_caller(site: CallSite) -> bool:
    """Whether what a schedule is called with uses an argument of the function around it: the caller decides on the step."""
    spec = getattr(site.frame.node, "args", None)
    own = {argument.arg for argument in all_arguments(spec)} if isinstance(spec, ast.arguments) else set()
    words = {word for given in site.arguments.positional if given.node is not None for word in words_of(given.node)}
    return bool((words & own) - {"self"})


# What is asked of a schedule


def attribute_read(it: Interpreter, base: Value, name: str, node: ast.AST, frame: Frame) -> None:
    """``schedule.step`` and the like: a method that only schedulers have."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return
    for alternative in it.alternatives(base):
        what = lacks(it, alternative.atom, name)
        if what:
            where = circumstances(it, locate(Site(frame.module, node)), alternative.when)
            it.facts.append(ScheduleUse(*where, name, text_of(node), what))


def lacks(it: Interpreter, atom: Atom, name: str) -> str:
    """What to call a schedule or a list of rates that certainly has no method ``name``; empty where it may have it."""
    if not isinstance(atom, Ref) or name not in OF_SCHEDULERS or atom.obj in it.constructions:
        return ""
    content = it.content(atom)
    if isinstance(content, ListContent):
        return "a list of rates" if content.kind == "list" and _is_rates(it, atom) else ""
    return _schedule(it, atom, content, name) if isinstance(content, Instance) else ""


def _schedule(it: Interpreter, ref: Ref, content: Instance, name: str) -> str:
    made = content.made
    is_such = catalogue.is_scheduler if name in _STATES else catalogue.is_schedule
    if not any(is_such(base.name) for base in classes.external_bases(it, made)):
        return ""
    stored = it.state.get((ref.obj, name))
    if isinstance(stored, Value) and any(a.atom is not ABSENT for a in stored.alternatives):
        return ""
    if ref.obj in it.opened or is_patched(it, "cell", name):
        return ""
    if not isinstance(made, Class):
        short = made.name.rpartition(".")[2]
        return short if name in _STATES else f"nn.{short}"
    if classes.has_unknown_base(it, made) or name in set_somewhere(made):
        return ""
    if any(classes.class_attribute(it, made, one) is not None for one in (name, "__getattr__")):
        return ""
    return made.node.name


def _is_rates(it: Interpreter, ref: Ref) -> bool:
    """Whether a list is one of rates: MindSpore made it, or an optimizer was given it."""
    if ref.obj in it.rate_lists:
        return True
    for construction in it.constructions.values():
        rate = construction.arguments.get(construction.optimizer.rate_keyword)
        if rate is not None and any(a.atom == ref for a in rate.value.alternatives):
            return True
    return False
