"""Programs that give MindSpore's own classes attributes that these do not have."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

from ms_optim_lint.domain.values import PARAMETER, TENSOR
from ms_optim_lint.interpreter.modules import Module, top_level
from ms_optim_lint.interpreter.names import imported_module
from ms_optim_lint.patterns import pattern
from ms_optim_lint.tree import walk

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
#: Packages that know nothing of MindSpore, or leave it alone: often imported and not used, or only for what importing does.
_HARMLESS = frozenset(
    "mindspore numpy torch torchvision tensorflow transformers timm onnx onnxruntime moxing mindx readline matplotlib seaborn"
    " plotly cv2 PIL skimage imageio imgaug albumentations SimpleITK nibabel pycocotools shapely tqdm pandas scipy sklearn numba"
    " joblib networkx h5py lmdb yaml ruamel ujson easydict addict omegaconf hydra absl requests psutil pynvml librosa soundfile"
    " nltk jieba sentencepiece tiktoken gym gymnasium einops termcolor colorama prettytable wandb tensorboard tensorboardX"
    " tensorboard_logger visdom ipdb pytest click gradio six regex markdown openpyxl xlrd loguru fire icecream debugpy"
    " torchaudio torch_geometric torch_npu torch_mlu pytorch3d kornia mmcv paddle dgl ogb rdkit deepchem gensim spacy trimesh"
    " open3d rawpy imagesize hdf5storage motmetrics kagglehub shortuuid keyboard accelerate peft torchmetrics".split()
)


#: No more files are read than this to see whether one patches.
_MAX_READ = 25
_EVERYTHING = frozenset(("Tensor", "Parameter", "Cell", "Optimizer"))
_BEFORE = "setattr(", "Tensor.", "Parameter.", "Cell.", "Optimizer."
_ASSIGNED = pattern(r"\b(?:Tensor|Parameter|Cell|Optimizer)\.\w+\s*=[^=]|setattr\(")


def is_patched(it: Interpreter, kind: str, name: str) -> bool:
    """Whether objects of a kind may have the attribute ``name`` because the program, or what it imports, gives it to them."""
    if _stored(it.module, kind, name):
        return True
    classes = _CLASSES.get(kind, frozenset())
    _read_imports(it)
    if any(patched.rpartition(".")[2] in classes for patched in it.patched):
        return True
    return any(classes & _patches(it, module) for module in it.modules.values() if module is not None)


def is_module_patched(it: Interpreter, full: str) -> bool:
    """Whether the program, or what it imports, may put a name into a module of MindSpore that does not have it."""
    module, _, name = full.rpartition(".")
    if module in it.patched:
        return True
    _read_imports(it)
    last = re.escape(module.rpartition(".")[2])
    assigned = re.compile(
        rf"\.{re.escape(name)}\s*=[^=]|setattr\(\s*(?:[\w.]*\.)?(?:{last}|nn|optim|ms|mindspore|lr_scheduler)\b|sys\.modules\["
    )
    return any(
        found is not None and (_EVERYTHING == _patches(it, found) or assigned.search(found.text) is not None)
        for found in it.modules.values()
    )


def _read_imports(it: Interpreter) -> None:
    """Read the project's modules that the file imports, and those that these import: they run, whether used or not."""
    if it.read_imports:
        return
    it.read_imports = True
    modules = [it.module]
    for _ in range(2):
        found: list[Module] = []
        for module in modules:
            for node in top_level(module.tree.body):
                if isinstance(node, (ast.Import, ast.ImportFrom)) and len(it.modules) < _MAX_READ:
                    found.extend(imported_module(it, module, node))
        modules = found


def _patches(it: Interpreter, module: Module) -> frozenset[str]:
    """The classes of MindSpore that a module may give attributes, by its text."""
    if module.patches is None:
        found = _EVERYTHING if _side_effects(it, module) else frozenset()
        if any(word in module.text for word in _BEFORE) and _ASSIGNED.search(module.text):
            found |= _assigned_classes(module)
        module.patches = found
    return module.patches


def _side_effects(it: Interpreter, module: Module) -> bool:
    """Whether the module imports a package that patches, or imports something unknown for nothing but its effects."""
    for node in top_level(module.tree.body):
        if isinstance(node, ast.ImportFrom) and not node.level:
            if (node.module or "").split(".")[0] in _PATCHING:
                return True
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                if top in _PATCHING:
                    return True
                known = top in _HARMLESS or top in _standard() or it.project.find(alias.name, module.path) is not None
                if not known and len(re.findall(rf"\b{re.escape(alias.asname or top)}\b", module.text)) == 1:
                    return True
    return False


def _standard() -> frozenset[str]:
    names = getattr(sys, "stdlib_module_names", None)  # from Python 3.10
    return (
        frozenset(names)
        if names is not None
        else frozenset(sys.builtin_module_names) | {"os", "sys", "time", "logging"}
    )


def _assigned_classes(module: Module) -> frozenset[str]:
    """``Tensor.backward = ...`` or ``setattr(Tensor, ...)`` anywhere in the module's text."""
    found = set()
    for node in walk(module.tree):
        target = None
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            target = node.targets[0].value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr" and node.args:
            target = node.args[0]
        found.add(
            target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
        )
    return _EVERYTHING & found


def _stored(module: Module, kind: str, name: str) -> bool:
    """``x.grad = ...`` on tensors or parameters: what was stored can be read."""
    return kind in (TENSOR, PARAMETER) and re.search(rf"\.{name}\s*=[^=]", module.text) is not None
