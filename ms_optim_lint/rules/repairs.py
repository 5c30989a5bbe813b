"""How the words of the linted file are changed: the fixes that rules have in common.

Each function gives a :data:`~ms_optim_lint.rules.base.Repair`. It makes no fix where the words are in another file or inside an
f-string, or are written in a way that it does not know.
"""

from __future__ import annotations

import ast
from typing import Optional

from ms_optim_lint.domain.shapes import Entry, Location
from ms_optim_lint.facts import Construction, Keyword
from ms_optim_lint.finding import Applicability, Edit, Fix, Place
from ms_optim_lint.patterns import pattern
from ms_optim_lint.rules.base import Repair
from ms_optim_lint.tree import walk
from ms_optim_lint.written import Written, place_of

_AROUND = "Write list(...) around it"
SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE


def before(place: Place) -> Place:
    """The empty place where it starts."""
    return Place(place.line, place.column, place.line, place.column)


def after(place: Place) -> Place:
    """The empty place where it ends."""
    return Place(place.end_line, place.end_column, place.end_line, place.end_column)


# Arguments


def rename(fact: Construction, keyword: Keyword, name: str) -> Repair:
    """Give a keyword of an optimizer's call another name."""

    def repair(written: Written) -> Optional[Fix]:
        node = written.at(keyword.location, ast.keyword)
        if node is None or node.arg is None or _call_of(written, node, fact) is None:
            return None
        start = keyword.location.place
        place = Place(start.line, start.column, start.line, start.column + len(node.arg.encode()))
        if written.text(place) != node.arg:
            return None
        return Fix(f"Write {name}", (Edit(place, name),), SAFE)

    return repair


_OPENS = pattern(r"betas\s*=\s*[(\[]\s*")
_PARTS = pattern(r"\s*,\s*")
_CLOSES = pattern(r"\s*(,\s*)?[)\]]")


def split_betas(fact: Construction, keyword: Keyword) -> Repair:
    """``beta1=a, beta2=b`` for ``betas=(a, b)``."""

    def repair(written: Written) -> Optional[Fix]:
        node = written.at(keyword.location, ast.keyword)
        if node is None or _call_of(written, node, fact) is None or not isinstance(node.value, (ast.Tuple, ast.List)):
            return None
        if len(node.value.elts) != 2 or any(isinstance(one, ast.Starred) for one in node.value.elts):
            return None
        whole, first, second = place_of(node), place_of(node.value.elts[0]), place_of(node.value.elts[1])
        opening = Place(whole.line, whole.column, first.line, first.column)
        comma = Place(first.end_line, first.end_column, second.line, second.column)
        closing = Place(second.end_line, second.end_column, whole.end_line, whole.end_column)
        for form, place in ((_OPENS, opening), (_PARTS, comma), (_CLOSES, closing)):
            if not form.fullmatch(written.text(place)):  # a comment, or a parenthesis of its own
                return None
        edits = (Edit(opening, "beta1="), Edit(comma, ", beta2="), Edit(closing, ""))
        return Fix("Write beta1 and beta2", edits, SAFE)

    return repair


def _call_of(written: Written, node: ast.AST, fact: Construction) -> Optional[ast.Call]:
    """The call that builds the optimizer, where the argument is written in it and it can build nothing else."""
    call = written.parent(node)
    if not isinstance(call, ast.Call) or fact.location != Location(written.path, place_of(call)):
        return None
    base = isinstance(call.func, ast.Attribute) and call.func.attr == "__init__"
    return call if base or written.is_fixed(call.func) else None


def is_argument(written: Written, node: ast.AST, calls: tuple[Location, ...]) -> bool:
    """Whether an expression is written as an argument of one of the calls."""
    call = written.parent(node)
    if isinstance(call, ast.keyword) and call.arg is not None:
        call = written.parent(call)
    if not isinstance(call, ast.Call) or call.func is node:
        return False
    return any(one.path == written.path and one.place == place_of(call) for one in calls)


def _in_list(written: Written, node: ast.expr, applicability: Applicability) -> Optional[Fix]:
    """``list(...)`` around an expression."""
    if written.bound.get("list"):
        return None
    place = place_of(node)
    start, end = before(place), after(place)
    if isinstance(node, ast.GeneratorExp):
        call = written.parent(node)
        if not isinstance(call, ast.Call) or after(place_of(call)) != end:
            return Fix(_AROUND, (Edit(start, "list"),), applicability)  # its own parentheses will do
        # f(x for x in y): the parentheses are the call's
        start = Place(start.line, start.column + 1, start.line, start.column + 1)
        end = Place(end.line, end.column - 1, end.line, end.column - 1)
    return Fix(_AROUND, (Edit(start, "list("), Edit(end, ")")), applicability)


def wrap_argument(fact: Construction) -> Repair:
    """``list(...)`` around what an optimizer is given as its parameters."""

    def repair(written: Written) -> Optional[Fix]:
        location = fact.params_location
        node = written.at(location, ast.expr)
        if node is None or isinstance(node, ast.Starred) or not is_argument(written, node, (fact.location,)):
            return None
        return _in_list(written, node, SAFE)

    return repair


def wrap_value(entry: Entry, applicability: Applicability) -> Repair:
    """``list(...)`` around the value of a group's key."""

    def repair(written: Written) -> Optional[Fix]:
        word = written.at(entry.location, ast.keyword)
        node = written.at(entry.location, ast.expr) if word is None else word.value
        if node is None:
            return None
        parent = written.parent(node)
        shown = isinstance(parent, ast.Dict) and any(
            value is node and key is not None for key, value in zip(parent.keys, parent.values)
        )
        stored = (
            isinstance(parent, ast.Assign) and parent.value is node and isinstance(parent.targets[0], ast.Subscript)
        )
        named = isinstance(parent, ast.keyword) and parent.arg is not None
        return _in_list(written, node, applicability) if shown or stored or named else None

    return repair


#: Methods of a network whose result an optimizer takes.
_GIVERS = ("trainable_params", "get_parameters")


def give_parameters(location: Location, calls: tuple[Location, ...]) -> Repair:
    """``trainable_params()`` for the method itself, or for the ``parameters()`` of torch."""

    def repair(written: Written) -> Optional[Fix]:
        call = written.at(location, ast.Call)
        if call is not None:
            return _trainable(written, call)
        method = written.at(location, ast.Attribute)
        if method is None or method.attr not in _GIVERS or not _is_for_this(written, method, calls):
            return None
        return Fix(f"Call {method.attr}()", (Edit(after(place_of(method)), "()"),), SAFE)

    return repair


def _trainable(written: Written, call: ast.Call) -> Optional[Fix]:
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr != "parameters" or call.args or call.keywords:
        return None
    end = place_of(function)
    place = Place(end.end_line, end.end_column - len("parameters"), end.end_line, end.end_column)
    if written.text(place) != "parameters" or written.bound.get("parameters"):
        return None
    return Fix("Write trainable_params()", (Edit(place, "trainable_params"),), SAFE)


def _is_for_this(written: Written, node: ast.expr, calls: tuple[Location, ...]) -> bool:
    """Whether an expression goes to the optimizer and nowhere else."""
    if is_argument(written, node, calls):
        return True
    parent = written.parent(node)
    if isinstance(parent, ast.Dict) and node in parent.values:
        key = parent.keys[parent.values.index(node)]
        return isinstance(key, ast.Constant) and key.value == "params"
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        name, scope = parent.targets[0].id, written.scope(parent)
        return (
            isinstance(scope, ast.FunctionDef)
            and written.reads(scope, name) == 1
            or (written.reads(written.tree, name) == 1 and written.bound.get(name) == 1)
        )
    return False


# Keys of groups


def rename_key(entry: Entry, key: str, name: str, applicability: Applicability) -> Repair:
    """Write another key in a group. Not where the program looks the old one up."""

    def repair(written: Written) -> Optional[Fix]:
        place = key_place(written, entry.key, key)
        if place is None or _is_looked_up(written, key):
            return None
        return Fix(f"Write {name}", (Edit(place, name),), applicability)

    return repair


def key_place(written: Written, location: Location, key: str) -> Optional[Place]:
    """Where a key's letters are written: between plain quotes, or as a keyword of ``dict(...)``."""
    length = len(key.encode())
    start = location.place
    node = written.at(location, ast.Constant) or written.at(location, ast.keyword)
    if isinstance(node, ast.Constant):
        parent = written.parent(node)
        stored = isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store)
        if node.value != key or not (isinstance(parent, ast.Dict) and node in parent.keys or stored):
            return None
        if written.text(start) not in (f"'{key}'", f'"{key}"'):
            return None
        return Place(start.line, start.column + 1, start.line, start.column + 1 + length)
    if isinstance(node, ast.keyword):
        call = written.parent(node)
        plain = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "dict"
        place = Place(start.line, start.column, start.line, start.column + length)
        return place if plain and node.arg == key and written.text(place) == key else None
    item = written.at(location, ast.Subscript)
    if item is not None and isinstance(item.slice, ast.Constant):
        return key_place(written, Location(location.path, place_of(item.slice)), key)
    return None


def _is_looked_up(written: Written, key: str) -> bool:
    """Whether a key is written where it does not make an entry: what reads it would find nothing any more."""
    for node in walk(written.tree):
        if isinstance(node, ast.Constant) and node.value == key:
            parent = written.parent(node)
            made = isinstance(parent, ast.Dict) and node in parent.keys
            stored = isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store)
            if not made and not stored:
                return True
    return False
