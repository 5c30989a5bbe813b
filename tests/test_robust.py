"""Strange files: nothing raises, nothing hangs, and what can be said is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from ms_optim_lint import lint
from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.project import Project, parse

MISTAKE = "from mindspore import nn\nnn.SGD(nn.Dense(4, 2).trainable_params(), lr=0.1)\n"

STRANGE = {
    "a sum of 3,000 terms": "x = " + " + ".join(f"a{n}" for n in range(3_000)) + "\n",
    "600 branches": "if v == 0:\n    w = 0\n" + "".join(f"elif v == {n}:\n    w = {n}\n" for n in range(1, 600)),
    "3,000 branches": "if v == 0:\n    w = 0\n" + "".join(f"elif v == {n}:\n    w = {n}\n" for n in range(1, 3_000)),
    "a dict of 20,000 entries": "x = {" + ", ".join(f"'k{n}': [{n}]" for n in range(20_000)) + "}\n",
    "a list of 100,000 numbers": "x = [" + "1, " * 100_000 + "]\n",
    "60 nested calls": "x = " + "f(" * 60 + "1" + ")" * 60 + "\n",
    "80 nested blocks": "".join("    " * n + f"if v{n}:\n" for n in range(80)) + "    " * 80 + "w = 1\n",
    "a list of 5,000 numbers": "x = [" + ", ".join(map(str, range(5_000))) + "]\nfor i in x:\n    y = i\n",
    "a function that calls itself": "def f(n):\n    return f(n - 1) + f(n - 2)\nf(10)\n",
    "functions that call each other": "def f(n):\n    return g(n)\ndef g(n):\n    return f(n)\nf(1)\n",
    "a class of itself": "class A(A):\n    pass\nA().x\n",
    "a name of itself": "a = a\nb = c\nc = b\n",
    "a loop without end": "while True:\n    x = 1\n    if x:\n        continue\n    break\nelse:\n    pass\n",
    "appending while iterating": "x = [1]\nfor i in x:\n    x.append(i)\n    if len(x) > 3:\n        break\n",
    "40 independent branches": "w = []\n" + "".join(f"if v{n}:\n    w.append({n})\n" for n in range(40)),
    "unpacking of the wrong length": "a, b = 1, 2, 3\n(c, *d), e = f\n",
    "odd strings": "x = 'a' * 10 ** 9\ny = '{}'.format\nz = '%s' % (1, 2)\nw = 2 ** 10 ** 9\n",
    "odd slices": "x = [1, 2, 3]\ny = x[::0]\nz = x['a']\nw = x[10]\n",
    "keywords twice": "f(**{'a': 1}, **{'a': 2})\n",
    "a form feed": "\x0c\nx = 1\n",
    "a range of very many": "for i in range(10 ** 30):\n    x = i\n",
    "powers and digits": "x = pow(0, -1)\ny = pow(3, 10 ** 8)\nz = round(2, -(10 ** 9))\n",
    "wide texts": "x = '{:>1000000000}'.format(1)\ny = 'a'.zfill(10 ** 10)\n",
    "schedules of no number": "x = nn.WarmUpLR(0.1, float('inf'))\ny = nn.CosineDecayLR(10 ** 400, 0.1, float('nan'))\n",
    "deletions of nothing": "x = [1, 2]\ndel x[None]\nx[None:1] = [3]\nx[None] = 1\n",
    "deletions": "x = {'a': 1}\ndel x['a'], x['b'], y\n",
    "augmented everything": "x = [1]\nx += x\nx *= 2\nx[0] += 1\ny.z += 1\n",
}


@pytest.mark.parametrize("code", STRANGE.values(), ids=STRANGE.keys())
def test_the_rest_of_the_file_is_judged(code: str) -> None:
    if parse(MISTAKE + code) is None:
        pytest.skip("this Python cannot build the tree itself")  # 3.12 has a fixed limit
    assert "MSO101" in {finding.code for finding in lint(MISTAKE + code)}
    if "a loop without end" not in code and "while True" not in code:
        body = "".join(f"    {line}\n" for line in code.splitlines())
        inside = (
            MISTAKE + "def strange(v, a, b, c, f, y):\n    import mindspore\n" + body + "    return nn.Adam([], 0.1)\n"
        )
        assert "MSO101" in {finding.code for finding in lint(inside)}


@pytest.mark.parametrize(
    "text", ["", "\n", "# only a comment about mindspore and Adam\n", "x = (\n", "def f(:\n", "\x00"]
)
def test_nothing_to_judge(text: str) -> None:
    assert lint(text) == []
    assert lint("from mindspore import nn\nnn.SGD\n" + text) in ([], lint("from mindspore import nn\nnn.SGD\n"))


def test_imports_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def f(:\n", encoding="utf-8")
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "around.py").write_text("from main import net\nfrom around import *\n", encoding="utf-8")
    main = tmp_path / "main.py"
    text = (
        "from broken import f\nfrom binary import g\nfrom around import net\nfrom . import nothing\nfrom .. import x\n"
        "import broken, binary, missing.module\nfrom missing import *\n"
        + MISTAKE
        + "nn.SGD(f(net), learning_rate=g())\n"
    )
    main.write_text(text, encoding="utf-8")
    assert [finding.code for finding in lint(text, str(main))] == ["MSO101"]


def test_the_text_counts_not_the_file(tmp_path: Path) -> None:
    helper = tmp_path / "helper.py"
    helper.write_text("def pick(net):\n    return net.trainable_params()\n", encoding="utf-8")
    main = tmp_path / "main.py"
    text = "from mindspore import nn\nfrom helper import pick\nnn.SGD(pick(nn.Dense(4, 2)), 0.1)\n"
    assert lint(text, str(main)) == []
    unsaved = {str(helper): "def pick(net):\n    return filter(None, net.trainable_params())\n"}
    found = analyse(Document(str(main), text), Project(overlays=unsaved))
    assert [finding.code for finding in found.findings] == ["MSO112"]
    assert found.dependencies == {str(helper)}


def test_what_was_read_is_read_again_when_it_changes(tmp_path: Path) -> None:
    helper = tmp_path / "helper.py"
    helper.write_text("def pick(net):\n    return net.trainable_params()\n", encoding="utf-8")
    document = Document(
        str(tmp_path / "main.py"),
        "from mindspore import nn\nfrom helper import pick\nnn.SGD(pick(nn.Dense(4, 2)), 0.1)\n",
    )
    project = Project()
    assert analyse(document, project).findings == ()
    helper.write_text("def pick(net):\n    return []\n", encoding="utf-8")
    assert [finding.code for finding in analyse(document, project).findings] == ["MSO111"]
