"""The installed command, run as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Optional, Union

_SCRIPT = Path(sys.executable).with_name("ms-optim-lint" + (".exe" if os.name == "nt" else ""))
#: The script that installing makes; where only the sources are on the path, the module, which is the same.
COMMAND = [str(_SCRIPT)] if _SCRIPT.exists() else [sys.executable, "-m", "ms_optim_lint"]

#: One mistake: an E at line 3.
WRONG = "from mindspore import nn\n\nopt = nn.SGD(net.trainable_params(), lr=0.1)\n"
RIGHT = WRONG.replace("lr=", "learning_rate=")


def command(
    *arguments: Union[str, Path],
    folder: Path,
    stdin: bytes = b"",
    python_path: Optional[Path] = None,
    **environment: str,
) -> subprocess.CompletedProcess[bytes]:
    """Exit code, bytes written and bytes said."""
    variables = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    variables.update({"PYTHONIOENCODING": "utf-8", "MS_OPTIM_LINT_NO_CACHE": "1", **environment})
    if python_path is not None:
        variables["PYTHONPATH"] = os.pathsep.join([str(python_path), variables.get("PYTHONPATH", "")])
    call = [*COMMAND, *map(str, arguments)]
    done = subprocess.run(call, cwd=folder, input=stdin, capture_output=True, env=variables, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


def lines(*arguments: Union[str, Path], folder: Path, **more: Any) -> list[str]:
    """What ``check`` finds, one line each; it says nothing else."""
    done = command("check", "--output-format=concise", "--quiet", *arguments, folder=folder, **more)
    assert done.stderr == b"", done.stderr.decode()
    assert done.returncode == (1 if done.stdout else 0)
    return done.stdout.decode().splitlines()


def codes(*arguments: Union[str, Path], folder: Path, **more: Any) -> list[str]:
    """The codes that ``check`` reports."""
    return [line.split(" ")[1] for line in lines(*arguments, folder=folder, **more)]


def records(*arguments: Union[str, Path], folder: Path, **more: Any) -> list[dict[str, Any]]:
    """What ``check --output-format json`` says."""
    done = command("check", "--output-format=json", *arguments, folder=folder, **more)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def write(folder: Path, files: dict[str, str]) -> Path:
    """Files by their names."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def failed(done: subprocess.CompletedProcess[bytes], *words: str) -> None:
    """The command could not do it, and said why in one line."""
    said = done.stderr.decode()
    assert done.returncode == 2, said
    assert said.startswith("ms-optim-lint: error: ")
    assert said.count("\n") == 1
    for word in words:
        assert word in said, said
