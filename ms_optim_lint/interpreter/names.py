"""Names: scopes, imports, and the lazy reading of other modules."""

from __future__ import annotations

import ast
import builtins
import os
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, TooComplex
from ms_optim_lint.domain.values import (
    Const,
    Ext,
    ListContent,
    ModuleRef,
    Ref,
    Site,
    Sym,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter import registries
from ms_optim_lint.interpreter.budget import OutOfBudget
from ms_optim_lint.interpreter.core import MAX_FILES, Interpreter
from ms_optim_lint.interpreter.frames import Frame
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.modules import Module
from ms_optim_lint.mindspore import catalogue

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import elsewhere, expressions, statements
else:
    elsewhere = late("elsewhere")
    expressions = late("expressions")
    statements = late("statements")

BUILTINS = frozenset(dir(builtins))
#: Packages that are never part of the linted project, whatever folders lie about.
_FOREIGN = frozenset("mindspore numpy torch os sys math typing collections functools addict easydict".split())


def external(name: str) -> Ext:
    """A thing outside the project under its canonical name."""
    return Ext(catalogue.canonical(name))


def version_of(it: Interpreter) -> Const:
    """``mindspore.__version__``, as it is set for the linter."""
    return Const(".".join(map(str, it.project.settings.mindspore_version)))


def look_up(it: Interpreter, name: str, frame: Frame, node: ast.AST) -> Value:
    """What ``name`` means in ``frame``: local, of an enclosing function, of the module, or a builtin."""
    scope: Optional[Frame] = frame
    while scope is not None:
        if scope.node is None or name in scope.globals:
            break
        if name in scope.locals and (not scope.is_class or scope is frame):
            found = it.state.get((scope.number, name))
            if isinstance(found, Value):
                return found
            if not scope.is_class:
                return it.unknown(node, f"{name} is not set here", frame=frame)
        scope = scope.parent
    return module_name(it, frame.module, name) or _builtin(it, name, node, frame)


def _builtin(it: Interpreter, name: str, node: ast.AST, frame: Frame) -> Value:
    if name in BUILTINS:
        return value_of(Ext(f"builtins.{name}"), Site(frame.module, node))
    for star in frame.module.stars:
        found = from_import(it, frame.module, star, name)
        if found is not None:
            return found
    return value_of(
        Sym(it.logic.term("name", frame.module.path, name), reason=f"{name} is not defined"), Site(frame.module, node)
    )


def module_name(it: Interpreter, module: Module, name: str) -> Optional[Value]:
    """What a module binds to ``name``: what running it left there, else what its text says; None where it binds nothing."""
    found = it.state.get((module.frame, name))
    if isinstance(found, Value):
        return found
    key = (module.frame, name)
    if key in it.lazy:
        return it.lazy[key]
    it.lazy[key] = value_of(Sym(it.logic.term("name", module.path, name), reason="defined by itself"))
    it.lazy[key] = value = _by_text(it, module, name)
    return value


def _by_text(it: Interpreter, module: Module, name: str) -> Optional[Value]:
    statements = module.bindings(name)
    if not statements:
        for star in module.stars:
            found = from_import(it, module, star, name)
            if found is not None:
                return found
        return None
    unknown = value_of(Sym(it.logic.term("name", module.path, name), reason="a global that changes"))
    imports = all(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in statements)
    if module.is_mutated(name) and not imports or len(statements) > 4:
        return unknown
    before, it.state = it.state, it.root
    calls, it.calls = it.calls, []
    caught, it.caught = it.caught, ()
    active, it.active = it.active, []
    facts = len(it.facts)
    try:
        with it.within(it.logic.term("module", module.path)):
            values = [_bound_by(it, module, statement, name) for statement in statements]
    except (TooComplex, OutOfBudget):
        return unknown
    finally:
        it.state, it.calls, it.caught, it.active = before, calls, caught, active
        del it.facts[facts:]
    if len(values) == 1:
        return values[0]
    rest = ALWAYS
    choices = []
    for number, value in enumerate(values):
        chosen = it.logic.atom(it.logic.term("binding", module.path, name, number))
        last = number == len(values) - 1
        choices.append((rest if last else it.logic.both(rest, chosen), value))
        rest = it.logic.both(rest, it.logic.no(chosen))
    return join(it.logic, choices, it.logic.term("name", module.path, name))


def _bound_by(it: Interpreter, module: Module, statement: ast.stmt, name: str) -> Value:
    frame = it.module_frame(module)
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return statements.definition(it, statement, frame)
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return imported(it, module, statement, name)
    if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if len(targets) == 1 and isinstance(targets[0], ast.Name):
            value = expressions.evaluate(it, statement.value, frame)
            registries.note(it, module, name, value)
            return value
    return value_of(Sym(it.logic.term("name", module.path, name), reason="bound by a statement that is not followed"))


def bind(it: Interpreter, name: str, value: Value, frame: Frame) -> None:
    """``name = value`` in ``frame``."""
    if frame.node is None:
        registries.note(it, frame.module, name, value)
        it.state.set((frame.number, name), value)
        return
    scope: Optional[Frame] = frame
    while scope is not None and scope.node is not None and name not in scope.globals:
        if name in scope.locals and (scope is frame or not scope.is_class):
            it.state.set((scope.number, name), value)
            return
        scope = scope.parent
    it.state.set((frame.module.frame, name), value)


# Imports


def imported(it: Interpreter, module: Module, statement: ast.stmt, name: str) -> Value:
    """What an import statement binds to ``name``."""
    origin = Site(module, statement)
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            if (alias.asname or alias.name.split(".")[0]) == name:
                dotted = alias.name if alias.asname else name
                return module_value(it, module, dotted, origin)
    if isinstance(statement, ast.ImportFrom):
        for alias in statement.names:
            if (alias.asname or alias.name) == name:
                found = from_import(it, module, statement, alias.name)
                if found is not None:
                    return found
                return value_of(Sym(it.logic.term("name", module.path, name), reason="import not resolved"), origin)
    return value_of(Sym(it.logic.term("name", module.path, name), reason="import not resolved"), origin)


def imported_module(it: Interpreter, importer: Module, statement: Union[ast.Import, ast.ImportFrom]) -> list[Module]:
    """The modules of the project that an import statement runs."""
    paths: list[tuple[Optional[str], str]] = []
    if isinstance(statement, ast.Import):
        paths = [(it.project.find(alias.name, importer.path), alias.name) for alias in statement.names]
    elif statement.level:
        paths = [(it.project.beside(importer.path, statement.level, statement.module or ""), statement.module or "")]
    elif (statement.module or "").split(".")[0] not in _FOREIGN:
        paths = [(it.project.find(statement.module or "", importer.path), statement.module or "")]
    found = [load(it, path, dotted) for path, dotted in paths if path is not None]
    return [module for module in found if module is not None]


def module_value(it: Interpreter, importer: Module, dotted: str, origin: Site) -> Value:
    """What ``import dotted`` gives: a module of the project, or something of a library."""
    if dotted.split(".")[0] not in _FOREIGN:
        path = it.project.find(dotted, importer.path)
        if path is not None:
            module = load(it, path, dotted)
            if module is not None:
                return value_of(ModuleRef(module), origin)
    return value_of(external(dotted), origin)


def from_import(it: Interpreter, importer: Module, statement: ast.ImportFrom, name: str) -> Optional[Value]:
    """What ``from module import name`` binds; None where a star import does not give the name."""
    dotted = statement.module or ""
    origin = Site(importer, statement)
    if statement.level:
        path = it.project.beside(importer.path, statement.level, dotted)
        if path is None:
            return value_of(
                Sym(it.logic.term("name", importer.path, name), reason="relative import not resolved"), origin
            )
    elif dotted.split(".")[0] in _FOREIGN:
        path = None
    else:
        path = it.project.find(dotted, importer.path)
    is_star = any(alias.name == "*" for alias in statement.names)
    if path is None:
        if is_star:
            full = catalogue.canonical(f"{dotted}.{name}") if dotted.startswith("mindspore") else ""
            return (
                value_of(Ext(full), origin)
                if full and catalogue.exists(full, it.project.settings.mindspore_version)
                else None
            )
        if f"{dotted}.{name}" == "mindspore.__version__":
            return value_of(version_of(it), origin)
        return value_of(external(f"{dotted}.{name}"), origin)
    if is_star and path.endswith(".py") and not _may_give(it, path, name):
        it.dependencies.add(path)
        return None
    module = load(it, path, dotted or os.path.basename(os.path.dirname(path)))
    if module is not None:
        found = module_name(it, module, name)
        if found is not None:
            return _left_open(it, module, name, found)
    folder = os.path.dirname(path) if path.endswith(".py") else path
    if path.endswith("__init__.py") or not path.endswith(".py"):
        submodule = it.project._below(folder, [name])
        if submodule is not None:
            inner = load(it, submodule, f"{dotted}.{name}")
            if inner is not None:
                return value_of(ModuleRef(inner), origin)
    if is_star:
        return None
    return value_of(Sym(it.logic.term("name", path, name), reason="import not resolved"), origin)


def _may_give(it: Interpreter, path: str, name: str) -> bool:
    """Whether a star import of a file may give a name. A file that does not bind it, nor has star imports, need not be parsed."""
    known = it.modules.get(path)
    if known is not None and not name.startswith("_"):
        return True
    text = known.text if known is not None else it.project.text(path)
    if name.startswith("_") and "__all__" not in text:
        return False
    return known is not None or may_bind(text, name) or "import *" in text


def may_bind(text: str, name: str) -> bool:
    """Whether a name stands in a program where it may be bound: not in a longer word, as an attribute, in quotes, as what is
    called or what an attribute or item is taken of."""
    end = 0
    while (at := text.find(name, end)) >= 0:
        end = at + len(name)
        before, behind = text[at - 1 : at] if at else "\n", text[end : end + 1]
        if before in "._'\"" or before.isalnum() or behind == "_" or behind.isalnum():
            continue
        if behind not in ("(", "[", "."):
            return True
        line = text[text.rfind("\n", 0, at) + 1 : at].split()
        if line and (line[-1] in ("def", "class", "type") if behind != "." else "import" in line):
            return True
    return False


def load(it: Interpreter, path: str, dotted: str) -> Optional[Module]:
    """The module at ``path``, read when first asked for; a folder is a module without text."""
    if path in it.modules:
        return it.modules[path]
    if len(it.modules) > MAX_FILES:
        it.limit("too many files are imported")
        return None
    number = len(it.modules)
    if not path.endswith(".py"):
        found: Optional[Module] = Module(path, dotted, dotted, ast.Module(body=[], type_ignores=[]), "", number)
    else:
        source = it.project.read(path)
        it.dependencies.add(path)
        found = None
        if source is not None:
            name, is_package = it.project.module_name(path)
            package = name if is_package else name.rpartition(".")[0]
            found = Module(path, name, package, source.tree, source.text, number)
    it.modules[path] = found
    return found


def _left_open(it: Interpreter, module: Module, name: str, found: Value) -> Value:
    """What another file sets to None, or to an empty list, somebody else may set or fill."""
    atom = found.single
    if module is it.module or atom is None:
        return found
    if atom == Const(None):
        term = it.logic.term("name", module.path, name)
        return value_of(Sym(term, reason="None in another file"), found.alternatives[0].origin)
    if isinstance(atom, Ref) and it.content(atom) == ListContent():
        it.state.set(atom.obj, ListContent((), True, reason="filled by somebody else"))
    else:
        elsewhere.forget_of_other(it, module, name, atom)
    return found


def module_attribute(it: Interpreter, module: Module, name: str) -> Value:
    """``module.name`` for a module of the project."""
    found = module_name(it, module, name)
    if found is not None:
        return _left_open(it, module, name, found)
    folder = module.path if not module.path.endswith(".py") else os.path.dirname(module.path)
    if not module.path.endswith(".py") or module.path.endswith("__init__.py"):
        path = it.project._below(folder, [name])
        inner = load(it, path, f"{module.name}.{name}") if path is not None else None
        if inner is not None:
            return value_of(ModuleRef(inner))
    return value_of(Sym(it.logic.term("name", module.path, name), reason="the module does not bind this name"))
