"""Fill in the code blocks of README.md that show a file or what a command prints; with ``--check``, only compare.

    python scripts/write_readme.py [--check]

A block to fill in follows ``<!-- lines of: PATH FIRST-LAST -->`` or ``<!-- output of: flake8 ARGUMENTS -->``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"(<!-- (lines|output) of: (.+?) -->\n```\w+\n)(.*?)(```\n)", re.DOTALL)


def _lines(path: str, span: str) -> str:
    first, last = map(int, span.split("-"))
    text = (ROOT / path).read_text("utf-8").splitlines()[first - 1 : last]
    return "\n".join(text).strip("\n") + "\n"


def _output(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout


def filled(text: str) -> str:
    """``text`` with each block as it has to be."""

    def fill(block: re.Match[str]) -> str:
        make = _lines if block[2] == "lines" else _output
        return block[1] + make(*block[3].split()) + block[5]

    return _BLOCK.sub(fill, text)


def main(arguments: list[str]) -> int:
    """Write or check; the exit code is 1 where a check finds an old block."""
    text = README.read_text("utf-8")
    if arguments != ["--check"]:
        README.write_text(filled(text), "utf-8")
    elif filled(text) != text:
        print("README.md is out of date: run python scripts/write_readme.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
