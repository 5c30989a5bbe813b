"""What MindSpore gives for training loops: gradient functions, clipping and reducing, step cells, the context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from ms_optim_lint.domain.values import TENSOR, Ext, Instance, Ref, Sym, Value, value_of
from ms_optim_lint.interpreter import context, gradients, training
from ms_optim_lint.interpreter.truth import term_of

if TYPE_CHECKING:
    from ms_optim_lint.interpreter.core import Interpreter
    from ms_optim_lint.interpreter.library.table import CallSite, Handler

#: Cells that are given a network and an optimizer, and make its steps.
STEP_CELLS = frozenset(("mindspore.nn.TrainOneStepCell", "mindspore.nn.TrainOneStepWithLossScaleCell"))
#: Loss scalers, and their methods that give back what they are given, scaled.
SCALERS = frozenset(f"mindspore.amp.{name}" for name in ("DynamicLossScaler", "StaticLossScaler", "LossScaler"))
SCALING = frozenset(("scale", "unscale"))
_REDUCERS = frozenset(("mindspore.nn.DistributedGradReducer", training.REDUCER))
_MAPS = frozenset(("mindspore.ops.HyperMap", "mindspore.ops.Map"))


def _same(it: Interpreter, site: CallSite) -> Value:
    """A function that gives back what it is given."""
    for name in ("fn", "x"):
        given = site.get(name, 0)
        if given is not None:
            return given
    return it.unknown(site.node, f"result of {site.name}", frame=site.frame)


def _clip(it: Interpreter, site: CallSite) -> Value:
    return gradients.same_gradients(it, site.get("x", 0), site)


FUNCTIONS: dict[str, Handler] = {
    "mindspore.value_and_grad": gradients.value_and_grad,
    "mindspore.grad": gradients.grad,
    "mindspore.ops.clip_by_global_norm": _clip,
    "mindspore.ops.clip_by_value": _clip,
    "mindspore.ops.clip_by_norm": _clip,
    "mindspore.ops.identity": _same,
    "mindspore.jit": context.jit,
    "mindspore.ms_function": context.jit,
    "mindspore.set_context": context.set_context,
    "mindspore.set_device": context.set_context,
}


def call_object(it: Interpreter, ref: Ref, content: Instance, site: CallSite) -> Optional[Value]:
    """Call a gradient function, or what gives gradients back changed; a step cell makes its step."""
    if site.name == gradients.FUNCTION:
        return gradients.called(it, ref, site)
    if site.name == "mindspore.ops.GradOperation":
        return gradients.of_operation(it, content, site)
    if site.name in _REDUCERS:
        return gradients.same_gradients(it, site.get("grads", 0), site)
    if site.name in _MAPS and site.arguments.positional:
        return gradients.same_gradients(it, site.arguments.positional[-1].value, site)
    if site.name in STEP_CELLS:
        # On an overflow of the scaled loss the step is left out.
        training.object_steps(it, ref, site.node, site.frame, 0 if site.name.endswith("LossScaleCell") else 1)
    return None


def object_method(it: Interpreter, ref: Ref, content: Instance, name: str, site: CallSite) -> Optional[Value]:
    """``scaler.unscale(gradients)``, ``optimizer.trainable_params()``."""
    if name in SCALING and isinstance(content.made, Ext) and content.made.name in SCALERS:
        given = site.get("inputs", 0)
        loss = given.single if given is not None else None
        if isinstance(loss, Sym) and (loss.kind == TENSOR or loss.term.op == "forward"):
            return value_of(Sym(it.fresh(site.node), TENSOR, reason="a scaled loss"), site.origin)
        return gradients.same_gradients(it, given, site)
    if ref.obj in it.constructions and name in ("trainable_params", "get_parameters"):
        if it.constructions[ref.obj].family == "nn" and isinstance(content.made, Ext):
            term = it.logic.term("optimizer states", term_of(it, ref))
            return value_of(Sym(term, reason="all that an optimizer holds"), site.origin)
    return None
