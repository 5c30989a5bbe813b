"""What is silent everywhere: errors that the program expects, code of another release, things of unknown origin, patches.

Made of the rules' own bad examples, so that each new rule is tried too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Optional

import pytest
from rewriting import imports_and_rest, indented, inner, single_imports, written

from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.finding import Finding, Severity
from ms_optim_lint.project import Project
from ms_optim_lint.rules import ALL
from ms_optim_lint.rules.base import Rule
from ms_optim_lint.settings import Settings

FOLDER = Path(__file__).parent / "nowhere"
#: Rules about older releases only are tested in test_rule_versions.py.
RULES = [rule for rule in ALL if rule.bad and not rule.before]
ERRORS = [rule for rule in RULES if rule.severity is Severity.ERROR]

of_each = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
of_each_error = pytest.mark.parametrize("rule", ERRORS, ids=lambda rule: rule.code)


def findings(text: str, **others: str) -> list[Finding]:
    overlays = {str(FOLDER / f"{name}.py"): other for name, other in others.items()}
    project = Project(Settings(preview=True), overlays)
    return list(analyse(Document(str(FOLDER / "train.py"), text), project).findings)


def codes(text: str, **others: str) -> list[str]:
    return [finding.code for finding in findings(text, **others)]


def around(rule: Rule, before: str, after: str = "", by: int = 1) -> str:
    """The bad example with its statements between two pieces of text."""
    imports, rest = imports_and_rest(rule.bad)
    return f"{written(imports)}\n{before}{indented(inner(rest) if by > 1 else written(rest), by)}\n{after}"


@of_each
def test_the_rewriting_itself_hides_nothing(rule: Rule) -> None:
    assert set(codes(around(rule, "if True:\n"))) == {rule.code}
    assert set(codes(around(rule, "try:\n", "except ZeroDivisionError:\n    pass\n"))) == {rule.code}
    assert set(codes(around(rule, "class T:\n    def test(self):\n        with open('log'):\n", "", 3))) == {rule.code}


# Errors that are expected ----------------------------------------------------------------------------------------------------


@of_each_error
def test_errors_name_what_they_raise(rule: Rule) -> None:
    assert rule.raises


@of_each_error
def test_in_a_test_that_waits_for_the_error(rule: Rule) -> None:
    case = "import unittest\n\nclass TestIt(unittest.TestCase):\n    def test_it(self):\n        with self."
    for error in (*rule.raises, "Exception"):
        assert codes(around(rule, f"import pytest\nwith pytest.raises({error}):\n")) == []
        assert codes(around(rule, f"import pytest\nwith pytest.raises(({error}, OSError), match='no'):\n")) == []
        assert codes(around(rule, f"{case}assertRaises({error}):\n", "", 3)) == []
        assert codes(around(rule, f"{case}assertRaisesRegex({error}, 'no'):\n", "", 3)) == []


@of_each_error
def test_where_the_error_is_caught(rule: Rule) -> None:
    for error in (*(f" {one}" for one in rule.raises), " Exception", "", " (OSError, Exception) as error"):
        assert codes(around(rule, "try:\n", f"except{error}:\n    print('no')\n")) == []
    for error in rule.raises:
        assert codes(around(rule, f"import contextlib\nwith contextlib.suppress({error}):\n")) == []


@of_each_error
def test_where_a_caller_catches_it(rule: Rule) -> None:
    imports, rest = imports_and_rest(rule.bad)
    program = f"{written(imports)}\ntry:\n    import program\n    program.main()\nexcept {rule.raises[0]}:\n    pass\n"
    other = f"{written(imports)}\ndef main():\n{indented(inner(rest))}"
    assert codes(program, program=other) == []


# Other releases --------------------------------------------------------------------------------------------------------------

EXCLUDED = (
    "import mindspore\nif mindspore.__version__ < '1.0':\n",
    "import mindspore\nif mindspore.__version__ >= '1.0':\n    pass\nelse:\n",
    "import mindspore\nif mindspore.__version__.startswith('0.'):\n",
    "from mindspore import __version__\nif __version__ < '1.0':\n",
    "import mindspore\nmajor = int(mindspore.__version__.split('.')[0])\nif major < 2:\n",
)


@of_each
@pytest.mark.parametrize("test", EXCLUDED)
def test_in_a_branch_for_another_release(rule: Rule, test: str) -> None:
    assert codes(around(rule, test)) == []


# Attributes that are asked for -----------------------------------------------------------------------------------------------


def attribute_at(tree: ast.AST, finding: Finding) -> Optional[ast.Attribute]:
    """The attribute that a finding is about: it is written where the finding is, or what is called there."""
    place = finding.place
    for node in ast.walk(tree):
        target = node.func if isinstance(node, ast.Call) else node
        if isinstance(target, ast.Attribute) and isinstance(node, (ast.Call, ast.Attribute)):
            if (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset) == (
                place.line,
                place.column,
                place.end_line,
                place.end_column,
            ):
                return target
    return None


def guarded(rule: Rule) -> Iterator[str]:
    """The bad example with the statement of each finding under ``hasattr``; none where it is about no attribute."""
    text = single_imports(rule.bad)
    tree = ast.parse(text)
    found = {}
    for finding in findings(text):
        attribute = attribute_at(tree, finding)
        if attribute is None or "AttributeError" not in rule.raises:
            return
        found[finding.place.line] = attribute
    lines = text.splitlines()
    for number, attribute in sorted(found.items(), reverse=True):
        base = ast.unparse(attribute.value)
        line = lines[number - 1]
        space = line[: len(line) - len(line.lstrip())]
        lines[number - 1 : number] = [f"{space}if hasattr({base}, '{attribute.attr}'):", f"    {line}"]
    yield "\n".join(lines) + "\n"


def is_call_of_nn(rule: Rule) -> bool:
    return any(True for _ in guarded(rule))


ASKED = [rule for rule in ERRORS if is_call_of_nn(rule) and rule.number in (4, 50, 61, 82, 91)]


@pytest.mark.parametrize("rule", ASKED, ids=lambda rule: rule.code)
def test_behind_hasattr(rule: Rule) -> None:
    for text in guarded(rule):
        assert codes(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "getattr(optimizer, 'zero_grad', print)()",
        "step = getattr(optimizer, 'step', None)\nif step is not None:\n    step()",
        "groups = getattr(optimizer, 'param_groups', [])\nfor group in groups:\n    group['lr'] = 0.1",
        "getattr(nn, 'AdamW', nn.Adam)(net.trainable_params())",
        "make = nn.AdamW if hasattr(nn, 'AdamW') else nn.AdamWeightDecay",
        "params = net.parameters() if hasattr(net, 'parameters') else net.trainable_params()\nnn.SGD(params, 0.1)",
    ],
)
def test_behind_getattr_with_a_default(line: str) -> None:
    program = "from mindspore import nn\n\nnet = nn.Dense(4, 2)\noptimizer = nn.SGD(net.trainable_params(), 0.1)\n"
    assert codes(program + line + "\n") == []


# Unknown origin --------------------------------------------------------------------------------------------------------------


@of_each
def test_on_things_of_unknown_origin(rule: Rule) -> None:
    text = re.sub(r"^(from|import) mindspore\b", r"\1 somebodys_zoo", single_imports(rule.bad), flags=re.MULTILINE)
    assert codes(text) == []


# Patches ---------------------------------------------------------------------------------------------------------------------

PATCHES = """
from mindspore import Parameter, Tensor, nn

nn.Cell.parameters = lambda self: self.trainable_params()
nn.Optimizer.zero_grad = nn.Optimizer.step = lambda self: None
Tensor.backward = lambda self: None
"""
PATCH_LATER = """
from mindspore import Tensor, nn

def apply():
    for kind in (nn.Cell, nn.Optimizer, Tensor):
        for name in ("parameters", "zero_grad", "step", "backward"):
            setattr(kind, name, print)
"""
PATCHED = {
    "assigned in the file": (PATCHES, {}),
    "in another file": ("import patches\n", {"patches": PATCHES}),
    "with setattr in another file": (
        "from patches import apply\napply()\n",
        {"patches": PATCH_LATER},
    ),
    "by a package": ("import mindnlp\n", {}),
    "by another package": ("from msadapter import pytorch\n", {}),
}
TORCH = """
from mindspore import nn

net = nn.Dense(4, 2)
optimizer = nn.SGD(net.parameters(), 0.1)
optimizer.zero_grad()
nn.MSELoss()(net.weight, net.weight).backward()
optimizer.step()
"""


@pytest.mark.parametrize("patch", PATCHED)
def test_where_classes_of_mindspore_are_patched(patch: str) -> None:
    assert sorted(codes(TORCH)) == ["MSO118"] or set(codes(TORCH)) == {"MSO118", "MSO161"}
    before, others = PATCHED[patch]
    assert codes(before + TORCH, **others) == []


@pytest.mark.parametrize("patch", PATCHED)
def test_examples_of_torchs_methods_where_they_are_patched_in(patch: str) -> None:
    before, others = PATCHED[patch]
    for rule in RULES:
        if rule.number == 61:
            assert codes(before + rule.bad, **others) == []
