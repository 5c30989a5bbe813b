"""``ms-optim-lint show``: what each optimizer of files and folders trains, and how."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ms_optim_lint.hosts.command import CLEAN, FAILED, output, say_error, say_warning
from ms_optim_lint.hosts.command.files import Finder, reason
from ms_optim_lint.hosts.command.options import settings_of

if TYPE_CHECKING:
    from rich.table import Table

    from ms_optim_lint.reports.base import Spot
    from ms_optim_lint.settings import Settings
    from ms_optim_lint.summary import GroupSummary, Summary

#: So many names are printed one by one; more are counted by the part of the network that they are in.
_FEW = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="Python files, notebooks and folders, or -")
    parser.add_argument(
        "--output-format", choices=("text", "json"), default="text", metavar="FORMAT", help="text (default), json"
    )
    parser.add_argument("--mindspore-version", metavar="VERSION", help="the MindSpore version in use, such as 2.7")
    parser.add_argument("--source-roots", metavar="FOLDERS", help="folders in which imports are looked up, too")
    parser.add_argument("--config", metavar="FILE", help="read the settings there")
    parser.add_argument("--isolated", action="store_true", help="read no configuration")
    output.add_colour(parser)


def run(options: argparse.Namespace) -> int:
    """Follow each file and print its optimizers."""
    from ms_optim_lint import gate
    from ms_optim_lint.engine import Document, analyse
    from ms_optim_lint.project import Project, parse
    from ms_optim_lint.reports.base import Spot, shown_path
    from ms_optim_lint.reports.shown import shown as shown_source
    from ms_optim_lint.sources import SourceError, read
    from ms_optim_lint.summary import summarise

    as_json = options.output_format == "json"
    options.output_format = None  # a setting of the same name is about findings
    settings = settings_of(options)
    project = Project(settings)
    found: list[tuple[Spot, Summary]] = []
    code = CLEAN
    for name, named in _files(options.paths, settings):
        path = os.path.abspath(name if name != "-" else "stdin.py")
        shown = shown_path(path) if name != "-" else name
        try:
            source = read(_content(name), path)
        except OSError as error:
            say_error(f"{shown}: cannot be read: {reason(error)}")
            code = FAILED
            continue
        except SourceError as error:
            say_error(f"{shown}: {error}")
            code = FAILED
            continue
        text = source.text
        if not named and not gate.may_matter(text):
            continue
        tree = parse(text, path)
        if tree is None:
            say_error(f"{shown}: Python cannot parse this file")
            code = FAILED
            continue
        analysis = analyse(Document(path, text, tree), project, detailed=True)
        summaries = [one for one in summarise(analysis.facts) if one.location.path == path]
        if not summaries and named and not as_json:
            say_warning(f"{shown}: no optimizer of MindSpore is built here, as far as can be seen.")
        for limit in analysis.limits_met if summaries and not as_json else ():
            say_warning(f"{shown}: not all of it was followed: {limit}.")
        words = shown_source(source)
        found.extend((Spot(shown, path, one.location.place, one.optimizer, words), one) for one in summaries)
    if as_json:
        import json

        output.write(json.dumps([_record(*one) for one in found], indent=2) + "\n", exact=True)
    elif found:
        with output.writing():
            _print(found, output.wants_colour(options))
    elif any(os.path.isdir(name) for name in options.paths):
        say_warning("no optimizer of MindSpore is built in these folders, as far as can be seen.")
    return code


def _content(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    with open(path, "rb") as file:
        return file.read()


def _files(paths: Sequence[str], settings: Settings) -> Iterator[tuple[str, bool]]:
    """The files to be looked at, and whether they were named; of a folder, all below it."""
    for name in paths:
        if os.path.isdir(name):
            yield from ((path, False) for path in Finder(settings).find([name]).files)
        else:
            yield name, True


def _record(spot: Spot, summary: Summary) -> dict[str, Any]:
    return {
        "path": spot.shown,
        "cell": spot.cell,
        "line": spot.start[0],
        "column": spot.start[1],
        "optimizer": summary.optimizer,
        "groups": [
            {
                "parameters": None if group.parameters is None else [one.name for one in group.parameters],
                "unsure": [one.name for one in group.parameters or () if not one.sure],
                "known_parameters": list(group.certain) if group.parameters is None else None,
                "description": group.words,
                "rate": group.rate,
                "weight_decay": group.weight_decay,
                "without_weight_decay": group.exempt,
                "certain": group.sure,
            }
            for group in summary.groups
        ],
        "in_no_group": [
            {"network": one.network, "trained": list(one.trained), "not_trained": list(one.frozen)}
            for one in summary.outside
        ],
        "not_known": list(summary.unknown),
    }


# Text


def _print(found: list[tuple[Spot, Summary]], colour: bool) -> None:
    from rich.console import Console

    console = Console(
        color_system="auto" if colour else None,
        force_terminal=colour or None,
        highlight=False,
        emoji=False,
        width=None if os.isatty(1) else 120,
        soft_wrap=False,
    )
    for number, (spot, summary) in enumerate(found):
        if number:
            console.print()
        console.print(f"{spot.where} {summary.optimizer}", style="bold", markup=False)
        if summary.groups:
            console.print(_table(summary))
        elif not summary.unknown:
            console.print("It is given no parameters of its own.")
        for one in summary.outside:
            if one.trained:
                console.print(_outside(one.trained, "in no group"), markup=False)
            if one.frozen:
                console.print(_outside(one.frozen, "not trained, in no group"), markup=False)
        for words in summary.unknown:
            console.print(f"not known: {words}", markup=False)


def _outside(names: Sequence[str], where: str) -> str:
    number, _, words = count(names).partition(": ")
    return f"{number} {where}: {words}"


def _table(summary: Summary) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("group", "parameters", "rate", "weight decay"):
        table.add_column(title, justify="right" if title == "group" else "left", overflow="fold")
    for number, group in enumerate(summary.groups, start=1):
        mark = f"{number}" if group.sure else f"{number}?"
        table.add_row(Text(mark), Text(_parameters(group)), Text(group.rate), Text(_decay(group)))
    return table


def _decay(group: GroupSummary) -> str:
    if group.exempt and group.weight_decay not in ("0.0", "0", "-"):
        return f"{group.weight_decay}, but not for {group.exempt} with beta or gamma in the name"
    return group.weight_decay


def _parameters(group: GroupSummary) -> str:
    if not group.parameters:
        words = group.words or ("not known" if group.parameters is None else "none")
        known = group.certain if group.parameters is None else ()
        return f"{words}. Certainly {count(known)}" if known else words
    perhaps = sum(not one.sure for one in group.parameters)
    text = count([one.name for one in group.parameters])
    return f"{text} ({perhaps} of them perhaps)" if perhaps else text


def count(names: Sequence[str]) -> str:
    """How many, and which: one by one where they are few, else by the part of the network."""
    if not names:
        return "none"
    if len(names) <= _FEW:
        return f"{len(names)}: {', '.join(names)}"
    parts: dict[str, list[str]] = {}
    for name in names:
        parts.setdefault(name.partition(".")[0], []).append(name)
    words = [own[0] if len(own) == 1 else f"{part}.* ({len(own)})" for part, own in parts.items()]
    if len(words) > 12:
        words = [*words[:8], f"and {sum(map(len, list(parts.values())[8:]))} more"]
    return f"{len(names)}: {', '.join(words)}"
