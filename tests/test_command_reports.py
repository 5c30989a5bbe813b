"""What programs read: each format is checked against what its readers ask for."""

from __future__ import annotations

import json
import os
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

import jsonschema
import pytest
from commanding import RIGHT, WRONG, command, records, write
from running import ROOT, SCRIPT

from ms_optim_lint.rules import ALL

SARIF = json.loads((ROOT / "tests" / "data" / "sarif-2.1.0.json").read_text("utf-8"))

#: What GitLab's documentation of Code Quality asks of a report.
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "positions"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!/|\\./)"},
                    "positions": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {
                            "begin": {
                                "type": "object",
                                "required": ["line"],
                                "properties": {"line": {"type": "integer", "minimum": 1}},
                            }
                        },
                    },
                },
            },
        },
    },
}

#: A name that each format has to escape in its own way.
ODD = "odd, 100%:é &<'\".py"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, {"train.py": SCRIPT, ODD: WRONG.replace("net.train", "變.train")})


def _rendered(form: str, folder: Path, *more: str, code: int = 1) -> str:
    done = command("check", f"--output-format={form}", *more, folder=folder)
    assert (done.returncode, done.stderr) == (code, b"")
    return done.stdout.decode("utf-8")


def test_json(folder: Path) -> None:
    odd, first, second, third = records(folder=folder)
    assert (odd["path"], odd["filename"]) == (ODD, str(folder / ODD))
    assert [one["code"] for one in (odd, first, second, third)] == ["MSO101", "MSO101", "MSO121", "MSO101"]
    assert odd["location"] == {"row": 3, "column": 36}
    assert odd["end_location"] == {"row": 3, "column": 42}
    assert odd["fix"]["applicability"] == "safe"
    assert odd["fix"]["edits"] == [
        {"content": "learning_rate", "location": odd["location"], "end_location": {"row": 3, "column": 38}}
    ]
    assert (first["symbol"], first["severity"]) == ("ms-wrong-rate-keyword", "error")


def test_json_lines(folder: Path) -> None:
    written = _rendered("json-lines", folder).splitlines()
    assert [json.loads(line) for line in written] == records(folder=folder)


@pytest.mark.parametrize("form", ["json", "json-lines", "sarif", "github", "gitlab", "junit"])
def test_nothing_found(tmp_path: Path, form: str) -> None:
    write(tmp_path, {"train.py": RIGHT})
    text = _rendered(form, tmp_path, code=0)
    if form == "junit":
        assert ElementTree.fromstring(text).get("failures") == "0"
    elif form == "sarif":
        jsonschema.validate(json.loads(text), SARIF)
    else:
        assert text == {"json": "[]\n", "gitlab": "[]\n"}.get(form, "")


def test_sarif(folder: Path) -> None:
    text = _rendered("sarif", folder)
    log = json.loads(text)
    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in ALL]
    assert all(rule["help"]["markdown"] for rule in rules)
    assert rules[13]["helpUri"].startswith("https://")
    assert run["invocations"] == [{"executionSuccessful": True}]
    results = run["results"]
    assert [rules[one["ruleIndex"]]["id"] for one in results] == [one["ruleId"] for one in results]
    assert [one["level"] for one in results] == ["error", "error", "note", "error"]
    prints = [one["partialFingerprints"]["msOptimLint/v1"] for one in results]
    assert len(set(prints)) == 4
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "odd%2C%20100%25%3A%C3%A9%20%26%3C%27%22.py"
    assert run["originalUriBaseIds"]["%SRCROOT%"]["uri"] == folder.as_uri() + "/"
    assert place["region"] == {"startLine": 3, "startColumn": 36, "endLine": 3, "endColumn": 42}
    replacement = results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement["insertedContent"] == {"text": "learning_rate"}


def test_sarif_of_examples() -> None:
    done = command("check", "--output-format=sarif", "examples", "nowhere.py", folder=ROOT)
    log = json.loads(done.stdout)
    jsonschema.validate(log, SARIF)
    assert done.returncode == 2
    assert any("relatedLocations" in one for one in log["runs"][0]["results"])
    (invocation,) = log["runs"][0]["invocations"]
    assert not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "there is no such file or folder"


def test_sarif_of_what_is_no_rule(tmp_path: Path) -> None:
    write(tmp_path, {"half.py": WRONG + "x = (\n", "train.py": RIGHT + "x = 1  # noqa: MSO101\n"})
    log = json.loads(_rendered("sarif", tmp_path, "--unused-suppressions"))
    jsonschema.validate(log, SARIF)
    assert [one["ruleId"] for one in log["runs"][0]["results"]] == ["invalid-syntax", "unused-suppression"]


def test_sarif_outside_the_working_folder(folder: Path) -> None:
    (folder / "inner").mkdir()
    done = command("check", "--output-format=sarif", "../train.py", folder=folder / "inner")
    log = json.loads(done.stdout)
    jsonschema.validate(log, SARIF)
    artifact = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": (folder / "train.py").as_uri()}


def test_gitlab(folder: Path) -> None:
    found: list[dict[str, Any]] = json.loads(_rendered("gitlab", folder))
    jsonschema.validate(found, GITLAB)
    assert len({one["fingerprint"] for one in found}) == len(found) == 4
    assert [one["severity"] for one in found] == ["critical", "critical", "minor", "critical"]
    assert found[0]["location"]["positions"]["begin"] == {"line": 3, "column": 36}


def test_github(folder: Path) -> None:
    odd, first, second, _ = _rendered("github", folder).splitlines()
    assert odd.startswith(
        "::error title=ms-optim-lint (MSO101),file=odd%2C 100%25%3Aé &<'\".py,line=3,endLine=3,col=36,"
    )
    assert "::odd, 100%25:é &<'\".py:3:36: MSO101 nn.SGD has no argument" in odd
    assert first.startswith("::error title=ms-optim-lint (MSO101),file=train.py,line=5,endLine=5,col=71,endColumn=77::")
    assert second.startswith("::notice ")


def test_junit(folder: Path) -> None:
    text = _rendered("junit", folder)
    junitparser = pytest.importorskip("junitparser")
    xml = junitparser.JUnitXml.fromstring(text.encode("utf-8"))
    assert (xml.tests, xml.failures, xml.errors) == (4, 4, 0)
    assert [suite.name for suite in xml] == [ODD, "train.py"]
    cases = [case for suite in xml for case in suite]
    assert [case.name.split(" ")[0] for case in cases] == ["MSO101", "MSO101", "MSO121", "MSO101"]
    assert cases[0].result[0].type == "error"
    assert "nn.SGD has no argument 'lr'" in cases[0].result[0].message


def test_control_characters(tmp_path: Path) -> None:
    write(tmp_path, {"a\x1b\x07.py": WRONG})
    for form in ("json", "json-lines", "sarif", "gitlab", "junit", "concise", "full"):
        text = _rendered(form, tmp_path)
        assert "\x1b" not in text
        if form == "junit":
            ElementTree.fromstring(text)
    jsonschema.validate(json.loads(_rendered("sarif", tmp_path)), SARIF)


NAMES = [
    "sp ace.py",
    "50%25.py",
    "#hash?.py",
    "-dash.py",
    "é\U0001f600/[x].py",
    "<tag>&.py",
    "a,b:c.py",
    "new\nline.py",
]


def test_names_and_columns_lead_back(tmp_path: Path) -> None:
    """Columns count characters, also behind those that take two units in UTF-16 and four bytes in UTF-8."""
    text = WRONG.replace("opt =", "x = 'é\U0001f600'; opt =")
    write(tmp_path, dict.fromkeys(NAMES, text))
    names = [os.fsencode(tmp_path / name) for name in NAMES]
    if sys.platform == "linux":
        names.append(os.fsencode(tmp_path) + b"/bad\xff.py")
        Path(os.fsdecode(names[-1])).write_bytes(text.encode())
    log = json.loads(_rendered("sarif", tmp_path))
    jsonschema.validate(log, SARIF)
    assert log["runs"][0]["columnKind"] == "unicodeCodePoints"
    found = set()
    for result in log["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        found.add(os.fsencode(tmp_path) + b"/" + unquote_to_bytes(place["artifactLocation"]["uri"]))
        line = text.split("\n")[place["region"]["startLine"] - 1]
        assert line[place["region"]["startColumn"] - 1 : place["region"]["endColumn"] - 1] == "lr=0.1"
    assert found == set(names)
    for line in _rendered("github", tmp_path).splitlines():
        properties = dict(
            one.split("=")
            for one in line.partition(" ")[2].split("::")[0].split("ms-optim-lint (MSO101),")[1].split(",")
        )
        assert text.split("\n")[2][int(properties["col"]) - 1 : int(properties["endColumn"]) - 1] == "lr=0.1"
        if "udcff" not in properties["file"]:
            assert unquote(properties["file"]) in NAMES
    assert len(ElementTree.fromstring(_rendered("junit", tmp_path))) == len(names)


def test_output_file(folder: Path) -> None:
    done = command("check", "--output-format=sarif", "--output-file=out.sarif", folder=folder)
    assert done.stdout == b""
    assert (folder / "out.sarif").read_text("utf-8") == _rendered("sarif", folder)
