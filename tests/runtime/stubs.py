"""Stand-ins for what fixtures import and what is not MindSpore: PyTorch, click, a zoo of models, patches of a project."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any, Optional


class Anything:
    """Does whatever is asked, and means nothing."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __setattr__(self, name: str, value: Any) -> None:
        pass

    def __call__(self, *_: Any, **__: Any) -> Any:
        return Anything()

    def __iter__(self) -> Iterator[Any]:
        return iter([Anything(), Anything()])

    def __getitem__(self, _: Any) -> Any:
        return Anything()

    def __setitem__(self, _: Any, __: Any) -> None:
        pass

    def _same(self, _: Any) -> Any:
        return self

    __mul__ = __rmul__ = __add__ = __sub__ = __truediv__ = __pow__ = _same


class Module:
    """PyTorch's base class of networks."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __call__(self, *_: Any) -> Any:
        return Anything()

    def parameters(self) -> Iterator[Any]:
        return iter(())


def install(text: str) -> None:
    """Make the imports of the program ``text`` work. Only called in a fork."""
    for name in ("torch", "torch.nn", "torch.nn.functional", "torch.optim", "torch.optim.lr_scheduler"):
        module = types.ModuleType(name)
        module.__path__ = []
        module.__getattr__ = lambda _: Anything  # type: ignore[method-assign]
        sys.modules[name] = module
        outer, _, inner = name.rpartition(".")
        if outer:
            setattr(sys.modules[outer], inner, module)
    vars(sys.modules["torch.nn"])["Module"] = Module
    stand_in(("click",))
    _zoo()
    if "torch_like_patches" in text:
        _patches()


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules of some packages that are not there, with anything in them that is asked for."""

    def __init__(self, packages: Sequence[str]) -> None:
        self.packages = tuple(packages)

    def find_spec(self, name: str, path: Any, target: Any = None) -> Optional[importlib.machinery.ModuleSpec]:
        wanted = any(name == package or name.startswith(f"{package}.") for package in self.packages)
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if wanted else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = types.ModuleType(spec.name)
        vars(module)["__getattr__"] = _anything
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def _anything(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return Anything


def stand_in(packages: Sequence[str]) -> None:
    """Make imports of ``packages`` work where these are not installed. Only called in a fork."""
    sys.meta_path.append(_Finder(packages))


def _zoo() -> None:
    nn: Any = importlib.import_module("mindspore.nn")

    class Model(nn.Cell):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.backbone = nn.Dense(3, 4)
            self.head = nn.Dense(4, 2)

        def construct(self, x: Any) -> Any:
            return self.head(self.backbone(x))

    zoo = types.ModuleType("zoo")
    vars(zoo)["create_model"] = lambda *_, **__: Model()
    sys.modules["zoo"] = zoo


def _patches() -> None:
    """What a project's own module does that makes MindSpore look like PyTorch."""
    mindspore: Any = importlib.import_module("mindspore")
    sys.modules["torch_like_patches"] = types.ModuleType("torch_like_patches")
    mindspore.nn.Cell.parameters = lambda self: self.trainable_params()
    mindspore.nn.Optimizer.zero_grad = lambda _: None
    mindspore.nn.Optimizer.step = lambda _: None
    mindspore.Tensor.backward = lambda _: None
