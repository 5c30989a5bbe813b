"""The rules' examples in six spellings of the imports and four places: a bad one has its findings, a good one has none."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rewriting import PLACES, SPELLINGS, Program, forms
from running import flake8_seen, pylint_seen

from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.project import Project
from ms_optim_lint.rules import ALL
from ms_optim_lint.rules.base import Rule
from ms_optim_lint.settings import Settings

#: Where a rule has nothing to say, and why: by code, place and spelling ("" is any).
EXCEPTIONS: dict[tuple[str, str, str], str] = {
    ("MSO104", "", "second file"): "the import fails in the second file, and is a finding of that file",
    ("MSO142", "factory", ""): "what is set too early is known where a class is called, not a function that does so",
}

FOLDER = Path(__file__).parent / "nowhere"
#: Rules about older releases only have a test of their own in test_rule_versions.py.
RULES = [rule for rule in ALL if rule.bad and not rule.before]


def codes(program: Program) -> Counter[str]:
    overlays = {str(FOLDER / name): text for name, text in program.others}
    document = Document(str(FOLDER / "train.py"), program.text)
    return Counter(one.code for one in analyse(document, Project(Settings(preview=True), overlays)).findings)


def is_exception(rule: Rule, place: str, spelling: str) -> bool:
    keys = [(rule.code, place, spelling), (rule.code, place, ""), (rule.code, "", spelling)]
    return any(key in EXCEPTIONS for key in keys)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_bad_example_has_its_findings_in_every_form(rule: Rule) -> None:
    wanted = codes(Program(rule.bad))
    assert set(wanted) == {rule.code}
    wrong = {
        (place, spelling): found
        for place, spelling, program in forms(rule.bad)
        if (found := codes(program)) != wanted and not is_exception(rule, place, spelling)
    }
    assert wrong == {}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_good_example_has_none_in_any_form(rule: Rule) -> None:
    assert {(place, spelling) for place, spelling, program in forms(rule.good) if codes(program)} == set()


def test_exceptions_are_needed() -> None:
    needed = {
        (rule.code, place, spelling)
        for rule in RULES
        if any(key[0] == rule.code for key in EXCEPTIONS)
        for place, spelling, program in forms(rule.bad)
        if codes(program) != codes(Program(rule.bad))
    }
    for code, place, spelling in EXCEPTIONS:
        assert any(c == code and place in ("", p) and spelling in ("", s) for c, p, s in needed)


def some_forms(rule: Rule, kind: str) -> Iterator[tuple[str, Program]]:
    """Each place in one spelling, not the same for all rules; of a bad example each spelling at module level, too."""
    for place, spelling, program in forms(rule.bad if kind == "bad" else rule.good):
        turn = SPELLINGS.index(spelling) == (rule.number + PLACES.index(place)) % len(SPELLINGS)
        if (turn or kind == "bad" and place == "module") and not is_exception(rule, place, spelling):
            yield f"{place}_{spelling}".replace(" ", "_"), program


def test_forms_in_both_hosts(tmp_path: Path) -> None:
    files: list[str] = []
    wanted = {}
    for rule in RULES:
        for kind in ("bad", "good"):
            for form, program in some_forms(rule, kind):
                folder = tmp_path / f"{rule.code}_{kind}_{form}"
                folder.mkdir()
                for name, other in program.others:
                    (folder / name).write_text(other, "utf-8")
                # Pylint takes two files of one name for one module.
                file = folder / f"{folder.name.lower()}.py"
                file.write_text(program.text, "utf-8")
                files.append(str(file.relative_to(tmp_path)))
                if kind == "bad":
                    wanted[files[-1]] = {rule.code}
    assert len(files) > 10 * len(RULES)
    by_flake8 = flake8_seen("--mso-preview", *files, folder=tmp_path)
    by_pylint = pylint_seen("--mso-preview=y", *files, folder=tmp_path)
    for seen in (by_flake8, by_pylint):
        codes_of: dict[str, set[str]] = {}
        for one in seen:
            codes_of.setdefault(one.path, set()).add(one.code)
        assert codes_of == wanted


def test_forms_are_programs_and_most_examples_have_all() -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for rule in RULES:
        for text in (rule.bad, rule.good):
            for place, spelling, program in forms(text):
                counts[place, spelling] += 1
                for each in (program.text, *(other for _, other in program.others)):
                    ast.parse(each)
    for spelling in SPELLINGS:
        assert counts["module", spelling] > 1.8 * len(RULES)
        assert all(counts[place, spelling] > 1.3 * len(RULES) for place in PLACES)
