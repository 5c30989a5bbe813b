"""Files of the project are read and parsed no more often than they must be, and always as they are now."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ms_optim_lint import project as reading
from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.interpreter.names import may_bind
from ms_optim_lint.project import Project
from ms_optim_lint.rules.judged import JUDGED


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed."""
    names: list[str] = []
    parse = reading.parse

    def noted(text: str, path: str = "<string>") -> object:
        names.append(Path(path).name)
        return parse(text, path)

    monkeypatch.setattr(reading, "parse", noted)
    return names


def test_a_file_that_is_judged_and_imported_is_parsed_once(tmp_path: Path, parsed: list[str]) -> None:
    rates, train = tmp_path / "rates.py", tmp_path / "train.py"
    rates.write_text("from mindspore import nn\n\nlr = 0.1\noptimizer = nn.SGD\n", "utf-8")
    train.write_text(
        "from rates import lr, optimizer\n\n\ndef f(net):\n    return optimizer(net.get_parameters(), lr=lr)\n"
    )
    for first, second in ((rates, train), (train, rates)):
        parsed.clear()
        project = Project()
        found = [
            analyse(Document(str(path), path.read_text("utf-8")), project, gated=False) for path in (first, second)
        ]
        assert sorted(parsed) == ["rates.py", "train.py"]
        assert sorted(one.code for analysis in found for one in analysis.findings) == ["MSO101"]


def test_a_file_that_has_changed_is_parsed_again(tmp_path: Path, parsed: list[str]) -> None:
    path = tmp_path / "rates.py"
    path.write_text("lr = 0.1\n", "utf-8")
    project = Project()
    before = project.parsed(str(path), "lr = 0.1\n")
    assert project.parsed(str(path), "lr = 0.2\n") is not before
    path.write_text("lr = 0.25\n", "utf-8")
    source = project.read(str(path))
    assert source is not None
    assert ast.unparse(source.tree) == "lr = 0.25"
    assert project.parsed(str(path), "lr = 0.25\n") is source.tree
    assert project.parsed(str(path), "lr = (\n") is None
    assert len(parsed) == 4


def test_few_trees_of_judged_files_are_kept(tmp_path: Path) -> None:
    project = Project()
    for number in range(100):
        project.parsed(str(tmp_path / f"f{number}.py"), "x = 1\n")
    assert len(project._judged) < 50


@pytest.mark.parametrize(
    "text",
    [
        "lr = 1",
        "a, lr = 1, 2",
        "(lr) = 1",
        "lr: float = 1",
        "lr += 1",
        "def lr(x): ...",
        "async def lr(x): ...",
        "class lr(Base): ...",
        "class lr: ...",
        "def lr[T](x): ...",
        "type lr[T] = T",
        "import lr",
        "import lr.inner",
        "import a, lr.inner",
        "from a import b as lr",
        "from a import (\n    b,\n    lr,\n)",
        "for lr in x: ...",
        "with a as lr: ...",
        "if (lr := 1): ...",
        "x = slr\nlr=1",
        "lr = lr(lr.lr[lr])",
    ],
)
def test_a_name_that_may_be_bound_is_seen(text: str) -> None:
    assert may_bind(text, "lr")


@pytest.mark.parametrize(
    "text", ["", "x = lrs + slr + _lr + lr_ + lr2", "x.lr = 1", "f('lr')", 'x["lr"] = 1', "lr(1)", "lr.x = 1"]
)
def test_a_name_that_is_used_only_is_not_bound(text: str) -> None:
    assert not may_bind(text, "lr")


@pytest.mark.parametrize("given, codes", [("", []), ("__all__ = ['_build']\n", ["MSO101"])])
def test_a_star_import_gives_private_names_only_where_they_are_exported(
    tmp_path: Path, given: str, codes: list[str]
) -> None:
    library = (
        f"from mindspore import nn\n\n{given}\n\ndef _build(net):\n    return nn.SGD(net.trainable_params(), lr=0.1)\n"
    )
    (tmp_path / "library.py").write_text(library, "utf-8")
    text = "import mindspore\nfrom library import *\n\nnet = mindspore.nn.Dense(1, 1)\noptimizer = _build(net)\n"
    found = analyse(Document(str(tmp_path / "train.py"), text), Project(), gated=False).findings
    assert [one.code for one in found] == codes


def test_the_table_of_what_rules_judge_leaves_none_out() -> None:
    from ms_optim_lint import rules

    kinds = {kind for judged in JUDGED.values() for kind in judged.split()}
    assert rules.judging(kinds) == tuple(rule for rule in rules.ALL if rule.facts)
    assert {rule.code for rule in rules.judging({"MissingName"})} == {"MSO104"}
    assert rules.judging(set()) == ()
