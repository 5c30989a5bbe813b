"""``ms-optim-lint rule``, ``linter`` and ``--version``: what there is to know of rules and versions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commanding import command, failed

from ms_optim_lint import __version__
from ms_optim_lint.rules import ALL
from ms_optim_lint.selectors import known
from ms_optim_lint.settings import NEWEST


@pytest.mark.parametrize("name", ["MSO113", "mso113", "ms-iterator-group", "W7813"])
def test_a_page(tmp_path: Path, name: str) -> None:
    done = command("rule", name, folder=tmp_path)
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert text.startswith("# MSO113 ms-iterator-group\n\nPylint W7813; warning.\n\nA group whose")
    for heading in ("## What it does\n", "## Use instead\n```python\n", "## References\n"):
        assert heading in text


def test_rendered_in_a_terminal(tmp_path: Path) -> None:
    text = command("rule", "MSO113", "--color=always", folder=tmp_path).stdout.decode()
    assert "\x1b[" in text
    assert "##" not in text


def test_all_for_programs(tmp_path: Path) -> None:
    found = json.loads(command("rule", "--all", "--output-format=json", folder=tmp_path).stdout)
    assert [one["code"] for one in found] == [rule.code for rule in ALL]
    keys = "code name symbol pylint_id severity families since before fix_availability preview explanation".split()
    assert all(set(keys) <= set(one) for one in found)
    one = json.loads(command("rule", "MSO139", "--output-format=json", folder=tmp_path).stdout)
    assert (one["symbol"], one["pylint_id"], one["preview"]) == ("ms-one-step-rate", "E7839", True)
    assert {one["fix_availability"] for one in found} == {"none", "sometimes"}


def test_all_pages(tmp_path: Path) -> None:
    text = command("rule", "--all", folder=tmp_path).stdout.decode()
    assert text.count("\n## What it does\n") == len(ALL)


def test_no_such_rule(tmp_path: Path) -> None:
    failed(command("rule", "MSO999", folder=tmp_path), "there is no rule 'MSO999'")
    failed(command("rule", "ms-iteratr-group", folder=tmp_path), "did you mean ms-iterator-group?")
    failed(command("rule", folder=tmp_path), "write one rule, such as MSO113, or --all")
    failed(command("rule", "--all", "MSO113", folder=tmp_path), "write one rule")


def test_versions(tmp_path: Path) -> None:
    assert command("--version", folder=tmp_path).stdout.decode() == f"ms-optim-lint {__version__}\n"
    newest = ".".join(map(str, NEWEST))
    text = command("linter", folder=tmp_path).stdout.decode()
    assert text.startswith(f"ms-optim-lint {__version__} (Python 3.")
    assert f"MindSpore 2.0.0 to {newest} known" in text
    found = json.loads(command("linter", "--output-format=json", folder=tmp_path).stdout)
    assert (found["version"], found["mindspore"]["newest"], found["rules"]) == (__version__, newest, len(ALL))


def test_codes_and_symbols_are_known_without_the_rules() -> None:
    assert dict(known()) == {rule.code: rule.symbol for rule in ALL}
