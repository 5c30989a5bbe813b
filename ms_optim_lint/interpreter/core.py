"""The interpreter's own state: where it is, what it knows, what it has noted. What it does is in the modules beside this."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Callable, Optional, Union

from ms_optim_lint.domain.logic import ALWAYS, Condition, Logic, Term
from ms_optim_lint.domain.values import (
    Alternative,
    Atom,
    Class,
    Content,
    DictContent,
    Ext,
    Function,
    Instance,
    Item,
    ListContent,
    Obj,
    Ref,
    Site,
    Sym,
    Value,
    join,
    value_of,
)
from ms_optim_lint.interpreter.budget import NETWORK_BUDGET, Budget
from ms_optim_lint.interpreter.frames import Call, Frame, Running
from ms_optim_lint.interpreter.history import Moment
from ms_optim_lint.interpreter.modules import Module
from ms_optim_lint.interpreter.state import Branch, State, flatten, merge
from ms_optim_lint.project import Project

if TYPE_CHECKING:
    from ms_optim_lint.domain.shapes import Location, Params, Part
    from ms_optim_lint.facts import Construction
    from ms_optim_lint.interpreter.cells import Owned
    from ms_optim_lint.interpreter.concrete import Listed
    from ms_optim_lint.interpreter.gradients import GradientFunction
    from ms_optim_lint.interpreter.history import Event
    from ms_optim_lint.interpreter.idle import Idle
    from ms_optim_lint.interpreter.replay import Replayed

#: How deep calls are entered, and how deep statements and expressions may nest in all.
MAX_CALLS = 10
MAX_NESTING = 70
#: How deep calls are entered in what makes a network.
MAX_NESTED_CELLS = 16
#: How many other files are read for one analysis.
MAX_FILES = 40


class _Within:
    """Another context for as long as it lasts. Made for each call: no generator."""

    __slots__ = ("_it", "_before", "_context")

    def __init__(self, it: Interpreter, context: Term) -> None:
        self._it = it
        self._context = context
        self._before = context

    def __enter__(self) -> None:
        self._before, self._it.context = self._it.context, self._context

    def __exit__(self, *_: object) -> None:
        self._it.context = self._before


class Interpreter(Budget):
    """Follows one document. ``facts`` is what it has noted; everything else is how it got there."""

    def __init__(self, project: Project, module: Module, detailed: bool = False) -> None:
        self.project = project
        #: whether facts tell all that is known of the networks, where no rule asks for it
        self.detailed = detailed
        super().__init__(Logic(), NETWORK_BUDGET * (10 if detailed else 1))
        self.module = module
        self.modules: dict[str, Optional[Module]] = {}
        self.modules[module.path] = module
        self.frames: dict[int, Frame] = {}
        self.root = self.state
        self.facts: list[object] = []
        self.dependencies: set[str] = set()
        self.context: Term = self.logic.term("root", 0)
        self.calls: list[Call] = []
        self.caught: tuple[frozenset[str], ...] = ()
        #: the bodies of ``try`` around, innermost last: the store before each, how many elements were being followed there, and
        #: what was written where an error is raised
        self.tries: list[tuple[State, int, list[Branch]]] = []
        self.active: list[Term] = []
        #: the loops that are being followed, by number, outermost first
        self.loops: list[int] = []
        #: each of them: its statement, the store before it, and the number of the pass
        self.running: list[Running] = []
        self.entered: set[ast.AST] = set()
        #: where the module's body stood when it last called a function, be it by way of others: the line
        self.called_at: dict[ast.AST, int] = {}
        #: under which conditions each root calls a function
        self.called_when: dict[ast.AST, dict[int, set[Condition]]] = {}
        #: what was followed alone: the root, the function, its first fact and the one after its last
        self.alone: list[tuple[int, Function, int, int]] = []
        #: functions that the module's body has called, under no condition: followed alone they do the same
        self.done: set[ast.AST] = set()
        #: how many steps it takes to make a cell of a class
        self.steps_to_make: dict[object, int] = {}
        #: functions of which a call has left something out
        self.shortened: set[ast.AST] = set()
        #: lists and dicts that are attributes of classes, and what was in them at first
        self.of_classes: list[tuple[Ref, Content]] = []
        #: whether a class has one of these special methods of the project's own
        self.own_specials: dict[tuple[Class, tuple[str, ...]], bool] = {}
        #: what the tests of what a thing is are made of
        self.parts: dict[Term, frozenset[Term]] = {}
        #: the definitions that were reached, and the errors that are expected where they stand
        self.defined: dict[ast.AST, frozenset[str]] = {}
        #: the errors that are expected where something of that name is used; None where nobody asked yet
        self.expected: Optional[dict[str, list[frozenset[str]]]] = None
        #: the methods that a method of a class leads to
        self.methods_behind: dict[tuple[Class, ast.AST], tuple[Function, ...]] = {}
        #: functions made inside functions, by their definition
        self.inner: dict[ast.AST, Function] = {}
        self.constructions: dict[Obj, Construction] = {}
        #: the names and attributes that hold an optimizer, or what makes its steps
        self.optimizer_names: set[str] = set()
        #: ``learning_rate`` of an optimizer, what ``get_lr()`` gave, ``param_groups``
        self.rates: dict[Term, Obj] = {}
        self.current_rates: dict[Term, Obj] = {}
        self.groups: dict[Term, Obj] = {}
        #: when a scheduler holds an optimizer; the lines where a checkpoint is loaded into one; optimizers, by number, whose rate
        #: is set after that
        self.scheduled: dict[Obj, Condition] = {}
        self.loaded: dict[Obj, set[tuple[int, ...]]] = {}
        self.settled: set[int] = set()
        #: the loops in which an optimizer (by number) makes steps, and whether by being called itself
        self.steps: dict[int, set[tuple[int, bool]]] = {}
        #: whether the steps of an optimizer (by number) are compiled; functions that are given to ``jit``
        self.compiled_steps: dict[int, set[bool]] = {}
        self.jitted: set[ast.AST] = set()
        #: what the rate of a group is set to, by optimizer and place
        self.group_rates: dict[tuple[int, Location], set[object]] = {}
        #: replacements of rates: where they stand, those that a step came after; optimizers whose rate is assigned to
        self.places: dict[tuple[int, Location], int] = {}
        self.effective_steps: set[int] = set()
        self.assigned_rates: set[int] = set()
        #: expressions that Tensors, Parameters and new rates are made of: whether ``ops.assign`` takes them for a rate
        self.new_rates: dict[Location, bool] = {}
        #: calls that make a Tensor or a Parameter of something
        self.makings: set[Location] = set()
        #: calls whose result is None, though it is taken for a state
        self.nothing: set[ast.AST] = set()
        #: lists that MindSpore's functions for rates gave
        self.rate_lists: set[Obj] = set()
        #: by statement that froze or replaced something: the calls that led there
        self.led: dict[Site, tuple[Location, ...]] = {}
        #: what calling a schedule gave: the schedule's name
        self.called_schedules: dict[Term, str] = {}
        #: schedules that their scope does not read, and which optimizers (by number) train in which root; 0 is the module's body
        self.idle: list[Idle] = []
        self.trained: set[tuple[int, int]] = set()
        self.root_number = 0
        #: the passes of a loop, by the number of its start, in which an optimizer, by number, makes a step
        self.turns: dict[tuple[int, int], set[int]] = {}
        #: by the number of a loop's start and a place in it: the optimizer that was built there and makes the step of each pass
        self.rebuilt: dict[tuple[int, object], dict[int, Obj]] = {}
        #: what an optimizer's gradients in a pass are of; the network that an object trains with its optimizer
        self.losses: dict[tuple[object, Obj], frozenset[object]] = {}
        self.trains: dict[Obj, frozenset[object]] = {}
        #: Models that are given no optimizer
        self.without_optimizer: set[Obj] = set()
        #: what an optimizer was given, before it is written out parameter by parameter
        self.given_params: dict[Obj, tuple[Params, ...]] = {}
        #: functions that give gradients, and the gradients that they gave
        self.gradient_functions: dict[Obj, GradientFunction] = {}
        self.gradients: dict[Term, Obj] = {}
        #: whether what is followed now is followed out of its turn: nobody has called it yet, or it was put off
        self.trying = False
        #: whether what is being called can be one thing only, or only things of MindSpore
        self.sure_callee = True
        #: what ``state_dict()`` of an optimizer gave
        self.states: dict[Term, Construction] = {}
        #: networks whose ``__init__`` is put off, what holds a network and as what, Parameters built in sight
        self.unmade: dict[Obj, Callable[[], object]] = {}
        self.parents: dict[Obj, Union[str, tuple[Obj, str]]] = {}
        #: all that holds a cell, what a cell was given to when it was built, what holds a Parameter
        self.holders: dict[Obj, dict[Obj, None]] = {}
        #: what decorators have made of functions and methods
        self.decorated: dict[ast.AST, Value] = {}
        #: whether the program has set ``requires_grad`` of Parameters of networks
        self.freezes = False
        #: what holds, or was given, the result of a function that was set aside
        self.awaited: dict[Term, dict[tuple[Ref, str], None]] = {}
        self.awaited_by: dict[Term, list[tuple[Moment, Obj]]] = {}
        self.arrived: dict[Term, Value] = {}
        self.takers: dict[Obj, list[tuple[Moment, Obj]]] = {}
        #: the names of settings that have another value in some branch than in sight
        self.doubted: set[object] = set()
        #: networks of which Parameters are given names that are not followed
        self.renamed: set[Obj] = set()
        #: the terms that stood for an object before it was made
        self.aliases: dict[Obj, dict[Term, None]] = {}
        self.owners: dict[Term, Obj] = {}
        #: when a set of parameters was taken, and which classes may be cells
        self.moments: dict[Term, Moment] = {}
        self.cell_classes: dict[Class, bool] = {}
        #: dicts that decorators fill, by the module and name that bind them, and what was found in them
        self.registries: dict[Obj, tuple[Module, str]] = {}
        self.registered: dict[tuple[Obj, str], Optional[Value]] = {}
        #: Parameters of layers to which something was done
        self.touched: dict[Obj, dict[Term, None]] = {}
        #: dicts that give an empty one for what they do not have
        self.lenient: set[Obj] = set()
        #: what was found out about networks, and how; the cells that an event speaks of; classes that are not understood
        self.replayed: dict[Obj, list[Replayed]] = {}
        self.replayed_in_part: dict[Obj, list[Replayed]] = {}
        #: what is worked out just now from results of functions that were set aside
        self.forcing: set[Term] = set()
        self.mentioned: dict[int, tuple[Event, list[Union[Obj, Term]]]] = {}
        self.special_classes: dict[Class, bool] = {}
        #: sets of parameters that were written out one by one
        self.listed: dict[tuple[Part, ...], list[Listed]] = {}
        #: the Parameters of layers of MindSpore, and what the layers were built with
        self.layer_rows: dict[Obj, tuple[Instance, Optional[tuple[Owned, ...]]]] = {}
        #: cells that are copies
        self.copies: dict[Obj, None] = {}
        #: the numbers that tensors were made of, where a network is built from them
        self.numbers: dict[Term, object] = {}
        #: the names of the parameters that the loops around go over one by one
        self.told: dict[Term, str] = {}
        #: how many networks are being made, one as part of another
        self.making = 0
        self._past: Moment = ()
        self._ticks = 0
        self.made_parameters: dict[Term, tuple[Optional[str], Optional[bool], Optional[int]]] = {}
        self.deferred: dict[Term, Callable[[], Value]] = {}
        self.forced: dict[Term, Value] = {}
        #: the lists of such results that are nothing but numbers and the like
        self.plain_results: dict[Term, dict[Obj, ListContent]] = {}
        #: results of functions set aside that were changed in place since: by a method, or (False) in an item only
        self.altered: dict[Term, bool] = {}
        self.patched: set[str] = set()
        #: whether all that the file imports was read, to see what it patches
        self.read_imports = False
        #: objects and classes whose attributes code that is not followed may have set
        self.opened: set[object] = set()
        #: whether the lists and dicts of other modules are changed by somebody, by path and name
        self.changed_elsewhere: dict[tuple[str, str], bool] = {}
        #: the attributes of classes of other modules that somebody sets, by path and name
        self.set_elsewhere: dict[tuple[str, str], frozenset[str]] = {}
        self.lazy: dict[tuple[int, str], Optional[Value]] = {}
        self._numbers: dict[object, int] = {}
        self._objects: dict[tuple[int, str, Term], Obj] = {}
        self._keep: list[object] = []
        self._by_number: dict[int, Obj] = {}
        self.module_frame(module)

    # Numbers and names

    def number(self, thing: object) -> int:
        """A number for a node (or any object), the same for the same one during the analysis."""
        key = id(thing)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._numbers) + 1
            self._keep.append(thing)
        return found

    def thing(self, number: int) -> object:
        """What has that number."""
        return self._keep[number - 1]

    def fresh(self, node: object, what: str = "unknown") -> Term:
        """A term for what ``node`` gives here: the same when the same code is followed again in the same context."""
        return self.logic.term(what, self.number(node), self.context)

    def unknown(self, node: ast.AST, reason: str, kind: Optional[str] = None, frame: Optional[Frame] = None) -> Value:
        """A value of which nothing but perhaps its kind is known."""
        origin = Site(frame.module, node) if frame is not None else None
        return value_of(Sym(self.fresh(node), kind, reason=reason), origin)

    # Time

    def moment(self) -> Moment:
        """The present moment; each is later than the one before."""
        self._ticks += 1
        return (*self._past, self._ticks)

    @property
    def past(self) -> Moment:
        """When what was put off and is followed now would have happened; empty where nothing was put off."""
        return self._past

    @contextmanager
    def back_at(self, moment: Moment) -> Iterator[None]:
        """Follow what was put off as if it happened then."""
        kept = self._past, self._ticks
        self._past, self._ticks = moment, 0
        try:
            yield
        finally:
            self._past, self._ticks = kept

    def new_root(self, number: int) -> None:
        """Start a root: a fresh budget, context and call stack over what the module body left."""
        self.renew()
        self.root_number = number
        self.context = self.logic.term("root", number)
        self.calls = []
        self.caught = ()
        self.active = []
        self.loops = []
        self.running = []
        self.nesting = 0

    def within(self, context: Term) -> _Within:
        """Run in another context: an unrolled pass of a loop, a call."""
        return _Within(self, context)

    # Store

    def allocate(self, node: ast.AST, module: Module, content: Content, kind: Optional[str] = None) -> Ref:
        """A new thing in the heap, with the identity of its place and context."""
        if kind is None:
            kind = content.kind if isinstance(content, ListContent) else type(content).__name__.lower()
        key = (self.number(node), kind, self.context)
        found = self._objects.get(key)
        if found is None:
            found = self._objects[key] = Obj(
                Site(module, node), kind, self.context, len(self._objects), tuple(c.site for c in reversed(self.calls))
            )
            self._by_number[found.number] = found
        self.state.set(found, content)
        return Ref(found)

    def object_of(self, term: Term) -> Optional[Obj]:
        """The single object that a term stands for."""
        number = term.args[0] if term.op == "object" and not term.elements else None
        return self.object_numbered(number) if isinstance(number, int) else None

    def objects(self) -> list[Obj]:
        """All objects made so far."""
        return list(self._by_number.values())

    def object_numbered(self, number: int) -> Optional[Obj]:
        """The object of that number."""
        return self._by_number.get(number)

    def content(self, ref: Ref) -> Content:
        """What a thing holds now. A thing that this path never saw made may hold anything."""
        found = self.state.get(ref.obj)
        if isinstance(found, (ListContent, DictContent, Instance)):
            return found
        if ref.obj.kind == "dictcontent":
            return DictContent((), True)
        if ref.obj.kind not in ("list", "set", "iterator", "view"):
            return Instance(Ext("unknown"))
        return ListContent((), True, ref.obj.kind if ref.obj.kind in ("set", "iterator") else "list")

    def is_empty(self, atom: Optional[Atom]) -> bool:
        """Whether it is a list, set, iterator or dict in which nothing is seen."""
        content = self.content(atom) if isinstance(atom, Ref) else None
        if isinstance(content, DictContent):
            return not content.entries
        return isinstance(content, ListContent) and not content.items

    def new_list(
        self,
        node: ast.AST,
        frame: Frame,
        items: tuple[Item, ...],
        kind: str = "list",
        opened: bool = False,
        reason: str = "",
        feeds: tuple[Ref, ...] = (),
        sources: tuple[tuple[Ref, object], ...] = (),
    ) -> Value:
        """A value that is a new list, set or iterator."""
        made = ListContent(items, opened, kind, reason=reason, feeds=feeds, sources=sources)
        ref = self.allocate(node, frame.module, made)
        return value_of(ref, Site(frame.module, node))

    def attributes_of(self, obj: Obj) -> list[tuple[str, Value]]:
        """The attributes of an object that are set now."""
        found = [(name, self.state.get((obj, name))) for name in obj.names if isinstance(name, str)]
        return [(name, value) for name, value in found if isinstance(value, Value)]

    def is_summary(self, obj: Obj) -> bool:
        """Whether the object stands for one of each pass of a loop."""
        return bool(obj.context.elements)

    # Frames

    def module_frame(self, module: Module) -> Frame:
        """The frame in which the names of a module are kept."""
        found = self.frames.get(module.frame)
        if found is None:
            found = self.frames[module.frame] = Frame(module.frame, module, None, None)
        return found

    def new_frame(self, node: ast.AST, module: Module, parent: Optional[Frame], is_class: bool = False) -> Frame:
        """A frame for the names of a call or a class body that is followed now."""
        number = self.logic.term("frame", self.number(node), self.context)
        key = -1 - self.number(number)
        frame = Frame(key, module, node, parent, is_class)
        self.frames[key] = frame
        return frame

    def leave_out(self) -> None:
        """A branch of the function that is followed is left out, for what is known here: of its arguments, perhaps."""
        if self.calls:
            self.shortened.add(self.calls[-1].node)

    # Alternatives

    def alternatives(self, value: Value) -> Sequence[Alternative]:
        """The alternatives of a value that this path allows."""
        alternatives = value.alternatives
        if len(alternatives) == 1 and alternatives[0][0] == ALWAYS:
            return alternatives
        meet, reached = self.logic.meet, self.state.reached
        return [a for a in alternatives if meet(a[0], reached)]

    def each(self, value: Value, node: ast.AST, function: Callable[[Alternative], Value]) -> Value:
        """Apply a function that may change the store to each alternative, and join the results."""
        alternatives = value.alternatives
        if len(alternatives) > 1 or alternatives and alternatives[0][0] != ALWAYS:
            alternatives = tuple(self.alternatives(value))
        if len(alternatives) == 1:
            return function(alternatives[0])
        base = self.state
        results: list[tuple[Condition, Value]] = []
        branches: list[Branch] = []
        for alternative in alternatives:
            self.state = base.fork(self.logic, alternative.when)
            results.append((alternative.when, function(alternative)))
            branches.append(flatten(self.logic, self.state, base))
        self.state = base
        merge(self.logic, base, branches, lambda: self.fresh(node, what="join"))
        return join(self.logic, results, self.fresh(node, what="join"))

    def map(self, value: Value, node: ast.AST, function: Callable[[Alternative], Value]) -> Value:
        """Apply a function that leaves the store alone to each alternative, and join the results."""
        alternatives = value.alternatives
        if len(alternatives) > 1 or alternatives and alternatives[0][0] != ALWAYS:
            alternatives = tuple(self.alternatives(value))
        if len(alternatives) == 1:
            return function(alternatives[0])
        return join(self.logic, [(a.when, function(a)) for a in alternatives], self.fresh(node, what="join"))
