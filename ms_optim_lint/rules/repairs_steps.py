"""How the training loop is changed."""

from __future__ import annotations

import ast
from typing import Optional

from ms_optim_lint.domain.shapes import Location
from ms_optim_lint.finding import Applicability, Edit, Fix
from ms_optim_lint.rules.base import Repair
from ms_optim_lint.rules.repairs_groups import has_comment
from ms_optim_lint.tree import walk
from ms_optim_lint.written import Scope, Written, place_of


def take_parameters_of(weights: Location, optimizer: Location, applicability: Applicability) -> Repair:
    """``optimizer.parameters`` as the weights of a gradient function: where the optimizer is built above it, and kept under a
    name that both can use."""

    def repair(written: Written) -> Optional[Fix]:
        node, built = written.at(weights, ast.expr), written.at(optimizer, ast.Call)
        if node is None or built is None or isinstance(node, ast.Starred) or place_of(built) > place_of(node):
            return None
        if has_comment(f"({written.text(place_of(node))})"):
            return None
        kept = written.parent(built)
        call = written.parent(node)
        given = (
            isinstance(call, ast.Call) and node in call.args or isinstance(call, ast.keyword) and call.arg is not None
        )
        if not given or not isinstance(kept, ast.Assign) or len(kept.targets) != 1 or kept.value is not built:
            return None
        name = written.dotted(kept.targets[0])
        if name is None or not _has_one_meaning(written, name, written.scope(built), written.scope(node)):
            return None
        return Fix(f"Write {name}.parameters", (Edit(place_of(node), f"{name}.parameters"),), applicability)

    return repair


def _has_one_meaning(written: Written, name: str, there: Scope, here: Scope) -> bool:
    """Whether a name that is set in one function or module means the same in another."""
    if there is not here and not isinstance(there, ast.Module):
        return False
    if "." not in name:
        return written.bound.get(name) == 1
    sets = [
        node
        for node in walk(written.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and written.dotted(node) == name
    ]
    return there is here and len(sets) == 1
