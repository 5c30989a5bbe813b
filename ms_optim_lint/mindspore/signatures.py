"""Arguments of MindSpore's classes and functions, by release."""

from __future__ import annotations

import ast
import functools
from typing import Optional

from ms_optim_lint.mindspore.data import Version, load, names_at, value_at
from ms_optim_lint.records import record


@record(frozen=True)
class Argument:
    """One argument. ``default`` is source text, None if the argument is required."""

    name: str
    default: Optional[str] = None
    keyword_only: bool = False

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is None


@record(frozen=True)
class Signature:
    """What a call may give. ``hidden_keywords`` are those that ``**kwargs`` is asked for; it takes no others."""

    arguments: tuple[Argument, ...]
    var_positional: bool = False
    var_keyword: bool = False
    hidden_keywords: frozenset[str] = frozenset()

    def names(self) -> tuple[str, ...]:
        """All arguments by name, in order."""
        return tuple(argument.name for argument in self.arguments)

    def positional(self) -> tuple[str, ...]:
        """The arguments that can be given by position, in order."""
        return self._positional

    @functools.cached_property
    def _positional(self) -> tuple[str, ...]:
        return tuple(argument.name for argument in self.arguments if not argument.keyword_only)

    def required(self) -> tuple[str, ...]:
        """The arguments that a call must give."""
        return tuple(argument.name for argument in self.arguments if argument.required)

    def get(self, name: str) -> Optional[Argument]:
        """The argument of that name."""
        return next((argument for argument in self.arguments if argument.name == name), None)

    def accepts(self, keyword: str) -> bool:
        """Whether a call may give this keyword. Where ``**kwargs`` takes anything, it does."""
        if self.get(keyword) is not None or keyword in self.hidden_keywords:
            return True
        return self.var_keyword and not self.hidden_keywords


@functools.cache
def signature(name: str, version: Version) -> Optional[Signature]:
    """What a call of the class or function takes in ``version``. None: not there, or not described."""
    data = load()
    text = value_at(data["signatures"].get(name, {}), version)
    if text is None:
        return None
    hidden = data["optimizers"].get(name, {}).get("hidden", {})
    return _parsed(text, names_at(hidden, version))


@functools.cache
def _parsed(text: str, hidden: frozenset[str]) -> Signature:
    function = ast.parse(f"def f({text}): pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(positional) - len(given.defaults)) + [ast.unparse(default) for default in given.defaults]
    arguments = [Argument(argument.arg, default) for argument, default in zip(positional, defaults)]
    for argument, value in zip(given.kwonlyargs, given.kw_defaults):
        arguments.append(Argument(argument.arg, ast.unparse(value) if value else None, keyword_only=True))
    return Signature(tuple(arguments), given.vararg is not None, given.kwarg is not None, hidden)
