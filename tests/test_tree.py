"""Walking a tree gives what ``ast`` gives, in its order."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ms_optim_lint.tree import children, walk

ROOT = Path(__file__).resolve().parent.parent
MARKS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)

EVERYTHING = """
import os, sys as system
from . import one as other
from .two import *
async def f(a, /, b: int = 1, *c, d=2, e, **g) -> None:
    global x
    async with a as b, c: await b
    async for i in c: yield i
    return lambda *, k=1: {**a, 'b': 1, **c}
@decorator(1)
class C(Base, metaclass=M):
    def m(self):
        nonlocal_ = [i for i in a if i if not i for j in b]
        del self.x, a[1:2, ::3]
        return f'{a!r:>{width}} {b}' + -a ** b if a < b <= c and not d or e else (yield from g)
try:
    raise A from b
except (A, B) as error:
    pass
except C: assert a, 'b'
else: x: int = 1
finally:
    x += 1
    (y := 2)
for a, *b in c: break
else: continue_ = ...
while True: print(*a, **b)
with open(a) as b: pass
"""
NEWER = """
match a:
    case {'b': [1, *rest], **more} | Point(0, y=None) | (-1 as c): pass
    case True if a: pass
    case _: pass
"""


def check(tree: ast.AST) -> None:
    nodes = [node for node in ast.walk(tree) if not isinstance(node, MARKS)]
    assert [id(node) for node in walk(tree)] == [id(node) for node in nodes]
    for node in nodes:
        inner = [child for child in ast.iter_child_nodes(node) if not isinstance(child, MARKS)]
        assert [id(child) for child in children(node)] == [id(child) for child in inner]


@pytest.mark.parametrize("text", [EVERYTHING, NEWER])
def test_all_kinds_of_nodes(text: str) -> None:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        pytest.skip("newer than this Python")
    check(tree)


@pytest.mark.parametrize("path", sorted((ROOT / "ms_optim_lint").rglob("*.py"))[::5], ids=lambda path: path.name)
def test_files(path: Path) -> None:
    check(ast.parse(path.read_text(encoding="utf-8")))
