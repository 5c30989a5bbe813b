"""Whether anything that is judged is in sight of a piece of code. Where nothing is, it need not be followed alone.

What is judged comes from MindSpore by a name (an optimizer, a schedule, ``value_and_grad``, a Parameter), or it is a tensor, or
a Parameter of a network that is made in sight. It is in sight of code that names it, or that names a definition of the project
of which it is in sight. Where that is not certain, it is in sight.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.logic import TooComplex
from ms_optim_lint.domain.values import (
    TENSOR,
    Class,
    Const,
    Ext,
    Function,
    ModuleRef,
    Sym,
    Truth,
    Value,
)
from ms_optim_lint.interpreter.budget import OutOfBudget
from ms_optim_lint.interpreter.interest import speaks_of_optimizers
from ms_optim_lint.interpreter.methods import PARAMETER_METHODS
from ms_optim_lint.interpreter.modules import Module, bound_names
from ms_optim_lint.interpreter.names import BUILTINS, from_import, imported, module_attribute
from ms_optim_lint.interpreter.patches import is_patched
from ms_optim_lint.interpreter.registries import registrars
from ms_optim_lint.mindspore import catalogue, missing
from ms_optim_lint.mindspore.data import Version
from ms_optim_lint.records import NamedTuple
from ms_optim_lint.tree import keep, nodes_of, walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

#: No more definitions of other files are looked at, none that is longer, and no more imports: to follow costs less then.
_MAX_ELSEWHERE = 12
_MAX_LINES = 300
_MAX_IMPORTS = 60
#: What facts are noted of, besides optimizers and schedules.
_JUDGED = frozenset(
    "mindspore.Parameter mindspore.grad mindspore.jit mindspore.ms_function mindspore.nn.ForwardValueAndGrad"
    " mindspore.nn.TrainOneStepCell mindspore.nn.TrainOneStepWithLossScaleCell mindspore.ops.GradOperation"
    " mindspore.save_checkpoint mindspore.train.LearningRateScheduler mindspore.train.Model"
    " mindspore.value_and_grad".split()
)
#: Modules that hold such names, and those that have little else.
_HOLDING = frozenset("mindspore mindspore.nn mindspore.mint mindspore.ops mindspore.train".split())
_MODULES = (
    "mindspore.nn.optim",
    "mindspore.nn.dynamic_lr",
    "mindspore.nn.learning_rate_schedule",
    "mindspore.experimental",
    "mindspore.mint.optim",
)
#: Attributes that MindSpore's tensors do not have.
_OF_TORCH = frozenset(("grad", "backward"))
#: Functions that give a module by its name, or something of one.
_OPEN = frozenset("__import__ eval exec globals locals".split())

_Import = Union[ast.Import, ast.ImportFrom]


class _Name(NamedTuple):
    """A dotted name as code uses it: ``nn.SGD`` is ``nn`` and ``("SGD",)``. ``use`` is ``test`` where ``isinstance`` asks for it,
    ``alone`` where it is called and nobody takes the result, and ``set`` where an attribute of it is set."""

    first: str
    rest: tuple[str, ...]
    use: str


class Look(NamedTuple):
    """What one piece of code names: ``own`` things of its module, and ``imports``, names with the statements that import them.
    ``runs`` are the names that its import statements ask for, ``torch`` the attributes of torch's tensors that it reads;
    ``parameters``: it asks a network for them."""

    judged: bool
    parameters: bool
    torch: frozenset[str]
    own: tuple[ast.AST, ...]
    imports: tuple[tuple[_Import, _Name], ...]
    runs: tuple[str, ...]


class _Named(NamedTuple):
    """What a dotted name of MindSpore is, or leads to."""

    canonical: str
    judged: bool
    cell: bool
    missing: bool


@functools.cache
def _named(full: str, version: Version) -> _Named:
    parts = full.split(".")
    names = [catalogue.canonical(".".join(parts[:end])) for end in range(1, len(parts) + 1)]
    asked = (f"{name}.{part}" for name, part in zip(names, parts[1:]))
    lacks = any(missing.looked_for(one, version) is not None for one in asked)
    judged = any(name in _JUDGED or name in catalogue.schedules() or catalogue.optimizer(name) for name in names)
    judged = judged or names[-1] in _HOLDING or names[-1].startswith(_MODULES)
    return _Named(names[-1], judged, any(map(catalogue.is_cell, names)), lacks)


def in_sight(it: Interpreter, pieces: Iterable[ast.AST]) -> bool:
    """Whether something that is judged is in sight of any of these pieces of the document."""
    try:
        return _Search(it).finds((it.module, piece) for piece in pieces)
    except (TooComplex, OutOfBudget, RecursionError):
        return True


class _Search:
    """One question."""

    def __init__(self, it: Interpreter) -> None:
        self._it = it
        self._seen: set[ast.AST] = set()
        self._imports: list[tuple[Module, _Import, _Name]] = []
        self._elsewhere = 0
        self._version = it.project.settings.mindspore_version
        #: what was seen so far
        self._torch: set[str] = set()
        self._parameters = False
        self._cells = False
        self._tensors = False

    def finds(self, pieces: Iterable[tuple[Module, ast.AST]]) -> bool:
        """Whether something is found in the pieces, or in what they lead to."""
        waiting = list(pieces)
        while waiting or self._imports:
            if waiting:
                module, piece = waiting.pop()
                if piece not in self._seen:
                    self._seen.add(piece)
                    if self._is_judged_in(module, piece, waiting):
                        return True
            elif self._is_judged_behind(*self._imports.pop(), waiting):  # only now: it may read other files
                return True
        return self._meets()

    def _is_judged_in(self, module: Module, piece: ast.AST, waiting: list[tuple[Module, ast.AST]]) -> bool:
        if module is not self._it.module:
            self._elsewhere += 1
            if self._elsewhere > _MAX_ELSEWHERE or _lines(piece) > _MAX_LINES:
                return True
        look = _look(module, piece)
        if look.judged or len(self._imports) > _MAX_IMPORTS:
            return True
        self._torch |= look.torch
        self._parameters = self._parameters or look.parameters
        for statement, name in look.imports:
            full = _full_name(statement, name)
            if full.partition(".")[0] != "mindspore":
                self._imports.append((module, statement, name))
            elif self._is_judged(full, name.use):
                return True
        waiting.extend((module, one) for one in look.own)
        if self._parameters and self._cells:
            return True
        return any(_named(full, self._version).missing for full in look.runs)

    def _meets(self) -> bool:
        """Whether a network that is asked for its parameters may be made in sight, or a tensor be taken for torch's."""
        if self._parameters and self._cells:
            return True
        if not (self._parameters or self._tensors):
            return False
        return not all(is_patched(self._it, TENSOR, name) for name in self._torch)

    def _is_judged(self, full: str, use: str) -> bool:
        """Whether a name of MindSpore is judged where it is used so."""
        named = _named(full, self._version)
        if named.missing:
            return True
        if use == "test" or use == "alone" and named.canonical == "mindspore.save_checkpoint":
            return False
        self._cells = self._cells or named.cell
        self._tensors = True
        return named.judged or use == "set"

    def _is_judged_behind(
        self, module: Module, statement: _Import, name: _Name, waiting: list[tuple[Module, ast.AST]]
    ) -> bool:
        """Whether an import of the project's is judged. The definitions that it leads to are looked at next."""
        it = self._it
        if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            found = from_import(it, module, statement, name.first)
        else:
            found = imported(it, module, statement, name.first)
        value = found or Value(())
        rest = list(name.rest)
        while rest and isinstance(value.single, ModuleRef):
            value = module_attribute(it, value.single.module, rest.pop(0))
        for alternative in value.alternatives:
            atom = alternative.atom
            if isinstance(atom, Ext):
                if atom.name.startswith("mindspore") and self._is_judged(".".join((atom.name, *rest)), name.use):
                    return True
            elif isinstance(atom, (Function, Class)):
                if name.use == "test":
                    continue
                if isinstance(atom, Class) or speaks_of_optimizers(atom.node, atom.module):
                    waiting.append((atom.module, atom.node))
                else:
                    self._cells = True  # it is set aside where it is called: nobody knows what it gives
            elif isinstance(atom, Sym):
                if atom.term.op == "result" or atom.kind is not None:
                    return True
            elif not isinstance(atom, (Const, Truth)) and name.use != "test":
                return True
        return False


def _lines(piece: ast.AST) -> int:
    return getattr(piece, "end_lineno", 0) - getattr(piece, "lineno", 0)


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _full_name(statement: _Import, name: _Name) -> str:
    """The dotted name outside the project that a name would be; nothing where it is of the project for certain."""
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            if (alias.asname or alias.name.split(".")[0]) == name.first:
                return ".".join((alias.name if alias.asname else name.first, *name.rest))
        elif not statement.level and (alias.name == "*" or (alias.asname or alias.name) == name.first):
            return ".".join((statement.module or "", name.first if alias.name == "*" else alias.name, *name.rest))
    return ""


def _look(module: Module, piece: ast.AST) -> Look:
    found: Optional[Look] = getattr(piece, "_mso_look", None)
    if found is None:
        found = keep(piece, "_mso_look", _Reading(module).of(piece))
    return found


#: What binds names beside assignments and imports, or has annotations.
_BINDING = {ast.arg, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler}
#: All that is looked at.
_READ = _BINDING | {ast.Name, ast.Attribute, ast.Constant, ast.Import, ast.ImportFrom, ast.Call, ast.Expr}


class _Reading:
    """Reads one piece of code."""

    def __init__(self, module: Module) -> None:
        self._module = module
        #: what a part of it uses, binds itself, and imports
        self._names: set[_Name] = set()
        self._bound: set[str] = set()
        self._imports: dict[str, list[_Import]] = {}
        #: annotations, which are not followed, and parts of dotted names that were read; how expressions are used
        self._done: set[ast.AST] = set()
        self._uses: dict[ast.AST, str] = {}
        #: what is told of it
        self._own: dict[ast.AST, None] = {}
        self._found: dict[tuple[_Import, _Name], None] = {}
        self._runs: list[str] = []
        self._judged = False
        self._parameters = False
        self._torch: set[str] = set()

    def of(self, piece: ast.AST) -> Look:
        parts = [piece]
        if isinstance(piece, ast.ClassDef):
            parts = [*piece.decorator_list, *piece.bases, *(one.value for one in piece.keywords), *piece.body]
        for part in parts:
            self._read(part)
            self._resolve()
        imports, own = tuple(self._found), tuple(self._own)
        return Look(self._judged, self._parameters, frozenset(self._torch), own, imports, tuple(self._runs))

    def _read(self, part: ast.AST) -> None:
        done = self._done
        for node in nodes_of(part):
            kind = node.__class__
            if kind not in _READ or node in done:
                continue
            if isinstance(node, (ast.Name, ast.Attribute)):
                self._dotted(node)
            elif isinstance(node, ast.Constant):
                self._parameters = self._parameters or isinstance(node.value, str) and node.value in PARAMETER_METHODS
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import(node)
            elif isinstance(node, ast.Call):
                if isinstance(node.func, ast.Name) and node.func.id == "isinstance":
                    self._uses.update((inner, "test") for kind in node.args[1:] for inner in walk(kind))
                elif isinstance(node.func, ast.Name) and node.func.id == "setattr" and node.args:
                    self._judged = self._judged or not _is_self(node.args[0])
            elif isinstance(node, ast.Expr):
                if isinstance(node.value, ast.Call):
                    self._uses[node.value.func] = "alone"
            else:
                self._bindings(node)

    def _dotted(self, node: ast.expr) -> None:
        use = self._uses.get(node, "")
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            use = "set"
            self._judged = self._judged or node.attr == "learning_rate" and not _is_self(node.value)
        rest: list[str] = []
        while isinstance(node, ast.Attribute):
            rest.append(node.attr)
            node = node.value
            if isinstance(node, (ast.Attribute, ast.Name)):
                self._done.add(node)
        if rest:
            rest.reverse()
            self._judged = self._judged or "import_module" in rest
            self._parameters = self._parameters or not PARAMETER_METHODS.keys().isdisjoint(rest)
            self._torch |= _OF_TORCH.intersection(rest)
        if isinstance(node, ast.Name):
            self._judged = self._judged or node.id == "import_module"
            if isinstance(node.ctx, ast.Load):
                self._names.add(_Name(node.id, tuple(rest), use))
            else:
                self._bound.add(node.id)

    def _import(self, node: _Import) -> None:
        for name in bound_names(node):
            self._imports.setdefault(name, []).append(node)
        if isinstance(node, ast.Import):
            self._runs.extend(alias.name for alias in node.names if alias.name.startswith("mindspore."))
        elif not node.level and (node.module or "").split(".")[0] == "mindspore":
            self._runs.extend(f"{node.module}.{alias.name}" for alias in node.names)

    def _bindings(self, node: ast.AST) -> None:
        annotation = None
        if isinstance(node, ast.arg):
            self._bound.add(node.arg)
            annotation = node.annotation
        elif isinstance(node, ast.AnnAssign):
            annotation = node.annotation
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._bound.add(node.name)
            annotation = node.returns
        elif isinstance(node, ast.ClassDef):
            self._bound.add(node.name)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            self._bound.add(node.name)
        if annotation is not None:
            self._done.update(walk(annotation))

    def _resolve(self) -> None:
        """Find out where the names come from that the part uses. What it binds itself is not searched in star imports."""
        for name in self._names:
            statements = [*self._imports.get(name.first, ()), *self._module.bindings(name.first)]
            if not statements and name.first not in self._bound:
                if name.first in _OPEN:
                    self._judged = True
                elif name.first not in BUILTINS:
                    self._found.update(((star, name), None) for star in self._module.stars)
            for statement in statements:
                if isinstance(statement, (ast.Import, ast.ImportFrom)):
                    self._found[statement, name] = None
                else:
                    self._own[statement] = None
                    self._judged = self._judged or bool(registrars(self._module, name.first))
        self._names.clear()
        self._bound.clear()
        self._imports.clear()
