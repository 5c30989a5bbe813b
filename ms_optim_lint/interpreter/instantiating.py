"""Objects of the project's own classes, and what these do when they are made."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ms_optim_lint.domain.values import (
    Atom,
    Class,
    Function,
    Instance,
    ListContent,
    Ref,
    Site,
    Sym,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import classes, interest, networks, notes_classes, training, versions
from ms_optim_lint.interpreter.arguments import Arguments, Given
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.frames import Frame
from ms_optim_lint.interpreter.late import late

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import calls, library
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
    from ms_optim_lint.interpreter.history import Moment
else:
    calls = late("calls")
    library = late("library")


def instantiate(it: Interpreter, cls: Class, arguments: Arguments, node: ast.AST, frame: Frame) -> Value:
    """Make an object of a project's class and follow its ``__init__`` where that can matter."""
    instance = Instance(
        cls, tuple(g.value for g in arguments.positional), tuple((n, g.value) for n, g in arguments.keywords)
    )
    ref = it.allocate(node, frame.module, instance, "object")
    init = classes.class_attribute(it, cls, "__init__")
    function = init.single if init is not None else None
    bases = classes.external_bases(it, cls)
    if isinstance(function, Function):
        bound = Arguments(
            (Given(value_of(ref), None), *arguments.positional),
            arguments.keywords,
            arguments.more_positional,
            arguments.more_keywords,
        )
        if interest.worth_constructing(it, function, bases, arguments):
            calls.enter(it, function, bound, node, frame, ref)
            training.try_construct(it, ref, node, frame)
        else:
            context, led, moment = it.context, list(it.calls), it.moment()
            _take(it, ref, arguments, moment)

            def later() -> None:
                before, it.calls = it.calls, led
                try:
                    with it.within(context), it.back_at(moment):
                        calls.enter(it, function, bound, node, frame, ref)
                finally:
                    it.calls = before

            it.unmade[ref.obj] = later
    elif networks.fields_set(it, ref, cls, arguments):
        pass
    elif cls.node.decorator_list or not bases and arguments.values():
        it.opened.add(ref.obj)  # a dataclass or the like: the arguments become attributes
    elif bases and not classes.has_unknown_base(it, cls):
        if classes.has_foreign_base(it, cls):
            it.opened.add(ref.obj)
        library.construct_base(it, ref, bases, arguments, node, frame)
    notes_classes.object_made(it, ref, cls, node, frame)
    return value_of(ref, Site(frame.module, node))


def _take(it: Interpreter, ref: Ref, arguments: Arguments, moment: Moment) -> None:
    """What is put off may do something to the cells that it was given."""
    for value in arguments.values():
        for alternative in value.alternatives:
            atoms = [alternative.atom]
            content = it.content(alternative.atom) if isinstance(alternative.atom, Ref) else None
            items = content.items if isinstance(content, ListContent) else ()
            if isinstance(alternative.atom, Tuple):
                items = alternative.atom.items
            atoms.extend(a.atom for item in items for a in item.value.alternatives)
            for atom in atoms:
                _taken(it, ref, atom, moment)


def _taken(it: Interpreter, ref: Ref, atom: Atom, moment: Moment) -> None:
    """An object that is made later may do something to a cell that it was given."""
    for known in networks.later(it, atom):
        _taken(it, ref, known, moment)
    if isinstance(atom, Sym) and networks.awaits(atom):
        it.awaited_by.setdefault(atom.term, []).append((moment, ref.obj))
    if isinstance(atom, Ref) and isinstance(it.content(atom), Instance):
        it.takers.setdefault(atom.obj, []).append((moment, ref.obj))
        versions.taken(it, atom.obj, ref.obj)
