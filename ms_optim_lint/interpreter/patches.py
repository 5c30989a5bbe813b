"""Programs that give MindSpore's own classes attributes that these do not have."""
from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from ms_optim_lint.domain.values import PARAMETER, TENSOR
from ms_optim_lint.interpreter.interest import words_of
from ms_optim_lint.interpreter.modules import Module

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

#: The classes through which something of each kind can get an attribute.
_CLASSES = {
    TENSOR: frozenset(("Tensor",)),
    PARAMETER: frozenset(("Parameter", "Tensor")),
    "cell": frozenset(("Cell",)),
    "optimizer": frozenset(("Optimizer", "Cell")),
}
#: Packages that give torch's methods to MindSpore's classes when they are imported.
_PATCHING = frozenset(("mindnlp", "mindtorch", "msadapter", "mindspore_adapter", "torch4ms", "mindhf"))
#: Packages that are often imported only for what importing does, and leave MindSpore alone.
_HARMLESS = frozenset(("mindspore", "numpy", "torch", "moxing", "mindx", "readline", "matplotlib", "cv2", "tqdm"))


def is_patched(it: Interpreter, kind: str, name: str) -> bool:
    """Whether objects of a kind may have the attribute ``name`` because the program, or what it imports, gives it to them."""
    if any(patched.rpartition(".")[2] in _CLASSES.get(kind, ()) for patched in it.patched):
        return True
    return any(_patches(it, module, kind, name) for module in it.modules.values() if module is not None) or _stored(
        it.module, kind, name
    )


def _patches(it: Interpreter, module: Module, kind: str, name: str) -> bool:
    found = getattr(module, "_mso_patches", None)
    if found is None:
        found = module._mso_patches = _side_effects(it, module)  # type: ignore[attr-defined]
    return bool(found) or _assigns_to_class(module, kind)


def _side_effects(it: Interpreter, module: Module) -> bool:
    """Whether the module imports a package that patches, or imports something unknown for nothing but its effects."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            if (node.module or "").split(".")[0] in _PATCHING:
                return True
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                if top in _PATCHING:
                    return True
                known = top in _HARMLESS or top in _standard() or it.project.find(alias.name, module.path) is not None
                if not known and (alias.asname or top) not in words_of(module.tree):
                    return True
    return False


def _standard() -> frozenset[str]:
    names = getattr(sys, "stdlib_module_names", None)  # from Python 3.10
    return frozenset(names) if names is not None else frozenset(sys.builtin_module_names) | {"os", "sys", "time", "logging"}


def _assigns_to_class(module: Module, kind: str) -> bool:
    """``Tensor.backward = ...`` or ``setattr(Tensor, ...)`` anywhere in the module's text."""
    classes = _CLASSES.get(kind, frozenset())
    if not any(word in module.text for word in classes):
        return False
    for node in ast.walk(module.tree):
        target = None
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            target = node.targets[0].value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr" and node.args:
            target = node.args[0]
        short = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
        if short in classes:
            return True
    return False


def _stored(module: Module, kind: str, name: str) -> bool:
    """``x.grad = ...`` on tensors or parameters: what was stored can be read."""
    if kind not in (TENSOR, PARAMETER) or f".{name}" not in module.text:
        return False
    return any(
        isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(module.tree)
    )
