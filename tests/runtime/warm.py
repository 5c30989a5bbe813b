"""One warm interpreter: MindSpore is imported once, and each program runs in a fork of it."""

from __future__ import annotations

import ast
import importlib.util
import logging
import os
import pickle
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Callable, Optional

from runtime.outcome import Outcome, Raised
from runtime.world import World

#: Said where there is no MindSpore.
ABSENT = "MindSpore is not installed here: pip install -e '.[runtime]' (see tests/runtime/README.md)"

#: Seconds after which a program counts as hanging.
PATIENCE = 120

#: Called with what the program left behind; what it returns must be picklable.
After = Callable[[World], Any]


def is_here() -> bool:
    """Whether MindSpore is installed. Does not import it."""
    return importlib.util.find_spec("mindspore") is not None


def mindspore() -> Any:
    """MindSpore, imported quietly."""
    os.environ.setdefault("GLOG_v", "2")  # warnings are part of what a program prints
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    module = importlib.import_module("mindspore")
    if str(module.__version__).startswith("2.0"):
        # It leaves operations to a thread, and a fork has none: what is assigned would come after what is loaded.
        module.set_context(pynative_synchronize=True)
    return module


def version() -> str:
    """The release that is installed, as ``2.10.0``."""
    return str(mindspore().__version__)


def run_text(
    text: str,
    after: Optional[After] = None,
    others: Optional[Mapping[str, str]] = None,
    resume: bool = False,
    before: Optional[Callable[[], None]] = None,
) -> Outcome:
    """Run a program that is given as text, with ``others`` as files beside it. ``before`` prepares the interpreter."""
    folder = Path(tempfile.mkdtemp(prefix="program"))
    try:
        for name, content in {"train.py": text, **(others or {})}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, "utf-8")
        return run_file(folder / "train.py", folder, after, resume, before)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_file(
    path: Path,
    root: Path,
    after: Optional[After] = None,
    resume: bool = False,
    before: Optional[Callable[[], None]] = None,
) -> Outcome:
    """Run ``path`` as a script of the project ``root``; ``after`` is called where it did not fail.

    With ``resume``, an error ends only its statement of the module, and the others run: one file, many errors; then
    ``after`` is called in any case.
    ``before`` prepares the interpreter that runs it.
    """

    def job() -> Outcome:
        if before is not None:
            before()
        return _in_child(path, root, after, resume)

    return forked(job)


def forked(job: Callable[[], Any]) -> Outcome:
    """Call ``job`` in a fork of this interpreter. It gives an Outcome, or what becomes the result of one."""
    mindspore()
    reading, writing = os.pipe()
    output = tempfile.TemporaryFile()
    started = time.monotonic()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(job, writing, output.fileno())
    os.close(writing)
    data, late = _read(reading, started + PATIENCE)
    if late:
        os.kill(child, signal.SIGKILL)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    output.seek(0)
    printed = output.read().decode("utf-8", "replace")
    output.close()
    seconds = time.monotonic() - started
    if late or not data:
        died = f"no answer in {PATIENCE} s" if late else f"exit status {status}"
        return Outcome(died=died, printed=printed, seconds=seconds)
    answer = pickle.loads(data)
    if isinstance(answer, Outcome):
        return Outcome(answer.raised, answer.result, printed, answer.died, seconds)
    return Outcome((), answer, printed, None, seconds)


def _read(pipe: int, until: float) -> tuple[bytes, bool]:
    """All that comes out of ``pipe``, and whether it took too long."""
    data = bytearray()
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return bytes(data), True
        piece = os.read(pipe, 1 << 16)
        if not piece:
            return bytes(data), False
        data += piece


def _child(job: Callable[[], Any], writing: int, output: int) -> None:
    """Never returns: the fork ends here, without running what its parent would run at exit."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    _print_to_descriptors()
    try:
        data = pickle.dumps(job())
    except BaseException:
        data = pickle.dumps(Outcome(died=traceback.format_exc()))
    sys.stdout.flush()
    while data:
        data = data[os.write(writing, data) :]
    os._exit(0)


def _print_to_descriptors() -> None:
    """Undo what a test runner does to catch output: print to descriptors 1 and 2, MindSpore's log too."""
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)
    for logger in list(logging.Logger.manager.loggerDict.values()):
        for handler in getattr(logger, "handlers", ()):
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(sys.stderr)


def _in_child(path: Path, root: Path, after: Optional[After], resume: bool) -> Outcome:
    module = _main_module(path, root)
    os.chdir(tempfile.mkdtemp(prefix="cwd"))
    try:
        world = World(module.__dict__)
        raised = tuple(_execute(path, root, module.__dict__, resume))
        result = None
        try:
            world.settle()
            if after is not None and (resume or not raised):
                result = after(world)
                world.settle()
        except AssertionError:
            raise
        except Exception as error:
            raised = (*raised, Raised.of(error, root))
        return Outcome(raised, result)
    finally:
        shutil.rmtree(os.getcwd(), ignore_errors=True)


def _main_module(path: Path, root: Path) -> types.ModuleType:
    """A fresh ``__main__`` for ``path``, with its folders first on the path of imports."""
    module = types.ModuleType("__main__")
    module.__file__ = str(path)
    package: list[str] = []
    folder = path.parent
    while (folder / "__init__.py").exists():
        package.insert(0, folder.name)
        folder = folder.parent
    if package:
        module.__package__ = ".".join(package)
    sys.path[:0] = [str(one) for one in dict.fromkeys((path.parent, root, folder))]
    sys.modules["__main__"] = module
    sys.argv = [str(path)]
    sys.dont_write_bytecode = True
    return module


def _execute(path: Path, root: Path, namespace: dict[str, Any], resume: bool) -> Iterator[Raised]:
    tree = ast.parse(path.read_text("utf-8"), str(path))
    failed: set[str] = set()
    for body in [[one] for one in _statements(tree.body)] if resume else [tree.body]:
        try:
            exec(compile(ast.Module(body, []), str(path), "exec"), namespace)
        except (Exception, SystemExit) as error:
            names = [node for one in body for node in ast.walk(one) if isinstance(node, ast.Name)]
            follows = isinstance(error, NameError) and bool({node.id for node in names} & failed)
            failed |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
            if not follows:
                yield Raised.of(error, root)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, with those under ``if __name__ == ...`` in its place."""
    for one in body:
        test = one.test if isinstance(one, ast.If) else None
        if isinstance(one, ast.If) and isinstance(test, ast.Compare) and ast.unparse(test.left) == "__name__":
            yield from _statements(one.body)
        else:
            yield one
