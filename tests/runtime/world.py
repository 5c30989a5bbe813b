"""What a program left behind: its networks and optimizers, and the means to see what they do.

Probes are written with this. All numbers are measured: the parameters are read before and after.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Callable, Optional

#: Parameters by name, as numpy arrays.
Weights = dict[str, Any]


class World:
    """The namespace of a program, and every Cell and optimizer that it built, in order.

    Made before the program runs: it notes what is built from then on.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self.cells: list[Any] = []
        self.optimizers: list[Any] = []
        self.steps = 0
        self.ms: Any = importlib.import_module("mindspore")
        self.nn: Any = importlib.import_module("mindspore.nn")
        bases = [self.nn.Optimizer]
        try:
            bases.append(importlib.import_module("mindspore.experimental.optim").Optimizer)
        except ImportError:  # 2.0 has none
            pass
        self._bases = tuple(bases)
        _note(self.nn.Cell, "__init__", self._built)
        for base in bases:
            _note(base, "__call__", self._stepped)

    def forget(self) -> None:
        """Begin anew, for the next program in the same interpreter."""
        self.cells.clear()
        self.optimizers.clear()
        self.steps = 0

    def _built(self, cell: Any) -> None:
        if isinstance(cell, self._bases):
            self.optimizers.append(cell)
        else:
            self.cells.append(cell)

    def _stepped(self, _: Any) -> None:
        self.steps += 1

    # What there is ---------------------------------------------------------------------------------------------------

    @property
    def optimizer(self) -> Any:
        """The optimizer that was built last."""
        assert self.optimizers, "the program built no optimizer"
        return self.optimizers[-1]

    def network(self, optimizer: Any = None) -> Any:
        """The largest Cell with a parameter of the optimizer, the first of those that are equally large."""
        wanted = {id(one) for one in parameters_of(optimizer or self.optimizer)}
        sizes = {id(cell): [id(one) for one in cell.get_parameters()] for cell in self.cells}
        own = [cell for cell in self.cells if not type(cell).__module__.startswith("mindspore.nn.wrap")]
        holders = [cell for cell in own if not wanted or wanted & set(sizes[id(cell)])]
        assert holders, "no network holds a parameter of the optimizer"
        return max(holders, key=lambda cell: len(sizes[id(cell)]))

    def printed(self) -> str:
        """All that was printed and logged so far."""
        sys.stdout.flush()
        sys.stderr.flush()
        return Path("/proc/self/fd/1").read_text("utf-8", "replace")

    # What they do ----------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Wait until all that was asked for has been done: some releases raise only then."""
        importlib.import_module("mindspore.common.api")._pynative_executor.sync()

    def step(self, gradient: float = 1.0, optimizer: Any = None) -> Weights:
        """One step with every gradient equal to ``gradient``: how far each parameter of the network moved."""
        optimizer = optimizer or self.optimizer
        ops = self.ms.ops
        gradients = tuple(ops.ones_like(one) * gradient for one in parameters_of(optimizer))
        return self.moved(lambda: optimizer(gradients), self.network(optimizer).get_parameters())

    def forget_moments(self) -> None:
        """Let the optimizer remember nothing of earlier steps, so that the next one is along its gradients."""
        for one in getattr(self.optimizer, "moments", ()):
            self.ms.ops.assign(one, self.ms.ops.zeros_like(one))

    def moved(self, action: Callable[[], Any], parameters: Iterable[Any]) -> Weights:
        """How far each of the parameters moved while ``action`` ran: new value minus old."""
        parameters = list(parameters)
        before = weights(parameters)
        action()
        after = weights(parameters)
        return {name: after[name] - before[name] for name in before}

    def train(self, steps: int = 3) -> Weights:
        """Some steps on a loss of the network's output: how far each of its parameters moved."""
        optimizer, network = self.optimizer, self.network()

        def loss(number: int) -> Any:
            return (network(inputs[number]) ** 2).sum()

        def go() -> None:
            compute = self.ms.value_and_grad(loss, None, tuple(parameters_of(optimizer)))
            for number in range(steps):
                value, gradients = compute(number)
                assert float(value.asnumpy()) == float(value.asnumpy()), "the loss is not a number"
                optimizer(gradients)

        inputs = [self.inputs(network, seed) for seed in range(steps)]
        return self.moved(go, network.get_parameters())

    def inputs(self, network: Any, seed: int = 0) -> Any:
        """A batch that the network takes, guessed from its first layer."""
        numpy = importlib.import_module("numpy")
        shape: tuple[int, ...] = (3, 4)
        for _, cell in network.cells_and_names():
            kind = type(cell).__name__
            if kind == "Dense":
                shape = (3, cell.in_channels)
            elif kind == "Conv2d":
                shape = (3, cell.in_channels, 8, 8)
            elif kind == "Embedding":
                return self.ms.Tensor(numpy.arange(6).reshape(3, 2) % cell.vocab_size, self.ms.int32)
            else:
                continue
            break
        values = numpy.random.RandomState(seed).standard_normal(shape)
        return self.ms.Tensor(values, self.ms.float32)


def _note(owner: Any, method: str, note: Callable[[Any], None]) -> None:
    """Have ``note`` called with the object whenever ``method`` of it was called."""
    old = getattr(owner, method)

    def noting(self: Any, *arguments: Any, **more: Any) -> Any:
        result = old(self, *arguments, **more)
        note(self)
        return result

    noting.__wrapped__ = old  # type: ignore[attr-defined]
    setattr(owner, method, noting)


def parameters_of(optimizer: Any) -> tuple[Any, ...]:
    """The parameters that an optimizer steps."""
    return tuple(optimizer.parameters)


def weights(parameters: Iterable[Any]) -> Weights:
    """The values of parameters, copied."""
    return {one.name: one.asnumpy().copy() for one in parameters}


def still(moves: Mapping[str, Any]) -> Iterator[str]:
    """The names of the parameters that did not move."""
    return (name for name, move in moves.items() if not abs(move).max() > 0)


def one_number(values: Any) -> Optional[float]:
    """The number that all values are equal to, roughly; None where they differ."""
    low, high = float(values.min()), float(values.max())
    return float(f"{(low + high) / 2:.4g}") if high - low <= 1e-5 * max(1.0, abs(high)) else None
