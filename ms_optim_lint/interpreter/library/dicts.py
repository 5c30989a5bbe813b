"""Dicts, and what keeps settings as a dict does: how they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ms_optim_lint.domain.logic import ALWAYS
from ms_optim_lint.domain.values import Const, DictContent, Value, value_of
from ms_optim_lint.interpreter.expressions import merged_dict, replaceable
from ms_optim_lint.interpreter.library.table import CallSite, Handler
from ms_optim_lint.interpreter.operators import sequence_of
from ms_optim_lint.interpreter.slices import FACTORY

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def _default_dict(it: Interpreter, site: CallSite) -> Value:
    """``defaultdict(list)``: reading an entry that is not there makes it."""
    if len(site.arguments.positional) != 1 or site.arguments.keywords or site.arguments.more_keywords:
        return it.unknown(site.node, "a dict with a default", frame=site.frame)
    made = it.allocate(site.node, site.frame.module, DictContent())
    it.state.set((made.obj, FACTORY), site.arguments.positional[0].value)
    return value_of(made, site.origin)


def _dict(it: Interpreter, site: CallSite) -> Value:
    content = DictContent()
    if site.arguments.positional:
        content = merged_dict(it, content, site.arguments.positional[0].value, site.node)
        content = _from_pairs(it, content, site)
    for name, given in site.arguments.keywords:
        content = content.with_entry(name, given.value, given.keyword)
    content = DictContent(content.entries, content.open or site.arguments.more_keywords, content.places)
    if site.arguments.more_keywords:
        content = replaceable(it, content, site.node)
    made = it.allocate(site.node, site.frame.module, content)
    if site.name == "addict.Dict":
        it.lenient.add(made.obj)
    return value_of(made, site.origin)


def _from_pairs(it: Interpreter, content: DictContent, site: CallSite) -> DictContent:
    atom = site.arguments.positional[0].value.single
    sequence = sequence_of(it, atom) if atom is not None else None
    if sequence is None or sequence.open:
        return content
    result = DictContent()
    for item in sequence.items:
        pair = item.value.single
        inner = sequence_of(it, pair) if pair is not None else None
        if inner is None or len(inner.items) != 2 or item.elements or item.when != ALWAYS:
            return content
        key = inner.items[0].value.single
        if not isinstance(key, Const):
            return content
        result = result.with_entry(key.value, inner.items[1].value, None)
    return result


FUNCTIONS: dict[str, Handler] = {
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "collections.defaultdict": _default_dict,
    "easydict.EasyDict": _dict,
    "addict.Dict": _dict,
    "box.Box": _dict,
    "argparse.Namespace": _dict,
    "types.SimpleNamespace": _dict,
    "ml_collections.ConfigDict": _dict,
}
