"""Fixes leave alone whatever they do not speak of: the bad examples with comments, line ends, parentheses and text strewn in."""

from __future__ import annotations

import ast
import io
import json
import random
import re
import tokenize
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from commanding import command
from repaired import linter
from test_fixes import FIXED

from ms_optim_lint.finding import Edit, Finding
from ms_optim_lint.fixing import Outcome, fix
from ms_optim_lint.rules import ALL
from ms_optim_lint.rules.base import Rule
from ms_optim_lint.sources import PythonFile

RULES = [rule for rule in ALL if rule.code in FIXED]
SEEDS = range(6)
#: What may show when another finding is gone.
HIDDEN = {"MSO121", "MSO124", "MSO112"}
COMMENT = "  # é ' \" ( [ \N{GRINNING FACE}\n"
ENDS = ("\n",), ("\r\n",), ("\r",), ("\n", "\r\n"), ("\n", "\r\n", "\r")
_LAYOUT = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENDMARKER)

of_each = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


class Text:
    """Places of a text as offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def offset(self, line: int, column: int) -> int:
        """Of a byte column."""
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def with_(self, inserted: Sequence[tuple[int, int, str]]) -> str:
        """The text with other texts in it; the second number orders what stands at one place."""
        done: list[str] = []
        at = 0
        for offset, _, new in sorted(inserted, key=lambda one: one[:2]):
            done += (self.text[at:offset], new)
            at = offset
        return "".join((*done, self.text[at:]))


def with_statements(text: str, chosen: random.Random) -> str:
    """Other statements in front of statements, in their lines and above."""
    lines = text.split("\n")
    for node in reversed(ast.parse(text).body):
        line = node.lineno - 1
        if isinstance(node, (ast.Assign, ast.AugAssign)) and chosen.random() < 0.4:
            lines[line] = (
                chosen.choice(("x = 'é\N{GRINNING FACE}'; ", "_ = f'{1!r:>{5}} é'; ", "(w := 'é');")) + lines[line]
            )
        elif chosen.random() < 0.2 and not getattr(node, "decorator_list", []):
            above = ('"""é\n  lr=0.1\n"""', 's = """\\\nlr\n  """', "\x0c", "# lr=é", "@(lambda f: f)\ndef g(): ...")
            lines.insert(line, chosen.choice(above))
    return "\n".join(lines)


def with_parentheses(text: str, chosen: random.Random) -> str:
    """Parentheses around arguments, and commas behind the last."""
    places, often = Text(text), chosen.choice((0, 0.1, 0.4))
    inserted: list[tuple[int, int, str]] = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or any(isinstance(one, ast.GeneratorExp) for one in node.args):
            continue
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        end = places.offset(node.end_lineno, node.end_col_offset) - 1
        if (node.args or node.keywords) and text[:end].rstrip()[-1] != "," and chosen.random() < often:
            inserted.append((end, 1, ","))
        for value in (*node.args, *(keyword.value for keyword in node.keywords)):
            if not isinstance(value, ast.Starred) and chosen.random() < often:
                assert value.end_lineno is not None
                assert value.end_col_offset is not None
                opening = chosen.choice(("(", "( ", "((", "(\n"))
                closing = ")" * opening.count("(")
                inserted.append((places.offset(value.lineno, value.col_offset), 2, opening))
                inserted.append((places.offset(value.end_lineno, value.end_col_offset), 0, closing))
    return places.with_(inserted)


def with_layout(text: str, chosen: random.Random) -> str:
    """Comments, line ends, tabs and continuations between words."""
    places, often = Text(text), chosen.choice((0.02, 0.1, 0.4))
    inserted = []
    depth, in_string, last = 0, 0, tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        name = tokenize.tok_name[token.type]
        in_string += {"FSTRING_START": 1, "FSTRING_END": -1}.get(name, 0)
        if not in_string and last not in _LAYOUT and token.type not in _LAYOUT and chosen.random() < often:
            ways = ["\t", "  ", " \\\n   "]
            if depth:
                ways += [COMMENT, "\n\t\n", "\n"]
            offset = places.starts[token.start[0] - 1] + token.start[1]
            inserted.append((offset, 0, chosen.choice(ways)))
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        last = token.type
    return places.with_(inserted)


def decorated(text: str, seed: int) -> tuple[str, random.Random]:
    """A program that means the same."""
    chosen = random.Random(seed)
    for change in (with_statements, with_parentheses, with_layout):
        text = change(text, chosen)
    return text, chosen


def written(text: str, chosen: random.Random) -> bytes:
    """Its bytes, with any line ends."""
    if chosen.random() < 0.5:
        text = text.rstrip("\n")
    ends = chosen.choice(ENDS)
    data = "".join(chosen.choice(ends) if character == "\n" else character for character in text).encode()
    return b"\xef\xbb\xbf" + data if chosen.random() < 0.2 else data


def changed(data: bytes, edits: Sequence[Edit]) -> bytes:
    """The edits made one by one from the end, in bytes: not as the linter does it."""
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    data = data[len(bom) :]
    starts = [0, *(match.end() for match in re.finditer(rb"\r\n|\r|\n", data))]
    end = re.search(rb"\r\n|\r|\n", data)
    assert end is not None
    for _, edit in sorted(enumerate(edits), key=lambda one: (one[1].place, one[0]), reverse=True):
        first = starts[edit.place.line - 1] + edit.place.column
        behind = starts[edit.place.end_line - 1] + edit.place.end_column
        data = data[:first] + edit.text.encode().replace(b"\n", end.group()) + data[behind:]
    return bom + data


def edits_of(findings: Sequence[Finding]) -> list[Edit]:
    """Those of all fixes, each once: all were made in one round."""
    return list(dict.fromkeys(edit for one in findings if one.fix is not None for edit in one.fix.edits))


def counted(findings: Sequence[Finding]) -> Counter[str]:
    return Counter(one.code for one in findings)


def comments(text: str) -> Iterator[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return (token.string for token in tokens if token.type == tokenize.COMMENT)


@of_each
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_only_the_edits_are_made(rule: Rule, unsafe: bool) -> None:
    lint = linter("bad.py")
    repaired = 0
    for seed in SEEDS:
        source = PythonFile.read(written(*decorated(rule.bad, seed)))
        before = lint(source.text)
        assert counted(before) == counted(lint(rule.bad)), source.text
        done = fix(source, lint, unsafe)
        repaired += rule.code in counted(done.applied)
        keeps_all_else(source, before, done)
        assert fix(done.source, lint, unsafe).source.data == done.source.data
    assert repaired >= len(SEEDS) // 2 or (not unsafe and FIXED[rule.code].value == "unsafe")


def keeps_all_else(source: PythonFile, before: Sequence[Finding], done: Outcome) -> None:
    """Nothing but the edits is there, and nothing but what was fixed is gone."""
    text = done.source.text
    ast.parse(text)
    assert list(comments(text)) == list(comments(source.text))
    assert done.source.data == changed(source.data, edits_of(done.applied)), text
    expected, found = counted(before) - counted(done.applied), counted(done.remaining)
    assert not expected - found, text
    assert set(found - expected) <= HIDDEN, text


# By the command, in files and notebooks


def test_the_command_does_the_same(tmp_path: Path) -> None:
    expected = {}
    for rule in RULES:
        for seed in SEEDS[:3]:
            path = tmp_path / f"{rule.code} é {seed}.py"
            path.write_bytes(written(*decorated(rule.bad, seed)))
            expected[path] = fix(PythonFile.read(path.read_bytes()), linter(path), True).source.data
    fixing = "check", "--fix-only", "--unsafe-fixes", "--preview", "--no-suppressions", "--quiet"
    done = command(*fixing, folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    assert {path: path.read_bytes() for path in expected} == expected
    assert command("check", "--diff", *fixing[2:], folder=tmp_path).stdout == b""


#: How notebooks are written: by Jupyter, by hand, by other programs.
STYLES: tuple[dict[str, Any], ...] = (
    {"indent": 1, "ensure_ascii": False},
    {"indent": 2},
    {"indent": "\t", "sort_keys": True},
    {"separators": (",", ":")},
    {"indent": 4, "separators": (" ,", " : ")},
)
OTHERS = (
    "%matplotlib inline\n!pip install 'mindspore>=2.7'",
    "",
    "\n",
    "%%bash\necho é",
    "net?",
    "x = 'é'  # \N{GRINNING FACE}",
)


def cells_of(text: str, chosen: random.Random) -> list[str]:
    """The program in cells, with others between them."""
    lines = text.split("\n")
    nodes = ast.parse(text).body
    starts = [
        line
        for node, last in zip(nodes[1:], nodes)
        if (line := min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))]) - 1)
        >= (last.end_lineno or 0)
        and not lines[line - 1].endswith("\\")
    ]
    cuts = [0, *(line for line in starts if chosen.random() < 0.6), len(lines)]
    cells = ["\n".join(lines[first:end]) for first, end in zip(cuts, cuts[1:])]
    for _ in range(3):
        cells.insert(chosen.randrange(len(cells) + 1), chosen.choice(OTHERS))
    return [cell + chosen.choice(("", "\n")) for cell in cells]


def notebook(cells: Sequence[str], chosen: random.Random) -> tuple[bytes, dict[str, Any]]:
    """Its bytes, and how they are written."""
    style, as_list, behind = chosen.choice(STYLES), chosen.random() < 0.8, chosen.choice(("", "\n", "\r\n"))
    found = []
    for number, text in enumerate(cells):
        found.append({"cell_type": "markdown", "metadata": {}, "source": ["lr=é\n", "opt"]})
        code: dict[str, Any] = {
            "cell_type": "code",
            "execution_count": None,
            "id": f"a{number}",
            "metadata": {"é": 1.0},
            "outputs": [],
        }
        found.append({**code, "source": text.splitlines(keepends=True) if as_list else text})
    content = {"cells": found, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(content, **style) + behind).encode(), {"style": style, "as_list": as_list, "behind": behind}


def rewritten(data: bytes, sources: Sequence[str], how: dict[str, Any]) -> bytes:
    """The notebook with other code, written in the same way."""
    content = json.loads(data)
    for cell, text in zip((one for one in content["cells"] if one["cell_type"] == "code"), sources):
        cell["source"] = text.splitlines(keepends=True) if how["as_list"] else text
    written: str = json.dumps(content, **how["style"]) + how["behind"]
    return written.encode()


def test_notebooks(tmp_path: Path) -> None:
    before: dict[Path, tuple[bytes, list[str], dict[str, Any]]] = {}
    for rule in RULES:
        for seed in SEEDS[:4]:
            text, chosen = decorated(rule.bad, seed)
            cells = cells_of(text.replace("\x0c", ""), chosen)
            data, how = notebook(cells, chosen)
            path = tmp_path / f"{rule.code}_{seed}.ipynb"
            path.write_bytes(data)
            before[path] = data, cells, how
    fixing = "--unsafe-fixes", "--preview", "--no-suppressions", "--quiet"
    found = command("check", "--output-format=json", *fixing, folder=tmp_path)
    marked = {tmp_path / one["path"] for one in json.loads(found.stdout) if one["fix"] is not None}
    done = command("check", "--fix-only", *fixing, folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    refused = done.stderr.decode()
    for path, (data, cells, how) in before.items():
        new = path.read_bytes()
        code = [one for one in json.loads(new)["cells"] if one["cell_type"] == "code"]
        sources = ["".join(one["source"]) for one in code]
        assert new == rewritten(data, sources, how), path
        assert (sources != cells) is (path in marked) or path.name in refused, path
        assert [list(comments(one)) for one in sources if "%" not in one] == [
            list(comments(one)) for one in cells if "%" not in one
        ]
    assert len(marked) > len(before) * 0.6
