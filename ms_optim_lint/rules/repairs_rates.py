"""How a rate that is set is changed: the fixes that call MindSpore's own functions instead."""

from __future__ import annotations

import ast
import re
from typing import Optional

from ms_optim_lint.domain.shapes import Location
from ms_optim_lint.finding import Applicability, Edit, Fix, Place
from ms_optim_lint.rules.base import Repair
from ms_optim_lint.rules.repairs import after, before
from ms_optim_lint.written import Written, imported_names, place_of

_EQUALS = re.compile(r"[ \t]*=[ \t]*")


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
