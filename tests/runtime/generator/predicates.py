"""Sets of parameters of a network by a predicate: their names, the kind of the cells, the rank, identity, submodules.

What a set holds is known here, so that groups can be made that share parameters, or that do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from runtime.generator.networks import Network

EVERY = "net.trainable_params()"


@dataclass(frozen=True)
class Kept:
    """A list of parameters as source, which speaks of ``net`` alone, and the names of those that it holds.

    ``loop`` are lines that make the same list, called ``{name}``.
    """

    text: str
    names: frozenset[str]
    loop: str


def filtered(rng: Random, test: str, names: frozenset[str]) -> Kept:
    """The parameters ``p`` for which ``test`` holds."""
    text = rng.choice((f"[p for p in {EVERY} if {test}]", f"list(filter(lambda p: {test}, {EVERY}))"))
    return Kept(text, names, f"{{name}} = []\nfor p in {EVERY}:\n    if {braced(test)}:\n        {{name}}.append(p)")


def braced(text: str) -> str:
    """``text`` as ``str.format`` gives it back."""
    return text.replace("{", "{{").replace("}", "}}")


def names_of(net: Network) -> frozenset[str]:
    """All of them."""
    return frozenset(one.name for one in net.parameters)


def by_name(rng: Random, net: Network) -> list[Kept]:
    """Tests on names."""
    tests = []
    for word in net.words:
        names = frozenset(one for one in names_of(net) if word in one)
        tests += [(f'"{word}" in p.name', names), (f'"{word}" not in p.name', names_of(net) - names)]
    for _, prefix in net.parts:
        names = frozenset(one for one in names_of(net) if one.startswith(prefix))
        tests += [
            (f'p.name.startswith("{prefix}")', names),
            (f'not p.name.startswith("{prefix}")', names_of(net) - names),
            (f'p.name.split(".")[0] == "{prefix[:-1]}"', names),
        ]
    names = frozenset(one for one in names_of(net) if one.endswith(".weight"))
    tests += [('p.name.endswith(".weight")', names), ('not p.name.endswith(".weight")', names_of(net) - names)]
    several = frozenset(one for one in names_of(net) if any(word in one for word in ("bias", "gamma", "beta")))
    tests.append(('any(word in p.name for word in ("bias", "gamma", "beta"))', several))
    return [filtered(rng, *one) for one in tests]


def by_rank(rng: Random, net: Network) -> list[Kept]:
    """Tests on the number of dimensions."""
    flat = frozenset(one.name for one in net.parameters if one.rank <= 1)
    tests = [(one, names_of(net) - flat) for one in ("p.ndim > 1", "len(p.shape) > 1", "p.ndim >= 2", "p.ndim != 1")]
    tests += [(one, flat) for one in ("p.ndim == 1", "len(p.shape) == 1", "p.ndim <= 1", "p.ndim < 2")]
    return [filtered(rng, *one) for one in tests]


def by_kind(rng: Random, net: Network) -> list[Kept]:
    """The parameters of the cells of a class."""
    kept = []
    for kind in sorted({one.kind for one in net.parameters}):
        names = frozenset(one.name for one in net.parameters if one.kind == kind)
        cells = rng.choice(("for _, cell in net.cells_and_names()", "for name, cell in net.cells_and_names()"))
        of_cell = rng.choice(("cell.trainable_params()", "cell.get_parameters()"))
        test = f"if isinstance(cell, nn.{kind})"
        text = f"[p {cells} {test} for p in {of_cell}]"
        loop = f"{{name}} = []\n{cells}:\n    {test}:\n        {{name}}.extend(cell.trainable_params())"
        kept.append(
            Kept(
                text
                if "get_parameters" not in text or "Norm" not in kind
                else text.replace("cell.get_parameters()", "cell.trainable_params()"),
                names,
                loop,
            )
        )
    return kept


def by_identity(rng: Random, net: Network) -> list[Kept]:
    """Tests on ``id``: those of a submodule, and all others."""
    kept = []
    for path, prefix in net.parts:
        names = frozenset(one for one in names_of(net) if one.startswith(prefix))
        ids = rng.choice(
            (
                f"{{id(q) for q in net{path}.trainable_params()}}",
                f"[id(q) for q in net{path}.trainable_params()]",
                f"set(map(id, net{path}.trainable_params()))",
            )
        )
        kept.append(filtered(rng, f"id(p) in {ids}", names))
        kept.append(filtered(rng, f"id(p) not in {ids}", names_of(net) - names))
    return kept


def by_submodule(rng: Random, net: Network) -> list[Kept]:
    """All parameters of a submodule."""
    kept = []
    for path, prefix in net.parts:
        names = frozenset(one for one in names_of(net) if one.startswith(prefix))
        text = rng.choice((f"net{path}.trainable_params()", f"list(net{path}.trainable_params())"))
        kept.append(Kept(text, names, f"{{name}} = []\nfor p in net{path}.trainable_params():\n    {{name}}.append(p)"))
    return kept


#: Those that test each of ``net.trainable_params()``.
TESTS = (by_name, by_rank, by_identity)
STYLES = {"name": by_name, "rank": by_rank, "kind": by_kind, "identity": by_identity, "submodule": by_submodule}


def any_of(rng: Random, net: Network, style: str) -> Kept:
    """A set in one style that is neither empty nor all."""
    return rng.choice([one for one in STYLES[style](rng, net) if one.names and one.names != names_of(net)])


def others(rng: Random, net: Network, kept: Kept) -> Kept:
    """All parameters that ``kept`` does not hold: in words of its own where there are some, else by identity."""
    rest = names_of(net) - kept.names
    found = [one for style in STYLES.values() for one in style(rng, net) if one.names == rest]
    found.append(filtered(rng, f"id(p) not in {{id(q) for q in {kept.text}}}", rest))
    return rng.choice(found)


def complement(rng: Random, net: Network, kept: Kept) -> Kept:
    """All others, by a test on the same parameters."""
    rest = names_of(net) - kept.names
    found = [one for style in TESTS for one in style(rng, net) if one.names == rest]
    found.append(filtered(rng, f"id(p) not in {{id(q) for q in {kept.text}}}", rest))
    return rng.choice(found)


def part_of(rng: Random, net: Network, kept: Kept) -> Kept:
    """Some parameters of ``kept``, by a test on the same parameters; not all of them."""
    found = [one for style in TESTS for one in style(rng, net) if one.names and one.names < kept.names]
    name = rng.choice(sorted(kept.names))
    names = kept.names - {name}
    if names:
        found.append(filtered(rng, f"p.name in {sorted(names)!r}", names))
    return rng.choice(found)


def sharing(rng: Random, net: Network, kept: Kept) -> Kept:
    """A set that has some parameters of ``kept``."""
    every = [one for style in STYLES.values() for one in style(rng, net)]
    return rng.choice([one for one in every if one.names & kept.names and one.names != names_of(net)])


def nothing(rng: Random, net: Network, style: str) -> str:
    """A set that is empty, as source: the predicate keeps nothing of this network."""
    if style == "name":
        word = rng.choice(("lora", "adapter", "Bias", "embedding_table", "layer4"))
        return filtered(rng, rng.choice((f'"{word}" in p.name', f'p.name.startswith("{word}")')), frozenset()).text
    if style == "rank":
        return filtered(rng, rng.choice(("p.ndim > 4", "p.ndim == 0", "len(p.shape) == 3")), frozenset()).text
    if style == "kind":
        kind = rng.choice(("Embedding", "GroupNorm", "Conv1d"))
        return (
            f"[p for _, cell in net.cells_and_names() if isinstance(cell, nn.{kind}) for p in cell.trainable_params()]"
        )
    path, _ = rng.choice(net.parts)
    if style == "identity":
        return filtered(rng, f"id(p) not in {{id(q) for q in {EVERY}}}", frozenset()).text
    of_part = f"net{path}.trainable_params()"
    return rng.choice((f"{of_part}[:0]", f"[p for p in {of_part} if not p.requires_grad]"))
