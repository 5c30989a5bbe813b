"""What a program asks, and nobody knows the answer: of what kind a thing is, whether there are any parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ms_optim_lint.domain.logic import ALWAYS, Condition, Term
from ms_optim_lint.domain.values import (
    Atom,
    Instance,
    ListContent,
    Ref,
)
from ms_optim_lint.interpreter import classes
from ms_optim_lint.interpreter.truth import term_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter

#: Tests of what a thing is.
_QUESTIONS = frozenset(
    ("raised", "isinstance", "hasattr", "truthy", "same", "contains", "in", "equal", "startswith", "endswith")
)


def asked(it: Interpreter, atom: Atom, when: Condition) -> bool:
    """Whether the program asks what a thing is, in a way that is not understood, and goes this way for one of the answers."""
    here = it.state.reached
    if when == ALWAYS == here:
        return False
    term = term_of(it, atom)
    if not _asks(it, when, term) and not _asks(it, here, term):
        return False
    return _asks(it, it.logic.both(when, here), term)


def kind_asked(it: Interpreter, term: Term, when: Condition) -> bool:
    """Whether the program asks of what class a thing is, or what it has, and nobody knows the answer."""
    here = it.logic.both(when, it.state.reached)
    return here != ALWAYS and _asks(it, here, term, _OF_KIND)


_OF_KIND = frozenset(("isinstance", "hasattr"))


def asks_of_sets(it: Interpreter, when: Condition) -> bool:
    """Whether a condition asks a network or a list something to which nobody knows the answer: it may be whether there is any
    such parameter."""
    return any(_is_of_set(it, part) for term in it.logic.atoms(when) for part in _parts(term, 6))


def _is_of_set(it: Interpreter, part: Term) -> bool:
    if part.op in ("parameters", "cells", "children"):
        return True
    obj = it.object_of(part)
    content = it.content(Ref(obj)) if obj is not None else None
    return isinstance(content, ListContent) or isinstance(content, Instance) and classes.is_network(it, content)


def rate_asked(it: Interpreter, ref: Ref, when: Condition) -> bool:
    """Whether the program asks of what kind the rate of an optimizer is, and nobody knows: then it may not come here."""
    term = it.logic.term("rate", term_of(it, ref))
    return term in it.rates and kind_asked(it, term, when)


def _asks(it: Interpreter, when: Condition, wanted: Term, questions: frozenset[str] = _QUESTIONS) -> bool:
    return any(term.op in questions and _speaks_of(it, term, wanted) for term in it.logic.atoms(when))


def _speaks_of(it: Interpreter, question: Term, wanted: Term) -> bool:
    parts = it.parts.get(question)
    if parts is None:
        parts = it.parts[question] = frozenset(_parts(question, 6))
    if wanted in parts:
        return True
    return wanted.op == "external" and any(
        part.op == "external" and str(part.args[0]).startswith(f"{wanted.args[0]}.") for part in parts
    )


def _parts(term: Term, depth: int) -> Iterator[Term]:
    """The term and what it is made of, down to a depth."""
    yield term
    if depth > 0:
        for arg in term.args:
            if isinstance(arg, Term):
                yield from _parts(arg, depth - 1)
