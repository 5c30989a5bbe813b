"""The data file says of the installed release what the release says of itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from runtime import warm

if not warm.is_here():
    pytest.skip(warm.ABSENT, allow_module_level=True)

ROOT = Path(__file__).resolve().parent.parent.parent


def test_data_file_is_what_the_release_says() -> None:
    releases = json.loads((ROOT / "ms_optim_lint" / "mindspore" / "data.json").read_text("utf-8"))["releases"]
    if warm.version() not in releases:
        pytest.skip(f"the data file does not describe {warm.version()}")
    script = ROOT / "scripts" / "describe_mindspore.py"
    done = subprocess.run([sys.executable, script, "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
