"""The ports from PyTorch in examples/: what is set right trains, on the MindSpore that is installed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ms_optim_lint.settings import NEWEST, parse_version
from runtime import warm

if not warm.is_here():
    pytest.skip(warm.ABSENT, allow_module_level=True)
if parse_version(warm.version()) != NEWEST:
    pytest.skip("the examples are for the newest release", allow_module_level=True)

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def printed(name: str) -> str:
    text = (EXAMPLES / name).read_text("utf-8")
    outcome = warm.run_text(text)
    assert outcome.fine, str(outcome)
    return outcome.printed


def test_a_whole_port_trains() -> None:
    text = printed("ported_right.py")
    losses = re.findall(r"^(\w+): loss ([\d.]+), then ([\d.]+)$", text, re.M)
    assert len(losses) == 11, text
    worse = [name for name, first, second in losses if float(second) >= float(first)]
    assert not worse, text
    accuracies = re.findall(r"^(?:fine-tuned|with Model): ([\d.]+)$", text, re.M)
    assert len(accuracies) == 2, text
    assert min(map(float, accuracies)) > 0.9, text


def test_ported_loops_train() -> None:
    text = printed("ported_loop_right.py")
    errors = {name: float(error) for name, error in re.findall(r"^([\w ]+): ([\d.]+)", text, re.M) if "." in error}
    before = errors.pop("not trained")
    assert len(errors) == 17, text
    worse = [name for name, error in errors.items() if error >= 0.99 * before]
    assert not worse, text
