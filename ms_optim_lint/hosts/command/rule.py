"""``ms-optim-lint rule``: explain a rule."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ms_optim_lint import selectors
from ms_optim_lint.hosts.command import UsageError, output
from ms_optim_lint.rules import ALL
from ms_optim_lint.rules.base import Rule


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rule", nargs="?", metavar="RULE", help="MSO113, ms-iterator-group or W7813")
    parser.add_argument("--all", action="store_true", help="all rules")
    parser.add_argument(
        "--output-format", choices=("text", "json"), default="text", metavar="FORMAT", help="text, json"
    )
    output.add_colour(parser)


def run(options: argparse.Namespace) -> int:
    """Print pages, or what programs want to know."""
    if options.all == (options.rule is not None):
        raise UsageError("write one rule, such as MSO113, or --all.")
    rules = ALL if options.all else (_named(options.rule),)
    if options.output_format == "json":
        import json

        found = [record(rule) for rule in rules]
        return output.write(json.dumps(found if options.all else found[0], indent=2) + "\n", exact=True)
    text = "\n".join(page(rule) for rule in rules)
    if options.color == "always" or (options.color == "auto" and sys.stdout.isatty()):
        from rich.console import Console
        from rich.markdown import Markdown

        console = Console(force_terminal=True, no_color=not output.wants_colour(options))
        with output.writing():
            console.print(Markdown(text))
        return 0
    return output.write(text)


def _named(text: str) -> Rule:
    code = selectors.normal(text)
    for rule in ALL:
        if rule.code == code:
            return rule
    near = selectors.near_symbol(text)
    hint = f"did you mean {near}?" if near is not None else "ms-optim-lint rule --all prints all rules."
    raise UsageError(f"there is no rule '{text}'; {hint}")


def page(rule: Rule) -> str:
    """A rule's page in Markdown."""
    facts = [f"Pylint {rule.pylint_id}", rule.severity.word]
    if rule.since:
        facts.append(f"from MindSpore {_version(rule.since)}")
    if rule.before:
        facts.append(f"before MindSpore {_version(rule.before)}")
    if rule.preview:
        facts.append("preview: reported only with --preview")
    return f"# {rule.code} {rule.symbol}\n\n{'; '.join(facts)}.\n\n{rule.documentation.strip()}\n"


def record(rule: Rule) -> dict[str, Any]:
    """What programs want to know of a rule."""
    return {
        "code": rule.code,
        "name": rule.symbol.removeprefix("ms-"),
        "symbol": rule.symbol,
        "pylint_id": rule.pylint_id,
        "linter": "ms-optim-lint",
        "severity": rule.severity.word,
        "summary": rule.title,
        "families": list(rule.families) if rule.facts else [],
        "since": _version(rule.since) or None,
        "before": _version(rule.before) or None,
        "fix": rule.section("Fix safety"),
        "fix_availability": fix_availability(rule),
        "preview": rule.preview,
        "explanation": rule.documentation.strip(),
    }


def fix_availability(rule: Rule) -> str:
    """``none``, ``sometimes``: the page says when."""
    return "none" if rule.section("Fix safety").startswith(("There is no fix", "None")) else "sometimes"


def _version(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
