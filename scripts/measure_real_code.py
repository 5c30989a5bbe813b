"""What the analysis makes of real code: how much it visits, how much it knows there, and why not the rest.

    python scripts/measure_real_code.py FOLDER... [--findings] [--severity EW] [--check-gate] [--jobs 2] [--table]

The optimizers to visit are counted from the syntax alone: calls whose callee is, by the imports of the file itself, an
optimizer of ``mindspore.nn`` (no wrapper, no base class). A call is visited where the analysis of any of the files has
noted a construction there; of several (called from here and there, and looked at alone) the best known counts.

Left out is what comes from an argument of a function that no file of its project calls by its name, whether the linter reads
that file or not. Constructions inside the packages ``FACTORIES``, which build an optimizer for whoever calls, are counted apart.
``--table`` prints a row for each folder.
"""

from __future__ import annotations

import argparse
import ast
import collections
import functools
import os
import re
import signal
import sys
import time
import tokenize
import traceback
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple, Optional, Union

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ms_optim_lint import gate  # noqa: E402
from ms_optim_lint.domain.logic import Term  # noqa: E402
from ms_optim_lint.domain.shapes import Params, Rate  # noqa: E402
from ms_optim_lint.domain.values import Sym, Value  # noqa: E402
from ms_optim_lint.engine import Analysis, Document, analyse  # noqa: E402
from ms_optim_lint.facts import Construction  # noqa: E402
from ms_optim_lint.finding import Finding, Place  # noqa: E402
from ms_optim_lint.mindspore import catalogue  # noqa: E402
from ms_optim_lint.project import Project, parse  # noqa: E402

#: Files that share one project, and so what was read of it: large enough to help, small enough to forget again.
CHUNK = 60
#: Seconds after which a file counts as a crash.
TOO_LONG = 30

#: Packages with a function that builds whatever optimizer it is asked for.
FACTORIES = frozenset(("mindcv", "mindocr", "mindyolo", "mindediting", "mindpose", "mindaudio"))

#: Why an argument is not known of a function that is called somewhere.
CALLED_ELSEWHERE = "an argument, given by a call that is not followed"

KNOWN_PARAMS = frozenset(("list", "groups", "none", "wrong"))
KNOWN_RATES = frozenset(("static", "list", "tensor", "schedule"))

Where = tuple[str, Place]


# The constructions to visit, from the syntax alone --------------------------------------------------------------------

Scope = Union[ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda]
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class Bindings:
    """The names that one scope binds: imports of MindSpore with what they stand for, all others with None."""

    def __init__(self, scope: Scope) -> None:
        self.stars: list[str] = []
        self.names: dict[str, Optional[str]] = {}
        if not isinstance(scope, (ast.Module, ast.ClassDef)):
            self._arguments(scope.args)
        for node in _inside(scope):
            self._node(node)

    def _node(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                self._bind(alias.asname or top, alias.name if alias.asname else top)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*":
                    self.stars += [node.module or ""] if not node.level else []
                else:
                    self._bind(alias.asname or alias.name, None if node.level else f"{node.module}.{alias.name}")
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self._bind(node.name, None)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            self._bind(node.id, None)

    def _arguments(self, given: ast.arguments) -> None:
        for one in [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]:
            if one is not None:
                self._bind(one.arg, None)

    def _bind(self, name: str, target: Optional[str]) -> None:
        """Of several bindings in one scope, only what all agree on is sure."""
        if target is not None and target.partition(".")[0] != "mindspore":
            target = None
        self.names[name] = target if self.names.get(name, target) == target else None


def _inside(scope: Scope) -> Iterator[ast.AST]:
    """The nodes of a scope itself: scopes in it are given, and not gone into."""
    waiting: list[ast.AST] = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _SCOPES):
            waiting.extend(ast.iter_child_nodes(node))


def constructions(tree: ast.Module) -> Iterator[ast.Call]:
    """The calls that build an optimizer of ``mindspore.nn``."""
    yield from _constructions(tree, ())


def _constructions(scope: Scope, outer: tuple[Bindings, ...]) -> Iterator[ast.Call]:
    bindings = (Bindings(scope), *outer)
    seen_inside = bindings[1:] if isinstance(scope, ast.ClassDef) else bindings
    for node in _inside(scope):
        if isinstance(node, _SCOPES):
            yield from _constructions(node, seen_inside)
        elif isinstance(node, ast.Call) and _is_optimizer(_dotted(node.func, bindings)):
            yield node


def _dotted(callee: ast.expr, bindings: tuple[Bindings, ...]) -> Optional[str]:
    if isinstance(callee, ast.Attribute):
        base = _dotted(callee.value, bindings)
        return f"{base}.{callee.attr}" if base else None
    if not isinstance(callee, ast.Name):
        return None
    for scope in bindings:
        if callee.id in scope.names:
            return scope.names[callee.id]
    for star in bindings[-1].stars:
        if _is_optimizer(f"{star}.{callee.id}"):
            return f"{star}.{callee.id}"
    return None


def _is_optimizer(dotted: Optional[str]) -> bool:
    found = catalogue.optimizer(catalogue.canonical(dotted)) if dotted else None
    return found is not None and found.family == "nn" and not found.is_wrapper and not found.is_base


def place_of(node: Union[ast.expr, ast.stmt]) -> Place:
    """The place of an expression as the analysis gives it."""
    return Place(node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)


# What one file gives --------------------------------------------------------------------------------------------------


class Knowledge(NamedTuple):
    """How much is known of one argument at one visit.

    ``reasons`` say why not all, the worst first; ``given`` says that each is an argument of a function that nothing
    visible calls.
    """

    reasons: tuple[str, ...] = ()
    given: bool = False

    @property
    def rank(self) -> int:
        """The smaller, the better known. Where something else is to blame than a missing caller, there is a caller."""
        return 0 if not self.reasons else 2 if self.given else 1


class Visit(NamedTuple):
    """A construction as noted once. ``root`` are the names of the function that the analysis began with, and of its class."""

    where: Where
    params: Knowledge
    rate: Knowledge
    root: tuple[str, ...] = ()


class Result(NamedTuple):
    """All that is kept of a file: small enough to be handed from process to process."""

    path: str
    readable: bool = True
    gated: bool = False
    sites: tuple[Place, ...] = ()
    visits: tuple[Visit, ...] = ()
    calls: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    hidden: tuple[Finding, ...] = ()
    limits: tuple[str, ...] = ()
    crash: str = ""
    seconds: float = 0.0


def from_argument(term: object) -> bool:
    """Whether a term is an argument without a visible caller, or something made of nothing but such arguments."""
    if not isinstance(term, Term):
        return False
    if term.op == "argument":
        return True
    if term.op in ("attribute", "item", "slice", "element", "over", "call"):
        return bool(term.args) and from_argument(term.args[0])
    inner = [arg for arg in term.args if isinstance(arg, Term) and arg.op != "constant"]
    return bool(inner) and all(map(from_argument, inner))


def _symbols(value: Optional[Value]) -> list[Sym]:
    return [a.atom for a in value.alternatives if isinstance(a.atom, Sym)] if value is not None else []


def _is_given(reason: str, terms: Iterable[object], value: Optional[Value]) -> bool:
    if reason.startswith("argument ") or any(map(from_argument, terms)):
        return True
    same = [symbol for symbol in _symbols(value) if symbol.reason == reason]
    return bool(same) and all(from_argument(symbol.term) for symbol in same)


def _knowledge(unknown: Sequence[tuple[str, bool]]) -> Knowledge:
    worst_first = sorted(unknown, key=lambda one: one[1])
    reasons = tuple(reason or "no reason given" for reason, _ in worst_first)
    return Knowledge(reasons, all(given for _, given in unknown))


def params_known(fact: Construction) -> Knowledge:
    """What is known of ``params``."""
    keyword = fact.optimizer.params_keyword or ""
    argument = fact.arguments.get(keyword)
    value = argument.value if argument is not None else None
    unknown = [
        (one.reason, _is_given(one.reason, _part_terms(one), value))
        for one in fact.params
        if one.kind not in KNOWN_PARAMS or one.open
    ]
    if not fact.params and (argument is not None or not fact.complete):
        unknown = [("arguments that are splatted and not known", False)]
    return _knowledge(unknown)


def _part_terms(params: Params) -> list[object]:
    """The term that unknown ``params`` are the elements of."""
    return [part.term for part in params.parts] if params.kind == "unknown" else []


def rate_known(fact: Construction) -> Knowledge:
    """What is known of the rate. One that is not given is the default, which is a number."""
    argument = fact.arguments.get(fact.optimizer.rate_keyword)
    if argument is None:
        return _knowledge([] if fact.complete else [("arguments that are splatted and not known", False)])
    unknown = [(one.reason, _rate_is_given(one, argument.value)) for one in fact.rates if one.kind not in KNOWN_RATES]
    return _knowledge(unknown)


def _rate_is_given(rate: Rate, value: Value) -> bool:
    return _is_given(rate.reason, (), value)


def measure(path: str, project: Project, check_gate: bool) -> Result:
    """Everything about one file."""
    try:
        with tokenize.open(path) as file:
            text = file.read()
    except (OSError, SyntaxError, UnicodeDecodeError):
        return Result(path, readable=False)
    gated = gate.may_matter(text)
    calls = frozenset(_CALL.findall(text))
    tree = parse(text, path) if gated or check_gate or "mindspore" in text else None
    sites = tuple(map(place_of, constructions(tree))) if tree is not None and "mindspore" in text else ()
    start = time.process_time()
    try:
        analysis = _within_time(Document(path, text), project)
        hidden = analyse(Document(path, text), project, gated=False) if check_gate and not gated else Analysis()
    except Exception:
        return Result(path, True, gated, sites, (), calls, crash=traceback.format_exc())
    seconds = time.process_time() - start
    callees = _callees(tree)
    visits = tuple(
        Visit((fact.location.path, fact.location.place), params_known(fact), rate_known(fact), _root(fact, callees))
        for fact in analysis.facts
        if isinstance(fact, Construction)
    )
    limits = tuple(analysis.limits_met)
    return Result(path, True, gated, sites, visits, calls, analysis.findings, hidden.findings, limits, "", seconds)


#: A name that is called; not the name of a function or class that is defined there.
_CALL = re.compile(r"(?<!def )(?<!class )\b([A-Za-z_]\w*)\(")


def _callees(tree: Optional[ast.Module]) -> dict[Place, tuple[str, ...]]:
    """The names by which each function is called: its own, that of its class before it, for ``__init__`` only that."""
    found = {}
    for outer in ast.walk(tree) if tree is not None else ():
        for node in ast.iter_child_nodes(outer):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                own = () if node.name == "__init__" else (node.name,)
                found[place_of(node)] = (outer.name, *own) if isinstance(outer, ast.ClassDef) else own
    return found


def _root(fact: Construction, callees: dict[Place, tuple[str, ...]]) -> tuple[str, ...]:
    return callees.get(fact.stack[-1].place, ()) if fact.stack else ()


def _within_time(document: Document, project: Project) -> Analysis:
    def give_up(*_: object) -> None:
        raise TimeoutError(f"not done after {TOO_LONG} seconds")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(TOO_LONG)
    try:
        return analyse(document, project)
    finally:
        signal.alarm(0)


def measure_chunk(paths: Sequence[str], check_gate: bool) -> list[Result]:
    """The files of a chunk share a project. Runs in a process of its own."""
    project = Project()
    return [measure(path, project, check_gate) for path in paths]


def measure_all(folders: Sequence[str], jobs: int, check_gate: bool) -> list[Result]:
    """Every Python file in the folders."""
    chunks = list(_chunks(folders))
    if jobs == 1:
        return [result for chunk in chunks for result in measure_chunk(chunk, check_gate)]
    with ProcessPoolExecutor(jobs) as pool:
        found = pool.map(measure_chunk, chunks, [check_gate] * len(chunks))
        return [result for results in found for result in results]


def _chunks(folders: Sequence[str]) -> Iterator[list[str]]:
    for folder in folders:
        paths = sorted(str(path) for path in Path(folder).rglob("*.py") if path.is_file())
        for start in range(0, len(paths), CHUNK):
            yield paths[start : start + CHUNK]


# What is printed ------------------------------------------------------------------------------------------------------


class Site(NamedTuple):
    """A construction to visit, and the best that is known of it; None where it is not visited."""

    path: str
    place: Place
    params: Optional[Knowledge]
    rate: Optional[Knowledge]

    @property
    def of_factory(self) -> bool:
        return not FACTORIES.isdisjoint(Path(self.path).parts)


def sites_of(results: Sequence[Result]) -> list[Site]:
    """All constructions to visit."""
    visits: dict[Where, list[Visit]] = collections.defaultdict(list)
    calls: dict[str, set[str]] = collections.defaultdict(set)
    for result in results:
        calls[_project_of(result.path)] |= result.calls
        for visit in result.visits:
            visits[visit.where].append(visit)
    found = []
    for result in results:
        called = calls[_project_of(result.path)]
        for place in result.sites:
            here = visits[os.path.abspath(result.path), place]
            params = min((_judged(visit, visit.params, called) for visit in here), key=_rank, default=None)
            rate = min((_judged(visit, visit.rate, called) for visit in here), key=_rank, default=None)
            found.append(Site(result.path, place, params, rate))
    return found


@functools.cache
def _project_of_folder(folder: str) -> str:
    """The folder above all packages that a folder is in: that of the scripts that use it."""
    while os.path.exists(os.path.join(folder, "__init__.py")) or os.path.basename(folder) == "src":
        folder = os.path.dirname(folder)
    return folder


def _project_of(path: str) -> str:
    return _project_of_folder(os.path.dirname(os.path.abspath(path)))


def _judged(visit: Visit, knowledge: Knowledge, called: set[str]) -> Knowledge:
    """An argument is no excuse where the function is called by its name in some file of the project."""
    if knowledge.rank == 2 and called.issuperset(visit.root):
        return Knowledge((CALLED_ELSEWHERE,))
    return knowledge


def report(results: Sequence[Result], not_visited: int) -> Iterator[str]:
    """The numbers, as lines."""
    yield from _files(results)
    sites = sites_of(results)
    yield from _numbers("constructions of mindspore.nn optimizers", [one for one in sites if not one.of_factory])
    yield from _numbers("those of factory packages", [one for one in sites if one.of_factory])
    missing = [one for one in sites if one.rate is None]
    if missing:
        yield f"never visited ({len(missing)}):"
        yield from (f"    {one.path}:{one.place.line}" for one in missing[:not_visited])


def _numbers(what: str, sites: Sequence[Site]) -> Iterator[str]:
    visited = [one for one in sites if one.rate is not None]
    yield f"{what}: {len(sites)}; visited: {_share(len(visited), len(sites))}"
    yield from _knowledge_of("params", [(one, one.params) for one in visited if one.params is not None])
    yield from _knowledge_of("rate", [(one, one.rate) for one in visited if one.rate is not None])


def table(results: Sequence[Result], folders: Sequence[str]) -> Iterator[str]:
    """A row for each folder, as Markdown: how many constructions there are, and how much of them is known."""
    yield "| code | files | constructions | visited | `params` known | rate known |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    sites = sites_of(results)
    rows = [(Path(folder).name, os.path.join(folder, "")) for folder in folders]
    plain = [one for one in sites if not one.of_factory]
    for name, start in rows:
        files = sum(result.path.startswith(start) for result in results)
        yield _row(name, files, [one for one in plain if one.path.startswith(start)])
    yield _row("all", len(results), plain)
    yield _row("factory packages", 0, [one for one in sites if one.of_factory])


def _row(name: str, files: int, sites: Sequence[Site]) -> str:
    def share(found: Sequence[Optional[Knowledge]]) -> str:
        counted = [knowledge for knowledge in found if knowledge is not None and knowledge.rank != 2]
        return _share(sum(knowledge.rank == 0 for knowledge in counted), len(counted))

    visited = sum(one.rate is not None for one in sites)
    cells = (name, files or "", len(sites), visited, share([s.params for s in sites]), share([s.rate for s in sites]))
    return "| " + " | ".join(map(str, cells)) + " |"


def _rank(knowledge: Knowledge) -> tuple[int, int]:
    return knowledge.rank, len(knowledge.reasons)


def _files(results: Sequence[Result]) -> Iterator[str]:
    gated = [result for result in results if result.gated]
    crashes = [result for result in results if result.crash]
    yield f"files: {len(results)}, not readable: {sum(not r.readable for r in results)}"
    yield f"files that may matter: {_share(len(gated), len(results))}"
    yield f"seconds of analysis: {sum(r.seconds for r in results):.1f}"
    yield f"crashes: {len(crashes)}"
    if crashes:
        yield from (f"    {result.path}: {result.crash.splitlines()[-1]}" for result in crashes)
        yield "first of them:"
        yield crashes[0].crash.rstrip()
    limits = collections.Counter(limit for result in results for limit in set(result.limits))
    yield f"files in which a bound was met: {sum(bool(r.limits) for r in results)}"
    for limit, number in limits.most_common():
        example = next(result.path for result in results if limit in result.limits)
        yield f"    {number:5} {limit}, as in {example}"
    found = [finding for result in results for finding in result.findings]
    codes = collections.Counter(f"{one.severity.value} {one.code} {one.symbol}" for one in found)
    yield f"findings: {len(found)}"
    yield from (f"    {number:5} {code}" for code, number in sorted(codes.items()))


def _knowledge_of(what: str, found: Sequence[tuple[Site, Knowledge]]) -> Iterator[str]:
    known = sum(knowledge.rank == 0 for _, knowledge in found)
    given = sum(knowledge.rank == 2 for _, knowledge in found)
    yield f"{what} known: {_share(known, len(found))}"
    yield f"{what} known, leaving out what nothing visible gives: {_share(known, len(found) - given)}"
    reasons: dict[str, list[Site]] = collections.defaultdict(list)
    for site, knowledge in found:
        if knowledge.rank == 1:
            reasons[_kind_of_reason(knowledge.reasons[0])].append(site)
    for reason, places in sorted(reasons.items(), key=lambda item: -len(item[1]))[:10]:
        examples = [f"{one.path}:{one.place.line}" for one in places[:: max(1, len(places) // 3)][:3]]
        yield f"    {len(places):5} {reason}: {', '.join(examples)}"


def _kind_of_reason(reason: str) -> str:
    """A reason without the names of this program."""
    reason = re.sub(r"^attribute \w+ is", "an attribute is", reason)
    return re.sub(r"^result of (?:method )?\w+[.\w]*\.\w+$", "result of a function that is out of sight", reason)


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "0 of 0"


def findings(results: Sequence[Result], severities: str) -> Iterator[str]:
    """Every finding of the severities, sorted, as ``path:line:column code message``."""
    for result in sorted(results):
        for finding in result.findings:
            if finding.severity.value in severities:
                yield _line(result.path, finding)


def _line(path: str, finding: Finding) -> str:
    return f"{path}:{finding.place.line}:{finding.place.column + 1} {finding.code} {finding.message}"


def main(arguments: Sequence[str]) -> int:
    """The exit code is 1 where the analysis crashed or the gate hides a finding."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--findings", action="store_true", help="print every finding, too")
    parser.add_argument("--severity", default="EWRC", metavar="LETTERS", help="with --findings: only these")
    parser.add_argument("--check-gate", action="store_true", help="print what the gate hides, too (slow)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes (default: 2)")
    parser.add_argument("--not-visited", type=int, default=100, metavar="N", help="how many to print (default: 100)")
    parser.add_argument("--table", action="store_true", help="print a row for each folder, too")
    options = parser.parse_args(arguments)
    results = measure_all(options.folders, options.jobs, options.check_gate)
    for line in report(results, options.not_visited):
        print(line)
    if options.table:
        print("", *table(results, options.folders), sep="\n")
    hidden = [_line(result.path, finding) for result in results for finding in result.hidden]
    if options.check_gate:
        print(f"findings that the gate hides: {len(hidden)}", *hidden, sep="\n    ")
    if options.findings:
        print("", *findings(results, options.severity), sep="\n")
    return 1 if hidden or any(result.crash for result in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
