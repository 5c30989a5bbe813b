"""What the text of a method says for certain: what it reads whenever it is compiled, what it returns, what it takes.

MindSpore compiles a ``construct`` as a whole. A branch that hangs on a constant (``if self.flag:``) is left out, one that hangs
on the step is not, and an attribute that only goes into an unused variable is never looked up.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Optional, Union

from ms_optim_lint.tree import children, kept_with_node, walk

Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef]

_LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_MARKS_OF_HOOKS = frozenset(("abstractmethod", "abstractproperty"))
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def first_argument(function: Definition) -> Optional[str]:
    """What a method calls its object."""
    positional = [*function.args.posonlyargs, *function.args.args]
    return positional[0].arg if positional else None


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions in it."""
    stack = list(children(function))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _INNER):
            stack.extend(children(node))


def takes(function: Definition) -> tuple[int, Optional[int]]:
    """How many arguments a method needs and takes beside its object. A required keyword can never be given: one too many."""
    spec = function.args
    count = len(spec.posonlyargs) + len(spec.args) - 1
    needs = count - len(spec.defaults)
    if any(default is None for default in spec.kw_defaults):
        return 1_000, None
    return max(needs, 0), None if spec.vararg is not None else count


def returned(function: Definition) -> list[Optional[ast.expr]]:
    """What the ``return`` statements of a function return."""
    return [node.value for node in own_nodes(function) if isinstance(node, ast.Return)]


def raises(function: Definition) -> bool:
    """Whether a function has a ``raise``: it may be meant to be overridden."""
    return any(isinstance(node, ast.Raise) for node in own_nodes(function))


def is_hook(statement: ast.stmt) -> bool:
    """Whether a method says nothing itself: a derived class is to have one that does."""
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    if not _MARKS_OF_HOOKS.isdisjoint(_marks(statement)):
        return True
    return all(
        isinstance(one, ast.Pass) or isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
        for one in statement.body
    )


def is_property(function: Definition) -> bool:
    """Whether a method is read as an attribute."""
    return any(mark.endswith("property") for mark in _marks(function))


def _marks(function: Definition) -> set[str]:
    """The last parts of the names of its decorators."""
    return {getattr(one, "attr", getattr(one, "id", "")) for one in function.decorator_list}


@kept_with_node
def used_of_classes(tree: ast.Module) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a file calls, and the attributes that it sets on other things than ``self``: ``Trainer.params = own``."""
    called, replaced = set(), set()
    for node in walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called.add(node.func.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
                replaced.add(node.attr)
    return frozenset(called), frozenset(replaced)


def certain_reads(function: Definition) -> Iterator[Union[ast.Name, ast.Attribute]]:
    """The names and attributes that are looked up whenever the function is compiled."""
    positional = [*function.args.posonlyargs, *function.args.args]
    step = positional[1].arg if len(positional) > 1 else ""
    yield from _block(function.body, step, _live(function))


def _block(body: list[ast.stmt], step: str, live: frozenset[str]) -> Iterator[Union[ast.Name, ast.Attribute]]:
    for statement in body:
        if isinstance(statement, ast.Return):
            yield from _reads(statement.value, step, True)
            return
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            used = any(not isinstance(target, ast.Name) or target.id in live for target in targets)
            yield from _reads(statement.value, step, used)
        elif isinstance(statement, ast.Expr):
            yield from _reads(statement.value, step, False)
        elif isinstance(statement, ast.If):
            yield from _reads(statement.test, step, True)
            if _hangs_on(statement.test, step):
                yield from _block(statement.body, step, live)
                yield from _block(statement.orelse, step, live)
            elif _leaves(statement):
                return
        elif isinstance(statement, ast.For):
            yield from _reads(statement.iter, step, True)
            if _leaves(statement):
                return
        elif isinstance(statement, ast.While):
            yield from _reads(statement.test, step, True)
            if _leaves(statement):
                return
        elif not isinstance(statement, (ast.Pass, ast.Assert)):
            return


def _leaves(statement: ast.stmt) -> bool:
    return any(isinstance(node, _LEAVING) for node in own_nodes(statement))


def _hangs_on(test: ast.expr, step: str) -> bool:
    """Whether a test is one of the step: neither side is known before."""
    if not isinstance(test, ast.Compare) or any(
        isinstance(o, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for o in test.ops
    ):
        return False
    return any(isinstance(side, ast.Name) and side.id == step for side in (test.left, *test.comparators))


def _reads(node: Optional[ast.AST], step: str, used: bool) -> Iterator[Union[ast.Name, ast.Attribute]]:
    """The look-ups in an expression; attributes only where its value is ``used``."""
    if node is None or isinstance(node, _INNER):
        return
    if isinstance(node, ast.BoolOp):
        yield from _reads(node.values[0], step, used)
        return
    if isinstance(node, ast.IfExp):
        yield from _reads(node.test, step, used)
        if _hangs_on(node.test, step):
            yield from _reads(node.body, step, used)
            yield from _reads(node.orelse, step, used)
        return
    if isinstance(node, _COMPREHENSIONS):
        yield from _reads(node.generators[0].iter, step, used)
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        if used:
            yield node
        yield from _reads(node.value, step, used)
    else:
        for child in children(node):
            yield from _reads(child, step, used)


def _live(function: Definition) -> frozenset[str]:
    """The local variables whose values go anywhere: to a result, a test, a loop or an attribute."""
    plain: list[tuple[frozenset[str], frozenset[str]]] = []
    live: set[str] = set()
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and all(isinstance(target, ast.Name) for target in targets):
            names = frozenset(target.id for target in targets if isinstance(target, ast.Name))
            plain.append((names, _names(node.value) if node.value is not None else frozenset()))
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            plain.append((frozenset((node.target.id,)), _names(node.value)))
        elif isinstance(node, (ast.If, ast.While)):
            live |= _names(node.test)
            stack.extend([*node.body, *node.orelse])
        elif isinstance(node, ast.For):
            live |= _names(node.iter)
            stack.extend([*node.body, *node.orelse])
        elif not isinstance(node, ast.Expr):
            live |= _names(node)
    before = -1
    while before != len(live):
        before = len(live)
        for names, read in plain:
            if names & live:
                live |= read
    return frozenset(live)


def _names(node: ast.AST) -> frozenset[str]:
    return frozenset(n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))


def constant_number(function: Definition) -> Optional[str]:
    """The number that a function always returns, where each of its results is a number as written."""
    values = returned(function)
    texts = [
        ast.unparse(value)
        for value in values
        if isinstance(value, ast.Constant)
        and isinstance(value.value, (int, float))
        and not isinstance(value.value, bool)
    ]
    return texts[0] if values and len(texts) == len(values) else None
