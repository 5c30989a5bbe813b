"""Calls: what is called, with what, and whether it is entered."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER
from ms_optim_lint.domain.values import (
    NONE_VALUE,
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
    Site,
    Super,
    Sym,
    Tuple,
    Value,
    in_order,
    join,
    value_of,
)
from ms_optim_lint.interpreter import callers, classes, initial_values, instantiating, networks, versions
from ms_optim_lint.interpreter.arguments import Arguments, Given, bind_arguments
from ms_optim_lint.interpreter.budget import OutOfBudget
from ms_optim_lint.interpreter.core import MAX_CALLS, MAX_NESTED_CELLS, Interpreter
from ms_optim_lint.interpreter.deferred import enter_or_defer, force
from ms_optim_lint.interpreter.expressions import evaluate
from ms_optim_lint.interpreter.frames import Call, Frame
from ms_optim_lint.interpreter.iterators import items_of_value
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.maybe import perhaps_done
from ms_optim_lint.interpreter.modules import is_generator
from ms_optim_lint.interpreter.state import State, flatten, merge
from ms_optim_lint.interpreter.truth import term_of_value
from ms_optim_lint.patterns import pattern
from ms_optim_lint.tree import text_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import library, methods, outside, statements
    from ms_optim_lint.interpreter.state import Branch
else:
    library = late("library")
    methods = late("methods")
    outside = late("outside")
    statements = late("statements")


_CACHE = pattern(r"(?:functools\.)?(?:lru_cache|cache|cached_property)\b")


def arguments_of(it: Interpreter, node: ast.Call, frame: Frame, wanted: bool = False, made: bool = False) -> Arguments:
    """Evaluate the arguments of a call, splats included where what they hold is known. ``wanted``: they are judged. ``made``: a
    layer of a network is made, and what its weights start with need not be known."""
    positional: list[Given] = []
    more_positional = False
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            splatted = evaluate(it, argument.value, frame)
            if wanted:
                splatted = force(it, splatted)
            items, opened = items_of_value(it, splatted)
            if opened or not in_order(items):
                more_positional = True
            else:
                written = _written(splatted, [item.value for item in items])
                positional.extend(Given(item.value, argument, None, one) for item, one in zip(items, written))
        elif not more_positional:
            positional.append(Given(evaluate(it, argument, frame), argument))
        else:
            evaluate(it, argument, frame)
    keywords: dict[str, Given] = {}
    more_keywords = False
    for keyword in node.keywords:
        if made and keyword.arg in initial_values.WORDS and initial_values.is_plain(keyword.value, frame.module):
            value = initial_values.some(it)
        else:
            value = evaluate(it, keyword.value, frame)
        if keyword.arg is None and wanted:
            value = force(it, value)
        if keyword.arg is not None:
            keywords[keyword.arg] = Given(value, keyword.value, Site(frame.module, keyword))
            continue
        content = it.content(value.single) if isinstance(value.single, Ref) else None
        if not isinstance(content, DictContent):
            more_keywords = True
            continue
        more_keywords = more_keywords or content.open
        places = {place[0]: place[1] for place in content.places}
        for key, entry in content.entries:
            if isinstance(key, str):
                keywords[key] = Given(entry, keyword.value, places.get(key))
    return Arguments(tuple(positional), tuple(keywords.items()), more_positional, more_keywords)


def call(it: Interpreter, node: ast.Call, frame: Frame) -> Value:
    """The value of a call expression, with all that it does."""
    it.step()
    callee = evaluate(it, node.func, frame)
    if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
        owner, receiver = frame_owner(frame), frame_receiver(frame)
        if owner is not None and receiver is not None:
            return value_of(Super(receiver, owner), Site(frame.module, node))
    choices = it.alternatives(callee)
    wanted = [isinstance(choice.atom, Ext) and choice.atom.name.startswith("mindspore.") for choice in choices]
    arguments = arguments_of(it, node, frame, any(wanted), bool(it.making) and all(wanted))
    it.sure_callee = len(choices) == 1 or all(_is_of_mindspore(it, choice.atom) for choice in choices)
    return apply(it, callee, arguments, node, frame)


def _is_of_mindspore(it: Interpreter, atom: Atom) -> bool:
    """Whether an object is of a class outside the project, and not of one that is derived from it."""
    content = it.content(atom) if isinstance(atom, Ref) else None
    return isinstance(content, Instance) and isinstance(content.made, Ext)


def frame_owner(frame: Optional[Frame]) -> Optional[Class]:
    """The class whose method this code is in."""
    while frame is not None:
        if frame.owner is not None:
            return frame.owner
        frame = frame.parent
    return None


def frame_receiver(frame: Optional[Frame]) -> Optional[Atom]:
    """What ``self`` is in the method that this code is in."""
    while frame is not None:
        if frame.receiver is not None:
            return frame.receiver
        frame = frame.parent
    return None


def apply(it: Interpreter, callee: Value, arguments: Arguments, node: ast.AST, frame: Frame) -> Value:
    """Call a value: each alternative of it in its own fork."""
    atom = callee.single
    if atom is not None and callee.alternatives[0].when == ALWAYS:
        result = apply_atom(it, atom, arguments, node, frame)
    else:
        result = it.each(callee, node, lambda a: apply_atom(it, a.atom, arguments, node, frame))
    if result.origin is None and isinstance(node, ast.expr):
        origin = Site(frame.module, node)
        return Value(tuple(a if a.origin else a._replace(origin=origin) for a in result.alternatives))
    return result


def apply_atom(it: Interpreter, atom: Atom, arguments: Arguments, node: ast.AST, frame: Frame) -> Value:
    """Call one atom."""
    if isinstance(atom, Function):
        return enter_or_defer(it, atom, arguments, node, frame, _explicit_receiver(atom, arguments))
    if isinstance(atom, Class):
        return instantiating.instantiate(it, atom, arguments, node, frame)
    if isinstance(atom, Ext):
        return library.call_external(it, atom, arguments, node, frame)
    if isinstance(atom, Method):
        if atom.function is not None:
            given = Given(value_of(atom.receiver), None)
            bound = Arguments(
                (given, *arguments.positional), arguments.keywords, arguments.more_positional, arguments.more_keywords
            )
            return enter_or_defer(it, atom.function, bound, node, frame, atom.receiver)
        return methods.call_method(it, atom, arguments, node, frame)
    if isinstance(atom, Partial):
        places = dict(atom.places)
        extra = {name: Given(value, node, places.get(name)) for name, value in atom.keywords}
        extra.update(arguments.keywords)
        merged = Arguments(
            (*(Given(v, node) for v in atom.positional), *arguments.positional),
            tuple(extra.items()),
            arguments.more_positional,
            arguments.more_keywords,
        )
        return apply(it, atom.function, merged, node, frame)
    if isinstance(atom, Ref):
        return _call_instance(it, atom, arguments, node, frame)
    if isinstance(atom, Sym):
        return methods.call_symbol(it, atom, arguments, node, frame)
    return it.unknown(node, "call of something that is not followed", frame=frame)


def _explicit_receiver(function: Function, arguments: Arguments) -> Optional[Atom]:
    """``Base.__init__(self, ...)``: the object that a method is called for by the name of its class."""
    first = arguments.positional[0].value.single if function.owner is not None and arguments.positional else None
    return first if isinstance(first, Ref) else None


def _call_instance(it: Interpreter, ref: Ref, arguments: Arguments, node: ast.AST, frame: Frame) -> Value:
    content = it.content(ref)
    if not isinstance(content, Instance):
        return it.unknown(node, "call of a container", frame=frame)
    if isinstance(content.made, Class) and not classes.external_bases(it, content.made):
        method = classes.class_attribute(it, content.made, "__call__")
        if method is not None and isinstance(method.single, Function):
            bound = Arguments(
                (Given(value_of(ref), None), *arguments.positional),
                arguments.keywords,
                arguments.more_positional,
                arguments.more_keywords,
            )
            return enter_or_defer(it, method.single, bound, node, frame, ref)
    return library.call_made(it, ref, content, arguments, node, frame)


# Project functions


def _written(splatted: Value, values: list[Value]) -> list[Optional[ast.expr]]:
    """The expressions of what is splatted, where it is a list or tuple that is written out, or the rest of what a function was
    called with."""
    atom = splatted.single
    origin = atom.obj.site if isinstance(atom, Ref) else splatted.alternatives[0].origin if atom is not None else None
    node = origin.node if origin is not None else None
    found: list[ast.expr] = []
    if isinstance(node, (ast.List, ast.Tuple)):
        found = node.elts if len(node.elts) == len(values) else []
    elif isinstance(node, ast.Call) and isinstance(atom, Tuple):
        found = node.args[len(node.args) - len(values) :] if len(node.args) >= len(values) else []
    if any(isinstance(one, ast.Starred) for one in found):
        found = []
    same = all(not isinstance(n, ast.Constant) or v.single == Const(n.value) for n, v in zip(found, values))
    return [*found] if found and same else [None] * len(values)


def enter(
    it: Interpreter,
    function: Function,
    arguments: Arguments,
    node: ast.AST,
    frame: Frame,
    receiver: Optional[Atom] = None,
) -> Value:
    """Follow a function of the project with these arguments; its result, with its effects on the store."""
    it.step()
    definition = function.node
    again = sum(1 for c in it.calls if c.node is definition)
    if it.making and max(len(it.calls), again) >= MAX_NESTED_CELLS:
        raise OutOfBudget  # half of a network is none
    is_part = it.making and not (isinstance(receiver, Ref) and not networks.may_be_cell(it, it.content(receiver)))
    if not is_part and (len(it.calls) >= MAX_CALLS or again >= 2):
        it.limit("calls go too deep")
        outside.spoil_called(it, function, arguments)
        _spoil_arguments(it, arguments, node)
        return it.unknown(node, "calls go too deep", frame=frame)
    it.entered.add(definition)
    callers.note(it, definition, node)
    it.calls.append(Call(definition, Site(frame.module, node)))
    logic = it.logic
    outer = it.state
    caught, loops, running = it.caught, it.loops, it.running
    context = logic.term("call", it.context, it.number(node), it.number(definition))
    if function.decorated and is_cached(definition):
        # Its result is made once, wherever it is called.
        context = logic.term(
            "cached", it.root_number, it.number(definition), *(term_of_value(it, v) for v in arguments.values())
        )
        it.loops, it.running = [], []
        made = it.state.get((context, "#cached"))
        if isinstance(made, Value):
            it.calls.pop()
            it.loops, it.running = loops, running
            return made
    try:
        with it.within(context):
            parent = it.frames.get(function.frame) or it.module_frame(function.module)
            inner = it.new_frame(definition, function.module, parent)
            inner.owner = function.owner
            inner.receiver = receiver if receiver is not None else None
            it.state = outer.fork(logic)
            inner.base = outer
            bind_arguments(it, function, arguments, inner, node)
            inner.certain = frame.certain and not outer.branched and not frame.exits
            plain, limits = inner.certain and _is_plain(it, function), len(it.limits)
            result = _run(it, function, inner, outer, node)
            if context.op == "cached":
                outer.set((context, "#cached"), result)
            # Followed alone it meets the same bounds, where it was called from as near: only its decorators are in between.
            near = len(it.calls) <= 1 + len(getattr(definition, "decorator_list", ()))
            spec = definition.args
            given = spec.args or spec.kwonlyargs or spec.vararg or spec.kwarg
            if plain and (len(it.limits) == limits or near) and not (given and definition in it.shortened):
                it.done.add(definition)
            return result
    finally:
        it.calls.pop()
        it.caught, it.loops, it.running = caught, loops, running
        it.state = outer


def is_cached(definition: ast.AST) -> bool:
    """Whether a function is under ``functools.cache`` or the like."""
    return any(_CACHE.match(text_of(one)) for one in getattr(definition, "decorator_list", ()))


def _is_plain(it: Interpreter, function: Function) -> bool:
    """Whether the module's body calls a function of its own, and nothing catches errors."""
    return (
        it.root_number == 0
        and not (it.trying or it.making or it.loops or any(it.caught))
        and function.frame == function.module.frame
    )


def _run(it: Interpreter, function: Function, inner: Frame, outer: object, node: ast.AST) -> Value:
    assert isinstance(outer, State)
    logic = it.logic
    definition = function.node
    results: list[tuple[int, Value]] = []
    branches: list[Branch] = []
    if isinstance(definition, ast.Lambda):
        value = evaluate(it, definition.body, inner)
        results.append((ALWAYS, value))
        branches.append(flatten(logic, it.state, outer))
    else:
        if "yield" in function.module.text and is_generator(definition):
            inner.yields = it.allocate(definition, function.module, ListContent())
        if statements.run_block(it, definition.body, inner):
            ended = flatten(logic, it.state, outer)
            results.append((ended.when, NONE_VALUE))
            branches.append(ended)
        for exit_ in inner.exits:
            if exit_.kind == "return" and exit_.value is not None:
                results.append((exit_.branch.when, exit_.value))
                branches.append(exit_.branch)
        if inner.yields is not None:
            it.state = run = outer.fork(logic)
            ends = merge(logic, run, branches, lambda: it.fresh(node, what="join"))
            made = it.content(inner.yields) if ends else None
            it.state = outer
            perhaps_done(it, outer, run.writes, node, inner.number)  # what it does is done when it is read
            given = made if isinstance(made, ListContent) else ListContent((), True)
            return it.new_list(node, inner, given.items, "iterator", given.open, given.reason)
    it.state = outer
    if not merge(logic, outer, branches, lambda: it.fresh(node, what="join")):
        # It never returns: what follows the call is not reached.
        outer.assume(logic, NEVER)
        return it.unknown(node, "the function never returns")
    if len(results) == 1:
        return results[0][1]
    return join(logic, results, it.fresh(node, what="join"))


def _spoil_arguments(it: Interpreter, arguments: Arguments, node: ast.AST) -> None:
    for value in arguments.values():
        for alternative in it.alternatives(value):
            versions.touch(it, alternative.atom, node)


def ends_program(it: Interpreter, node: ast.Call, frame: Frame) -> bool:
    """Whether a call statement is ``sys.exit()`` or the like."""
    if not isinstance(node.func, (ast.Name, ast.Attribute)):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
    if name not in ("exit", "_exit", "quit", "abort"):
        return False
    atom = evaluate(it, node.func, frame).single
    return isinstance(atom, Ext) and atom.name in ("sys.exit", "os._exit", "builtins.exit", "builtins.quit", "os.abort")
