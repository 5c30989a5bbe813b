"""What a thing is: ``isinstance``, ``type``, ``id``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition
from ms_optim_lint.domain.values import (
    BOOLEAN,
    IDENTITY,
    Atom,
    Class,
    Const,
    DictContent,
    Ext,
    Function,
    Instance,
    ListContent,
    Method,
    Partial,
    Ref,
    Sym,
    Truth,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import classes, containers, notes_runtime
from ms_optim_lint.interpreter.library.table import CallSite, Handler
from ms_optim_lint.interpreter.modules import is_generator
from ms_optim_lint.interpreter.operators import sequence_of
from ms_optim_lint.interpreter.truth import term_of, term_of_value
from ms_optim_lint.mindspore import catalogue

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter


def _isinstance(it: Interpreter, site: CallSite) -> Value:
    value, types = site.get("obj", 0), site.get("types", 1)
    if value is None or types is None:
        return it.unknown(site.node, "isinstance", BOOLEAN, site.frame)
    result = NEVER
    logic = it.logic
    for alternative in it.alternatives(value):
        for type_ in it.alternatives(types):
            sequence = sequence_of(it, type_.atom)
            options = [i.value.single for i in sequence.items] if sequence is not None else [type_.atom]
            holds = NEVER
            for option in options:
                holds = logic.either(holds, _is_instance(it, alternative.atom, option))
            result = logic.either(result, logic.both(logic.both(alternative.when, type_.when), holds))
    return value_of(Const(result == ALWAYS) if result in (NEVER, ALWAYS) else Truth(result), site.origin)


#: What a call of these names gives, by the name of its type.
_ITERATORS = frozenset("filter map zip enumerate reversed".split())
#: Methods of networks that are generators.
_GENERATORS = frozenset("get_parameters parameters_and_names cells_and_names".split())
_GENERATOR_TYPES = frozenset(
    ("types.GeneratorType", "typing.Generator", "collections.abc.Generator", "collections.Generator")
)
_ITERATOR_TYPES = frozenset(
    f"{home}.{name}" for home in ("typing", "collections.abc", "collections") for name in ("Iterator", "Iterable")
)


def _kind_of_iterator(ref: Ref) -> str:
    """``generator``, ``filter``, ...: what an iterator is; empty where that is not known."""
    node = ref.obj.site.node
    if isinstance(node, ast.GeneratorExp):
        return "generator"
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Name):
        if function.id in _ITERATORS:
            return function.id
        statements = ref.obj.site.module.bindings(function.id)
        plain = len(statements) == 1 and isinstance(statements[0], ast.FunctionDef) and is_generator(statements[0])
        return "generator" if plain else ""
    return "generator" if isinstance(function, ast.Attribute) and function.attr in _GENERATORS else ""


def _is_iterator_of(it: Interpreter, ref: Ref, name: str) -> Optional[bool]:
    """Whether an iterator is an instance of a class outside the project; None where it is none, or that is not known."""
    content = it.content(ref)
    if not isinstance(content, ListContent) or content.kind != "iterator":
        return None
    kind = _kind_of_iterator(ref)
    if name in _ITERATOR_TYPES:
        return True
    if name in _GENERATOR_TYPES:
        return kind == "generator" if kind else None
    word = name.rpartition(".")[2]
    if name.startswith("builtins.") and word in _ITERATORS:
        return kind == word if kind else None
    return False if name.startswith("builtins.") or name in _ABSTRACT else None


def _callable(it: Interpreter, site: CallSite) -> Value:
    value = site.get("obj", 0)
    if value is None:
        return it.unknown(site.node, "callable", BOOLEAN, site.frame)
    logic = it.logic
    result = NEVER
    for alternative in it.alternatives(value):
        atom = alternative.atom
        content = it.content(atom) if isinstance(atom, Ref) else None
        if isinstance(atom, (Function, Class, Method, Partial)):
            holds = ALWAYS
        elif isinstance(atom, (Const, Truth, Tuple)) or isinstance(content, (ListContent, DictContent)):
            holds = NEVER
        else:
            holds = logic.atom(logic.term("hasattr", term_of(it, atom), "__call__"))
        result = logic.either(result, logic.both(alternative.when, holds))
    return value_of(Const(result == ALWAYS) if result in (NEVER, ALWAYS) else Truth(result), site.origin)


def _issubclass(it: Interpreter, site: CallSite) -> Value:
    value, types = site.get("cls", 0), site.get("class_or_tuple", 1)
    atom = value.single if value is not None else None
    given = types.single if types is not None else None
    sequence = sequence_of(it, given) if given is not None else None
    options = [i.value.single for i in sequence.items] if sequence is not None else [given]
    answers = [_is_subclass(it, atom, option) for option in options]
    if True in answers or None not in answers:
        return value_of(Const(True in answers), site.origin)
    terms = [term_of_value(it, one) for one in site.arguments.values()]
    return value_of(Truth(it.logic.atom(it.logic.term("isinstance", *terms))), site.origin)


def _is_subclass(it: Interpreter, atom: Optional[Atom], base: Optional[Atom]) -> Optional[bool]:
    if isinstance(atom, (Class, Ext)) and isinstance(base, Ext):
        return _is_of_class(it, atom, base.name)
    return _inherits(it, atom, base) if isinstance(atom, Class) and isinstance(base, Class) else None


#: Where the base classes of optimizers are defined.
_HOMES = {
    "mindspore.nn.optim.optimizer.Optimizer": "mindspore.nn.Optimizer",
    "mindspore.experimental.optim.optimizer.Optimizer": "mindspore.experimental.optim.Optimizer",
}


def _is_of_class(it: Interpreter, made: Union[Class, Ext], name: str) -> Optional[bool]:
    """Whether objects of a class are of the class ``name`` of MindSpore, too; None where that is not known."""
    bases = classes.external_bases(it, made)
    if any(base.name == name for base in bases):
        return True
    optimizers = [catalogue.optimizer(base.name) for base in bases]
    known = [one for one in optimizers if one is not None and not one.is_wrapper]
    wanted = catalogue.optimizer(_HOMES.get(name, name))
    if not known:
        return None
    if name == "mindspore.nn.Cell":
        return True
    if wanted is None or wanted.is_wrapper:
        return False if name.startswith("torch.") and len(known) == len(bases) else None
    # All optimizers come from the base class of their family directly; those of mint from that of mindspore.experimental.
    if wanted.is_base and any((one.family == "nn") == (wanted.family == "nn") for one in known):
        return True
    sure = len(known) == len(bases) and not (isinstance(made, Class) and classes.has_unknown_base(it, made))
    return False if sure else None


_TYPES: dict[str, tuple[type, ...]] = {
    "builtins.str": (str,),
    "builtins.int": (int,),
    "builtins.float": (float,),
    "builtins.bool": (bool,),
    "builtins.bytes": (bytes,),
}


def _is_instance(it: Interpreter, atom: Atom, type_: Optional[Atom]) -> Condition:
    name = type_.name if isinstance(type_, Ext) else ""
    rate = notes_runtime.rate_of(it, atom) if isinstance(type_, Ext) else None
    if rate is not None and isinstance(atom, Sym):
        return _is_rate_of_kind(it, atom, rate, name)
    kinds = _ABSTRACT.get(name)
    if kinds is not None:
        if isinstance(atom, Const):
            return ALWAYS if isinstance(atom.value, kinds) else NEVER
        if isinstance(atom, Tuple):
            return ALWAYS if tuple in kinds else NEVER
        content = it.content(atom) if isinstance(atom, Ref) else None
        if isinstance(content, ListContent) and content.kind in ("list", "set"):
            return ALWAYS if {"list": list, "set": set}[content.kind] in kinds else NEVER
        if isinstance(content, DictContent):
            return ALWAYS if dict in kinds else NEVER
        if isinstance(atom, (Function, Class, Partial)):
            return NEVER
    if isinstance(atom, Const) and name.startswith("builtins."):
        return ALWAYS if name in _TYPES and isinstance(atom.value, _TYPES[name]) else NEVER
    if isinstance(atom, (Const, Truth)) and (
        isinstance(type_, Class) or name.startswith(("mindspore.", "numpy.", "torch."))
    ):
        return NEVER
    if isinstance(atom, Tuple) and name.startswith("builtins."):
        return ALWAYS if name == "builtins.tuple" else NEVER
    if isinstance(atom, Ref):
        content = it.content(atom)
        answer = _is_iterator_of(it, atom, name) if isinstance(content, ListContent) and name else None
        if answer is not None:
            return ALWAYS if answer else NEVER
        if isinstance(content, (ListContent, DictContent)):
            own = "builtins.dict" if isinstance(content, DictContent) else f"builtins.{content.kind}"
            if name.startswith("builtins.") or isinstance(type_, Class):
                return ALWAYS if name == own else NEVER
            return it.logic.atom(it.logic.term("isinstance", term_of(it, atom), it.logic.term("external", name)))
        if name in _TYPES or name in ("builtins.list", "builtins.dict", "builtins.tuple", "builtins.set"):
            return (
                NEVER
                if not classes.external_bases(it, content.made)
                else it.logic.atom(it.logic.term("isinstance", term_of(it, atom), it.logic.term("external", name)))
            )
        if isinstance(type_, Class):
            inherits = _inherits(it, content.made, type_)
            if inherits is not None:
                return ALWAYS if inherits else NEVER
        if name in _ABSTRACT and isinstance(content.made, Ext) and catalogue.is_cell(content.made.name):
            return ALWAYS if content.made.name in containers.CONTAINERS and name.endswith("Iterable") else NEVER
        if isinstance(type_, Ext):
            known = _is_of_class(it, content.made, name)
            if known is not None:
                return ALWAYS if known else NEVER
    other = term_of(it, type_) if type_ is not None else it.fresh(it)
    return it.logic.atom(it.logic.term("isinstance", term_of(it, atom), other))


#: Abstract classes, and the types of Python that belong to them.
_COLLECTIONS: dict[str, tuple[type, ...]] = {
    "Iterable": (str, bytes, tuple, list, set, dict),
    "Sequence": (str, bytes, tuple, list),
    "Mapping": (dict,),
}
_ABSTRACT: dict[str, tuple[type, ...]] = {
    "numbers.Number": (int, float, complex),
    "numbers.Real": (int, float),
    "numbers.Integral": (int,),
    **{
        f"{home}.{name}": kinds
        for name, kinds in _COLLECTIONS.items()
        for home in ("collections.abc", "collections", "typing")
    },
}


def _inherits(it: Interpreter, made: Union[Class, Ext], wanted: Class, depth: int = 0) -> Optional[bool]:
    """Whether a class is another one of the project or comes from it; None where not all of its bases are in sight."""
    if made == wanted:
        return True
    if isinstance(made, Ext) or depth > 8:
        return False
    answers = [
        _inherits(it, a.atom, wanted, depth + 1) if isinstance(a.atom, (Class, Ext)) else None
        for base in made.bases
        for a in it.alternatives(base)
    ]
    return True if True in answers else None if None in answers else False


#: What a class says of a rate that is an instance of it: whether it is the rates of groups, and whether it changes by itself.
_RATE_CLASSES = {
    "mindspore.Parameter": (False, False),
    "mindspore.Tensor": (False, False),
    "mindspore.ParameterTuple": (True, False),
    "builtins.tuple": (True, False),
    "mindspore.nn.CellList": (True, True),
    "mindspore.nn.learning_rate_schedule.LearningRateSchedule": (False, True),
}


_NO_RATES = frozenset(f"builtins.{name}" for name in "float int str list dict bool".split())


def _is_rate_of_kind(it: Interpreter, atom: Sym, found: notes_runtime.RateOf, name: str) -> Condition:
    """``isinstance(optimizer.learning_rate, Parameter)``: a number is kept as a Parameter, what changes by itself as a Cell,
    the rates of groups as a tuple or a CellList of these."""
    logic = it.logic
    construction = found.construction
    if name in _NO_RATES:
        return NEVER
    unknown = logic.atom(logic.term("isinstance", atom.term, logic.term("external", name)))
    grouped, moving = construction.group_rate(), construction.moving_rate()
    if found.how == "get_lr" and name == "builtins.tuple":
        return logic.either(grouped, unknown) if construction.may_have_other_groups() else grouped
    if construction.has_unseen_rates():
        return unknown
    if found.how == "get_lr":
        return logic.no(grouped) if name == "mindspore.Tensor" else unknown
    if name == "mindspore.nn.Cell":
        return moving
    if name not in _RATE_CLASSES:
        return unknown
    of_groups, by_itself = _RATE_CLASSES[name]
    holds = moving if by_itself else logic.no(moving)
    if found.how == "element":
        return NEVER if of_groups else holds
    return logic.both(grouped if of_groups else logic.no(grouped), holds)


def _id(it: Interpreter, site: CallSite) -> Value:
    value = site.get("obj", 0)
    if value is None:
        return it.unknown(site.node, "id", IDENTITY, site.frame)
    return it.map(value, site.node, lambda a: value_of(Sym(it.logic.term("id", term_of(it, a.atom)), IDENTITY)))


def _type(it: Interpreter, site: CallSite) -> Value:
    value = site.get("object", 0)
    atom = value.single if value is not None else None
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, Instance):
            return value_of(content.made, site.origin)
        if isinstance(content, DictContent) or content.kind in ("list", "set"):
            kind = "dict" if isinstance(content, DictContent) else content.kind
            return value_of(Ext(f"builtins.{kind}"), site.origin)
    if isinstance(atom, Tuple):
        return value_of(Ext("builtins.tuple"), site.origin)
    if isinstance(atom, Const) and type(atom.value).__module__ == "builtins" and atom.value is not None:
        return value_of(Ext(f"builtins.{type(atom.value).__name__}"), site.origin)
    term = it.logic.term("type", term_of_value(it, value)) if value is not None else it.fresh(site.node)
    return value_of(Sym(term), site.origin)


def _isgenerator(it: Interpreter, site: CallSite) -> Value:
    value = site.get("object", 0)
    if value is None:
        return it.unknown(site.node, "isgenerator", BOOLEAN, site.frame)
    result = NEVER
    for alternative in it.alternatives(value):
        holds = _is_instance(it, alternative.atom, Ext("types.GeneratorType"))
        result = it.logic.either(result, it.logic.both(alternative.when, holds))
    return value_of(Const(result == ALWAYS) if result in (NEVER, ALWAYS) else Truth(result), site.origin)


FUNCTIONS: dict[str, Handler] = {
    "builtins.isinstance": _isinstance,
    "builtins.issubclass": _issubclass,
    "builtins.callable": _callable,
    "inspect.isgenerator": _isgenerator,
    "builtins.id": _id,
    "builtins.type": _type,
}
