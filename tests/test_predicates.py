"""Tests of parameters, written in Python at random: what the linter computes is what Python computes, or it says nothing."""

from __future__ import annotations

import itertools
import random
import re
from typing import Any, NamedTuple, Optional

import pytest

from ms_optim_lint import lint
from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.facts import Construction

HEAD = """import re
from mindspore import nn
from mindspore.experimental import optim


class Block(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, has_bias=True)
        self.Norm = nn.BatchNorm2d(3)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.blocks = nn.CellList([Block(), Block()])
        self.ln = nn.LayerNorm((3,))
        self.head = nn.Dense(3, 2)


"""


class P(NamedTuple):
    """A parameter as far as tests look at it."""

    name: str
    ndim: int
    requires_grad: bool = True

    @property
    def shape(self) -> tuple[int, ...]:
        return (3,) * self.ndim


def _block(number: int) -> list[P]:
    names = [("conv.weight", 4), ("conv.bias", 1)]
    trained = [P(f"blocks.{number}.{name}", rank) for name, rank in names]
    statistics = [P(f"blocks.{number}.Norm.{name}", 1, False) for name in ("moving_mean", "moving_variance")]
    return [*trained, *statistics, *(P(f"blocks.{number}.Norm.{name}", 1) for name in ("gamma", "beta"))]


ALL = [*_block(0), *_block(1), P("ln.gamma", 1), P("ln.beta", 1), P("head.weight", 2), P("head.bias", 1)]

WORDS = ("conv", "Norm", "norm", "bias", ".weight", "blocks.1", "head", "gamma", "0", "x", "b")
TESTS = (
    "'{a}' in p.name",
    "'{a}' not in p.name",
    "p.name.startswith('{a}')",
    "p.name.endswith(('{a}', '{b}'))",
    "p.name == '{a}.bias'",
    "'{a}' in p.name.lower()",
    "p.name.split('.')[0] == '{a}'",
    "p.name.split('.')[-1] in ('{a}', '{b}')",
    "len(p.name.split('.')) > {n}",
    "p.name.count('{a}') == {n}",
    "p.name.find('{a}') >= {n}",
    "p.name[:{n}] == '{a}'[:{n}]",
    "p.name.replace('{a}', '') != p.name",
    "any(w in p.name for w in ('{a}', '{b}'))",
    "all(w not in p.name for w in ['{a}', '{b}'])",
    "p.name in ['{a}.bias', 'ln.gamma', '{b}.weight']",
    "re.search(r'{a}.*{b}', p.name)",
    "re.match('{a}', p.name) is None",
    "bool(re.fullmatch(r'\\w+\\.[a-z]+', p.name))",
    "p.ndim > {n}",
    "len(p.shape) <= {n}",
    "p.ndim in (1, {n})",
    "p.requires_grad",
    "not p.requires_grad",
    "p.name > '{a}'",
    "int('{a}' in p.name) + ('{b}' in p.name) == 1",
)


def predicate(chance: random.Random, depth: int = 2) -> str:
    kind = chance.choice(("test", "test", "and", "or", "not")) if depth else "test"
    if kind == "test":
        one, other = chance.sample(WORDS, 2)
        return chance.choice(TESTS).format(a=one, b=other, n=chance.randrange(4))
    if kind == "not":
        return f"not ({predicate(chance, depth - 1)})"
    return f"({predicate(chance, depth - 1)}) {kind} ({predicate(chance, depth - 1)})"


def kept(text: str, parameters: list[P]) -> list[str]:
    test: Any = eval(f"lambda p: {text}", {"re": re})
    return [one.name for one in parameters if test(one)]


def computed(program: str) -> Optional[list[str]]:
    """The parameters of the last optimizer, where they are all known."""
    facts = [f for f in analyse(Document("train.py", program), detailed=True).facts if isinstance(f, Construction)]
    (params,) = facts[-1].params
    if params.open or any(part.elements or part.when != 1 for part in params.parts):
        return None
    return [part.name for part in params.parts]


FORMS = (
    "chosen = [p for p in net.get_parameters() if {test}]\n",
    "chosen = list(filter(lambda p: {test}, net.get_parameters()))\n",
    "chosen = []\nfor p in net.get_parameters():\n    if {test}:\n        chosen.append(p)\n",
    "chosen = []\nfor p in net.get_parameters():\n    if not ({test}):\n        continue\n    chosen.append(p)\n",
    "def wanted(p):\n    return {test}\n\n\nchosen = [p for p in net.get_parameters() if wanted(p)]\n",
    "ids = [id(p) for p in net.get_parameters() if {test}]\nchosen = [p for p in net.get_parameters() if id(p) in ids]\n",
    "names = {{p.name for p in net.get_parameters() if {test}}}\n"
    "chosen = [p for p in net.get_parameters() if p.name in names]\n",
)


@pytest.mark.parametrize("seed", range(150))
def test_of_a_known_network_it_is_what_python_computes(seed: int) -> None:
    chance = random.Random(seed)
    text = predicate(chance)
    program = (
        HEAD + "net = Net()\n" + chance.choice(FORMS).format(test=text) + "optimizer = optim.SGD(chosen, lr=0.1)\n"
    )
    found = computed(program)
    assert found is None or found == kept(text, ALL), text


def test_most_is_known() -> None:
    known = 0
    for seed in range(60):
        chance = random.Random(f"known {seed}")
        text = predicate(chance)
        known += computed(f"{HEAD}net = Net()\n{FORMS[0].format(test=text)}optim.SGD(chosen, lr=0.1)\n") is not None
    assert known >= 57, known


def _names() -> list[P]:
    parts = [word.strip(".") for word in WORDS]
    return [
        P(".".join(row), 1 + len(row[0]) % 4) for size in (1, 2, 3) for row in itertools.product(parts, repeat=size)
    ]


UNIVERSE = _names()


@pytest.mark.parametrize("seed", range(120))
def test_of_an_unknown_network_nothing_wrong_is_said(seed: int) -> None:
    """What is called empty holds no parameter of any name; what is called overlapping shares one, or one of them is empty."""
    chance = random.Random(f"unknown {seed}")
    one, other = predicate(chance), predicate(chance)
    program = (
        f"{HEAD}def build(net):\n"
        f"    first = [p for p in net.trainable_params() if {one}]\n"
        f"    second = [p for p in net.trainable_params() if {other}]\n"
        "    return optim.SGD([{'params': first}, {'params': second, 'lr': 0.2}], lr=0.1)\n"
    )
    codes = {finding.code for finding in lint(program, "train.py")}
    first, second = set(kept(one, UNIVERSE)), set(kept(other, UNIVERSE))
    if "MSO111" in codes:
        assert not first or not second, (one, other)
    if "MSO115" in codes:
        assert first & second or not first or not second, (one, other)


#: Tests of which nothing is known but their text: what the same text gives for the same parameter is the same.
OPAQUE = ("odd(p)", "odd(p.name)", "listed.has(p.name)", "p.shape[0] > width", "table[p.name]", "odd(p, width)")


def _with_opaque(chance: random.Random, depth: int = 2) -> str:
    kind = chance.choice(("opaque", "opaque", "test", "and", "or", "not")) if depth else "opaque"
    if kind == "opaque":
        return chance.choice(OPAQUE)
    if kind == "test":
        return predicate(chance, 0)
    if kind == "not":
        return f"not ({_with_opaque(chance, depth - 1)})"
    return f"({_with_opaque(chance, depth - 1)}) {kind} ({_with_opaque(chance, depth - 1)})"


def _kept_if(text: str, truths: dict[tuple[int, str], bool]) -> set[str]:
    """The names that a test keeps, where its opaque parts give what ``truths`` says."""
    for number, opaque in enumerate(OPAQUE):
        text = text.replace(opaque, f"truths[{number}, p.name]")
    test: Any = eval(f"lambda p: {text}", {"re": re, "truths": truths})
    return {one.name for one in UNIVERSE if test(one)}


def _of_opaque(one: str, other: str) -> str:
    return (
        f"from elsewhere import listed, odd, table, width\n{HEAD}def build(net):\n"
        f"    first = [p for p in net.trainable_params() if {one}]\n"
        f"    second = [p for p in net.trainable_params() if {other}]\n"
        "    return optim.SGD([{'params': first}, {'params': second, 'lr': 0.2}], lr=0.1)\n"
    )


@pytest.mark.parametrize("seed", range(80))
def test_of_opaque_tests_nothing_wrong_is_said(seed: int) -> None:
    """What is called empty or overlapping is that whatever the opaque tests give."""
    chance = random.Random(f"opaque {seed}")
    one, other = _with_opaque(chance), _with_opaque(chance)
    codes = {finding.code for finding in lint(_of_opaque(one, other), "train.py")}
    for _ in range(8):
        truths = {
            (number, parameter.name): chance.random() < 0.5 for number in range(len(OPAQUE)) for parameter in UNIVERSE
        }
        first, second = _kept_if(one, truths), _kept_if(other, truths)
        if "MSO111" in codes:
            assert not first or not second, (one, other)
        if "MSO115" in codes:
            assert first & second or not first or not second, (one, other)


@pytest.mark.parametrize("test", OPAQUE)
def test_an_opaque_test_is_equal_to_itself(test: str) -> None:
    def codes(one: str, other: str) -> set[str]:
        return {finding.code for finding in lint(_of_opaque(one, other), "train.py")}

    assert "MSO115" in codes(test, test)
    assert "MSO115" in codes(f"not ({test})", f"not ({test})")
    assert not codes(test, f"not ({test})")
    assert "MSO115" in codes(test, f"{test} or p.ndim > 1")
    assert not codes(f"{test} and p.ndim > 1", f"{test} and p.ndim <= 1")


@pytest.mark.parametrize("seed", range(80))
def test_the_order_is_that_of_the_network(seed: int) -> None:
    """Whether two groups, one after the other, hold the parameters in the network's order."""
    chance = random.Random(f"order {seed}")
    one = predicate(chance, 1)
    other = chance.choice((f"not ({one})", f"not ({one}) and ({predicate(chance, 0)})"))
    form = chance.choice(
        ("net.trainable_params()", "net.trainable_params()[::-1]", "sorted(net.trainable_params(), key=id)")
    )
    program = (
        f"{HEAD}net = Net()\nfirst = [p for p in net.trainable_params() if {one}]\n"
        f"second = [p for p in {form} if {other}]\n"
        "nn.SGD([{'params': first}, {'params': second, 'lr': 0.2}], 0.1)\n"
    )
    trained = [parameter for parameter in ALL if parameter.requires_grad]
    parts = kept(one, trained), kept(other, trained)
    if not all(parts):
        return
    (fact,) = (f for f in analyse(Document("train.py", program)).facts if isinstance(f, Construction))
    given = [*parts[0], *(reversed(parts[1]) if "-1" in form else parts[1])]
    in_order = [name for name in (parameter.name for parameter in trained) if name in given] == given
    if "sorted" in form:
        assert fact.ordered is not True or len(parts[1]) < 2, (one, other)
    else:
        assert fact.ordered in (None, in_order), (one, other)


def test_the_order_is_mostly_known() -> None:
    known = 0
    for seed in range(40):
        test = predicate(random.Random(f"known order {seed}"), 1)
        groups = ", ".join(f"{{'params': [p for p in net.trainable_params() if {t}]}}" for t in (test, f"not ({test})"))
        facts = analyse(Document("train.py", f"{HEAD}net = Net()\nnn.SGD([{groups}], 0.1)\n")).facts
        known += any(isinstance(fact, Construction) and fact.ordered is not None for fact in facts)
    assert known >= 30, known
