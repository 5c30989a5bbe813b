"""Gradient functions: what ``value_and_grad``, ``grad`` and ``GradOperation`` make, and what comes out of them.

Where a program trains by itself, gradients come from one of these, perhaps go through a reducer or a clipping function, and end
in a call of the optimizer. A gradient is a symbol whose term says which gradient function it came from.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term
from ms_optim_lint.domain.shapes import Location, Params, Part
from ms_optim_lint.domain.values import (
    ABSENT,
    PARAMETER,
    Atom,
    Const,
    Ext,
    Function,
    Instance,
    Item,
    ListContent,
    Obj,
    Ref,
    Site,
    Sym,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.facts import Construction
from ms_optim_lint.facts_training import Gradients, GradientWeights
from ms_optim_lint.interpreter import concrete, forwards, one_network, resolve
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.notes import circumstances
from ms_optim_lint.interpreter.truth import term_of
from ms_optim_lint.interpreter.whole import holders_of
from ms_optim_lint.records import record
from ms_optim_lint.tree import text_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.library.table import CallSite

#: The class of the objects that this module makes; it is not MindSpore's.
FUNCTION = "mindspore.gradient_function"


@record(frozen=True)
class GradientFunction:
    """What a gradient function gives: the value of the function too (``value``), gradients of its inputs (``inputs``), of
    ``weights``.
    ``location`` and ``text`` are the weights as written; ``forward`` is the function or network whose gradients they are."""

    weights: Optional[Value]
    value: bool
    inputs: bool
    location: Location
    text: str = ""
    forward: Optional[Value] = None


def make(it: Interpreter, site: CallSite, made: GradientFunction) -> Value:
    """A gradient function as a value."""
    ref = it.allocate(site.node, site.frame.module, Instance(Ext(FUNCTION)), "object")
    it.gradient_functions[ref.obj] = made
    return value_of(ref, site.origin)


def weights_argument(site: CallSite, name: str, position: int) -> tuple[Optional[Value], Location, str]:
    """The weights of a gradient function, where they are written, and how."""
    given = site.arguments.names.get(name)
    if given is None and position < len(site.arguments.positional):
        given = site.arguments.positional[position]
    if given is None or given.value.single == Const(None):
        return None, locate(site.origin), ""
    location = locate(Site(site.frame.module, given.node)) if given.node is not None else locate(site.origin)
    return given.value, location, text_of(given.node) if isinstance(given.node, ast.expr) else ""


def value_and_grad(it: Interpreter, site: CallSite) -> Value:
    """``mindspore.value_and_grad(fn, grad_position=0, weights=None, has_aux=False, return_ids=False)``."""
    return _of_function(it, site, True)


def grad(it: Interpreter, site: CallSite) -> Value:
    """``mindspore.grad``, with the same arguments."""
    return _of_function(it, site, False)


def _of_function(it: Interpreter, site: CallSite, value: bool) -> Value:
    weights, location, text = weights_argument(site, "weights", 2)
    position = site.get("grad_position", 1)
    inputs = position is None or position.single != Const(None)
    ids = site.get("return_ids", 4)
    if site.arguments.more_positional or site.arguments.more_keywords or ids is not None and ids.single != Const(False):
        return it.unknown(site.node, "a gradient function", frame=site.frame)
    forward, aux = site.get("fn", 0), site.get("has_aux", 3)
    if value and forward is not None and weights is not None and (aux is None or aux.single == Const(False)):
        forwards.look_at(it, forward, weights, site)
    return make(it, site, GradientFunction(weights, value, inputs, location, text, forward))


def of_operation(it: Interpreter, content: Instance, site: CallSite) -> Value:
    """``GradOperation(get_all=False, get_by_list=False, sens_param=False)(network, weights)``."""
    options = dict(zip(("get_all", "get_by_list", "sens_param"), content.arguments))
    options.update(content.keywords)
    chosen = {name: value.single for name, value in options.items()}
    by_list = chosen.get("get_by_list", Const(False))
    every = chosen.get("get_all", Const(False))
    if by_list != Const(True) or every != Const(False):
        return it.unknown(site.node, "a gradient function", frame=site.frame)
    weights, location, text = weights_argument(site, "weights", 1)
    return make(it, site, GradientFunction(weights, False, False, location, text, site.get("fn", 0)))


def called(it: Interpreter, ref: Ref, site: CallSite) -> Value:
    """What calling a gradient function gives."""
    made = it.gradient_functions.get(ref.obj)
    if made is None:
        return it.unknown(site.node, "gradients", frame=site.frame)
    origin = site.origin
    _note_weights(it, made)
    result = it.unknown(site.node, "gradients of the inputs", frame=site.frame)
    if made.weights is not None:
        single = made.weights.single
        term = it.logic.term("gradients", ref.obj.number, it.fresh(site.node))
        it.gradients[term] = ref.obj
        if isinstance(single, Sym) and single.kind == PARAMETER:
            term = it.logic.term("item", term, 0)  # the gradient of one Parameter is no tuple
        of_weights = value_of(Sym(term, reason="gradients"), origin)
        result = value_of(Tuple((Item(result), Item(of_weights))), origin) if made.inputs else of_weights
    if not made.value:
        return result
    forward = value_of(Sym(it.logic.term("forward", it.fresh(site.node)), reason="what was computed"), origin)
    return value_of(Tuple((Item(forward), Item(result))), origin)


def _note_weights(it: Interpreter, made: GradientFunction) -> None:
    """Weights that are neither a list nor a tuple are refused, once the gradients are asked for."""
    for alternative in it.alternatives(made.weights) if made.weights is not None else ():
        content = it.content(alternative.atom) if isinstance(alternative.atom, Ref) else None
        if isinstance(content, ListContent) and content.kind in ("iterator", "view", "set"):
            where = circumstances(it, made.location, alternative.when)
            origin = locate(alternative.origin) if alternative.origin is not None else made.location
            it.facts.append(GradientWeights(*where, content.kind, origin))


def source_of(it: Interpreter, atom: Atom) -> Optional[tuple[Obj, str]]:
    """The gradient function that gradients come from, and what holds them: ``tuple``, ``list``; None for anything else."""
    if isinstance(atom, Sym):
        found = it.gradients.get(atom.term)
        return (found, "tuple") if found is not None else None
    content = it.content(atom) if isinstance(atom, Ref) else atom
    if not isinstance(content, (ListContent, Tuple)) or content.open or len(content.items) != 1:
        return None
    item = content.items[0]
    if len(item.elements) != 1 or item.when != ALWAYS:
        return None
    base = item.elements[0].args[0]
    over = base.args[0] if isinstance(base, Term) and base.op == "over" else None
    found = it.gradients.get(over) if isinstance(over, Term) else None
    kind = content.kind if isinstance(content, ListContent) else "tuple"
    return (found, kind) if found is not None and kind in ("tuple", "list") else None


def losses_of(it: Interpreter, value: Value) -> frozenset[object]:
    """The functions or networks that gradients are computed of, as far as they are known. Lambdas with one text are one."""
    found: set[object] = set()
    for alternative in it.alternatives(value):
        source = source_of(it, alternative.atom)
        forward = it.gradient_functions[source[0]].forward if source is not None else None
        if forward is not None:
            for atom in (one.atom for one in forward.alternatives):
                if isinstance(atom, Function) and isinstance(atom.node, ast.Lambda):
                    found.add((atom.frame, ast.dump(atom.node)))
                else:
                    found.add(atom)
    return frozenset(found)


def same_gradients(it: Interpreter, value: Optional[Value], site: CallSite) -> Value:
    """The result of a function that gives the gradients that it is given, changed but in their order: clipping, reducing."""
    if value is not None:
        for alternative in it.alternatives(value):
            if source_of(it, alternative.atom) is not None:
                return value
    return it.unknown(site.node, f"result of {site.name}", frame=site.frame)


# What the optimizer holds against what the gradients are of


def compared(it: Interpreter, obj: Obj, construction: Construction, source: Obj) -> Optional[Gradients]:
    """The gradients of ``source`` as the optimizer ``obj`` sees them."""
    made = it.gradient_functions[source]
    if made.weights is None:
        return None
    return Gradients(made.location, made.text, _relation(it, obj, construction, made.weights, made.location))


def _relation(it: Interpreter, obj: Obj, construction: Construction, weights: Value, location: Location) -> str:
    relations = set()
    for alternative in it.alternatives(weights):
        atom = alternative.atom
        if atom is ABSENT:
            continue
        if isinstance(atom, Sym) and atom.term.op in ("optimizer parameters", "optimizer states"):
            own = atom.term.args[0] is term_of(it, Ref(obj))
            if atom.term.op == "optimizer states":
                relations.add("states" if own else "")
            else:
                relations.add("equal" if own else "")
            continue
        given = it.logic.both(it.state.reached, alternative.when)
        for params in construction.params:
            here = it.logic.both(given, params.when)
            if here != NEVER:
                relations.add(_compare(it, obj, params, resolve.params_of(it, Value((alternative,)), location), here))
    return relations.pop() if len(relations) == 1 else ""


def _compare(it: Interpreter, obj: Obj, params: Params, resolved: tuple[Params, ...], given: Condition) -> str:
    if len(resolved) != 1 or resolved[0].kind != "list" or resolved[0].open or resolved[0].wrong:
        return ""
    raw = next((p for p in it.given_params.get(obj, ()) if p.number == params.number and p.kind == params.kind), params)
    mine, theirs = sequence(it, raw, given), list(resolved[0].parts)
    if mine is None:
        return ""
    if _key(it, mine, given) == _key(it, theirs, given) or one_network.same(it, mine, theirs, given):
        return "equal"
    first, second = written_out(it, mine, given), written_out(it, theirs, given)
    if first is None or second is None or not first or not second or len(set(first)) != len(first):
        return ""
    if first == second:
        return "equal"
    if set(first) == set(second):
        return "order" if len(second) == len(first) else ""
    if set(first) < set(second):
        return "more"
    if set(second) < set(first):
        return "fewer"
    if len(first) != len(second):
        return "different"
    return "" if _are_twins(it, first, second) else "other"


def _are_twins(it: Interpreter, first: list[Term], second: list[Term]) -> bool:
    """Whether these are the parameters of two networks that are built alike: one may well be trained with the gradients of the
    other, as in meta-learning, or where workers train a shared network."""
    mine, theirs = ([holders_of(it, term) for term in terms] for terms in (first, second))
    while all(len(chain) > 1 for chain in mine + theirs) and len({chain[0] for chain in mine + theirs}) == 1:
        mine, theirs = [chain[1:] for chain in mine], [chain[1:] for chain in theirs]
    if not all(mine + theirs) or not {chain[0] for chain in mine}.isdisjoint(chain[0] for chain in theirs):
        return False
    return all(_are_alike(it, Ref(one[0]), Ref(other[0])) for one, other in zip(mine, theirs))


def _are_alike(it: Interpreter, one: Atom, other: Atom, depth: int = 4) -> bool:
    """Whether two things are the same, or built of the same."""
    if one == other:
        return True
    if not isinstance(one, Ref) or not isinstance(other, Ref) or not depth:
        return False
    first, second = it.content(one), it.content(other)
    if isinstance(first, Instance) and isinstance(second, Instance):
        if first.made != second.made or [name for name, _ in first.keywords] != [name for name, _ in second.keywords]:
            return False
        mine, theirs = ([*c.arguments, *(value for _, value in c.keywords)] for c in (first, second))
    elif isinstance(first, ListContent) and isinstance(second, ListContent) and not (first.open or second.open):
        mine, theirs = ([item.value for item in c.items] for c in (first, second))
    else:
        return False
    return len(mine) == len(theirs) and all(
        [a.when for a in v.alternatives] == [b.when for b in w.alternatives]
        and all(_are_alike(it, a.atom, b.atom, depth - 1) for a, b in zip(v.alternatives, w.alternatives))
        for v, w in zip(mine, theirs)
    )


def sequence(it: Interpreter, params: Params, given: Condition) -> Optional[list[Part]]:
    """The parameters that an optimizer holds, in its order (``mindspore/nn/optim/optimizer.py``: group after group, or as
    ``order_params`` says); None where that is not known."""
    if params.open or params.wrong or params.kind not in ("list", "groups"):
        return None
    if params.kind == "list":
        return list(params.parts) if params.container in ("list", "tuple", "iterator") else None
    found: list[Part] = []
    ordered: Optional[list[Part]] = None
    for group in params.groups:
        if group.open or group.many or not it.logic.implies(given, group.when):
            return None
        holds = group.order if group.order else group.params
        if len(holds) != 1 or holds[0].kind != "list" or holds[0].open or holds[0].wrong:
            return None
        if holds[0].container not in ("list", "tuple"):
            return None
        if group.order:
            ordered = list(holds[0].parts)
        else:
            found.extend(holds[0].parts)
    return ordered if ordered is not None else found


def _key(it: Interpreter, parts: list[Part], given: Condition) -> list[tuple[Term, Condition, int]]:
    return [(part.term, it.logic.both(part.when, given), part.row) for part in parts]


def written_out(it: Interpreter, parts: list[Part], given: Condition) -> Optional[list[Term]]:
    """The parameters one by one, where each is certainly there or certainly not."""
    made = concrete.listed(it, parts)
    if made is None:
        return None
    found = []
    for part in made:
        if it.logic.implies(given, part.when):
            found.append(part.term)
        elif it.logic.meet(given, part.when):
            return None
    return found
