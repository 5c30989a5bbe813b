"""Looking for a Parameter in a list: Python compares with ``==``, which MindSpore does element by element."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, Term
from ms_optim_lint.domain.shapes import Part
from ms_optim_lint.domain.values import PARAMETER, Atom, Instance, ListContent, Ref, Site, Sym, Tuple, Value
from ms_optim_lint.facts import ParameterTest
from ms_optim_lint.interpreter import classes, concrete
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.notes import circumstances
from ms_optim_lint.interpreter.notes_attributes import own_network

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame


def tested(it: Interpreter, how: str, wanted: Value, where: Value, node: ast.expr, frame: Frame) -> None:
    """``wanted in where``, ``where.remove(wanted)`` or the like."""
    for one in it.alternatives(wanted):
        if not (isinstance(one.atom, Sym) and one.atom.kind == PARAMETER and _of_a_cell(it, one.atom.term)):
            continue
        for other in it.alternatives(where):
            if _compares(it, one.atom, other.atom):
                when = it.logic.both(one.when, other.when)
                facts = circumstances(it, locate(Site(frame.module, node)), when)
                it.facts.append(ParameterTest(*facts, how, ast.unparse(node)))


def _of_a_cell(it: Interpreter, term: Term) -> bool:
    """Whether a Parameter is of a network that is built in sight, and certainly is a Cell."""
    if not own_network(term):
        return False
    for element in term.elements:
        base = element.args[0]
        obj = it.object_of(base.args[0]) if isinstance(base, Term) and isinstance(base.args[0], Term) else None
        content = it.content(Ref(obj)) if obj is not None else None
        if not isinstance(content, Instance) or not classes.is_network(it, content):
            return False
    return True


def _compares(it: Interpreter, wanted: Sym, where: Atom) -> bool:
    """Whether the Parameter is compared with another one. One that is found first by itself is not compared."""
    content: Optional[object] = it.content(where) if isinstance(where, Ref) else where
    if not isinstance(content, (ListContent, Tuple)) or content.open:
        return False
    if isinstance(content, ListContent) and content.kind not in ("list", "iterator", "view"):
        return False
    parts = []
    for item in content.items:
        atom = item.value.single
        if not (isinstance(atom, Sym) and atom.kind == PARAMETER):
            return False
        parts.append(Part(atom.term, item.when, item.elements, row=item.row))
    if not parts:
        return False
    first = parts[0]
    if not first.elements and first.when == ALWAYS and first.term is wanted.term:
        return False
    return _first_of(it, parts) is not _only(it, wanted)


def _first_of(it: Interpreter, parts: list[Part]) -> Optional[Term]:
    """The Parameter that certainly is the first of a list, where the network is known."""
    made = concrete.listed(it, parts)
    return made[0].term if made and made[0].when == ALWAYS else None


def _only(it: Interpreter, wanted: Sym) -> Optional[Term]:
    """The one Parameter of a network that this is; the term itself where it may be several."""
    made = concrete.listed(it, [Part(wanted.term, ALWAYS, tuple(wanted.term.elements))])
    return made[0].term if made and len(made) == 1 else wanted.term
