"""``left operation right``: of numbers, texts, sequences, sets, and of what is not known."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Callable, Optional

from ms_optim_lint.domain.logic import NEVER
from ms_optim_lint.domain.values import (
    ARRAY,
    BOOLEAN,
    NUMBER,
    TENSOR,
    TEXT,
    Alternative,
    Atom,
    Const,
    DictContent,
    ListContent,
    Ref,
    Site,
    Sym,
    Truth,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import notes_runtime, outside
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.truth import member, term_of
from ms_optim_lint.patterns import pattern

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.frames import Frame


_ARITHMETIC: dict[type, Callable[[object, object], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_SPECIAL = {
    operation: (f"__{name}__", f"__i{name}__", f"__r{name}__")
    for operation, name in {
        ast.Add: "add",
        ast.Sub: "sub",
        ast.Mult: "mul",
        ast.MatMult: "matmul",
        ast.Div: "truediv",
        ast.FloorDiv: "floordiv",
        ast.Mod: "mod",
        ast.Pow: "pow",
        ast.LShift: "lshift",
        ast.RShift: "rshift",
        ast.BitAnd: "and",
        ast.BitOr: "or",
        ast.BitXor: "xor",
    }.items()
}
_BIG = 1e12
_LONG = 2_000
#: What may be a field that is very wide.
_WIDE = pattern(r"\d{3}")


def arithmetic(
    it: Interpreter, operation: ast.operator, left: Value, right: Value, node: ast.AST, frame: Frame
) -> Value:
    """``left operation right``."""
    notes_runtime.calculated(it, operation, left, right, node, frame)
    pairs: dict[Atom, tuple[Atom, Atom]] = {}
    results = []
    for a in it.alternatives(left):
        for b in it.alternatives(right):
            when = it.logic.both(a.when, b.when)
            if when != NEVER and it.logic.meet(when, it.state.reached):
                mark = Const(len(pairs))  # stands for the pair in what ``each`` hands on
                pairs[mark] = (a.atom, b.atom)
                results.append(Alternative(when, mark, None))

    def one(pair: Alternative) -> Value:
        a, b = pairs[pair.atom]
        return _arithmetic(it, operation, a, b, node, frame)

    # What is made for each of several pairs is a thing of its own.
    return one(results[0]) if len(results) == 1 else it.each(Value(tuple(results)), node, one)


def _arithmetic(it: Interpreter, operation: ast.operator, a: Atom, b: Atom, node: ast.AST, frame: Frame) -> Value:
    origin = Site(frame.module, node)
    if isinstance(a, Const) and isinstance(b, Const):
        folded = _fold(operation, a.value, b.value)
        if folded is not None:
            return value_of(Const(folded), origin)
    if isinstance(operation, ast.Mod) and isinstance(a, Const) and isinstance(a.value, str):
        text = _formatted(a.value, b)
        if text is not None:
            return value_of(Const(text), origin)
    sequence = _sequence_arithmetic(it, operation, a, b, node, frame)
    if sequence is not None:
        return sequence
    kind, rank = result_kind(a, b)
    op_name = type(operation).__name__
    for atom in (a, b):
        outside.spoil_by_special(it, atom, *_SPECIAL[type(operation)])
    return value_of(Sym(it.logic.term("binary", op_name, term_of(it, a), term_of(it, b)), kind, rank), origin)


def _fold(operation: ast.operator, a: object, b: object) -> object:
    function = _ARITHMETIC.get(type(operation))
    numbers = isinstance(a, (int, float)) and isinstance(b, (int, float))
    texts = isinstance(a, str) and (isinstance(b, str) and isinstance(operation, ast.Add))
    if function is None or not (numbers or texts):
        return None
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and isinstance(operation, ast.Pow):
        if abs(a) > 1e6 or abs(b) > 64:
            return None
    try:
        result = function(a, b)
    except (ArithmeticError, TypeError, ValueError):
        return None
    if isinstance(result, str):
        return result if len(result) < _LONG else None
    return result if isinstance(result, (int, float)) and abs(result) < _BIG else None


def _formatted(text: str, given: Atom) -> Optional[str]:
    """``"layer%d" % number``, of constants."""
    atoms = [item.value.single for item in given.items] if isinstance(given, Tuple) and not given.open else [given]
    values = [atom.value for atom in atoms if isinstance(atom, Const) and isinstance(atom.value, (int, float, str))]
    if len(values) != len(atoms) or "*" in text or len(text) > _LONG or _WIDE.search(text):
        return None
    try:
        return text % tuple(values)
    except (TypeError, ValueError):
        return None


def result_kind(a: Atom, b: Atom) -> tuple[Optional[str], Optional[int]]:
    """What arithmetic with the two gives: its kind, and its number of dimensions."""
    sides = [_kind(a), _kind(b)]
    for strong in (ARRAY, TENSOR):
        if strong in (side[0] for side in sides):
            ranks = [side[1] for side in sides if side[0] in (strong, NUMBER)]
            known = [rank for rank in ranks if rank is not None]
            return strong, max(known) if len(known) == len(ranks) else None
    if sides[0][0] == TEXT:
        return TEXT, None
    if sides[0][0] == sides[1][0] == NUMBER:
        return NUMBER, 0
    # A number with something unknown: a number again in all likelihood, but that is not known.
    return None, None


def _kind(atom: Atom) -> tuple[Optional[str], Optional[int]]:
    if isinstance(atom, Sym):
        return atom.kind, 0 if atom.kind == NUMBER else atom.rank
    if isinstance(atom, Const):
        if isinstance(atom.value, (int, float)):
            return NUMBER, 0
        return (TEXT, None) if isinstance(atom.value, str) else (None, None)
    return (BOOLEAN, 0) if isinstance(atom, Truth) else (None, None)


def _sequence_arithmetic(
    it: Interpreter, operation: ast.operator, a: Atom, b: Atom, node: ast.AST, frame: Frame
) -> Optional[Value]:
    left, right = sequence_of(it, a), sequence_of(it, b)
    if isinstance(operation, ast.Add) and left is not None and right is not None:
        items = left.items + right.items
        opened = left.open or right.open
        if isinstance(a, Tuple) and isinstance(b, Tuple):
            return value_of(Tuple(items, opened), Site(frame.module, node))
        return it.new_list(node, frame, items, "list", opened)
    if isinstance(operation, ast.Add) and (left is not None or right is not None):
        known = left if left is not None else right
        assert known is not None
        if known.kind == "list" and isinstance(b if left is not None else a, Sym):
            other = b if left is not None else a
            assert isinstance(other, Sym)
            if other.kind not in (ARRAY, TENSOR):
                return it.new_list(node, frame, known.items, "list", True)
    if isinstance(operation, ast.Mult):
        for sequence, count in ((left, b), (right, a)):
            if sequence is not None and sequence.kind == "list":
                return _repeat(it, sequence, count, node, frame)
    if isinstance(operation, (ast.Sub, ast.BitAnd, ast.BitOr)) and left is not None and right is not None:
        if left.kind == right.kind == "set":
            return _set_arithmetic(it, operation, left, b, right, node, frame)
    if isinstance(operation, ast.BitOr):
        dicts = [it.content(atom) if isinstance(atom, Ref) else None for atom in (a, b)]
        if isinstance(dicts[0], DictContent) and isinstance(dicts[1], DictContent):
            from ms_optim_lint.interpreter.expressions import merged_dict

            merged = merged_dict(it, dicts[0], value_of(b), node)
            return value_of(it.allocate(node, frame.module, merged), Site(frame.module, node))
    return None


def _repeat(it: Interpreter, sequence: ListContent, count: Atom, node: ast.AST, frame: Frame) -> Value:
    if isinstance(count, Const) and isinstance(count.value, int) and count.value * len(sequence.items) <= 64:
        return it.new_list(node, frame, sequence.items * max(count.value, 0), "list", sequence.open)
    term = it.logic.term("times", it.fresh(node), term_of(it, count))
    element = it.logic.term("element", term, 0)
    items = tuple(item._replace(elements=(*item.elements, element)) for item in sequence.items)
    return it.new_list(node, frame, items, "list", sequence.open)


def _set_arithmetic(
    it: Interpreter,
    operation: ast.operator,
    left: ListContent,
    b: Atom,
    right: ListContent,
    node: ast.AST,
    frame: Frame,
) -> Value:
    if isinstance(operation, ast.BitOr):
        return it.new_list(node, frame, left.items + right.items, "set", left.open or right.open)
    items = []
    for item in left.items:
        atom = item.value.single
        if atom is None:
            return it.new_list(node, frame, (), "set", True)
        inside = member(it, atom, b, node)
        keep = inside if isinstance(operation, ast.BitAnd) else it.logic.no(inside)
        items.append(item._replace(when=it.logic.both(item.when, keep)))
    return it.new_list(node, frame, tuple(items), "set", left.open)


def sequence_of(it: Interpreter, atom: Atom) -> Optional[ListContent]:
    """What a list, set, iterator or tuple holds; None for anything else."""
    if isinstance(atom, Tuple):
        return ListContent(atom.items, atom.open, "tuple")
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, ListContent):
            return content
    return None
