"""Fixes of generated programs: mistakes in the words, line breaks, comments and surroundings that people write them in.

Each program is put together by a seed: what is wrong, how it is written, what stands around it. Its fixes are made, and it must
parse, keep every comment and every other line, lint as promised, and stay as it is the second time.
"""

from __future__ import annotations

import ast
import io
import random
import tokenize
from collections import Counter
from collections.abc import Callable

import pytest
from repaired import linter
from test_fixes import FIXED

from ms_optim_lint.finding import Applicability, Finding
from ms_optim_lint.fixing import fix
from ms_optim_lint.sources import PythonFile

PROGRAMS = 200

NETWORK = """\
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.body = nn.Dense(4, 8)
        self.head = nn.Dense(8, 2)

    def construct(self, x):
        return self.head(self.body(x))


"""

Pick = Callable[..., str]


def groups(pick: Pick, first: str, *more: str) -> str:
    """A list of groups: the head's, as ``first`` says it, and the body's."""
    second = '{"params": net.body.trainable_params(), "lr": 0.01}'
    order = ['{"order_params": net.trainable_params()}'] if pick("yes", "no") == "yes" else []
    items = [first, second, *more, *([] if more else order)]
    style = pick("one line", "lines", "comma", "comments", "ragged")
    if style == "one line":
        return "[" + ", ".join(items) + pick("", ",") + "]"
    if style == "ragged":
        return "[" + ",\n      ".join(items) + "]"
    end = {"lines": "", "comma": ",", "comments": ",  # é ] ' ("}[style]
    return "[\n    " + f"{',  # (' if style == 'comments' else ','}\n    ".join(items) + f"{end}\n]"


def spaced(pick: Pick, name: str, value: str) -> str:
    """A keyword, as people space it."""
    return pick(
        f"{name}={value}", f"{name} = {value}", f"{name}=\n        {value}", f"{name}=(  # why\n        {value})"
    )


def steps(pick: Pick, weights: str) -> str:
    """A gradient function, and a loop that makes steps."""
    given = pick(f"None, {weights}", f"weights={weights}, grad_position=None", f"None,  # ) é\n    {weights},  # all\n")
    return (
        f"import mindspore as mi\ngrad_fn = mi.value_and_grad(lambda x: net(x).sum(), {given})\n"
        "for n in range(3):\n    loss, grads = grad_fn(mi.Tensor([[1.0] * 4]))\n    opt(grads)"
    )


#: A group with a wrong key.
KEYS = (
    '{"params": net.head.trainable_params(), "learning_rate": 0.1}',
    "{'learning_rate': 0.1, 'params': net.head.trainable_params()}",
    "dict(params=net.head.trainable_params(), learning_rate=0.1)",
    '{"params": net.head.trainable_params(),  # é\n     "weight_decays"\n     : 0.1}',
)

MISTAKES: dict[str, Callable[[Pick], str]] = {
    "MSO101": lambda pick: (
        f"opt = nn.{pick('SGD', 'Adam', 'Adagrad')}(\n    net.trainable_params(),\n    "
        f"{spaced(pick, 'lr', pick('0.1', '1e-3 * 2', 'rate'))}{pick('', ',', ',  # é')}\n)"
    ),
    "MSO102": lambda pick: (
        "opt = nn.Adam(net.trainable_params(), 1e-3, "
        + pick(spaced(pick, "amsgrad", "True"), "betas=(0.9, 0.98)", "betas = [ 0.9,\n   0.99 ]")
        + pick("", ", eps=1e-7", ", ")
        + ")"
    ),
    "MSO112": lambda pick: pick(
        "opt = nn.SGD(net.get_parameters(), 0.1)",
        "opt = nn.SGD(p for p in net.trainable_params())",
        "opt = nn.SGD((p for p in net.trainable_params()), 0.1)",
        "opt = nn.SGD(\n    params=filter(lambda p: p.requires_grad,  # é\n        net.get_parameters()), learning_rate=0.1)",
        "it = net.get_parameters()\nopt = nn.SGD(it, 0.1)",
    ),
    "MSO113": lambda pick: (
        "opt = nn.SGD("
        + groups(
            lambda *words: "no" if words == ("yes", "no") else pick(*words),
            '{"params": '
            + pick(
                "net.head.get_parameters()",
                "(p for p in net.head.trainable_params())",
                "filter(None,\n        net.head.trainable_params())",
                "(iter(net.head.trainable_params()))",
            )
            + pick("", ',  # rate\n     "lr": 0.1')
            + "}",
        )
        + ", 0.1)"
    ),
    "MSO116": lambda pick: f"opt = nn.SGD({groups(pick, pick(*KEYS))}, 0.1)",
    "MSO126": lambda pick: "opt = optim.SGD([" + pick(*KEYS) + ', {"params": net.body.trainable_params()}], lr=0.1)',
    "MSO118": lambda pick: pick(
        "opt = nn.SGD(net.trainable_params, 0.1)",
        "opt = optim.Adam(net.parameters(), lr=0.1)",
        "p = net.trainable_params\nopt = nn.SGD(p, 0.1)",
        "opt = nn.SGD(  # é\n    params=net\\\n    .parameters(), learning_rate=0.1)",
        'opt = nn.SGD([{"params": net.trainable_params}], 0.1)',
    ),
    "MSO121": lambda pick: (
        "g = "
        + groups(
            lambda *words: "no" if words == ("yes", "no") else pick(*words), '{"params": net.head.trainable_params()}'
        )
        + "\nopt = nn.SGD(g, 0.1)"
    ),
    "MSO123": lambda pick: (
        "opt = nn.SGD("
        + groups(
            pick,
            '{"params": net.head.trainable_params()}',
            pick(
                '{"order_params": net.trainable_params(), "lr": 0.1}',
                '{"weight_decay": 0.0, "order_params": net.trainable_params()}',
                '{\n        "order_params": net.trainable_params(),\n        "lr": 0.1,\n    }',
            ),
        )
        + ", 0.1)"
    ),
    "MSO124": lambda pick: (
        "opt = nn.SGD([\n"
        + pick(
            '    {"params": net.head.trainable_params()},\n',
            '    {\n        "params": net.head.trainable_params(),  # é\n    },\n',
            "    dict(params=net.head.trainable_params()),\n",
        )
        + '    {"params": net.body.trainable_params(), "weight_decay": 0.1},\n    {"order_params": net.trainable_params()},\n'
        "], 0.1, weight_decay=0.1)"
    ),
    "MSO153": lambda pick: (
        "opt = nn.SGD(net.trainable_params(), 0.1)\n"
        + pick(
            "opt.learning_rate = 0.01",
            "if rate: opt.learning_rate=rate * 0.5",
            "opt.learning_rate = (  # half\n    0.05)",
            "for n in range(3):\n    opt.learning_rate = 0.1 / (n + 1)  # é\n    print(n)",
        )
    ),
    "MSO158": lambda pick: (
        "opt = nn.SGD(net.trainable_params(), 0.1)\n"
        + steps(pick, "net.trainable_params()")
        + "\n"
        + pick(
            "    opt.learning_rate *= 0.5",
            "    if n > 1: opt.learning_rate = opt.learning_rate / (  # é\n        n)",
            "    opt.learning_rate = mi.Parameter(0.1 * 0.5**n, name='é')  # lower",
            "    opt.learning_rate = mi.Tensor(\n        0.1 / (n + 1), mi.float32  # (\n    )",
            "    opt.learning_rate.set_data(mi.Tensor(0.1)); print(n)",
            "    if n == 2:\n        opt.learning_rate *= 0.5\n    else: opt.learning_rate -= -0.1 if n else 0",
        )
    ),
    "MSO162": lambda pick: (
        "opt = nn.SGD("
        + groups(
            lambda *words: "no" if words == ("yes", "no") else pick(*words),
            '{"params": net.head.trainable_params()}',
        )
        + ", 0.1)\n"
        + steps(pick, pick("net.trainable_params()", "(net.trainable_params())", "net\\\n    .trainable_params()"))
    ),
}
IMPORTS = (
    "from mindspore import nn\nfrom mindspore.experimental import optim\n",
    "import mindspore as ms\nfrom mindspore import nn, Tensor\nfrom mindspore.experimental import optim\n",
    "import mindspore.nn as nn  # layers\nimport mindspore.experimental.optim as optim; import os\n",
    "from mindspore import (  # é\n    nn,\n    ops,\n)\nfrom mindspore.experimental import optim\n",
)
AROUND = ("{}", "print('é'); {}", "{}; print('\N{GRINNING FACE}')", "{}  # é lr=0.1")
BYTES: tuple[Callable[[str], bytes], ...] = (
    lambda text: text.encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.rstrip("\n").encode(),
    lambda text: ("# coding: latin-1\n" + text.replace("\N{GRINNING FACE}", "ÿ")).encode("latin-1"),
    lambda text: text.replace("    ", "\t").encode(),
)


def program(seed: int) -> tuple[str, bytes]:
    """The code that it is about, and the program."""
    chosen = random.Random(seed)

    def pick(*words: str) -> str:
        return chosen.choice(words)

    code = sorted(MISTAKES)[seed % len(MISTAKES)]
    body = MISTAKES[code](pick)
    first, _, rest = body.partition("\n")
    if not rest:
        body = pick(*AROUND).format(first) if not first.startswith("if ") else first
    if pick("top", "function") == "top":
        text = pick(*IMPORTS) + "rate = 0.1\n\n\n" + NETWORK + "net = Net()\n" + body + "\n"
    else:
        inside = "".join(f"    {line}\n" for line in body.split("\n"))
        text = (
            pick(*IMPORTS)
            + "\n\n"
            + NETWORK
            + f"def train(rate=0.1):\n    net = Net()\n{inside}    return opt\n\n\ntrain()\n"
        )
    return code, chosen.choice(BYTES)(text)


def test_every_rule_with_a_fix_has_its_mistakes() -> None:
    assert set(MISTAKES) == set(FIXED)


def comments(text: str) -> list[str]:
    return [t.string for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type == tokenize.COMMENT]


def counted(findings: object) -> Counter[str]:
    return Counter(finding.code for finding in findings)  # type: ignore[attr-defined]


#: What an error may hide.
HIDDEN = {"MSO121", "MSO124", "MSO112"}


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_generated(seed: int) -> None:
    code, data = program(seed)
    source, lint = PythonFile.read(data), linter("x.py")
    before = lint(source.text)
    assert code in counted(before), source.text
    for unsafe in (False, True):
        done = fix(source, lint, unsafe)
        text = done.source.text
        ast.parse(text)
        assert comments(text) == comments(source.text)
        assert fix(done.source, lint, unsafe).source.data == done.source.data
        promised(before, done.applied, done.remaining)
        assert untouched(data, done.source.data, done.applied), text
    if code != "MSO123":  # a comment may be in the way
        assert code not in counted(done.remaining), text


def promised(before: list[Finding], applied: tuple[Finding, ...], remaining: tuple[Finding, ...]) -> None:
    """What was fixed is gone, and nothing else is."""
    fixed = counted(applied)
    assert not any(one.fix is not None and one.fix.applicability is Applicability.SAFE for one in remaining)
    assert (counted(before) - fixed) - counted(remaining) == Counter()
    assert set(counted(remaining) - counted(before)) <= HIDDEN


def untouched(old: bytes, new: bytes, applied: tuple[Finding, ...]) -> bool:
    """Whether every line that no fix speaks of is there as it was, to the byte."""
    spoken = {
        line
        for one in applied
        if one.fix is not None
        for edit in one.fix.edits
        for line in range(edit.place.line, edit.place.end_line + 1)
    }
    lines = new.split(b"\n")
    return all(line in lines for number, line in enumerate(old.split(b"\n"), 1) if number not in spoken)
