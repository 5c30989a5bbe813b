"""Networks, computed from source by the linter and measured on MindSpore.

``python -m runtime.networks.compare`` (from the folder ``tests``) prints the table of ``docs/networks.md``.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Optional

from ms_optim_lint.engine import Document, analyse
from ms_optim_lint.facts import Construction
from ms_optim_lint.project import Project
from ms_optim_lint.settings import Settings
from runtime import stubs, warm
from runtime.networks import packages
from runtime.world import World

PROGRAMS = Path(__file__).parent / "programs"

#: What ``[(p.name, p.requires_grad) for p in net.get_parameters()]`` gives.
Parameters = list[tuple[str, bool]]


class Program(NamedTuple):
    """A program that builds ``net`` and then an optimizer for it."""

    name: str
    path: Path
    text: str
    package: str = ""


@dataclass(frozen=True)
class Computed:
    """What the linter knows of a network: all its parameters, or why it does not know them."""

    parameters: Optional[Parameters]
    reason: str = ""


def own() -> Iterator[Program]:
    """The programs in the folder beside this file."""
    for path in sorted(PROGRAMS.glob("*.py")):
        yield Program(path.stem, path, path.read_text("utf-8"))
    for path in sorted(PROGRAMS.glob("*/train.py")):
        yield Program(path.parent.name, path, path.read_text("utf-8"))


def of_packages() -> Iterator[Program]:
    """The models of the packages that are installed."""
    for package in packages.ALL:
        if root_of(package.name) is not None:
            for name, text in package.programs():
                yield Program(name, PROGRAMS / f"{name}.py", text, package.name)


def root_of(package: str) -> Optional[str]:
    """The folder that an installed package lies in. Does not import it."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        return None
    return str(Path(next(iter(found.submodule_search_locations))).parent)


def computed(program: Program) -> Computed:
    """The network's parameters by the linter."""
    root = root_of(program.package) if program.package else None
    project = Project(Settings(source_roots=(root,) if root else ()))
    analysis = analyse(Document(str(program.path), program.text), project, detailed=True)
    built = [fact for fact in analysis.facts if isinstance(fact, Construction)]
    found = built[-1].networks if built else ()
    if len(found) != 1:
        return Computed(None, "no optimizer of one network is seen")
    members = found[0].members
    if members is None:
        return Computed(None, found[0].reason)
    known = [(one.name, one.requires_grad) for one in members if one.when == 1 and one.requires_grad is not None]
    if len(known) != len(members):
        return Computed(None, "some depend on what is not known")
    return Computed([(name, bool(trained)) for name, trained in known])


def measured(program: Program) -> Parameters:
    """The network's parameters by MindSpore. The optimizer is left out: it refuses some of the networks."""
    text = program.text[: program.text.index("\noptimizer = ")]
    needs = next((package.needs for package in packages.ALL if package.name == program.package), ())
    outcome = warm.run_text(text, _listed, _others(program), before=lambda: stubs.stand_in(needs))
    assert outcome.fine, str(outcome)
    return [(name, trained) for name, trained in outcome.result]


def _others(program: Program) -> dict[str, str]:
    folder = program.path.parent
    if folder == PROGRAMS:
        return {}
    files = [path for path in folder.rglob("*.py") if path != program.path]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def _listed(world: World) -> Parameters:
    return [(one.name, bool(one.requires_grad)) for one in world.names["net"].get_parameters()]


def main() -> None:
    """Print the table."""
    print("| network | of | parameters | computed |\n| --- | --- | ---: | --- |")
    counts = {"equal": 0, "partial": 0, "**wrong**": 0}
    for program in (*own(), *of_packages()):
        want, got = measured(program), computed(program)
        word = "partial" if got.parameters is None else "equal" if got.parameters == want else "**wrong**"
        counts[word] += 1
        reason = f": {got.reason}" if got.reason else ""
        print(f"| `{program.name}` | {program.package or 'own'} | {len(want)} | {word}{reason} |", flush=True)
    print(f"\n{counts}", file=sys.stderr)


if __name__ == "__main__":
    main()
