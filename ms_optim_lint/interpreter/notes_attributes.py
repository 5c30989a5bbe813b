"""Noting facts about attributes: what is read from optimizers, rates and Parameters, and what is set on them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import Term
from ms_optim_lint.domain.values import (
    ABSENT,
    PARAMETER,
    TENSOR,
    Alternative,
    Atom,
    Class,
    Const,
    Ext,
    Instance,
    ListContent,
    Ref,
    Site,
    Sym,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.facts import (
    AttributeUse,
    AttributeWrite,
    Construction,
)
from ms_optim_lint.interpreter import (
    argument_values,
    classes,
    notes_runtime,
    notes_steps,
    questions,
)
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.locate import locate
from ms_optim_lint.interpreter.notes import circumstances, missing_from, missing_name, rate_change
from ms_optim_lint.interpreter.patches import is_patched
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.spelling import nearest
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import after_building, changes, notes_schedules, versions
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
else:
    after_building = late("after_building")
    changes = late("changes")
    notes_schedules = late("notes_schedules")
    versions = late("versions")


#: Attributes of an optimizer that people set to change how it trains.
_WATCHED = frozenset(
    "learning_rate lr weight_decay loss_scale momentum global_step beta1_power beta2_power step state_step step_t".split()
)


#: Uses of ``optimizer.learning_rate`` that reach into it.
_RATE_METHODS = frozenset(("set_data", "asnumpy", "data", "value", "item", "assign_value", "copy_", "fill_"))
#: Methods of schedulers that people ask of a schedule, or of a list of rates.
OF_SCHEDULERS = frozenset(("step", "get_last_lr", "get_lr", "print_lr", "state_dict", "load_state_dict"))


def attribute_read(it: Interpreter, base: Value, name: str, node: ast.AST, frame: Frame) -> None:
    """``base.name`` is read: a method of torch on something of MindSpore, or a look into a rate."""
    for alternative in it.alternatives(base):
        atom = alternative.atom
        if isinstance(atom, Ref):
            _optimizer_attribute(it, atom, alternative, name, node, frame)
        elif isinstance(atom, Ext):
            if not (isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)):
                missing_name(it, f"{atom.name}.{name}", alternative.when, node, frame, False)
        elif notes_runtime.is_nothing(it, alternative):
            notes_runtime.nothing_used(it, Value((alternative,)), f".{name} of it", node, frame)
        elif isinstance(atom, Sym):
            if atom.term in it.rates and name in _RATE_METHODS:
                rate_change(it, it.rates[atom.term], name, alternative, node, frame)
                if name == "set_data":
                    notes_steps.rate_replaced(it, it.rates[atom.term], name, alternative.when, node, frame)
            elif atom.term in it.current_rates and name in notes_runtime.NUMBER_METHODS:
                notes_runtime.rate_read(it, value_of(atom), "method", node, frame, alternative.when)
            elif name in _RATE_METHODS and (obj := notes_runtime.element_of(atom.term, it.rates)) is not None:
                rate_change(it, obj, name, alternative, node, frame, True)
            elif name in ("grad", "backward") and atom.kind in (TENSOR, PARAMETER):
                seen = atom.kind == TENSOR or own_network(atom.term)
                if seen and has_attribute(it, atom, name) is False:
                    kind = "tensor" if atom.kind == TENSOR else "parameter"
                    _use(it, kind, name, alternative, node, frame)


def _optimizer_attribute(
    it: Interpreter, ref: Ref, alternative: Alternative, name: str, node: ast.AST, frame: Frame
) -> None:
    construction = it.constructions.get(ref.obj)
    if construction is not None and has_attribute(it, ref, name) is False:
        _use(it, "optimizer", name, alternative, node, frame, construction)


def own_network(term: Term) -> bool:
    """Whether a Parameter is of a network that is built in sight: nobody else has set its attributes."""
    if term.op == "parameter":
        return True
    bases = [element.args[0] for element in term.elements]
    return bool(bases) and all(
        isinstance(base, Term)
        and base.op == "parameters"
        and isinstance(base.args[0], Term)
        and base.args[0].op == "object"
        for base in bases
    )


def _use(
    it: Interpreter,
    of: str,
    name: str,
    alternative: Alternative,
    node: ast.AST,
    frame: Frame,
    construction: Optional[Construction] = None,
) -> None:
    text = ast.unparse(node) if isinstance(node, ast.Attribute) else name
    it.facts.append(
        AttributeUse(
            *circumstances(it, locate(Site(frame.module, node)), alternative.when),
            of,
            name,
            text,
            construction=construction,
        )
    )


#: Methods of networks that programs ask for.
_OF_NETWORKS = frozenset("trainable_params get_parameters parameters_and_names cells_and_names parameters_dict".split())


def has_attribute(it: Interpreter, atom: Atom, name: str) -> Optional[bool]:
    """Whether an object has an attribute: what was set on it, what its class has; None where that is not known."""
    version = it.project.settings.mindspore_version
    if isinstance(atom, Ext):
        return False if missing_from(it, f"{atom.name}.{name}") is not None else None
    if isinstance(atom, Sym):
        kind = {PARAMETER: "Parameter", TENSOR: "Tensor"}.get(atom.kind or "")
        answer = catalogue.has_attribute(kind, name, version) if kind is not None else None
        set_here = answer is False and isinstance(it.state.get((atom.term, name)), Value)
        return None if set_here or answer is False and is_patched(it, atom.kind or "", name) else answer
    if isinstance(atom, Const) and isinstance(atom.value, (str, int, float)):
        return hasattr(atom.value, name)
    if isinstance(atom, Tuple):
        return hasattr((), name)
    if not isinstance(atom, Ref):
        return None
    if notes_schedules.lacks(it, atom, name):
        return False
    stored = it.state.get((atom.obj, name))
    if isinstance(stored, Value):
        return True if all(a.atom is not ABSENT for a in stored.alternatives) else None
    content = it.content(atom)
    if isinstance(content, ListContent):
        kinds: dict[str, object] = {"list": [], "set": set(), "iterator": iter(())}
        return hasattr(kinds[content.kind], name) if content.kind in kinds else None
    if not isinstance(content, Instance):
        return None
    if name in _OF_NETWORKS and classes.is_network(it, content):
        return True
    if isinstance(content.made, Class):
        if classes.class_attribute(it, content.made, name) is not None:
            return True
        if classes.has_unknown_base(it, content.made) or classes.class_attribute(it, content.made, "__getattr__"):
            return None
        if name in set_somewhere(content.made):
            return None
    construction = it.constructions.get(atom.obj)
    if construction is None:
        if name == "parameters" and classes.is_network(it, content) and not is_patched(it, "cell", name):
            return False
        return None
    answer = construction.optimizer.has_attribute(name, version)
    return None if answer is False and is_patched(it, "optimizer", name) else answer


def set_somewhere(cls: Class) -> frozenset[str]:
    """The attributes that methods of a class set."""
    found: frozenset[str] = frozenset()
    for statement in cls.node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found |= changes.assigned_attributes(statement)
    return found


def attribute_written(it: Interpreter, base: Value, name: str, value: Value, node: ast.AST, frame: Frame) -> None:
    """``base.name = value``: what is set on an optimizer; freezing a parameter makes another version of its network."""
    if name in _WATCHED or _is_slip(it, base, name):
        _written(it, base, name, value, node, frame)
    after_building.attribute_written(it, base, name, value, node, frame)
    if name in ("requires_grad", "name"):
        for alternative in it.alternatives(base):
            if isinstance(alternative.atom, Sym):
                versions.parameter_written(it, alternative.atom, name, value, node)


def _is_slip(it: Interpreter, base: Value, name: str) -> bool:
    """Whether an optimizer is given an attribute that is called almost like one that people set."""
    for alternative in base.alternatives:
        atom = alternative.atom
        construction = it.constructions.get(atom.obj) if isinstance(atom, Ref) else None
        if construction is not None and has_attribute(it, atom, name) is False:
            known = construction.optimizer.attributes(it.project.settings.mindspore_version)
            return nearest(name, known) in _WATCHED
    return False


def _written(it: Interpreter, base: Value, name: str, value: Value, node: ast.AST, frame: Frame) -> None:
    for alternative in it.alternatives(base):
        atom = alternative.atom
        construction = it.constructions.get(atom.obj) if isinstance(atom, Ref) else None
        if construction is None or not isinstance(atom, Ref) or is_patched(it, "optimizer", name):
            continue
        content = it.content(atom)
        made = content.made if isinstance(content, Instance) else None
        if isinstance(made, Class) and (
            frame.receiver == atom
            or name in set_somewhere(made)
            or classes.has_unknown_base(it, made)
            or any(classes.class_attribute(it, made, one) is not None for one in (name, "__setattr__"))
        ):
            continue
        if name == "learning_rate" and questions.rate_asked(it, atom, alternative.when):
            continue
        how = notes_steps.kind_of_new_rate(it, atom.obj, value) if name == "learning_rate" else ""
        if how:
            notes_steps.rate_replaced(it, atom.obj, how, alternative.when, node, frame)
        location = locate(Site(frame.module, node))
        it.facts.append(
            AttributeWrite(
                *circumstances(it, location, alternative.when),
                name,
                _as_attribute(node, name),
                argument_values.choices_of(it, value, location),
                construction,
                isinstance(made, Class),
                _is_read(node, frame, name),
            )
        )


def _is_read(node: ast.AST, frame: Frame, name: str) -> bool:
    """Whether the file reads an attribute that it sets, of what is called like the thing that it is set on."""
    target = _target(node)
    base = _last_name(target) if target is not None else None
    return base is None or any(
        isinstance(inner, ast.AugAssign)
        and inner.target is node
        or isinstance(inner, ast.Attribute)
        and inner.attr == name
        and not isinstance(inner.ctx, ast.Store)
        and _last_name(inner.value) == base
        or isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Name)
        and inner.func.id in ("getattr", "hasattr")
        and _last_name(inner.args[0] if inner.args else inner) == base
        for inner in walk(frame.module.tree)
    )


def _target(node: ast.AST) -> Optional[ast.expr]:
    """What an attribute is set on: by an assignment, or by ``setattr`` with the name written out."""
    if isinstance(node, ast.Call) and len(node.args) == 3 and isinstance(node.args[1], ast.Constant):
        return node.args[0]
    return node.value if isinstance(node, ast.Attribute) else None


def _as_attribute(node: ast.AST, name: str) -> str:
    """``optimizer.lr``, also where it is ``setattr(optimizer, 'lr', ...)``."""
    target = _target(node)
    return f"{ast.unparse(target)}.{name}" if target is not None else name


def _last_name(node: ast.expr) -> Optional[str]:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else None
