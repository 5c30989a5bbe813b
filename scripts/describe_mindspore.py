#!/usr/bin/env python3
"""Write down what MindSpore is, from MindSpore itself.

The linter never imports MindSpore. All it knows of it is in ``ms_optim_lint/mindspore/data.json``, which is made here.

* ``describe_mindspore.py extract > 2.10.0.json`` describes the release that is installed in the Python that runs it.
* ``describe_mindspore.py merge 2.0.0.json ... 2.10.0.json > ms_optim_lint/mindspore/data.json`` puts descriptions of
  several releases together: what did not change between them is stored once, with the first release that has it.

A new release is one environment, one ``extract`` and one ``merge`` over all descriptions; then read the difference.
``pip install mindspore==2.10.0 "numpy<2"`` works on Python 3.11 (2.7 to 2.9: Python 3.10, 2.0: Python 3.9).
Nothing but the standard library and MindSpore is needed; the script runs on Python 3.9 and later.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import inspect
import itertools
import json
import os
import pkgutil
import re
import sys
import textwrap
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Callable, Optional

#: Modules whose names users write, the preferred one first where an object can be had from several.
PUBLIC_MODULES = (
    "mindspore",
    "mindspore.nn",
    "mindspore.ops",
    "mindspore.train",
    "mindspore.amp",
    "mindspore.mint",
    "mindspore.mint.nn",
    "mindspore.mint.optim",
    "mindspore.experimental.optim",
    "mindspore.experimental.optim.lr_scheduler",
    "mindspore.common.initializer",
    "mindspore.communication",
    "mindspore.numpy",
    "mindspore.mint.nn.functional",
    "mindspore.nn.learning_rate_schedule",
    "mindspore.ops.operations",
    "mindspore.experimental",
)

#: Objects defined below these are known by their name in ``mindspore.train``, though ``mindspore`` has them too.
TRAIN_HOMES = ("mindspore.train.model", "mindspore.train.callback", "mindspore.train.metrics")

#: Modules that no training script names, and that cost much or fail to import.
SKIPPED = re.compile(
    r"\._|\.dataset\b|\.rewrite\b|_pb2\b|\.mindrecord\b|\.profiler\b|\.graph\b|\.tools\b|\.ops_generate\b|\.vmap"
)

#: Spellings of older releases that real code still has and that no described release knows.
EXTINCT = {
    "mindspore.common.api.ms_function": "mindspore.ms_function",
    **{
        f"mindspore.nn.optim_ex{inner}.{name}": f"mindspore.experimental.optim.{name}"
        for name, module in (("Optimizer", "optimizer"), ("Adam", "adam"), ("AdamW", "adamw"), ("SGD", "sgd"))
        for inner in ("", f".{module}")
    },
}

#: First releases that MindSpore's documentation names, where no installable release says. (2.1 had the first four in
#: ``mindspore.nn.optim_ex``.) Everything else that is absent in one described release and present in the next is stored
#: as new in the next.
DOCUMENTED_SINCE = {
    **dict.fromkeys(
        (
            "mindspore.experimental.optim",
            *(f"mindspore.experimental.optim.{name}" for name in ("Optimizer", "Adam", "AdamW", "SGD", "lr_scheduler")),
            "mindspore.experimental.optim.lr_scheduler.*",
        ),
        "2.2.0",
    ),
    **dict.fromkeys(
        (
            f"mindspore.experimental.optim.{name}"
            for name in ("Adadelta", "Adagrad", "Adamax", "ASGD", "NAdam", "RAdam", "RMSprop", "Rprop")
        ),
        "2.3.0",
    ),
    **dict.fromkeys(("mindspore.mint", "mindspore.mint.optim", "mindspore.mint.optim.AdamW"), "2.3.0"),
}

#: Wrappers that are called like optimizers. Values: what their first argument is.
WRAPPERS = {
    "mindspore.nn.LARS": "optimizer",
    "mindspore.nn.thor": "net",
    "mindspore.nn.OptTFTWrapper": "optimizer",
    "mindspore.nn.AdaSumByGradWrapCell": "optimizer",
    "mindspore.nn.AdaSumByDeltaWeightWrapCell": "optimizer",
}

#: Functions and classes that are neither Cells nor optimizers, and whose arguments the linter needs to tell apart.
DESCRIBED = (
    "mindspore.Parameter", "mindspore.ParameterTuple", "mindspore.Tensor", "mindspore.tensor", "mindspore.set_context",
    "mindspore.grad", "mindspore.value_and_grad", "mindspore.jit", "mindspore.save_checkpoint",
    "mindspore.load_checkpoint", "mindspore.load_param_into_net", "mindspore.ops.GradOperation", "mindspore.ops.assign",
    "mindspore.train.Model", "mindspore.train.LearningRateScheduler", "mindspore.train.ReduceLROnPlateau",
    "mindspore.build_train_network", "mindspore.amp.auto_mixed_precision",
    "mindspore.common.initializer.initializer",
)  # fmt: skip

#: What to give the required arguments of a layer to see its Parameters. A layer with others is not described.
SAMPLES: dict[str, Any] = {
    "alpha": 1.0, "axes": 1, "axis": 0, "batch_size": 2, "beta": 1.0, "d_model": 4, "depth": 4, "dim": 4,
    "dim_feedforward": 4, "downscale_factor": 2, "embed_dim": 4, "embedding_dim": 4, "embedding_size": 4,
    "end_dim": 1, "groups": 1, "hidden_size": 4, "in1_channels": 2, "in2_channels": 2, "in_channels": 4,
    "in_features": 4, "input_size": 4, "keep_prob": 0.5, "kernel_size": 3, "margin": 1.0, "margin1": 1.0,
    "nhead": 2, "norm_type": 2, "normalized_shape": (4,), "num_channels": 4, "num_class": 2, "num_embeddings": 8,
    "num_features": 4, "num_groups": 2, "num_heads": 2, "num_layers": 1, "num_parameters": 1, "out_channels": 4,
    "out_features": 4, "output_size": 2, "p": 0.5, "padding": 1, "paddings": ((1, 1), (1, 1)), "prob": 0.5,
    "size": 4, "start_dim": 0, "threshold": 0.5, "unflattened_size": (2, 2), "upscale_factor": 2, "value": 1.0,
    "vocab_size": 8,
}  # fmt: skip

#: Layers whose own signature says nothing (``*args, **kwargs``), and what MindSpore documents.
RECURRENT = "input_size, hidden_size, num_layers=1, has_bias=True, batch_first=False, dropout=0.0, bidirectional=False"
UNDECLARED = {f"mindspore.nn.{name}": RECURRENT for name in ("RNN", "GRU", "LSTM")}

#: Arguments of other kinds that change what a layer owns: Cells with Parameters of their own, sizes that may be None.
INSERTED = ("activation", "kdim", "vdim")

#: Containers own what they are given, not Parameters of their own.
CONTAINERS = ("Cell", "CellDict", "CellList", "SequentialCell", "GraphCell")

#: The Parameters of the network that optimizers are built on: they show up among an optimizer's own.
NETWORK = ("weight", "bias")

Paths = dict[int, list[str]]
Description = dict[str, Any]


# ---------------------------------------------------------------------------------------------------------------------
# extract: one release


def is_named_object(value: object) -> bool:
    """Whether identity means something for ``value``: numbers, strings and modules are told by name only."""
    if isinstance(value, (types.ModuleType, int, float, str, bytes, tuple, list, dict, set, frozenset, type(None))):
        return False
    module = getattr(value, "__module__", None) or type(value).__module__
    return str(module).split(".")[0] == "mindspore"


def choose(paths: Iterable[str], value: object) -> Optional[str]:
    """The one name by which an object is known, or None if no public module has it."""
    home = str(getattr(value, "__module__", ""))
    preferred = list(PUBLIC_MODULES)
    if home.startswith(TRAIN_HOMES):
        preferred.insert(0, "mindspore.train")
    own = str(getattr(value, "__name__", str(value).lower()))
    candidates = [
        (name.lower().endswith("ext"), preferred.index(module), name != own, len(name), path)
        for path in paths
        for module, _, name in [path.rpartition(".")]
        if module in preferred
    ]
    return min(candidates)[-1] if candidates else None


def import_everything(package: types.ModuleType) -> list[types.ModuleType]:
    """Every importable module of MindSpore that a script may name."""
    for found in pkgutil.walk_packages(package.__path__, "mindspore.", onerror=lambda name: None):
        if SKIPPED.search(found.name):
            continue
        with contextlib.suppress(BaseException):
            importlib.import_module(found.name)
    return [
        module
        for name, module in sorted(sys.modules.items())
        if (name == "mindspore" or name.startswith("mindspore."))
        and isinstance(module, types.ModuleType)
        and not SKIPPED.search(name)
    ]


def names_of(module: types.ModuleType) -> dict[str, list[str]]:
    """What can be had from a module: its ``names``, and its ``submodules`` apart, without private ones."""
    public = {name: getattr(module, name, None) for name in dir(module) if not name.startswith("_")}
    public.pop("absolute_import", None)
    submodules = {name for name, value in public.items() if isinstance(value, types.ModuleType)}
    names = public.keys() - submodules
    submodules.update(found.name for found in pkgutil.iter_modules(getattr(module, "__path__", ())))
    return {
        "names": sorted(names),
        "submodules": sorted(name for name in submodules - names if not name.startswith("_")),
    }


class Source:
    """Signatures as the source has them: defaults in the author's words, decorators not in the way."""

    def __init__(self) -> None:
        self._trees: dict[str, dict[str, ast.AST]] = {}

    def _nodes(self, path: str) -> dict[str, ast.AST]:
        if path not in self._trees:
            with open(path, encoding="utf-8") as file:
                tree = ast.parse(file.read())
            self._trees[path] = dict(_qualified(tree, ""))
        return self._trees[path]

    def find(self, value: Any) -> Optional[ast.AST]:
        """The definition of a class or function."""
        value = inspect.unwrap(value)
        with contextlib.suppress(TypeError, OSError, SyntaxError):
            path = inspect.getsourcefile(value)
            if path:
                return self._nodes(path).get(value.__qualname__)
        return None

    def initializer(self, cls: type) -> Optional[ast.FunctionDef]:
        """The ``__init__`` (or ``__new__``) that building a class runs."""
        for base in cls.__mro__:
            for name in ("__init__", "__new__"):
                if name in vars(base):
                    node = self.find(base)
                    for child in getattr(node, "body", ()):
                        if isinstance(child, ast.FunctionDef) and child.name == name:
                            return child
                    if base is object or node is not None:
                        return None
        return None

    def definition(self, value: Any) -> Optional[ast.FunctionDef]:
        """The function whose arguments a call of ``value`` takes."""
        node = self.initializer(value) if isinstance(value, type) else self.find(value)
        return node if isinstance(node, ast.FunctionDef) else None

    def arguments(self, value: Any) -> dict[str, bool]:
        """The arguments by name, and whether a call must give them."""
        node = self.definition(value)
        if node is None:
            return {}
        names = [argument.arg for argument in node.args.args]
        optional = names[len(names) - len(node.args.defaults) :] + [argument.arg for argument in node.args.kwonlyargs]
        return {name: name not in optional for name in [*names, *optional]}

    def signature(self, value: Any) -> Optional[str]:
        """The arguments as text, without ``self`` and annotations."""
        node = self.definition(value)
        if node is None:
            return None
        arguments = node.args
        for argument in ast.walk(arguments):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        text = ast.unparse(arguments)
        if isinstance(value, type):
            text = re.sub(r"^(self|cls)(, )?", "", text)
        return text

    def deprecation(self, value: Any) -> Optional[list[Optional[str]]]:
        """``[version, successor]`` of a ``@deprecated(...)`` on the class, the function or ``__init__``."""
        nodes = [self.find(value), self.definition(value)]
        for node in nodes:
            for decorator in getattr(node, "decorator_list", ()):
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("deprecated"):
                    values = [ast.literal_eval(argument) for argument in decorator.args]
                    return [str(values[0]), values[1]]
        return None

    def attributes(self, cls: Any) -> list[str]:
        """Attributes of instances of a class that cannot be built here: what it has and what its methods set."""
        names = set(dir(cls))
        for base in getattr(cls, "__mro__", ()):
            for node in ast.walk(self.find(base) or ast.Pass()):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_self(node.value):
                    names.add(node.attr)
        return sorted(name for name in names if not name.startswith("_"))

    def reads_key(self, cls: Any, key: str) -> bool:
        """Whether a class takes ``key`` as an argument or reads it from a group.

        ``experimental.optim.SGD`` has a default for ``grad_centralization`` that nothing reads.
        """
        node = self.find(cls)
        return key in self.arguments(cls) or (node is not None and f"['{key}']" in ast.unparse(node))

    def hidden_keywords(self, value: Any) -> list[str]:
        """Keywords that ``**kwargs`` of an initializer is asked for."""
        node = self.definition(value)
        if node is None or node.args.kwarg is None:
            return []
        name = re.escape(node.args.kwarg.arg)
        text = "\n".join(ast.unparse(statement) for statement in node.body)
        return sorted(set(re.findall(rf"\b{name}(?:\.get\(|\.pop\(|\[)'(\w+)'", text)))


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _qualified(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.AST]]:
    """Definitions below a node by qualified name."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.ClassDef, ast.FunctionDef)):
            yield prefix + child.name, child
            if isinstance(child, ast.ClassDef):
                yield from _qualified(child, f"{prefix}{child.name}.")
        elif isinstance(child, (ast.If, ast.Try, ast.With)):
            yield from _qualified(child, prefix)


def visible(value: object, without: Iterable[str] = ()) -> list[str]:
    """Public attribute names of an instance, with what ``Cell.__getattr__`` finds in tables of its own."""
    names = set(dir(value))
    for table in list(vars(value).values()) if hasattr(value, "__dict__") else ():
        if isinstance(table, dict):
            names.update(key for key in table if isinstance(key, str) and key.isidentifier() and hasattr(value, key))
    return sorted(name for name in names if not name.startswith("_") and name not in without)


def group_keys_of_nn(source: Source, base: type) -> list[str]:
    """The keys that ``nn.Optimizer`` allows in a group: the list in its source that it compares them with."""
    node = source.find(base)
    for statement in ast.walk(node) if node else ():
        if isinstance(statement, ast.List) and statement.elts:
            words = [element.value for element in statement.elts if isinstance(element, ast.Constant)]
            if "params" in words and "order_params" in words:
                return sorted(map(str, words))
    raise LookupError("nn.Optimizer no longer lists the keys of a group")


def optimizers(mindspore: Any, source: Source, named: dict[str, Any]) -> dict[str, Any]:
    """Every optimizer of the three families and what looks like one, built on a tiny network where that is possible."""
    families: list[tuple[str, Any]] = [("nn", mindspore.nn.Optimizer)]
    with contextlib.suppress(ImportError):
        families.append(("experimental", importlib.import_module("mindspore.experimental.optim").Optimizer))
    nn_keys = group_keys_of_nn(source, mindspore.nn.Optimizer)
    found: dict[str, Any] = {}
    for name, value in sorted(named.items()):
        family = next(
            (family for family, base in families if isinstance(value, type) and issubclass(value, base)), None
        )
        if name.startswith("mindspore.mint.") and family:
            family = "mint"
        if name in WRAPPERS:
            family = "nn"
        if family is None:
            continue
        entry: dict[str, Any] = {"family": family, "hidden": source.hidden_keywords(value)}
        instance = build(mindspore, name, value)
        if instance is None:  # Ascend only, or not in stand-alone mode
            base = next((base for _, base in families if isinstance(value, type) and issubclass(value, base)), None)
            instance_of_base = build(mindspore, name, base) if base else mindspore.nn.Cell()
            entry["attributes"] = sorted({*source.attributes(value), *visible(instance_of_base, NETWORK)})
        else:
            entry["attributes"] = visible(instance, NETWORK)
        if name in WRAPPERS:
            pass
        elif family == "nn":
            entry["group_keys"] = nn_keys
        elif instance is not None:
            read = {name for name in instance.defaults if source.reads_key(value, name)}
            entry["group_keys"] = sorted({"params", "lr", "initial_lr", *read})
        else:  # its defaults are its arguments, as in all of its family
            arguments = re.findall(r"\b(\w+)=", source.signature(value) or "")
            entry["group_keys"] = sorted({"params", "lr", "initial_lr", *arguments})
        if instance is not None and name not in WRAPPERS and not any(value is base for _, base in families):
            entry["refuses"] = refused(mindspore, value, source.arguments(value))
        found[name] = entry
    return found


def build(mindspore: Any, name: str, value: Any) -> Any:
    """An instance over the parameters of a tiny network, or None where this machine cannot build one."""
    net = mindspore.nn.Dense(2, 2)
    params = net.trainable_params()
    attempts: list[Callable[[], Any]] = [
        lambda: value(params),
        lambda: value(params, 0.1),
        lambda: value(params, 0.1, 0.9),
        lambda: value(params, {"lr": 0.1}),
        lambda: value(0.1, params),
        lambda: value(mindspore.nn.Momentum(params, 0.1, 0.9)),
        lambda: value(mindspore.nn.SequentialCell(net), mindspore.Tensor(0.1), mindspore.Tensor(0.1), 0.9),
    ]
    for attempt in attempts:
        try:
            return attempt()
        except Exception as error:
            if os.environ.get("DESCRIBE_VERBOSE"):
                print(f"{name}: {error!r}"[:200], file=sys.stderr)
    return None


def refused(mindspore: Any, value: Any, accepted: dict[str, bool]) -> list[str]:
    """Which values a constructor raises on, of those that some optimizers take and others do not."""
    net = mindspore.nn.Dense(2, 2)
    params = net.trainable_params()
    groups = [{"params": [params[0]], "lr": 0.01}, {"params": [params[1]]}]
    rate = "learning_rate" if "learning_rate" in accepted else "lr"
    required: dict[str, Any] = {"momentum": 0.9} if accepted.get("momentum") else {}
    if "relative_step" in accepted:  # AdaFactor takes a rate only without its own
        required.update(relative_step=False, scale_parameter=False)
    tries: dict[str, tuple[Any, dict[str, Any]]] = {
        "weight_decay:cell": (params, {"weight_decay": mindspore.nn.CosineDecayLR(0.01, 0.1, 10), rate: 0.1}),
        "weight_decay:int": (params, {"weight_decay": 1, rate: 0.1}),
        "weight_decay:zero": (params, {"weight_decay": 0, rate: 0.1}),
        "rate:int": (params, {rate: 1}),
        "rate:zero": (params, {rate: 0.0}),
        "rate:list": (params, {rate: [0.1, 0.2]}),
        "rate:schedule": (params, {rate: mindspore.nn.CosineDecayLR(0.01, 0.1, 10)}),
        "rate:tensor": (params, {rate: mindspore.Tensor(0.1, mindspore.float32)}),
        "rate:group": (groups, {rate: 0.1}),
        "params:generator": ((param for param in params), {rate: 0.1}),
    }
    wrong = []
    for what, (given, keywords) in tries.items():
        if "weight_decay" in keywords and "weight_decay" not in accepted:
            continue
        try:
            value(given, **{**required, **keywords})
        except Exception as error:
            if os.environ.get("DESCRIBE_VERBOSE"):
                print(f"{value.__name__} {what}: {error!r}"[:200], file=sys.stderr)
            wrong.append(what)
    return wrong


def layer(mindspore: Any, value: Any, signature: str) -> Optional[dict[str, Any]]:
    """The Parameters that a layer makes for itself, by the values of its switches (arguments that are True or False).

    Each row is ``[name, rank, requires_grad, {switch: value}]``: there is such a Parameter where the switches have
    these values. The rank is None where it is that of an argument. ``varies`` names other arguments (``num_layers``)
    that change the rows; these hold for the default.
    """
    arguments = ast.parse(f"lambda {signature}: 0", mode="eval").body.args  # type: ignore[attr-defined]
    positional = [argument.arg for argument in arguments.args]
    required = positional[: len(positional) - len(arguments.defaults)]
    if not set(required) <= SAMPLES.keys():
        return None
    given = {name: SAMPLES[name] for name in required}
    defaults = dict(zip(positional[len(required) :], arguments.defaults))
    defaults.update(zip((argument.arg for argument in arguments.kwonlyargs), arguments.kw_defaults))
    flags = [name for name, node in defaults.items() if isinstance(node, ast.Constant) and isinstance(node.value, bool)]

    def parameters(**keywords: Any) -> list[tuple[str, int, bool]]:
        cell = value(**{**given, **keywords})
        return [(name, parameter.ndim, parameter.requires_grad) for name, parameter in cell.parameters_and_names()]

    def differs(name: str, other: Any) -> bool:
        with contextlib.suppress(Exception):
            return parameters(**{name: other}) != usual
        return False

    try:
        usual = parameters()
    except Exception as error:
        if os.environ.get("DESCRIBE_VERBOSE"):
            print(f"layer {value.__name__}: {error!r}"[:200], file=sys.stderr)
        return None
    switches = [name for name in flags if differs(name, not defaults[name].value)]
    found: dict[tuple[str, int, bool], list[tuple[bool, ...]]] = {}
    combinations = list(itertools.product((True, False), repeat=len(switches)))
    made: dict[tuple[bool, ...], list[tuple[str, int, bool]]] = {}
    for combination in combinations:
        with contextlib.suppress(Exception):  # a combination that the layer refuses
            made[combination] = parameters(**dict(zip(switches, combination)))
        for row in made.get(combination, ()):
            found.setdefault(row, []).append(combination)
    rows = [(row, when) for row, holds in found.items() for when in conditions(switches, holds)]
    for combination, expected in made.items():
        values = dict(zip(switches, combination))
        if [row for row, when in rows if when.items() <= values.items()] != expected:
            return None  # an order that depends on a switch
    if len(rows) > 30:  # a whole network
        return None
    same_rank = "normalized_shape" not in given or not differs("normalized_shape", (4, 4))
    entry: dict[str, Any] = {
        "rows": [[name, rank if same_rank else None, trained, when] for (name, rank, trained), when in rows]
    }
    numbers = [name for name, node in defaults.items() if isinstance(node, ast.Constant) and type(node.value) is int]
    varies = [name for name in numbers if differs(name, 2)] + [name for name in INSERTED if name in defaults]
    if varies:
        entry["varies"] = varies
    return entry


def conditions(switches: list[str], holds: list[tuple[bool, ...]]) -> list[dict[str, bool]]:
    """The fewest fixed switches that say when something holds; where none does, one condition a combination."""
    fixed = {name: holds[0][index] for index, name in enumerate(switches) if len({held[index] for held in holds}) == 1}
    if len(holds) == 2 ** (len(switches) - len(fixed)):
        return [fixed]
    return [dict(zip(switches, held)) for held in holds]


def layers(mindspore: Any, cells: list[str], named: dict[str, Any], signatures: dict[str, str]) -> dict[str, Any]:
    """Every Cell that is a layer and can be built on samples."""
    base = mindspore.nn.Optimizer
    found = {
        name: layer(mindspore, named[name], UNDECLARED.get(name, signatures[name]))
        for name in cells
        if name in signatures and not issubclass(named[name], base) and name.rpartition(".")[2] not in CONTAINERS
    }
    return {name: entry for name, entry in found.items() if entry is not None}


def kinds(mindspore: Any, named: dict[str, Any]) -> dict[str, list[str]]:
    """Classes and functions by what they are to a training script."""
    nn = mindspore.nn
    schedule = importlib.import_module("mindspore.nn.learning_rate_schedule").LearningRateSchedule
    loss = importlib.import_module("mindspore.nn.loss.loss").LossBase
    result: dict[str, list[str]] = {kind: [] for kind in ("cell", "loss", "schedule", "rate_function", "scheduler")}
    for name, value in sorted(named.items()):
        module, _, last = name.rpartition(".")
        if isinstance(value, type):
            if issubclass(value, nn.Cell):
                result["cell"].append(name)
                if issubclass(value, loss) or (module == "mindspore.mint.nn" and last.endswith("Loss")):
                    result["loss"].append(name)
            if issubclass(value, schedule):
                result["schedule"].append(name)
            if module == "mindspore.experimental.optim.lr_scheduler":
                result["scheduler"].append(name)
        elif getattr(value, "__module__", "") == "mindspore.nn.dynamic_lr":
            result["rate_function"].append(name)
    return result


def extract() -> Description:
    """Describe the installed release."""
    import mindspore  # type: ignore[import-not-found,unused-ignore]

    source = Source()
    modules = import_everything(mindspore)
    paths: Paths = {}
    objects: dict[int, Any] = {}
    for module in modules:
        for name in list(vars(module)):
            value = vars(module)[name]
            if not name.startswith("_") and is_named_object(value):
                objects[id(value)] = value
                paths.setdefault(id(value), []).append(f"{module.__name__}.{name}")
    named: dict[str, Any] = {}
    spellings: dict[str, Optional[str]] = {}
    for key, value in objects.items():
        canonical = choose(paths[key], value)
        if canonical is not None:
            named[canonical] = value
        for path in paths[key]:
            spellings[path] = canonical
    kind_of = kinds(mindspore, named)
    optimizer_entries = optimizers(mindspore, source, named)
    described = {*itertools.chain(*kind_of.values()), *optimizer_entries, *DESCRIBED}
    present = {module.__name__: module for module in modules}
    signatures = {
        name: text
        for name in sorted(described & named.keys())
        for text in [source.signature(named[name])]
        if text is not None
    }
    return {
        "release": mindspore.__version__,
        "modules": {name: names_of(present[name]) for name in PUBLIC_MODULES if name in present},
        "spellings": spellings,
        "kinds": kind_of,
        "optimizers": optimizer_entries,
        "signatures": signatures,
        "layers": layers(mindspore, kind_of["cell"], named, signatures),
        "deprecated": {
            name: entry
            for name in sorted(described & named.keys())
            for entry in [source.deprecation(named[name])]
            if entry is not None
        },
        "attributes": {
            "Tensor": visible(mindspore.Tensor([1.0])),
            "Parameter": visible(mindspore.Parameter(mindspore.Tensor([1.0]), name="p")),
            "Cell": visible(mindspore.nn.Cell()),
        },
    }


# ---------------------------------------------------------------------------------------------------------------------
# merge: all releases


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


def dump(data: Description) -> str:
    """JSON, compact and still made to be read and compared: one entry a line, long lists wrapped."""
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {_dump(value, 0)}" for key, value in data.items()) + "\n}\n"


def _dump(value: Any, depth: int) -> str:
    indent = " " * (depth + 1)
    flat = json.dumps(value, separators=(",", ":"))
    if len(flat) < 90 and depth:
        return flat
    if isinstance(value, dict):
        items = [f"{indent}{json.dumps(key)}: {_dump(item, depth + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(items) + "}"
    if isinstance(value, list):
        text = ",".join(json.dumps(item, separators=(",", ":")).replace(" ", "\0") for item in value)
        lines = textwrap.wrap(text.replace(",", ", "), 118, break_long_words=False, break_on_hyphens=False)
        return "[\n" + "\n".join(indent + line.replace(", ", ",") for line in lines).replace("\0", " ") + "]"
    return flat


def main(arguments: Optional[list[str]] = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("extract", help="describe the installed release")
    commands.add_parser("merge", help="put descriptions together").add_argument("descriptions", nargs="+")
    options = parser.parse_args(arguments)
    if options.command == "extract":
        with contextlib.redirect_stdout(sys.stderr):  # MindSpore prints on import
            description = extract()
        json.dump(description, sys.stdout, indent=0)
    else:
        descriptions = []
        for path in options.descriptions:
            with open(path, encoding="utf-8") as file:
                descriptions.append(json.load(file))
        sys.stdout.write(dump(merge(descriptions)))


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    main()
