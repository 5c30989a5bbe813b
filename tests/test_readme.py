"""README.md shows what is true: the example, its output, the settings, the symbols. Its commands are run by .ci/run."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys

from running import ROOT

from ms_optim_lint.hosts.common import OPTIONS
from ms_optim_lint.rules import ALL

README = (ROOT / "README.md").read_text("utf-8")


def _setup() -> configparser.ConfigParser:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    return setup


def test_example_and_output() -> None:
    check = [sys.executable, str(ROOT / "scripts" / "write_readme.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^examples/\S+:\d+:\d+: MSO1\d\d ", README, re.MULTILINE)


def test_every_setting_is_in_both_tables() -> None:
    keys = {option.key for option in OPTIONS}
    rows = re.findall(r"^\| `([a-z-]+)` \|", README, re.MULTILINE)
    assert sorted(rows) == sorted([*keys, *keys])
    assert set(re.findall(r"mso-([a-z-]+)", README)) == keys


def test_symbols_exist() -> None:
    symbols = {rule.symbol for rule in ALL}
    assert set(re.findall(r"\bms(?:-[a-z]+)+", README)) - symbols == {"ms-optim", "ms-optim-lint"}


def test_promised_versions_are_those_of_setup_cfg() -> None:
    extras = _setup()["options.extras_require"]
    for host, name in (("flake8", "flake8"), ("pylint", "Pylint")):
        promised = re.search(rf"{host}>=([\d.]+)", extras[host])
        assert promised
        assert f"{name} {promised[1]} and later" in README
        assert promised[0] in extras["test"]
    assert f"Python {_setup()['options']['python_requires'].lstrip('>=')} or later" in README


def test_local_links() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
