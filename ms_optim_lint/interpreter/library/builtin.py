"""What is left of Python's own functions: partial functions, patterns, versions, options of a command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import (
    NONE_VALUE,
    NUMBER,
    PARAMETER,
    TEXT,
    Const,
    Ext,
    Instance,
    Item,
    Method,
    Partial,
    Ref,
    Site,
    Sym,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter.iterators import items_of_value
from ms_optim_lint.interpreter.library.table import CallSite, Handler
from ms_optim_lint.interpreter.methods import constant_of, lift
from ms_optim_lint.interpreter.names import version_of
from ms_optim_lint.interpreter.truth import term_of, term_of_value
from ms_optim_lint.settings import SettingsError, parse_version

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def _partial(it: Interpreter, site: CallSite) -> Value:
    if not site.arguments.positional:
        return it.unknown(site.node, "partial", frame=site.frame)
    first, *rest = (g.value for g in site.arguments.positional)
    keywords = tuple((name, given.value) for name, given in site.arguments.keywords)
    places = tuple((name, given.keyword) for name, given in site.arguments.keywords if given.keyword is not None)
    return value_of(Partial(first, tuple(rest), keywords, places), site.origin)


def _object(it: Interpreter, site: CallSite) -> Value:
    ref = it.allocate(site.node, site.frame.module, Instance(Ext(site.name)), "object")
    return value_of(ref, site.origin)


def _match(it: Interpreter, site: CallSite) -> Value:
    """``re.match`` and ``re.search``: a test of the text, the same for the same pattern."""
    terms = [term_of_value(it, v) for v in site.arguments.values()]
    return value_of(Sym(it.logic.term("call", it.logic.term("external", site.name), *terms)), site.origin)


def _version(it: Interpreter, site: CallSite) -> Value:
    value = site.get("version", 0)
    constant = constant_of(it, value) if value is not None else ...
    if isinstance(constant, str):
        try:
            return value_of(Const(parse_version(constant)), site.origin)
        except SettingsError:
            pass
    return it.unknown(site.node, "a version", frame=site.frame)


def _installed(it: Interpreter, site: CallSite) -> Value:
    value = site.get("distribution_name", 0)
    if value is not None and constant_of(it, value) == "mindspore":
        return value_of(version_of(it), site.origin)
    return it.unknown(site.node, "a version", TEXT, site.frame)


def _found(it: Interpreter, site: CallSite) -> Value:
    """``re.findall`` and ``re.split`` of a text that is known, such as a version."""
    given = [constant_of(it, value) for value in site.arguments.values()]
    texts = [one for one in given if isinstance(one, str) and len(one) < 80]
    if len(texts) == len(given) == 2 and "(" not in texts[0]:  # nothing that takes long
        try:
            return lift(it, getattr(re, site.name[3:])(*texts), site.node, site.frame)
        except re.error:
            pass
    return it.unknown(site.node, "parts of a text", frame=site.frame)


def _cast(it: Interpreter, site: CallSite) -> Value:
    value = site.get("val", 1)
    return value if value is not None else it.unknown(site.node, "argument missing", frame=site.frame)


def _none(it: Interpreter, site: CallSite) -> Value:
    return NONE_VALUE


# Objects of the standard library


def object_method(it: Interpreter, ref: Ref, content: Instance, name: str, site: CallSite) -> Optional[Value]:
    """``argparse``: options with a numeric ``type`` are numbers."""
    made = content.made.name if isinstance(content.made, Ext) else ""
    if made == "mindspore.parameters_dict":
        return _parameters_dict(it, ref, name, site)
    if made == "argparse.ArgumentParser":
        if name in ("add_argument_group", "add_mutually_exclusive_group"):
            return value_of(ref, site.origin)
        if name == "add_argument":
            _add_argument(it, ref, site)
            return NONE_VALUE
        if name in ("parse_args", "parse_known_args"):
            space = it.allocate(site.node, site.frame.module, Instance(Ext("argparse.Namespace")), "namespace")
            it.state.set((space.obj, "#parser"), value_of(ref))
            result = value_of(space, site.origin)
            if name == "parse_args":
                return result
            return value_of(Tuple((Item(result), Item(it.unknown(site.node, "other options")))), site.origin)
    return None


def _parameters_dict(it: Interpreter, ref: Ref, name: str, site: CallSite) -> Optional[Value]:
    stored = it.state.get((ref.obj, "#items"))
    if name in ("update", "pop", "popitem", "clear", "setdefault"):
        it.state.set((ref.obj, "#items"), it.unknown(site.node, f"changed by {name}", frame=site.frame))
        return it.unknown(site.node, f"result of {name}", PARAMETER if name[:3] == "pop" else None, site.frame)
    if not isinstance(stored, Value) or name not in ("items", "keys", "values"):
        return None
    if stored.single is None or isinstance(stored.single, Sym):
        return it.unknown(site.node, "a dict that was changed", frame=site.frame)
    if name == "items":
        return stored
    items, _ = items_of_value(it, stored)
    made = []
    for item in items:
        pair = item.value.single
        if isinstance(pair, Tuple):
            made.append(item._replace(value=pair.items[0 if name == "keys" else 1].value))
    return it.new_list(site.node, site.frame, tuple(made), "view")


def _add_argument(it: Interpreter, ref: Ref, site: CallSite) -> None:
    names = [constant_of(it, g.value) for g in site.arguments.positional]
    dest = site.get("dest")
    given = constant_of(it, dest) if dest is not None else None
    long = [n for n in names if isinstance(n, str) and n.startswith("--")] or [n for n in names if isinstance(n, str)]
    name = given if isinstance(given, str) else long[0].lstrip("-").replace("-", "_") if long else None
    if name is None:
        return
    kind_value = site.get("type")
    kind_atom = kind_value.single if kind_value is not None else None
    kind = None
    rank = None
    if (
        isinstance(kind_atom, Ext)
        and kind_atom.name in ("builtins.float", "builtins.int")
        and site.get("nargs") is None
    ):
        kind, rank = NUMBER, 0
    elif isinstance(kind_atom, Ext) and kind_atom.name == "builtins.str":
        kind = TEXT
    kind, rank = (kind, rank) if _has_kind(it, site, kind) else (None, None)
    it.state.set(
        (ref.obj, f"option {name}"),
        value_of(Sym(it.logic.term("option", term_of(it, ref), name), kind, rank, "an option")),
    )


def _has_kind(it: Interpreter, site: CallSite, kind: Optional[str]) -> bool:
    """Whether an option that is not given is of that kind as well: only a default that is a text is converted."""
    required, given = site.get("required"), site.get("default")
    if required is not None and required.single == Const(True):
        return True
    default = constant_of(it, given) if given is not None else None
    if kind == TEXT:
        return isinstance(default, str)
    return given is None or default is None or isinstance(default, (int, float, str)) or default is ...


def object_attribute(it: Interpreter, ref: Ref, instance: Instance, name: str, origin: Site) -> Optional[Value]:
    """An attribute of what ``parse_args`` gave."""
    made = instance.made.name if isinstance(instance.made, Ext) else ""
    if made == "argparse.Namespace":
        parser = it.state.get((ref.obj, "#parser"))
        atom = parser.single if isinstance(parser, Value) else None
        if isinstance(atom, Ref):
            found = it.state.get((atom.obj, f"option {name}"))
            if isinstance(found, Value):
                return found
        return value_of(Sym(it.logic.term("attribute", term_of(it, ref), name), reason="an option"), origin)
    if made in ("argparse.ArgumentParser", "mindspore.parameters_dict"):
        return value_of(Method(ref, name), origin)
    return None


FUNCTIONS: dict[str, Handler] = {
    "builtins.print": _none,
    "functools.partial": _partial,
    "argparse.ArgumentParser": _object,
    "importlib.metadata.version": _installed,
    "re.findall": _found,
    "re.match": _match,
    "re.split": _found,
    "re.search": _match,
    "re.fullmatch": _match,
    "packaging.version.parse": _version,
    "packaging.version.Version": _version,
    "distutils.version.LooseVersion": _version,
    "distutils.version.StrictVersion": _version,
    "typing.cast": _cast,
}
