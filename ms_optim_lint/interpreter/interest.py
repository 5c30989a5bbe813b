"""Which functions are worth following. What speaks of nothing of interest is left until its result matters."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, Any, Callable, Optional

from ms_optim_lint.domain.logic import Term
from ms_optim_lint.domain.values import (
    IDENTITY,
    PARAMETER,
    Atom,
    Class,
    DictContent,
    Ext,
    Function,
    Instance,
    ListContent,
    Ref,
    Sym,
    Tuple,
    Value,
)
from ms_optim_lint.interpreter import classes
from ms_optim_lint.interpreter.changes import assigned_attributes, changed_arguments, sets_inside, touched_attributes
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.modules import top_level
from ms_optim_lint.mindspore import catalogue, missing
from ms_optim_lint.patterns import pattern
from ms_optim_lint.tree import children, keep, kept_with_node, nodes_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import training
    from ms_optim_lint.interpreter.arguments import Arguments
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.modules import Module
else:
    training = late("training")

#: Words of code that makes or changes what an optimizer is given, in lower case.
_WORDS = pattern(
    r"optim|trainable|order_params|param_group|group_param|params_group|get_parameters|parameters_and_names|requires_grad"
    r"|cells_and_names|param_list|net_with_loss_and_opt|scheduler|value_and_grad|gradoperation"
)
_TOKEN = pattern(r"\w+")
#: ASCII, with a space for all that is in no word: to split at spaces takes a fifth of the time.
_SPACED = "".join(one if one.isalnum() or one == "_" else " " for one in map(chr, range(128)))
#: How many steps a word of interest may be away from a function, by functions and classes that it names.
_STEPS = 4
#: Attributes that are judged on an optimizer.
_JUDGED = frozenset(("zero_grad", "param_groups", "learning_rate"))


@kept_with_node
def words_of(node: ast.AST) -> frozenset[str]:
    """The names, attributes, keywords and short strings in a piece of code."""
    words: set[str] = set()
    if node.__class__ is ast.ClassDef:  # the same will be asked of its methods
        return frozenset(words.union(*map(words_of, children(node))))
    add = words.add
    inner: Any
    for inner in nodes_of(node):
        # This is asked of every node of every file: ``isinstance`` takes longer.
        kind = inner.__class__
        if kind is ast.Name:
            add(inner.id)
        elif kind is ast.Attribute:
            add(inner.attr)
        elif kind is ast.Constant:
            value = inner.value
            if value.__class__ is str and len(value) < 30:
                add(value)
        elif kind is ast.keyword and inner.arg:
            add(inner.arg)
    return frozenset(words)


def speaks_of_optimizers(node: ast.AST, module: Module) -> bool:
    """Whether a function, or one of its module that it calls, uses a word of interest: it is entered where it is called."""
    return _speaks(node, module, "_mso_interest", _has_word)


def _reached_words(node: ast.AST, module: Module, depth: int = 0) -> frozenset[str]:
    """The words of a function, and of those of its module that it calls."""
    found = getattr(node, "_mso_reached", None)
    if found is None:
        own = keep(node, "_mso_reached", words_of(node))  # for functions that call each other
        called = (
            [s for word in own for s in module.bindings(word) if isinstance(s, ast.FunctionDef)] if depth < 4 else []
        )
        found = keep(node, "_mso_reached", own.union(*(_reached_words(one, module, depth + 1) for one in called)))
    return found


def named(it: Interpreter, name: str, value: Value) -> None:
    """A name or an attribute gets a value: what speaks of it speaks of an optimizer, if it is one or makes its steps, or is a
    scheduler, or a dict with one."""
    for alternative in value.alternatives:
        atom = alternative.atom
        if not isinstance(atom, Ref):
            continue
        content = it.content(atom)
        held = [atom]
        if isinstance(content, DictContent):  # the arguments of a Model, perhaps
            held = [a.atom for _, one in content.entries for a in one.alternatives if isinstance(a.atom, Ref)]
        if any(_is_of_interest_itself(it, one) for one in held):
            it.optimizer_names.add(name)


def _is_of_interest_itself(it: Interpreter, ref: Ref) -> bool:
    """Whether something is an optimizer, or what makes its steps, or a scheduler."""
    return ref.obj in it.constructions or training.steps_of(it, ref) is not None or _is_scheduler(it, ref)


def _is_scheduler(it: Interpreter, ref: Ref) -> bool:
    content = it.content(ref)
    made = content.made if isinstance(content, Instance) else None
    return isinstance(made, Ext) and (catalogue.is_scheduler(made.name) or catalogue.is_schedule(made.name))


def may_build(node: ast.AST, module: Module) -> bool:
    """Whether a function may build an optimizer, or is given one by something it calls: it is looked at alone too."""
    return _speaks(node, module, "_mso_builds", _may_give)


def _has_word(node: ast.AST, module: Module) -> bool:
    names = names_in(module)
    words = words_of(node)
    return any(word in names or _is_word(word) for word in words) or _chooses(words) or hands_callbacks(words, module)


def _chooses(words: frozenset[str]) -> bool:
    """Whether code may choose an optimizer by its name: ``getattr(nn, name)``."""
    return "getattr" in words and any(word.endswith("nn") for word in words)


def hands_callbacks(words: frozenset[str], module: Module) -> bool:
    """Whether code may hand the callback that changes the rate to a Model. Other callbacks do nothing to an optimizer."""
    return "LearningRateScheduler" in module.text and any("callback" in word for word in words)


def _may_give(node: ast.AST, module: Module) -> bool:
    words = words_of(node)
    if not words.isdisjoint(names_in(module)) or not words.isdisjoint(_JUDGED) or _chooses(words):
        return True
    if not any(map(_gives, words)):
        return False
    for inner in nodes_of(node):
        if isinstance(inner, ast.Call):
            function = inner.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if _gives(name):
                return True
        elif isinstance(inner, ast.Attribute) and inner.attr == "grad":
            return True
    return False


def _speaks(node: ast.AST, module: Module, mark: str, test: Callable[[ast.AST, Module], bool]) -> bool:
    """Whether the test holds for a definition, or for one of its module that it leads to in a few steps."""
    found = getattr(node, mark, None)
    if found is None:
        may = _may_speak(node, module)
        found = may and _holds(node, module, mark, test)
        seen, last = {node}, [node] if may else []
        for _ in range(_STEPS):
            if found or not last:
                break
            last = [one for known in last for one in _used_definitions(known, module) if one not in seen]
            seen.update(last)
            found = any(_holds(one, module, mark, test) for one in last)
        setattr(node, mark, found)
    return bool(found)


def _may_speak(node: ast.AST, module: Module) -> bool:
    """Whether a word of interest is in the text of a definition, or of one that it may lead to. No is certain, and found several
    times faster than by walking the tree."""
    tokens = _tokens(node, module)
    return _has_interest(tokens, module) or not tokens.isdisjoint(_speaking(module))


def _has_interest(tokens: frozenset[str], module: Module) -> bool:
    return not tokens.isdisjoint(names_in(module)) or any(map(_is_of_interest, tokens))


def _speaking(module: Module) -> frozenset[str]:
    """The names of the definitions at the top of a module that may speak of something of interest."""
    if module.speaking is None:
        definitions = module.definitions
        tokens = {name: frozenset().union(*(_tokens(one, module) for one in definitions[name])) for name in definitions}
        users: dict[str, list[str]] = {}
        for name, words in tokens.items():
            for word in definitions.keys() & words:
                users.setdefault(word, []).append(name)
        found = {name for name, words in tokens.items() if _has_interest(words, module)}
        waiting = list(found)
        while waiting:
            for user in users.get(waiting.pop(), ()):
                if user not in found:
                    found.add(user)
                    waiting.append(user)
        module.speaking = frozenset(found)
    return module.speaking


def _tokens(node: ast.AST, module: Module) -> frozenset[str]:
    """All words in the lines of a definition."""
    found: Optional[frozenset[str]] = getattr(node, "_mso_tokens", None)
    if found is None:
        decorators = getattr(node, "decorator_list", ())
        first = min(getattr(one, "lineno", 1) for one in (node, *decorators))
        text = "\n".join(module.lines[first - 1 : getattr(node, "end_lineno", None)])
        words = text.translate(_SPACED).split() if text.isascii() else _TOKEN.findall(text)
        found = keep(node, "_mso_tokens", frozenset(words))
    return found


@functools.cache
def _is_of_interest(word: str) -> bool:
    return word in _JUDGED or word == "getattr" or _is_word(word) or _gives(word) or "callback" in word.lower()


@functools.cache
def _is_word(word: str) -> bool:
    return _WORDS.search(word.lower()) is not None


def _gives(word: str) -> bool:
    """Whether a function of that name may give an optimizer, or an attribute is judged on tensors and Parameters."""
    word = word.lower()
    if "opt" in word:
        return "optim" in word or word == "opt" or word.startswith("opt_") or word.endswith("_opt")
    return word in ("backward", "grad")


def _holds(node: ast.AST, module: Module, mark: str, test: Callable[[ast.AST, Module], bool]) -> bool:
    """The test for a definition alone."""
    mark += "_itself"
    found = getattr(node, mark, None)
    if found is None:
        found = test(node, module)
        setattr(node, mark, found)
    return bool(found)


def _used_definitions(node: ast.AST, module: Module) -> list[ast.AST]:
    """The definitions at the top of the module that a piece of code names."""
    found: Optional[list[ast.AST]] = getattr(node, "_mso_uses", None)
    if found is None:
        definitions = module.definitions
        named_here = sorted(definitions.keys() & words_of(node))
        found = keep(node, "_mso_uses", [one for word in named_here for one in definitions[word]])
    return found


def names_in(module: Module) -> frozenset[str]:
    """The names that optimizers have in a module: their own, and what its imports call them."""
    if module.optimizers is None:
        own = optimizer_names()
        aliases = {
            alias.asname
            for statement in top_level(module.tree.body)
            if isinstance(statement, ast.ImportFrom)
            for alias in statement.names
            if alias.asname and alias.name in own
        }
        module.optimizers = own | aliases
    return module.optimizers


_names: list[frozenset[str]] = []


def optimizer_names() -> frozenset[str]:
    """The short names of all optimizers and schedules."""
    if not _names:
        named = [optimizer.name for optimizer in catalogue.optimizers()] + list(catalogue.schedules())
        _names.append(frozenset(name.rpartition(".")[2] for name in named) | missing.words())
    return _names[0]


def worth_entering(it: Interpreter, function: Function, arguments: Arguments, receiver: Optional[Atom]) -> bool:
    """Whether a call is followed now."""
    node = function.node
    if isinstance(node, ast.Lambda) or function.frame != function.module.frame and function.owner is None:
        return True
    if it.optimizer_names and not it.optimizer_names.isdisjoint(_reached_words(node, function.module)):
        return True
    tests = _is_small_test(node)
    if speaks_of_optimizers(node, function.module) or any(is_hot(it, v, tests) for v in arguments.values()):
        return True
    # An empty list may be filled there; one that is only read need not be followed.
    changed = changed_arguments(node)
    if changed and any(name in changed and _is_empty(it, value) for name, value in by_name(node, arguments)):
        return True
    # A network may get another layer there.
    if changed and any(n in changed and _is_network(it, v) for n, v in by_name(node, arguments)):
        return True
    if not isinstance(receiver, Ref):
        return isinstance(receiver, Class) and bool(assigned_attributes(node) or touched_attributes(node))
    if assigned_attributes(node) or touched_attributes(node) or it.constructions and sets_inside(node):
        return True
    return any(_is_of_optimizers(it, method) for method in _methods_behind(it, function, receiver))


def _is_of_optimizers(it: Interpreter, method: Function) -> bool:
    if it.optimizer_names and not it.optimizer_names.isdisjoint(_reached_words(method.node, method.module)):
        return True
    return speaks_of_optimizers(method.node, method.module)


def _methods_behind(it: Interpreter, function: Function, receiver: Ref) -> tuple[Function, ...]:
    """The methods of its own object that a method leads to, in a few steps."""
    content = it.content(receiver)
    made = content.made if isinstance(content, Instance) else None
    if not isinstance(made, Class) or not _own_methods(function.node):
        return ()
    found = it.methods_behind.get((made, function.node))
    if found is None:
        seen: dict[ast.AST, Function] = {function.node: function}
        last = [function]
        for _ in range(_STEPS):
            names = {name: None for one in last for name in _own_methods(one.node)}
            values = [classes.class_attribute(it, made, name) for name in names]
            methods = [value.single for value in values if value is not None]
            last = [one for one in methods if isinstance(one, Function) and one.node not in seen]
            seen.update((one.node, one) for one in last)
        found = it.methods_behind[made, function.node] = tuple(seen.values())[1:]
    return found


@kept_with_node
def _own_methods(node: ast.AST) -> tuple[str, ...]:
    """The names of the attributes of its own object that a method calls."""
    spec = node.args if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else None
    arguments = [*spec.posonlyargs, *spec.args] if spec is not None else []
    called = [inner.func for inner in nodes_of(node) if isinstance(inner, ast.Call)] if arguments else []
    names = [
        function.attr
        for function in called
        if isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == arguments[0].arg
    ]
    return tuple(dict.fromkeys(names))


def _is_network(it: Interpreter, value: Value) -> bool:
    contents = [it.content(a.atom) for a in value.alternatives if isinstance(a.atom, Ref)]
    return any(isinstance(content, Instance) and classes.is_network(it, content) for content in contents)


def worth_constructing(it: Interpreter, init: Function, bases: list[Ext], arguments: Arguments) -> bool:
    """Whether a class's ``__init__`` is followed when an object is made. A network's layers are not needed to know it."""
    if any(catalogue.is_cell(base.name) and catalogue.optimizer(base.name) is None for base in bases):
        return any(_is_optimizer(it, value) for value in arguments.values()) or bool(
            words_of(init.node) & names_in(init.module)
        )
    return True


def _is_optimizer(it: Interpreter, value: Value) -> bool:
    return any(isinstance(a.atom, Ref) and a.atom.obj in it.constructions for a in value.alternatives)


def _is_small_test(node: ast.AST) -> bool:
    """Whether a function looks like a test of a parameter: short, and it reads a name or the like."""
    body = getattr(node, "body", [])
    few = not isinstance(body, list) or len(body) <= 12
    return few and not words_of(node).isdisjoint(
        ("name", "requires_grad", "ndim", "shape", "startswith", "endswith", "id")
    )


def _of_network(term: Term) -> bool:
    return any(
        isinstance(e.args[0], Term) and e.args[0].op in ("parameters", "cells", "children") for e in term.elements
    )


def is_hot(it: Interpreter, value: Value, tests: bool, depth: int = 0) -> bool:
    """Whether a value is, or holds, what code about parameter groups is about. ``tests``: any element of a loop counts."""
    for alternative in value.alternatives:
        atom = alternative.atom
        if isinstance(atom, Sym) and (
            atom.kind in (PARAMETER, IDENTITY)
            or _of_network(atom.term)
            or (tests and bool(atom.term.elements))
            or atom.term in it.rates
        ):
            return True
        if isinstance(atom, Ext) and atom.name.startswith("mindspore.") and catalogue.optimizer(atom.name) is not None:
            return True
        if isinstance(atom, Tuple) and depth < 3 and any(is_hot(it, i.value, tests, depth + 1) for i in atom.items):
            return True
        if isinstance(atom, Ref):
            content = it.content(atom)
            if isinstance(content, Instance):
                if atom.obj in it.constructions or _is_schedule(it, content):
                    return True
            elif isinstance(content, ListContent):
                if atom.obj in it.rate_lists:
                    return True
                if depth < 3 and any(is_hot(it, i.value, tests, depth + 1) for i in content.items[:8]):
                    return True
            elif isinstance(content, DictContent) and depth < 3:
                if any(is_hot(it, v, tests, depth + 1) for _, v in content.entries[:8]):
                    return True
    return False


def _is_schedule(it: Interpreter, content: Instance) -> bool:
    if isinstance(content.made, Ext):
        return catalogue.is_schedule(content.made.name) or catalogue.is_scheduler(content.made.name)
    return any(catalogue.is_schedule(base.name) for base in classes.external_bases(it, content.made))


def _is_empty(it: Interpreter, value: Value) -> bool:
    return any(it.is_empty(alternative.atom) for alternative in value.alternatives)


def by_name(node: ast.AST, arguments: Arguments) -> list[tuple[str, Value]]:
    """The values of a call by the names of the function's arguments, as far as they match by position or keyword."""
    spec = getattr(node, "args", None)
    names = [argument.arg for argument in spec.args] if isinstance(spec, ast.arguments) else []
    pairs = [(name, given.value) for name, given in zip(names, arguments.positional)]
    return pairs + [(name, given.value) for name, given in arguments.keywords]
