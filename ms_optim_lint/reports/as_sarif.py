"""SARIF 2.1.0, the format of code scanning."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ms_optim_lint import __version__
from ms_optim_lint.finding import Place
from ms_optim_lint.patterns import pattern
from ms_optim_lint.reports.base import LEVELS, SYNTAX, UNUSED, Entry, Report, Spot
from ms_optim_lint.reports.fingerprints import unique
from ms_optim_lint.rules import ALL
from ms_optim_lint.rules.base import Rule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LINK = pattern(r"<(https?://[^>\s]+)>")
#: What is reported and is no rule.
_OTHERS = {
    SYNTAX: "Python cannot read this file, and it is not judged.",
    UNUSED: "A comment that names rules and hides nothing.",
}


def render(report: Report) -> str:
    """One log with one run."""
    rules = [_rule(rule) for rule in ALL]
    used = {entry.finding.code for entry in report.entries}
    rules.extend(
        {"id": code, "name": code, "shortDescription": {"text": text}} for code, text in _OTHERS.items() if code in used
    )
    indices = {rule["id"]: number for number, rule in enumerate(rules)}
    driver = {"name": "ms-optim-lint", "version": __version__, "semanticVersion": __version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"uri": Path(os.getcwd()).as_uri().rstrip("/") + "/"}},
        "invocations": [_invocation(report)],
        "results": [_result(entry, report, indices[entry.finding.code]) for entry in report.entries],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    links = _LINK.findall(rule.section("References"))
    found: dict[str, Any] = {
        "id": rule.code,
        "name": "".join(word.title() for word in rule.symbol.removeprefix("ms-").split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": " ".join(rule.section("What it does").split())},
        "help": {"text": rule.documentation.strip(), "markdown": rule.documentation.strip()},
        "defaultConfiguration": {"level": LEVELS[rule.severity], "enabled": not rule.preview},
        "properties": {"tags": ["mindspore", "optimizer"], "symbol": rule.symbol, "pylint": rule.pylint_id},
    }
    if links:
        found["helpUri"] = links[0]
    return found


def _invocation(report: Report) -> dict[str, Any]:
    notifications = [
        {
            "level": "error" if problem.fatal else "warning",
            "message": {"text": problem.message},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(problem.path)}}],
        }
        for problem in report.problems
    ]
    found: dict[str, Any] = {"executionSuccessful": not report.failed}
    if notifications:
        found["toolExecutionNotifications"] = notifications
    return found


def _artifact(path: str) -> dict[str, str]:
    """Relative to the working folder, if it lies in it; without a scheme it has to be an escaped path."""
    here = os.getcwd()
    absolute = os.path.abspath(path)
    if not absolute.startswith(here.rstrip(os.sep) + os.sep):
        return {"uri": Path(absolute).as_uri()}
    relative = os.path.relpath(absolute, here).replace(os.sep, "/")
    return {"uri": quote(os.fsencode(relative)), "uriBaseId": _ROOT}


def _result(entry: Entry, report: Report, index: int) -> dict[str, Any]:
    finding = entry.finding
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(entry)],
        "partialFingerprints": {"msOptimLint/v1": unique(entry)},
    }
    spots = report.spots(entry)
    if spots:
        found["relatedLocations"] = [
            {"id": number, "message": {"text": spot.message}, **_location(spot)} for number, spot in enumerate(spots, 1)
        ]
    if finding.fix is not None and entry.cell is None:
        replacements = [
            {"deletedRegion": _region(entry, edit.place), "insertedContent": {"text": edit.text}}
            for edit in finding.fix.edits
        ]
        change = {"artifactLocation": _artifact(entry.path), "replacements": replacements}
        found["fixes"] = [{"description": {"text": finding.fix.message}, "artifactChanges": [change]}]
    return found


def _location(spot: Spot) -> dict[str, Any]:
    physical = {"artifactLocation": _artifact(spot.path)}
    if spot.cell is None:
        return {"physicalLocation": {**physical, "region": _region(spot, spot.place)}}
    # The lines of the file are lines of JSON: where a person finds it is the cell.
    first, last = spot.raw_lines
    cell = f"cell {spot.cell}, line {spot.start[0]}, column {spot.start[1]}"
    return {
        "physicalLocation": {**physical, "region": {"startLine": first, "endLine": last}},
        "logicalLocations": [{"name": f"cell {spot.cell}", "fullyQualifiedName": cell, "kind": "module"}],
    }


def _region(spot: Spot, place: Place) -> dict[str, int]:
    start, end = spot.source.span(place)
    return {"startLine": start[0], "startColumn": start[1], "endLine": end[0], "endColumn": end[1]}
