"""What expressions give."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Callable, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, TooComplex
from ms_optim_lint.domain.values import (
    ABSENT,
    NONE_VALUE,
    PARAMETER,
    TEXT,
    Alternative,
    Const,
    DictContent,
    Item,
    Ref,
    Site,
    Sym,
    Truth,
    Tuple,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter import attributes, identity, names, notes_runtime, outside, releases
from ms_optim_lint.interpreter.configured import doubt, doubted, undecided
from ms_optim_lint.interpreter.core import MAX_NESTING, Interpreter
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.operators import arithmetic
from ms_optim_lint.interpreter.state import branch_of, merge
from ms_optim_lint.interpreter.truth import compare, present, term_of, term_of_value, truth

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import calls, comprehensions, deferred, iterators, notes, slices, statements
    from ms_optim_lint.interpreter.comprehensions import Comprehension
    from ms_optim_lint.interpreter.frames import Frame
else:
    calls = late("calls")
    comprehensions = late("comprehensions")
    deferred = late("deferred")
    iterators = late("iterators")
    notes = late("notes")
    slices = late("slices")
    statements = late("statements")


#: More items of a list, and keys of a dict, than these are not followed where it is written.
MAX_DISPLAY, MAX_KEYS = 10_000, 1_000


def evaluate(it: Interpreter, node: ast.AST, frame: Frame) -> Value:
    """The value of an expression here. Never raises for what the code says; what cannot be followed is unknown."""
    function = _EVALUATORS.get(type(node))
    if function is None or it.nesting > MAX_NESTING:
        if it.nesting > MAX_NESTING:
            it.limit("an expression is nested too deeply")
        return it.unknown(node, "expression not followed", frame=frame)
    it.nesting += 1
    try:
        return function(it, node, frame)
    except TooComplex:
        it.limit("a condition is too complex")
        return it.unknown(node, "condition too complex", frame=frame)
    finally:
        it.nesting -= 1


def _constant(it: Interpreter, node: ast.Constant, frame: Frame) -> Value:
    return value_of(Const(node.value), Site(frame.module, node))


def _name(it: Interpreter, node: ast.Name, frame: Frame) -> Value:
    value = names.look_up(it, node.id, frame, node)
    if node.id in it.doubted:
        value = doubted(it, node.id, value, node, frame)
    return _now(it, value) if it.making and it.deferred else value


def _now(it: Interpreter, value: Value) -> Value:
    """In what makes a network, results of functions that were set aside matter."""
    for alternative in value.alternatives:
        if alternative[1].__class__ is Sym:
            return deferred.force(it, value)
    return value


def _attribute(it: Interpreter, node: ast.Attribute, frame: Frame) -> Value:
    base = evaluate(it, node.value, frame)
    value = attributes.read(it, base, node.attr, node, frame)
    if node.attr in it.doubted:
        value = doubted(it, node.attr, value, node, frame)
    return _now(it, value) if it.making and it.deferred else value


def _named(it: Interpreter, node: ast.NamedExpr, frame: Frame) -> Value:
    value = evaluate(it, node.value, frame)
    while isinstance(frame.node, ast.expr) and not isinstance(frame.node, ast.Lambda) and frame.parent is not None:
        frame = frame.parent  # a comprehension binds it in what is around
    names.bind(it, node.target.id, value, frame)
    return value


def _conditional(it: Interpreter, node: ast.IfExp, frame: Frame) -> Value:
    actual = condition_of(it, node.test, frame)
    holds = undecided(it, node.test, actual, frame)
    caught, expected = it.caught, releases.expected(it, node.test, holds, frame)

    def side(expression: ast.expr, doubtful: bool) -> Value:
        if doubtful:
            doubt(it, node.test)
        if not expected:
            return evaluate(it, expression, frame)
        it.caught = (*caught, expected)
        try:
            return evaluate(it, expression, frame)
        finally:
            it.caught = caught

    return choose(
        it,
        holds,
        node,
        lambda: side(node.body, actual == NEVER != holds),
        lambda: side(node.orelse, actual == ALWAYS != holds),
    )


def condition_of(it: Interpreter, test: ast.expr, frame: Frame) -> int:
    """The condition under which a test holds."""
    return truth(it, evaluate(it, test, frame), test)


def choose(it: Interpreter, condition: int, node: ast.AST, yes: Callable[[], Value], no: Callable[[], Value]) -> Value:
    """Evaluate two sides under a condition and its opposite, each in its own fork."""
    logic = it.logic
    base = it.state
    if not logic.meet(base.reached, logic.no(condition)):
        it.leave_out()
        return yes()
    if not logic.meet(base.reached, condition):
        it.leave_out()
        return no()
    results, branches = [], []
    for when, side in ((condition, yes), (logic.no(condition), no)):
        it.state = base.fork(logic, when)
        results.append((when, side()))
        branches.append(branch_of(it.state))
    it.state = base
    merge(logic, base, branches, lambda: it.fresh(node, what="join"))
    return join(logic, results, it.fresh(node, what="join"))


def _boolean(it: Interpreter, node: ast.BoolOp, frame: Frame) -> Value:
    is_and = isinstance(node.op, ast.And)
    logic = it.logic

    def rest(index: int) -> Value:
        value = evaluate(it, node.values[index], frame)
        if index == len(node.values) - 1:
            return value
        holds = truth(it, value, node.values[index])
        stop = logic.no(holds) if is_and else holds
        kept = _restricted(it, value, stop)
        return choose(it, stop, node, lambda: kept, lambda: rest(index + 1))

    return as_truth(it, rest(0), node)


def _restricted(it: Interpreter, value: Value, when: int) -> Value:
    """The value where ``when`` holds; a symbol that is false there and boolean is just False."""
    alternatives = []
    for alternative in value.alternatives:
        atom = alternative.atom
        if isinstance(atom, Truth):
            known = it.logic.assuming(atom.condition, it.logic.both(when, alternative.when))
            atom = Const(known == ALWAYS) if known in (NEVER, ALWAYS) else atom
        alternatives.append(alternative._replace(atom=atom))
    return Value(tuple(alternatives))


def as_truth(it: Interpreter, value: Value, node: ast.AST) -> Value:
    """A value that is only booleans, as one condition; any other value unchanged."""
    for alternative in value.alternatives:
        atom = alternative.atom
        if not (isinstance(atom, Truth) or (isinstance(atom, Const) and isinstance(atom.value, bool))):
            return value
    if len(value.alternatives) < 2:
        return value
    return value_of(Truth(truth(it, value, node)), value.origin)


def _not(it: Interpreter, node: ast.UnaryOp, frame: Frame) -> Value:
    value = evaluate(it, node.operand, frame)
    if isinstance(node.op, ast.Not):
        holds = it.logic.no(truth(it, value, node))
        return value_of(Const(holds == ALWAYS) if holds in (NEVER, ALWAYS) else Truth(holds), Site(frame.module, node))

    def one(alternative: Alternative) -> Value:
        atom = alternative.atom
        if isinstance(atom, Const) and isinstance(atom.value, (int, float)):
            if isinstance(node.op, ast.USub):
                return value_of(Const(-atom.value), Site(frame.module, node))
            if isinstance(node.op, ast.UAdd):
                return value_of(Const(+atom.value), Site(frame.module, node))
        kind, rank = (atom.kind, atom.rank) if isinstance(atom, Sym) else (None, None)
        return value_of(Sym(it.logic.term("unary", type(node.op).__name__, term_of(it, atom)), kind, rank))

    return it.map(value, node, one)


def _compare(it: Interpreter, node: ast.Compare, frame: Frame) -> Value:
    left = evaluate(it, node.left, frame)
    result: Optional[Value] = None
    for operation, right_node in zip(node.ops, node.comparators):
        right = evaluate(it, right_node, frame)
        notes_runtime.compared(it, operation, left, right, node, frame)
        if isinstance(operation, (ast.In, ast.NotIn)):
            for alternative in right.alternatives:
                outside.spoil_by_special(it, alternative.atom, "__contains__")
        one = compare(it, operation, left, right, node)
        if isinstance(operation, (ast.In, ast.NotIn)):
            identity.tested(it, "in", left, right, node, frame)
        if result is None:
            result = one
        else:
            both = it.logic.both(truth(it, result, node), truth(it, one, node))
            result = value_of(Const(both == ALWAYS) if both in (NEVER, ALWAYS) else Truth(both))
        left = right
    assert result is not None
    return result


def _binary(it: Interpreter, node: ast.BinOp, frame: Frame) -> Value:
    # A sum of thousands of terms leans to the left: walk it in a loop, not by recursion.
    spine: list[ast.BinOp] = []
    current: ast.AST = node
    while isinstance(current, ast.BinOp):
        spine.append(current)
        current = current.left
    value = evaluate(it, current, frame)
    for operation in reversed(spine):
        right = evaluate(it, operation.right, frame)
        value = arithmetic(it, operation.op, value, right, operation, frame)
    return value


def display_items(it: Interpreter, elements: list[ast.expr], frame: Frame) -> tuple[tuple[Item, ...], bool]:
    """The items of a list, tuple or set display, and whether something unknown is splatted into it."""
    items: list[Item] = []
    opened = False
    if len(elements) > MAX_DISPLAY:
        it.limit("a list or dict is too long to follow")
        return (), True
    for element in elements:
        if isinstance(element, ast.Starred):
            inner, unknown = iterators.items_of_value(it, evaluate(it, element.value, frame))
            items.extend(inner)
            opened = opened or unknown
        else:
            value = evaluate(it, element, frame)
            if value.origin is None:
                value = Value(tuple(a._replace(origin=Site(frame.module, element)) for a in value.alternatives))
            items.append(Item(value))
    return tuple(items), opened


def _list(it: Interpreter, node: ast.List, frame: Frame) -> Value:
    items, opened = display_items(it, node.elts, frame)
    return it.new_list(node, frame, items, "list", opened)


def _set(it: Interpreter, node: ast.Set, frame: Frame) -> Value:
    items, opened = display_items(it, node.elts, frame)
    return it.new_list(node, frame, items, "set", opened)


def _tuple(it: Interpreter, node: ast.Tuple, frame: Frame) -> Value:
    items, opened = display_items(it, node.elts, frame)
    return value_of(Tuple(items, opened), Site(frame.module, node))


def _dict(it: Interpreter, node: ast.Dict, frame: Frame) -> Value:
    content = DictContent()
    if len(node.keys) > MAX_KEYS:
        it.limit("a list or dict is too long to follow")
        content = DictContent(open=True)
        return value_of(it.allocate(node, frame.module, content), Site(frame.module, node))
    for key_node, value_node in zip(node.keys, node.values):
        value = evaluate(it, value_node, frame)
        if key_node is None:
            content = merged_dict(it, content, value, node)
            continue
        key = evaluate(it, key_node, frame).single
        if isinstance(key, Const):
            if value.origin is None or value.single is not None and not isinstance(value.single, Ref):
                value = Value(
                    tuple(
                        a if a.origin else a._replace(origin=Site(frame.module, value_node)) for a in value.alternatives
                    )
                )
            content = content.with_entry(key.value, value, Site(frame.module, key_node), Site(frame.module, value_node))
        else:
            content = under_unknown_key(it, content, node)
    return value_of(it.allocate(node, frame.module, content), Site(frame.module, node))


def under_unknown_key(it: Interpreter, content: DictContent, node: ast.AST) -> DictContent:
    """The dict after something was put in under a key that is not known: one of those that are there, or a new one."""
    other = value_of(Sym(it.fresh(node), reason="set under an unknown key"))
    hit = it.logic.atom(it.fresh(node, what="key"))
    entries = tuple(
        (k, join(it.logic, [(it.logic.no(hit), v), (hit, other)], it.fresh(node, what="join")))
        for k, v in content.entries
    )
    return DictContent(entries, True, content.places, content.others)


def replaceable(it: Interpreter, content: DictContent, node: ast.AST) -> DictContent:
    """The dict after something unknown was put into it: each of its constants and parameters may be another value."""
    replaced = it.logic.atom(it.fresh(node, what="replaced"))
    entries = []
    for key, value in content.entries:
        if any(isinstance(a.atom, Const) or getattr(a.atom, "kind", "") == PARAMETER for a in value.alternatives):
            other = value_of(Sym(it.fresh(node, what="entry"), reason="put in by code that is not followed"))
            value = join(it.logic, [(it.logic.no(replaced), value), (replaced, other)], it.fresh(node, what="join"))
        entries.append((key, value))
    return DictContent(tuple(entries), True, content.places)


def merged_dict(it: Interpreter, content: DictContent, other: Value, node: ast.AST) -> DictContent:
    """``{**content, **other}``."""
    atom = other.single
    inner = it.content(atom) if isinstance(atom, Ref) else None
    if not isinstance(inner, DictContent):
        return replaceable(it, content, node)
    if inner.open:
        content = replaceable(it, content, node)
    places = {place[0]: place[1:] for place in inner.places}
    for key, value in inner.entries:
        there = present(it, value)
        old = content.get(key)
        if there != ALWAYS:
            absent = value_of(ABSENT) if old is None else old
            kept = Value(tuple(a for a in value.alternatives if a.atom is not ABSENT))
            value = join(it.logic, [(there, kept), (it.logic.no(there), absent)], it.fresh(node, what="join"))
        content = content.with_entry(key, value, *places.get(key, (None, None)))
    others = () if content.entries or content.others else inner.others
    return DictContent(content.entries, content.open or inner.open, content.places, others)


def _subscript(it: Interpreter, node: ast.Subscript, frame: Frame) -> Value:
    base = evaluate(it, node.value, frame)
    part = node.slice
    if isinstance(part, ast.Slice):
        return it.each(base, node, lambda a: slices.take_slice(it, a.atom, part, node, frame))
    index = evaluate(it, node.slice, frame)
    notes.state_read(it, base, index, node, frame)

    result = it.map(base, node, lambda a: slices.take_item(it, a.atom, index, node, frame))
    for alternative in base.alternatives:
        outside.spoil_by_special(it, alternative.atom, "__getitem__", "__missing__")
    key = index.single if it.doubted else None
    if isinstance(key, Const) and key.value in it.doubted:
        return doubted(it, key.value, result, node, frame)
    return result


def _lambda(it: Interpreter, node: ast.Lambda, frame: Frame) -> Value:
    return value_of(statements.make_function(it, node, frame), Site(frame.module, node))


def make_text(it: Interpreter, node: ast.JoinedStr, frame: Frame) -> Value:
    """An f-string: its text where all of it is constant."""
    parts: list[str] = []
    terms = []
    for part in node.values:
        value = evaluate(it, part.value if isinstance(part, ast.FormattedValue) else part, frame)
        if isinstance(part, ast.FormattedValue):
            notes_runtime.text_made(it, part, value, node, frame)
        atom = value.single
        terms.append(term_of_value(it, value))
        if isinstance(atom, Const) and isinstance(atom.value, (str, int)) and not getattr(part, "format_spec", None):
            parts.append(str(atom.value))
    if len(parts) == len(node.values):
        return value_of(Const("".join(parts)), Site(frame.module, node))
    return value_of(Sym(it.logic.term("format", it.number(node), *terms), TEXT), Site(frame.module, node))


def _comprehension(it: Interpreter, node: Comprehension, frame: Frame) -> Value:
    return comprehensions.comprehension(it, node, frame)


def _call(it: Interpreter, node: ast.Call, frame: Frame) -> Value:
    return calls.call(it, node, frame)


def _await(it: Interpreter, node: ast.AST, frame: Frame) -> Value:
    inner = getattr(node, "value", None)
    value = evaluate(it, inner, frame) if inner is not None else NONE_VALUE
    if isinstance(node, (ast.Yield, ast.YieldFrom)):
        comprehensions.note_yield(it, node, value, frame)
    return it.unknown(node, "result of await or yield", frame=frame)


_EVALUATORS: dict[type, Callable[..., Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.NamedExpr: _named,
    ast.IfExp: _conditional,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _not,
    ast.Compare: _compare,
    ast.BinOp: _binary,
    ast.List: _list,
    ast.Set: _set,
    ast.Tuple: _tuple,
    ast.Dict: _dict,
    ast.Subscript: _subscript,
    ast.Lambda: _lambda,
    ast.JoinedStr: make_text,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.Call: _call,
    ast.Await: _await,
    ast.Yield: _await,
    ast.YieldFrom: _await,
}
