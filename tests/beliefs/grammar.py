"""Random programs, put together from lines with holes.

A hole is ``$`` and a letter: a capital stands for an expression or for statements (``$S``), a small letter for a variable that
exists. ``$v1`` and the like are new names, the same one everywhere in the piece.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from typing import Optional

from beliefs import statements

HEAD = """\
import copy
import functools
import itertools
from collections import OrderedDict, defaultdict, namedtuple
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from mindspore import nn
from mindspore.experimental import optim
from elsewhere import flag, other, size

net = nn.SequentialCell(nn.Dense(4, 4), nn.Dense(4, 4), nn.Dense(4, 4))
w0, b0, w1, b1, w2, b2 = net[0].weight, net[0].bias, net[1].weight, net[1].bias, net[2].weight, net[2].bias
optim.SGD([w0, b0, w1, b1, w2, b2], lr=0.1)


class Holder:
    shared = [b2]

    def __init__(self, items, rate=0.1):
        self.items = items
        self.rate = rate
        self.named = {"x": w1}

    def add(self, one):
        self.items.append(one)
        return self

    def taken(self):
        return self.items.pop()

    @property
    def first(self):
        return self.items[0]


"""

START = """\
a = [w0, b0, w1]
b = [w2]
c = []
d = {"x": w0, "y": b1}
e = {"x": [w0, b0], "y": []}
r, s = 0.1, 0.02
n, m = 1, 2
k = "x"
o = Holder([b1, w1])
q = Holder([], rate=0.3)
g = [{"params": [w1]}, {"params": [w2, b2], "lr": 0.5}]
"""

#: Kinds of variables: parameters in lists, dicts of parameters, dicts of lists, rates, whole numbers, texts, objects, groups.
VARIABLES = {"l": "abc", "d": "d", "e": "e", "r": "rs", "n": "nm", "k": "k", "o": "oq", "g": "g"}

#: Expressions: a parameter, a list, a dict of parameters, a number, a test, a whole number, a text, an object, groups.
EXPRESSIONS: dict[str, tuple[str, ...]] = {
    "P": (
        *("w0", "b0", "w1", "b1", "w2", "b2"),
        "net[1].weight",
        "$l[0]",
        "$l[-1]",
        "$l[$n]",
        "$d[$K]",
        "$d.get($K, $P)",
        "$o.first",
        "$o.items[0]",
        "$o.taken()",
        "$l.pop()",
        "next(iter($L))",
        "($P if $C else $P)",
        "max($L, key=lambda p: p.name)",
        "[$P, $P][$C]",
        "getattr(net[$I], 'weight')",
        "net.trainable_params()[$I]",
        "$o.named['x']",
        "next((p for p in $L if p.ndim > 1), $P)",
    ),
    "L": (
        *("$l", "$l", "$l"),
        "[]",
        "[$P]",
        "[$P, $P]",
        "[*$L, $P]",
        "[*$L, *$L]",
        "$L + $L",
        "$L + [$P]",
        "list($L)",
        "list(tuple($L))",
        "$l[:]",
        "$l[1:]",
        "$l[:-1]",
        "$l[::-1]",
        "$l[::2]",
        "$l[$I:$I]",
        "$l[-$I:]",
        "$L * $I",
        "($L or $L)",
        "($L and $L)",
        "($L if $C else $L)",
        "$l.copy()",
        "copy.copy($L)",
        "[p for p in $L if p.ndim > 1]",
        "[p for p in $L if 'bias' not in p.name]",
        "[p for p in $L if p.name != $P.name]",
        "[p for p in $L if p is not $P]",
        "[p for p in $L if $C]",
        "[p for x in ($L, $L) for p in x]",
        "[p for i, p in enumerate($L) if i % 2]",
        "[p for p, _ in zip($L, $L)]",
        "[p for pair in zip($L, $L) for p in pair]",
        "[d[k] for k in ('x', 'y') if k in d]",
        "[$P for _ in range($I)]",
        "[$d.get(x, $P) for x in 'xyz']",
        "list(filter(lambda p: p.ndim > 1, $L))",
        "list(map(lambda p: p, $L))",
        "list(map(lambda x: x[0], [$L, $L]))",
        "list(reversed($L))",
        "sorted($L, key=lambda p: p.name)",
        "sorted($L, key=lambda p: -p.ndim)",
        "sorted($L, key=lambda p: p.name, reverse=True)",
        "list($d.values())",
        "[p for _, p in $d.items()]",
        "[$d[x] for x in $d]",
        "[$d[x] for x in sorted($d)]",
        "list(dict.fromkeys($L))",
        "list({p.name: p for p in $L}.values())",
        "$e[$K]",
        "$e.get($K, $L)",
        "$e.setdefault($K, $L)",
        "[p for x in $e.values() for p in x]",
        "sum($e.values(), [])",
        "sum([$L, $L], [])",
        "list(itertools.chain($L, $L))",
        "list(itertools.chain.from_iterable([$L, $L]))",
        "list(itertools.islice($L, $I))",
        "list(itertools.takewhile(lambda p: p.ndim > 1, $L))",
        "list(itertools.compress($L, [True, False, $C, True]))",
        "[p for p in itertools.zip_longest($L, $L, fillvalue=$P) for p in p]",
        "[p for _, x in itertools.groupby($L, key=lambda p: p.ndim) for p in x]",
        "functools.reduce(lambda x, y: x + y, [$L, $L], [])",
        "functools.reduce(lambda x, y: [y, *x], $L, [])",
        "functools.partial(sorted, key=lambda p: p.name)($L)",
        "(lambda x: x + [$P])($L)",
        "(lambda x=$L: x)()",
        "(lambda *x: [*x])(*$L)",
        "(lambda **x: list(x.values()))(one=$P, **{'two': $P})",
        "$o.items",
        "$o.add($P).items",
        "getattr($o, 'items')",
        "getattr($o, 'missing', $L)",
        "vars($o)['items']",
        "$o.__dict__['items']",
        "Holder.shared",
        "$o.shared",
        "Holder($L).items",
        "net.trainable_params()",
        "net[$I].trainable_params()",
        "list(net.get_parameters())",
        "max(($L, $L), key=len)",
        "min([$L, $L], key=lambda x: len(x))",
        "[$L, $L][$C]",
        "[$L, $L][$I % 2]",
        "{True: $L, False: $L}[$C]",
        "dict(x=$L, y=$L)[$K]",
        "next(iter([$L, $L]))",
        "($v1 := $L)",
        "($v1 := $L) + $v1",
        "[*($L), *(p for p in $L)]",
        "list(x for x in $L)",
        "[*{**$d, 'x': $P}.values()]",
        "list(($d | {'z': $P}).values())",
        "$g[0]['params']",
        "$g[-1].get('params')",
        "[p for x in $g for p in x['params']]",
        "[p for _ in range(2) for p in $L]",
        "list(OrderedDict((p.name, p) for p in $L).values())",
    ),
    "D": (
        "$d",
        "{'x': $P, 'z': $P}",
        "dict($d)",
        "dict(x=$P, y=$P)",
        "{**$d, $K: $P}",
        "{p.name: p for p in $L}",
        "dict(zip('xyz', $L))",
        "$d | {$K: $P}",
        "{x: y for x, y in $d.items() if x != $K}",
        "{x: $d[x] for x in sorted($d)}",
        "copy.copy($d)",
        "dict.fromkeys(('x', 'y'), $P)",
        "OrderedDict(x=$P)",
        "dict([('x', $P), ('y', $P)])",
        "{**dict(x=$P), **$D}",
    ),
    "N": (
        *("$r", "$r", "0.1", "0.01", "1e-3"),
        "$r * 2",
        "$r / 2",
        "$r + $N",
        "$r * 10 ** -$I",
        "abs(-$r)",
        "min($r, $N)",
        "max($r, $N)",
        "round($r, 1)",
        "float($n)",
        "float('0.25')",
        "($N if $C else $N)",
        "($r or $N)",
        "($r and $N)",
        "[$r, $N][$C]",
        "($r, $N)[$I % 2]",
        "{True: $N, False: $N}[$C]",
        "{'x': $N, 'y': $N}.get($K, $r)",
        "$o.rate",
        "getattr($o, 'rate', 0.7)",
        "getattr($o, 'missing', 0.7)",
        "len($L) * 0.125",
        "sum([$N, $N])",
        "sum(0.125 for _ in $L)",
        "$g[1]['lr']",
        "$g[0].get('lr', $N)",
        "(lambda x, y=$N: x + y)($r)",
        "(lambda: $r)()",
        "functools.reduce(lambda x, y: x * y, [$N, $N], 0.5)",
        "next(x for x in ($r, $N) if x > 0.05 or x <= 0.05)",
        "0.25 * $C",
        "int($C) / 4 + 0.5",
        "($v1 := $N)",
        "divmod(5, 2)[1] * $r",
        "-(-$r)",
        "0.5 ** $I",
        "$n / 8 + 0.1",
    ),
    "C": (
        *("flag", "other", "flag", "not other", "size > 1", "flag and other", "flag or other", "flag == other"),
        "size == $I",
        "$I < size <= 3",
        "not $C",
        "($C and $C)",
        "($C or $C)",
        "len($l) > $I",
        "len($l) == len($l)",
        "bool($l)",
        "not $l",
        "$l is $l",
        "$o is $o",
        "$P is $P",
        "$r > $N",
        "$r == $N",
        "0 < $n < 3",
        "$n % 2 == 0",
        "$k == $K",
        "$k != 'x'",
        "$k in ('x', 'y')",
        "$k.startswith('x')",
        "$k in $d",
        "'y' not in $d",
        "$d.get($K) is None",
        "$o.rate is not None",
        "isinstance($l, list)",
        "isinstance($o, Holder)",
        "hasattr($o, 'rate')",
        "hasattr($o, 'missing')",
        "any(p.ndim == 1 for p in $L)",
        "all(p.ndim == 1 for p in $L)",
        "any($C for _ in range(2))",
        "id($P) in [id(p) for p in $L]",
        "$P.name in {p.name for p in $L}",
        "bool($e.get($K))",
        "$n == True",
        "$n in (1, 2)",
        "callable(lambda: 0)",
        "'lr' in $g[0]",
        "True",
    ),
    "I": (
        *("0", "1", "2", "$n", "$n"),
        "$n + 1",
        "$n - 1",
        "len($l)",
        "len($d)",
        "-1",
        "$n % 3",
        "$n // 2",
        "int($C)",
        "sum(1 for _ in $L)",
        "$n * $n",
        "abs($n)",
        "ord('b') - ord('a')",
        "len($k)",
        "size",
        "$C + 1",
    ),
    "K": (
        *("'x'", "'y'", "$k", "$k"),
        "'z'",
        "'xyz'[$I]",
        "('x' if $C else 'y')",
        "$k.lower()",
        "$k * 2",
        "$k + 'y'",
        "f'{$k}'",
        "'%s' % $k",
        "'{}'.format($k)",
        "'-'.join(['x', $k])",
        "str($n)",
        "next(iter($d))",
        "max($d)",
        "'x-y'.split('-')[$I]",
        "'xy'.replace('x', $k)",
        "$P.name.split('.')[-1][0]",
    ),
    "O": (
        "$o",
        "$o",
        "Holder($L)",
        "Holder($L, rate=$N)",
        "copy.copy($o)",
        "Holder(items=$o.items)",
        "copy.deepcopy($o)",
    ),
    "G": (
        "$g",
        "[{'params': $L}]",
        "[{'params': $L, 'lr': $N}, {'params': $L}]",
        "[{'params': x} for x in ($L, $L)]",
        "[{'params': x, 'lr': y} for x, y in zip([$L, $L], [$N, $N])]",
        "[{'params': [p], 'lr': $N} for p in $L]",
        "[*$g, {'params': $L}]",
        "[dict(params=$L, lr=$N)]",
        "[dict(x, lr=$N) for x in $g]",
        "[{**x, 'weight_decay': $N} for x in $g]",
        "$g[:1]",
        "$g[::-1]",
        "copy.copy($g)",
        "[x.copy() for x in $g]",
        "[x for x in $g if x['params']]",
        "[x for x in $g if 'lr' in x]",
        "list(map(lambda x: {'params': x}, [$L, $L]))",
        "[{'params': $L}] + ([{'params': $L, 'lr': $N}] if $C else [])",
        "[{'params': y, 'lr': $N} for x, y in $e.items()]",
        "[{'params': $L, **({'lr': $N} if $C else {})}]",
        "[{'params': $L, **dict(lr=$N)}]",
    ),
}

#: Where optimizers are built. Each stands on one line.
PROBES = (
    "optim.SGD($L, lr=$N)",
    "optim.SGD($l, lr=$r)",
    "nn.SGD($l, $r)",
    "nn.SGD($L, learning_rate=$N, weight_decay=$N)",
    "nn.Adam([{'params': $L, 'lr': $N}, {'params': $L}], $N)",
    "nn.SGD($G, 0.1)",
    "nn.SGD($g, $r)",
    "nn.Adam(params=$G, learning_rate=$N)",
    "optim.Adam($l, **{'lr': $N})",
    "nn.SGD(*($L, $N))",
    "functools.partial(nn.SGD, $l)(learning_rate=$r)",
)

#: At the end, what became of everything.
LAST = (
    *(f"optim.SGD({name}, lr=r)" for name in "abc"),
    "optim.SGD(list(d.values()), lr=s)",
    "optim.SGD(e['x'], lr=s)",
    "optim.SGD(o.items, lr=o.rate)",
    "optim.SGD(q.items, lr=q.rate)",
    "optim.SGD(o.shared + [o.named['x']], lr=s)",
    "nn.SGD(g, 0.1)",
    "optim.SGD(a, lr=n / 8)",
    "optim.SGD(a, lr=0.5 if k == 'x' else 0.25)",
)

#: What the program does not say, all ways that matter.
SETTINGS = [
    {"flag": flag, "other": other, "size": size} for flag in (False, True) for other in (False, True) for size in (0, 2)
]

_HOLE = re.compile(r"\$([a-z]\d?|PROBE|[A-Z])")
_INDENTED = re.compile(r"^( *)\$S$", re.MULTILINE)


class Writer:
    """Writes one program. ``names`` are the statements that it is made of."""

    def __init__(self, chance: random.Random, depth: int = 2) -> None:
        self.chance = chance
        self.depth = depth
        self.fresh = 0

    def piece(self, form: str, depth: Optional[int] = None) -> str:
        """A form with its holes filled."""
        depth = self.depth if depth is None else depth
        new: dict[str, str] = {}
        text = _INDENTED.sub(lambda found: self._block(found[1], depth), form)

        def filled(found: re.Match[str]) -> str:
            hole = found[1]
            if hole == "PROBE":
                return self.piece(self.chance.choice(PROBES), depth - 1)
            if hole[0] == "v":
                if hole not in new:
                    self.fresh += 1
                    new[hole] = f"v{self.fresh}"
                return new[hole]
            if hole in VARIABLES:
                return self.chance.choice(VARIABLES[hole])
            return self.expression(hole, depth - 1)

        return _HOLE.sub(filled, text)

    def expression(self, kind: str, depth: int) -> str:
        forms = EXPRESSIONS[kind]
        if depth <= 0 or self.chance.random() < 0.3:
            forms = tuple(form for form in forms if not re.search(r"\$[A-Z]", form))
        return self.piece(self.chance.choice(forms), depth)

    def _block(self, indent: str, depth: int) -> str:
        pieces = [self.statement(depth - 1) for _ in range(self.chance.choice((1, 1, 2)))]
        return "\n".join(indent + line for piece in pieces for line in piece.splitlines())

    def statement(self, depth: int) -> str:
        forms = STATEMENTS if depth > 0 else SIMPLE
        return self.piece(self.chance.choice(forms), depth).rstrip("\n")


def _can_be_read(form: str) -> bool:
    return sys.version_info >= (3, 10) or not form.startswith("match ")


STATEMENTS = tuple(form for form in statements.STATEMENTS if _can_be_read(form))
#: Statements of one line.
SIMPLE = tuple(form for form in STATEMENTS if form.count("\n") == 1)

#: Where the statements stand: at the top, in a function, in one that is given what is not known, in a method.
PLACES = (
    "{body}",
    "def main():\n{inner}\n\nmain()\n",
    "def main(flag, other, size):\n{inner}\n\nmain(flag, other, size)\n",
)


def placed(place: str, body: str) -> str:
    inner = "".join(f"    {line}\n" for line in body.splitlines())
    return HEAD + place.format(body=body, inner=inner)


Works = Callable[[str], bool]


def program(chance: random.Random, works: Works, size: int = 5) -> str:
    """A program of which ``works`` says that it does. Statements that fail are left out again."""
    writer = Writer(chance)
    place = chance.choice(PLACES)
    body = START
    forms = [chance.choice(STATEMENTS) for _ in range(size)]
    for form in (*forms, *LAST):
        more = body + writer.piece(form).rstrip("\n") + "\n"
        if works(placed(place, more)):
            body = more
    return placed(place, body)
