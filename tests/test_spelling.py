"""A wrong name, key, argument or setting: the message names the nearest right one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ms_optim_lint import lint
from ms_optim_lint.settings import Settings, SettingsError, override, parse_version
from ms_optim_lint.spelling import nearest

PROGRAM = """\
from mindspore import mint, nn
from mindspore.experimental import optim

net = nn.Dense(4, 2)
params = net.trainable_params()
{line}
"""


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("learning_rat", ["learning_rate", "weight_decay"], "learning_rate"),
        ("WeightDecay", ["weight_decay", "loss_scale"], "weight_decay"),
        ("learnign_rate", ["learning_rate"], "learning_rate"),
        ("lrs", ["lr", "params"], "lr"),
        ("SDG", ["SGD", "ASGD"], "SGD"),
        ("x", ["lr"], None),
        ("decay_every", ["weight_decay", "lr"], None),
        # Two are equally near.
        ("beta", ["beta1", "beta2"], None),
        ("lr", [], None),
    ],
)
def test_nearest(word: str, known: list[str], found: str) -> None:
    assert nearest(word, known) == found


@pytest.mark.parametrize(
    ("line", "code", "remedy", "version"),
    [
        # 02: arguments of this optimizer, in this family
        ("nn.SGD(params, 0.1, momentun=0.9)", "MSO102", "write momentum=...", "2.10"),
        ("nn.Adam(params, 0.1, weigth_decay=0.1)", "MSO102", "write weight_decay=...", "2.10"),
        ("nn.AdaFactor(params, scale_parameters=True)", "MSO102", "write scale_parameter=...", "2.10"),
        ("optim.Adam(params, lr=0.1, beta=(0.9, 0.99))", "MSO102", "write betas=...", "2.10"),
        ("optim.Adam(params, lr=0.1, maximise=True)", "MSO102", "write maximize=...", "2.10"),
        # 04: the nearest in the same module first, then in the others; only what the release has
        ("nn.Momemtum(params, 0.1, 0.9)", "MSO104", "write nn.Momentum", "2.10"),
        ("nn.SDG(params, 0.1)", "MSO104", "write nn.SGD", "2.10"),
        ("optim.AdmW(params, lr=0.1)", "MSO104", "write experimental.optim.AdamW or nn.AdamWeightDecay", "2.10"),
        ("nn.NAdm(params, 0.1)", "MSO104", "write experimental.optim.NAdam", "2.10"),
        ("nn.cosine_decay_lrs(0.0, 0.1, 100, 10, 10)", "MSO104", "write nn.cosine_decay_lr", "2.10"),
        ("from mindspore.nn import Momentun", "MSO104", "write nn.Momentum", "2.10"),
        # 16 and 26: the keys that groups of this family may have
        ("nn.SGD([{'params': params, 'weigth_decay': 0.1}], 0.1)", "MSO116", "write 'weight_decay'", "2.10"),
        ("nn.SGD([{'params': params, 'learning_rate': 0.1}], 0.1)", "MSO116", "write 'lr'", "2.10"),
        ("nn.SGD([{'param': params}], 0.1)", "MSO116", "write 'params'", "2.10"),
        ("optim.SGD([{'params': params, 'dampenning': 0.1}], lr=0.1)", "MSO126", "write 'dampening'", "2.10"),
        ("optim.Adam([{'params': params, 'beta': (0.9, 0.9)}], lr=0.1)", "MSO126", "write 'betas'", "2.10"),
        # 54
        (
            "opt = nn.SGD(params, 0.1)\nopt.learning_rates = 0.2",
            "MSO154",
            "write ops.assign(opt.learning_rate, ...)",
            "2.10",
        ),
        ("opt = nn.SGD(params, 0.1)\nopt.weigth_decay = 0.2", "MSO154", "give it when the optimizer is built", "2.10"),
    ],
)
def test_a_wrong_word_gets_the_nearest_right_one(line: str, code: str, remedy: str, version: str) -> None:
    settings = Settings(mindspore_version=parse_version(version))
    found = [one for one in lint(PROGRAM.format(line=line), "train.py", settings) if one.code == code]
    assert [one.message.rpartition(": ")[2].rpartition(", so ")[2] for one in found] == [remedy]


@pytest.mark.parametrize(
    "line",
    [
        "nn.Lambda(params)",  # nearer to no optimizer than to what it is
        "nn.LayerNorms([4])",
        "nn.Conv2D(3, 4, 3)",
        "opt = nn.SGD(params, 0.1)\nopt.epoch = 3",
        "opt = nn.SGD(params, 0.1)\nopt.learning_rates = 0.2\nprint(opt.learning_rates)",
    ],
)
def test_words_that_are_near_to_nothing_of_ours(line: str) -> None:
    assert lint(PROGRAM.format(line=line), "train.py") == []


@pytest.mark.parametrize("word", ["mindspore_version", "mindspor-version", "version"])
def test_settings(word: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        override(Settings(), {word: "2.7"}, "", str(tmp_path))
    assert str(caught.value).endswith("; write mindspore-version.") == (word != "version")


def test_nothing_is_compared_where_nothing_is_wrong() -> None:
    check = "import sys, ms_optim_lint; print(ms_optim_lint.lint(%r), 'rapidfuzz' in sys.modules)"
    text = PROGRAM.format(line="nn.SGD(params, 0.1)")
    done = subprocess.run([sys.executable, "-c", check % text], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "False"]
