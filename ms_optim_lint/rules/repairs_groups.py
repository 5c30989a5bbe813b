"""How a list of groups, or a dict in it, is changed: the fixes that add and part entries."""

from __future__ import annotations

import ast
import io
from typing import Optional, Union

from ms_optim_lint.domain.shapes import Location, Params
from ms_optim_lint.facts import Construction
from ms_optim_lint.finding import Edit, Fix, Place
from ms_optim_lint.rules.base import Repair
from ms_optim_lint.rules.repairs import SAFE, UNSAFE, after, is_argument
from ms_optim_lint.written import Written, place_of


def has_comment(text: str) -> bool:
    """Whether there is a comment in a piece of a program."""
    if "#" not in text:
        return False
    import tokenize

    try:
        return any(token.type == tokenize.COMMENT for token in tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return True  # who knows


def add_entry(location: Location, key: str, value: str) -> Repair:
    """Give a group one more key, behind those that it has."""

    def repair(written: Written) -> Optional[Fix]:
        group = written.at(location, ast.Dict)
        if group is not None and group.keys:
            edits = appended(written, group, f"{quoted(written, group, key)}: {value}")
        else:
            edits = _keyword(written, location, f"{key}={value}")
        return Fix(f"Add {key}", edits, UNSAFE) if edits else None

    return repair


def _keyword(written: Written, location: Location, text: str) -> tuple[Edit, ...]:
    call = written.at(location, ast.Call)
    if call is None or not isinstance(call.func, ast.Name) or call.func.id != "dict" or call.args or not call.keywords:
        return ()
    last, end = place_of(call.keywords[-1]), place_of(call)
    rest = written.text(Place(last.end_line, last.end_column, end.end_line, end.end_column - 1))
    return (Edit(after(last), f", {text}"),) if rest.strip() in ("", ",") else ()


def quoted(written: Written, group: Union[ast.Dict, ast.Constant, None], key: str) -> str:
    """A key with the quotes that the file uses."""
    first = group.keys[0] if isinstance(group, ast.Dict) and group.keys else group
    double = not isinstance(first, ast.Constant) or not written.text(place_of(first)).startswith("'")
    return f'"{key}"' if double else f"'{key}'"


def appended(written: Written, node: Union[ast.List, ast.Dict], text: str) -> tuple[Edit, ...]:
    """Put one more member at the end of a list or dict that has some: on a line of its own where the last one is."""
    last = place_of(node.elts[-1] if isinstance(node, ast.List) else node.values[-1])
    end = place_of(node)
    close = Place(end.end_line, end.end_column - 1, end.end_line, end.end_column - 1)
    line = written.lines.row(close.line)
    indent = line[: len(line) - len(line.lstrip())]
    first = place_of(node.elts[-1]) if isinstance(node, ast.List) else place_of(node.keys[-1] or node.values[-1])
    row = written.lines.row(first.line)
    inner = row[: len(row) - len(row.lstrip())]
    alone = len(indent.encode()) == close.column and len(inner.encode()) == first.column
    rest = written.text(Place(last.end_line, last.end_column, close.line, close.column))
    if not alone or close.line == last.end_line:
        lined_up = len(inner.encode()) == first.column and first.line > end.line
        seam = f",\n{inner}" if lined_up else ", "
        # A parenthesis around the last member, or a comment, would be split from it.
        return (Edit(after(last), f"{seam}{text}"),) if rest.strip() in ("", ",") else ()
    comma = _comma(rest)
    if comma is None:
        return ()
    at = Place(close.line, 0, close.line, 0)
    if comma:
        return (Edit(at, f"{inner}{text},\n"),)
    return (Edit(after(last), ","), Edit(at, f"{inner}{text}\n"))


def _comma(text: str) -> Optional[bool]:
    """Whether a comma is in the text between a last member and the bracket; None where there is more than that and comments."""
    import tokenize

    words = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(f"({text})").readline):
            if token.type == tokenize.OP:
                words.append(token.string)
            elif token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER):
                return None
    except (tokenize.TokenError, SyntaxError):
        return None
    return {"()": False, "(,)": True}.get("".join(words))


#: Methods that are asked of a network for what an optimizer trains.
_ASKED = frozenset(("trainable_params", "get_parameters", "parameters_and_names", "cells_and_names"))


def add_order(fact: Construction, params: Params) -> Repair:
    """Say the order of the groups' parameters: in the list where it is written, else at the argument."""

    def repair(written: Written) -> Optional[Fix]:
        groups = written.at(params.location, ast.List)
        if groups is not None and groups.elts:
            network = _network(written, groups)
            first = groups.elts[0]
            key = quoted(written, first if isinstance(first, ast.Dict) else None, "order_params")
            edits = appended(written, groups, f"{{{key}: {network}.trainable_params()}}") if network else ()
        else:
            edits = _order_beside(written, fact) if params.container == "list" else ()
        return Fix("Add order_params", edits, UNSAFE) if edits else None

    return repair


def _order_beside(written: Written, fact: Construction) -> tuple[Edit, ...]:
    node = written.at(fact.params_location, ast.expr)
    if not isinstance(node, (ast.Name, ast.Attribute, ast.Call)) or not is_argument(written, node, (fact.location,)):
        return ()
    network = _network(written, node)
    if network is None:
        return ()
    return (Edit(after(place_of(node)), f' + [{{"order_params": {network}.trainable_params()}}]'),)


def _network(written: Written, node: ast.expr) -> Optional[str]:
    """The network whose parameters, or whose parts' parameters, the function around a node asks for up to there."""
    found = [
        dotted.split(".")
        for call in written.inside(written.scope(node))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _ASKED
        if place_of(call).line <= place_of(node).end_line
        for dotted in [written.dotted(call.func.value)]
        if dotted is not None
    ]
    common: list[str] = []
    for words in zip(*found):
        if len(set(words)) > 1:
            break
        common.append(words[0])
    return ".".join(common) if common and common != ["self"] else None


def separate_order(location: Location, key: str) -> Repair:
    """Part ``order_params`` from another key of its dict."""

    def repair(written: Written) -> Optional[Fix]:
        node = written.at(location, ast.Constant)
        group = written.parent(node) if node is not None else None
        if not isinstance(group, ast.Dict) or node not in group.keys:
            return None
        names = [one.value if isinstance(one, ast.Constant) else None for one in group.keys]
        if None in names or names.count("order_params") != 1 or names.count(key) != 1:
            return None
        if "params" not in names:
            edit = _without(written, group, names.index(key))
            return Fix(f"Leave '{key}' out", (edit,), UNSAFE) if edit is not None else None
        index = names.index("order_params")
        edit = _without(written, group, index)
        if edit is None or not isinstance(written.parent(group), ast.List):
            return None
        entry = _entry(group, index)
        order = Edit(after(place_of(group)), f", {{{written.text(entry)}}}")
        return Fix("Give order_params a dict of its own", (edit, order), SAFE)

    return repair


def _entry(group: ast.Dict, index: int) -> Place:
    start, end = place_of(group.keys[index] or group), place_of(group.values[index])
    return Place(start.line, start.column, end.end_line, end.end_column)


def _without(written: Written, group: ast.Dict, index: int) -> Optional[Edit]:
    """Take one entry of several out of a dict. None where a comment or a parenthesis is in the way."""
    own = _entry(group, index)
    if index + 1 < len(group.keys):
        other = _entry(group, index + 1)
        place = Place(own.line, own.column, other.line, other.column)
        between = written.text(Place(own.end_line, own.end_column, other.line, other.column))
    else:
        other = _entry(group, index - 1)
        place = Place(other.end_line, other.end_column, own.end_line, own.end_column)
        between = written.text(Place(other.end_line, other.end_column, own.line, own.column))
        end = place_of(group)
        rest = written.text(Place(own.end_line, own.end_column, end.end_line, end.end_column - 1))
        if ")" in rest.partition("#")[0]:
            return None
    if between.strip() != "," or has_comment(written.text(own)):
        return None
    return Edit(place, "")
