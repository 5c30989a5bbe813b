"""Stand-ins for what fixtures import and what is not MindSpore: PyTorch, a zoo of models, patches of a project."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Iterator
from typing import Any


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
    _zoo()
    if "torch_like_patches" in text:
        _patches()


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
