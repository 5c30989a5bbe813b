"""Whether the data file says of the installed release what the release says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from describing.tables import Description
from ms_optim_lint.mindspore import catalogue
from ms_optim_lint.mindspore.data import Version, names_at, parse, value_at


def differences(data: Description, description: Description) -> Iterator[str]:
    """Every difference, as a line. ``data`` is the file, ``description`` what :func:`describing.extract.extract` gave."""
    description = json.loads(json.dumps(description))
    version = parse(description["release"])
    yield from _modules(data["modules"], description["modules"], version)
    if description["release"] == data["releases"][-1]:  # a name means what it means in the newest release
        yield from _spellings(description["spellings"])
    yield from _kinds(data, description, version)
    for section in ("signatures", "deprecated", "layers"):
        here = {name: value_at(spans, version) for name, spans in data[section].items()}
        there = {catalogue.canonical(name): value for name, value in description[section].items()}
        yield from _values(section, {name: value for name, value in here.items() if value is not None}, there)
    for kind, names in description["attributes"].items():
        yield from _sets(f"attributes of {kind}", names_at(data["attributes"][kind], version), set(names))
    yield from _optimizers(data, description["optimizers"], version)


def _values(what: str, here: dict[str, Any], there: dict[str, Any]) -> Iterator[str]:
    for name in sorted({*here, *there}):
        if here.get(name) != there.get(name):
            yield f"{what}: {name}: the file has {here.get(name)!r}, the release {there.get(name)!r}"


def _sets(what: str, here: Any, there: Any) -> Iterator[str]:
    more, less = sorted(set(here) - set(there)), sorted(set(there) - set(here))
    if more or less:
        yield f"{what}: only in the file: {more}, only in the release: {less}"


def _modules(here: dict[str, Any], there: dict[str, Any], version: Version) -> Iterator[str]:
    for module in sorted({*here, *there}):
        for what in ("names", "submodules"):
            in_file = names_at(here[module][what], version) if module in here else frozenset()
            yield from _sets(f"{what} of {module}", in_file, there.get(module, {}).get(what, ()))


def _spellings(spellings: dict[str, Any]) -> Iterator[str]:
    for path, name in sorted(spellings.items()):
        if name is not None and catalogue.canonical(path) != catalogue.canonical(name):
            yield f"names: {path} is {name}, and the file makes {catalogue.canonical(path)} of it"


def _kinds(data: Description, description: Description, version: Version) -> Iterator[str]:
    for kind, names in description["kinds"].items():
        present = [name for name in data["kinds"][kind] if _is_there(data, name, version)]
        yield from _sets(f"kind {kind}", present, map(catalogue.canonical, names))


def _is_there(data: Description, name: str, version: Version) -> bool:
    module, _, last = name.rpartition(".")
    return module in data["modules"] and last in names_at(data["modules"][module]["names"], version)


def _optimizers(data: Description, there: dict[str, Any], version: Version) -> Iterator[str]:
    here = {name: entry for name, entry in data["optimizers"].items() if _is_there(data, name, version)}
    known = {catalogue.canonical(name): entry for name, entry in there.items()}
    yield from _sets("optimizers", here, known)
    for name in sorted(here.keys() & known.keys()):
        entry, found = here[name], known[name]
        if entry["family"] != found["family"]:
            yield f"{name}: family {entry['family']} in the file, {found['family']} in the release"
        yield from _sets(f"attributes of {name}", _attributes(data, name, version), found["attributes"])
        for what in ("group_keys", "hidden", "refuses"):
            yield from _sets(f"{what} of {name}", names_at(entry.get(what, {}), version), found.get(what, ()))


def _attributes(data: Description, name: str, version: Version) -> frozenset[str]:
    """All attributes: the entry has those that its base has not."""
    if name == "Cell":
        return names_at(data["attributes"]["Cell"], version)
    entry = data["optimizers"][name]
    own = names_at(entry["attributes"], version)
    return own | _attributes(data, entry["base"], version) if "base" in entry else own
