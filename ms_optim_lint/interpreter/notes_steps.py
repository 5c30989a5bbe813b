"""What is done to a rate between the steps of its optimizer."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, Condition, Term
from ms_optim_lint.domain.values import (
    NUMBER,
    PARAMETER,
    TENSOR,
    Atom,
    Const,
    Ext,
    Instance,
    Obj,
    Ref,
    Site,
    Sym,
    Value,
    value_of,
)
from ms_optim_lint.facts import Construction, GroupWrite, RateAsked, RateReplaced
from ms_optim_lint.interpreter import context, notes, questions
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.patches import is_patched
from ms_optim_lint.interpreter.state import STEPPED
from ms_optim_lint.patterns import pattern
from ms_optim_lint.records import replace

if TYPE_CHECKING:
    from ms_optim_lint.domain.shapes import Location
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
    from ms_optim_lint.interpreter.library.table import CallSite

#: What the store remembers of an optimizer: which replacement of its rate came since its last step.
_REPLACED = "#rate replaced"
#: What changes the rate of some optimizer.
_ASSIGNS = pattern(
    r"(?:assign|copy_)\w*\([^)]*learning_rate|learning_rate(?:\[\w+\])?\.(?:set_data|assign_value)|\.learning_rate = "
)
_COMPILED = pattern(r"\bjit\b|ms_function")


def step_made(it: Interpreter, obj: Obj, direct: bool) -> None:
    """An optimizer makes a step: by being called itself (``direct``), or by a cell or Model that was given it."""
    replaced = it.state.get((obj, _REPLACED))
    for alternative in it.alternatives(replaced) if isinstance(replaced, Value) else ():
        if isinstance(alternative.atom, Const) and isinstance(alternative.atom.value, int):
            it.effective_steps.add(alternative.atom.value)
    it.steps.setdefault(it.constructions[obj].number, set()).update((loop, direct) for loop in it.loops)
    it.compiled_steps.setdefault(it.constructions[obj].number, set()).add(context.compiled(it))


def rate_replaced(it: Interpreter, obj: Obj, how: str, when: Condition, node: ast.AST, frame: Frame) -> None:
    """The rate of an optimizer is set to a Parameter or a Tensor, or given other data."""
    construction = it.constructions[obj]
    content = it.content(Ref(obj))
    if construction.family != "nn" or not isinstance(content, Instance) or not isinstance(content.made, Ext):
        return
    if is_patched(it, "optimizer", "learning_rate") or _is_first_pass(it, when):
        return
    if questions.rate_asked(it, Ref(obj), when):
        return
    location = locate(Site(frame.module, node))
    text = ast.unparse(node) if isinstance(node, ast.Attribute) else "the rate"
    it.facts.append(
        RateReplaced(*notes.circumstances(it, location, when), how, text, context.eager(it), False, construction)
    )
    _remember(it, obj, when, location, node)


def _remember(it: Interpreter, obj: Obj, when: Condition, location: Location, node: ast.AST) -> None:
    """A rate is changed here, perhaps after a step: a later one will show whether that is between two of them."""
    if when == ALWAYS and isinstance(it.state.get((obj, STEPPED)), Value):
        it.state.set((obj, _REPLACED), value_of(Const(it.number(node))))
    it.places[(it.constructions[obj].number, location)] = it.number(node)


def group_written(it: Interpreter, obj: Obj, fact: GroupWrite, value: Value, node: ast.AST) -> None:
    """The rate of a group is set. What a loop sets to one number in each pass, from the first on, is no change."""
    where = (fact.construction.number, fact.location)
    seen = it.group_rates.setdefault(where, set())
    for alternative in it.alternatives(value):
        atom = alternative.atom
        moving = isinstance(atom, Sym) and bool(atom.term.elements)
        seen.add(atom.value if isinstance(atom, Const) else "moving" if moving else "one number")
    if fact.varying:
        seen.add("first pass" if _is_first_pass(it, ALWAYS) else "moving")
    elif not isinstance(it.state.get((obj, STEPPED)), Value):
        seen.add("before a step")
    _remember(it, obj, ALWAYS, fact.location, node)


def _is_compiled(it: Interpreter, fact: GroupWrite) -> bool:
    """Whether a new rate of a group comes after a step that was compiled with another one, and before the next."""
    number = fact.construction.number
    where = (number, fact.location)
    seen = it.group_rates.get(where, set())
    if it.compiled_steps.get(number) != {True} or number in it.assigned_rates or "first pass" in seen:
        return False
    changes = "moving" in seen or len(seen - {"before a step"}) > 1
    if _shared(it, fact, False):
        return changes or "before a step" not in seen and it.places.get(where) in it.effective_steps
    return it.places.get(where) in it.effective_steps and (changes or "before a step" not in seen)


def kind_of_new_rate(it: Interpreter, obj: Obj, value: Value) -> str:
    """What ``optimizer.learning_rate = value`` puts there: ``parameter``, ``tensor``, or nothing that is known."""
    kinds = set()
    for alternative in it.alternatives(value):
        atom = alternative.atom
        if not isinstance(atom, Sym) or atom.term.op == "assigned":
            return ""
        own = [t for t in atom.term.args if isinstance(t, Term) and it.rates.get(t) is obj]
        kinds.add("parameter" if atom.kind == PARAMETER else "tensor" if atom.kind == TENSOR or own else "")
    return kinds.pop() if len(kinds) == 1 else ""


def keeps_rate(it: Interpreter, ref: Ref, value: Value) -> bool:
    """Whether ``optimizer.learning_rate = value`` leaves a rate there that is one Parameter."""
    content = it.content(ref)
    known = ref.obj in it.constructions and isinstance(content, Instance) and isinstance(content.made, Ext)
    return known and bool(kind_of_new_rate(it, ref.obj, value))


# What a rate is replaced by: whether ops.assign takes it.

#: Types of numbers that a rate can be assigned from. float64 is refused: "data type conversion is not supported".
_NARROW = ("float32", "float16", "bfloat16", "int32", "int64")


def tensor_made(it: Interpreter, data: Optional[Value], site: CallSite, one: bool) -> None:
    """``Tensor(data, dtype)``; ``one``: of one number, without dimensions."""
    number_given(it, data, site)
    dtype = site.get("dtype", 1)
    atom = dtype.single if dtype is not None else None
    narrow = isinstance(atom, Ext) and atom.name.rpartition(".")[2] in _NARROW
    _new_rate(it, site.node, site.frame, one and narrow)


def number_given(it: Interpreter, data: Optional[Value], site: CallSite) -> None:
    """A Tensor or Parameter is made of a number of Python's."""
    node = site.node
    if data is None or not isinstance(node, ast.Call) or not node.args:
        return
    it.makings.add(locate(Site(site.frame.module, node)))
    atoms = [alternative.atom for alternative in it.alternatives(data)]
    if not all(isinstance(atom, Sym) and atom.kind == TENSOR for atom in atoms):  # a Tensor has been judged by now
        _new_rate(it, node.args[0], site.frame, all(map(is_number, atoms)))


def rate_calculated(it: Interpreter, left: Value, right: Value, node: ast.AST, frame: Frame) -> None:
    """A rate with a number: ``optimizer.learning_rate * 0.1``."""
    for rate, other in ((left, right), (right, left)):
        if all(isinstance(one.atom, Sym) and one.atom.term in it.rates for one in it.alternatives(rate)):
            _new_rate(it, node, frame, all(is_number(one.atom) for one in it.alternatives(other)))


def is_number(atom: Atom) -> bool:
    """Whether it is certainly a number of Python's or numpy's."""
    if isinstance(atom, Const):
        return isinstance(atom.value, (int, float))
    return isinstance(atom, Sym) and atom.kind == NUMBER


def _new_rate(it: Interpreter, node: ast.AST, frame: Frame, fits: bool) -> None:
    location = locate(Site(frame.module, node))
    it.new_rates[location] = fits and it.new_rates.get(location, True)


def _is_first_pass(it: Interpreter, when: Condition) -> bool:
    """Whether it may be done in the first pass of a loop only: ``if epoch == 0``."""
    for term in it.logic.atoms(it.logic.both(it.state.reached, when)):
        if term.elements and term.op in ("equal", "same"):
            constant = term.args[1] if isinstance(term.args[1], Term) else None
            number = constant.args[1] if constant is not None and constant.op == "constant" else None
            if not isinstance(number, (int, float)) or number <= 1:
                return True
    return False


def rate_asked(it: Interpreter, obj: Obj, site: CallSite) -> None:
    """``optimizer.get_lr()``."""
    if it.loops:
        where = notes.circumstances(it, locate(site.origin))
        it.facts.append(RateAsked(*where, ast.unparse(site.node), it.constructions[obj]))


def settle(it: Interpreter) -> None:
    """At the end: keep what happens between two steps."""
    kept: list[object] = []
    values = frozenset(location for location, fits in it.new_rates.items() if fits)
    for fact in it.facts:
        if isinstance(fact, RateAsked):
            if not _shared(it, fact, False):
                continue
        elif isinstance(fact, GroupWrite):
            fact = replace(fact, compiled=_is_compiled(it, fact))
        elif isinstance(fact, RateReplaced):
            found = _settled(it, fact)
            if found is None:
                continue
            fact = replace(found, values=values, makings=frozenset(it.makings))
        kept.append(fact)
    it.facts[:] = kept
    if it.called_schedules:
        _settle_first_rates(it)


def _settle_first_rates(it: Interpreter) -> None:
    """What a schedule gives for one step may be the first rate only."""
    built = [fact for fact in it.facts if isinstance(fact, Construction)]
    changed = {fact.location for fact in built if fact.number in it.assigned_rates}
    if any(_ASSIGNS.search(module.text) for module in it.modules.values() if module is not None):
        changed.update(fact.location for fact in built)
    it.facts[:] = [
        replace(fact, assigned=True) if isinstance(fact, Construction) and fact.location in changed else fact
        for fact in it.facts
    ]


def _settled(it: Interpreter, fact: RateReplaced) -> Optional[RateReplaced]:
    number = fact.construction.number
    if number in it.assigned_rates:
        return None
    if _shared(it, fact, False):
        return replace(fact, looped=_shared(it, fact, True))
    texts = (module.text for module in it.modules.values() if module is not None)
    after = it.places.get((number, fact.location)) in it.effective_steps
    return fact if after and not any(_COMPILED.search(text) for text in texts) else None


def _shared(it: Interpreter, fact: Union[GroupWrite, RateAsked, RateReplaced], direct: bool) -> bool:
    """Whether the optimizer makes steps in a loop that this is in, and that it was not built in; ``direct``: by being called
    itself."""
    construction = fact.construction
    return any(
        loop in fact.loops and loop not in construction.loops and (by_call or not direct)
        for loop, by_call in it.steps.get(construction.number, ())
    )
