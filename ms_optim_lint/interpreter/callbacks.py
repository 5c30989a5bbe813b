"""What the project's own callbacks do while ``Model.train`` runs: their methods are followed, as a Model calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import Class, Ext, Function, Instance, Partial, Ref, Value, value_of
from ms_optim_lint.interpreter import classes
from ms_optim_lint.interpreter.arguments import Arguments, Given
from ms_optim_lint.interpreter.calls import enter
from ms_optim_lint.interpreter.interest import worth_entering
from ms_optim_lint.interpreter.iteration import follow_each
from ms_optim_lint.interpreter.iterators import element_item
from ms_optim_lint.interpreter.operators import sequence_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.library.table import CallSite

_BASE = "mindspore.train.Callback"
#: What ``run_context.original_args()`` calls.
ARGUMENTS = "mindspore.train.arguments of a callback"
#: The methods of a callback that a Model calls (``mindspore/train/callback/_callback.py``), each with the one of which it is the
#: newer name: the old one is called where there is no other.
_BEGIN = (("on_train_begin", "begin"),)
_EACH = (
    ("on_train_epoch_begin", "epoch_begin"),
    ("on_train_step_begin", "step_begin"),
    ("on_train_step_end", "step_end"),
    ("on_train_epoch_end", "epoch_end"),
)
_END = (("on_train_end", "end"),)
#: The most callbacks of one Model that are followed.
_MOST = 8


def run(it: Interpreter, given: Value, optimizer: Optional[Value], site: CallSite) -> None:
    """A Model trains with these callbacks."""
    own = [found for one in _callbacks(it, given) if (found := _own(it, one)) is not None]
    if not own or it.trying:
        return
    context = _context(it, optimizer, site)
    for ref, cls in own:
        _call(it, ref, cls, _BEGIN, context, site)

    def passes(_: Value) -> None:
        for ref, cls in own:
            _call(it, ref, cls, _EACH, context, site)

    item = element_item(it, it.fresh(site.node, what="passes"), None)
    follow_each(it, site.node, site.frame, (item,), passes)
    for ref, cls in own:
        _call(it, ref, cls, _END, context, site)


def _callbacks(it: Interpreter, given: Value) -> list[Value]:
    """The first callbacks that are certainly there."""
    sequence = sequence_of(it, given.single) if given.single is not None else None
    if sequence is None:
        return [given]
    there = (i for i in sequence.items if not i.elements and it.logic.implies(it.state.reached, i.when))
    return [item.value for item in there][:_MOST]


def _own(it: Interpreter, value: Value) -> Optional[tuple[Ref, Class]]:
    atom = value.single
    content = it.content(atom) if isinstance(atom, Ref) else None
    made = content.made if isinstance(content, Instance) else None
    if not isinstance(atom, Ref) or not isinstance(made, Class) or classes.has_unknown_base(it, made):
        return None
    return (atom, made) if any(base.name == _BASE for base in classes.external_bases(it, made)) else None


def _context(it: Interpreter, optimizer: Optional[Value], site: CallSite) -> Value:
    """``run_context``, of which only the optimizer is known."""
    module = site.frame.module
    arguments = it.allocate(site.node, module, Instance(Ext(ARGUMENTS)), "arguments of a callback")
    if optimizer is not None:
        it.state.set((arguments.obj, "optimizer"), optimizer)
    context = it.allocate(site.node, module, Instance(Ext("mindspore.train.RunContext")), "context of a callback")
    getter = Partial(value_of(Ext(ARGUMENTS)), (value_of(arguments),), ())
    it.state.set((context.obj, "original_args"), value_of(getter))
    return value_of(context)


def _call(
    it: Interpreter, ref: Ref, cls: Class, hooks: tuple[tuple[str, str], ...], context: Value, site: CallSite
) -> None:
    for names in hooks:
        found = (classes.class_attribute(it, cls, name) for name in names)
        function = next((value.single for value in found if value is not None), None)
        if not isinstance(function, Function) or function.decorated:
            continue
        arguments = Arguments((Given(value_of(ref), None), Given(context, None)))
        if worth_entering(it, function, arguments, ref):
            enter(it, function, arguments, site.node, site.frame, ref)
