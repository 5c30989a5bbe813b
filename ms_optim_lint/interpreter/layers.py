"""Layers of MindSpore: which Parameters one has that is built with these arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, Term, by_number
from ms_optim_lint.domain.values import (
    PARAMETER,
    Class,
    Const,
    Ext,
    Instance,
    ListContent,
    Obj,
    Ref,
    Sym,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import classes
from ms_optim_lint.interpreter.cells import Owned
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.mindspore.layers import PRIVATE, layer, stack
from ms_optim_lint.mindspore.signatures import signature

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

#: Where the store keeps what a cell was built as.
BASE = "#base"


def own_parameter(it: Interpreter, ref: Ref, name: str) -> Optional[Value]:
    """``cell.weight`` of a layer of MindSpore."""
    if ref.obj in it.copies:
        return None
    base = it.state.get((ref.obj, BASE))
    if not isinstance(base, Instance):
        return None
    rows = layer_rows(it, ref.obj, base)
    if any(row.path == name for row in (sure_rows(it, ref.obj, base) if rows is None else rows)):
        return value_of(Sym(term_for(it, ref.obj, name), PARAMETER))
    return None


def property_of(it: Interpreter, ref: Ref, name: str) -> Optional[Const]:
    """An attribute of a layer of MindSpore that is a constant: ``has_bias``, and the ``bias`` of one that has none."""
    base = it.state.get((ref.obj, BASE))
    if not isinstance(base, Instance) or not isinstance(base.made, Ext) or ref.obj in it.copies:
        return None
    found = layer(base.made.name, it.project.settings.mindspore_version)
    switches = dict(found.defaults) if found is not None else {}
    if "has_bias" not in switches or name not in ("has_bias", "bias") or it.state.get((ref.obj, name)) is not None:
        return None
    given = dict(named_arguments(it, base)).get("has_bias")
    atom = given.single if given is not None else Const(switches["has_bias"])
    if not isinstance(atom, Const):
        return None
    if name == "has_bias":
        return atom
    return None if atom.value else Const(None)


def has_parameter(it: Interpreter, ref: Ref, name: str) -> Optional[bool]:
    """Whether a cell has an attribute that is called as Parameters of layers are (``weight``, ``gamma``, ...)."""
    content = it.content(ref)
    if not isinstance(content, Instance) or ref.obj in it.opened or ref.obj in it.copies:
        return None
    if isinstance(it.state.get((ref.obj, name)), Value):
        return True
    if isinstance(content.made, Class):
        from ms_optim_lint.interpreter.notes_attributes import set_somewhere

        plain = classes.external_bases(it, content.made) == [Ext("mindspore.nn.Cell")]
        if not plain or classes.class_attribute(it, content.made, "__getattr__") is not None:
            return None
        inside = name in set_somewhere(content.made) or classes.class_attribute(it, content.made, name) is not None
        return None if inside else False
    if catalogue.is_loss(content.made.name):
        return None
    found = layer(content.made.name, it.project.settings.mindspore_version)
    return any(row.name == name for row, _ in found.rows) if found is not None else None


def term_for(it: Interpreter, obj: Obj, name: str) -> Term:
    """The term of a Parameter that a layer makes for itself."""
    return it.logic.term("parameter", obj.number, name, *sorted(obj.context.elements, key=by_number))


def layer_rows(it: Interpreter, obj: Obj, base: Instance) -> Optional[tuple[Owned, ...]]:
    """The Parameters of a layer of MindSpore that is built with these arguments; None where they are not known."""
    known = it.layer_rows.get(obj)
    if known is None or known[0] is not base:
        known = it.layer_rows[obj] = (base, _layer_rows(it, obj, base))
    return known[1]


def sure_rows(it: Interpreter, obj: Obj, base: Instance) -> tuple[Owned, ...]:
    """Those of them that are there whatever the arguments are that are not known."""
    return _layer_rows(it, obj, base, sure=True) or ()


def _layer_rows(it: Interpreter, obj: Obj, base: Instance, sure: bool = False) -> Optional[tuple[Owned, ...]]:
    assert isinstance(base.made, Ext)
    version = it.project.settings.mindspore_version
    found = layer(base.made.name, version)
    if found is None:
        return _stack_rows(it, obj, base, base.made.name)
    given: dict[str, Optional[bool]] = {}
    layers, rank = 1, None
    for name, value in named_arguments(it, base):
        atom = value.single
        if name == "normalized_shape":
            rank = _dimensions(it, value)
        if name == "activation" and (sure or _is_given_cell(it, value)):
            continue
        if name in found.varies and isinstance(atom, Const) and atom.value is None:
            continue
        if name == "num_layers" and found.is_recurrent and isinstance(atom, Const) and isinstance(atom.value, int):
            layers = atom.value
            continue
        given[name] = bool(atom.value) if isinstance(atom, Const) else None
    rows = found.parameters(given, layers, sure)
    if rows is None:
        return None
    return tuple(
        Owned(
            r.name, r.name, rank if r.rank is None else r.rank, r.requires_grad, term_for(it, obj, r.name), obj, ALWAYS
        )
        for r in rows
    )


def _dimensions(it: Interpreter, shape: Value) -> Optional[int]:
    """How many dimensions a shape has that is given as a tuple or list."""
    atom = shape.single
    content = it.content(atom) if isinstance(atom, Ref) else atom
    if not isinstance(content, (Tuple, ListContent)) or content.open:
        return None
    return len(content.items) if all(one.when == ALWAYS and not one.elements for one in content.items) else None


def _stack_rows(it: Interpreter, obj: Obj, base: Instance, name: str) -> Optional[tuple[Owned, ...]]:
    numbers: dict[str, Optional[int]] = {}
    for word, value in named_arguments(it, base):
        atom = value.single
        if word in ("custom_encoder", "custom_decoder") and atom != Const(None):
            return None
        if word.startswith("num_"):
            numbers[word] = atom.value if isinstance(atom, Const) and isinstance(atom.value, int) else None
    rows = stack(name, numbers, it.project.settings.mindspore_version)
    if rows is None:
        return None
    return tuple(Owned(r.name, r.name, r.rank, r.requires_grad, term_for(it, obj, r.name), obj, ALWAYS) for r in rows)


def named_arguments(it: Interpreter, base: Instance) -> list[tuple[str, Value]]:
    """The arguments of a layer of MindSpore by name."""
    assert isinstance(base.made, Ext)
    described = signature(PRIVATE.get(base.made.name, base.made.name), it.project.settings.mindspore_version)
    names = described.positional() if described is not None else ()
    if not names:  # recurrent layers declare none
        names = ("input_size", "hidden_size", "num_layers", "has_bias", "batch_first", "dropout", "bidirectional")
    return [*zip(names, base.arguments), *base.keywords]


def _is_given_cell(it: Interpreter, value: Value) -> bool:
    """Whether an activation is a name of one without Parameters, none, or a cell, which is held as it is."""
    for alternative in value.alternatives:
        atom = alternative.atom
        if isinstance(atom, Const) and "prelu" not in str(atom.value).lower():
            continue
        content = it.content(atom) if isinstance(atom, Ref) else None
        if not isinstance(content, Instance) or is_cell(it, content) is None:
            return False
    return True


def _is_public(it: Interpreter, name: str) -> bool:
    return catalogue.exists(name, it.project.settings.mindspore_version) is True


#: Packages whose objects are no cells: of Python itself, and of others that programs keep settings and data in.
_WITHOUT_CELLS = frozenset(
    "builtins enum abc numpy typing argparse collections configparser contextlib dataclasses datetime functools io itertools "
    "logging multiprocessing pathlib queue random re string threading time types addict easydict networkx omegaconf pandas "
    "PIL scipy sklearn tqdm yacs yaml".split()
)


def is_cell(it: Interpreter, content: Instance) -> Optional[bool]:
    """Whether an object is a cell; None where that is not known."""
    if isinstance(content.made, Class) and classes.has_unknown_base(it, content.made):
        return None
    answers = []
    for base in classes.external_bases(it, content.made):
        if base.name.startswith("mindspore."):
            known = base.name in PRIVATE or catalogue.is_cell(base.name)
            if not known and base.name.startswith("mindspore.nn.") and not _is_public(it, base.name):
                return None  # what is not public may be anything
            answers.append(known)
        elif base.name.partition(".")[0] not in _WITHOUT_CELLS:
            return None
    return any(answers)
