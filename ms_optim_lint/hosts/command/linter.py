"""``ms-optim-lint linter``: versions, and what is known of MindSpore."""

from __future__ import annotations

import argparse
import platform

from ms_optim_lint import __version__, selectors
from ms_optim_lint.hosts.command import output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--output-format", choices=("text", "json"), default="text", metavar="FORMAT", help="text, json"
    )


def run(options: argparse.Namespace) -> int:
    """Print it."""
    from ms_optim_lint.mindspore import data

    releases = [".".join(map(str, release)) for release in data.releases()]
    if options.output_format == "json":
        import json

        found = {
            "prefix": "MSO",
            "name": "ms-optim-lint",
            "version": __version__,
            "python": platform.python_version(),
            "rules": len(selectors.known()),
            "mindspore": {"oldest": releases[0], "newest": releases[-1], "releases": releases},
        }
        return output.write(json.dumps(found, indent=2) + "\n", exact=True)
    lines = [
        f"ms-optim-lint {__version__} (Python {platform.python_version()})",
        f"{len(selectors.known())} rules, MSO",
        f"MindSpore {releases[0]} to {releases[-1]} known; an older release is taken for {releases[0]}, "
        f"a later one for {releases[-1]}",
    ]
    return output.write("".join(line + "\n" for line in lines))
