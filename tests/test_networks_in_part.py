"""Networks of which something is made unknown: what the linter still says of their parameters is true.

The programs are those of ``tests/runtime/networks``, where the linter's lists are compared with MindSpore's. Here numbers, flags,
values and statements in them are hidden behind an environment variable that is not set, so that what runs stays the same.
"""

from __future__ import annotations

import ast
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Optional

import pytest

from ms_optim_lint.domain.shapes import Member, Network
from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.facts import Construction
from ms_optim_lint.project import Project

PROGRAMS = Path(__file__).parent / "runtime" / "networks" / "programs"
#: How many variants of each program are tried; more with the environment variable.
VARIANTS = int(os.environ.get("MSO_VARIANTS", "8"))
_IMPORTS = "import functools as _functools, os as _os"
_UNSET = "_os.environ.get('MSO_UNSET')"


#: Names, and whether each is trained where that is known.
Parameters = list[tuple[str, Optional[bool]]]


class Blur(ast.NodeTransformer):
    """Hides the nodes at some numbers, in the order in which they are met."""

    def __init__(self, chosen: frozenset[int]) -> None:
        self.chosen = chosen
        self.met = 0

    def _is_chosen(self) -> bool:
        self.met += 1
        return self.met - 1 in self.chosen

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bool):
            return (
                _expression(f"bool(int(_os.environ.get('MSO_UNSET', '{int(node.value)}')))")
                if self._is_chosen()
                else node
            )
        if isinstance(node.value, int) and self._is_chosen():
            return _expression(f"int(_os.environ.get('MSO_UNSET', '{node.value}'))")
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.targets[0], ast.Name) and node.targets[0].id in ("net", "optimizer"):
            return node
        if self._is_chosen():
            node.value = _hidden(node.value)
        elif self._is_chosen():
            return ast.If(_expression(f"{_UNSET} is None"), [node], [])
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        self.generic_visit(node)
        if self._is_chosen():
            node.iter = _hidden(node.iter)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        if self._is_chosen():
            node.iter = _hidden(node.iter)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        plain = isinstance(node.value, ast.Call) and "super()" not in ast.unparse(node)
        if plain and self._is_chosen():
            return ast.If(_expression(f"{_UNSET} is None"), [node], [])
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        node.value = self.visit(node.value)  # types and keys are left
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if node.name == "construct":
            return node
        self.generic_visit(node)
        return node


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _hidden(value: ast.expr) -> ast.expr:
    """The same value, by a function that is not followed."""
    return ast.Call(
        _expression("_functools.reduce"), [_expression("lambda a, b: a"), ast.List([value], ast.Load())], []
    )


class Told(NamedTuple):
    """What the linter says of the network of the last optimizer."""

    whole: Optional[Parameters]
    sure: Parameters


def told(path: Path, text: str) -> Told:
    analysis = analyse(Document(str(path), text), Project(), detailed=True)
    built = [fact for fact in analysis.facts if isinstance(fact, Construction)]
    found = built[-1].networks if built else ()
    network = found[0] if len(found) == 1 else Network("", None)
    certain = [one for one in network.members or () if one.when == 1]
    whole = _said(certain) if network.members is not None and len(certain) == len(network.members) else None
    return Told(whole, _said([one for one in network.sure if one.when == 1]))


def _said(members: list[Member]) -> Parameters:
    return [(one.name, one.requires_grad) for one in members]


def variants(text: str, seed: int) -> Iterator[str]:
    counter = Blur(frozenset())
    counter.visit(ast.parse(text))
    chance = random.Random(seed)
    for _ in range(VARIANTS):
        chosen = frozenset(chance.choices(range(counter.met), k=chance.randint(1, 3)))
        tree = ast.fix_missing_locations(Blur(chosen).visit(ast.parse(text)))
        yield f"{_IMPORTS}\n{ast.unparse(tree)}\n"


def is_within(some: Parameters, all_of_them: Parameters) -> bool:
    """Whether these are some of those; of some it may not be known whether they are trained."""
    names, others = (Counter(name for name, _ in listed) for listed in (some, all_of_them))
    return not names - others and all(trained is None or (name, trained) in all_of_them for name, trained in some)


@pytest.mark.parametrize("path", sorted(PROGRAMS.glob("*.py")), ids=lambda path: path.stem)
def test_what_is_said_of_a_blurred_network_is_true(path: Path) -> None:
    text = path.read_text("utf-8")
    truth = told(path, text).whole
    if truth is None:
        pytest.skip("the network is not known to begin with")
    for variant in variants(text, seed=len(text) + int(os.environ.get("MSO_SEED", "0"))):
        said = told(path, variant)
        if said.whole is not None:
            assert len(said.whole) == len(truth), f"{said.whole}\nare not\n{truth}\n{variant}"
            assert [name for name, _ in said.whole] == [name for name, _ in truth], variant
        assert is_within(said.whole or [], truth), f"{said.whole}\nare not\n{truth}\n{variant}"
        assert is_within(said.sure, truth), f"{said.sure}\nare not all of\n{truth}\n{variant}"


def test_most_of_a_network_is_known_where_one_number_is_not() -> None:
    text = (PROGRAMS / "bert_like.py").read_text("utf-8").replace("layers=3", "layers=int(input())")
    said = told(PROGRAMS / "bert_like.py", text)
    assert said.whole is None
    assert [name for name, _ in said.sure] == [
        "logit_scale",
        "embeddings.embedding_table",
        "pooler.weight",
        "pooler.bias",
    ]
