"""``ms-optim-lint show``: what each optimizer trains, and how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commanding import command, failed

PROGRAM = """\
from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.norm = nn.BatchNorm2d(8)
        self.head = nn.Dense(8, 2)


net = Net()
decay = [p for p in net.trainable_params() if "weight" in p.name]
bias = [p for p in net.trainable_params() if "bias" in p.name]
groups = [{"params": decay, "weight_decay": 0.01, "lr": [0.1, 0.1, 0.01]}, {"params": bias}]
opt = nn.Momentum(groups, learning_rate=0.1, momentum=0.9)
plain = nn.SGD(net.trainable_params(), 0.1, weight_decay=0.001)


def train(network, rate):
    return nn.Adam(network.trainable_params(), rate)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "train.py").write_text(PROGRAM, "utf-8")
    return tmp_path


def shown(folder: Path) -> list[dict[str, Any]]:
    done = command("show", "--output-format=json", "train.py", folder=folder)
    assert done.returncode == 0
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_groups_are_told_by_name_rate_and_decay(folder: Path) -> None:
    first = shown(folder)[0]
    assert (first["optimizer"], first["line"]) == ("mindspore.nn.Momentum", 16)
    assert [group["parameters"] for group in first["groups"]] == [["conv.weight", "head.weight"], ["head.bias"]]
    assert [group["rate"] for group in first["groups"]] == ["list of 3 steps", "0.1"]
    assert [group["weight_decay"] for group in first["groups"]] == ["0.01", "0.0"]


def test_an_optimizer_around_another_has_no_table(folder: Path) -> None:
    around = "from mindspore import nn\nopt = nn.LARS(nn.SGD(nn.Dense(2, 2).trainable_params(), 0.1), epsilon=1e-8)\n"
    (folder / "train.py").write_text(around, "utf-8")
    lines = [line.strip() for line in command("show", "train.py", folder=folder).stdout.decode().splitlines()]
    assert lines[:2] == ["train.py:2:7 mindspore.nn.LARS", "It is given no parameters of its own."]
    assert sum("weight decay" in line for line in lines) == 1


def test_what_no_group_holds_is_told(folder: Path) -> None:
    (left,) = shown(folder)[0]["in_no_group"]
    assert left == {
        "network": "Net",
        "trained": ["norm.gamma", "norm.beta"],
        "not_trained": ["norm.moving_mean", "norm.moving_variance"],
    }


def test_decay_leaves_out_beta_and_gamma_where_there_are_no_groups(folder: Path) -> None:
    (group,) = shown(folder)[1]["groups"]
    assert (group["weight_decay"], group["without_weight_decay"]) == ("0.001", 2)


def test_what_cannot_be_known_is_told(folder: Path) -> None:
    last = shown(folder)[2]
    assert last["groups"][0]["parameters"] is None
    assert last["groups"][0]["description"] == "parameters of a network where it is trained"
    assert last["not_known"] == [
        "the rate rate: argument rate",
        "the parameters of the network: the network is built by code that is not in sight",
    ]


def test_table(folder: Path) -> None:
    done = command("show", "train.py", folder=folder)
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "train.py:16:7 mindspore.nn.Momentum" in text
    assert "2: conv.weight, head.weight" in text
    assert "2 in no group: norm.gamma, norm.beta" in text
    assert "\x1b" not in text


def test_file_without_optimizer(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n", "utf-8")
    done = command("show", "a.py", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"no optimizer of MindSpore is built here" in done.stderr


def test_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "other.py").write_text("x = 1\n", "utf-8")
    done = command("show", "empty", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    assert (
        done.stderr
        == b"ms-optim-lint: warning: no optimizer of MindSpore is built in these folders, as far as can be seen.\n"
    )
    files = sorted(path.name for path in folder.glob("*.py"))
    alone = [json.loads(command("show", "--output-format=json", name, folder=folder).stdout) for name in files]
    both = json.loads(command("show", "--output-format=json", ".", folder=folder).stdout)
    assert both == [record for records in alone for record in records] != []


def test_file_that_is_not_there(tmp_path: Path) -> None:
    assert command("show", "a.py", folder=tmp_path).returncode == 2


def test_standard_input(folder: Path) -> None:
    (folder / "lib.py").write_text(PROGRAM, "utf-8")
    script = b"from mindspore import nn\nfrom lib import Net\nopt = nn.Adam(Net().trainable_params())\n"
    done = command("show", "--output-format=json", "-", folder=folder, stdin=script)
    (told,) = json.loads(done.stdout)
    assert (told["path"], told["line"], len(told["groups"][0]["parameters"])) == ("-", 3, 5)
    assert command("show", "-", folder=folder, stdin=script).stdout.startswith(b"-:3:7 mindspore.nn.Adam")


def test_a_group_that_is_used_up_holds_nothing(folder: Path) -> None:
    lost = 'nn.Adam([{"params": filter(lambda p: "head" in p.name, net.trainable_params())}, {"params": [net.conv.weight]}])\n'
    (folder / "train.py").write_text(PROGRAM + lost, "utf-8")
    last = max(shown(folder), key=lambda one: one["line"])
    assert [group["parameters"] for group in last["groups"]] == [[], ["conv.weight"]]
    assert last["groups"][0]["description"] == "nothing: this iterator is used up before it is read"
    assert "head.weight" in last["in_no_group"][0]["trained"]
    assert b"nothing: this iterator" in command("show", "train.py", folder=folder).stdout


def test_names_that_are_changed_out_of_sight_are_not_told(folder: Path) -> None:
    renamed = (
        'for param in net.trainable_params():\n    param.name = "x." + param.name\nnn.Adam(net.trainable_params())\n'
    )
    (folder / "train.py").write_text(PROGRAM + renamed, "utf-8")
    last = max(shown(folder), key=lambda one: one["line"])
    assert [group["parameters"] for group in last["groups"]] == [None]
    assert "its parameters are given other names" in last["not_known"][0]


def test_a_notebook(tmp_path: Path) -> None:
    cells = [
        "%matplotlib inline\nfrom mindspore import nn",
        "x = 'é\N{GRINNING FACE}'; opt = nn.SGD(net.trainable_params(), 0.1)",
    ]
    code = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": text} for text in cells]
    content = {"cells": [{"cell_type": "markdown", "metadata": {}, "source": ""}, *code], "metadata": {}, "nbformat": 4}
    (tmp_path / "train.ipynb").write_text(json.dumps(content), "utf-8")
    assert b"train.ipynb:cell 3:1:17 mindspore.nn.SGD" in command("show", "train.ipynb", folder=tmp_path).stdout
    (found,) = json.loads(command("show", "--output-format=json", "train.ipynb", folder=tmp_path).stdout)
    assert (found["cell"], found["line"], found["column"]) == (3, 1, 17)
    (tmp_path / "data.ipynb").write_text("{}", "utf-8")
    failed(command("show", "data.ipynb", folder=tmp_path), "data.ipynb: is not a notebook of version 4")
