"""Every file under ``fixtures/`` says itself what must be found in it, and it is found whatever the imports look like.

A line that ends with ``# expect: MSO113`` (or several codes, separated by a comma) has those findings; any other line has none.
Under ``fixtures/modules/`` each folder is a small project, of which the file called ``train.py`` or ``main.py`` is linted.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rewriting import FAMILIES, rename, spelled_with

from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.project import Project
from ms_optim_lint.rules import ALL
from ms_optim_lint.settings import Settings

FIXTURES = Path(__file__).parent / "fixtures"
MARKER = re.compile(r"# expect: (MSO\d+(?:, MSO\d+)*)")
LINTED_IN_PROJECT = ("train.py", "main.py")


def fixture_files() -> Iterator[Path]:
    for path in sorted(FIXTURES.rglob("*.py")):
        in_project = "modules" in path.relative_to(FIXTURES).parts
        if not in_project or path.name in LINTED_IN_PROJECT:
            yield path


def expected(text: str) -> list[tuple[int, str]]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        marker = MARKER.search(line)
        if marker:
            found += [(number, code) for code in marker.group(1).split(", ")]
    return sorted(found)


def found(path: Path, text: str) -> list[tuple[int, str]]:
    analysis = analyse(Document(str(path), text), Project(Settings(preview=True)))
    return sorted((finding.place.line, finding.code) for finding in analysis.findings)


def name_of(path: Path) -> str:
    return path.relative_to(FIXTURES).with_suffix("").as_posix()


@pytest.mark.parametrize("path", fixture_files(), ids=name_of)
def test_fixture(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert found(path, text) == expected(text)


#: Rules of the training loop and of what is done at run time that a port from torch breaks; those that ported.py does not show.
LOOP_HABITS = (
    *(138, 150, 152, 155, 156, 157, 158, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172),
    *(182, 183, 184, 192),
)
EXAMPLES = {
    "change_rate.py": {"MSO101": 1, "MSO151": 1},
    "finetune.py": {"MSO113": 1, "MSO121": 1},
    "port_from_torch.py": {"MSO101": 1, "MSO161": 4},
    # A whole port: each habit of torch once, and nothing said twice.
    "ported.py": {
        "MSO101": 1,
        "MSO102": 1,
        "MSO104": 1,
        "MSO105": 1,
        "MSO106": 1,
        "MSO113": 1,
        "MSO118": 1,
        "MSO119": 1,
        "MSO121": 1,
        "MSO137": 1,
        "MSO141": 1,
        "MSO145": 1,
        "MSO151": 1,
        "MSO153": 1,
        "MSO154": 1,
        "MSO161": 4,
        "MSO181": 1,
        "MSO185": 1,
        "MSO191": 1,
    },
    # What a port does in its loops and at run time: each habit is one function, and one finding.
    "ported_loop.py": {f"MSO{number}": 1 for number in (*LOOP_HABITS, 193)},
    "ported_loop_right.py": {},
    "ported_right.py": {},
    "weight_decay.py": {"MSO115": 1, "MSO122": 1},
}


def test_examples_show_what_their_comments_say() -> None:
    folder = FIXTURES.parent.parent / "examples"
    shown = {
        path.name: dict(Counter(code for _, code in found(path, path.read_text(encoding="utf-8"))))
        for path in sorted(folder.glob("*.py"))
    }
    assert shown == EXAMPLES


def test_the_ported_loop_on_old_releases() -> None:
    """Up to MindSpore 2.1 a look at the rate makes a step; and of modules that are not there the imports are reported, not
    all that is taken from them."""
    path = FIXTURES.parent.parent / "examples" / "ported_loop.py"
    document = Document(str(path), path.read_text(encoding="utf-8"))
    analysis = analyse(document, Project(Settings(preview=True, mindspore_version=(2, 0, 0))))
    codes = Counter(one.code for one in analysis.findings)
    assert codes["MSO159"] == 1
    assert codes["MSO104"] == 3


# Other spellings of the same imports -----------------------------------------------------------------------------------------


def spellings(text: str) -> Iterator[tuple[str, str]]:
    """Each way in which the file could have imported what it uses, one family at a time."""
    defined = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    for name, (package, member) in FAMILIES.items():
        module = f"{package}.{member}"
        ways = {
            f"import {module} as {name}": spelled_with(name),
            f"import {module}": spelled_with(module),
            f"from {package} import {member} as other_{name}": spelled_with(f"other_{name}"),
            f"from {module} import {{renamed}}": lambda attr: f"Ms{attr}" if attr else "",
        }
        if package == "mindspore":
            ways["import mindspore as ms"] = spelled_with(f"ms.{member}")
        for imports, spell in ways.items():
            new = rename(text, name, imports, spell)
            if new is not None:
                yield imports, new
        bare = rename(text, name, f"from {module} import {{names}}", lambda attr: attr)
        if bare is not None and not defined & set(re.findall(rf"\b{name}\.(\w+)", text)):
            yield f"from {module} import X", bare


def respelled() -> Iterator[tuple[Path, str, str]]:
    for path in fixture_files():
        if "modules" not in path.relative_to(FIXTURES).parts:
            for imports, text in spellings(path.read_text(encoding="utf-8")):
                yield path, imports, text


@pytest.mark.parametrize(
    "path, text",
    [pytest.param(path, text, id=f"{name_of(path)}: {imports}") for path, imports, text in respelled()],
)
def test_other_spelling_of_imports(path: Path, text: str) -> None:
    assert found(path, text) == expected(text)


# The fixtures themselves -----------------------------------------------------------------------------------------------------


def test_every_rule_has_files_with_and_files_without_it() -> None:
    silent = [path for path in fixture_files() if not expected(path.read_text(encoding="utf-8"))]
    codes = {code for path in fixture_files() for _, code in expected(path.read_text(encoding="utf-8"))}
    assert len(silent) > 40
    assert codes == {rule.code for rule in ALL if not rule.before} - {"MSO100"}


def test_respelled_files_are_python_and_keep_their_expectations() -> None:
    count = 0
    for path, _, text in respelled():
        ast.parse(text)
        assert expected(text) == expected(path.read_text(encoding="utf-8"))
        count += 1
    assert count > 400
