"""Methods of what is not a project's own object: lists, dicts, texts, networks, and things of which nothing is known."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.logic import ALWAYS, NEVER, Term
from ms_optim_lint.domain.values import (
    ARRAY,
    CELL,
    NONE_VALUE,
    NUMBER,
    PARAMETER,
    TENSOR,
    TEXT,
    UNORDERED,
    Const,
    DictContent,
    Ext,
    Instance,
    Item,
    ListContent,
    Method,
    Ref,
    Site,
    Sym,
    Truth,
    Tuple,
    Value,
    in_order,
    reversed_items,
    value_of,
)
from ms_optim_lint.interpreter import classes, dict_methods, identity, notes_runtime
from ms_optim_lint.interpreter.arguments import Arguments
from ms_optim_lint.interpreter.calls import apply
from ms_optim_lint.interpreter.deferred import altered, force
from ms_optim_lint.interpreter.iterators import items_of_value, new_element, use_up_value
from ms_optim_lint.interpreter.late import late
from ms_optim_lint.interpreter.sizes import RATES
from ms_optim_lint.interpreter.truth import term_of_value
from ms_optim_lint.interpreter.versions import touch, version_of
from ms_optim_lint.patterns import pattern

if TYPE_CHECKING:
    from ms_optim_lint.interpreter import library, operators, statements
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.frames import Frame
else:
    library = late("library")
    operators = late("operators")
    statements = late("statements")

#: Methods of a network that give its parameters (``mindspore/nn/cell.py``): trainable only, and as what.
PARAMETER_METHODS = {
    "trainable_params": (True, "list"),
    "untrainable_params": (False, "list"),
    "get_parameters": (None, "iterator"),
    "parameters_and_names": (None, "pairs"),
    "parameters_dict": (None, "dict"),
    "cells_and_names": (None, "cells"),
    "name_cells": (None, "named cells"),
    "cells": (None, "children"),
}
#: Methods of anything that leave their receiver and arguments alone.
_PURE = frozenset(
    "keys values items get copy count index lower upper strip split rsplit startswith endswith replace format join"
    " asnumpy astype reshape item shape mean sum get_dataset_size create_dict_iterator create_tuple_iterator info debug"
    " warning error lower_case isdigit encode decode append_ write flush set_train set_grad to_float".split()
)
#: Methods of arrays and tensors that give another one.
_SAME_KIND = frozenset("reshape transpose swapaxes squeeze clip repeat cumsum".split())
_TENSOR_METHODS = frozenset(
    "unsqueeze expand_dims permute view view_as to float half contiguous tile broadcast_to".split()
)
#: Methods that change a list or dict.
_CHANGING = frozenset("append extend insert remove pop popitem clear update setdefault sort reverse".split())
#: Methods of unknown things whose results differ from call to call.
_IMPURE = frozenset("pop popitem read readline next random choice step shuffle".split())


def call_method(it: Interpreter, method: Method, arguments: Arguments, node: ast.AST, frame: Frame) -> Value:
    """Call a method that the project does not define."""
    receiver = method.receiver
    if isinstance(receiver, Ref):
        content = it.content(receiver)
        if isinstance(content, ListContent):
            return _list_method(it, receiver, content, method.name, arguments, node, frame)
        if isinstance(content, DictContent):
            return dict_methods.dict_method(it, receiver, content, method.name, arguments, node, frame)
        return library.call_object_method(it, receiver, content, method.name, arguments, node, frame)
    if isinstance(receiver, Const):
        return _constant_method(it, receiver, method.name, arguments, node, frame)
    if isinstance(receiver, Sym) and receiver.kind in (ARRAY, TENSOR):
        return _array_method(it, receiver, method.name, arguments, node, frame)
    if isinstance(receiver, Tuple):
        if method.name in ("index", "count"):
            return it.unknown(node, "position in a tuple", NUMBER, frame)
        if method.name in ("tolist", "asnumpy", "numpy", "astype"):
            return value_of(receiver, Site(frame.module, node))  # numbers that numpy has computed
    return it.unknown(node, f"method {method.name}", frame=frame)


# Lists

#: The operators that these methods of sets are.
_OF_SETS: dict[str, ast.operator] = {"difference": ast.Sub(), "intersection": ast.BitAnd(), "union": ast.BitOr()}


def _list_method(
    it: Interpreter, ref: Ref, content: ListContent, name: str, arguments: Arguments, node: ast.AST, frame: Frame
) -> Value:
    first = arguments.get("object", 0)
    if name in ("remove", "index", "count") and first is not None and isinstance(node, ast.expr):
        identity.tested(it, name, first, value_of(ref), node, frame)
    if name in ("append", "add") and first is not None:
        if first.origin is None and arguments.positional and arguments.positional[0].node is not None:
            given = arguments.positional[0].node
            first = Value(tuple(a._replace(origin=Site(frame.module, given)) for a in first.alternatives))
        _set_items(it, ref, content, (*content.items, Item(first)))
        return NONE_VALUE
    if name in ("extend", "update") and first is not None and not arguments.more_positional:
        for one in arguments.positional:
            extend(it, value_of(ref), one.value)
        return NONE_VALUE
    if name == "insert" and len(arguments.positional) == 2:
        where = arguments.positional[0].value.single
        item = Item(arguments.positional[1].value)
        if isinstance(where, Const) and where.value == 0:
            _set_items(it, ref, content, (item, *content.items))
        else:
            _set_items(it, ref, content, tuple(i._replace(row=UNORDERED) for i in (*content.items, item)))
        return NONE_VALUE
    if name == "copy":
        return it.new_list(node, frame, content.items, content.kind, content.open)
    if name in ("items", "keys", "values") and content.kind == "view":
        # Of ``name_cells()``, which is a dict.
        return it.new_list(node, frame, tuple(_of_pairs(content.items, name)), "view", content.open)
    if name == "clear":
        it.state.set(ref.obj, ListContent((), False, content.kind))
        return NONE_VALUE
    if name in ("index", "count"):
        return it.unknown(node, "position in a list", NUMBER, frame)
    if name in ("sort", "reverse"):
        if name == "reverse":
            _set_items(it, ref, content, reversed_items(content.items))
        else:
            _set_items(it, ref, content, tuple(item._replace(row=UNORDERED) for item in content.items))
        return NONE_VALUE
    if name == "pop":
        return _pop(it, ref, content, arguments, node, frame)
    if name in _OF_SETS and content.kind == "set" and not arguments.more_positional:
        result = it.new_list(node, frame, content.items, "set", content.open)
        for number, one in enumerate(arguments.positional):
            items, opened = items_of_value(it, one.value)
            with it.within(it.logic.term("argument", it.context, number)):  # one written with a star is several
                other = it.new_list(one.node or node, frame, items, "set", opened)
                result = operators.arithmetic(it, _OF_SETS[name], result, other, node, frame)
        return result
    if name in _OF_SETS:
        return it.unknown(node, f"set method {name}", frame=frame)
    if name == "__len__":
        return it.unknown(node, "length", NUMBER, frame)
    it.state.set(ref.obj, ListContent((), True, content.kind, reason=f"changed by {name}"))
    return it.unknown(node, f"list method {name}", frame=frame)


def _pop(it: Interpreter, ref: Ref, content: ListContent, arguments: Arguments, node: ast.AST, frame: Frame) -> Value:
    plain = not content.open and in_order(content.items)
    index = arguments.get("index", 0)
    at = index.single if index is not None else Const(-1)
    if (
        plain
        and isinstance(at, Const)
        and isinstance(at.value, int)
        and -len(content.items) <= at.value < len(content.items)
    ):
        items = list(content.items)
        taken = items.pop(at.value)
        _set_items(it, ref, content, tuple(items))
        return taken.value
    it.state.set(ref.obj, ListContent((), True, content.kind, reason="items are popped"))
    return it.unknown(node, "popped item", frame=frame)


def _set_items(it: Interpreter, ref: Ref, content: ListContent, items: tuple[Item, ...]) -> None:
    if len(items) > 4_000:
        it.limit("a list is too long")
        it.state.set(ref.obj, ListContent((), True, content.kind, reason="too long"))
        return
    it.state.set(ref.obj, ListContent(items, content.open, content.kind, content.consumed, content.reason))


def extend(it: Interpreter, target: Value, value: Value) -> None:
    """``target.extend(value)`` or ``target += value``, for each list that ``target`` can be."""
    items, opened = items_of_value(it, value)
    alternatives = it.alternatives(target)
    for alternative in alternatives:
        if not isinstance(alternative.atom, Ref):
            continue
        content = it.content(alternative.atom)
        if isinstance(content, ListContent):
            when = ALWAYS if len(alternatives) == 1 else alternative.when
            added = tuple(i._replace(when=it.logic.both(i.when, when)) for i in items)
            merged = ListContent((*content.items, *added), content.open or opened, content.kind, content.consumed)
            it.state.set(alternative.atom.obj, merged)
        elif isinstance(content, DictContent):
            it.state.set(alternative.atom.obj, DictContent(content.entries, True, content.places))


def _of_pairs(pairs: tuple[Item, ...], name: str) -> Iterator[Item]:
    """``items()``, ``keys()`` or ``values()`` of pairs."""
    for item in pairs:
        pair = item.value.single
        part = pair.items[name == "values"] if isinstance(pair, Tuple) and name != "items" else item
        yield item._replace(value=part.value)


# Texts and other constants

_TEXT_METHODS = frozenset(
    "lower upper strip lstrip rstrip split rsplit startswith endswith replace join format title capitalize find rfind"
    " count isdigit islower isupper zfill partition rpartition casefold".split()
)
#: Texts are not filled up to more characters, here or in the braces of a format.
_WIDEST = 9_999
_WIDE = pattern(r"\d{5}")


def _constant_method(
    it: Interpreter, receiver: Const, name: str, arguments: Arguments, node: ast.AST, frame: Frame
) -> Value:
    if name == "format" and isinstance(receiver.value, str) and not arguments.more_positional:
        positional = [one.value for one in arguments.positional]
        notes_runtime.format_called(it, receiver.value, positional, node, frame)
    given = [constant_of(it, value) for value in arguments.values()]
    if name == "join":
        use_up_value(it, arguments.get("iterable", 0))
    if isinstance(receiver.value, str) and name in _TEXT_METHODS and ... not in given and not arguments.keywords:
        wide = name == "format" and _WIDE.search(receiver.value)
        if wide or any(isinstance(one, int) and one > _WIDEST for one in given):
            return it.unknown(node, f"text method {name}", TEXT, frame)
        try:
            result = getattr(receiver.value, name)(*given)
        except (TypeError, ValueError, IndexError, KeyError, AttributeError):
            return it.unknown(node, f"text method {name}", TEXT, frame)
        return lift(it, result, node, frame)
    if name in ("item", "tolist", "asnumpy", "astype") and isinstance(receiver.value, (int, float)):
        return value_of(receiver, Site(frame.module, node))  # a number of an array of numbers
    return it.unknown(node, f"method {name} of a constant", TEXT if isinstance(receiver.value, str) else None, frame)


def constant_of(it: Interpreter, value: Value) -> object:
    """The Python value where it is known in full (tuples and lists of constants too), else ``...``."""
    atom = value.single
    if isinstance(atom, Const):
        return atom.value
    sequence = operators.sequence_of(it, atom) if atom is not None else None
    if sequence is not None and not sequence.open and all(i.when == ALWAYS and not i.elements for i in sequence.items):
        items = [constant_of(it, i.value) for i in sequence.items]
        if ... not in items:
            return tuple(items) if sequence.kind == "tuple" else items
    return ...


def lift(it: Interpreter, result: object, node: ast.AST, frame: Frame) -> Value:
    """A Python value made of constants as a value of ours."""
    if isinstance(result, tuple):
        return value_of(Tuple(tuple(Item(lift(it, r, node, frame)) for r in result)), Site(frame.module, node))
    if isinstance(result, list):
        return it.new_list(node, frame, tuple(Item(lift(it, r, node, frame)) for r in result))
    return value_of(Const(result), Site(frame.module, node))


# Arrays and tensors

_KEEPING = frozenset("astype copy clip round abs flatten_ to float half int asnumpy numpy value init_data".split())


def _array_method(
    it: Interpreter, receiver: Sym, name: str, arguments: Arguments, node: ast.AST, frame: Frame
) -> Value:
    origin = Site(frame.module, node)
    given = [term_of_value(it, value) for value in arguments.values()]
    term = it.logic.term("call", it.logic.term("attribute", receiver.term, name), *given)
    if name in _KEEPING:
        kind = ARRAY if name in ("asnumpy", "numpy") else receiver.kind
        return value_of(Sym(term, kind, receiver.rank, receiver.reason, receiver.length), origin)
    if name in ("flatten", "ravel"):
        return value_of(Sym(term, receiver.kind, 1, receiver.reason), origin)
    if name == "tolist" and receiver.rank:
        length = receiver.length if receiver.rank == 1 else None
        over = it.logic.term("over", term) if length is None else it.logic.term(RATES, term, 0, length)
        element = new_element(it, over)
        return it.new_list(node, frame, (Item(value_of(Sym(element, NUMBER, 0)), ALWAYS, (element,)),))
    if name == "item":
        return value_of(Sym(term, NUMBER, 0, "a number"), origin)
    if name in ("mean", "sum", "max", "min", "prod") and not given:
        return value_of(Sym(term, receiver.kind, 0, "a number"), origin)
    same = name in _SAME_KIND or receiver.kind == TENSOR and name in _TENSOR_METHODS
    return value_of(Sym(term, receiver.kind if same else None, None, f"result of {name}"), origin)


# Networks and unknown things


def network_method(
    it: Interpreter, net: Term, name: str, arguments: Arguments, node: ast.AST, frame: Frame
) -> Optional[Value]:
    """A method of a network that gives its parameters or cells; None for any other. Each result is a snapshot of the network
    as it is now."""
    found = PARAMETER_METHODS.get(name)
    if found is None:
        return None
    trainable, what = found
    if any(value.single != Const(True) for value in arguments.values()):
        # Without what is below it, or with other names.
        return it.new_list(node, frame, (), "iterator" if what in ("iterator", "pairs") else "list", True)
    logic = it.logic
    version = version_of(it, net)
    origin = Site(frame.module, node)
    if what in ("cells", "named cells", "children"):
        base = logic.term("cells" if what == "cells" else "children", net, version)
        it.moments.setdefault(base, it.moment())
        element = new_element(it, base)
        cell: Value = value_of(Sym(element, CELL))
        if what == "children":
            return it.new_list(node, frame, (Item(cell, ALWAYS, (element,)),), "view")
        pair = value_of(Tuple((Item(value_of(Sym(logic.term("attribute", element, "name"), TEXT))), Item(cell))))
        return it.new_list(node, frame, (Item(pair, ALWAYS, (element,)),), "iterator" if what == "cells" else "view")
    base = logic.term("parameters", net, version)
    it.moments.setdefault(base, it.moment())
    element = new_element(it, base)
    parameter = value_of(Sym(element, PARAMETER), origin)
    if what in ("pairs", "dict"):
        # The path, which is not the Parameter's own name in each case.
        named = value_of(Sym(logic.term("attribute", element, "path"), TEXT), origin)
        pair = value_of(Tuple((Item(named), Item(parameter))), origin)
        if what == "dict":
            ref = it.allocate(node, frame.module, Instance(Ext("mindspore.parameters_dict")), "parameters_dict")
            it.state.set((ref.obj, "#items"), it.new_list(node, frame, (Item(pair, ALWAYS, (element,)),), "view"))
            return value_of(ref, origin)
        return it.new_list(node, frame, (Item(pair, ALWAYS, (element,)),), "iterator")
    when = ALWAYS
    if trainable is not None:
        flag = logic.truthy(logic.term("attribute", element, "requires_grad"))
        when = flag if trainable else logic.no(flag)
    return it.new_list(node, frame, (Item(parameter, when, (element,)),), what)


def call_symbol(it: Interpreter, atom: Sym, arguments: Arguments, node: ast.AST, frame: Frame) -> Value:
    """Call something unknown: a method of something unknown, mostly."""
    term = atom.term
    origin = Site(frame.module, node)
    if term.op == "attribute" and isinstance(term.args[0], Term) and isinstance(term.args[1], str):
        receiver, name = term.args[0], term.args[1]
        special = _symbol_method(it, receiver, name, arguments, node, frame)
        if special is not None:
            return special
        holder = it.object_of(receiver)
        if holder is not None and classes.has_foreign_base(it, getattr(it.content(Ref(holder)), "made", None)):
            statements.spoil(it, Ref(holder))
        if name in _CHANGING:
            altered(it, receiver, True)
            if name == "update":
                notes_runtime.group_updated(it, receiver, arguments, node, frame)
        if name in _PURE:
            given = [term_of_value(it, v) for v in arguments.values()]
            kind = TEXT if atom.kind == TEXT else None
            return value_of(Sym(it.logic.term("call", term, *given), kind, reason="result of a call"), origin)
    if term.op == "result" and any(t.elements for v in arguments.values() for t in (term_of_value(it, v),)):
        made = force(it, value_of(atom))  # a function that another one has made: a test, most likely
        if all(alternative.atom != atom for alternative in made.alternatives):
            return apply(it, made, arguments, node, frame)
    for value in arguments.values():
        for alternative in it.alternatives(value):
            touch(it, alternative.atom, node)
    given = [term_of_value(it, v) for v in arguments.values()]
    if not any(t.elements for t in given):
        # Two calls may give two networks. A test of an element is the same wherever it is made.
        given.append(it.fresh(node, what="site"))
    last = term.args[-1] if term.op == "attribute" else None
    if last in _IMPURE or arguments.more_positional or arguments.more_keywords:
        return it.unknown(node, "result of an unknown call", frame=frame)
    return value_of(Sym(it.logic.term("call", term, *given), reason="result of an unknown call"), origin)


def _symbol_method(
    it: Interpreter, receiver: Term, name: str, arguments: Arguments, node: ast.AST, frame: Frame
) -> Optional[Value]:
    if name in PARAMETER_METHODS:
        return network_method(it, receiver, name, arguments, node, frame)
    logic = it.logic
    given = [value.single for value in arguments.values()]
    if name in ("startswith", "endswith") and len(given) == 1:
        words = (
            [given[0]]
            if isinstance(given[0], Const)
            else [i.value.single for i in given[0].items]
            if isinstance(given[0], Tuple)
            else []
        )
        if words and all(isinstance(w, Const) for w in words):
            result = NEVER
            for word in words:
                assert isinstance(word, Const)
                result = logic.either(result, logic.atom(logic.term(name, receiver, logic.constant(word.value))))
            return value_of(Truth(result))
    if name in ("lower", "upper", "strip", "casefold") and not given:
        return value_of(Sym(logic.term(name, receiver), TEXT))
    if name in ("split", "rsplit", "partition"):
        terms = [term_of_value(it, v) for v in arguments.values()]
        return value_of(Sym(logic.term(name, receiver, *terms), TEXT, reason="pieces of a text"))
    if name in ("find", "rfind", "index", "count") and len(given) == 1:
        terms = [term_of_value(it, v) for v in arguments.values()]
        return value_of(Sym(logic.term(name, receiver, *terms), NUMBER))
    return None
