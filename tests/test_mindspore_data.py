"""What the data says of MindSpore, without MindSpore: names, signatures, optimizers, versions."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Optional

import pytest

from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.mindspore.data import load, parse

ROOT = Path(__file__).parent.parent
NEWEST = (2, 10, 0)
EXPERIMENTAL = "mindspore.experimental.optim"
MINT = "mindspore.mint.optim"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script that makes the data; its half that needs MindSpore is not called."""
    spec = importlib.util.spec_from_file_location("describe_mindspore", ROOT / "scripts" / "describe_mindspore.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SPELLINGS = {
    "mindspore.nn.Momentum": (
        "mindspore.nn.Momentum",
        "mindspore.nn.optim.Momentum",
        "mindspore.nn.optim.momentum.Momentum",
    ),
    "mindspore.nn.Optimizer": ("mindspore.nn.optim.Optimizer", "mindspore.nn.optim.optimizer.Optimizer"),
    "mindspore.nn.SGD": ("mindspore.nn.optim.SGD", "mindspore.nn.optim.sgd.SGD"),
    "mindspore.nn.LARS": ("mindspore.nn.optim.lars.LARS",),
    "mindspore.nn.thor": ("mindspore.nn.optim.thor", "mindspore.nn.optim.thor.thor"),
    f"{EXPERIMENTAL}.SGD": (f"{EXPERIMENTAL}.sgd.SGD",),
    f"{EXPERIMENTAL}.Optimizer": (f"{EXPERIMENTAL}.optimizer.Optimizer",),
    f"{EXPERIMENTAL}.Adam": (
        f"{EXPERIMENTAL}.Adam",
        f"{EXPERIMENTAL}.adam.Adam",
        "mindspore.nn.optim_ex.Adam",
        "mindspore.nn.optim_ex.adam.Adam",
    ),
    f"{EXPERIMENTAL}.lr_scheduler.StepLR": (f"{EXPERIMENTAL}.lr_scheduler.StepLR",),
    f"{MINT}.AdamW": (f"{MINT}.AdamW", f"{MINT}.adamw.AdamW"),
    "mindspore.nn.Cell": ("mindspore.nn.cell.Cell",),
    "mindspore.nn.Cell.trainable_params": ("mindspore.nn.cell.Cell.trainable_params",),
    "mindspore.nn.Dense": ("mindspore.nn.layer.Dense", "mindspore.nn.layer.basic.Dense"),
    "mindspore.nn.TrainOneStepCell": ("mindspore.nn.wrap.cell_wrapper.TrainOneStepCell",),
    "mindspore.nn.CrossEntropyLoss": ("mindspore.nn.loss.loss.CrossEntropyLoss", "mindspore.nn.loss.CrossEntropyLoss"),
    "mindspore.nn.CosineDecayLR": ("mindspore.nn.learning_rate_schedule.CosineDecayLR",),
    "mindspore.nn.learning_rate_schedule.LearningRateSchedule": (
        "mindspore.nn.learning_rate_schedule.LearningRateSchedule",
    ),
    "mindspore.nn.cosine_decay_lr": ("mindspore.nn.dynamic_lr.cosine_decay_lr",),
    "mindspore.Tensor": ("mindspore.common.Tensor", "mindspore.common.tensor.Tensor"),
    "mindspore.Parameter": ("mindspore.common.Parameter", "mindspore.common.parameter.Parameter"),
    "mindspore.ParameterTuple": ("mindspore.common.parameter.ParameterTuple",),
    "mindspore.float32": ("mindspore.common.dtype.float32",),
    "mindspore.set_context": ("mindspore.context.set_context",),
    "mindspore.GRAPH_MODE": ("mindspore.context.GRAPH_MODE",),
    "mindspore.set_seed": ("mindspore.common.set_seed", "mindspore.common.seed.set_seed"),
    "mindspore.ms_function": ("mindspore.ms_function", "mindspore.common.api.ms_function"),
    "mindspore.value_and_grad": ("mindspore.value_and_grad", "mindspore.ops.value_and_grad"),
    "mindspore.grad": ("mindspore.ops.grad", "mindspore.ops.functional.grad"),
    "mindspore.ops.GradOperation": ("mindspore.ops.composite.GradOperation",),
    "mindspore.ops.assign": ("mindspore.ops.assign", "mindspore.ops.functional.assign"),
    "mindspore.ops.Assign": ("mindspore.ops.operations.Assign",),
    "mindspore.train.Model": ("mindspore.Model", "mindspore.train.Model", "mindspore.train.model.Model"),
    "mindspore.train.LearningRateScheduler": (
        "mindspore.LearningRateScheduler",
        "mindspore.train.callback.LearningRateScheduler",
    ),
    "mindspore.train.Accuracy": ("mindspore.nn.Accuracy", "mindspore.nn.metrics.Accuracy"),
    "mindspore.save_checkpoint": (
        "mindspore.train.save_checkpoint",
        "mindspore.train.serialization.save_checkpoint",
    ),
    "mindspore.FixedLossScaleManager": (
        "mindspore.amp.FixedLossScaleManager",
        "mindspore.train.loss_scale_manager.FixedLossScaleManager",
    ),
    "mindspore.common.initializer.Normal": ("mindspore.common.initializer.Normal",),
}


@pytest.mark.parametrize(("name", "spellings"), SPELLINGS.items(), ids=list(SPELLINGS))
def test_canonical(name: str, spellings: tuple[str, ...]) -> None:
    assert {catalogue.canonical(spelling) for spelling in spellings} == {name}
    assert catalogue.canonical(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "mindspore",
        "mindspore.nn",
        "mindspore.nn.optim",
        "mindspore.nn.optim.adam",
        "mindspore.ops.functional",
        "mindspore.common.dtype",
        "mindspore.common.initializer",
        "mindspore.nn.AdamW",
        "mindspore.nn.lr_scheduler.StepLR",
        "mindspore.optim.Adam",
        "mindspore.nn.optim.adam._update_run_op",
        "mindspore_hub.nn.Adam",
        "torch.optim.Adam",
        "",
    ],
)
def test_canonical_leaves_alone(name: str) -> None:
    """Modules, private and invented names, other packages."""
    assert catalogue.canonical(name) == name


def test_canonical_is_stable() -> None:
    """A canonical name is its own canonical name, in the whole of the data."""
    data = load()
    names = {*data["optimizers"], *data["signatures"], *(name for names in data["kinds"].values() for name in names)}
    assert {name: catalogue.canonical(name) for name in names} == {name: name for name in names}


#: (name, version) -> arguments as MindSpore's documentation writes them, defaults as Python does.
SIGNATURES: dict[tuple[str, catalogue.Version], str] = {
    ("mindspore.nn.SGD", (2, 0, 0)): (
        "params, learning_rate=0.1, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False, loss_scale=1.0"
    ),
    ("mindspore.nn.Momentum", NEWEST): (
        "params, learning_rate, momentum, weight_decay=0.0, loss_scale=1.0, use_nesterov=False"
    ),
    ("mindspore.nn.Adagrad", NEWEST): (
        "params, accum=0.1, learning_rate=0.001, update_slots=True, loss_scale=1.0, weight_decay=0.0"
    ),
    ("mindspore.nn.Optimizer", NEWEST): "learning_rate, parameters, weight_decay=0.0, loss_scale=1.0",
    ("mindspore.nn.CosineDecayLR", NEWEST): "min_lr, max_lr, decay_steps",
    ("mindspore.nn.warmup_lr", NEWEST): "learning_rate, total_step, step_per_epoch, warmup_epoch",
    ("mindspore.train.LearningRateScheduler", NEWEST): "learning_rate_function",
    (f"{EXPERIMENTAL}.Optimizer", NEWEST): "params, defaults",
    (f"{EXPERIMENTAL}.Adam", NEWEST): (
        "params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0, amsgrad=False, maximize=False"
    ),
    (f"{EXPERIMENTAL}.lr_scheduler.LinearLR", NEWEST): (
        "optimizer, start_factor=1.0 / 3, end_factor=1.0, total_iters=5, last_epoch=-1"
    ),
    (f"{MINT}.SGD", NEWEST): (
        "params, lr, momentum=0, dampening=0, weight_decay=0, nesterov=False, maximize=False"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "version"), SIGNATURES, ids=str)
def test_signature(name: str, version: catalogue.Version) -> None:
    signature = catalogue.signature(name, version)
    assert signature is not None
    words = (
        argument.name + ("" if argument.default is None else f"={argument.default}") for argument in signature.arguments
    )
    assert ", ".join(words) == SIGNATURES[name, version]


def test_keyword_only() -> None:
    signature = catalogue.signature(f"{EXPERIMENTAL}.SGD", NEWEST)
    assert signature is not None
    assert signature.names()[-1] == "maximize"
    assert signature.positional()[-1] == "nesterov"
    assert signature.required() == ("params", "lr")
    assert signature.accepts("maximize")
    assert not signature.accepts("learning_rate")


def test_hidden_keywords() -> None:
    """``nn.Adam`` has ``**kwargs`` and takes two keywords there, no others."""
    signature = catalogue.signature("mindspore.nn.Adam", NEWEST)
    assert signature is not None
    assert signature.var_keyword
    assert signature.hidden_keywords == {"use_lazy", "use_offload"}
    assert signature.accepts("use_lazy")
    assert not signature.accepts("lr")


def test_unknown_signature() -> None:
    assert catalogue.signature("mindspore.nn.AdamW", NEWEST) is None
    assert catalogue.signature(f"{EXPERIMENTAL}.Adam", (2, 0, 0)) is None


def test_families() -> None:
    families: dict[str, set[str]] = {}
    for found in catalogue.optimizers():
        families.setdefault(found.family, set()).add(found.name.rpartition(".")[2])
        assert found.rate_keyword in ("learning_rate", "lr")
        assert found.rate_keyword == ("learning_rate" if found.family == "nn" else "lr")
        assert found.short == found.name[10:]
    assert families["mint"] == {"Adam", "AdamW", "FusedAdamW", "SGD"}
    assert families["experimental"] == {
        "ASGD",
        "Adadelta",
        "Adagrad",
        "Adam",
        "AdamW",
        "Adamax",
        "NAdam",
        "Optimizer",
        "RAdam",
        "RMSprop",
        "Rprop",
        "SGD",
    }
    assert families["nn"] == {
        "ASGD",
        "AdaFactor",
        "AdaMax",
        "AdaSumByDeltaWeightWrapCell",
        "AdaSumByGradWrapCell",
        "Adadelta",
        "Adagrad",
        "Adam",
        "AdamOffload",
        "AdamWeightDecay",
        "FTRL",
        "LARS",
        "Lamb",
        "LazyAdam",
        "Momentum",
        "OptTFTWrapper",
        "Optimizer",
        "ProximalAdagrad",
        "RMSProp",
        "Rprop",
        "SGD",
        "thor",
    }


def optimizer(name: str) -> catalogue.OptimizerClass:
    found = catalogue.optimizer(name)
    assert found is not None
    return found


def test_rate_and_params_are_arguments() -> None:
    for found in catalogue.optimizers():
        names = found.signature(NEWEST).names()
        if found.wraps == "net":
            assert names[0] == "net"
        elif found.is_wrapper:
            assert names[0] in ("optimizer", "opt")
            assert found.params_keyword is None
        else:
            assert found.params_keyword in names
            assert found.rate_keyword in names or found.name == f"{EXPERIMENTAL}.Optimizer"


def test_group_keys() -> None:
    nn_keys = {"params", "lr", "weight_decay", "grad_centralization", "order_params"}
    assert optimizer("mindspore.nn.SGD").group_keys(NEWEST) == nn_keys
    assert optimizer("mindspore.nn.SGD").group_keys((1, 9)) == nn_keys
    adam = optimizer(f"{EXPERIMENTAL}.Adam").group_keys(NEWEST)
    assert {"params", "lr", "betas", "eps", "weight_decay", "amsgrad", "maximize", "initial_lr"} == adam
    assert "grad_centralization" not in optimizer(f"{EXPERIMENTAL}.SGD").group_keys(NEWEST)  # a default nothing reads
    for found in catalogue.optimizers():
        assert bool(found.group_keys(NEWEST)) != found.is_wrapper


def test_attributes() -> None:
    for found in catalogue.optimizers():
        names = found.attributes(NEWEST)
        assert {"trainable_params", "parameters_and_names"} <= names, found.name
        assert not {"zero_grad", "backward"} & names
        assert "step" not in names or found.name == "mindspore.nn.AdaFactor"  # a Parameter of that name
        if not found.is_wrapper:
            assert ("param_groups" in names) == (found.family != "nn")
            assert ("get_lr" in names) == (found.family == "nn")
            assert ("learning_rate" in names) == (found.family == "nn")
            assert "parameters" in names
    assert "momentum" in optimizer("mindspore.nn.SGD").attributes(NEWEST)


def test_attributes_by_version() -> None:
    sgd = optimizer("mindspore.nn.SGD")
    answers = [sgd.has_attribute("state_dict", version) for version in ((2, 0), (2, 3), (2, 7), NEWEST, (3,))]
    assert answers == [False, None, True, True, True]
    assert sgd.has_attribute("zero_grad", (2, 3)) is False
    assert sgd.has_attribute("_params", NEWEST) is None
    assert catalogue.has_attribute("Tensor", "asnumpy", (2, 3)) is True


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [
        ("Tensor", {"asnumpy", "shape", "dtype", "item", "mean"}, {"backward", "grad", "detach"}),
        ("Parameter", {"name", "requires_grad", "set_data", "asnumpy"}, {"backward", "grad"}),
        ("Cell", {"trainable_params", "get_parameters", "set_train"}, {"parameters", "zero_grad", "train", "eval"}),
    ],
)
@pytest.mark.parametrize("version", [(2, 0, 0), (2, 7, 0), NEWEST])
def test_attributes_of_values(kind: str, has: set[str], lacks: set[str], version: catalogue.Version) -> None:
    names = catalogue.attributes(kind, version)
    assert has <= names
    assert not lacks & names


def test_deprecated() -> None:
    ftrl, lazy, sgd = (optimizer(f"mindspore.nn.{name}") for name in ("FTRL", "LazyAdam", "SGD"))
    assert ftrl.deprecated((2, 9, 0)) is None
    assert (ftrl.deprecated(NEWEST), ftrl.deprecated_since(NEWEST)) == ("", "2.9.0")
    assert {lazy.deprecated(version) for version in ((2, 0), (2, 7), (2, 8), NEWEST)} == {"nn.Adam"}
    assert sgd.deprecated(NEWEST) is None


def test_refused_values() -> None:
    def refuses(what: str) -> set[str]:
        return {found.short for found in catalogue.optimizers() if what in found.refuses(NEWEST)}

    assert {name for name in refuses("weight_decay:cell") if name.startswith("nn.")} == {
        "nn.SGD",
        "nn.LazyAdam",
        "nn.AdaFactor",
    }
    assert refuses("weight_decay:int") == {"nn.LazyAdam", "nn.AdaFactor", "mint.optim.Adam", "mint.optim.AdamW"}
    assert refuses("rate:group") == {"nn.FTRL"}
    assert refuses("params:generator") == {"mint.optim.SGD"}
    assert "experimental.optim.Adam" not in refuses("rate:zero")
    assert "experimental.optim.Rprop" in refuses("rate:zero")


def test_kinds() -> None:
    assert catalogue.is_cell("mindspore.nn.Dense")
    assert catalogue.is_cell("mindspore.nn.Adam")
    assert catalogue.is_cell("mindspore.nn.Cell")
    assert not catalogue.is_cell("mindspore.nn.cosine_decay_lr")
    assert not catalogue.is_cell("mindspore.train.Model")
    assert catalogue.is_loss("mindspore.nn.CrossEntropyLoss")
    assert catalogue.is_loss("mindspore.mint.nn.MSELoss")
    assert not catalogue.is_loss("mindspore.nn.WithLossCell")
    assert catalogue.is_schedule("mindspore.nn.WarmUpLR")
    assert not catalogue.is_schedule("mindspore.nn.warmup_lr")
    assert catalogue.is_rate_function("mindspore.nn.piecewise_constant_lr")
    assert catalogue.is_scheduler(f"{EXPERIMENTAL}.lr_scheduler.StepLR")
    assert catalogue.is_tensor("mindspore.Parameter")
    assert catalogue.is_tensor("mindspore.Tensor")
    assert not catalogue.is_parameter("mindspore.Tensor")


@pytest.mark.parametrize(
    ("name", "version", "answer"),
    [
        ("mindspore.nn.SGD", (1, 8), True),
        ("mindspore.nn.SGD", (9,), True),
        ("mindspore.nn.optim", NEWEST, True),
        ("mindspore.nn.AdamW", NEWEST, False),
        ("mindspore.nn.RMSprop", NEWEST, False),
        ("mindspore.nn.LearningRateSchedule", NEWEST, False),
        ("mindspore.optim", NEWEST, False),
        ("mindspore.nn._private", NEWEST, None),
        ("mindspore.nowhere.Name", NEWEST, None),
        ("torch.optim.Adam", NEWEST, None),
        (f"{EXPERIMENTAL}.Adam", (2, 0), False),
        (f"{EXPERIMENTAL}.Adam", (2, 1), None),
        (f"{EXPERIMENTAL}.Adam", (2, 2), True),
        (f"{EXPERIMENTAL}.NAdam", (2, 2), None),
        (f"{EXPERIMENTAL}.NAdam", (2, 3), True),
        (f"{EXPERIMENTAL}.LBFGS", NEWEST, False),
        (f"{MINT}.AdamW", (2, 3), True),
        (f"{MINT}.FusedAdamW", (2, 8), False),
        (f"{MINT}.FusedAdamW", (2, 9), True),
        ("mindspore.nn.OptTFTWrapper", (2, 7), True),
    ],
)
def test_exists(name: str, version: catalogue.Version, answer: object) -> None:
    assert catalogue.exists(name, version) is answer


def test_optimizers_exist_by_version() -> None:
    assert optimizer("mindspore.nn.SGD").exists((1, 0))
    assert not optimizer(f"{MINT}.FusedAdamW").exists((2, 8, 0))
    assert optimizer(f"{MINT}.FusedAdamW").signature((2, 8, 0)).positional()[:2] == ("params", "lr")
    assert catalogue.optimizer("mindspore.nn.AdamW") is None


Rows = list[tuple[str, Optional[int], bool]]


def own(name: str, version: catalogue.Version = NEWEST, **given: Optional[bool]) -> Optional[Rows]:
    """What one instance of a layer owns."""
    layer = catalogue.layer(f"mindspore.{name}", version)
    assert layer is not None
    parameters = layer.parameters(given)
    if parameters is None:
        return None
    return [(found.name, found.rank, found.requires_grad) for found in parameters]


def test_layers() -> None:
    """The names, ranks and order that MindSpore gives."""
    weight, bias = ("weight", 2, True), ("bias", 1, True)
    assert own("nn.Dense") == [weight, bias]
    assert own("nn.Dense", has_bias=False) == [weight]
    assert own("nn.Dense", has_bias=None) is None
    assert own("nn.Dense", activation=True) is None
    assert own("nn.Dense", in_channels=None, out_channels=None) == [weight, bias]
    assert own("nn.Conv2d", (2, 0)) == [("weight", 4, True)]
    assert own("nn.Conv2d", has_bias=True) == [("weight", 4, True), bias]
    statistics = [("moving_mean", 1, False), ("moving_variance", 1, False)]
    assert own("nn.BatchNorm2d") == [*statistics, ("gamma", 1, True), ("beta", 1, True)]
    assert own("nn.BatchNorm2d", affine=False) == [*statistics, ("gamma", 1, False), ("beta", 1, False)]
    assert own("nn.LayerNorm") == [("gamma", None, True), ("beta", None, True)]
    assert own("nn.Embedding") == [("embedding_table", 2, True)]
    assert own("nn.ReLU") == []
    assert own("nn.LSTMCell", has_bias=False) == [("weight_ih", 2, True), ("weight_hh", 2, True)]
    assert [row[0] for row in own("nn.LSTM") or ()] == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    assert own("nn.LSTM", num_layers=None) is None
    assert own("mint.nn.LayerNorm", bias=False) == [("weight", None, True)]
    assert catalogue.layer("mindspore.nn.SequentialCell", NEWEST) is None
    assert catalogue.layer("mindspore.nn.SGD", NEWEST) is None


def test_releases() -> None:
    assert catalogue.newest() == NEWEST
    assert list(map(parse, load()["releases"])) == [(2, 0, 0), (2, 7, 0), (2, 8, 0), (2, 9, 0), NEWEST]


def test_merge_of_two_releases(script: ModuleType) -> None:
    """What stays is stored once, what comes, goes or changes has its span, and aliases are what the rule gets wrong."""
    cell = {"Tensor": ["shape"], "Parameter": ["name", "shape"], "Cell": ["cells"]}
    base = {"family": "nn", "hidden": [], "group_keys": ["params"], "attributes": ["cells", "get_lr"]}
    old = {
        "release": "2.9.0",
        "modules": {"mindspore.nn": {"names": ["Old", "Optimizer", "SGD"], "submodules": ["optim"]}},
        "spellings": {"mindspore.nn.SGD": "mindspore.nn.SGD", "mindspore.nn.optim.sgd.SGD": "mindspore.nn.SGD"},
        "kinds": {"cell": ["mindspore.nn.SGD"]},
        "optimizers": {
            "mindspore.nn.Optimizer": base,
            "mindspore.nn.SGD": {**base, "attributes": ["cells", "get_lr", "stat"]},
        },
        "signatures": {"mindspore.nn.SGD": "params, learning_rate=0.1"},
        "deprecated": {},
        "layers": {"mindspore.nn.Dense": {"rows": [["weight", 2, True, {}]]}},
        "attributes": cell,
    }
    new = json.loads(json.dumps(old))
    new["release"] = "2.10.0"
    new["modules"]["mindspore.nn"]["names"] = ["New", "Optimizer", "SGD"]
    new["spellings"]["mindspore.elsewhere.Sgd"] = "mindspore.nn.SGD"
    new["signatures"]["mindspore.nn.SGD"] = "params, learning_rate=0.2"
    data = json.loads(script.dump(script.merge([new, old])))
    assert data["releases"] == ["2.9.0", "2.10.0"]
    assert data["modules"]["mindspore.nn"]["names"] == {
        "2.9.0": ["Optimizer", "SGD"],
        "2.9.0<2.10.0": ["Old"],
        "2.10.0": ["New"],
    }
    assert data["aliases"]["mindspore.elsewhere"] == {"mindspore.nn": ["Sgd:SGD"]}
    assert "mindspore.nn.optim.sgd" not in data["aliases"]
    assert data["signatures"]["mindspore.nn.SGD"] == {
        "2.9.0<2.10.0": "params, learning_rate=0.1",
        "2.10.0": "params, learning_rate=0.2",
    }
    assert data["optimizers"]["mindspore.nn.SGD"]["attributes"] == {"2.9.0": ["stat"]}
    assert data["optimizers"]["mindspore.nn.SGD"]["base"] == "mindspore.nn.Optimizer"


def test_data_is_as_the_script_writes_it(script: ModuleType) -> None:
    """Nobody edited the file by hand in a way that the next merge would undo silently."""
    text = (ROOT / "ms_optim_lint" / "mindspore" / "data.json").read_text(encoding="utf-8")
    assert script.dump(json.loads(text)) == text
    assert len(text) < 300_000
