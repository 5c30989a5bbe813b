"""What is told from the text of a definition never hides what its tree says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ms_optim_lint.interpreter import interest
from ms_optim_lint.interpreter.modules import Module
from ms_optim_lint.project import parse
from ms_optim_lint.tree import walk

FIXTURES = sorted((Path(__file__).parent / "fixtures").rglob("*.py"))
FORMS = """
from mindspore import nn
from mindspore.nn import Momentum as M


def by_name(name):
    return getattr(nn, name)


def by_alias(params): return M(params, 0.1, 0.9)


@nn.Adam
def decorated():
    pass


def leads_to_it(params):
    return by_alias(params)


def uses_grad(x):
    return x.grad


def in_words():
    return make('SGD')


def apart(x):
    return x + 1
"""


def module_of(text: str) -> Module:
    return Module("x.py", "x", "", ast.parse(text.replace("\r\n", "\n")), text, 0)


def check(text: str) -> None:
    module = module_of(text)
    for node in walk(module.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not interest._may_speak(
            node, module
        ):
            for one in (node, *interest._used_definitions(node, module)):
                assert not interest._has_word(one, module), ast.unparse(one)
                assert not interest._may_give(one, module), ast.unparse(one)


@pytest.mark.parametrize("text", [FORMS, FORMS.replace("\n", "\r\n")])
def test_forms(text: str) -> None:
    check(text)
    module = module_of(text)
    speaking = {
        node.name: interest._may_speak(node, module) for node in module.tree.body if isinstance(node, ast.FunctionDef)
    }
    assert speaking.pop("apart") is False
    assert all(speaking.values()), speaking


def test_fixtures() -> None:
    for path in FIXTURES:
        text = path.read_text("utf-8")
        if parse(text) is not None:
            check(text)
