"""What a program chooses with ``mindspore.set_context``: the mode and the device; and what it compiles with ``mindspore.jit``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import Const, Ext, Function, Method, Value
from ms_optim_lint.patterns import pattern
from ms_optim_lint.tree import text_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.library.table import CallSite

#: Another mode than PyNative is chosen somewhere, or may be.
_OTHER_MODE = pattern(
    r"GRAPH_MODE|set_context\((?:[^()]|\([^()]*\))*?\bmode\s*=\s*(?![\w.]*PYNATIVE_MODE|1\b)|set_context\(\s*[^)\s=]+\s*[,)]"
)
_PYNATIVE = pattern(r"PYNATIVE_MODE")
_JIT = pattern(r"\bjit\b|ms_function")
_MODES = {"mindspore.GRAPH_MODE": "graph", "mindspore.PYNATIVE_MODE": "pynative", 0: "graph", 1: "pynative"}


def set_context(it: Interpreter, site: CallSite) -> Value:
    """``mindspore.set_context(mode=..., device_target=...)``."""
    for name, position in (("mode", 0), ("device_target", 1)):
        given = site.get(name, position if not site.name.endswith("set_device") else position - 1)
        if given is not None:
            it.state.set(("context", name), given)
    return it.unknown(site.node, "None", frame=site.frame)


def mode(it: Interpreter) -> Optional[str]:
    """``graph`` or ``pynative``, where the program has said so before; ``unknown`` where it said something that is not known;
    None where it said nothing in sight."""
    chosen = it.state.get(("context", "mode"))
    if not isinstance(chosen, Value):
        return None
    atom = chosen.single
    if isinstance(atom, Ext):
        return _MODES.get(atom.name, "unknown")
    if isinstance(atom, Const) and isinstance(atom.value, int):
        return _MODES.get(atom.value, "unknown")
    return "unknown"


def eager(it: Interpreter) -> bool:
    """Whether the program certainly runs in PyNative mode: it has chosen that before; or all that is in sight chooses nothing
    else, and it is a program, not a part of one that another file sets up."""
    chosen = mode(it)
    if chosen is not None:
        return chosen == "pynative"
    texts = [module.text for module in it.modules.values() if module is not None]
    if any(_OTHER_MODE.search(text) for text in texts):
        return False
    alone = bool(it.calls) and it.calls[0].site.node is it.calls[0].node
    return any(_PYNATIVE.search(text) for text in texts) or not alone


def jit(it: Interpreter, site: CallSite) -> Value:
    """``mindspore.jit(function)``: the function, compiled."""
    for name in ("fn", "function"):
        given = site.get(name, 0)
        for alternative in it.alternatives(given) if given is not None else ():
            atom = alternative.atom.function if isinstance(alternative.atom, Method) else alternative.atom
            if isinstance(atom, Function):
                it.jitted.add(atom.node)
        if given is not None:
            return given
    return it.unknown(site.node, f"result of {site.name}", frame=site.frame)


def compiled(it: Interpreter) -> bool:
    """Whether what runs now certainly is compiled: in GRAPH mode, or in a function under ``jit``."""
    return mode(it) == "graph" or any(call.node in it.jitted or _is_decorated(call.node) for call in it.calls)


def _is_decorated(node: ast.AST) -> bool:
    return any(_JIT.search(text_of(decorator)) for decorator in getattr(node, "decorator_list", ()))


def device(it: Interpreter) -> Optional[str]:
    """The ``device_target`` that the program has chosen, where it is a constant; None elsewhere."""
    chosen = it.state.get(("context", "device_target"))
    atom = chosen.single if isinstance(chosen, Value) else None
    return atom.value if isinstance(atom, Const) and isinstance(atom.value, str) else None
