"""What a call gives, and which arguments of a function get it."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS
from ms_optim_lint.domain.values import ABSENT, DictContent, Function, Item, Site, Sym, Tuple, Value, join, value_of
from ms_optim_lint.interpreter.frames import Frame
from ms_optim_lint.records import NamedTuple, record

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


class Given(NamedTuple):
    """An argument: its value and the expression that gives it; ``written`` is that of one out of ``*arguments``, where it is
    known."""

    value: Value
    node: Optional[ast.AST]
    #: for a keyword, the ``ast.keyword`` or the key's place in a splatted dict
    keyword: Optional[Site] = None
    written: Optional[ast.expr] = None


@record(frozen=True)
class Arguments:
    """What a call gives. ``more_positional`` and ``more_keywords``: something unknown is splatted in too."""

    positional: tuple[Given, ...] = ()
    keywords: tuple[tuple[str, Given], ...] = ()
    more_positional: bool = False
    more_keywords: bool = False

    @functools.cached_property
    def names(self) -> dict[str, Given]:
        """The keywords by name."""
        return dict(self.keywords)

    @staticmethod
    def of(values: list[Value]) -> Arguments:
        """Positional arguments that are not written anywhere."""
        return Arguments(tuple(Given(value, None) for value in values))

    def get(self, name: str, position: int = -1) -> Optional[Value]:
        """The value given for an argument by its name, or at its position."""
        found = self.names.get(name) if self.keywords else None
        if found is None and 0 <= position < len(self.positional):
            found = self.positional[position]
        return found.value if found is not None else None

    def values(self) -> list[Value]:
        """All of them, by position and by keyword."""
        return [given.value for given in self.positional] + [given.value for _, given in self.keywords]


def bind_arguments(it: Interpreter, function: Function, arguments: Arguments, inner: Frame, node: ast.AST) -> None:
    """Give a function's arguments their values in its frame."""
    spec = function.node.args
    given = dict(arguments.keywords)
    positional = [*getattr(spec, "posonlyargs", []), *spec.args]
    defaults: dict[str, Optional[Value]] = dict(
        zip((a.arg for a in positional[len(positional) - len(function.defaults) :]), function.defaults)
    )
    defaults.update(zip((a.arg for a in spec.kwonlyargs), function.keyword_defaults))
    for index, argument in enumerate([*positional, *spec.kwonlyargs]):
        name = argument.arg
        default = defaults.get(name)
        if index < len(arguments.positional) and index < len(positional):
            value: Optional[Value] = arguments.positional[index].value
        elif name in given:
            value = given.pop(name).value
            value = _with_default(it, value, default, node)
        elif arguments.more_keywords or (arguments.more_positional and index < len(positional)):
            value = None
        else:
            value = default
        if value is None:
            value = value_of(Sym(it.logic.term("argument", it.fresh(argument), name), reason=f"argument {name}"))
        it.state.set((inner.number, name), value)
    if spec.vararg is not None:
        rest = tuple(Item(g.value) for g in arguments.positional[len(positional) :])
        origin = it.calls[-1].site if it.calls else None
        it.state.set((inner.number, spec.vararg.arg), value_of(Tuple(rest, arguments.more_positional), origin))
    if spec.kwarg is not None:
        content = DictContent((), arguments.more_keywords)
        for name, one in given.items():
            content = content.with_entry(name, one.value, one.keyword)
        it.state.set((inner.number, spec.kwarg.arg), value_of(it.allocate(spec.kwarg, inner.module, content)))


def _with_default(it: Interpreter, value: Value, default: Optional[Value], node: ast.AST) -> Value:
    """A keyword that is splatted in only under a condition: elsewhere the default holds."""
    if all(a.atom is not ABSENT for a in value.alternatives):
        return value
    parts: list[tuple[int, Value]] = []
    for alternative in value.alternatives:
        if alternative.atom is ABSENT:
            if default is not None:
                parts.append((alternative.when, default))
        else:
            parts.append((ALWAYS, Value((alternative,))))
    return join(it.logic, parts, it.fresh(node, what="join"))
