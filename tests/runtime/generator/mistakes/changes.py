"""Mistakes in what is done to an optimizer once it is built."""

from __future__ import annotations

from runtime.generator.detours import statement
from runtime.generator.mistakes import mistake
from runtime.generator.sketch import Sketch, grouped, settle

ASSIGN = "ops.assign({o}.learning_rate, ms.Tensor(0.001, ms.float32))"
DYNAMIC = (
    "[0.1, 0.05, 0.02, 0.01]",
    "nn.cosine_decay_lr(0.001, 0.1, 10, 5, 2)",
    "nn.ExponentialDecayLR(0.1, 0.9, 10)",
    "nn.piecewise_constant_lr([2, 6], [0.1, 0.05])",
)


@mistake("assignment to a rate that changes by itself", "MSO151")
def assign_dynamic(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    if wrong:
        sketch.keywords["learning_rate"] = sketch.rng.choice(DYNAMIC)
    statement(sketch, detour, ASSIGN)


@mistake("assignment to rates of groups", "MSO152")
def assign_grouped(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    grouped(sketch)
    for group in sketch.groups[:2]:
        group.pop("lr", None)
        if wrong:
            group["lr"] = "0.01"
        elif len(group) == 1:
            group["weight_decay"] = "0.0"
    statement(sketch, detour, ASSIGN)


@mistake("rate replaced by a Python value", "MSO153")
def rate_attribute(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    value = sketch.rng.choice(("0.01", "[0.1, 0.01]", "0.1 * 0.5", "1"))
    statement(sketch, detour, f"{{o}}.learning_rate = {value}" if wrong else ASSIGN)


@mistake("attribute that nobody reads", "MSO154", silent=True)
def ineffective_attribute(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    sketch.steps = 4
    line = sketch.rng.choice(("{o}.lr = 0.001", "{o}.lr = 1e-3"))
    statement(sketch, detour, line if wrong else ASSIGN)


@mistake("method of PyTorch", "MSO161")
def torch_method(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)
    line = sketch.rng.choice(("{o}.zero_grad()", "{o}.step()"))
    if sketch.family == "nn":
        line = sketch.rng.choice((line, '{o}.param_groups[0]["lr"] = 0.01', "{o}.add_param_group({{}})"))
    statement(sketch, detour, line if wrong else "print(type({o}))")


@mistake("scheduler of another family", "MSO181")
def foreign_scheduler(sketch: Sketch, detour: str, wrong: bool) -> None:
    name, line = sketch.rng.choice(
        (
            ("StepLR", "StepLR({o}, step_size=2)"),
            ("ExponentialLR", "ExponentialLR({o}, gamma=0.9)"),
            ("CosineAnnealingLR", "CosineAnnealingLR({o}, T_max=5)"),
        )
    )
    sketch.family = "nn" if wrong else "optim"
    settle(sketch)
    statement(
        sketch,
        detour,
        f"from mindspore.experimental.optim.lr_scheduler import {name}\nscheduler = {line}\nscheduler.step()",
    )


@mistake("optimizer that a Model refuses", "MSO185")
def model_optimizer(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = "optim" if wrong else "nn"
    settle(sketch)
    line = "model = ms.train.Model(nn.Dense(4, 2), loss_fn=nn.MSELoss(), optimizer={o})"
    if not wrong:
        line = "model = ms.train.Model(nn.Dense(4, 2), loss_fn=nn.MSELoss(), optimizer={o})"
    statement(sketch, detour, line)


@mistake("state as PyTorch has it", "MSO191")
def state_dict(sketch: Sketch, detour: str, wrong: bool) -> None:
    sketch.family = sketch.rng.choice(("nn", "nn", "optim"))
    settle(sketch)
    line = sketch.rng.choice(('{o}.state_dict()["param_groups"]', 'print({o}.state_dict()["param_groups"][0]["lr"])'))
    statement(sketch, detour, line if wrong else "print(len({o}.state_dict()))")


@mistake("result of saving that is used", "MSO192")
def checkpoint_result(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    good = 'ms.save_checkpoint({o}, "state.ckpt")\nstate = ms.load_checkpoint("state.ckpt")\n'
    bad = 'state = ms.save_checkpoint({o}, "state.ckpt")\n'
    use = sketch.rng.choice(("ms.load_param_into_net({o}, state)", 'state["learning_rate"].set_data(ms.Tensor(0.1))'))
    statement(sketch, detour, (bad if wrong else good) + use)


@mistake("rate that a checkpoint brings back", "MSO193", silent=True, without=("loop",))
def checkpoint_rate(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    save = 'ms.save_checkpoint({o}, "state.ckpt")'
    load = sketch.rng.choice(
        (
            'ms.load_param_into_net({o}, ms.load_checkpoint("state.ckpt"))',
            'ms.load_checkpoint("state.ckpt", {o})',
            'state = ms.load_checkpoint("state.ckpt")\nms.load_param_into_net({o}, state)',
        )
    )
    if detour != "attribute":
        sketch.after.append(save.format(o=sketch.optimizer))
    inside = [save] if detour == "attribute" else []
    lines = [*inside, ASSIGN, load] if wrong else [*inside, load, ASSIGN]
    statement(sketch, detour, "\n".join(lines))
