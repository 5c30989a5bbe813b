"""Attributes and code by their names: ``getattr``, ``vars``, ``eval``, named tuples."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition
from ms_optim_lint.domain.values import (
    BOOLEAN,
    NONE_VALUE,
    Class,
    Const,
    DictContent,
    Ext,
    Instance,
    Item,
    Method,
    Partial,
    Ref,
    Super,
    Sym,
    Truth,
    Tuple,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter import attributes, networks, notes_attributes, notes_runtime
from ms_optim_lint.interpreter.arguments import Arguments
from ms_optim_lint.interpreter.calls import apply
from ms_optim_lint.interpreter.expressions import evaluate
from ms_optim_lint.interpreter.library.table import CallSite, Handler
from ms_optim_lint.interpreter.methods import constant_of
from ms_optim_lint.interpreter.names import module_value
from ms_optim_lint.interpreter.slices import take_item
from ms_optim_lint.interpreter.statements import spoil
from ms_optim_lint.interpreter.truth import term_of
from ms_optim_lint.interpreter.versions import replaced_perhaps
from ms_optim_lint.mindspore.signatures import signature

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def _getattr(it: Interpreter, site: CallSite) -> Value:
    value, name, default = site.get("o", 0), site.get("name", 1), site.get("default", 2)
    constant = name.single if name is not None else None
    if value is not None and isinstance(constant, Const) and isinstance(constant.value, str):
        if default is None:
            return attributes.read(it, value, constant.value, site.node, site.frame)
        found = it.map(
            value, site.node, lambda a: attributes.read_atom(it, a.atom, str(constant.value), site.node, site.frame)
        )
        there = has(it, value, constant.value, site.node)
        if there == ALWAYS:
            return found
        if there == NEVER:
            return default
        return join(it.logic, [(there, found), (it.logic.no(there), default)], it.fresh(site.node))
    if value is not None and name is not None and len(name.alternatives) > 1:
        return it.map(
            name,
            site.node,
            lambda a: (
                attributes.read_atom(it, value.single, str(a.atom.value), site.node, site.frame)
                if isinstance(a.atom, Const) and value.single is not None
                else it.unknown(site.node, "getattr")
            ),
        )
    return it.unknown(site.node, "an attribute whose name is not known", frame=site.frame)


def _hasattr(it: Interpreter, site: CallSite) -> Value:
    value, name = site.get("o", 0), site.get("name", 1)
    constant = name.single if name is not None else None
    if value is None or not isinstance(constant, Const) or not isinstance(constant.value, str):
        return it.unknown(site.node, "hasattr", BOOLEAN, site.frame)
    there = has(it, value, constant.value, site.node)
    return value_of(Const(there == ALWAYS) if there in (NEVER, ALWAYS) else Truth(there), site.origin)


def _dir(it: Interpreter, site: CallSite) -> Value:
    value = site.get("o", 0)
    if value is None:
        return it.unknown(site.node, "names", frame=site.frame)
    return value_of(Partial(value_of(Ext("builtins.dir object")), (value,), ()), site.origin)


def has(it: Interpreter, value: Value, name: object, node: ast.AST) -> Condition:
    """The condition that something has an attribute of that name."""
    logic = it.logic
    result = NEVER
    for alternative in it.alternatives(value):
        rate = notes_runtime.rate_of(it, alternative.atom)
        if rate is not None:
            if name in notes_runtime.NUMBER_METHODS and not rate.construction.has_unseen_rates():
                holds = notes_runtime.is_number(it, rate)
            else:
                holds = logic.atom(it.fresh(node, what="hasattr"))
            result = logic.either(result, logic.both(alternative.when, holds))
            continue
        known = notes_attributes.has_attribute(it, alternative.atom, str(name))
        if known is None:
            holds = logic.atom(logic.term("hasattr", term_of(it, alternative.atom), str(name)))
        else:
            holds = ALWAYS if known else NEVER
        result = logic.either(result, logic.both(alternative.when, holds))
    return result


def _setattr(it: Interpreter, site: CallSite) -> Value:
    value, name, new = site.get("o", 0), site.get("name", 1), site.get("value", 2)
    constant = name.single if name is not None else None
    if value is not None and new is not None and isinstance(constant, Const) and isinstance(constant.value, str):
        attributes.write(it, value, constant.value, new, site.node, site.frame)
    elif value is not None:
        for alternative in it.alternatives(value):
            if isinstance(alternative.atom, Ext):
                it.patched.add(alternative.atom.name)
            elif isinstance(alternative.atom, Ref):
                it.opened.add(alternative.atom.obj)
            replaced_perhaps(it, alternative.atom, new, site.node)
    return NONE_VALUE


def _delattr(it: Interpreter, site: CallSite) -> Value:
    value, name = site.get("obj", 0), site.get("name", 1)
    constant = name.single if name is not None else None
    for alternative in it.alternatives(value) if value is not None else ():
        if not isinstance(alternative.atom, Ref):
            continue
        if isinstance(constant, Const) and isinstance(constant.value, str) and alternative.when == ALWAYS:
            networks.attribute_deleted(it, alternative.atom, constant.value)
        else:
            it.opened.add(alternative.atom.obj)
            networks.changed(it, alternative.atom, "delattr")
    return NONE_VALUE


def _vars(it: Interpreter, site: CallSite) -> Value:
    """``vars(x)``: whoever has it can set every attribute."""
    value = site.get("object", 0)
    for alternative in it.alternatives(value) if value is not None else ():
        spoil(it, alternative.atom)
        if isinstance(alternative.atom, Ref):
            networks.changed(it, alternative.atom, "vars")
    return it.unknown(site.node, "vars", frame=site.frame)


def _signature(it: Interpreter, site: CallSite) -> Value:
    """``inspect.signature(f).parameters`` of a class of MindSpore."""
    value = site.get("obj", 0)
    atom = value.single if value is not None else None
    name = atom.name if isinstance(atom, (Ext, Method)) else ""
    name = name[: -len(".__init__")] if name.endswith(".__init__") else name
    described = signature(name, it.project.settings.mindspore_version) if name.startswith("mindspore.") else None
    if described is None or not described.arguments:
        return it.unknown(site.node, "a signature", frame=site.frame)
    found = it.allocate(site.node, site.frame.module, Instance(Ext(site.name)), "signature")
    entries = tuple(
        (argument.name, value_of(Sym(it.logic.term("argument of", name, argument.name), reason="an argument")))
        for argument in described.arguments
    )
    keys = it.allocate(site.node, site.frame.module, DictContent(entries))
    it.state.set((found.obj, "parameters"), value_of(keys))
    return value_of(found, site.origin)


def _getter(it: Interpreter, site: CallSite) -> Value:
    """``operator.attrgetter("name")`` and the like: a function of an object, which comes after what is given here."""
    given = site.arguments
    names = [one.value.single for one in given.positional[: 1 if site.name.endswith("methodcaller") else None]]
    texts = all(isinstance(name, Const) and isinstance(name.value, str) for name in names)
    sure = not (given.keywords or given.more_positional or given.more_keywords)
    if not names or not sure or not (texts or site.name.endswith("itemgetter")):
        return it.unknown(site.node, "a function of an object", frame=site.frame)
    return value_of(Partial(value_of(Ext(f"{site.name} object")), tuple(given.values()), ()), site.origin)


def _got(it: Interpreter, site: CallSite) -> Value:
    """What such a function gives for an object."""
    *asked, of = site.arguments.values()
    if site.name == "operator.methodcaller object":
        method = attributes.read(it, of, str(_text_of(asked[0])), site.node, site.frame)
        return apply(it, method, Arguments.of(asked[1:]), site.node, site.frame)
    found = []
    for one in asked:
        if site.name == "operator.itemgetter object":
            found.append(it.map(of, site.node, lambda a: take_item(it, a.atom, one, site.node, site.frame)))  # noqa: B023
            continue
        base = of
        for name in _text_of(one).split("."):
            base = attributes.read(it, base, name, site.node, site.frame)
        found.append(base)
    return found[0] if len(found) == 1 else value_of(Tuple(tuple(map(Item, found))), site.origin)


def _text_of(value: Value) -> str:
    return str(value.single.value) if isinstance(value.single, Const) else ""


def _namedtuple(it: Interpreter, site: CallSite) -> Value:
    """``namedtuple("Name", ["a", "b"])``: a class of objects with these attributes."""
    value = site.get("field_names", 1)
    fields = constant_of(it, value) if value is not None else ...
    if isinstance(fields, str):
        fields = fields.replace(",", " ").split()
    if not isinstance(fields, (list, tuple)) or site.arguments.keywords:
        return it.unknown(site.node, "a namedtuple", frame=site.frame)
    names = value_of(Tuple(tuple(Item(value_of(Const(name))) for name in fields)))
    return value_of(Partial(value_of(Ext("builtins.namedtuple object")), (names,), ()), site.origin)


def _named_object(it: Interpreter, site: CallSite) -> Value:
    fields = site.arguments.positional[0].value.single
    assert isinstance(fields, Tuple)  # as namedtuple() gave them
    names = [item.value.single for item in fields.items]
    given = dict(site.arguments.keywords)
    made = it.allocate(site.node, site.frame.module, Instance(Ext(site.name)), "object")
    for number, name in enumerate(names, start=1):
        word = str(name.value) if isinstance(name, Const) else ""
        if number < len(site.arguments.positional):
            it.state.set((made.obj, word), site.arguments.positional[number].value)
        elif word in given:
            it.state.set((made.obj, word), given[word].value)
    return value_of(made, site.origin)


def _eval(it: Interpreter, site: CallSite) -> Value:
    """``eval("Name")``: what the name means there. Nothing else is evaluated."""
    value = site.get("source", 0)
    text = constant_of(it, value) if value is not None else ...
    if isinstance(text, str) and len(site.arguments.values()) == 1 and len(text) < 80:
        node = _parsed(text)
        if node is not None:
            return evaluate(it, node, site.frame)
    return it.unknown(site.node, "result of eval", frame=site.frame)


def _import_module(it: Interpreter, site: CallSite) -> Value:
    """``importlib.import_module("a.b")``."""
    value = site.get("name", 0)
    dotted = constant_of(it, value) if value is not None else ...
    if not isinstance(dotted, str) or dotted.startswith(".") or len(site.arguments.values()) != 1:
        return it.unknown(site.node, "a module", frame=site.frame)
    return module_value(it, site.frame.module, dotted, site.origin)


@functools.lru_cache(maxsize=256)
def _parsed(text: str) -> Optional[ast.expr]:
    """A dotted name or a plain constant as an expression; None for anything else."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        inner = inner.value
    return node if isinstance(inner, ast.Name) or isinstance(node, ast.Constant) else None


def _super(it: Interpreter, site: CallSite) -> Value:
    """``super(Own, self)``; without arguments it never gets here."""
    owner, receiver = site.get("type", 0), site.get("object", 1)
    cls = owner.single if owner is not None else None
    self_atom = receiver.single if receiver is not None else None
    if isinstance(cls, Class) and self_atom is not None:
        return value_of(Super(self_atom, cls), site.origin)
    return it.unknown(site.node, "super() of something unknown", frame=site.frame)


FUNCTIONS: dict[str, Handler] = {
    "builtins.getattr": _getattr,
    "builtins.hasattr": _hasattr,
    "builtins.delattr": _delattr,
    "builtins.dir": _dir,
    "builtins.setattr": _setattr,
    "builtins.vars": _vars,
    "builtins.super": _super,
    "inspect.signature": _signature,
    "builtins.eval": _eval,
    "importlib.import_module": _import_module,
    "collections.namedtuple": _namedtuple,
    "builtins.namedtuple object": _named_object,
    "operator.attrgetter": _getter,
    "operator.itemgetter": _getter,
    "operator.methodcaller": _getter,
    "operator.attrgetter object": _got,
    "operator.itemgetter object": _got,
    "operator.methodcaller object": _got,
}
