"""Copies of things, and what cannot be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

from ms_optim_lint.domain.values import (
    Atom,
    DictContent,
    Instance,
    ListContent,
    Ref,
    Sym,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import layers, networks, notes_runtime
from ms_optim_lint.interpreter.library.table import CallSite, Handler

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def _pickle(it: Interpreter, site: CallSite) -> Value:
    notes_runtime.pickled(it, site.get("obj", 0), site)
    return it.unknown(site.node, f"result of {site.name}", frame=site.frame)


def _copy(it: Interpreter, site: CallSite) -> Value:
    value = site.get("x", 0)
    if site.name == "copy.deepcopy":
        notes_runtime.pickled(it, value, site)
    if value is None:
        return it.unknown(site.node, "copy", frame=site.frame)

    deep = site.name == "copy.deepcopy"

    def one(atom: Atom) -> Value:
        if isinstance(atom, Ref):
            content = it.content(atom)
            if isinstance(content, (ListContent, DictContent)):
                if deep and it.making:
                    return _deep_copy(it, value_of(atom), site)
                return value_of(it.allocate(site.node, site.frame.module, content), site.origin)
            if isinstance(content, Instance) and layers.is_cell(it, content) is not None:
                return _copied_object(it, atom, content, site)
            return it.unknown(site.node, "a copy", frame=site.frame)
        if isinstance(atom, Sym):
            return value_of(Sym(it.fresh(site.node, what="copy"), atom.kind, atom.rank, "a copy"), site.origin)
        return value_of(atom, site.origin)

    return it.each(value, site.node, lambda a: one(a.atom))


def _deep_copy(it: Interpreter, value: Value, site: CallSite, depth: int = 0) -> Value:
    """Lists and dicts within lists and dicts are copied too, other things in them are not."""
    atom = value.single
    if not isinstance(atom, Ref) or depth > 6:
        return value
    content = it.content(atom)
    if not isinstance(content, (ListContent, DictContent)):
        return value
    with it.within(it.logic.term("copy", it.context, depth, it.number(atom.obj))):
        if isinstance(content, ListContent):
            items = tuple(i._replace(value=_deep_copy(it, i.value, site, depth + 1)) for i in content.items)
            made: Union[ListContent, DictContent] = ListContent(items, content.open, content.kind, content.consumed)
        else:
            entries = tuple((key, _deep_copy(it, entry, site, depth + 1)) for key, entry in content.entries)
            made = DictContent(entries, content.open, content.places)
        return value_of(it.allocate(site.node, site.frame.module, made), site.origin)


def _copied_object(it: Interpreter, ref: Ref, content: Instance, site: CallSite) -> Value:
    """A copy of an object has its attributes; one of a cell holds Parameters of its own."""
    made = it.allocate(site.node, site.frame.module, content, "object")
    if layers.is_cell(it, content):
        networks.copied(it, made, ref, site.name == "copy.deepcopy")
        return value_of(made, site.origin)
    for name, stored in it.attributes_of(ref.obj):
        it.state.set((made.obj, name), stored)
    return value_of(made, site.origin)


FUNCTIONS: dict[str, Handler] = {
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "pickle.dump": _pickle,
    "pickle.dumps": _pickle,
    "torch.save": _pickle,
}
