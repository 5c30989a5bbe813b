"""Everything that speaks of a rule speaks of the same rules: files, rules.md, the changelog, Pylint's messages."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from running import ROOT, flake8_seen, pylint_seen

from ms_optim_lint import lint
from ms_optim_lint.hosts.pylint_checker import MsOptimChecker
from ms_optim_lint.rules import ALL
from ms_optim_lint.rules.base import ALL_FAMILIES, SECTIONS, Rule
from ms_optim_lint.settings import Settings

CODE = re.compile(r"\bMSO\d+\b")
CODES = {rule.code for rule in ALL}
#: The only rule that no program is known to give.
WITHOUT_EXAMPLE = {"MSO100"}
#: A release of which the rules that end with a release (``before``) speak.
OLD = (2, 0)

of_each_rule = pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
of_each_example = pytest.mark.parametrize(
    "rule", [rule for rule in ALL if rule.code not in WITHOUT_EXAMPLE], ids=lambda rule: rule.code
)


def test_ids_and_symbols_are_unique() -> None:
    assert len({rule.number for rule in ALL}) == len({rule.symbol for rule in ALL}) == len(ALL)


@of_each_rule
def test_names(rule: Rule) -> None:
    # Pylint's own rule for symbols: lower-case letters and dashes.
    assert re.fullmatch(r"ms(-[a-z]+)+", rule.symbol)
    assert re.fullmatch(r"MSO1\d\d", rule.code)
    assert rule.families
    assert set(rule.families) <= set(ALL_FAMILIES)


def test_one_file_for_each_rule() -> None:
    files = {path.stem for path in (ROOT / "ms_optim_lint" / "rules").glob("mso*.py")}
    assert files == {f"{rule.code.lower()}_{rule.symbol[3:].replace('-', '_')}" for rule in ALL}


def test_silenced_rules_exist() -> None:
    names = CODES | {rule.symbol for rule in ALL}
    assert {name for rule in ALL for name in rule.silences} <= names


def test_pylint_has_the_same_rules() -> None:
    checker = {key: value[1] for key, value in MsOptimChecker.msgs.items()}
    assert checker == {rule.pylint_id: rule.symbol for rule in ALL}


def test_rules_md_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "write_rules_md.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_rules_md_has_a_page_for_each_rule() -> None:
    text = (ROOT / "rules.md").read_text("utf-8")
    assert set(re.findall(r"^## (MSO\d+) ", text, re.MULTILINE)) == CODES
    assert set(re.findall(r"^\| \[(MSO\d+)\]", text, re.MULTILINE)) == CODES


def test_changelog_names_each_rule() -> None:
    assert set(CODE.findall((ROOT / "CHANGELOG.md").read_text("utf-8"))) == CODES


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_other_documents_name_no_rule_that_is_not_there(name: str) -> None:
    assert set(CODE.findall((ROOT / name).read_text("utf-8"))) <= CODES


@of_each_rule
def test_documentation_has_every_section(rule: Rule) -> None:
    headings = re.findall(r"^## (.+)$", rule.documentation, re.MULTILINE)
    assert headings == list(SECTIONS)
    assert [name for name in SECTIONS if not rule.section(name)] == []
    assert re.fullmatch(r"[A-Z`].{10,110}\.", rule.title)
    assert set(CODE.findall(rule.documentation)) <= CODES


def settings_for(rule: Rule) -> Settings:
    """The settings under which a rule's examples are judged: a release that the rule is about."""
    return Settings(preview=True, mindspore_version=OLD) if rule.before else Settings(preview=True)


@of_each_example
def test_bad_example_has_exactly_this_finding(rule: Rule) -> None:
    assert {finding.code for finding in lint(rule.bad, "bad.py", settings_for(rule))} == {rule.code}


@of_each_example
def test_good_example_has_none(rule: Rule) -> None:
    assert rule.good
    assert lint(rule.good, "good.py", settings_for(rule)) == []


@pytest.mark.parametrize("old", [False, True])
def test_examples_in_both_hosts(old: bool, tmp_path: Path) -> None:
    wanted = {}
    for rule in ALL:
        if rule.code in WITHOUT_EXAMPLE:
            assert not rule.bad
            continue
        if bool(rule.before) is not old:
            continue
        name = rule.symbol.replace("-", "_")
        wanted.update({f"{name}_bad.py": {rule.code}})
        (tmp_path / f"{name}_bad.py").write_text(rule.bad, "utf-8")
        (tmp_path / f"{name}_good.py").write_text(rule.good, "utf-8")
    files = sorted(path.name for path in tmp_path.glob("*.py"))
    version = ["--mso-mindspore-version=" + ".".join(map(str, OLD))] if old else []
    by_flake8 = flake8_seen("--mso-preview", *version, *files, folder=tmp_path)
    by_pylint = pylint_seen("--mso-preview=y", *version, *files, folder=tmp_path)
    for seen in (by_flake8, by_pylint):
        codes = defaultdict(set)
        for one in seen:
            codes[one.path].add(one.code)
        assert codes == wanted
