"""Functions that are set aside when they are called, and followed once their result matters."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Callable, Optional

from ms_optim_lint.domain.logic import ALWAYS, Term
from ms_optim_lint.domain.values import (
    ABSENT,
    ARRAY,
    NUMBER,
    TENSOR,
    Alternative,
    Atom,
    Const,
    DictContent,
    Function,
    Instance,
    ListContent,
    Obj,
    Ref,
    Site,
    Sym,
    Tuple,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter import attributes, decorators, interest, networks
from ms_optim_lint.interpreter.arguments import Arguments
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.frames import Frame
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.truth import term_of_value
from ms_optim_lint.tree import kept_with_node, nodes_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import calls, operators, outside, slices
    from ms_optim_lint.interpreter.state import Key, Stored
else:
    calls = late("calls")
    operators = late("operators")
    outside = late("outside")
    slices = late("slices")

#: What is computed from results of functions that were set aside is followed back over so many operations.
MAX_FORCED = 12
#: A longer list is not looked through.
_MAX_PLAIN = 1_000
#: What may be made of such results: operations that are followed back.
_FROM_RESULTS = frozenset(("attribute", "binary", "call", "item", "slice"))
#: One side of an operation, of which nothing is known.
_UNKNOWN = Alternative(ALWAYS, ABSENT, None)


def enter_or_defer(
    it: Interpreter,
    function: Function,
    arguments: Arguments,
    node: ast.AST,
    frame: Frame,
    receiver: Optional[Atom] = None,
) -> Value:
    """Enter a function; or, where nothing in it is of interest, leave that until its result is."""
    if function.opaque:
        made = _enter_or_defer(it, function, decorators.opened(function, arguments), node, frame, receiver)
        return decorators.hidden(it, made, node, frame)
    return _enter_or_defer(it, function, arguments, node, frame, receiver)


def _enter_or_defer(
    it: Interpreter,
    function: Function,
    arguments: Arguments,
    node: ast.AST,
    frame: Frame,
    receiver: Optional[Atom],
) -> Value:
    if it.making or it.told or interest.worth_entering(it, function, arguments, receiver):
        return calls.enter(it, function, arguments, node, frame, receiver)
    outside.spoil_called(it, function, arguments)
    given = [term_of_value(it, v) for v in arguments.values()]
    term = it.logic.term("result", it.number(function.node), it.number(node), *given, it.context)
    if function.decorated and calls.is_cached(function.node):
        term = it.logic.term("result", it.number(function.node), *given)
    origin = Site(frame.module, node)
    if term not in it.deferred:
        context, led, moment = it.context, list(it.calls), it.moment()
        seen = _seen(it, function, arguments)

        def later() -> Value:
            if any(it.state.get(key) not in (then, None) for key, then in seen):
                return it.unknown(node, "what it was given has changed since", frame=frame)
            before, it.calls = it.calls, led
            facts = len(it.facts)
            trying, it.trying = it.trying, True
            try:
                with it.within(context), it.back_at(moment):
                    return calls.enter(it, function, arguments, node, frame, receiver)
            finally:
                it.calls, it.trying = before, trying
                del it.facts[facts:]

        it.deferred[term] = later
    return value_of(Sym(term, reason="result of a function that is not entered"), origin)


def _seen(it: Interpreter, function: Function, arguments: Arguments) -> list[tuple[Key, Stored]]:
    """What a function that is set aside will look at, as it is now: what it is given, attributes of that, global variables."""
    found: list[tuple[Key, Stored]] = []
    loaded = _loaded(function.node)
    waiting = [a.atom for value in arguments.values() for a in value.alternatives if isinstance(a.atom, Ref)]
    for name in loaded:
        stored = it.state.get((function.frame, name))
        if isinstance(stored, Value):
            found.append(((function.frame, name), stored))
            waiting.extend(a.atom for a in stored.alternatives if isinstance(a.atom, Ref))
    seen: set[object] = set()
    while waiting and len(seen) < _MOST_SEEN:
        obj = waiting.pop().obj
        if obj in seen:
            continue
        seen.add(obj)
        content = it.state.get(obj)
        if isinstance(content, (ListContent, DictContent)):
            found.append((obj, content))
        for name in loaded if isinstance(content, Instance) else ():
            stored = it.state.get((obj, name))
            if isinstance(stored, Value):
                found.append(((obj, name), stored))
                waiting.extend(a.atom for a in stored.alternatives if isinstance(a.atom, Ref))
    return found


#: The most things of which it is remembered how they were.
_MOST_SEEN = 12


@kept_with_node
def _loaded(node: ast.AST) -> frozenset[str]:
    """The names and attributes that a function reads."""
    words = {
        n.id if isinstance(n, ast.Name) else n.attr for n in nodes_of(node) if isinstance(n, (ast.Name, ast.Attribute))
    }
    return frozenset(words)


def force(it: Interpreter, value: Value) -> Value:
    """The value with results of functions that were set aside, now that they matter."""
    if not it.deferred:
        return value
    changed = False
    choices: list[tuple[int, Value]] = []
    for alternative in value.alternatives:
        found = _forced_term(it, alternative.atom.term, 0) if isinstance(alternative.atom, Sym) else None
        changed = changed or found is not None
        if found is not None and isinstance(alternative.atom, Sym):
            networks.arrived(it, alternative.atom.term, found)
        choices.append(
            (ALWAYS, Value((alternative,)))
            if found is None
            else (alternative.when, _from_there(it, found, alternative))
        )
    if not changed:
        return value
    return join(it.logic, choices, it.logic.term("forced", term_of_value(it, value)))


def _from_there(it: Interpreter, found: Value, alternative: Alternative) -> Value:
    """What is found, from where it is written: it has no place of its own where it is read of what was set aside."""
    return Value(
        tuple(
            a._replace(origin=alternative.origin) if a.origin is not None and a.origin.node is it.module.tree else a
            for a in found.alternatives
        )
    )


def _forced_term(it: Interpreter, term: Term, depth: int) -> Optional[Value]:
    """What a term stands for once the functions in it are followed: ``get_options().lr`` and the like; None where none is."""
    if term.op in ("result", "deep"):
        later = it.deferred.get(term)
        if later is None:
            return None
        changed = it.altered.get(term)
        return None if changed or changed is False and depth == 0 else _result_of(it, term, later)
    if depth > MAX_FORCED or term.op not in _FROM_RESULTS or not term.args or term in it.forcing:
        return None
    it.forcing.add(term)  # ``config.epochs = config.epochs`` leads back to itself
    try:
        return _forced_operation(it, term, depth)
    finally:
        it.forcing.discard(term)


def _forced_operation(it: Interpreter, term: Term, depth: int) -> Optional[Value]:
    """The same for an operation on what may be such a result."""
    if term.op == "binary":
        return _forced_arithmetic(it, term, depth)
    if not isinstance(term.args[0], Term):
        return None
    node, frame = it.module.tree, it.module_frame(it.module)
    if term.op in ("attribute", "item"):
        base = _forced_term(it, term.args[0], depth + 1)
        if base is None or isinstance(base.single, Sym) and base.single.term is term.args[0]:
            return None  # not set aside, or it leads back to itself
        if term.op == "attribute":
            name = str(term.args[1])
            return force(it, it.map(base, node, lambda a: attributes.read_atom(it, a.atom, name, node, frame)))
        key = term.args[1]
        if isinstance(key, Term) and key.op == "constant":
            index = value_of(Const(key.args[1]))
            return force(it, it.map(base, node, lambda a: slices.take_item(it, a.atom, index, node, frame)))
    if term.op == "call" and term.args[0].op == "attribute" and len(term.args) <= 2:
        method = _forced_term(it, term.args[0], depth + 1)
        return force(it, calls.apply(it, method, Arguments(), node, frame)) if method is not None else None
    if term.op == "slice":
        base = _forced_term(it, term.args[0], depth + 1)
        return _forced_slice(it, term, base) if base is not None else None
    return None


def altered(it: Interpreter, term: Term, by_method: bool) -> None:
    """Something unknown, or what is in it, is changed in place. If it is the result of a function that was set aside, that
    result is no longer what the function gave; if it is one of the things in a list, all of these may have changed."""
    from ms_optim_lint.interpreter.statements import spoil

    for _ in range(6):
        if term in it.deferred:
            it.altered[term] = by_method or it.altered.get(term, False)
            return
        inner = term.args[0] if term.args else None
        if term.op not in ("attribute", "item", "element", "over", "column") or not isinstance(inner, Term):
            return
        held = it.object_of(inner) if term.op == "item" else None
        if held is not None:
            spoil(it, Ref(held))  # one of the things in a list or dict: which one is not known
            return
        term, by_method = inner, by_method or term.op != "attribute"


def _forced_slice(it: Interpreter, term: Term, base: Value) -> Optional[Value]:
    """A slice of what is forced: of an array another one, of a list some of its items."""
    made = []
    for alternative in base.alternatives:
        atom = alternative.atom
        content = it.content(atom) if isinstance(atom, Ref) else None
        if isinstance(atom, Sym) and atom.kind in (ARRAY, TENSOR):
            found = value_of(Sym(it.logic.term("part", term), atom.kind, atom.rank))
        elif isinstance(atom, Tuple):
            found = value_of(Tuple((), True))
        elif isinstance(content, ListContent) and content.kind == "list":
            found = _some_list(it, term)
        else:
            return None
        made.append((alternative.when, found))
    return join(it.logic, made, it.logic.term("forced", term))


def _some_list(it: Interpreter, term: Term) -> Value:
    """A list of which only that is known."""
    with it.within(term):
        return value_of(it.allocate(it.module.tree, it.module, ListContent((), True)))


def _forced_arithmetic(it: Interpreter, term: Term, depth: int) -> Optional[Value]:
    """Arithmetic of what is forced: of numbers a number, of an array with anything an array, of two lists a list."""
    sides = [_operand(it, side, depth) for side in term.args[1:]]
    if all(side is None or isinstance(side.single, Const) for side in sides):
        return None
    left, right = ([_UNKNOWN] if side is None else side.alternatives for side in sides)
    made = {
        (a, b): _sum_of(it, term, *operators.result_kind(a.atom, b.atom), a.atom, b.atom) for a in left for b in right
    }
    found = set(made.values())
    if found == {None}:
        return None
    if len(found) == 1:
        return found.pop()
    unknown = value_of(Sym(it.logic.term("unknown", term), reason="computed from something unknown"))
    branches = [(it.logic.both(a.when, b.when), made[a, b] or unknown) for a in left for b in right]
    return join(it.logic, branches, it.logic.term("forced", term))


def _sum_of(it: Interpreter, term: Term, kind: Optional[str], rank: Optional[int], a: Atom, b: Atom) -> Optional[Value]:
    if kind in (NUMBER, ARRAY, TENSOR):
        return value_of(Sym(it.logic.term("sum" if kind == NUMBER else "computed", term), kind, rank))
    return _some_list(it, term) if term.args[0] == "Add" and _is_list(it, a) and _is_list(it, b) else None


def _operand(it: Interpreter, side: object, depth: int) -> Optional[Value]:
    """One side of arithmetic, where something is known of it."""
    if not isinstance(side, Term):
        return None
    if side.op == "constant":
        return value_of(Const(side.args[1]))
    if side.op == "length":
        return value_of(Sym(side, NUMBER, 0))
    return _forced_term(it, side, depth + 1)


def _is_list(it: Interpreter, atom: Atom) -> bool:
    content = it.content(atom) if isinstance(atom, Ref) else None
    return isinstance(content, ListContent) and content.kind == "list"


def _result_of(it: Interpreter, term: Term, later: Callable[[], Value]) -> Value:
    """The result of a function that was set aside. What it made must be in the store here; else it is followed again."""
    found = it.forced.get(term)
    if found is not None and (_is_here(it, found) or _brought_here(it, term)):
        return found
    # A function that leads back to its own result stays unknown.
    it.forced[term] = value_of(Sym(term, reason="defined by itself"))
    found = it.forced[term] = force(it, later())
    made: dict[Obj, ListContent] = {}
    if _is_plain(it, found, made):
        it.plain_results[term] = made
    return found


def _is_plain(it: Interpreter, value: Value, made: dict[Obj, ListContent]) -> bool:
    """Whether a result is made of numbers, texts, unknown things and lists of them; the lists go into ``made``."""
    for alternative in value.alternatives:
        atom = alternative.atom
        if isinstance(atom, Ref):
            content = it.content(atom)
            if not isinstance(content, ListContent) or content.feeds or len(content.items) > _MAX_PLAIN:
                return False
            if atom.obj not in made:
                made[atom.obj] = content
                if not all(_is_plain(it, item.value, made) for item in content.items):
                    return False
        elif isinstance(atom, Tuple):
            if not all(_is_plain(it, item.value, made) for item in atom.items):
                return False
        elif not isinstance(atom, (Const, Sym)):
            return False
    return True


def _brought_here(it: Interpreter, term: Term) -> bool:
    """A result that another branch has asked for first: where it is plain its lists are put into the store here, too."""
    made = it.plain_results.get(term)
    for obj, content in made.items() if made is not None else ():
        if it.state.get(obj) is None:
            it.state.set(obj, content)
    return made is not None


def _is_here(it: Interpreter, value: Value, depth: int = 0) -> bool:
    for alternative in value.alternatives:
        atom = alternative.atom
        if isinstance(atom, Ref):
            if it.state.get(atom.obj) is None:
                return False
            content = it.content(atom)
            if isinstance(content, ListContent) and depth < 2:
                if not all(_is_here(it, item.value, depth + 1) for item in content.items[:20]):
                    return False
        elif isinstance(atom, Tuple) and depth < 2:
            if not all(_is_here(it, item.value, depth + 1) for item in atom.items):
                return False
    return True
