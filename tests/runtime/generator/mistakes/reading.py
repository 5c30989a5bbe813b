"""Mistakes with rates and states that a program looks at, or lets others change."""

from __future__ import annotations

from runtime.generator import detours
from runtime.generator.mistakes import mistake
from runtime.generator.mistakes.changes import DYNAMIC
from runtime.generator.sketch import Sketch, grouped, settle

#: The class, the attribute, values that are refused, and one that is right.
STATES = (
    ("SGD", "momentum", ("0.5", "0.9", "np.float32(0.5)"), "ms.Tensor(0.5, ms.float32)"),
    ("Momentum", "momentum", ("0.5", "0.95", "1"), "ms.Tensor(0.5, ms.float32)"),
    ("Adam", "beta1_power", ("0.9", "1.0"), "ms.Tensor(0.9, ms.float32)"),
    ("Adam", "global_step", ("0", "10"), "ms.Tensor([0], ms.int32)"),
    ("RMSProp", "global_step", ("0", "100"), "ms.Tensor([0], ms.int32)"),
)


@mistake("number in the place of a Parameter", "MSO150")
def hyperparameter_attribute(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    sketch.keywords.pop("momentum", None)
    sketch.cls, name, bad, good = sketch.rng.choice(STATES)
    if sketch.cls in ("SGD", "Momentum"):
        sketch.keywords["momentum"] = "0.9"
    value = sketch.rng.choice(bad)
    detours.statement(sketch, detour, f"{{o}}.{name} = {value}" if wrong else f"ops.assign({{o}}.{name}, {good})")


@mistake("rate that is read as one number", "MSO157")
def read_dynamic_rate(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    if sketch.rng.random() < 0.5:
        sketch.keywords["learning_rate"] = sketch.rng.choice(DYNAMIC)
        bad = ("print(float({o}.learning_rate))", "rate = {o}.learning_rate * 0.1", "print({o}.learning_rate / 2)")
        good = "print(float({o}.get_lr()))"
    else:
        grouped(sketch)
        for group in sketch.groups[:2]:
            group.pop("weight_decay", None)
            group["lr"] = "0.05"
        bad = ("print(float({o}.learning_rate))", "print({o}.get_lr().asnumpy())", "rate = {o}.learning_rate * 0.1")
        good = "print([float(one) for one in {o}.get_lr()])"
    one = sketch.rng.choice((*bad, 'print(f"{{{o}.learning_rate:.4f}}")'))
    detours.statement(sketch, detour, one if wrong else good)


SCHEDULED = """\
def halved(rate, step):
    return rate * 0.5
samples = ms.dataset.NumpySlicesDataset({{{{"x": np.ones({shape}, np.float32), "y": np.ones({out}, np.float32)}}}})
callback = ms.train.LearningRateScheduler({function})
ms.train.Model({{n}}, nn.MSELoss(), {{o}}).train(1, samples.batch(2), callbacks=[callback], dataset_sink_mode=False)"""


@mistake("callback that cannot change the rate", "MSO156")
def scheduler_callback(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch)
    shape, out = (4, *sketch.net.shape[1:]), (4, sketch.net.outputs)
    function, kind = "halved", sketch.rng.choice(("dynamic", "dynamic", "groups", "function"))
    if kind == "groups":
        grouped(sketch)
        for group in sketch.groups[:2]:
            group.pop("weight_decay", None)
            group.pop("lr", None)
            group.update({"lr": "0.05"} if wrong else {"weight_decay": "0.0"})
    elif kind == "dynamic":
        rate = sketch.rng.choice(
            ("nn.ExponentialDecayLR(0.1, 0.9, 10)", "[0.1, 0.05] * 20", "nn.CosineDecayLR(0.01, 0.1, 9)")
        )
        if wrong:
            sketch.keywords["learning_rate"] = rate
    elif wrong:
        function = sketch.rng.choice(("lambda step: 0.1", "0.1", "[0.1, 0.05]"))
    detours.statement(sketch, detour, SCHEDULED.format(shape=shape, out=out, function=function))


@mistake("schedule that is stepped", "MSO182")
def scheduler_step(sketch: Sketch, detour: str, wrong: bool) -> None:
    settle(sketch, rates=False)
    schedule, other = (
        sketch.rng.choice(
            (
                "nn.ExponentialDecayLR(0.1, 0.9, 10)",
                "nn.CosineDecayLR(0.01, 0.1, 10)",
                "nn.cosine_decay_lr(0.01, 0.1, 10, 5, 2)",
                "nn.piecewise_constant_lr([2, 8], [0.1, 0.05])",
            )
        )
        for _ in range(2)
    )

    def put(text: str) -> None:
        sketch.setup.append(f"schedule = {text}")
        sketch.keywords["learning_rate"] = "schedule"

    def splat(text: str) -> None:
        sketch.setup += [f'options = {{"learning_rate": {text}}}', 'schedule = options["learning_rate"]']
        sketch.positional.append("**options")

    detours.value(sketch, detour, schedule, schedule, put, splat, otherwise=other)
    method = sketch.rng.choice(("step()", "step()", "get_last_lr()", "get_lr()"))
    where = sketch.rng.choice((sketch.after, sketch.each))
    where.append(f"schedule.{method}" if wrong else "print(optimizer.get_lr())")
