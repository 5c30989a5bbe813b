"""When a value is true, and what comparisons give: conditions over what is not known."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any, Callable, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term, base_of, by_number
from ms_optim_lint.domain.values import (
    ABSENT,
    BOOLEAN,
    CELL,
    IDENTITY,
    PARAMETER,
    TENSOR,
    TEXT,
    Atom,
    Class,
    Const,
    DictContent,
    Ext,
    Function,
    Item,
    ListContent,
    Method,
    ModuleRef,
    Partial,
    Ref,
    Super,
    Sym,
    Truth,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import registries
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.mindspore import catalogue

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import methods, outside
    from ms_optim_lint.interpreter.library import reflection
else:
    reflection = late("library.reflection")
    methods = late("methods")
    outside = late("outside")

_ORDER: dict[type, Callable[[Any, Any], object]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
#: Kinds of symbols that are never None.
_SOLID = (PARAMETER, CELL, TEXT, TENSOR, IDENTITY, BOOLEAN)


def truth(it: Interpreter, value: Value, node: ast.AST) -> Condition:
    """The condition under which ``value`` is true."""
    logic = it.logic
    result = NEVER
    for alternative in it.alternatives(value):
        result = logic.either(result, logic.both(alternative.when, _atom_truth(it, alternative.atom, node)))
    return result


def _atom_truth(it: Interpreter, atom: Atom, node: ast.AST) -> Condition:
    logic = it.logic
    if isinstance(atom, Const):
        return ALWAYS if atom.value else NEVER
    if isinstance(atom, Truth):
        return atom.condition
    if isinstance(atom, Sym):
        filled = atom.term.args[0] if atom.term.op == "length" else None
        return filled if isinstance(filled, int) else logic.truthy(atom.term)
    if isinstance(atom, Tuple):
        return NEVER if not atom.items and not atom.open else some(it, atom.items, atom.open, node)
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, ListContent):
            return ALWAYS if content.kind == "iterator" else some(it, content.items, content.open, node)
        if isinstance(content, DictContent):
            return _dict_truth(it, content, node)
        if outside.has_special(it, atom, "__bool__", "__len__"):
            return logic.atom(it.fresh(node, what="truth"))
        return ALWAYS
    if isinstance(atom, Ext):
        if _is_made_of_code(atom):
            return ALWAYS
        return logic.truthy(logic.term("external", atom.name))
    return NEVER if atom is ABSENT else ALWAYS


def _is_made_of_code(atom: Ext) -> bool:
    """Whether it is certainly a class or function."""
    return atom.name.startswith(("mindspore.nn.", "mindspore.ops.", "mindspore.mint.")) or atom.name in _FUNCTIONS


#: Builtins that code hands around.
_FUNCTIONS = frozenset(f"builtins.{name}" for name in ("int", "float", "str", "list", "dict", "tuple", "set", "bool"))


def some(it: Interpreter, items: tuple[Item, ...], opened: bool, node: ast.AST) -> Condition:
    """The condition that at least one of the items is there."""
    logic = it.logic
    result = logic.atom(it.fresh(node, what="filled")) if opened else NEVER
    for item in items:
        if item.elements:
            holds = logic.atom(logic.term("some", *(base_of(e) for e in item.elements), item.when))
        else:
            holds = item.when
        result = logic.either(result, holds)
    return result


def _dict_truth(it: Interpreter, content: DictContent, node: ast.AST) -> Condition:
    result = it.logic.atom(it.fresh(node, what="filled")) if content.open else NEVER
    for _, value in content.entries:
        result = it.logic.either(result, present(it, value))
    return result


def present(it: Interpreter, value: Value) -> Condition:
    """The condition that an entry of a dict, or an attribute, is there."""
    result = NEVER
    for alternative in value.alternatives:
        if alternative.atom is not ABSENT:
            result = it.logic.either(result, alternative.when)
    return result


def term_of(it: Interpreter, atom: Atom) -> Term:
    """A term that stands for the atom in conditions."""
    logic = it.logic
    if isinstance(atom, Sym):
        return atom.term
    if isinstance(atom, Const):
        return logic.constant(atom.value)
    if isinstance(atom, Truth):
        elements = sorted({e for t in logic.atoms(atom.condition) for e in t.elements}, key=by_number)
        return logic.term("condition", atom.condition, *elements)
    if isinstance(atom, Ext):
        return logic.term("external", atom.name)
    if isinstance(atom, Ref):
        return logic.term("object", atom.obj.number, *sorted(atom.obj.context.elements, key=by_number))
    if isinstance(atom, Tuple):
        return logic.term("tuple", *(term_of_value(it, item.value) for item in atom.items))
    if isinstance(atom, (Function, Class)):
        return logic.term("definition", it.number(atom.node))
    if isinstance(atom, ModuleRef):
        return logic.term("module", atom.module.path)
    if isinstance(atom, (Method, Super)):
        return logic.term("bound", term_of(it, atom.receiver), getattr(atom, "name", "super"))
    if isinstance(atom, Partial):
        return logic.term("partial", term_of_value(it, atom.function))
    return logic.term("absent")


def term_of_value(it: Interpreter, value: Value) -> Term:
    """A term for a value; one with several alternatives is named by all of them."""
    if value.single is not None:
        return term_of(it, value.single)
    parts: list[Term] = []
    for alternative in value.alternatives:
        parts.append(term_of(it, Truth(alternative.when)))
        parts.append(term_of(it, alternative.atom))
    return it.logic.term("either", *parts)


def compare(it: Interpreter, operation: ast.cmpop, left: Value, right: Value, node: ast.AST) -> Value:
    """``left operation right`` as a boolean value."""
    logic = it.logic
    positive = NEVER
    for a in it.alternatives(left):
        for b in it.alternatives(right):
            when = logic.both(a.when, b.when)
            if when != NEVER:
                positive = logic.either(positive, logic.both(when, _compare(it, operation, a.atom, b.atom, node)))
    if positive in (NEVER, ALWAYS):
        return value_of(Const(positive == ALWAYS))
    return value_of(Truth(positive))


def _compare(it: Interpreter, operation: ast.cmpop, a: Atom, b: Atom, node: ast.AST) -> Condition:
    logic = it.logic
    if isinstance(operation, ast.Eq):
        return _equal(it, a, b)
    if isinstance(operation, ast.NotEq):
        return logic.no(_equal(it, a, b))
    if isinstance(operation, ast.Is):
        return _same(it, a, b)
    if isinstance(operation, ast.IsNot):
        return logic.no(_same(it, a, b))
    if isinstance(operation, ast.In):
        return member(it, a, b, node)
    if isinstance(operation, ast.NotIn):
        return logic.no(member(it, a, b, node))
    if isinstance(a, Const) and isinstance(b, Const):
        try:
            return ALWAYS if _ORDER[type(operation)](a.value, b.value) else NEVER
        except TypeError:
            return logic.atom(it.fresh(node))
    known = _of_sequences(it, operation, a, b)
    if known is not None:
        return known
    length = _length_test(it, operation, a, b)
    if length is not None:
        return length
    left, right = term_of(it, a), term_of(it, b)
    if isinstance(operation, (ast.Gt, ast.LtE)):
        left, right = right, left
    less = logic.atom(logic.term("less", left, right))
    return logic.no(less) if isinstance(operation, (ast.LtE, ast.GtE)) else less


def _of_sequences(it: Interpreter, operation: ast.cmpop, a: Atom, b: Atom) -> Optional[Condition]:
    """Which comes first of two tuples or lists that are known in full, such as versions."""
    if isinstance(a, (Tuple, Ref, Const)) and isinstance(b, (Tuple, Ref, Const)):
        left, right = methods.constant_of(it, value_of(a)), methods.constant_of(it, value_of(b))
        if isinstance(left, (tuple, list)) and type(left) is type(right):
            try:
                return ALWAYS if _ORDER[type(operation)](left, right) else NEVER
            except TypeError:
                return None
    return None


def _length_test(it: Interpreter, operation: ast.cmpop, a: Atom, b: Atom) -> Optional[Condition]:
    """``len(x) > 0`` and its spellings mean the same as ``x``."""
    if isinstance(a, Sym) and a.term.op == "length" and isinstance(b, Const):
        filled = a.term.args[0]
        if isinstance(filled, int):
            if (isinstance(operation, ast.Gt) and b.value == 0) or (isinstance(operation, ast.GtE) and b.value == 1):
                return filled
            if (isinstance(operation, ast.Lt) and b.value == 1) or (isinstance(operation, ast.LtE) and b.value == 0):
                return it.logic.no(filled)
    return None


def _equal(it: Interpreter, a: Atom, b: Atom) -> Condition:
    logic = it.logic
    if isinstance(a, Const) and isinstance(b, Const):
        return ALWAYS if a.value == b.value else NEVER
    if isinstance(b, Const):
        return _equal(it, b, a)
    if isinstance(a, Const):
        if isinstance(b, Sym):
            if b.term.op == "length" and a.value == 0 and isinstance(b.term.args[0], int):
                return logic.no(b.term.args[0])
            return logic.equals(b.term, logic.constant(a.value))
        if isinstance(b, Truth) and isinstance(a.value, bool):
            return b.condition if a.value else logic.no(b.condition)
        if isinstance(b, Ref) and isinstance(it.content(b), (ListContent, DictContent)):
            return NEVER  # no constant is a list or dict
        if a.value is None and not (isinstance(b, Ext) and not _is_made_of_code(b)):
            return NEVER
        if isinstance(
            b, Ref
        ):  # the member of an Enum that has this value, say; a dict is asked for it in the same words
            return logic.equals(term_of(it, b), logic.constant(a.value))
    empty = _empty_list(it, a), _empty_list(it, b)
    if empty[0] and isinstance(b, Ref):
        return logic.no(_atom_truth(it, b, b.obj.site.node))
    if empty[1] and isinstance(a, Ref):
        return logic.no(_atom_truth(it, a, a.obj.site.node))
    return _same_term(it, a, b)


def _empty_list(it: Interpreter, atom: Atom) -> bool:
    if not isinstance(atom, Ref):
        return False
    content = it.content(atom)
    return isinstance(content, ListContent) and not content.items and not content.open


def _same_term(it: Interpreter, a: Atom, b: Atom) -> Condition:
    logic = it.logic
    left, right = term_of(it, a), term_of(it, b)
    if left is right:
        return ALWAYS
    if _is_class(a) and _is_class(b):
        return NEVER
    if it.told and left.op == right.op == "id":
        left, right = base_of(left), base_of(right)
    if left in it.told and right in it.told:
        return NEVER
    if it.number(left) > it.number(right):
        left, right = right, left
    return logic.atom(logic.term("same", left, right))


def _is_class(atom: Atom) -> bool:
    """Whether it is a class or the like that has no other name: one of the project, a type of Python, something of MindSpore."""
    if isinstance(atom, Ext):
        word = atom.name.rpartition(".")[2]
        return atom.name == f"builtins.{word}" and word in _PYTHON or _is_of_catalogue(atom.name)
    return isinstance(atom, Class)


def _is_of_catalogue(name: str) -> bool:
    """Whether it is an optimizer, something that makes rates, or a module that has these."""
    known = catalogue.is_schedule(name) or catalogue.is_scheduler(name) or catalogue.is_rate_function(name)
    return known or name in _MODULES or catalogue.optimizer(name) is not None


_MODULES = frozenset(f"mindspore.{name}" for name in ("nn", "ops", "mint", "mint.optim", "experimental.optim"))
_PYTHON = frozenset("str int float bool bytes list tuple set dict".split())


def _same(it: Interpreter, a: Atom, b: Atom) -> Condition:
    if isinstance(b, Const) and b.value is None:
        if isinstance(a, Const):
            return ALWAYS if a.value is None else NEVER
        if isinstance(a, Sym):
            if a.term in it.rates or a.term in it.groups or a.term in it.current_rates:
                return NEVER  # every optimizer has these
            return NEVER if a.kind in _SOLID else it.logic.equals(a.term, it.logic.constant(None))
        if isinstance(a, Ext) and not _is_made_of_code(a):
            return it.logic.atom(it.logic.term("none", term_of(it, a)))
        return NEVER
    if isinstance(a, Const) and isinstance(b, Const):
        return ALWAYS if a == b else NEVER
    if isinstance(b, Const) and isinstance(b.value, bool) or isinstance(a, Const) != isinstance(b, Const):
        return _equal(it, a, b)  # of other constants, too: of an Enum in the project, the member is its value here
    if isinstance(a, Ref) and isinstance(b, Ref) and a.obj is not b.obj and not it.is_summary(a.obj):
        return NEVER
    return _same_term(it, a, b)


def member(it: Interpreter, a: Atom, b: Atom, node: ast.AST) -> Condition:
    """``a in b``."""
    logic = it.logic
    if isinstance(a, Const) and isinstance(b, Const):
        within: Any = b.value
        try:
            return ALWAYS if a.value in within else NEVER
        except TypeError:
            return logic.atom(it.fresh(node))
    if isinstance(b, Partial) and b.function.single == Ext("builtins.dir object"):
        return (
            reflection.has(it, b.positional[0], a.value, node) if isinstance(a, Const) else logic.atom(it.fresh(node))
        )
    if isinstance(b, Tuple):
        return _member_of_items(it, a, b.items, b.open, node)
    if isinstance(b, Ref):
        content = it.content(b)
        if isinstance(content, ListContent):
            if content.kind == "iterator":
                # It is read up to where the item is found.
                from ms_optim_lint.interpreter.iterators import partly_read

                partly_read(it, b, content)
                for feed in content.feeds:
                    member(it, a, feed, node)
            return _member_of_items(it, a, content.items, content.open, node)
        if isinstance(content, DictContent) and isinstance(a, Const):
            entry = content.get(a.value)
            if entry is not None:
                return present(it, entry)
            if content.open and registries.find(it, b, a.value) is not None:
                return ALWAYS
            if content.open and registries.lacks(it, b, a.value):
                return NEVER
            return logic.atom(logic.term("contains", term_of(it, b), term_of(it, a))) if content.open else NEVER
        if isinstance(content, DictContent) and not content.open:
            result = NEVER
            for key, value in content.entries:
                result = logic.either(result, logic.both(present(it, value), _equal(it, a, Const(key))))
            return result
    return logic.atom(logic.term("contains", term_of(it, b), term_of(it, a)))


def _member_of_items(it: Interpreter, a: Atom, items: tuple[Item, ...], opened: bool, node: ast.AST) -> Condition:
    logic = it.logic
    subject = term_of(it, a)
    result = logic.atom(logic.term("in", subject, it.fresh(node))) if opened else NEVER
    for item in items:
        if item.elements:
            bases = [base_of(e) for e in item.elements]
            holds = logic.atom(
                logic.term("member", subject, *bases, item.when, logic.term("of", term_of_pattern(it, item)))
            )
        else:
            holds = NEVER
            for alternative in item.value.alternatives:
                when = logic.both(alternative.when, item.when)
                holds = logic.either(holds, logic.both(when, _equal(it, a, alternative.atom)))
        result = logic.either(result, holds)
    return result


def term_of_pattern(it: Interpreter, item: Item) -> Term:
    """A term for the value that an item has for each element, free of the elements themselves."""
    term = term_of_value(it, item.value)
    for position, element in enumerate(item.elements):
        term = it.logic.substitute(term, element, it.logic.term("slot", position))
    return term
