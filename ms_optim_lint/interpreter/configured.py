"""Tests of configuration: a constant that a user changes does not decide which branch is followed.

``if config.optimizer == 'sgd'`` has one outcome for the configuration in sight, and the code behind the other one is as much the
program's. So both sides are followed, each under its own condition. What the path itself has decided (a local variable, an
argument) still counts. On the side that the configuration in sight does not take, the settings that were asked have another
value than that, which is not known.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Condition, Term
from ms_optim_lint.domain.values import Alternative, Atom, Class, Const, Ext, Instance, Ref, Sym, Value, value_of
from ms_optim_lint.interpreter.names import look_up, module_name
from ms_optim_lint.interpreter.truth import term_of
from ms_optim_lint.tree import nodes_of, text_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame


#: The middle of the key of a setting that has another value here than in sight.
_DOUBTED = "#doubted"


def undecided(it: Interpreter, test: ast.expr, holds: Condition, frame: Frame) -> Condition:
    """The condition of a branch: ``holds``, or where a constant of the configuration has decided it, a condition of its own."""
    if it.making or it.logic.assuming(holds, it.state.reached) not in (ALWAYS, NEVER):
        return holds
    found = _condition(it, test, frame)
    if found is None:
        it.leave_out()
    return holds if found is None else found


def doubt(it: Interpreter, test: ast.expr) -> None:
    """From here on, up to the end of the branch, the settings that ``test`` asks have a value that is not known."""
    nodes = nodes_of(test)
    inner = {node.value for node in nodes if isinstance(node, (ast.Attribute, ast.Subscript))}
    for node in nodes:
        name = _last_name(node) if node not in inner else None
        if name is not None:
            it.doubted.add(name)
            key = (_DOUBTED, name)
            if it.state.get(key) is None:
                first = it.state
                while first.parent is not None:
                    first = first.parent
                first.set(key, value_of(Const(False)))  # other ways, which may have ended by now, have no doubt
            if it.state.parent is not None:
                it.state.parent.set(key, value_of(Const(False)))  # it has just been read there
            it.state.set(key, value_of(Const(True)))


def doubted(it: Interpreter, name: object, value: Value, node: ast.expr, frame: Frame) -> Value:
    """What ``name`` gives, where it may be a setting that is not as the configuration in sight says."""
    stored = it.state.get((_DOUBTED, name))
    if not isinstance(stored, Value) or stored.single != Const(True):
        return value
    term = _subject(it, node, frame) or it.logic.term("setting", str(name))
    other = value_of(Sym(term, reason="another value of the configuration"))

    def choose(alternative: Alternative) -> Value:
        return other if isinstance(alternative.atom, Const) else Value((alternative._replace(when=ALWAYS),))

    return it.map(value, node, choose)


def _last_name(node: ast.AST) -> Optional[str]:
    """The name of a setting: that of an attribute, the key of an item, or a name by itself."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        index = node.slice
        return index.value if isinstance(index, ast.Constant) and isinstance(index.value, str) else None
    return node.id if isinstance(node, ast.Name) else None


def _condition(it: Interpreter, test: ast.expr, frame: Frame) -> Optional[Condition]:
    logic = it.logic
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _condition(it, test.operand, frame)
        return None if inner is None else logic.no(inner)
    if isinstance(test, ast.BoolOp):
        return _combination(it, test, frame)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _comparison(it, test, frame)
    subject = _asked(it, test, frame)
    return None if subject is None else logic.truthy(subject)


def _combination(it: Interpreter, test: ast.BoolOp, frame: Frame) -> Optional[Condition]:
    from ms_optim_lint.interpreter.expressions import condition_of

    logic = it.logic
    is_and = isinstance(test.op, ast.And)
    result = ALWAYS if is_and else NEVER
    configured = False
    for value in test.values:
        found = _condition(it, value, frame)
        configured = configured or found is not None
        one = condition_of(it, value, frame) if found is None else found
        result = logic.both(result, one) if is_and else logic.either(result, one)
    return result if configured else None


def _comparison(it: Interpreter, test: ast.Compare, frame: Frame) -> Optional[Condition]:
    operation, right = test.ops[0], test.comparators[0]
    if isinstance(operation, (ast.Is, ast.IsNot)):
        return None
    left = test.left
    subject = _asked(it, left, frame)
    if subject is None:
        subject, right = _asked(it, right, frame), left
        if subject is None:
            return None
        if isinstance(operation, (ast.In, ast.NotIn)):
            return it.logic.atom(it.logic.term("configured", text_of(test)))
    words = right.elts if isinstance(right, (ast.Tuple, ast.List, ast.Set)) else [right]
    if not isinstance(operation, (ast.Eq, ast.NotEq, ast.In, ast.NotIn)) or not all(
        isinstance(word, ast.Constant) for word in words
    ):
        return it.logic.atom(it.logic.term("configured", text_of(test)))
    result = NEVER
    for word in words:
        assert isinstance(word, ast.Constant)
        result = it.logic.either(result, it.logic.equals(subject, it.logic.constant(word.value)))
    return it.logic.no(result) if isinstance(operation, (ast.NotEq, ast.NotIn)) else result


def _asked(it: Interpreter, node: ast.expr, frame: Frame) -> Optional[Term]:
    """A term for a setting that a test asks for; None for what the path itself has counted."""
    subject = _subject(it, node, frame)
    if subject is None or not isinstance(node, (ast.Attribute, ast.Subscript)):
        return subject
    from ms_optim_lint.interpreter.expressions import evaluate

    facts = len(it.facts)
    known = evaluate(it, node, frame)
    del it.facts[facts:]  # they were noted when the test was
    counted = any(_counts(alternative.origin and alternative.origin.node, node) for alternative in known.alternatives)
    return None if counted else subject


def _subject(it: Interpreter, node: ast.expr, frame: Frame) -> Optional[Term]:
    """A term for a setting: an attribute or item of something other than ``self``, or a global constant."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("lower", "upper"):
        inner = _subject(it, node.func.value, frame)
        return None if inner is None else it.logic.term(node.func.attr, inner)
    root: ast.expr = node
    while isinstance(root, (ast.Attribute, ast.Subscript)):
        root = root.value
    if not isinstance(root, ast.Name) or root.id in ("self", "cls", "__name__"):
        return None
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        from ms_optim_lint.interpreter.expressions import evaluate

        holders = [look_up(it, root.id, frame, root)]
        if node.value is not root:
            holders.append(evaluate(it, node.value, frame))
        if any(_says_itself(it, alternative.atom) for value in holders for alternative in value.alternatives):
            return None
    else:
        scope: Optional[Frame] = frame
        while scope is not None and scope.node is not None:
            if root.id in scope.locals:
                return None  # the path has decided it
            scope = scope.parent
        value = module_name(it, frame.module, root.id)
        if value is None or not all(isinstance(a.atom, Const) for a in value.alternatives):
            return None
        if not any(isinstance(a.origin and a.origin.node, ast.Constant) for a in value.alternatives):
            return None  # computed, from a version for example
    return _setting(it, node, frame)


def _counts(origin: Optional[ast.AST], node: ast.expr) -> bool:
    """Whether a value was made by counting: ``state["step"] += 1``."""
    if isinstance(origin, ast.AugAssign):
        return True
    return isinstance(origin, ast.BinOp) and text_of(node) in (text_of(origin.left), text_of(origin.right))


def _says_itself(it: Interpreter, atom: Atom) -> bool:
    """Whether an attribute of it is no setting: it is another package, which has a version, an optimizer, or a parameter of a
    network."""
    if isinstance(atom, Ref):
        return atom.obj in it.constructions
    return isinstance(atom, Ext) or isinstance(atom, Sym) and atom.term in it.told


def _setting(it: Interpreter, node: ast.expr, frame: Frame) -> Term:
    """``config.rate`` is the setting of this name of that thing, whatever the thing is called here."""
    from ms_optim_lint.interpreter.expressions import evaluate

    name = _last_name(node)
    inner = node.value if isinstance(node, (ast.Attribute, ast.Subscript)) else None
    holder = evaluate(it, inner, frame).single if inner is not None and name is not None else None
    if holder is None:
        return it.logic.term("setting", text_of(node))
    content = it.content(holder) if isinstance(holder, Ref) else None
    if isinstance(holder, Ref) and isinstance(content, Instance) and isinstance(content.made, Class):
        if it.state.get((holder.obj, name)) is None:
            holder = content.made
    return it.logic.term("setting", term_of(it, holder), str(name))
