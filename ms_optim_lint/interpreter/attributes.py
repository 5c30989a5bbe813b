"""Attributes: what reading and writing them does, by what the object is."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, Callable, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Term
from ms_optim_lint.domain.values import (
    ABSENT,
    ARRAY,
    BOOLEAN,
    CELL,
    NUMBER,
    PARAMETER,
    TENSOR,
    TEXT,
    Alternative,
    Atom,
    Class,
    Const,
    DictContent,
    Ext,
    Function,
    Instance,
    Method,
    ModuleRef,
    Ref,
    Site,
    Super,
    Sym,
    Tuple,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter import callers, classes, layers, names, networks, releases
from ms_optim_lint.interpreter.arguments import Arguments
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.truth import term_of
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.records import replace

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import (
        calls,
        library,
        notes_attributes,
        notes_schedules,
        notes_steps,
        outside,
        statements,
        versions,
    )
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
else:
    calls = late("calls")
    library = late("library")
    notes_attributes = late("notes_attributes")
    notes_schedules = late("notes_schedules")
    notes_steps = late("notes_steps")
    outside = late("outside")
    statements = late("statements")
    versions = late("versions")

#: What the attributes of a Parameter are (``mindspore/common/parameter.py``): kind by name.
_PARAMETER_ATTRIBUTES = {
    "name": TEXT,
    "requires_grad": BOOLEAN,
    "ndim": NUMBER,
    "size": NUMBER,
    "shape": None,
    "dtype": None,
    "data": TENSOR,
}


def read(it: Interpreter, base: Value, name: str, node: ast.AST, frame: Frame) -> Value:
    """``base.name``, noting it where it is something that only judges of optimizers care about."""
    result = it.map(base, node, lambda a: read_atom(it, a.atom, name, node, frame))
    notes_attributes.attribute_read(it, base, name, node, frame)
    if name in notes_attributes.OF_SCHEDULERS:
        notes_schedules.attribute_read(it, base, name, node, frame)
    return result


def read_atom(it: Interpreter, atom: Atom, name: str, node: ast.AST, frame: Frame) -> Value:
    """``atom.name``."""
    origin = Site(frame.module, node)
    if isinstance(atom, Ext):
        return value_of(_external_attribute(it, atom, name), origin)
    if isinstance(atom, ModuleRef):
        return names.module_attribute(it, atom.module, name)
    if isinstance(atom, Ref):
        content = it.content(atom)
        if isinstance(content, Instance):
            return _of_instance(it, atom, content, name, origin)
        stored = it.state.get((atom.obj, name))
        if isinstance(stored, Value):
            return stored
        entry = content.get(name) if isinstance(content, DictContent) else None
        if entry is None and name == "__dict__" and isinstance(content, DictContent):
            return value_of(atom, origin)  # of a namespace
        if entry is None and atom.obj in it.lenient and isinstance(content, DictContent) and not content.open:
            if not hasattr(dict, name):
                return value_of(it.allocate(node, frame.module, DictContent()), origin)
        # A dict that lets its entries be read as attributes: a plain one would raise here.
        return entry if entry is not None else value_of(Method(atom, name), origin)
    if isinstance(atom, Class):
        found = classes.class_attribute(it, atom, name)
        method = found.single if found is not None else None
        if isinstance(method, Function) and method.owner is not None and _is_classmethod(method.node):
            return value_of(Method(atom, name, method, method.owner), origin)
        if found is not None and any(isinstance(a.atom, Const) for a in found.alternatives):
            if atom in it.opened or f"setattr({atom.node.name}," in atom.module.text:
                return _perhaps(it, atom, name, found, origin)
        return found or value_of(
            Sym(it.logic.term("attribute", term_of(it, atom), name), reason="class attribute"), origin
        )
    if isinstance(atom, Super):
        return _of_super(it, atom, name, origin)
    if isinstance(atom, (Const, Tuple, Function)):
        part = releases.part(atom.value, name) if isinstance(atom, Const) and isinstance(atom.value, tuple) else None
        return value_of(Method(atom, name) if part is None else Const(part), origin)
    if isinstance(atom, Sym):
        return _of_symbol(it, atom, name, origin)
    return value_of(Sym(it.logic.term("attribute", term_of(it, atom), name), reason="attribute"), origin)


def _external_attribute(it: Interpreter, atom: Ext, name: str) -> Atom:
    full = f"{atom.name}.{name}"
    if full == "mindspore.__version__":
        return names.version_of(it)
    if name in ("__name__", "__qualname__", "__module__") and atom.name.startswith("mindspore."):
        optimizer = catalogue.optimizer(atom.name)
        if optimizer is not None:
            package, _, short = atom.name.rpartition(".")
            home = f"{package}.optim" if package == "mindspore.nn" else package
            return Const(f"{home}.{short.lower()}" if name == "__module__" else short)
    return names.external(full)


def _of_symbol(it: Interpreter, atom: Sym, name: str, origin: Site) -> Value:
    stored = it.state.get((atom.term, name))
    if not isinstance(stored, Value):
        return _read_symbol(it, atom, name, origin)
    return elsewhere(
        it, stored, lambda: _read_symbol(it, atom, name, origin), it.logic.term("attribute", atom.term, name)
    )


def elsewhere(it: Interpreter, stored: Value, default: Callable[[], Value], term: Term) -> Value:
    """What was stored, perhaps on some ways only; on the others the default."""
    covered = NEVER
    for alternative in stored.alternatives:
        covered = it.logic.either(covered, alternative.when)
    if it.logic.implies(it.state.reached, covered):
        return stored
    return join(it.logic, [(ALWAYS, stored), (it.logic.no(covered), default())], term)


def _read_symbol(it: Interpreter, atom: Sym, name: str, origin: Site) -> Value:
    term = it.logic.term("attribute", atom.term, name)
    if name == "name" and atom.term in it.told:
        return value_of(Const(it.told[atom.term]), origin)
    if atom.kind == PARAMETER and name in _PARAMETER_ATTRIBUTES:
        return value_of(Sym(term, _PARAMETER_ATTRIBUTES[name]), origin)
    if atom.kind == CELL and name.endswith("name"):
        return value_of(Sym(term, None), origin)
    if atom.kind in (ARRAY, TENSOR):
        if name in ("T", "data", "real"):
            return value_of(Sym(term, atom.kind, atom.rank), origin)
        if name in ("ndim", "size", "shape", "dtype", "grad", "name"):
            return value_of(Sym(term, NUMBER if name in ("ndim", "size") else None), origin)
        return value_of(Method(atom, name), origin)
    if name == "shape":
        return value_of(Sym(term, None), origin)
    return value_of(Sym(term, None, reason=atom.reason or "attribute of something unknown"), origin)


def _of_instance(it: Interpreter, ref: Ref, instance: Instance, name: str, origin: Site) -> Value:
    if name in ("__dict__", "_cells", "_params"):
        statements.spoil(it, ref)
        networks.changed(it, ref, name)
    found = _known_of_instance(it, ref, instance, name, origin)
    if outside.has_special(it, ref, "__getattribute__"):
        term = it.logic.term("attribute", term_of(it, ref), name)
        return value_of(Sym(term, reason="what __getattribute__ of a class gives"), origin)
    if ref.obj in it.opened:
        found = it.map(found, origin.node, lambda a: _left_open(it, ref, name, a))
    if not any(isinstance(a.atom, Const) for a in found.alternatives):
        return found
    unseen = isinstance(instance.made, Class) and classes.has_unknown_base(it, instance.made)
    return _perhaps(it, ref, name, found, origin) if unseen or ref.obj in it.opened else found


def _left_open(it: Interpreter, ref: Ref, name: str, found: Alternative) -> Value:
    """What stands in an attribute until code that is not followed sets it: None, or a list or dict that is still empty."""
    atom = found.atom
    if atom == Const(None):
        term = it.logic.term("attribute", term_of(it, ref), name)
        return value_of(Sym(term, reason="set by code that is not followed"), found.origin)
    if it.is_empty(atom):
        statements.spoil(it, atom)
    return value_of(atom, found.origin)


def _perhaps(it: Interpreter, atom: Atom, name: str, found: Value, origin: Site) -> Value:
    """An attribute that code that is not followed may have set to something else."""
    term = it.logic.term("attribute", term_of(it, atom), name)
    kept = it.logic.atom(it.logic.term("kept", term))
    it.leave_out()  # nothing is said of what happens only if it is not kept
    other = value_of(Sym(term, reason="set by code that is not followed"), origin)
    return join(it.logic, [(kept, found), (it.logic.no(kept), other)], term)


def _known_of_instance(it: Interpreter, ref: Ref, instance: Instance, name: str, origin: Site) -> Value:
    stored = it.state.get((ref.obj, name))
    if isinstance(stored, Value):
        kept = tuple(a for a in stored.alternatives if a.atom is not ABSENT)
        if kept:
            return _with_default(it, ref, instance, name, origin, Value(kept))
    return _default_of_instance(it, ref, instance, name, origin)


def _with_default(it: Interpreter, ref: Ref, instance: Instance, name: str, origin: Site, stored: Value) -> Value:
    """An attribute that may be set on some ways only: on the others it is what the class says."""
    own = isinstance(instance.made, Class) and classes.class_attribute(it, instance.made, name) is not None
    if not own and not (ref.obj in it.constructions and name in _OF_OPTIMIZERS):
        return stored
    term = it.logic.term("attribute", term_of(it, ref), name)
    return elsewhere(it, stored, lambda: _default_of_instance(it, ref, instance, name, origin), term)


#: Attributes that every optimizer has.
_OF_OPTIMIZERS = frozenset(("learning_rate", "param_groups", "dynamic_lr", "is_group_lr", "is_group", "parameters"))


def _default_of_instance(it: Interpreter, ref: Ref, instance: Instance, name: str, origin: Site) -> Value:
    if isinstance(instance.made, Class):
        found = classes.class_attribute(it, instance.made, name)
        if found is not None:
            return it.map(found, origin.node, lambda a: _bound(it, ref, a, instance.made, name))
    if name == "__class__" and ref.obj in it.constructions:
        return value_of(instance.made, origin)
    term = it.logic.term("attribute", term_of(it, ref), name)
    entry = _given_entry(it, instance, name)
    if entry is not None:
        return entry
    if ref.obj in it.unmade and name in catalogue.attributes("Cell", it.project.settings.mindspore_version):
        return value_of(Method(ref, name), origin)
    if ref.obj in it.unmade and it.state.get((ref.obj, networks.MADE)) is None:
        networks.make(it, ref)
        return _of_instance(it, ref, instance, name, origin)
    parameter = layers.own_parameter(it, ref, name)
    if parameter is not None:
        return parameter
    if isinstance(instance.made, Ext) or ref.obj in it.constructions:
        special = library.external_attribute(it, ref, instance, name, origin)
        if special is not None:
            return special
    external = next(iter(classes.external_bases(it, instance.made)), None)
    if external is not None:
        return (
            value_of(Method(ref, name), origin)
            if _is_method(name)
            else value_of(Sym(term, reason="attribute of a class outside the project"), origin)
        )
    outside.spoil_by_special(it, ref, "__getattr__")
    return value_of(Sym(term, reason=f"attribute {name} is not set in sight"), origin)


def _given_entry(it: Interpreter, instance: Instance, name: str) -> Optional[Value]:
    """An attribute of an object of an own class of dicts: what it was given under that key."""
    if not any(
        base.name in ("builtins.dict", "collections.OrderedDict") for base in classes.external_bases(it, instance.made)
    ):
        return None
    given = dict(instance.keywords).get(name)
    if given is not None:
        return given
    atom = instance.arguments[0].single if instance.arguments else None
    content = it.content(atom) if isinstance(atom, Ref) else None
    return content.get(name) if isinstance(content, DictContent) else None


def _is_method(name: str) -> bool:
    return name in library.CELL_METHODS


def _is_classmethod(node: ast.AST) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "classmethod" for d in getattr(node, "decorator_list", ()))


def _bound(it: Interpreter, receiver: Atom, found: Alternative, made: object, name: str) -> Value:
    atom = found.atom
    if isinstance(atom, Function):
        marks = _decorators(atom)
        getter = _getter(atom) if not marks.isdisjoint(("setter", "deleter")) else None
        if getter is not None:
            atom, marks = getter, {"property"}
        if "staticmethod" in marks:
            return value_of(atom, found.origin)
        if "property" in marks or "cached_property" in marks:
            return calls.enter(
                it, atom, Arguments.of([value_of(receiver)]), atom.node, it.module_frame(atom.module), receiver
            )
        if "classmethod" in marks and isinstance(made, Class):
            return value_of(Method(made, name, atom, atom.owner), found.origin)
        callers.meet(it, atom.node)
        return value_of(Method(receiver, name, atom, atom.owner), found.origin)
    return Value((found,))


def _bound_of(it: Interpreter, receiver: Atom, made: object, name: str, found: Alternative) -> Value:
    return _bound(it, receiver, found, made, name)


def _of_super(it: Interpreter, atom: Super, name: str, origin: Site) -> Value:
    for base in _after(it, atom):
        if isinstance(base, Class):
            found = classes.own_attribute(it, base, name)
            if found is not None:
                return it.map(found, origin.node, functools.partial(_bound_of, it, atom.receiver, base, name))
        elif isinstance(base, Ext):
            if classes.is_foreign(base):
                statements.spoil(it, atom.receiver)
            return value_of(Method(atom.receiver, f"{base.name}.{name}"), origin)
        else:
            break
    return value_of(Sym(it.logic.term("super", it.number(atom.owner.node), name), reason="base class unknown"), origin)


def _after(it: Interpreter, atom: Super) -> list[Atom]:
    """The classes that ``super()`` asks, one after the other: those after its own in the order of the object's class."""
    content = it.content(atom.receiver) if isinstance(atom.receiver, Ref) else None
    made = content.made if isinstance(content, Instance) else atom.receiver
    order = classes.resolution(it, made) if isinstance(made, Class) else []
    if atom.owner not in order:
        order = classes.resolution(it, atom.owner)
    return order[order.index(atom.owner) + 1 :]


def keep(it: Interpreter, ref: Ref, name: str, value: Value) -> None:
    """What reading ``name`` of an object gives from now on."""
    it.state.set((ref.obj, name), value)


def _keep_default(it: Interpreter, atom: Atom, key: object, name: str) -> None:
    """What a class has of those it comes from before the attribute is set: it is that on other ways through the program."""
    if not isinstance(atom, Class) or it.state.parent is None or it.state.get(key) is not None:
        return
    found = classes.class_attribute(it, atom, name)
    if found is not None and not any(isinstance(a.atom, Function) for a in found.alternatives):
        it.state.first().set(key, found)


def _set_by_property(it: Interpreter, ref: Ref, name: str, value: Value, node: ast.AST, frame: Frame) -> bool:
    """Call the setter of a property of the project's own class, if the attribute is one."""
    from ms_optim_lint.interpreter.deferred import enter_or_defer

    content = it.content(ref)
    made = content.made if isinstance(content, Instance) else None
    if not isinstance(made, Class) or ".setter" not in made.module.text or classes.external_bases(it, made):
        return False
    found = classes.class_attribute(it, made, name)
    function = found.single if found is not None else None
    if not isinstance(function, Function) or "setter" not in _decorators(function):
        return False
    enter_or_defer(it, function, Arguments.of([value_of(ref), value]), node, frame, ref)
    return True


def _decorators(function: Function) -> set[str]:
    return {
        d.attr if isinstance(d, ast.Attribute) else d.id
        for d in getattr(function.node, "decorator_list", ())
        if isinstance(d, (ast.Name, ast.Attribute))
    }


def _getter(function: Function) -> Optional[Function]:
    """The function that gives a property, of the one that sets it."""
    body = function.owner.node.body if function.owner is not None else ()
    for one in body:
        if isinstance(one, ast.FunctionDef) and one.name == getattr(function.node, "name", ""):
            getter = replace(function, node=one)
            if "property" in _decorators(getter):
                return getter
    return None


def write(it: Interpreter, base: Value, name: str, value: Value, node: ast.AST, frame: Frame) -> None:
    """``base.name = value``: a strong update of one object, an alternative for each of several."""
    notes_attributes.attribute_written(it, base, name, value, node, frame)
    alternatives = it.alternatives(base)
    for alternative in alternatives:
        key: object
        if isinstance(alternative.atom, Sym) and networks.may_change(it, value):
            made = networks.object_behind(it, alternative.atom.term)
            if made is not None:
                alternative = alternative._replace(atom=Ref(made))
        if isinstance(alternative.atom, Ref):
            if name == "learning_rate" and notes_steps.keeps_rate(it, alternative.atom, value):
                continue
            if _set_by_property(it, alternative.atom, name, value, node, frame):
                continue
            networks.make(it, alternative.atom)
            key = (alternative.atom.obj, name)
            if it.is_summary(alternative.atom.obj) and alternative.atom.obj.context is not it.context:
                it.state.set(key, value_of(Sym(it.fresh(node), reason="set on one of many")))
                networks.changed(it, alternative.atom, "one of many")
                for given in value.alternatives:
                    networks.changed(it, given.atom, "one of many that hold it")
                continue
        elif isinstance(alternative.atom, Sym):
            key = (alternative.atom.term, name)
            networks.element_changed(it, alternative.atom.term, name, value)
            if name not in ("requires_grad", "name") and not alternative.atom.term.elements:
                versions.replaced_perhaps(it, alternative.atom, value, node)
        elif isinstance(alternative.atom, Class):
            key = (classes.frame_of(it, alternative.atom), name)
        elif isinstance(alternative.atom, ModuleRef):
            key = (alternative.atom.module.frame, name)
        else:
            if isinstance(alternative.atom, Ext):
                it.patched.add(alternative.atom.name)
            continue
        _keep_default(it, alternative.atom, key, name)
        if len(alternatives) == 1:
            it.state.set(key, value)
            if isinstance(alternative.atom, Ref):
                networks.attribute_set(it, alternative.atom, name, value, ALWAYS)
                outside.spoil_by_special(it, alternative.atom, "__setattr__")
        else:
            if isinstance(alternative.atom, Ref):
                networks.attribute_set(it, alternative.atom, name, value, alternative.when)
                outside.spoil_by_special(it, alternative.atom, "__setattr__")
            old = it.state.get(key)
            kept = (
                old
                if isinstance(old, Value)
                else value_of(
                    Sym(it.logic.term("attribute", term_of(it, alternative.atom), name), reason="set on one of several")
                )
            )
            when = alternative.when
            it.state.set(key, join(it.logic, [(when, value), (it.logic.no(when), kept)], it.fresh(node)))
