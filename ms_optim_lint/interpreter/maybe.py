"""What may have happened: a piece of code may run, or not, once or more than once, now or later. What it changes of the things
that were there before is unknown from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import DictContent, ListContent, Obj, Sym, Value, value_of

if TYPE_CHECKING:
    import ast

    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.state import Key, State, Stored


def perhaps_done(
    it: Interpreter, base: State, writes: dict[Key, Stored], node: ast.AST, own: Optional[int] = None
) -> None:
    """Write into ``base`` what holds after code that may have written this; ``own`` is the number of its own frame."""
    for key, stored in writes.items():
        if own is not None and isinstance(key, tuple) and key[0] == own:
            continue
        old = base.get(key)
        if old is None or old is stored or old == stored or _is_private(key):
            base.set(key, stored)
        elif isinstance(old, Value):
            base.set(key, value_of(Sym(it.fresh(node, what="perhaps"), reason="perhaps changed")))
        elif isinstance(old, ListContent):
            base.set(key, ListContent((), True, old.kind, old.consumed, "perhaps changed"))
        elif isinstance(old, DictContent):
            base.set(key, DictContent((), True))
        else:
            base.set(key, stored)


def _is_private(key: Key) -> bool:
    """Whether the interpreter keeps something for itself there."""
    return not isinstance(key, Obj) and isinstance(key, tuple) and any(isinstance(p, str) and p[:1] == "#" for p in key)
