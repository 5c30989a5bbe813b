"""Statements with holes; see ``grammar.py``."""

STATEMENTS = """\
$l = $L
---
$l = $L
---
$l, $l = $l, $l
---
$l, $l = $L, $L
---
$l = $l = $L
---
$v1, *$l = $L
---
*$l, $v1 = $L
---
$v1, *$l, $v2 = $L
---
($v1, $v2), $l = ($P, $P), $L
$l.append($v2)
---
[$v1, $v2] = $P, $P
$l = [$v2, $v1]
---
$r, $l = $N, $L
---
$l: list = $L
---
$l += $L
---
$l += ($P,)
---
$l += (p for p in $L)
---
$l *= $I
---
$l = $l + $L
---
$l.append($P)
---
$l.append($P)
---
$l.extend($L)
---
$l.extend(p for p in $L if $C)
---
$l.insert($I, $P)
---
$l.insert(0, $P)
---
$l.pop()
---
$l.pop($I)
---
$l.pop(0)
---
$v1 = $l.pop()
$l.append($v1)
---
$l.remove($P)
---
$l.reverse()
---
$l.sort(key=lambda p: p.name)
---
$l.clear()
---
$l[$I] = $P
---
$l[0] = $P
---
$l[0], $l[-1] = $l[-1], $l[0]
---
$l[$I:$I] = $L
---
$l[:] = $L
---
$l[len($l):] = $L
---
$l[::2] = [$P for _ in $l[::2]]
---
del $l[$I]
---
del $l[0], $l[-1]
---
del $l[:$I]
---
del $l[:]
---
$v1 = $l
del $v1[-1]
---
$v1 = $l.append
$v1($P)
---
list(map($l.append, $L))
---
[$l.append(p) for p in $L]
---
any($l.append(p) for p in $L)
---
list.append($l, $P)
---
$d[$K] = $P
---
$d[$k] = $P
---
$d.update({$K: $P})
---
$d.update(y=$P)
---
$d.update($D)
---
$d.update([($K, $P)])
---
$d.pop($K, None)
---
$d.setdefault($K, $P)
---
$d |= {$K: $P}
---
$d = $D
---
$d = {**$d, **$D}
---
del $d[$K]
---
$d.popitem()
---
$v1 = $d.keys()
$d['w'] = $P
$l = [$d[x] for x in $v1]
---
$v1 = $d
$v1[$K] = $P
---
$d[1], $d[True] = $P, $P
$l.append($d[1])
---
$e[$K] = $L
---
$e[$K].append($P)
---
$e.setdefault($K, []).append($P)
---
$e.setdefault($K, $L).extend($L)
---
$e[$K] += $L
---
for x in $e.values():
    x.append($P)
---
for x, y in $e.items():
    y.extend($L)
    $e[x] = y[:1]
---
$e = {x: list(y) for x, y in $e.items()}
---
$e = defaultdict(list, $e)
$e[$K].append($P)
---
$e = defaultdict(list)
for p in $L:
    $e['x' if p.ndim > 1 else 'y'].append(p)
---
$e = dict.fromkeys('xy', [])
$e['x'].append($P)
---
$e = dict(x=$L, y=$L)
---
$e = copy.deepcopy($e)
---
$e = copy.copy($e)
$e[$K].append($P)
---
$r = $N
---
$r = $N
---
$r *= 2
---
$r /= 2
---
$r += $N
---
$r **= 2
---
$r, $r = $r, $r
---
$n = $I
---
$n += 1
---
$n -= 1
---
$n, $n = $n, $n
---
$n %= 2
---
$k = $K
---
$k += 'y'
---
$o = $O
---
$o, $o = $o, $o
---
$o.items = $L
---
$o.items, $o.rate = $L, $N
---
$o.items.append($P)
---
$o.items += $L
---
$o.add($P)
---
$o.add($P).add($P)
---
$o.add
$l = $o.items
---
$o.taken()
---
$o.rate = $N
---
$o.rate *= 2
---
$o.items[$I] = $P
---
del $o.items[0]
---
setattr($o, 'items', $L)
---
setattr($o, 'rate', $N)
---
vars($o)['items'] = $L
---
vars($o).update(items=$L, rate=$N)
---
$o.__dict__['rate'] = $N
---
$o.__dict__.update({'items': $L})
---
$o.shared.append($P)
---
Holder.shared = $L
---
$o.shared = $L
---
$o.named['x'] = $P
---
Holder.rate = $N
del $o.rate
---
Holder.first = property(lambda self: $P)
---
Holder.taken = lambda self: self.items.pop(0)
---
Holder.add($o, $P)
---
$o.__init__($L)
---
$o.add = lambda one: $o
---
for $v1 in ($o, $o):
    $v1.add($P)
---
for x in ('items', 'shared'):
    getattr($o, x).append($P)
---
for x in ('items', 'shared'):
    setattr($o, x, $L)
---
$g = $G
---
$g.append({'params': $L})
---
$g.append(dict(params=$L, lr=$N))
---
$g += [{'params': $L, 'lr': $N}]
---
$g[0]['lr'] = $N
---
$g[-1]['params'] = $L
---
$g[0]['params'].append($P)
---
$g[0]['params'] += $L
---
$g[-1].update(lr=$N)
---
$g[0].setdefault('lr', $N)
---
$g[-1].pop('lr', None)
---
$g.pop()
---
$g.insert(0, {'params': $L})
---
$g[0], $g[-1] = $g[-1], $g[0]
---
for x in $g:
    x['lr'] = $N
---
for x in $g:
    x.setdefault('lr', $N)
---
for i, x in enumerate($g):
    x['lr'] = $r * (i + 1)
---
for x in $g:
    x['params'] = [p for p in x['params'] if p.ndim > 1]
---
for x in reversed($g):
    x['params'].append($P)
    break
---
$g[:] = [x for x in $g if len(x['params']) > 1]
---
if $C:
    $S
---
if $C:
    $S
else:
    $S
---
if $C:
    $S
elif $C:
    $S
else:
    $S
---
if ($v1 := $L):
    $l = $v1
    $S
---
if flag:
    $v1 = $L
if flag:
    $l = $v1
---
try:
    $v1 = [$L][size]
except IndexError:
    $v1 = $L
$l = $v1
---
for $v1 in $L:
    $l.append($v1)
    if $C:
        break
else:
    $S
---
for $v1 in $L:
    if $v1.ndim > 1:
        continue
    $S
    $l.append($v1)
---
for p in $L:
    $S
---
for p in $L:
    $l = $l + [p]
---
for p in $L:
    $l = [p]
---
for i in range($I):
    $S
---
for i in range(3):
    if i == $I:
        break
    $S
else:
    $S
---
for i in range(3):
    for p in $L:
        if p.ndim == 1:
            break
        $S
    else:
        $S
---
for x in ($L, $L):
    x.append($P)
---
for $r in ($N, $N):
    $S
---
for $l in ($L, $L):
    $S
---
for i, p in enumerate($L):
    if i % 2:
        $l.append(p)
---
for p, x in zip($L, ($N, $N)):
    $r = x
    $l.append(p)
---
for x, p in $d.items():
    if x != $K:
        $l.append(p)
---
for x in list($d):
    if $C:
        del $d[x]
---
for p in $l[:]:
    if p.ndim == 1:
        $l.remove(p)
---
for p in list($l):
    $l.insert(0, p)
---
for $l[0] in $L:
    $S
---
for $d['x'] in $L:
    pass
---
for x in $l:
    if len($l) < 5:
        $l.append($P)
---
$n = 0
while $n < 2:
    $S
    $n += 1
---
$n = 0
while True:
    $n += 1
    if $n > 2:
        break
    $S
---
while $l:
    $l = $l[1:]
    $S
---
while len($l) > 2:
    $l.pop()
else:
    $S
---
while len($l) < 3:
    $l.append($P)
---
while $C:
    $S
    break
else:
    $S
---
try:
    $S
    $l = [$P]
    $v1 = {}['missing']
    $S
except KeyError:
    $S
---
try:
    $S
except ValueError:
    $S
else:
    $S
finally:
    $S
---
try:
    $l.append($P)
    $l.remove(None)
    $l.append($P)
except ValueError:
    $l.append($P)
---
try:
    if $C:
        raise ValueError
    $S
except ValueError as error:
    $S
finally:
    $S
---
try:
    try:
        $l.append($P)
        raise KeyError
    finally:
        $S
except LookupError:
    $S
---
for i in range(2):
    try:
        $S
        continue
    finally:
        $l.append($P)
---
for i in range(2):
    try:
        if $C:
            break
        $S
    finally:
        $S
---
with suppress(KeyError):
    $l = $L
    {}['missing']
    $l = $L
---
with suppress(ValueError):
    $S
    raise ValueError
---
class $v1:
    def __enter__(self):
        return $L

    def __exit__(self, *_):
        return True

with $v1() as $l:
    $S
    raise ValueError
---
class $v1:
    def __enter__(self):
        $l.append($P)
        return self

    def __exit__(self, *_):
        $l.append($P)

with $v1():
    $S
---
@contextmanager
def $v1():
    $l.append($P)
    yield $L
    $o.items.append($P)

with $v1() as $l:
    $S
---
with contextmanager(lambda: iter([$L]))() as $l:
    pass
---
match $I:
    case 0:
        $S
    case 1 | 2:
        $S
    case _:
        $S
---
match $L:
    case []:
        $S
    case [$v1]:
        $l = [$v1]
    case [$v1, *$v2]:
        $l = $v2
---
match $d:
    case {'x': $v1}:
        $l.append($v1)
    case {}:
        $S
---
match $k:
    case 'x' | 'y' as $v1:
        $d[$v1] = $P
    case $v1 if $C:
        $S
---
match $o:
    case Holder(items=$v1, rate=$v2):
        $l, $r = $v1, $v2
---
match ($I, $L):
    case (0, $v1):
        $l = $v1
    case ($n, [*_, $v1]):
        $l = [$v1]
---
def $v1(x):
    x.append($P)
    return x

$l = $v1($L)
---
def $v1(x):
    x.append($P)

$v1($l)
---
def $v1(x):
    x = x + [$P]
    return x

$v1($l)
---
def $v1(x):
    x += [$P]

$v1($l)
---
def $v1(x, y=[]):
    y.append(x)
    return y

$v1($P)
$l = $v1($P)
---
def $v1(x, y=None, *z, t=$L, **u):
    y = y or []
    return [x, *y, *z, *t, *u.values()]

$l = $v1($P, $L, $P, one=$P)
---
def $v1(x=$l):
    return x

$l = $L
$l = $v1()
---
def $v1():
    return $l

$l = $L
$l = $v1()
---
def $v1():
    for p in $L:
        if p.ndim == 1:
            return [p]
        $l.append(p)
    return $L

$l = $v1()
---
def $v1(x):
    if $C:
        return $L
    if x > 0.05:
        return $l
    return []

$l = $v1($r)
---
def $v1(x):
    try:
        return x
    finally:
        x.append($P)

$l = $v1($L)
---
def $v1(x):
    for i in range(2):
        try:
            return [$P]
        finally:
            if $C:
                break
    return x

$l = $v1($L)
---
def $v1(x):
    try:
        return [x.pop()]
    except IndexError:
        return []
    finally:
        $d['x'] = $P

$l = $v1($l)
---
def $v1():
    try:
        raise KeyError
    except KeyError:
        return [$P]
    else:
        return []

$l = $v1()
---
def $v1(x):
    return x if len(x) < 2 else $v1(x[1:])

$l = $v1($L)
---
def $v1(x, i=0):
    if i < 3:
        x.append($P)
        $v1(x, i + 1)

$v1($l)
---
def $v1():
    yield $P
    yield from $L

$l = list($v1())
---
def $v1(x):
    for p in x:
        if p.ndim > 1:
            yield p
            $l.append(p)

$l = [p for p in $v1($L)]
---
def $v1():
    $l.append($P)
    yield

$v1()
---
def $v1():
    $l.append($P)
    yield $P

$v2 = $v1()
next($v2)
---
$v1 = (p for p in $l)
$l.append($P)
$l = list($v1)
---
$v1 = map(lambda p: $l.append(p), $L)
$S
list($v1)
---
$v1 = iter($L)
next($v1, None)
$l = list($v1)
---
$v1 = iter($L)
$l = [p for p in $v1]
$l = [p for p in $v1]
---
$v1 = iter($L)
for p in $v1:
    if p.ndim == 1:
        break
$l = list($v1)
---
$v1 = zip($L, $L)
$l = [p for p, _ in $v1]
$l = [p for _, p in $v1]
---
$v1 = enumerate($l)
$l.append($P)
$l = [p for _, p in $v1]
---
$v1, $v2 = itertools.tee($L)
$l = [*$v1, *$v2]
---
$v1 = reversed($l)
$l = [*$v1, *$v1]
---
$v1 = []
for p in $L:
    $v1.append(lambda: p)
$l = [f() for f in $v1]
---
$v1 = [lambda x=x: x for x in ($L, $L)]
$l = $v1[0]()
---
$v1 = [lambda: x for x in ($L, $L)]
$l = $v1[0]()
---
$v1 = lambda: $r * 2
$r = $N
$r = $v1()
---
def $v1():
    x = $L

    def inner(p):
        nonlocal x
        x = x + [p]

    inner($P)
    inner($P)
    return x

$l = $v1()
---
def $v1():
    x = []

    def inner(p):
        x.append(p)
        return x

    return inner

$v2 = $v1()
$v2($P)
$l = $v2($P)
---
def $v1():
    y = 0.5

    def inner():
        nonlocal y
        y /= 2
        return y

    return inner

$v2 = $v1()
$v2()
$r = $v2()
---
def $v1():
    global $l, $r
    $l = $L
    $r = $N

$v1()
---
def $v1():
    nonlocal $l, $r
    $l = $L
    $r = $N

$v1()
---
def $v1():
    nonlocal $n
    $n += 1
    return $L

$l = [*$v1(), *$v1()]
---
def $v1(f):
    def inner(*x, **y):
        return [*f(*x, **y), $P]
    return inner

@$v1
def $v2(x):
    return list(x)

$l = $v2($L)
---
def $v1(f):
    f($L)
    return f

@$v1
def $v2(x):
    $l.extend(x)
---
@functools.lru_cache(None)
def $v1(x):
    $l.append($P)
    return []

$v1(1)
$v1(1).append($P)
$l = $v1(1)
---
@functools.wraps(len)
def $v1(x):
    return $L

$l = $v1(0)
---
$v1 = functools.partial(lambda x, y: [x, *y], $P)
$l = $v1($L)
---
$v1 = functools.partial(Holder, rate=$N)
$o = $v1($L)
---
def $v1(x, **more):
    more.setdefault('lr', $N)
    more['lr'] *= 2
    $r = more['lr']
    return more

$g = [$v1(0, params=$L), $v1(0, params=$L, lr=$N)]
---
def $v1(**more):
    return {**{'lr': $N}, **more}

$g = [$v1(params=$L), $v1(**{'params': $L, 'lr': $N})]
---
def $v1(x, /, *, y=$N):
    return {'params': x, 'lr': y}

$g.append($v1($L, y=$N))
---
class $v1(Holder):
    def add(self, one):
        super().add(one)
        self.items.append($P)
        return self

$o = $v1($L)
$o.add($P)
---
class $v1(Holder):
    shared = $L

    def __init__(self, items):
        super().__init__(items, $N)
        self.items = self.items + self.shared

$o = $v1($L)
---
class $v1(Holder):
    rate = 0.9

    def __init__(self, items):
        self.items = items

$o = $v1($L)
---
class $v1(Holder):
    @property
    def items(self):
        return [*self.kept, $P]

    @items.setter
    def items(self, x):
        self.kept = x

$o = $v1($L)
---
class $v1:
    items = []

    def add(self, one):
        self.items = self.items + [one]
        return self

    rate, shared = 0.2, []

$v1().add($P)
$o = $v1().add($P)
---
class $v1:
    items, rate, shared = $L, $N, $L

    @classmethod
    def add(cls, one):
        cls.items.append(one)
        return cls

    @staticmethod
    def taken():
        return $P

$o = $v1
$o.add($P)
---
class $v1:
    def __init__(self):
        self.x = $L

class $v2($v1):
    def __init__(self):
        super().__init__()
        self.x.append($P)

class $v3($v1):
    def __init__(self):
        super().__init__()
        self.x = [$P] + self.x

class $v4($v2, $v3):
    pass

$l = $v4().x
---
class $v1:
    all = []

    def __init_subclass__(cls, **_):
        cls.all.append($P)
        cls.own = $L

class $v2($v1):
    pass

$l = $v2.all
$l = $v2.own
---
class $v1:
    __slots__ = ('x', 'y')

    def __init__(self, x, y=$N):
        self.x, self.y = x, y

$v2 = $v1($L)
$v2.x += [$P]
$l, $r = $v2.x, $v2.y
---
class $v1:
    def __init__(self, x):
        self.x = x

    def __len__(self):
        return len(self.x)

    def __iter__(self):
        return iter(self.x[1:])

    def __getitem__(self, i):
        return self.x[-1 - i]

    def __contains__(self, p):
        return False

    def __add__(self, y):
        return [*y, *self.x]

    def __call__(self, p):
        self.x = [p]
        return self.x

$v2 = $v1($L)
$l = [*$v2, $v2[0]]
$l = $v2 + $L
$l = $v2($P)
---
class $v1:
    def __getattr__(self, name):
        return $L

    def __eq__(self, other):
        return True

    def __bool__(self):
        return $C

$l = $v1().anything
if $v1() == 1:
    $S
if $v1():
    $S
---
class $v1(dict):
    def __missing__(self, key):
        return $P

$d = $v1($d)
$l.append($d['nothing'])
---
class $v1(list):
    def append(self, p):
        super().append(p)
        super().append($P)

$v2 = $v1($L)
$v2.append($P)
$l = list($v2)
---
class $v1(Enum):
    X = 'x'
    Y = 'y'

$v2 = {$v1.X: $L, $v1.Y: $L}
$l = $v2[$v1.X]
$l = $v2[$v1('y')]
$k = $v1.X.value
---
class $v1(NamedTuple):
    x: list
    y: float = $N

$v2 = $v1($L)
$v2.x.append($P)
$l, $r = $v2
$v2 = $v2._replace(y=$N)
$r = $v2.y
---
$v1 = namedtuple('pair', 'x y')
$l, $r = $v1(y=$N, x=$L)
---
@dataclass
class $v1:
    x: list = field(default_factory=list)
    y: float = $N

    def __post_init__(self):
        self.x = [*self.x, $P]

$v1().x.append($P)
$v2 = $v1(y=$N)
$v2.x.append($P)
$l, $r = $v2.x, $v2.y
---
@dataclass
class $v1:
    x: list
    y: float = $N

$v2 = $v1($L)
$l = $v2.x
$l.append($P)
$r = $v2.y
$l = $v2.x
---
assert $l is not None
---
assert $C or True, 'no'
---
(lambda x: x.append($P))($l)
---
$v1 = [$l, $l]
$v1[0].append($P)
$v1[1] = $L
---
$v1 = ($l, $L)
$v1[0].append($P)
$v1 += ($L,)
$l = $v1[-1]
---
$v1 = [[]] * 2
$v1[0].append($P)
$l = $v1[1]
---
$v1 = [[] for _ in range(2)]
$v1[0].append($P)
$l = $v1[1]
---
$v1 = {p.name for p in $L}
$l = [p for p in $L if p.name in $v1]
---
$v1 = {id(p) for p in $L} - {id($P)}
$l = [p for p in $L if id(p) not in $v1]
---
$v1 = set($L)
$v1.discard($P)
$l = [p for p in $L if p in $v1]
---
$v1 = {'x': {'y': $L}}
$v1['x']['y'].append($P)
$l = $v1['x']['y']
---
$v1 = [('x', $L), ('y', $L)]
for x, $l in $v1:
    if x == $K:
        break
---
$l = [p for p in $L if (k := p.name)]
---
p = $P
$l = [p for p in $L]
$l.append(p)
---
if $C:
    from elsewhere import size as $n
---
if $C:
    import copy as $v1
else:
    $v1 = copy
$l = $v1.copy($l)
---
print(*$l, $r)
---
len($l); $r; $l
---
$v1 = $l; $l = $L; $v1.append($P)
---
del $l
$l = $L
---
$v1 = $v2 = $L
$v1 += [$P]
$l = $v2
---
$v1 = $v2 = $N
$v1 += 1
$r = $v2
---
def $v1(*x):
    a, *b = x
    return b

$l = $v1(*$L)
---
def $v1(x):
    x.items = $L
    x = Holder($L)
    x.items.append($P)

$v1($o)
---
def $v1(x):
    x['lr'] = $N
    return x

$g = [$v1(x) for x in $g]
---
def $v1(x):
    x, y = [], x
    y.append($P)
    return x

$l = $v1($l)
---
def $v1():
    return $l, $r

$l, $r = $v1()
---
def $v1(x):
    while x:
        if $C:
            return x
        x = x[:-1]
        $S
    else:
        return $L

$l = $v1($L)
---
def $v1(x):
    with suppress(Exception):
        return x
    return []

$l = $v1($L)
---
$PROBE
---
for $v1 in ($N, $N):
    nn.SGD($l, $v1)
---
def $v1(x, y=$N):
    return optim.SGD(x, lr=y)

$v1($L)
$v1($L, $N)
---
if $C:
    $PROBE
else:
    $PROBE
---
class $v1:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def build(self):
        return nn.SGD(self.x, self.y)

$v2 = $v1($L, $N)
$v2.x = $v2.x + [$P]
$v2.build()
""".split("---\n")
