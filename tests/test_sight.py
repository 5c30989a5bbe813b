"""Code of which nothing that is judged is in sight is not followed, and nothing is lost by that."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import FIXTURES

from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.interpreter import roots, sight
from ms_optim_lint.interpreter.core import Interpreter
from ms_optim_lint.interpreter.modules import Module
from ms_optim_lint.project import Project, parse
from ms_optim_lint.settings import Settings

FILES = {
    "shop/__init__.py": "from .parts import *\n",
    "shop/parts.py": """
from mindspore import nn
from mindspore.ops import operations as P


class Net(nn.Cell):
    def construct(self, x):
        return x


class Plain:
    def log(self):
        print(self)


def make_optimizer(params):
    return nn.SGD(params, 0.1)


def network():
    return Net()


OPTIMIZERS = {"sgd": nn.SGD}
""",
    "shop/built.py": (
        "from mindspore import nn\n\nfrom .parts import network\n\nopt = nn.SGD(network().trainable_params(), 0.1)\n"
    ),
}

#: A function each. In sight of the first ones is something that is judged.
IN_SIGHT = {
    "an optimizer": "def f(params):\n    return nn.SGD(params, 0.1)\n",
    "an optimizer that is handed on": "def f(make):\n    return make(nn.SGD)\n",
    "a module": "def f(name):\n    return getattr(nn, name)\n",
    "a module by its name": "import importlib\n\n\ndef f(name):\n    return importlib.import_module('mindspore.nn')\n",
    "a name that is not there": "def f(opt):\n    return isinstance(opt, nn.AdamW)\n",
    "an import that fails": "def f(params):\n    from mindspore.nn import AdamW\n",
    "a schedule": "class f(nn.learning_rate_schedule.LearningRateSchedule):\n    pass\n",
    "rates": "def f(steps):\n    return nn.cosine_decay_lr(0.0, 0.1, 100, 10, 10)\n",
    "a gradient function": "def f(forward):\n    return ms.value_and_grad(forward, None)\n",
    "parameters of a network": "def f():\n    return nn.Dense(2, 2).trainable_params()\n",
    "parameters by name": "def f():\n    return getattr(nn.Dense(2, 2), 'trainable_params')()\n",
    "parameters of what a function gives": "from shop import network\n\n\ndef f():\n    return network().trainable_params()\n",
    "a gradient of torch": "def f(x):\n    return ms.Tensor(x).grad\n",
    "a result that is used": "def f(net):\n    return ms.save_checkpoint(net, 'a.ckpt')\n",
    "a patch": "def f(method):\n    ms.Tensor.backward = method\n",
    "a rate that is set": "def f(optimizer, x):\n    optimizer.learning_rate = ms.Tensor(x)\n",
    "another function": "def f(params):\n    return g(params)\n\n\ndef g(params):\n    return nn.SGD(params, 0.1)\n",
    "a value of the module": "made = nn.SGD\n\n\ndef f(params):\n    return made(params, 0.1)\n",
    "another file": "from shop import make_optimizer\n\n\ndef f(params):\n    return make_optimizer(params)\n",
    "another file as a module": "import shop.parts\n\n\ndef f(params):\n    return shop.parts.make_optimizer(params)\n",
    "a table": "from shop.parts import OPTIMIZERS\n\n\ndef f(params):\n    return OPTIMIZERS['sgd'](params, 0.1)\n",
    "an object of another file": "from shop.built import opt\n\n\ndef f(x):\n    opt.learning_rate = x\n",
    "a star": "from shop import *\n\n\ndef f(params):\n    return make_optimizer(params)\n",
    "a star of MindSpore": "from mindspore.nn import *\n\n\ndef f(params):\n    return SGD(params, 0.1)\n",
    "a star, and a local name in another method": (
        "from mindspore.nn import *\n\n\nclass f:\n    def one(self):\n        SGD = 1\n\n"
        "    def two(self, params):\n        return SGD(params, 0.1)\n"
    ),
}
OUT_OF_SIGHT = {
    "an optimizer from elsewhere": "def f(optimizer):\n    print(optimizer.learning_rate)\n    optimizer.zero_grad()\n",
    "a test": "def f(opt):\n    if isinstance(opt, (nn.SGD, nn.Momentum)):\n        opt.momentum = 0.9\n",
    "an annotation": "def f(opt: nn.Optimizer, net: nn.Cell) -> nn.Optimizer:\n    return opt\n",
    "a checkpoint": "def f(opt):\n    ms.save_checkpoint(opt, 'a.ckpt')\n",
    "an optimizer of torch": "import torch\n\n\ndef f(net):\n    return torch.optim.SGD(net.parameters(), 0.1)\n",
    "layers": "class f(nn.Cell):\n    def construct(self, x):\n        return ops.relu(x)\n",
    "parameters of an unknown network": "def f(optimizer, net):\n    return [p.name for p in net.trainable_params()]\n",
    "a class of another file": "from shop import Plain\n\n\ndef f(optimizer):\n    return Plain().log()\n",
    "a function of another file": "from shop import network\n\n\ndef f(optimizer):\n    return network()\n",
    "a primitive with the name of an optimizer": "from mindspore.ops.operations import *\n\n\ndef f(x):\n    return Adam()(x)\n",
}
IMPORTS = "import mindspore as ms\nfrom mindspore import nn, ops\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (top / name).parent.mkdir(exist_ok=True)
        (top / name).write_text(text, "utf-8")
    return top


def in_sight(folder: Path, text: str) -> bool:
    tree = parse(IMPORTS + text)
    assert tree is not None
    module = Module(str(folder / "train.py"), "train", "", tree, IMPORTS + text, 0)
    definition = next(one for one in tree.body if getattr(one, "name", "") == "f")
    return sight.in_sight(Interpreter(Project(), module), [definition])


@pytest.mark.parametrize("text", IN_SIGHT.values(), ids=IN_SIGHT)
def test_in_sight(folder: Path, text: str) -> None:
    assert in_sight(folder, text)


@pytest.mark.parametrize("text", OUT_OF_SIGHT.values(), ids=OUT_OF_SIGHT)
def test_out_of_sight(folder: Path, text: str) -> None:
    assert not in_sight(folder, text)


def test_the_findings_are_those_of_following_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in sorted(FIXTURES.rglob("*.py")):
        document = Document(str(path), path.read_text("utf-8"))
        found = analyse(document, Project(Settings(preview=True))).findings
        with monkeypatch.context() as patched:
            patched.setattr(roots, "in_sight", lambda it, pieces: True)
            assert analyse(document, Project(Settings(preview=True))).findings == found, path
