"""What functions and classes outside the project do, as far as it matters here.

To teach the linter a function, add three lines to the table ``FUNCTIONS`` of one of the modules here.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import (
    CELL,
    NONE_VALUE,
    Class,
    Const,
    Content,
    DictContent,
    Ext,
    Instance,
    ListContent,
    Method,
    Ref,
    Site,
    Sym,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import (
    attributes,
    classes,
    containers,
    forwards,
    networks,
    notes,
    notes_schedules,
    outside,
    training,
)
from ms_optim_lint.interpreter.arguments import Arguments, Given
from ms_optim_lint.interpreter.calls import enter
from ms_optim_lint.interpreter.library import (
    arithmetic,
    builtin,
    copies,
    datasets,
    dicts,
    errors,
    kinds,
    loops,
    mindspore,
    numeric,
    reflection,
    sequences,
)
from ms_optim_lint.interpreter.library.table import CallSite, Handler
from ms_optim_lint.interpreter.methods import call_method, network_method
from ms_optim_lint.interpreter.statements import spoil
from ms_optim_lint.interpreter.truth import term_of, term_of_value
from ms_optim_lint.interpreter.versions import touch
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.mindspore.layers import PRIVATE

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame

#: Methods that a Cell has, so that reading one gives a method and not an attribute that was set.
CELL_METHODS = frozenset(
    "trainable_params untrainable_params get_parameters parameters_and_names parameters_dict cells_and_names cells"
    " name_cells set_train set_grad to_float parameters update_parameters_name init_parameters_data construct"
    " load_param_into_net get_lr get_lr_parameter state_dict load_state_dict __init__ append extend insert update pop"
    " clear __setattr__ __getattr__ __getattribute__ __delattr__ keys values items insert_child_to_cell"
    " insert_param_to_cell _update_local_parameters_name apply recompute".split()
)

#: The modules with a table ``FUNCTIONS``. No name stands in two of them.
TABLES = (arithmetic, builtin, copies, datasets, dicts, kinds, loops, mindspore, numeric, reflection, sequences)
_HANDLERS: dict[str, Handler] = {name: handler for table in TABLES for name, handler in table.FUNCTIONS.items()}

#: Classes whose methods change what they are given.
_CONTAINERS = ("builtins.list.", "builtins.dict.", "builtins.set.")
#: Packages and functions whose calls leave their arguments as they are.
_HARMLESS = ("builtins.", "numpy.", "math.", "os.", "time.", "logging.", "json.", "re.", "copy.", "random.", "sys.")


def call_external(it: Interpreter, function: Ext, arguments: Arguments, node: ast.AST, frame: Frame) -> Value:
    """Call something outside the project."""
    name = function.name
    site = CallSite(name, arguments, node, frame)
    handler = _HANDLERS.get(name)
    if handler is not None:
        return handler(it, site)
    first = arguments.positional[0].value.single if arguments.positional else None
    rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.more_positional, arguments.more_keywords)
    if name.startswith(_CONTAINERS) and arguments.positional:
        return _unbound(it, name.rpartition(".")[2], arguments.positional[0].value, rest, node, frame)
    if name.endswith(".__init__") and isinstance(first, Ref):
        content = it.content(first)
        if isinstance(content, Instance) and isinstance(content.made, Class):
            construct_base(it, first, [Ext(name[: -len(".__init__")])], rest, node, frame)
            return it.unknown(node, "None", frame=frame)
    optimizer = catalogue.optimizer(name) if name.startswith("mindspore.") else None
    if optimizer is not None and notes.missing_from(it, name) is None:
        return notes.optimizer_built(it, optimizer, site)
    if name.startswith("mindspore."):
        return mindspore.call(it, site)
    if not name.startswith(_HARMLESS):
        for value in arguments.values():
            for alternative in it.alternatives(value):
                touch(it, alternative.atom, node)
    given = [term_of_value(it, value) for value in arguments.values()]
    if name.startswith(("random.", "numpy.random.", "time.")) or arguments.more_positional or arguments.more_keywords:
        return it.unknown(node, f"result of {name}", frame=frame)
    if not name.startswith(_HARMLESS) and not any(t.elements for t in given):
        given.append(it.fresh(node, what="site"))  # two calls may give two networks
    term = it.logic.term("call", it.logic.term("external", name), *given)
    return value_of(Sym(term, reason=f"result of {name}"), Site(frame.module, node))


def _unbound(it: Interpreter, name: str, receiver: Value, rest: Arguments, node: ast.AST, frame: Frame) -> Value:
    """``list.append(items, item)``."""
    atom = receiver.single
    if isinstance(atom, Ref) and isinstance(it.content(atom), (ListContent, DictContent)):
        return call_method(it, Method(atom, name), rest, node, frame)
    for alternative in it.alternatives(receiver):
        spoil(it, alternative.atom)
    return it.unknown(node, f"result of {name}", frame=frame)


def call_object_method(
    it: Interpreter, ref: Ref, content: Content, name: str, arguments: Arguments, node: ast.AST, frame: Frame
) -> Value:
    """A method of an object that its project class does not define: of a Cell, an optimizer, an argument parser."""
    assert isinstance(content, Instance)
    short = name.rpartition(".")[2]
    if name.endswith(".__init__") and isinstance(content.made, Class):
        construct_base(it, ref, [Ext(name[: -len(".__init__")])], arguments, node, frame)
        return it.unknown(node, "None", frame=frame)
    named = _attribute_method(it, ref, short, arguments, node, frame)
    if named is not None:
        return named
    special = mindspore.object_method(it, ref, content, short, CallSite(name, arguments, node, frame))
    if special is not None:
        return special
    special = builtin.object_method(it, ref, content, short, CallSite(name, arguments, node, frame))
    if special is not None:
        return special
    special = datasets.object_method(it, ref, content, short, CallSite(name, arguments, node, frame))
    if special is not None:
        return special
    found = network_method(it, term_of(it, ref), short, arguments, node, frame)
    if found is not None and _may_be_network(it, content):
        return found
    for value in arguments.values():
        for alternative in it.alternatives(value):
            outside.spoil_callable(it, alternative.atom, set())
    return it.unknown(node, f"result of method {short}", frame=frame)


def _attribute_method(
    it: Interpreter, ref: Ref, name: str, arguments: Arguments, node: ast.AST, frame: Frame
) -> Optional[Value]:
    """``self.__setattr__(name, value)`` and the like."""
    given = arguments.values()
    word = given[0].single if given else None
    if name not in ("__setattr__", "__getattr__", "__getattribute__", "__delattr__"):
        return None
    if not isinstance(word, Const) or not isinstance(word.value, str):
        networks.changed(it, ref, name)
        return None
    if name == "__setattr__" and len(given) == 2:
        attributes.write(it, value_of(ref), word.value, given[1], node, frame)
        return NONE_VALUE
    if name == "__delattr__":
        networks.attribute_deleted(it, ref, word.value)
        return NONE_VALUE
    return attributes.read_atom(it, ref, word.value, node, frame)


def _may_be_network(it: Interpreter, content: Instance) -> bool:
    if isinstance(content.made, Class):
        if classes.has_unknown_base(it, content.made):
            return True
    return any(
        catalogue.is_cell(base.name) or not base.name.startswith(("mindspore.", "builtins."))
        for base in classes.external_bases(it, content.made)
    )


def call_made(it: Interpreter, ref: Ref, content: Instance, arguments: Arguments, node: ast.AST, frame: Frame) -> Value:
    """Call an object: a network, a loss, an optimizer, a schedule."""
    bases = classes.external_bases(it, content.made)
    if ref.obj in it.constructions:
        training.optimizer_called(it, ref, arguments, node, frame)
        return it.unknown(node, "result of a step", frame=frame)
    step = training.construct_of(it, ref, content)
    if step is not None:
        given = (Given(value_of(ref), None), *arguments.positional)
        inner = Arguments(given, arguments.keywords, arguments.more_positional, arguments.more_keywords)
        return enter(it, step, inner, node, frame, ref)
    if any(catalogue.is_loss(base.name) for base in bases):
        return forwards.computed(it, ref, arguments, node, frame, True)
    if isinstance(content.made, Ext):
        special = mindspore.call_object(it, ref, content, CallSite(content.made.name, arguments, node, frame))
        if special is not None:
            return special
    called = notes_schedules.called(it, content, CallSite("", arguments, node, frame))
    if called is not None:
        return called
    if bases and all(base.name.startswith("mindspore.ops.") for base in bases):
        made = it.fresh(node, what="library")
        return value_of(Sym(made, reason="result of calling an object"), Site(frame.module, node))
    return forwards.computed(it, ref, arguments, node, frame, False)


def construct_base(
    it: Interpreter, ref: Ref, bases: list[Ext], arguments: Arguments, node: ast.AST, frame: Frame
) -> None:
    """``super().__init__(...)`` of a class outside the project, for an object of the project's own class."""
    for base in bases:
        optimizer = catalogue.optimizer(base.name)
        if optimizer is not None and not optimizer.is_wrapper:
            notes.optimizer_built(it, optimizer, CallSite(base.name, arguments, node, frame), ref)
        elif base.name in PRIVATE or catalogue.is_cell(base.name):
            site = CallSite(base.name, arguments, node, frame)
            notes_schedules.built(it, base.name, site)
            containers.built(it, ref, site)
            if base.name in loops.STEP_CELLS:
                training.step_cell_built(it, ref, site)


def external_attribute(it: Interpreter, ref: Ref, instance: Instance, name: str, origin: Site) -> Optional[Value]:
    """An attribute of an object of a class outside the project, where there is something to know about it."""
    for attribute in (mindspore.object_attribute, builtin.object_attribute, datasets.object_attribute):
        found = attribute(it, ref, instance, name, origin)
        if found is not None:
            return found
    return None


expected_errors = errors.expected_errors
handled_errors = errors.handled_errors
swallowed_errors = errors.swallowed_errors

__all__ = ["CELL", "CELL_METHODS", "call_external", "expected_errors", "handled_errors", "swallowed_errors"]
