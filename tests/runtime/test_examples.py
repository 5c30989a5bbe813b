"""Every example of every rule, run on the MindSpore that is installed: the bad one goes wrong as its page says, the good one
trains."""

from __future__ import annotations

import re
from functools import cache
from typing import Optional

import pytest

from ms_optim_lint import lint
from ms_optim_lint.finding import Severity
from ms_optim_lint.rules import ALL
from ms_optim_lint.rules.base import Rule
from ms_optim_lint.settings import NEWEST, Settings, parse_version
from runtime import probes, quoted, warm
from runtime.outcome import Outcome
from runtime.world import World, parameters_of, still

if not warm.is_here():
    pytest.skip(warm.ABSENT, allow_module_level=True)

probes.load()

WITH_EXAMPLE = [rule for rule in ALL if rule.bad]
SHOWN = [rule for rule in WITH_EXAMPLE if not rule.not_on_cpu]
SILENT = [rule for rule in SHOWN if rule.severity is not Severity.ERROR]
#: Rules whose pages quote errors, of an example or not: tests/runtime/quoted.py raises those.
QUOTING = [rule for rule in ALL if quoted.errors(rule.section("How MindSpore behaves"))]
LOUD = [rule for rule in SHOWN if rule.severity is Severity.ERROR]
of_each_rule = pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.code)
of_each_error = pytest.mark.parametrize("rule", LOUD, ids=lambda rule: rule.code)

NO_PROBE = (
    "{code} raises nothing, so a probe must measure its effect: add a function with @effect({code!r}) to a file in "
    "tests/runtime/probes/ (it returns what it measured after the bad example, and None after the good one), "
    "or say in the rule's metadata why it cannot be shown on a CPU: rule(..., not_on_cpu=...)"
)


def claims(rule: Rule, text: str) -> set[str]:
    """The codes that the linter finds in ``text`` for the MindSpore that is installed."""
    settings = Settings(preview=True, mindspore_version=parse_version(warm.version()))
    return {finding.code for finding in lint(text, "train.py", settings)}


@cache
def bad(rule: Rule) -> Outcome:
    def after(world: World) -> Optional[str]:
        if rule.severity is Severity.ERROR:
            probes.LATER.get(rule.code, probes.two_steps)(world)
            return None
        return probes.EFFECTS[rule.code](world)

    return warm.run_text(rule.bad, after)


@pytest.mark.parametrize("rule", SILENT, ids=lambda rule: rule.code)
def test_every_silent_rule_has_a_probe(rule: Rule) -> None:
    assert rule.code in probes.EFFECTS, NO_PROBE.format(code=rule.code)


def test_probes_are_of_rules_that_are_there() -> None:
    assert set(probes.EFFECTS) <= {rule.code for rule in SILENT}
    assert set(probes.LATER) <= {rule.code for rule in LOUD}


@of_each_rule
def test_bad_example_goes_wrong_where_the_rule_says_so(rule: Rule) -> None:
    if rule.severity is not Severity.ERROR and rule.code not in probes.EFFECTS:
        pytest.fail(NO_PROBE.format(code=rule.code))
    outcome = bad(rule)
    found = claims(rule, rule.bad)
    assert outcome.died is None, outcome.died
    if found - {rule.code}:
        assert outcome.error, f"another rule speaks for this release ({found}), and nothing is raised"
    elif rule.severity is Severity.ERROR:
        assert bool(outcome.error) == bool(found), f"the linter finds {found or 'nothing'}, MindSpore: {outcome}"
    else:
        wrong = bool(outcome.result) and not outcome.error
        assert wrong == bool(found), f"the linter finds {found or 'nothing'}, MindSpore: {outcome}"


@of_each_error
def test_error_is_one_that_the_rule_names(rule: Rule) -> None:
    error = bad(rule).error
    if error is None or claims(rule, rule.bad) != {rule.code}:
        pytest.skip("this release raises nothing, or something else")
    assert set(error.kinds) & set(rule.raises), f"raises={rule.raises}, MindSpore: {error}"
    assert error.kind in rule.section("How MindSpore behaves"), f"the page does not name the error: {error}"


@pytest.mark.skipif(parse_version(warm.version()) != NEWEST, reason="pages quote the newest release")
@of_each_error
def test_page_quotes_the_words_of_the_error(rule: Rule) -> None:
    error = bad(rule).error
    assert error is not None
    spans = quotes(rule.section("How MindSpore behaves"))
    assert any(is_quote(span, error.words) for span in spans), f"quoted: {spans}; MindSpore: {error}"


@pytest.mark.skipif(parse_version(warm.version()) != NEWEST, reason="pages quote the newest release")
@pytest.mark.parametrize("rule", QUOTING, ids=lambda rule: rule.code)
def test_every_quoted_error_is_raised(rule: Rule) -> None:
    text = quoted.START + quoted.PROGRAMS.get(rule.code, "")
    raised = [*warm.run_text(text, resume=True).raised]
    if rule in LOUD:
        raised += bad(rule).raised
    elsewhere = tuple(start for code, start in quoted.ELSEWHERE if code == rule.code)
    wanted = [one for one in quoted.errors(rule.section("How MindSpore behaves")) if not one[1].startswith(elsewhere)]
    missing = [
        f"{kind}: {words}"
        for kind, words in wanted
        if not any(kind in error.kinds and is_quote(words, error.words) for error in raised)
    ]
    assert not missing, "not raised: " + "; ".join(missing) + "\nraised: " + "\n".join(map(str, raised))


def quotes(section: str) -> list[str]:
    """What a page shows as code, on one line each."""
    return [re.sub(r"\s+", " ", span).strip() for span in re.findall(r"(?s)``?(.+?)``?(?!`)", section)]


def is_quote(span: str, words: str) -> bool:
    """Whether ``words`` has all of ``span``, where ``...`` stands for anything. A few letters are no quote."""
    pieces = [piece.strip() for piece in span.split("...") if piece.strip()]
    if len("".join(pieces)) < min(15, len(words)):
        return False
    return re.search(".*".join(map(re.escape, pieces)), words) is not None


@of_each_rule
def test_good_example_trains(rule: Rule) -> None:
    def after(world: World) -> list[str]:
        moves = world.train()
        intended = {one.name for one in parameters_of(world.optimizer) if one.requires_grad}
        assert intended
        return sorted(intended & set(still(moves)))

    if claims(rule, rule.good):
        pytest.skip("this release does not have what the example uses")
    outcome = warm.run_text(rule.good, after)
    assert outcome.fine, str(outcome)
    assert outcome.result == [], f"parameters that did not move: {outcome.result}"


@pytest.mark.parametrize(
    "rule", [one for one in SHOWN if one.code in {**probes.EFFECTS, **probes.LATER}], ids=lambda rule: rule.code
)
def test_good_example_does_not_go_wrong(rule: Rule) -> None:
    if claims(rule, rule.good):
        pytest.skip("this release does not have what the example uses")
    outcome = warm.run_text(rule.good, {**probes.EFFECTS, **probes.LATER}[rule.code])
    assert outcome.fine, str(outcome)
    assert not outcome.result
