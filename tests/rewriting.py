"""One program in many forms: other spellings of its imports, and other places for its statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Callable, NamedTuple, Optional, Union

from ms_optim_lint.mindspore import catalogue

FAMILIES = {
    "nn": ("mindspore", "nn"),
    "optim": ("mindspore.experimental", "optim"),
    "mint": ("mindspore", "mint"),
}


def import_line(tree: ast.Module, name: str) -> Optional[ast.ImportFrom]:
    """The one module-level ``from <package> import <name>`` of a family, if nothing else binds that name."""
    package, _ = FAMILIES[name]
    lines = [
        node
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        and node.module == package
        and [(alias.name, alias.asname) for alias in node.names] == [(name, None)]
    ]
    stores = [
        node
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.arg) and node.arg == name)
    ]
    imports = [
        alias
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
        if (alias.asname or alias.name) == name
    ]
    return lines[0] if len(lines) == 1 and len(imports) == 1 and not stores else None


def rename(text: str, name: str, imports: str, spell: Callable[[str], str]) -> Optional[str]:
    """``text`` with a family's import line replaced and each use ``name.X`` written as ``spell("X")``; lines stay lines.

    With ``spell("")`` empty, a use that is not ``name.X`` cannot be written, and there is no such spelling of this file.
    """
    tree = ast.parse(text)
    line = import_line(tree, name)
    if line is None:
        return None
    members: dict[tuple[int, int], ast.Attribute] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            members[node.value.lineno, node.value.col_offset] = node
    edits: list[tuple[int, int, int, str]] = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Name) and node.id == name):
            continue
        member = members.get((node.lineno, node.col_offset))
        if member is not None and member.end_lineno == node.lineno and member.end_col_offset is not None:
            edits.append((node.lineno, node.col_offset, member.end_col_offset, spell(member.attr)))
        elif spell(""):
            edits.append((node.lineno, node.col_offset, node.col_offset + len(name), spell("")))
        else:
            return None
    lines = text.splitlines()
    for number, start, end, new in sorted(edits, reverse=True):
        old = lines[number - 1].encode()
        lines[number - 1] = (old[:start] + new.encode() + old[end:]).decode()
    used = sorted({member.attr for member in members.values()})
    lines[line.lineno - 1] = imports.format(
        names=", ".join(used), renamed=", ".join(f"{attr} as Ms{attr}" for attr in used)
    )
    return "\n".join(lines) + "\n"


def spelled_with(prefix: str) -> Callable[[str], str]:
    return lambda attr: f"{prefix}.{attr}" if attr else prefix


# Spellings -------------------------------------------------------------------------------------------------------------------

SPELLINGS = ("from package", "module as", "import mindspore as ms", "name as", "defining module", "second file")
#: Where MindSpore defines what it offers as ``nn.X`` and ``optim.X``, below these packages.
DEFINED = {
    "mindspore.nn": """
        optim.asgd ASGD, optim.adafactor AdaFactor, optim.adamax AdaMax, optim.adadelta Adadelta, optim.ada_grad Adagrad,
        optim.adam Adam AdamOffload AdamWeightDecay, layer.normalization BatchNorm1d BatchNorm2d LayerNorm, cell Cell,
        layer.container CellList SequentialCell, layer.conv Conv2d, layer.basic Dense Dropout Flatten, optim.rprop Rprop,
        loss.loss CrossEntropyLoss L1Loss MSELoss SoftmaxCrossEntropyWithLogits, optim.ftrl FTRL, optim.lars LARS,
        optim.lamb Lamb, optim.lazyadam LazyAdam, optim.momentum Momentum, optim.optimizer Optimizer, optim.sgd SGD,
        optim.proximal_ada_grad ProximalAdagrad, optim.rmsprop RMSProp, layer.activation ReLU Sigmoid Tanh,
        wrap.cell_wrapper TrainOneStepCell WithLossCell, optim.thor thor,
        learning_rate_schedule CosineDecayLR ExponentialDecayLR InverseDecayLR NaturalExpDecayLR PolynomialDecayLR WarmUpLR,
        dynamic_lr cosine_decay_lr exponential_decay_lr inverse_decay_lr natural_exp_decay_lr piecewise_constant_lr
        polynomial_decay_lr warmup_lr
    """,
    "mindspore.experimental.optim": """
        asgd ASGD, adadelta Adadelta, adagrad Adagrad, adam Adam, adamw AdamW, adamax Adamax, nadam NAdam, radam RAdam,
        optimizer Optimizer, rmsprop RMSprop, rprop Rprop, sgd SGD
    """,
    "mindspore.mint.optim": "adam Adam, adamw AdamW, sgd SGD",
}


def defining_module(package: str, name: str) -> str:
    for row in DEFINED.get(package, "package").split(","):
        module, *names = row.split()
        if name in names:
            return f"{package}.{module}"
    return package


class Program(NamedTuple):
    """A program: the text of the file that is linted, and of those beside it by name."""

    text: str
    others: tuple[tuple[str, str], ...] = ()


def single_imports(text: str) -> str:
    """The program with each ``from ... import a, b`` as two statements, so that one name can be respelled alone."""
    tree = ast.parse(text)
    body: list[ast.stmt] = []
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom):
            body += [ast.ImportFrom(statement.module, [alias], statement.level) for alias in statement.names]
        else:
            body.append(statement)
    tree.body = body
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def members(tree: ast.Module, name: str) -> list[str]:
    """What a file uses of a family: the ``X`` of ``nn.X``."""
    return sorted(
        {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
        }
    )


def spelled(program: Program, spelling: str) -> Optional[Program]:
    """The program with MindSpore's families imported in another way; None where it cannot be written so."""
    again: list[str] = []
    texts = []
    for text in (program.text, *(text for _, text in program.others)):
        new = _spelled(single_imports(text), spelling, again)
        if new is None:
            return None
        texts.append(new)
    others = [(name, text) for (name, _), text in zip(program.others, texts[1:])]
    if again:
        others.append(("again.py", "\n".join(dict.fromkeys(again)) + "\n"))
    return Program(texts[0], tuple(others))


def _spelled(text: str, spelling: str, again: list[str]) -> Optional[str]:
    taken: set[str] = {n.name for n in ast.walk(ast.parse(text)) if isinstance(n, (ast.ClassDef, ast.FunctionDef))}
    for name, (package, member) in FAMILIES.items():
        tree = ast.parse(text)
        used = members(tree, name)
        if import_line(tree, name) is None:
            if used:
                return None
            continue
        module = f"{package}.{member}"
        new = {one: f"Ms{one}" if spelling == "name as" or one in taken else one for one in used}
        taken |= set(new.values())
        spell = _names(new)
        if spelling == "from package":
            changed = text
        elif spelling == "module as":
            changed = rename(text, name, f"import {module} as {name}", spelled_with(name))  # type: ignore[assignment]
        elif spelling == "import mindspore as ms":
            prefix = module.replace("mindspore", "ms", 1)
            imports = "import mindspore as ms" + ("" if prefix.count(".") == 1 else f"; import {module}")
            changed = rename(text, name, imports, spelled_with(prefix))  # type: ignore[assignment]
        else:
            lines = []
            for one in used:
                home = defining_module(module, one) if spelling == "defining module" else module
                if spelling == "second file":
                    again.append(f"from {home} import {one} as {new[one]}")
                    lines.append(f"from again import {new[one]}")
                else:
                    lines.append(f"from {home} import {one}" + (f" as {new[one]}" if new[one] != one else ""))
            changed = rename(text, name, "; ".join(lines), spell)  # type: ignore[assignment]
        if changed is None:
            return None
        text = changed
    return text


def _names(new: dict[str, str]) -> Callable[[str], str]:
    return lambda attr: new[attr] if attr else ""


# Places ----------------------------------------------------------------------------------------------------------------------

PLACES = ("module", "function", "method", "factory")


def imports_and_rest(text: str) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """The statements of a program that import, and all others."""
    imports: list[ast.stmt] = []
    rest: list[ast.stmt] = []
    for statement in ast.parse(single_imports(text)).body:
        (imports if isinstance(statement, (ast.Import, ast.ImportFrom)) else rest).append(statement)
    return imports, rest


def written(statements: list[ast.stmt]) -> str:
    return ast.unparse(ast.fix_missing_locations(ast.Module(statements, []))) + "\n"


def indented(text: str, by: int = 1) -> str:
    return "".join("    " * by + line + "\n" if line else "\n" for line in text.splitlines())


def placed(text: str, place: str) -> Optional[Program]:
    """The program with its statements in another place; None where it has nothing to put there."""
    imports, rest = imports_and_rest(text)
    above = written(imports)
    if place == "module":
        return Program(above + written(rest))
    if place == "function":
        return Program(f"{above}\ndef main():\n{indented(inner(rest))}\nmain()\n")
    if place == "method":
        if not any("optimizer" in names_set(statement) for statement in rest):
            return None
        text = inner([ast.fix_missing_locations(_OnSelf().visit(statement)) for statement in rest])
        return Program(f"{above}\nclass Trainer:\n    def __init__(self):\n{indented(text, 2)}\nTrainer()\n")
    factories = _Factories()
    main = [factories.visit(statement) for statement in rest]
    if not factories.made:
        return None
    makers = "".join(
        f"def make_{name}(*args, **kwargs):\n    return {call}(*args, **kwargs)\n\n"
        for name, call in factories.made.items()
    )
    imported = [one for one in imports if not isinstance(one, ast.ImportFrom) or one.module != "__future__"]
    return Program(f"import factories\n{above}{written(main)}", (("factories.py", f"{written(imported)}\n{makers}"),))


def inner(rest: list[ast.stmt]) -> str:
    """Statements as they are written inside a function: what was global to them belongs to the function."""
    return written(rest).replace("global ", "nonlocal ")


def names_set(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}


class _OnSelf(ast.NodeTransformer):
    """``optimizer`` as ``self.optimizer``, but where a function has a variable of its own that is called so."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Attribute(ast.Name("self", ast.Load()), "optimizer", node.ctx) if node.id == "optimizer" else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        arguments = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
        if "optimizer" in arguments | names_set(node):
            return node
        return self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> Optional[ast.Global]:
        node.names = [name for name in node.names if name != "optimizer"]
        return node if node.names else None

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node


class _Factories(ast.NodeTransformer):
    """Calls of optimizers, schedules and schedulers as calls of functions of another file that make them."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        called = ast.unparse(node.func)
        name = (
            called.replace("optim.", "mindspore.experimental.optim.", 1)
            if called.startswith("optim.")
            else f"mindspore.{called}"
        )
        known: Union[object, bool] = (
            catalogue.optimizer(name) or catalogue.is_schedule(name) or catalogue.is_scheduler(name)
        )
        if known or catalogue.is_rate_function(name):
            short = called.replace(".", "_")
            self.made[short] = called
            node.func = ast.Attribute(ast.Name("factories", ast.Load()), f"make_{short}", ast.Load())
        return node


def forms(text: str) -> Iterator[tuple[str, str, Program]]:
    """The program in each place and spelling in which it can be written."""
    for place in PLACES:
        there = placed(text, place)
        for spelling in SPELLINGS if there is not None else ():
            program = spelled(there, spelling)  # type: ignore[arg-type]
            if program is not None:
                yield place, spelling, program
