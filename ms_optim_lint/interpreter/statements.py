"""What statements do."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Callable, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, NEVER, TooComplex
from ms_optim_lint.domain.values import (
    Atom,
    Class,
    Const,
    DictContent,
    Function,
    ListContent,
    Ref,
    Site,
    Tuple,
    Value,
    value_of,
)
from ms_optim_lint.interpreter import classes, decorators, iteration, layers, names, outside, releases, trying
from ms_optim_lint.interpreter.assignments import annotated, assignment, augmented, delete
from ms_optim_lint.interpreter.budget import OutOfBudget
from ms_optim_lint.interpreter.calls import ends_program
from ms_optim_lint.interpreter.configured import doubt, undecided
from ms_optim_lint.interpreter.core import MAX_NESTING, Interpreter
from ms_optim_lint.interpreter.expressions import condition_of, evaluate
from ms_optim_lint.interpreter.frames import Exit, Frame
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.maybe import perhaps_done
from ms_optim_lint.interpreter.modules import bound_names
from ms_optim_lint.interpreter.state import Branch, flatten, merge
from ms_optim_lint.interpreter.truth import compare, truth
from ms_optim_lint.tree import walk

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import notes
else:
    notes = late("notes")


def run_block(it: Interpreter, body: list[ast.stmt], frame: Frame) -> bool:
    """Follow statements in order; false where the program does not go on after them."""
    for statement in body:
        if not run_statement(it, statement, frame):
            return False
    return True


def run_statement(it: Interpreter, statement: ast.stmt, frame: Frame) -> bool:
    """Follow one statement; false where the program does not go on after it."""
    it.step()
    function = _STATEMENTS.get(type(statement))
    if function is None:
        return True
    if it.nesting > MAX_NESTING:
        it.limit("statements are nested too deeply")
        if it.making:
            raise OutOfBudget  # half of a network is none
        _forget(it, statement, frame)
        return True
    before = it.state
    it.nesting += 1
    try:
        return function(it, statement, frame)
    except TooComplex:
        it.limit("a condition is too complex")
        if it.making:
            raise OutOfBudget from None
        it.state = before
        _forget(it, statement, frame)
        return True
    finally:
        it.nesting -= 1


def _forget(it: Interpreter, statement: ast.stmt, frame: Frame) -> None:
    """Whatever the statement could have set is unknown."""
    if frame.yields is not None:
        spoil(it, frame.yields)
    for node in walk(statement):
        if isinstance(node, ast.stmt):
            for name in bound_names(node):
                names.bind(it, name, it.unknown(node, "a bound was met", frame=frame), frame)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            value = it.state.get((frame.number, node.id))
            if isinstance(value, Value):
                for alternative in value.alternatives:
                    spoil(it, alternative.atom)


def spoil(it: Interpreter, atom: Atom, seen: Optional[set[object]] = None) -> None:
    """What this can reach may have been changed by code that is not followed."""
    seen = set() if seen is None else seen
    if isinstance(atom, Tuple):
        for item in atom.items:
            for alternative in item.value.alternatives:
                spoil(it, alternative.atom, seen)
    if isinstance(atom, Class):
        it.opened.add(atom)
    outside.spoil_callable(it, atom, seen)
    if not isinstance(atom, Ref) or atom.obj in seen:
        return
    seen.add(atom.obj)
    content = it.content(atom)
    if isinstance(content, ListContent):
        for item in content.items:
            for alternative in item.value.alternatives:
                spoil(it, alternative.atom, seen)
        for feed in content.feeds:
            spoil(it, feed, seen)
        it.state.set(
            atom.obj, ListContent((), True, content.kind, content.consumed, "given to code that is not followed")
        )
    elif isinstance(content, DictContent):
        for _, value in content.entries:
            for alternative in value.alternatives:
                spoil(it, alternative.atom, seen)
        for item in content.others:
            for alternative in item.value.alternatives:
                spoil(it, alternative.atom, seen)
        it.state.set(atom.obj, DictContent((), True))
    else:
        it.opened.add(atom.obj)
        if atom.obj not in it.constructions and not layers.is_cell(it, content):
            for _, value in it.attributes_of(atom.obj):
                for alternative in value.alternatives:
                    spoil(it, alternative.atom, seen)


# Simple statements


def _expression(it: Interpreter, node: ast.Expr, frame: Frame) -> bool:
    evaluate(it, node.value, frame)
    return not (isinstance(node.value, ast.Call) and ends_program(it, node.value, frame)) and (
        it.state.reached != NEVER
    )


def _return(it: Interpreter, node: ast.Return, frame: Frame) -> bool:
    value = (
        evaluate(it, node.value, frame) if node.value is not None else value_of(Const(None), Site(frame.module, node))
    )
    if frame.base is not None and it.state.reached != NEVER:
        frame.exits.append(Exit("return", flatten(it.logic, it.state, frame.base), value))
    return False


def _raise(it: Interpreter, node: ast.Raise, frame: Frame) -> bool:
    if node.exc is not None:
        evaluate(it, node.exc, frame)
    if it.tries:
        base, active, ways = it.tries[-1]
        way = flatten(it.logic, it.state, base)
        if len(it.active) > active:  # in some pass of a loop
            vague = base.fork(it.logic)
            perhaps_done(it, vague, way.writes, node)
            way = Branch(way.when, vague.writes)
        ways.append(way)
    return False


def _assert(it: Interpreter, node: ast.Assert, frame: Frame) -> bool:
    holds = condition_of(it, node.test, frame)
    if not it.logic.meet(it.state.reached, holds):
        return False
    it.state.assume(it.logic, holds)
    return True


def _break(it: Interpreter, node: ast.Break, frame: Frame) -> bool:
    iteration.leave(it, frame, "break")
    return False


def _continue(it: Interpreter, node: ast.Continue, frame: Frame) -> bool:
    iteration.leave(it, frame, "continue")
    return False


def _import(it: Interpreter, node: Union[ast.Import, ast.ImportFrom], frame: Frame) -> bool:
    notes.import_run(it, node, frame)
    # At top level a name is looked up in the text when it is first used: most imports never are.
    for name in bound_names(node):
        if frame.node is None and len(frame.module.bindings(name)) == 1:
            continue
        names.bind(it, name, names.imported(it, frame.module, node, name), frame)
    return True


# Compound statements


def _if(it: Interpreter, node: ast.If, frame: Frame) -> bool:
    caught = it.caught
    try:
        goes_on = _chosen(it, node, frame)
        if it.caught is not caught and not it.making:
            _forget(it, node, frame)  # which of the sides is taken is not known; a network has a way for each
        return goes_on
    finally:
        it.caught = caught


def _chosen(it: Interpreter, node: ast.If, frame: Frame) -> bool:
    # A long elif chain is a loop here, not recursion.
    logic = it.logic
    base = it.state
    branches: list[Branch] = []
    rest = base
    test: Optional[ast.If] = node
    orelse: list[ast.stmt] = []
    while test is not None:
        it.state = rest
        actual = condition_of(it, test.test, frame)
        holds = undecided(it, test.test, actual, frame)
        expected = releases.expected(it, test.test, holds, frame)
        if expected:
            it.caught = (*it.caught, expected)
        if logic.meet(rest.reached, holds):
            it.state = rest.fork(logic, holds)
            if actual == NEVER != holds:
                doubt(it, test.test)
            if run_block(it, test.body, frame):
                branches.append(flatten(logic, it.state, base))
        if not logic.meet(rest.reached, logic.no(holds)):
            break
        rest = rest.fork(logic, logic.no(holds))
        if actual == ALWAYS != holds:
            it.state = rest
            doubt(it, test.test)
        orelse = test.orelse
        test = orelse[0] if len(orelse) == 1 and isinstance(orelse[0], ast.If) else None
    else:
        it.state = rest
        if run_block(it, orelse, frame):
            branches.append(flatten(logic, it.state, base))
    it.state = base
    return merge(logic, base, branches, lambda: it.fresh(node, what="join"))


def _for(it: Interpreter, node: ast.For, frame: Frame) -> bool:
    return iteration.follow_for(it, node, frame, run_block)


def _while(it: Interpreter, node: ast.While, frame: Frame) -> bool:
    return iteration.follow_while(it, node, frame, run_block)


def _match(it: Interpreter, node: ast.Match, frame: Frame) -> bool:
    # ``match`` exists from Python 3.10; its cases are followed as branches of unknown conditions.
    subject = evaluate(it, node.subject, frame)
    caught = it.caught
    expected = releases.expected(it, node.subject, it.logic.atom(it.fresh(node)), frame)
    if expected:
        it.caught = (*caught, expected)
    try:
        goes_on = _cases(it, node, subject, frame)
        if expected:
            _forget(it, node, frame)
        return goes_on
    finally:
        it.caught = caught


def _cases(it: Interpreter, node: ast.Match, subject: Value, frame: Frame) -> bool:
    logic = it.logic
    base = it.state
    branches: list[Branch] = []
    rest = ALWAYS
    for number, case in enumerate(node.cases):
        holds = _case_condition(it, case, subject, number, node, frame)
        it.state = base.fork(logic, logic.both(rest, holds))
        rest = logic.both(rest, logic.no(holds))
        if it.state.reached == NEVER:
            it.leave_out()
            continue
        captured = [inner for inner in walk(case.pattern) if isinstance(getattr(inner, "name", None), str)]
        for alternative in subject.alternatives if captured else ():
            spoil(it, alternative.atom)  # what is inside it has other names now
        for inner in walk(case.pattern):
            name = getattr(inner, "name", None) or getattr(inner, "rest", None)
            if isinstance(name, str):
                names.bind(it, name, it.unknown(inner, "bound by a pattern", frame=frame), frame)
        if run_block(it, case.body, frame):
            branches.append(flatten(logic, it.state, base))
    it.state = base
    if logic.meet(base.reached, rest):
        branches.append(Branch(rest, {}))
    return merge(logic, base, branches, lambda: it.fresh(node, what="join"))


def _case_condition(
    it: Interpreter, case: ast.match_case, subject: Value, number: int, node: ast.AST, frame: Frame
) -> int:
    pattern = case.pattern
    if case.guard is None:
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
            return ALWAYS
        if isinstance(pattern, ast.MatchValue):
            result = compare(it, ast.Eq(), subject, evaluate(it, pattern.value, frame), node)
            return truth(it, result, node)
    return it.logic.atom(it.logic.term("case", it.number(node), number, it.context))


# Definitions


def definition(
    it: Interpreter, node: Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef], frame: Frame
) -> Value:
    """The value of a ``def`` or ``class`` statement."""
    if isinstance(node, ast.ClassDef):
        return value_of(make_class(it, node, frame), Site(frame.module, node))
    made = make_function(it, node, frame)
    return decorators.decorated(it, made, frame) if made.decorated else value_of(made, Site(frame.module, node))


def make_function(
    it: Interpreter,
    node: Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda],
    frame: Frame,
    owner: Optional[Class] = None,
) -> Function:
    """The function that a ``def`` or ``lambda`` makes; its defaults are evaluated now, as Python does."""
    defaults = tuple(evaluate(it, d, frame) for d in node.args.defaults)
    keyword = tuple(evaluate(it, d, frame) if d is not None else None for d in node.args.kw_defaults)
    decorated = bool(getattr(node, "decorator_list", None))
    made = Function(node, frame.module, frame.number, owner, defaults, keyword, decorated)
    if frame.node is not None and frame.module is it.module and owner is None:
        it.inner[node] = made
    return made


def make_class(it: Interpreter, node: ast.ClassDef, frame: Frame) -> Class:
    """The class that a ``class`` statement makes. Its body is read attribute by attribute, when asked for."""
    bases = tuple(evaluate(it, base, frame) for base in node.bases if not isinstance(base, ast.Starred))
    return Class(node, frame.module, frame.number, bases)


def _has_passing_default(node: ast.AST, frame: Frame) -> bool:
    """Whether a default of a function is a variable that is set more than once."""
    spec = getattr(node, "args", None)
    defaults = [*spec.defaults, *spec.kw_defaults] if isinstance(spec, ast.arguments) else []
    names_inside = {
        one.id for default in defaults if default is not None for one in walk(default) if isinstance(one, ast.Name)
    }
    return any(len(frame.module.bindings(name)) > 1 for name in names_inside)


def _definition(it: Interpreter, node: Union[ast.FunctionDef, ast.ClassDef], frame: Frame) -> bool:
    it.defined[node] = frozenset().union(*it.caught)
    outside.spoil_by_definition(it, node, frame)
    if frame.node is None and len(frame.module.bindings(node.name)) == 1 and not _has_passing_default(node, frame):
        return True  # looked up in the text when first used
    value = definition(it, node, frame)
    for alternative in value.alternatives if isinstance(node, ast.ClassDef) else ():
        if isinstance(alternative.atom, Class):
            classes.body_run(it, alternative.atom, frame)
    names.bind(it, node.name, value, frame)
    return True


_STATEMENTS: dict[type, Callable[..., bool]] = {
    ast.Expr: _expression,
    ast.Assign: assignment,
    ast.AnnAssign: annotated,
    ast.AugAssign: augmented,
    ast.Delete: delete,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: trying.follow_with,
    ast.AsyncWith: trying.follow_with,
    ast.Try: trying.follow_try,
    ast.FunctionDef: _definition,
    ast.AsyncFunctionDef: _definition,
    ast.ClassDef: _definition,
}
for _name, _function in (("TryStar", trying.follow_try), ("Match", _match)):
    if hasattr(ast, _name):
        _STATEMENTS[getattr(ast, _name)] = _function
