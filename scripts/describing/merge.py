"""All releases: what did not change between them is stored once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Optional

from describing.tables import DOCUMENTED_SINCE, EXTINCT, WRAPPERS, Description


class Span:
    """In which releases something holds, as text: ``2.0.0`` (since), ``2.0.0<2.9.0`` (and before)."""

    def __init__(self, releases: list[str]) -> None:
        self.releases = releases

    def of(self, present: Iterable[str], name: str) -> list[str]:
        """The spans that cover the releases in ``present``, one for each gap-free run. ``name`` is whose they are."""
        flags = [release in set(present) for release in self.releases] + [False]
        spans: list[str] = []
        start: Optional[int] = None
        for index, flag in enumerate(flags):
            if flag and start is None:
                start = index
            elif not flag and start is not None:
                end = f"<{self.releases[index]}" if index < len(self.releases) else ""
                spans.append(self._since(start, name) + end)
                start = None
        return spans

    def _since(self, start: int, name: str) -> str:
        """The release at ``start``, or the first one that the documentation has, if no described one lies between."""
        found = self.releases[start]
        star = name.rpartition(".")[0] + ".*"
        earlier = DOCUMENTED_SINCE.get(name, DOCUMENTED_SINCE.get(star, found))
        before = self.releases[start - 1] if start else found
        return earlier if version(before) < version(earlier) < version(found) else found

    def names(self, found: Mapping[str, Iterable[str]], owner: str, of_module: bool = False) -> dict[str, list[str]]:
        """Release -> names becomes span -> names: members of a module, or attributes of a class."""
        present: dict[str, list[str]] = {}
        for release, names in found.items():
            for name in names:
                present.setdefault(name, []).append(release)
        result: dict[str, list[str]] = {}
        for name in sorted(present):
            for span in self.of(present[name], f"{owner}.{name}" if of_module else owner):
                result.setdefault(span, []).append(name)
        return dict(sorted(result.items(), key=lambda item: version(item[0])))

    def values(self, found: dict[str, Any], owner: str) -> dict[str, Any]:
        """Release -> value becomes span -> value."""
        by_value: dict[str, list[str]] = {}
        for release, value in found.items():
            by_value.setdefault(json.dumps(value), []).append(release)
        pairs = [(span, json.loads(text)) for text, present in by_value.items() for span in self.of(present, owner)]
        return dict(sorted(pairs, key=lambda item: version(item[0])))


def version(text: str) -> tuple[int, ...]:
    """Numbers of a release or span, to sort by."""
    return tuple(map(int, re.findall(r"\d+", text)))


def true_names(descriptions: list[Description]) -> dict[str, str]:
    """Every spelling and its canonical name. Oldest first: the newest release has the last word."""
    truth = dict(EXTINCT)
    for description in descriptions:
        for path, canonical in description["spellings"].items():
            truth[path] = canonical or path
    return truth


def aliases(truth: dict[str, str], modules: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """What the rule of ``names.py`` gets wrong: module of the spelling -> module of the canonical name -> names.

    A name that is not the same on both sides is ``spelled:canonical``.
    """
    from ms_optim_lint.mindspore.names import Names

    names = {module: {name for found in entry["names"].values() for name in found} for module, entry in modules.items()}
    reexported = {path: name for path, name in truth.items() if path != name and path.rpartition(".")[0] in names}
    rule = Names(names, reexported)
    wrong = {path: name for path, name in truth.items() if rule.canonical(path) != name}
    result: dict[str, dict[str, list[str]]] = {}
    for path, name in sorted({**reexported, **wrong}.items()):
        home, _, spelled = path.rpartition(".")
        target, _, last = name.rpartition(".")
        word = spelled if spelled == last else f"{spelled}:{last}"
        result.setdefault(home, {}).setdefault(target, []).append(word)
    return result


def merge(descriptions: list[Description]) -> Description:
    """Put descriptions of several releases together."""
    descriptions = sorted(descriptions, key=lambda description: version(description["release"]))
    span = Span([description["release"] for description in descriptions])
    truth = true_names(descriptions)

    def collect(section: str) -> dict[str, dict[str, Any]]:
        """Key -> release -> value, under the names that the newest release has."""
        found: dict[str, dict[str, Any]] = {}
        for description in descriptions:
            for key, value in description[section].items():
                found.setdefault(truth.get(key, key), {})[description["release"]] = value
        return dict(sorted(found.items()))

    modules = {
        module: {
            what: span.names({release: entry[what] for release, entry in found.items()}, module, of_module=True)
            for what in ("names", "submodules")
        }
        for module, found in collect("modules").items()
    }
    kinds = {
        kind: sorted({truth.get(name, name) for names in found.values() for name in names})
        for kind, found in collect("kinds").items()
    }
    attributes = collect("attributes")
    entries = collect("optimizers")
    return {
        "releases": span.releases,
        "modules": modules,
        "aliases": aliases(truth, modules),
        "kinds": kinds,
        "signatures": {name: span.values(found, name) for name, found in collect("signatures").items()},
        "deprecated": {name: span.values(found, name) for name, found in collect("deprecated").items()},
        "optimizers": {name: optimizer(name, found, entries, attributes, span) for name, found in entries.items()},
        "layers": {name: span.values(found, name) for name, found in collect("layers").items()},
        "attributes": {kind: span.names(found, kind) for kind, found in attributes.items()},
    }


def optimizer(
    name: str, found: dict[str, Any], entries: dict[str, Any], attributes: dict[str, Any], span: Span
) -> dict[str, Any]:
    """One optimizer: what does not change, and what does by span; attributes as additions to a base."""
    family = next(iter(found.values()))["family"]
    entry: dict[str, Any] = {"family": family}
    if name in WRAPPERS:
        entry["wraps"] = WRAPPERS[name]
    bases = ["mindspore.nn.Optimizer" if family == "nn" else "mindspore.experimental.optim.Optimizer", "Cell"]
    for base in bases:
        known = attributes[base] if base == "Cell" else {r: e["attributes"] for r, e in entries[base].items()}
        if base != name and all(set(known.get(r, "-")) <= set(e["attributes"]) for r, e in found.items()):
            entry["base"] = base
            added = {r: sorted(set(e["attributes"]) - set(known[r])) for r, e in found.items()}
            break
    else:
        added = {release: description["attributes"] for release, description in found.items()}
    entry["attributes"] = span.names(added, name)
    for what in ("group_keys", "hidden", "refuses"):
        spans = span.names({release: described.get(what, ()) for release, described in found.items()}, name)
        if spans:
            entry[what] = spans
    return entry
