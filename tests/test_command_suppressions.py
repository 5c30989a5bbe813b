"""Comments hide in the command what they hide in flake8 and Pylint."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

import pylint
from commanding import codes, command, lines, write
from running import flake8_seen, pylint_seen

#: Places for a comment, by number; each line with ``lr=`` has a finding.
PROGRAM = '''from mindspore import nn
{0}
net = nn.Dense(4, 2)
one = nn.SGD(net.trainable_params(), lr=0.1){1}
two = nn.SGD({2}
    net.trainable_params(),
    lr=0.1,{3}
){4}


class Trainer:{5}
    {6}
    def build(self, model):{7}
        {8}
        x = nn.SGD(model.trainable_params(), lr=0.1)
        if model.flag:{9}
            {10}
            nn.Adam(model.trainable_params(), lr=0.1)
        else:{11}
            y = nn.Adam(model.trainable_params(), lr=0.1)
            {12}
            z = nn.Adam(model.trainable_params(), lr=0.1)

    def loop(self, model, some):
        for q in some:{13}
            nn.Adam(model.trainable_params(), lr=0.1)
            {14}
        try:{15}
            y = nn.Adam(model.trainable_params(), lr=0.1)
        finally:{16}
            {17}
            y = nn.Adam(model.trainable_params(), lr=0.1)
            {18}
        text = """
        """, nn.SGD(model.trainable_params(), lr=0.1){19}
        {20}
        return nn.Adam(model.trainable_params(), \\
            lr=0.1){21}


class Base(Trainer):{22}
    def build(): {23}
        nn.SGD(net.trainable_params(), lr=0.1)
        with net:{24}
            nn.SGD(net.trainable_params(), lr=0.1)
        return [
            nn.SGD(net.trainable_params(),{25}
              lr=0.1),
        ]{26}
'''
PLACES = 27
#: Comments behind "else:", "try:" and "finally:" and below the last.
BRANCHES = re.compile(r"^p.*_1[1567](?:_|\.)")
ALONE = (0, 6, 8, 10, 12, 14, 17, 18, 20)
NOQA = ["# noqa", "# NoQA:E501,MSO1", "# noqa: MSO113", "# noqa : MSO113", "# flake8: noqa"]
PYLINT = ["# why # pylint: disable=ms-wrong-rate-keyword ; so", "# pylint: disable-next=E7801", "# pylint: skip-file"]


def _program(comments: dict[int, str]) -> str:
    gap = {place: "" if place in ALONE else "  " for place in range(PLACES)}
    return PROGRAM.format(*(gap[place] + comments[place] if place in comments else "" for place in range(PLACES)))


def test_the_same_as_in_the_hosts(tmp_path: Path) -> None:
    files: dict[str, str] = {}
    for (host, comments), place in itertools.product((("f", NOQA), ("p", PYLINT)), range(PLACES)):
        for number, comment in enumerate(comments):
            files[f"{host}{number}_{place}.py"] = _program({place: comment})
    for off, on in itertools.combinations(ALONE, 2):
        files[f"p_{off}_{on}.py"] = _program({off: "# pylint: disable=ms-optim", on: "# pylint: enable=E7801"})
    write(tmp_path, files)
    seen = flake8_seen("--isolated", *sorted(file for file in files if file[0] == "f"), folder=tmp_path)
    rcfile = f"--rcfile={os.devnull}"
    seen += pylint_seen(rcfile, *sorted(file for file in files if file[0] == "p"), folder=tmp_path)
    ours = {tuple(line.split(":")[:2]) for line in lines(folder=tmp_path)}
    theirs: set[tuple[str, ...]] = {(one.path, str(one.line)) for one in seen}
    if tuple(map(int, pylint.__version__.split(".")[:1])) < (4,):
        # Before version 4 these count for another part of the statement.
        ours, theirs = ({one for one in found if not BRANCHES.search(one[0])} for found in (ours, theirs))
    assert ours == theirs
    assert len(ours) > 1_000


def test_no_suppressions(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": _program({0: "# pylint: skip-file"})})
    assert codes(folder=tmp_path) == []
    assert len(codes("--no-suppressions", folder=tmp_path)) > 10
    assert len(codes("--ignore-noqa", folder=tmp_path)) > 10


def test_unused_suppressions(tmp_path: Path) -> None:
    comments = {
        1: "# noqa: MSO101,MSO113,E501",
        3: "# noqa: MSO101, MSO199",
        5: "# noqa",
        6: "# pylint: disable=ms-iterator-group, no-member, ms-optim",
        17: "# pylint: disable=W7813",
        20: "# pylint: disable=MSO113",
    }
    write(tmp_path, {"train.py": _program(comments), "other.py": "x = 'é'  # noqa: MSO121\n"})
    found = lines("--unused-suppressions", "--ignore=MSO121", folder=tmp_path)
    unused = [line for line in found if " unused-suppression " in line]
    assert [line.split(" ", 2)[2] for line in unused] == [
        "'MSO113' hides nothing: there is nothing to hide; remove it",
        "'MSO199' hides nothing: there is no such rule; remove it",
        "'ms-iterator-group' hides nothing: there is nothing to hide; remove it",
        "'W7813' hides nothing: there is nothing to hide; remove it",
        "'MSO113' hides nothing: a comment of Pylint names rules by their symbols; write ms-iterator-group",
    ]
    assert unused[0].startswith("train.py:4:62: ")
    other = lines("--unused-suppressions", "other.py", folder=tmp_path)
    assert other == ["other.py:1:18: unused-suppression 'MSO121' hides nothing: there is nothing to hide; remove it"]
    done = command("check", "--unused-suppressions", "--select=MSO113", "other.py", folder=tmp_path)
    assert done.returncode == 0
