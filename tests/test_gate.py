"""The gate loses nothing: what it drops has no finding when it is followed all the same.

``scripts/measure_real_code.py --check-gate`` asks the same of real packages.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from running import FIXTURES, ROOT

from ms_optim_lint import gate
from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.finding import Finding
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.project import Project

FILES = sorted([*FIXTURES.rglob("*.py"), *(ROOT / "examples").glob("*.py")])

#: Files in which nothing can be said to an optimizer of MindSpore.
OTHERS = {
    "empty": "",
    "torch": "import torch\n\noptimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n",
    "no optimizer": "import mindspore as ms\n\nms.set_context(mode=ms.GRAPH_MODE)\n",
    "plain English": "import mindspore as ms\n\n# Optimized for speed; optimizes (and optimises) what optimization is.\n",
    "a variable": "import torch\n\ntrainable_params = []\noptimizer = torch.optim.SGD(trainable_params, 0.1)\n",
    "operators": "from mindspore.ops.operations import *\n\nadam_op = Adam()\n\n\ndef adam(*args):\n    return adam_op(*args)\n",
    "no MindSpore": "class Momentum:\n    pass\n\n\noptimizer = Momentum()\n",
}


def findings(path: Path, gated: bool) -> tuple[Finding, ...]:
    document = Document(str(path), path.read_text(encoding="utf-8"))
    return analyse(document, Project(), gated=gated).findings


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_findings_are_the_same_without_the_gate(path: Path) -> None:
    assert findings(path, gated=True) == findings(path, gated=False)


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_what_is_dropped_has_no_findings(text: str) -> None:
    assert not gate.may_matter(text)
    assert not analyse(Document("other.py", text), Project(), gated=False).findings


@pytest.mark.parametrize(
    "text",
    [
        "from mindspore.ops.operations import *\nfrom src import build\n\nopt = build(Adam)\n",
        "from mindspore.ops.operations import *\nimport src\n\nopt = src.build(Adam)\n",
        "from mindspore.ops.operations import *\n\n\ndef f():\n    x = 1; from mindspore.nn import Adam\n",
        "from mindspore.ops.operations import *\n\nif True: from mindspore.nn import Adam\n",
        "from mindspore.ops.operations import *\n\nopt = __import__('mindspore.nn').nn.Adam()\n",
        "from mindspore.ops.operations import *\nfrom mindspore.ops.composite import GradOperation\n\noptimizer = 1\n",
        "from mindspore import nn\nfrom optimization import build\n",
        "from mindspore import nn\nfrom src.optimization import build\n",
        "from mindspore import nn\nfrom .optimize import build\n",
        "import mindspore as ms\nimport optimize\n",
        "import mindspore as ms\nfrom src import optimize\n",
        "import mindspore as ms\nimport src\n\nopt = src.optimize.build()\n",
        "import mindspore as ms\nimport src, optimize\n\nopt = optimize.build()\n",
        "from optim import build\n\nopt = build(net.trainable_params())\n",
        "from optim import build\nfrom groups import (\n    split,\n    trainable_params,\n)\n",
        "from optim import build\n\nopt = build(getattr(net, 'trainable_params')())\n",
    ],
)
def test_what_may_give_an_optimizer_passes(text: str) -> None:
    assert gate.may_matter(text)


@pytest.mark.parametrize("name", [optimizer.name for optimizer in catalogue.optimizers()])
def test_every_optimizer_passes_however_it_is_imported(name: str) -> None:
    module, _, last = name.rpartition(".")
    package, _, member = module.rpartition(".")
    for imports, callee in (
        (f"from {module} import {last}", last),
        (f"from {module} import {last} as Chosen", "Chosen"),
        (f"from {package} import {member} as m", f"m.{last}"),
        (f"import {module}", name),
    ):
        assert gate.may_matter(f"{imports}\n\noptimizer = {callee}(given)\n"), callee


def test_each_pattern_begins_with_what_is_looked_for_first() -> None:
    for part, name in gate._NAMES.items():
        assert name.pattern.startswith(part)
