"""What a program chooses with ``mindspore.set_context``: the mode and the device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import Const, Ext, Value

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.library.table import CallSite

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


def device(it: Interpreter) -> Optional[str]:
    """The ``device_target`` that the program has chosen, where it is a constant; None elsewhere."""
    chosen = it.state.get(("context", "device_target"))
    atom = chosen.single if isinstance(chosen, Value) else None
    return atom.value if isinstance(atom, Const) and isinstance(atom.value, str) else None
