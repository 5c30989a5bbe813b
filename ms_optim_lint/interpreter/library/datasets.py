"""Datasets of MindSpore whose size the program says: how many steps an epoch has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import (
    ABSENT,
    Class,
    Const,
    DictContent,
    Ext,
    Function,
    Instance,
    Method,
    Ref,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import classes
from ms_optim_lint.interpreter.arguments import Arguments, Given
from ms_optim_lint.interpreter.calls import enter
from ms_optim_lint.interpreter.library.numeric import length_of
from ms_optim_lint.interpreter.library.table import CallSite, Handler
from ms_optim_lint.interpreter.operators import sequence_of
from ms_optim_lint.interpreter.sizes import SIZE, known_size

if TYPE_CHECKING:
    from ms_optim_lint.domain.values import Site
    from ms_optim_lint.interpreter.core import Interpreter

_DATASET = "mindspore.dataset.Dataset"
#: Arguments of a dataset that leave out a part of its source.
_PARTIAL = frozenset("num_samples sampler num_shards shard_id".split())
#: Methods that give as many rows as there were.
_SAME = frozenset("shuffle map project rename create_tuple_iterator create_dict_iterator".split())
_METHODS = _SAME | {"batch", "repeat", "take", "skip", "get_dataset_size"}


def _of_arrays(it: Interpreter, site: CallSite) -> Value:
    """``NumpySlicesDataset(data)``: an array, a list, or several of one length in a tuple or dict."""
    data = site.get("data", 0)
    atom = data.single if data is not None else None
    content = it.content(atom) if isinstance(atom, Ref) else None
    if isinstance(content, DictContent):
        columns = [] if content.open else [column for _, column in content.entries]
    else:
        sequence = sequence_of(it, atom) if atom is not None else None
        columns = [data] if data is not None else []
        if sequence is not None and sequence.kind == "tuple":
            columns = [] if sequence.open else [item.value for item in sequence.items]
    sizes = {length_of(it, column) for column in columns} - {None}  # columns of two sizes raise
    return _built(it, site, sizes.pop() if len(sizes) == 1 else None)


def _of_source(it: Interpreter, site: CallSite) -> Value:
    """``GeneratorDataset(source, columns)``: a list, or an object that says how long it is."""
    source = site.get("source", 0)
    atom = source.single if source is not None else None
    content = it.content(atom) if isinstance(atom, Ref) else None
    size = length_of(it, source)
    if isinstance(atom, Ref) and isinstance(content, Instance) and isinstance(content.made, Class):
        method = classes.class_attribute(it, content.made, "__len__")
        function = method.single if method is not None else None
        if isinstance(function, Function):
            given = Arguments((Given(value_of(atom), None),), (), False, False)
            size = _number(enter(it, function, given, site.node, site.frame, atom))
    return _built(it, site, size)


def _built(it: Interpreter, site: CallSite, size: Optional[int]) -> Value:
    given = site.arguments
    whole = not (given.more_positional or given.more_keywords or _PARTIAL.intersection(given.names))
    return _sized(it, site, size if whole and len(given.positional) < 3 else None)


def _sized(it: Interpreter, site: CallSite, size: Optional[int]) -> Value:
    ref = it.allocate(site.node, site.frame.module, Instance(Ext(_DATASET)), "dataset")
    # The same place gives another dataset in each pass of a loop.
    it.state.set((ref.obj, SIZE), value_of(Const(size) if size else ABSENT))
    return value_of(ref, site.origin)


def object_attribute(it: Interpreter, ref: Ref, instance: Instance, name: str, origin: Site) -> Optional[Value]:
    """A method of a dataset of known size."""
    if instance.made != Ext(_DATASET) or name not in _METHODS or known_size(it, ref) is None:
        return None
    return value_of(Method(ref, name), origin)


def object_method(it: Interpreter, ref: Ref, content: Instance, name: str, site: CallSite) -> Optional[Value]:
    """A method of a dataset that gives another one, or its size."""
    size = known_size(it, ref) if content.made == Ext(_DATASET) else None
    if size is None or site.arguments.more_positional or site.arguments.more_keywords:
        return None
    if name == "get_dataset_size":
        return value_of(Const(size), site.origin)
    if name in _SAME:
        return _sized(it, site, size)
    count = _number(site.get({"batch": "batch_size"}.get(name, "count"), 0))
    if name == "batch" and count is not None and count > 0:
        dropped = site.get("drop_remainder", 1)
        drops = dropped.single if dropped is not None else Const(False)
        if drops in (Const(True), Const(False)):
            return _sized(it, site, size // count if drops == Const(True) else -(-size // count))
    elif name == "repeat" and count is not None and count > 0:
        return _sized(it, site, size * count)
    elif name == "take" and count is not None and count > 0:
        return _sized(it, site, min(size, count))
    elif name == "skip" and count is not None and count >= 0:
        return _sized(it, site, max(size - count, 0))
    return None


def _number(value: Optional[Value]) -> Optional[int]:
    atom = value.single if value is not None else None
    return atom.value if isinstance(atom, Const) and type(atom.value) is int else None


FUNCTIONS: dict[str, Handler] = {
    "mindspore.dataset.NumpySlicesDataset": _of_arrays,
    "mindspore.dataset.GeneratorDataset": _of_source,
}
