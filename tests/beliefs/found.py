"""Programs of which the linter believed something wrong once, by what it did not see. Each stands behind ``grammar.HEAD``."""

FOUND = {
    "what an iterator goes over is changed before it is read": """
        c = []
        numbered = enumerate(c)
        c.append(w0)
        optim.SGD([p for _, p in numbered], lr=0.1)
        """,
    "a generator expression is read later": """
        c = []
        later = (p for p in c)
        c.append(w0)
        optim.SGD(list(later), lr=0.1)
        """,
    "a view of a dict is read later": """
        d = {"x": w0, "y": b1}
        keys = d.keys()
        d["w"] = b0
        optim.SGD([d[x] for x in keys], lr=0.1)
        """,
    "an iterator is read up to a break": """
        left = iter([w0])
        for p in left:
            break
        optim.SGD(list(left), lr=0.1)
        """,
    "next takes an item out": """
        left = iter([w0, b0])
        next(left)
        optim.SGD(list(left), lr=0.1)
        """,
    "a generator function that is never read does nothing": """
        c = []

        def more():
            c.append(w0)
            yield

        more()
        optim.SGD(c, lr=0.1)
        """,
    "map that is never read does nothing": """
        c = []
        map(c.append, [w0])
        optim.SGD(c, lr=0.1)
        """,
    "a list that is gone over grows": """
        c, found = [w0], []
        for p in c:
            if len(c) < 3:
                c.append(b0)
            found.append(p)
        optim.SGD(found, lr=0.1)
        """,
    "a method by its class": """
        c = []
        list.append(c, w0)
        optim.SGD(c, lr=0.1)
        """,
    "max gives a thing": """
        optim.SGD(max([w0], [w0, b0], key=len), lr=0.1)
        """,
    "what min gives is changed": """
        c = []
        least = min([c], key=len)
        least += [w0]
        optim.SGD(c, lr=0.1)
        """,
    "the order of classes": """
        class A:
            def __init__(self):
                self.x = []

        class B(A):
            def __init__(self):
                super().__init__()

        class C(A):
            def __init__(self):
                self.x = [w1]

        class D(B, C):
            pass

        optim.SGD(D().x, lr=0.1)
        """,
    "an attribute of two bases": """
        class A:
            x = []

        class B(A):
            pass

        class C(A):
            x = [w1]

        class D(B, C):
            pass

        optim.SGD(D.x, lr=0.1)
        """,
    "a list of a class is changed": """
        class A:
            x = []

        A.x.append(w0)
        optim.SGD(A.x, lr=0.1)
        """,
    "what a class was given when it was made": """
        rate = 0.5

        def main():
            rate = 0.1

            class A:
                lr = rate

            rate = 0.2
            optim.SGD([w0], lr=A.lr)

        main()
        """,
    "a name of the class, not of the module": """
        rate = 0.5

        class A:
            rate = 0.1
            lr = rate

        optim.SGD([w0], lr=A.lr)
        """,
    "__init_subclass__ is run": """
        class A:
            all = []

            def __init_subclass__(cls, **_):
                cls.all.append(w0)

        class B(A):
            pass

        optim.SGD(B.all, lr=0.1)
        """,
    "vars of an object": """
        o = Holder([])
        vars(o).update(items=[w0])
        optim.SGD(o.items, lr=0.1)
        """,
    "__dict__ of an object": """
        o = Holder([])
        o.__dict__["items"] = [w0]
        optim.SGD(o.items, lr=0.1)
        """,
    "keys that are equal": """
        d = {}
        d[1], d[True] = b2, w0
        optim.SGD([d[1]], lr=0.1)
        """,
    "popitem": """
        d = {"x": w0, "y": b1}
        d.popitem()
        optim.SGD(list(d.values()), lr=0.1)
        """,
    "pop of one of two": """
        d = {"x": w0, "y": b1}
        d.pop("x" if flag else "y")
        optim.SGD(list(d.values()), lr=0.1)
        """,
    "pairs for a dict": """
        d = {"x": w0, "y": b1}
        d.update([("y", w0)])
        optim.SGD(list(d.values()), lr=0.1)
        """,
    "a key that is not known": """
        d = {"x": w0, str(size)[:0] + "x": b1}
        optim.SGD(list(d.values()), lr=0.1)
        """,
    "__exit__ changes what is outside": """
        c = []

        class Manager:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                c.append(w0)

        with Manager():
            pass
        optim.SGD(c, lr=0.1)
        """,
    "__enter__ gives something else": """
        class Manager(list):
            def __enter__(self):
                return [w0]

            def __exit__(self, *_):
                pass

        with Manager() as c:
            pass
        optim.SGD(c, lr=0.1)
        """,
    "a context manager that is a generator": """
        @contextmanager
        def manager():
            yield [w0]

        with manager() as c:
            pass
        optim.SGD(c, lr=0.1)
        """,
    "finally after return": """
        def more(x):
            try:
                return x
            finally:
                x.append(w0)

        optim.SGD(more([]), lr=0.1)
        """,
    "finally after break": """
        c = []
        for i in range(2):
            try:
                break
            finally:
                c.append(w0)
        optim.SGD(c, lr=0.1)
        """,
    "finally has the last word": """
        def more():
            try:
                return []
            finally:
                return [w0]

        optim.SGD(more(), lr=0.1)
        """,
    "what was done before an error is done": """
        c = []
        try:
            if flag or not flag:
                c.append(w0)
                raise KeyError
        except LookupError:
            optim.SGD(c, lr=0.1)
        """,
    "global inside a function with a variable of that name": """
        a = []

        def main():
            a = [w0]

            def more():
                global a
                a = []

            more()
            optim.SGD(a, lr=0.1)

        main()
        """,
    "a walrus inside a comprehension": """
        k = 0.5
        c = [p for p in [w0] if (k := 0.1)]
        optim.SGD(c, lr=k)
        """,
    "a comprehension that does something under a condition": """
        c = []
        [c.append(p) for p in [w0] if flag]
        optim.SGD(c, lr=0.1)
        """,
    "a comprehension that sets an attribute": """
        o = Holder([])
        [setattr(o, "items", [p]) for p in [w0]]
        optim.SGD(o.items, lr=0.1)
        """,
    "a function under lru_cache is run once": """
        @functools.lru_cache
        def kept(x):
            return []

        kept(1).append(b1)
        optim.SGD(kept(1), lr=0.1)
        """,
    "a decorator is run": """
        c = []

        def now(f):
            f([w0])

        @now
        def more(x):
            c.extend(x)

        optim.SGD(c, lr=0.1)
        """,
    "the setter of a property": """
        class Own(Holder):
            @property
            def items(self):
                return [*self.kept, w0]

            @items.setter
            def items(self, x):
                self.kept = x

        optim.SGD(Own([]).items, lr=0.1)
        """,
    "the operand is one of two lists": """
        optim.SGD(([w0] if flag else [b0]) + [w1], lr=0.1)
        """,
    "a slice of one of two lists": """
        optim.SGD(([w0, w1] if flag else [b0, b1])[1:], lr=0.1)
        """,
    "a list that is built anew in each pass": """
        c = []
        for p in functools.reduce(lambda x, y: x + [y], [w0, b0], []):
            c = c + [p]
        optim.SGD(c, lr=0.1)
        """,
    "the first after sorting": """
        c = sorted([w0, b0], key=lambda p: p.name)
        optim.SGD([c[0]], lr=0.1)
        """,
    "the rest after sorting": """
        *c, last = sorted([w0, b0], key=lambda p: p.name)
        optim.SGD(c, lr=0.1)
        """,
    "a NamedTuple holds the list itself": """
        class Pair(NamedTuple):
            x: list

        c = []
        Pair(c).x.append(w0)
        optim.SGD(c, lr=0.1)
        """,
    "a pattern gives a name to the list itself": """
        o = Holder([])
        match o:
            case Holder(items=c):
                c.append(w0)
        optim.SGD(o.items, lr=0.1)
        """,
    "passes before a break": """
        c = []
        for p in [w0, b1]:
            if p.ndim == 1:
                break
            c = [p]
        optim.SGD(c, lr=0.1)
        """,
    "passes before a break out of a loop without end": """
        c, n = [], 1
        while True:
            n += 1
            if n > 2:
                break
            c.append(w0)
        optim.SGD(c, lr=0.1)
        """,
    "finally on the way to another handler": """
        c = []
        try:
            try:
                raise KeyError
            finally:
                c.append(w0)
        except LookupError:
            pass
        optim.SGD(c, lr=0.1)
        """,
    "__bool__ of an object": """
        class Odd:
            def __bool__(self):
                return False

        c = [w0]
        if Odd():
            c = []
        optim.SGD(c, lr=0.1)
        """,
    "__post_init__ of a dataclass": """
        c = []

        @dataclass
        class Odd:
            def __post_init__(self):
                c.append(w0)

        Odd()
        optim.SGD(c, lr=0.1)
        """,
    "a class method changes a list of its class": """
        groups = [{"params": []}]

        class Kept:
            items = groups[0].get("params")

            @classmethod
            def put(cls, one):
                cls.items.append(one)

        Kept.put(w0)
        optim.SGD(groups[0]["params"], lr=0.1)
        """,
    "__exit__ calls a method of another object": """
        o = Holder([w0, b1])

        class Manager:
            def __enter__(self):
                pass

            def __exit__(self, *_):
                o.taken()

        with Manager():
            pass
        optim.SGD(o.items, lr=0.1)
        """,
    "a list of the module is added to in a call": """
        kept = []

        def main(x):
            kept.append(w0)
            optim.SGD(kept, lr=0.1)

        main(flag)
        """,
    "what a function that is followed later reads is changed before": """
        class Options:
            def __init__(self):
                self.rate = 0.1

            def doubled(self):
                return self.rate * 2

        options = Options()
        rate = options.doubled()
        options.rate = 0.5
        optim.SGD([w0], lr=rate)
        """,
    "a list that zip goes over grows": """
        kept, rate = [w2], 0.1
        for p, rate in zip(kept, (0.5, 0.6)):
            if len(kept) < 2:
                kept.append(p)
        optim.SGD([w0], lr=rate)
        """,
    "a default that is changed by another call": """
        def kept(x, y=[]):
            y.append(x)
            return y

        kept(next(p for p in vars(Holder([b1]))["items"]))
        optim.SGD(kept(w2), lr=0.1)
        """,
    "map over what is not known in full": """
        a, c = [w0, b0], []
        a.remove(w0)
        list(map(c.append, a))
        optim.SGD(c, lr=0.1)
        """,
    "a parameter under a key that is not known": """
        d = {"x": w0, "y": b1}
        d.update({max(d): w0})
        optim.SGD(list(d.values()), lr=0.1)
        """,
    "the first key is deleted on one way": """
        d = {"x": w0, "y": b1}
        if other:
            del d["x"]
        optim.SGD(list(d.values()), lr=0.1)
        """,
    "__missing__ of a dict": """
        o = Holder([b1])

        class Odd(dict):
            def __missing__(self, key):
                return o.taken()

        Odd()["nothing"]
        optim.SGD(o.items, lr=0.1)
        """,
    "an entry of a dict that is perhaps changed": """
        o = Holder([b1])
        match o:
            case Holder(items=c):
                pass
        optim.SGD([o.named["x"]], lr=0.1)
        """,
    "a default is what it was at the definition": """
        a = [w0]

        def kept(x=a):
            return x

        a = []
        optim.SGD(kept(), lr=0.1)
        """,
    "calls that are too deep to follow": """
        a = [w0, b0, w1, b1, w2]

        def taken(i=0):
            if i < 4:
                a.pop()
                taken(i + 1)

        taken()
        optim.SGD(a, lr=0.1)
        """,
}
