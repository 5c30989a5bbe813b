"""Programs run in plain Python. Of MindSpore there is only what they use: parameters with names, and optimizers that note
what they are given."""

from __future__ import annotations

import contextlib
import inspect
import io
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from types import CodeType, FrameType
from typing import Any, NamedTuple, Optional

FILE = "train.py"
#: What a program is not to do: run on for ever, and fill the memory.
MAX_LINES, MAX_ITEMS = 4_000, 200


class Parameter:
    def __init__(self, name: str, ndim: int) -> None:
        self.name = name
        self.ndim = ndim
        self.requires_grad = True

    def __repr__(self) -> str:
        return self.name


class Cell:
    def __init__(self) -> None:
        self.kept: list[Parameter] = []

    def trainable_params(self) -> list[Parameter]:
        return list(self.kept)

    def get_parameters(self) -> Iterator[Parameter]:
        return iter(self.kept)


class Dense(Cell):
    def __init__(self, *_: int) -> None:
        self.weight, self.bias = Parameter("weight", 2), Parameter("bias", 1)
        self.kept = [self.weight, self.bias]


class SequentialCell(Cell):
    def __init__(self, *cells: Cell) -> None:
        self.cells = cells
        self.kept = [one for cell in cells for one in cell.kept]
        for number, cell in enumerate(cells):
            for one in cell.kept:
                one.name = f"{number}.{one.name}"

    def __getitem__(self, index: int) -> Cell:
        return self.cells[index]


class Given(NamedTuple):
    """What an optimizer is given: ``groups`` are the names and the other keys of each dict, or of the one list of parameters."""

    line: int
    plain: bool
    groups: tuple[tuple[tuple[str, ...], Mapping[str, object]], ...]
    arguments: Mapping[str, object]

    @property
    def names(self) -> list[str]:
        return [name for names, _ in self.groups for name in names]


def run(code: CodeType, settings: Mapping[str, object]) -> list[Given]:
    """The optimizers that a program builds, one after the other, where what it imports from elsewhere is ``settings``."""
    found: list[Given] = []
    modules = {"mindspore": types.ModuleType("mindspore"), "mindspore.experimental": types.ModuleType("experimental")}
    modules["mindspore.nn"] = _module("nn", found, ("params", "learning_rate"))
    modules["mindspore.experimental.optim"] = _module("optim", found, ("params", "lr"))
    modules["elsewhere"] = types.ModuleType("elsewhere")
    vars(modules["elsewhere"]).update(settings)
    vars(modules["mindspore"])["nn"] = modules["mindspore.nn"]
    vars(modules["mindspore.experimental"])["optim"] = modules["mindspore.experimental.optim"]
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    left = MAX_LINES

    def traced(frame: FrameType, *_: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename != FILE:
            return None
        left -= 1
        if frame.f_code.co_flags & inspect.CO_GENERATOR and left > -MAX_LINES:
            return traced  # an error in a generator that is thrown away is lost, and the tracing with it
        if (
            left < 0
            or left % 8 == 0
            and any(len(one) > MAX_ITEMS for one in frame.f_locals.values() if type(one) is list)
        ):
            raise TooLong
        return traced

    old = sys.gettrace()
    try:
        sys.settrace(traced)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, {"__name__": "__main__", "__file__": FILE})
    finally:
        sys.settrace(old)
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
    return found


class TooLong(BaseException):
    """The program does not come to its end."""


def _module(name: str, found: list[Given], positional: tuple[str, str]) -> types.ModuleType:
    def optimizer(*given: Any, **more: Any) -> object:
        frame = sys._getframe(1)
        while frame.f_code.co_filename != FILE:
            assert frame.f_back is not None
            frame = frame.f_back
        arguments = {**dict(zip(positional, given)), **more}
        params = arguments.pop("params")
        plain = not (params and isinstance(params[0], dict))
        groups = [{"params": params}] if plain else params
        rows = [
            (_names(group["params"]), {key: value for key, value in group.items() if key != "params"})
            for group in groups
        ]
        found.append(Given(frame.f_lineno, plain, tuple(rows), arguments))
        return object()

    module = types.ModuleType(name)
    vars(module).update(Dense=Dense, SequentialCell=SequentialCell, Cell=Cell, SGD=optimizer, Adam=optimizer)
    return module


def _names(given: Any) -> tuple[str, ...]:
    if not isinstance(given, (list, tuple)):
        raise TypeError(given)
    for one in given:
        if not isinstance(one, Parameter):
            raise TypeError(one)
    return tuple(one.name for one in given)


def outcomes(text: str, settings: Sequence[Mapping[str, object]]) -> Optional[list[list[Given]]]:
    """What a program does with each of these settings; None where it fails, or does not end."""
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(text, FILE, "exec")
        return [run(code, one) for one in settings]
    except (Exception, TooLong):
        return None
