#!/usr/bin/env python3
"""Write down what MindSpore is, from MindSpore itself.

The linter never imports MindSpore. All it knows of it is in ``ms_optim_lint/mindspore/data.json``, which is made here.

* ``describe_mindspore.py extract > 2.10.0.json`` describes the release that is installed in the Python that runs it.
* ``describe_mindspore.py merge 2.0.0.json ... 2.10.0.json > ms_optim_lint/mindspore/data.json`` puts descriptions of
  several releases together: what did not change between them is stored once, with the first release that has it.
* ``describe_mindspore.py check`` compares the data file with the installed release, and says what differs.

A new release is one environment, one ``extract`` and one ``merge`` over all descriptions; then read the difference.
``pip install mindspore==2.10.0 "numpy<2"`` works on Python 3.11 (2.7 to 2.9: Python 3.10, 2.0: Python 3.9).
Nothing but the standard library and MindSpore is needed; the script runs on Python 3.9 and later.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from pathlib import Path
from typing import Optional

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "ms_optim_lint" / "mindspore" / "data.json"
sys.path[:0] = [str(path) for path in (HERE, HERE.parent) if str(path) not in sys.path]

from describing.extract import extract  # noqa: E402
from describing.merge import merge  # noqa: E402
from describing.write import dump  # noqa: E402

__all__ = ["dump", "extract", "main", "merge"]


def check() -> int:
    """Say what differs between the data file and the installed release; 1 where something does."""
    from describing.check import differences

    with contextlib.redirect_stdout(sys.stderr):
        description = extract()
    found = list(differences(json.loads(DATA.read_text("utf-8")), description))
    for line in found:
        print(line)
    print(f"{description['release']}: {len(found)} differences")
    return 1 if found else 0


def main(arguments: Optional[list[str]] = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("extract", help="describe the installed release")
    commands.add_parser("merge", help="put descriptions together").add_argument("descriptions", nargs="+", type=Path)
    commands.add_parser("check", help="compare the data file with the installed release")
    options = parser.parse_args(arguments)
    if options.command == "check":
        return check()
    if options.command == "extract":
        with contextlib.redirect_stdout(sys.stderr):  # MindSpore prints on import
            description = extract()
        json.dump(description, sys.stdout, indent=0)
    else:
        sys.stdout.write(dump(merge([json.loads(path.read_text("utf-8")) for path in options.descriptions])))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
