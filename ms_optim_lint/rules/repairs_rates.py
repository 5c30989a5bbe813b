"""How a rate that is set is changed: the fixes that call MindSpore's own functions instead."""

from __future__ import annotations

import ast
import re
from typing import Optional

from ms_optim_lint.domain.shapes import Location
from ms_optim_lint.facts import RateReplaced
from ms_optim_lint.finding import Applicability, Edit, Fix, Place
from ms_optim_lint.patterns import pattern
from ms_optim_lint.rules.base import Repair
from ms_optim_lint.rules.repairs import SAFE, UNSAFE, after, before
from ms_optim_lint.rules.repairs_groups import has_comment
from ms_optim_lint.written import Written, imported_names, place_of

_EQUALS = pattern(r"[ \t]*=[ \t]*")


def assign(location: Location, applicability: Applicability) -> Repair:
    """``ops.assign(x, value)`` for ``x = value``."""

    def repair(written: Written) -> Optional[Fix]:
        target = written.at(location, ast.Attribute)
        statement = written.parent(target) if target is not None else None
        if target is None or not isinstance(statement, ast.Assign) or statement.targets != [target]:
            return None
        if isinstance(statement.value, (ast.Yield, ast.YieldFrom, ast.Starred)):
            return None
        start, end = place_of(target), place_of(statement)
        value = place_of(statement.value)
        equals = _EQUALS.match(written.text(Place(start.end_line, start.end_column, value.line, value.column)))
        function, edits = _function(written, "ops", "assign", start.line)
        if equals is None or function is None:
            return None
        gap = Place(start.end_line, start.end_column, start.end_line, start.end_column + equals.end())
        edits = (*edits, Edit(before(start), f"{function}("), Edit(gap, ", "), Edit(after(end), ")"))
        return Fix(f"Write {function}(...)", edits, applicability)

    return repair


def assign_instead(fact: RateReplaced) -> Repair:
    """``ops.assign(rate, value)`` for ``rate = Parameter(value)``, ``rate = Tensor(...)``, ``rate *= value`` and
    ``rate.set_data(...)``. Safe where the value is certainly one number, of a type that it takes."""

    def repair(written: Written) -> Optional[Fix]:
        target = written.at(fact.location, ast.Attribute)
        statement = written.parent(target) if target is not None else None
        if target is None or target.attr == "set_data":
            return _for_set_data(written, target, fact)
        if isinstance(statement, ast.AugAssign):
            return _for_augmented(written, target, statement, fact)
        plain = assign(fact.location, UNSAFE)(written)
        if plain is None or not isinstance(statement, ast.Assign):
            return plain
        edits, applicability = _value(written, statement.value, fact)
        return Fix(plain.message, (*plain.edits, *edits), applicability)

    return repair


def _value(written: Written, value: ast.expr, fact: RateReplaced) -> tuple[tuple[Edit, ...], Applicability]:
    """How the new rate is written for ``ops.assign``: a number without the Tensor or Parameter around it."""
    location = Location(written.path, place_of(value))
    if location in fact.values:
        return (), SAFE
    if (
        isinstance(value, ast.Call)
        and value.args
        and location in fact.makings
        and not isinstance(value.args[0], (ast.Starred, ast.GeneratorExp))
    ):
        whole, inner = place_of(value), place_of(value.args[0])
        if Location(written.path, inner) in fact.values:
            opening = Place(whole.line, whole.column, inner.line, inner.column)
            closing = Place(inner.end_line, inner.end_column, whole.end_line, whole.end_column)
            if not has_comment(f"{written.text(opening)}0{written.text(closing)}"):
                return (Edit(opening, ""), Edit(closing, "")), SAFE
    return (), UNSAFE


#: What ``rate *= ...`` stands for.
_OPERATORS = {ast.Mult: "*", ast.Div: "/", ast.Add: "+", ast.Sub: "-"}


def _for_augmented(
    written: Written, target: ast.Attribute, statement: ast.AugAssign, fact: RateReplaced
) -> Optional[Fix]:
    operator, start, end = _OPERATORS.get(type(statement.op)), place_of(target), place_of(statement)
    value, name = place_of(statement.value), written.dotted(target)
    gap = written.text(Place(start.end_line, start.end_column, value.line, value.column))
    equals = re.match(rf"[ \t]*{re.escape(operator or '')}=[ \t]*", gap)
    function, edits = _function(written, "ops", "assign", start.line)
    if operator is None or name is None or equals is None or function is None:
        return None
    own = equals.end() < len(gap) or not isinstance(
        statement.value, (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp)
    )
    inside = ("", "") if own else ("(", ")")
    fits = Location(written.path, end) in fact.values
    edits = (
        *edits,
        Edit(before(start), f"{function}("),
        Edit(
            Place(start.end_line, start.end_column, start.end_line, start.end_column + equals.end()),
            f", {name} {operator} {inside[0]}",
        ),
        Edit(after(end), f"{inside[1]})"),
    )
    return Fix(f"Write {function}(...)", edits, SAFE if fits else UNSAFE)


def _for_set_data(written: Written, method: Optional[ast.Attribute], fact: RateReplaced) -> Optional[Fix]:
    call = written.parent(method) if method is not None else None
    if method is None or not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
        return None
    if not isinstance(written.parent(call), ast.Expr) or isinstance(call.args[0], (ast.Starred, ast.GeneratorExp)):
        return None
    start, rate, first = place_of(call), place_of(method.value), place_of(call.args[0])
    function, edits = _function(written, "ops", "assign", start.line)
    gap = written.text(Place(rate.end_line, rate.end_column, first.line, first.column))
    if function is None or not gap.startswith(".set_data("):
        return None
    end = Place(rate.end_line, rate.end_column, rate.end_line, rate.end_column + len(".set_data("))
    comma = "," if gap[len(".set_data(") :][:1].isspace() else ", "
    more, applicability = _value(written, call.args[0], fact)
    edits = (*edits, Edit(before(start), f"{function}("), Edit(end, comma), *more)
    return Fix(f"Write {function}(...)", edits, applicability)


def _function(written: Written, module: str, name: str, line: int) -> tuple[Optional[str], tuple[Edit, ...]]:
    """How the file can call a function of a module of MindSpore above a line, and the import that this needs."""
    known = written.named(f"mindspore.{module}.{name}", line)
    if known is not None:
        return known, ()
    imports = [node for node in written.imports if node.end_lineno is not None and node.end_lineno < line]
    ours = [
        node for node in imports if any(meaning.partition(".")[0] == "mindspore" for _, meaning in imported_names(node))
    ]
    if not ours or written.bound.get(module):
        return None, ()
    for node in ours:
        words = written.text(place_of(node))
        if isinstance(node, ast.ImportFrom) and node.module == "mindspore" and not node.level:
            if "(" not in words and "\n" not in words and "*" not in words:
                return f"{module}.{name}", (Edit(after(place_of(node)), f", {module}"),)
    end = written.end_of_line(place_of(ours[0]).end_line)
    return f"{module}.{name}", (Edit(end, f"\nfrom mindspore import {module}"),)
