"""Try the recipes of README.md as a new user would: ``python .ci/recipes.py WHEEL``.

The recipes are taken from README.md as they stand. Only the repository of a hook, which is a place on the network, is
replaced by the same hook defined in place, and the package's name by the wheel.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any, Optional

import yaml

ROOT = Path(__file__).resolve().parent.parent
WRONG = "from mindspore import nn\n\nnet = nn.Dense(4, 2)\nopt = nn.SGD(net.trainable_params(), lr=0.1)\n"
RIGHT = WRONG.replace("lr=", "learning_rate=")
#: The hooks of flake8 and of Pylint, as their repositories define them.
HOOK = """\
  - repo: local
    hooks:
      - id: {0}
        name: {0}
        entry: {0}
        language: python
        types: [python]
        require_serial: true
        additional_dependencies: [{0}, {1}]
"""
ENVIRONMENT = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


def recipe(name: str) -> str:
    """The code block that README.md has under the marker."""
    found = re.search(rf"<!-- recipe: {name} -->\n```\w+\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert found, f"README.md has no recipe {name}"
    return found[1]


def run(command: list[str], folder: Path) -> tuple[int, str]:
    """Exit code and all output."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def expect(name: str, text: str, command: list[str], folder: Path, found: bool, report: Optional[Path] = None) -> None:
    """Write ``text`` as train.py, run, and compare the outcome. ``report``: what GitLab is given, in place of output."""
    (folder / "train.py").write_text(text, "utf-8")
    code, output = run(command, folder)
    for one in json.loads(report.read_text("utf-8")) if report is not None else ():
        output += f"{one['location']['path']}:{one['location']['positions']['begin']['line']}: {one['check_name']}\n"
    told = "train.py:4:" in output and ("MSO101" in output or "E7801" in output)
    if (code != 0, told) != (found, found):
        sys.exit(f"{name}: exit code {code}, expected {'a finding' if found else 'none'}:\n{output}")
    print(f"{name}: {'finds the mistake' if found else 'is silent on right code'}")


def try_pre_commit(host: str, wheel: str) -> None:
    """The hook of a host, or of the command, with the wheel in place of the published package."""
    text = recipe(f"pre-commit {host}")
    if host == "ms-optim-lint":
        text, count = re.subn(r"(additional_dependencies: )\[ms-optim-lint\]", rf"\1[{wheel}]", text)
    else:
        text, count = re.subn(
            rf"  - repo: https://\S+\n +rev: .+\n +hooks:\n +- id: {host}\n +additional_dependencies: \[ms-optim-lint\]\n",
            HOOK.format(host, wheel),
            text,
        )
    assert count == 1, text
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ENVIRONMENT["PRE_COMMIT_HOME"] = str(folder / "home")
        repository = folder / "project"
        repository.mkdir()
        (repository / ".pre-commit-config.yaml").write_text(text, "utf-8")
        (repository / "train.py").write_text(WRONG, "utf-8")
        run(["git", "init", "--quiet"], repository)
        run(["git", "add", "."], repository)
        command = ["pre-commit", "run", "--all-files", "--verbose"]
        expect(f"pre-commit, {host}", WRONG, command, repository, True)
        expect(f"pre-commit, {host}", RIGHT, command, repository, False)


#: Each service's name in check-jsonschema, and the file that it reads.
SERVICES = {
    "github": ("vendor.github-workflows", ".github/workflows/optimizers.yml"),
    "gitlab": ("vendor.gitlab-ci", ".gitlab-ci.yml"),
}


def try_service(name: str, wheel: str) -> None:
    """A job of a CI service: its file is one that the service reads, and its steps are run as they stand."""
    schema, place = SERVICES[name]
    text = recipe(name)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, "utf-8")
        code, output = run(["check-jsonschema", "--builtin-schema", schema, place], folder)
        if code:
            sys.exit(f"{name}: {output}")
        read, report = yaml.safe_load(text), None
        if name == "github":
            (job,) = read["jobs"].values()
            steps = [step["run"] for step in job["steps"] if "run" in step]
        else:
            (job,) = read.values()
            steps = job["script"]
            report = folder / job["artifacts"]["reports"]["codequality"]
        script = "\n".join(re.sub(r"(pip install) ms-optim-lint$", rf"\1 --quiet '{wheel}'", step) for step in steps)
        assert wheel in script
        command = ["bash", "-eo", "pipefail", "-c", script]
        expect(name, WRONG, command, folder, True, report)
        expect(name, RIGHT, command, folder, False, report)


def try_gate(name: str) -> None:
    """A line for a shell, in a project of two files."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "other.py").write_text("x = 1\n", "utf-8")
        command = ["sh", "-c", recipe(name)]
        expect(name, WRONG, command, Path(folder), True)
        expect(name, RIGHT, command, Path(folder), False)


def _send(stream: IO[bytes], message: dict[str, Any]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    stream.flush()


def _receive(stream: IO[bytes]) -> dict[str, Any]:
    length = 0
    while line := stream.readline().strip():
        key, value = line.split(b":")
        if key.lower() == b"content-length":
            length = int(value)
    message: dict[str, Any] = json.loads(stream.read(length))
    return message


def try_pylsp(host: str) -> None:
    """Open and save a file in pylsp, and read what it publishes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.py"
        path.write_text(WRONG, "utf-8")
        server = subprocess.Popen(
            [sys.executable, "-m", "pylsp"],
            cwd=folder,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert server.stdin
        assert server.stdout
        try:
            root = {"rootUri": Path(folder).as_uri(), "processId": None, "capabilities": {}}
            _send(server.stdin, {"id": 1, "method": "initialize", "params": root})
            settings = {"settings": json.loads(recipe(f"pylsp {host}"))}
            _send(server.stdin, {"method": "workspace/didChangeConfiguration", "params": settings})
            document = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": WRONG}
            _send(server.stdin, {"method": "textDocument/didOpen", "params": {"textDocument": document}})
            _send(server.stdin, {"method": "textDocument/didSave", "params": {"textDocument": document}})
            for _ in range(50):
                message = _receive(server.stdout)
                if message.get("method") != "textDocument/publishDiagnostics":
                    continue
                for one in message["params"]["diagnostics"]:
                    if one.get("code") in ("MSO101", "E7801"):
                        assert one["range"]["start"] == {"line": 3, "character": 37}, one
                        print(f"pylsp, {host}: finds the mistake")
                        return
            sys.exit(f"pylsp, {host}: published nothing of ours")
        finally:
            server.kill()
            server.wait()


def main(wheel: str) -> None:
    """All recipes, one after the other."""
    for host in ("flake8", "pylint", "ms-optim-lint"):
        try_pre_commit(host, wheel)
    for name in ("gate", "gate pylint", "gate command"):
        try_gate(name)
    for name in SERVICES:
        try_service(name, wheel)
    for host in ("flake8", "pylint"):
        try_pylsp(host)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
