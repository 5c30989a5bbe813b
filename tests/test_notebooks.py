"""Notebooks: cells as one program, places in cells, fixes that touch nothing else of the file."""

from __future__ import annotations

import json
from typing import Any, Union

import pytest

from ms_optim_lint import lint
from ms_optim_lint.finding import Edit, Finding, Place
from ms_optim_lint.fixing import diff, fix
from ms_optim_lint.notebooks import CellPlace, Notebook
from ms_optim_lint.settings import Settings
from ms_optim_lint.sources import SourceError, read


def check(text: str) -> list[Finding]:
    return lint(text, "x.ipynb", Settings(preview=True))


def code(source: Union[str, list[str]], **more: Any) -> dict[str, Any]:
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": source}
    return {**cell, **more}


def markdown(source: Union[str, list[str]]) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def content(*cells: dict[str, Any], language: str = "python") -> dict[str, Any]:
    metadata = {"kernelspec": {"display_name": "x", "language": language, "name": "x"}}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def notebook(*cells: dict[str, Any], **more: Any) -> Notebook:
    return Notebook.read(json.dumps(content(*cells), **more).encode())


TRAINING = (
    markdown(["# Training é\n", "an optimizer: `lr=0.1`"]),
    code(["%matplotlib inline\n", "!pip install mindspore\n", "from mindspore import nn"]),
    code([]),
    code("# lr=0.1\nnet = nn.SequentialCell(nn.Dense(4, 2), nn.Dense(2, 2))\n"),
    code(
        [
            '# \u4e2d \U0001f600 "quoted" \\n\n',
            "opt = 0\n",
            "x = '\u4e2d\\t'; opt = nn.SGD(net.trainable_params(), lr=0.1)  # \U0001f600\n",
            "opt",
        ],
        outputs=[{"output_type": "stream", "name": "stdout", "text": ["lr=0.1\n", '\u001b[0m{"a": [1, "]"]}']}],
    ),
)
#: the ways in which notebooks are written
STYLES: dict[str, dict[str, Any]] = {
    "as Jupyter does": {"indent": 1, "ensure_ascii": False},
    "escaped": {"indent": 1},
    "four spaces": {"indent": 4, "sort_keys": True},
    "tabs": {"indent": "\t"},
    "one line": {},
    "without spaces": {"separators": (",", ":")},
}
ENDS = {"LF": "\n", "CRLF": "\r\n"}


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
def test_a_fix_changes_nothing_else(style: dict[str, Any], end: str, bom: bytes) -> None:
    data = bom + (json.dumps(content(*TRAINING), **style) + "\n").replace("\n", end).encode()
    source = read(data, "x.ipynb")
    assert isinstance(source, Notebook)
    done = fix(source, check)
    assert [source.where(one.place.line) for one in done.applied] == [CellPlace(5, 3)]
    assert done.remaining == ()
    assert done.source.data == data.replace(b"params(), lr=0.1)", b"params(), learning_rate=0.1)")
    assert json.loads(done.source.data.decode("utf-8-sig"))


def test_odd_escapes() -> None:
    cells = (
        r'{"cell_type": "code", "source": ["fr\u006fm\u0020mindspore import nn\u000a", "p = nn.Dense(4, 2)\n"]}',
        r'{"source" :"s = \"\ud83d\ude00\u00e9\/\"; \u006f = nn.SGD(p.trainable_params(),\n\t\u006cr\u003d0.1)"'
        ',"cell_type":"code"}',
    )
    data = ('{"metadata": {}, "cells" : [' + ",".join(cells) + '], "nbformat": 4}').encode()
    done = fix(Notebook.read(data), check)
    assert done.source.data == data.replace(rb"\t\u006cr\u003d", rb"\tlearning_rate\u003d")


# New lines -------------------------------------------------------------------------------------------------------------------


def edited(source: Union[str, list[str]], line: int, column: int, text: str, **more: Any) -> Union[str, list[str]]:
    before = notebook(code(source), **more)
    after = before.edited([Edit(Place(line, column, line, column), text)])
    written = json.loads(after.data)["cells"][0]["source"]
    new = {**content(code(written))}
    assert json.dumps(new, **more).encode() == after.data  # as the writer of the notebook would have written it
    assert isinstance(written, (str, list))
    return written


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
def test_inserted_lines(style: dict[str, Any]) -> None:
    if style.get("sort_keys"):
        return
    assert edited(["a = 1\n", "b = 2"], 1, 5, "\nc = '\\n'", **style) == ["a = 1\n", "c = '\\n'\n", "b = 2"]
    assert edited(["a = 1\n", "b = 2"], 2, 0, "c = 3\n", **style) == ["a = 1\n", "c = 3\n", "b = 2"]
    assert edited(["a = 1\n", "b = 2"], 2, 5, "\nc = 3", **style) == ["a = 1\n", "b = 2\n", "c = 3"]
    assert edited(["a = 1\n", "b = 2\n"], 3, 0, "c = 3\n", **style) == ["a = 1\n", "b = 2\n", "c = 3\n"]
    assert edited(["a = 1\n"], 1, 0, "c = 3\nd = 4\n", **style) == ["c = 3\n", "d = 4\n", "a = 1\n"]
    assert edited("a = 1\nb = 2", 2, 0, "c = 3\n", **style) == "a = 1\nc = 3\nb = 2"
    assert edited(["a = 1\r\n", "b = 2"], 2, 5, "\nc = 3", **style) == ["a = 1\r\n", "b = 2\r\n", "c = 3"]


def test_replaced_across_lines() -> None:
    before = notebook(code(["a = (1,\n", "     2)\n", "b = 2"]))
    after = before.edited([Edit(Place(1, 4, 2, 7), "3")])
    assert after.text == "a = 3\nb = 2\n"


def test_two_edits_in_two_cells() -> None:
    before = notebook(code("a = 1"), markdown("a = 1"), code("a = 1"))
    after = before.edited([Edit(Place(2, 4, 2, 5), "3"), Edit(Place(1, 4, 1, 5), "2")])
    assert [cell.text for cell in after.cells] == ["a = 2", "a = 3"]


@pytest.mark.parametrize(
    "edit, reason",
    [
        (Edit(Place(1, 0, 1, 0), "x"), "would be changed in a line that is not Python"),
        (Edit(Place(2, 0, 3, 1), "x"), "would be changed across cells"),
        (Edit(Place(2, 4, 2, 4), "("), "would not be Python any more"),
        (Edit(Place(2, 4, 2, 40), "("), "would not be Python any more"),
    ],
)
def test_edits_that_are_refused(edit: Edit, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        notebook(code(["%time\n", "a = 1"]), code("b = 2")).edited([edit])


# Cells -----------------------------------------------------------------------------------------------------------------------


def test_cells_are_one_program() -> None:
    one = notebook(markdown("x"), code(""), code(["a = 1\n", "b = 2"]), markdown("x"), code("\n\nc = 3\n"), code("d"))
    assert one.text == "a = 1\nb = 2\n\n\nc = 3\nd\n"
    assert [one.where(line) for line in range(1, 7)] == [(3, 1), (3, 2), (5, 1), (5, 2), (5, 3), (6, 1)]


@pytest.mark.parametrize(
    "source, program",
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install a \\\n  b\nx = 1", "pass\n\nx = 1"),
        ("for i in x:\n    !ls {i}\n    y = 2", "for i in x:\n    pass\n    y = 2"),
        ("%time opt = f(1)", "if 1: opt = f(1)"),
        ("%%time\nx = 1", "pass\nx = 1"),
        ("%%capture out --no-stderr\n!ls\nx = 1", "pass\npass\nx = 1"),
        ("\n%%bash\nls", "\n\n"),
        ("%%html\n<b>mindspore</b>\n", "\n"),
        ("files = !ls\nx = (1\n% 2)", "files = get_ipython()\nx = (1\n% 2)"),
        ("s = '''\n%d\n!x\n'''\n%who", "s = '''\n%d\n!x\n'''\npass"),
        ("s = '(' # [\n%who", "s = '(' # [\npass"),
        ("x = 1 + \\\n% 2\n", "\n"),
        ("net?\n?net\nnet.x??\nx = 1", "pass\npass\npass\nx = 1"),
        ("pip install mindspore\nls\nx = 1", "pass\npass\nx = 1"),
        ("if a != b:\n    pass\n!ls", "if a != b:\n    pass\npass"),
        ("x = (", ""),
        ("await f()", "await f()"),
        ("%cd /\r\nx = 1", "pass\nx = 1"),
    ],
)
def test_what_is_not_python(source: str, program: str) -> None:
    before, after = code("before = 1"), code("after = 1")
    found = notebook(before, code(source), after)
    assert found.text == "before = 1\n" + program + "\nafter = 1\n"
    lines = source.replace("\r\n", "\n").rstrip("\n").count("\n") + 1
    assert found.where(lines + 2) == CellPlace(3, 1)


def test_another_language() -> None:
    text = json.dumps(content(code("opt = nn.SGD(p, lr=0.1)"), language="R"))
    assert Notebook.read(text.encode()).text == ""


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"{}", b'{"cells": 1}', b'{"cells": [1]}', b'{"cells": [{}]}', b"\xff", b'{"worksheets": []}',
        b'{"cells": [{"cell_type": "code", "source": 1}]}', b'{"cells": [{"cell_type": "code", "source": [1]}]}',
        b'{"cells": [{"cell_type": "code"}]}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_notebook(data: bytes) -> None:
    with pytest.raises(SourceError, match="is not a notebook"):
        read(data, "x.ipynb")


def test_deep_outputs() -> None:
    for depth in (100, 990, 100_000):
        nested = "[" * depth + "]" * depth
        data = f'{{"cells": [{{"cell_type": "code", "source": "x = 1", "outputs": {nested}}}]}}'.encode()
        try:
            assert read(data, "x.ipynb").text == "x = 1\n"
        except SourceError:
            assert depth > 100


def test_diff_by_cell() -> None:
    before = notebook(*TRAINING)
    after = fix(before, check).source
    lines = diff("x.ipynb", before, after).splitlines()
    assert lines[:3] == ["--- x.ipynb:cell 5", "+++ x.ipynb:cell 5", "@@ -1,4 +1,4 @@"]
    assert [line for line in lines[3:] if line[0] == "+"] == [
        "+x = '\u4e2d\\t'; opt = nn.SGD(net.trainable_params(), learning_rate=0.1)  # \U0001f600"
    ]
