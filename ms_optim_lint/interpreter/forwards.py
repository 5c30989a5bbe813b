"""Forward functions: what of their outputs comes from the network, so that a gradient flows through it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, Term
from ms_optim_lint.domain.shapes import Part
from ms_optim_lint.domain.values import (
    TENSOR,
    Class,
    Function,
    Instance,
    Method,
    Ref,
    Site,
    Sym,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.facts_training import AuxiliaryOutputs
from ms_optim_lint.interpreter import classes, concrete, networks, replay, resolve
from ms_optim_lint.interpreter.cells import Unknown
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.notes import circumstances
from ms_optim_lint.interpreter.sharing import all_parts
from ms_optim_lint.interpreter.truth import term_of
from ms_optim_lint.tree import text_of, walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.arguments import Arguments
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
    from ms_optim_lint.interpreter.library.table import CallSite

#: The most statements of a forward function that are followed to see what it gives.
FORWARD_BUDGET = 300


def computed(it: Interpreter, ref: Ref, arguments: Arguments, node: ast.AST, frame: Frame, loss: bool) -> Value:
    """What a call of a network or a loss gives. It carries the gradient of the network that it came from."""
    kind = TENSOR if loss else None
    network = None
    if loss:
        network = next((found for value in arguments.values() if (found := network_of(value)) is not None), None)
    else:
        content = it.content(ref)
        if isinstance(content, Instance) and classes.is_network(it, content):
            network = term_of(it, ref)
    if network is None:
        return it.unknown(node, "a loss" if loss else "result of calling an object", kind, frame)
    term = it.logic.term("output", network, it.fresh(node))
    return value_of(Sym(term, kind, reason="the output of a network"), Site(frame.module, node))


def network_of(value: Value) -> Optional[Term]:
    """The network that a value was computed with; None where that is not known."""
    atom = value.single
    return _behind(atom.term, 8) if isinstance(atom, Sym) else None


def _behind(term: object, depth: int) -> Optional[Term]:
    """The network whose output a term is, or that is calculated with it so that its gradient remains: ``main + 0.1 * other``."""
    if not isinstance(term, Term) or depth == 0:
        return None
    if term.op == "output" and isinstance(term.args[0], Term):
        return term.args[0]
    if term.op != "binary":
        return None
    operation, left, right = term.args
    if operation in ("Add", "Sub") and left is not right:
        return _behind(left, depth - 1) or _behind(right, depth - 1)
    if operation in ("Mult", "Div") and _is_number(right):
        return _behind(left, depth - 1)
    return _behind(right, depth - 1) if operation == "Mult" and _is_number(left) else None


def _is_number(term: object) -> bool:
    """Whether it is a number other than 0."""
    value = term.args[-1] if isinstance(term, Term) and term.op == "constant" else None
    return isinstance(value, (int, float)) and value != 0


def look_at(it: Interpreter, forward: Value, weights: Value, site: CallSite) -> None:
    """Look at what a forward function returns: where that is more than the loss, and more of it depends on the weights, the
    gradients are those of the sum."""
    atom = forward.single
    function, receiver = _function(it, atom)
    if function is None or isinstance(function.node, ast.Lambda) or it.trying:
        return
    returns = _returned_tuple(function.node)
    if returns is None or not isinstance(returns.value, ast.Tuple):
        return
    result = _followed(it, function, receiver, site)
    given = result.single if result is not None else None
    if not isinstance(given, Tuple) or given.open or len(given.items) != len(returns.value.elts):
        return
    carrying = _carrying(it, weights, given, site)
    outputs = tuple(text_of(element) for element, carries in list(zip(returns.value.elts, carrying))[1:] if carries)
    if outputs and carrying[0]:
        where = circumstances(it, locate(site.origin))
        it.facts.append(AuxiliaryOutputs(*where, outputs, locate(Site(function.module, returns))))


def _function(it: Interpreter, atom: object) -> tuple[Optional[Function], Optional[Ref]]:
    if isinstance(atom, Function):
        return atom, None
    if isinstance(atom, Method) and atom.function is not None and isinstance(atom.receiver, Ref):
        return atom.function, atom.receiver
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, Instance) and isinstance(content.made, Class):
            method = classes.class_attribute(it, content.made, "construct")
            if method is not None and isinstance(method.single, Function):
                return method.single, atom
    return None, None


def _returned_tuple(node: ast.AST) -> Optional[ast.Return]:
    """The one ``return`` of a function; None where it has several."""
    found = [inner for inner in walk(node) if isinstance(inner, ast.Return)]
    return found[0] if len(found) == 1 else None


def _followed(it: Interpreter, function: Function, receiver: Optional[Ref], site: CallSite) -> Optional[Value]:
    from ms_optim_lint.interpreter.arguments import Arguments, Given
    from ms_optim_lint.interpreter.calls import enter

    given = (Given(value_of(receiver), None),) if receiver is not None else ()
    outer, facts, it.trying = it.state, len(it.facts), True
    it.state = outer.fork(it.logic)
    result = None
    try:
        with it.allowance(FORWARD_BUDGET) as spent:
            result = enter(it, function, Arguments(given, (), True, True), site.node, site.frame, receiver)
    finally:
        it.state, it.trying = outer, False
        del it.facts[facts:]
    return None if spent.out else result


def _carrying(it: Interpreter, weights: Value, given: Tuple, site: CallSite) -> list[bool]:
    """Of each output whether it certainly depends on the weights: they are all parameters of the network it comes from."""
    parts = _parts(it, weights, site)
    nets = {_network(part) for part in parts}
    found: dict[Optional[Term], bool] = {}
    for item in given.items:
        network = network_of(item.value)
        if network not in found:
            found[network] = network is not None and (network in nets or _are_all(it, parts, network))
    return [found[network_of(item.value)] for item in given.items]


def _network(part: Part) -> Optional[Term]:
    """The network that a set of parameters is of."""
    base = part.elements[0].args[0] if len(part.elements) == 1 else None
    net = base.args[0] if isinstance(base, Term) and base.op == "parameters" else None
    return net if isinstance(net, Term) else None


def _are_all(it: Interpreter, parts: list[Part], network: Term) -> bool:
    """Whether parts of a network are together all of its parameters that are trained."""
    obj = networks.object_behind(it, network)
    listed = concrete.listed(it, parts) if obj is not None and len(parts) > 1 else None
    if obj is None or not listed:
        return False
    there = {part.term for part in listed if part.when == ALWAYS}
    try:
        return all(one.term in there for one in replay.parameters(it, obj) if one.requires_grad)
    except Unknown:
        return False


def _parts(it: Interpreter, weights: Value, site: CallSite) -> list[Part]:
    """The sets of parameters that the weights are."""
    atom = weights.single
    if isinstance(atom, Sym) and atom.term.op == "optimizer parameters":
        obj = it.object_of(atom.term.args[0]) if isinstance(atom.term.args[0], Term) else None
        return list(all_parts(it, obj) or ()) if obj is not None else []
    return [part for params in resolve.params_of(it, weights, locate(site.origin)) for part in params.parts]
