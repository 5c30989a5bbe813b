"""Forward functions: what of their outputs comes from the network, so that a gradient flows through it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import Term
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
from ms_optim_lint.facts import AuxiliaryOutputs
from ms_optim_lint.interpreter import attributes, resolve
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.notes import circumstances
from ms_optim_lint.interpreter.truth import term_of
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.calls import Arguments
    from ms_optim_lint.interpreter.core import Frame, Interpreter
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
        if isinstance(content, Instance) and resolve.is_network(it, content):
            network = term_of(it, ref)
    if network is None:
        return it.unknown(node, "a loss" if loss else "result of calling an object", kind, frame)
    term = it.logic.term("output", network, it.fresh(node))
    return value_of(Sym(term, kind, reason="the output of a network"), Site(frame.module, node))


def network_of(value: Value) -> Optional[Term]:
    """The network that a value was computed with; None where that is not known."""
    atom = value.single
    if isinstance(atom, Sym) and atom.term.op == "output" and isinstance(atom.term.args[0], Term):
        return atom.term.args[0]
    return None


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
    nets = _trained(it, weights, site)
    outputs = tuple(
        ast.unparse(element)
        for element, item in list(zip(returns.value.elts, given.items))[1:]
        if network_of(item.value) in nets
    )
    if outputs and network_of(given.items[0].value) in nets:
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
            method = attributes.class_attribute(it, content.made, "construct")
            if method is not None and isinstance(method.single, Function):
                return method.single, atom
    return None, None


def _returned_tuple(node: ast.AST) -> Optional[ast.Return]:
    """The one ``return`` of a function; None where it has several."""
    found = [inner for inner in walk(node) if isinstance(inner, ast.Return)]
    return found[0] if len(found) == 1 else None


def _followed(it: Interpreter, function: Function, receiver: Optional[Ref], site: CallSite) -> Optional[Value]:
    from ms_optim_lint.interpreter.calls import Arguments, Given, enter

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


def _trained(it: Interpreter, weights: Value, site: CallSite) -> set[Optional[Term]]:
    """The networks whose parameters the weights are."""
    from ms_optim_lint.interpreter.training import trained_by

    atom = weights.single
    if isinstance(atom, Sym) and atom.term.op == "optimizer parameters":
        obj = it.object_of(atom.term.args[0]) if isinstance(atom.term.args[0], Term) else None
        return set(trained_by(it, obj)) if obj is not None else set()
    nets: set[Optional[Term]] = set()
    for params in resolve.params_of(it, weights, locate(site.origin)):
        for part in params.parts:
            base = part.elements[0].args[0] if len(part.elements) == 1 else None
            if isinstance(base, Term) and base.op == "parameters" and isinstance(base.args[0], Term):
                nets.add(base.args[0])
    return nets
