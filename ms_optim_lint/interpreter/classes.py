"""Classes of the project: what they come from, in the order in which Python asks them, and what their bodies bind."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional, Union

from ms_optim_lint.domain.values import (
    Atom,
    Class,
    Ext,
    Instance,
    Ref,
    Site,
    Sym,
    Value,
    value_of,
)
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.modules import bound_in_class
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import decorators, elsewhere, expressions, statements
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
else:
    decorators = late("decorators")
    elsewhere = late("elsewhere")
    expressions = late("expressions")
    statements = late("statements")

#: Attributes of classes are kept in frames of these numbers.
_CLASSES = -1_000_000
#: What an expression can be made of that only gives what it names.
_OF_VALUES = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.List, ast.Tuple, ast.Dict)
_SIMPLE = (*_OF_VALUES, ast.BinOp, ast.UnaryOp, ast.expr_context, ast.operator, ast.unaryop)


def frame_of(it: Interpreter, cls: Class) -> int:
    """The number of the frame in which the attributes of a class are kept."""
    return _CLASSES - it.number(cls.node)


def resolution(it: Interpreter, cls: Class, depth: int = 0) -> list[Atom]:
    """A class and all that it comes from, in the order in which Python asks them."""
    bases = bases_of(it, cls)
    if not bases or depth > 8:
        return [cls]
    rows = [resolution(it, base, depth + 1) if isinstance(base, Class) else [base] for base in bases]
    if len(bases) == 1:
        return [cls, *rows[0]]
    rows.append(list(bases))
    found: list[Atom] = [cls]
    while rows := [row for row in rows if row]:
        good = (row[0] for row in rows if not any(row[0] in other[1:] for other in rows))
        first = next(good, rows[0][0])  # where there is none, Python raises
        found.append(first)
        rows = [[one for one in row if one != first] for row in rows]
    return found


def bases_of(it: Interpreter, cls: Class) -> list[Atom]:
    """The bases that are written in the ``class`` statement, each as what it is or as something unknown."""
    found: list[Atom] = []
    for value in cls.bases:
        atoms = [a.atom for a in it.alternatives(value)]
        if len(atoms) > 1 and len({a.name for a in atoms if isinstance(a, Ext) and catalogue.optimizer(a.name)}) > 1:
            atoms = [Sym(it.logic.term("base", it.number(cls.node)), reason="one of several optimizers")]
        found.extend(atoms)
    return found


def external_bases(it: Interpreter, made: object, depth: int = 0) -> list[Ext]:
    """The classes outside the project that a class comes from; for one outside the project itself."""
    if isinstance(made, Ext):
        return [made]
    found: list[Ext] = []
    if isinstance(made, Class) and depth < 8:
        for base in bases_of(it, made):
            found.extend(external_bases(it, base, depth + 1))
    return found


def has_unknown_base(it: Interpreter, cls: Class, depth: int = 0) -> bool:
    """Whether something that cannot be seen is among the bases."""
    for base in bases_of(it, cls):
        if isinstance(base, Class):
            if depth > 8 or has_unknown_base(it, base, depth + 1):
                return True
        elif not isinstance(base, Ext):
            return True
    return False


def is_network(it: Interpreter, content: Instance) -> bool:
    """Whether an object is certainly a Cell (and not an optimizer)."""
    if isinstance(content.made, Class) and has_unknown_base(it, content.made):
        return False
    bases = external_bases(it, content.made)
    return any(catalogue.is_cell(b.name) and catalogue.optimizer(b.name) is None for b in bases)


def iterates(it: Interpreter, content: Instance) -> Optional[bool]:
    """Whether iterating the object works: SequentialCell and CellList do, over cells, which are no parameters either."""
    if isinstance(content.made, Class):
        return class_attribute(it, content.made, "__iter__") is not None
    return False


_ASSIGNED = (ast.Assign, ast.AnnAssign)
#: What a class may define, and come from, and its objects are still no numbers and not iterable.
_HARMLESS = frozenset(
    "__init__ __call__ __getitem__ __len__ __repr__ __str__ __enter__ __exit__ __slots__ __doc__".split()
)
_EMPTY = frozenset(("builtins.object", "abc.ABC", "typing.Generic"))


def is_plain(it: Interpreter, cls: Class) -> bool:
    """Whether objects of a class are certainly neither numbers nor iterable, nor anything of MindSpore."""
    for one in resolution(it, cls):
        if isinstance(one, Class):
            special = {name for name in bound_in_class(one.node) if name.startswith("__")} - _HARMLESS
            if special or one.node.decorator_list or one.node.keywords or one in it.opened:
                return False
        elif not isinstance(one, Ext) or one.name not in _EMPTY:
            return False
    return True


#: Classes from these set no attributes of objects that are derived from them.
_PLAIN = ("mindspore.", "builtins.", "abc.", "typing.", "typing_extensions.", "enum.", "collections.", "threading.")


def is_foreign(base: Ext) -> bool:
    """Whether a class is of another package."""
    return not base.name.startswith(_PLAIN)


def has_foreign_base(it: Interpreter, made: object) -> bool:
    """Whether a class of the project comes from one of another package, which may set attributes of its objects."""
    if not isinstance(made, Class) or not made.bases:
        return False
    return any(map(is_foreign, external_bases(it, made))) or has_unknown_base(it, made)


def class_attribute(it: Interpreter, cls: Class, name: str) -> Optional[Value]:
    """A class attribute or method, looked up along the project's own bases; None where they have none."""
    if not cls.bases:
        return own_attribute(it, cls, name)
    for base in resolution(it, cls):
        found = own_attribute(it, base, name) if isinstance(base, Class) else None
        if found is not None:
            return found
    return None


def own_attribute(it: Interpreter, cls: Class, name: str) -> Optional[Value]:
    """The same, of one class without its bases. What can be changed is made once."""
    key = (frame_of(it, cls), name)
    stored = it.state.get(key)
    if isinstance(stored, Value):
        return stored
    found = _in_body(it, cls, name)
    if found is not None and cls.module is not it.module and isinstance(bound_in_class(cls.node)[name], _ASSIGNED):
        if elsewhere.is_set(it, cls, name):
            term = it.logic.term("attribute", it.logic.term("changed", it.number(cls.node)), name)
            return value_of(Sym(term, reason="set by another file"))
    if found is None or not any(isinstance(a.atom, Ref) for a in found.alternatives):
        return found
    before, it.state = it.state, it.state.first()
    try:
        found = _in_body(it, cls, name)
        if found is not None:
            it.state.set(key, found)
            things = [a.atom for a in found.alternatives if isinstance(a.atom, Ref)]
            it.of_classes.extend((thing, it.content(thing)) for thing in things)
        return found
    finally:
        it.state = before


def body_run(it: Interpreter, cls: Class, scope: Frame) -> None:
    """A ``class`` statement is run: what its body sets to things of then is set now. The rest is read when it is asked for."""
    waiting = [
        (name, source)
        for name, statement in bound_in_class(cls.node).items()
        if isinstance(statement, (ast.Assign, ast.AnnAssign))
        for source in [_source_of(statement, name)]
        if source is not None and not isinstance(source, ast.Constant) and _is_of_then(source)
    ]
    if not waiting:
        return
    inner = it.new_frame(cls.node, cls.module, scope, True)
    for name, source in waiting:
        value = expressions.evaluate(it, source, inner)
        it.state.set((inner.number, name), value)
        it.state.set((frame_of(it, cls), name), value)


def _is_of_then(source: ast.expr) -> bool:
    """Whether an expression gives what it does at that time, and does nothing else."""
    inner = list(walk(source))
    return all(isinstance(one, _SIMPLE) for one in inner) and any(
        isinstance(one, (ast.Name, ast.List)) for one in inner
    )


def _in_body(it: Interpreter, cls: Class, name: str) -> Optional[Value]:
    statement = bound_in_class(cls.node).get(name)
    if statement is None:
        return None
    frame = it.frames.get(cls.frame) or it.module_frame(cls.module)
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        made = statements.make_function(it, statement, frame, cls)
        return decorators.decorated(it, made, frame) if made.decorated else value_of(made, Site(cls.module, statement))
    if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
        source = _source_of(statement, name)
        if source is not None:
            names_inside = {inner.id for inner in walk(source) if isinstance(inner, ast.Name)}
            if names_inside.isdisjoint(bound_in_class(cls.node)):
                return expressions.evaluate(it, source, frame)
    return value_of(Sym(it.logic.term("attribute", it.logic.term("definition", it.number(cls.node)), name)))


def _source_of(statement: Union[ast.Assign, ast.AnnAssign], name: str) -> Optional[ast.expr]:
    """The expression that an assignment gives to a name: all of it, or its part where the two sides are written side by side."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    for target in targets:
        if isinstance(target, ast.Name) and target.id == name:
            return statement.value
        value = statement.value
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            if not any(isinstance(part, ast.Starred) for part in (*target.elts, *value.elts)):
                for part, given in zip(target.elts, value.elts):
                    if isinstance(part, ast.Name) and part.id == name:
                        return given
    return None
