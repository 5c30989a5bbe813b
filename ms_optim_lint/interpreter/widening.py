"""What a pass of a loop changes that the next one would see changed, and a store that is right at the head of both."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import Term
from ms_optim_lint.domain.values import (
    NUMBER,
    Const,
    DictContent,
    Item,
    ListContent,
    Obj,
    Sym,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter.closing import Closing, grown
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.history import History
from ms_optim_lint.interpreter.state import State, Stored
from ms_optim_lint.tree import kept_with_node, walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.state import Key


def is_own(key: Key, item: Item) -> bool:
    """Whether each pass has a thing of its own there: it was made by a loop over the same elements."""
    obj = key[0] if isinstance(key, tuple) else key
    return isinstance(obj, Obj) and bool(obj.context.elements) and obj.context.elements <= frozenset(item.elements)


@kept_with_node
def asks_size(node: ast.AST) -> bool:
    """Whether a loop asks how much is in a list that it adds to: ``if not kept: kept.append(p)``."""
    inner = list(walk(node))
    growing: set[str] = set()
    for one in inner:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in _GROWING:
            held = one.func.value  # also of ``(first if not first else rest).append(p)``
            parts = [held.body, held.orelse] if isinstance(held, ast.IfExp) else [held]
            growing.update(map(ast.dump, parts))
        elif isinstance(one, ast.AugAssign):
            growing.add(ast.dump(one.target).replace("Store()", "Load()"))
    return bool(growing) and any(ast.dump(test) in growing for one in inner for test in _asked(one))


_GROWING = frozenset("append extend add insert update".split())


def _asked(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions that a node asks for their size or truth, or takes a part of."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in (
            "len",
            "bool",
            "list",
            "tuple",
            "sum",
            "sorted",
            "reversed",
        ):
            yield from node.args
    elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield node.test
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    elif isinstance(node, ast.Subscript):
        yield node.value
    elif isinstance(node, (ast.Assign, ast.NamedExpr, ast.Return)) and node.value is not None:
        yield node.value


def changed_by(passed: State, head: State, item: Item, sized: bool = False) -> set[Key]:
    """What a pass changes that the next pass would see changed. A list that only grows does not count, where nobody asks how
    much is in it (``sized``)."""
    found: set[Key] = set()
    for key, value in passed.writes.items():
        old = head.get(key)
        if is_own(key, item):
            continue
        if old is None or old is value or old == value or isinstance(value, History):
            continue
        if isinstance(old, ListContent) and isinstance(value, ListContent) and grown(old, value) is not None:
            if not sized or old.open:
                continue
        found.add(key)
    return found


def widened(
    it: Interpreter, node: ast.AST, run: State, passed: State, changed: set[Key], item: Item, attempt: int
) -> State:
    """The store at the head of any pass but the first too: what passes change is what it was or what a pass left."""
    logic = it.logic
    head = run.fork(logic)
    first = logic.atom(logic.term("first", it.number(node), it.context, *item.elements))
    closing = Closing(it, node, run, item, "previous")
    for key in changed:
        old, new = run.get(key), passed.get(key)
        if attempt > 0:
            if isinstance(old, Value):
                term = logic.term("changing", it.number(node), it.number(key), it.context)
                head.set(key, value_of(Sym(term, _kind_of(old, new), reason="changes in a loop")))
            elif isinstance(old, ListContent):
                head.set(key, ListContent((), True, old.kind, reason="changes in a loop"))
            elif isinstance(old, DictContent):
                head.set(key, DictContent(old.entries, True, old.places, old.others))
        elif isinstance(old, Value) and isinstance(new, Value):
            renamed = closing.value(new)
            limit = logic.term("changing", it.number(node), it.number(key), it.context)
            head.set(key, join(logic, [(first, old), (logic.no(first), renamed)], limit))
        elif isinstance(old, ListContent):
            head.set(key, ListContent(old.items, True, old.kind, reason="changes in a loop"))
        elif isinstance(old, DictContent):
            head.set(key, DictContent(old.entries, True, old.places, old.others))
        elif isinstance(new, Term):
            known = isinstance(old, Term) and old.op == new.op == "version"
            head.set(key, logic.term("version" if known else "changing", it.number(node), it.number(key), it.context))
    return head


def _kind_of(*values: Optional[Stored]) -> Optional[str]:
    """The kind that all atoms have: a number that is counted up in a loop stays a number."""
    kinds: set[Optional[str]] = set()
    for value in values:
        for alternative in value.alternatives if isinstance(value, Value) else ():
            atom = alternative.atom
            if isinstance(atom, Const) and isinstance(atom.value, (int, float)):
                kinds.add(NUMBER)
            else:
                kinds.add(atom.kind if isinstance(atom, Sym) else None)
    return kinds.pop() if len(kinds) == 1 else None
