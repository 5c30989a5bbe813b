"""Who calls a function that is looked at alone: what nobody in sight calls it with does not happen in it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Union

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, TooComplex
from ms_optim_lint.domain.values import Sym, value_of
from ms_optim_lint.facts import Fact
from ms_optim_lint.interpreter.interest import words_of
from ms_optim_lint.records import replace
from ms_optim_lint.tree import children, walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef]
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def note(it: Interpreter, definition: ast.AST, node: ast.AST) -> None:
    """A call enters a function: when, and from where in the module's body."""
    if it.root_number == 0:
        it.called_at[definition] = getattr(it.calls[0].site.node if it.calls else node, "lineno", 0)
    elif not it.calls:
        return  # it is looked at alone
    meet(it, definition)


def meet(it: Interpreter, definition: ast.AST) -> None:
    """A function is called now, or handed on: ``self.step = self.step_by_hand``."""
    it.called_when.setdefault(definition, {}).setdefault(it.root_number, set()).add(it.state.reached)


def forget_what_came_later(
    it: Interpreter, definition: Union[Definition, ast.ClassDef], functions: Sequence[ast.AST]
) -> None:
    """The module has called this, or given its name to another, and bound names anew after that, as the next chapter of a
    notebook does: nobody in sight calls it with what they stand for at the end."""
    lines = [it.called_at[one] for one in functions if one in it.called_at]
    if not lines:
        others = (one for one in it.module.bindings(definition.name) if one.lineno > definition.lineno)
        lines = [one.lineno for one in others if isinstance(one, _DEFINITIONS) and one in it.module.tree.body]
    if not lines:
        return
    line = min(lines)
    for name, statements in it.module.rebound.items():
        if statements[0].lineno <= line and any(_is_after(one, line) for one in statements):
            term = it.logic.term("name", it.module.path, name, "before it was bound anew")
            it.state.set((it.module.frame, name), value_of(Sym(term, reason="bound anew after the call")))


def _is_after(statement: ast.stmt, line: int) -> bool:
    """Whether a statement binds its names after what happens in that line. An import that is repeated gives the same."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return False
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
        return (statement.end_lineno or statement.lineno) >= line
    return statement.lineno > line


def keep_to_what_calls(it: Interpreter) -> None:
    """What is followed alone happens when it is called. Where code in sight calls it only if an option is set, what it does with
    what is there without that option does not happen."""
    dropped: list[int] = []
    for root, function, first, end in it.alone:
        if first == end or function.owner is None and function.frame != function.module.frame:
            continue
        calls = it.called_when.get(function.node, {}).items()
        # A method is asked for the object that it is looked at with.
        whens = {when for number, found in calls if (number == root) is (function.owner is not None) for when in found}
        if not whens or ALWAYS in whens:
            continue
        it.logic.allow()
        try:
            called = _any(it, whens)
            for index in range(first, min(end, len(it.facts))):
                fact = it.facts[index]
                if isinstance(fact, Fact):
                    reached = it.logic.both(fact.reached, called)
                    it.facts[index] = replace(fact, reached=reached)
                    if reached == NEVER:
                        dropped.append(index)
        except TooComplex:
            continue
    for index in sorted(dropped, reverse=True):
        del it.facts[index]


def _any(it: Interpreter, whens: set[Condition]) -> Condition:
    """When one of these holds, for whatever element of a loop."""
    found = NEVER
    for when in whens:
        found = it.logic.either(found, it.logic.possible(when, lambda term: bool(term.elements)))
    return found


def chooses_among(method: Definition, names: set[str]) -> bool:
    """Whether a method asks something before it takes one of those methods of its object: what these do depends on it."""
    if names.isdisjoint(words_of(method)):
        return False
    branches: list[ast.AST] = []
    for node in walk(method):
        if isinstance(node, (ast.If, ast.IfExp)):
            branches.extend(child for child in children(node) if child is not node.test)
    return any(isinstance(node, ast.Attribute) and node.attr in names for branch in branches for node in walk(branch))
