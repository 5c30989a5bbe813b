"""``ms-optim-lint check``: files, rules, exit codes, and what is printed for people."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from commanding import COMMAND, RIGHT, WRONG, codes, command, failed, lines, records, write
from running import FAILING, SCRIPT

FULL = """\
MSO101 [*] nn.SGD has no argument 'lr' and raises: write learning_rate=...
 --> train.py:4:9
  |
3 | opt = nn.SGD(net.trainable_params(),
4 |     變=1, lr=0.1)
  |           ^^^^^^
  |
fix: Write learning_rate
help: ms-wrong-rate-keyword, error; ms-optim-lint rule MSO101

Found 1 finding in 1 file of 1.
[*] 1 fixable with --fix.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, {"train.py": SCRIPT})


def test_exit_codes(folder: Path) -> None:
    assert command("check", folder=folder).returncode == 1
    assert command("check", "--exit-zero", folder=folder).returncode == 0
    assert command("check", "--select=MSO113", folder=folder).returncode == 0
    assert command("check", "--min-severity=error", "--ignore=MSO101", folder=folder).returncode == 0
    assert command("check", "nowhere.py", folder=folder).returncode == 2


def test_clean(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": RIGHT})
    done = command("check", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"All checks passed!\n", b"")
    assert command("check", "--quiet", folder=tmp_path).stdout == b""


def test_no_files(tmp_path: Path) -> None:
    done = command("check", folder=tmp_path)
    assert done.returncode == 0
    assert b"no Python files" in done.stderr


def test_concise(folder: Path) -> None:
    done = command("check", "--output-format=concise", folder=folder)
    written = done.stdout.decode().splitlines()
    assert written[0] == (
        "train.py:5:71: MSO101 [*] nn.Momentum has no argument 'lr' and raises: write learning_rate=..."
    )
    assert [line.split(" ")[0] for line in written[:3]] == ["train.py:5:71:", "train.py:6:18:", "train.py:12:39:"]
    assert written[3:] == ["Found 3 findings in 1 file of 1.", "[*] 2 fixable with --fix."]


def test_full(tmp_path: Path) -> None:
    text = WRONG.replace(" lr", "\n    變=1, lr")
    write(tmp_path, {"train.py": text})
    done = command("check", "--select=MSO101", folder=tmp_path)
    assert done.stdout.decode() == FULL.replace("train.py:4:9", "train.py:4:10")


def test_related_places_in_another_file(tmp_path: Path) -> None:
    helper = "def rates():\n    return [0.1, 0.2]\n"
    script = (
        "from mindspore import nn, ops\nfrom helper import rates\n\n"
        "opt = nn.SGD(nn.Dense(4, 2).trainable_params(), rates())\nops.assign(opt.learning_rate, 0.1)\n"
    )
    write(tmp_path, {"helper.py": helper, "train.py": script})
    written = command("check", "--select=MSO151", folder=tmp_path).stdout.decode()
    assert " ::: helper.py:2:12: the rate\n" in written
    assert "2 |     return [0.1, 0.2]\n  |            ----------\n" in written


def test_colour_only_where_wanted(folder: Path) -> None:
    assert b"\x1b" not in command("check", folder=folder).stdout
    assert b"\x1b[" in command("check", "--color=always", folder=folder).stdout
    assert b"\x1b[" in command("check", folder=folder, FORCE_COLOR="1").stdout
    assert b"\x1b" not in command("check", folder=folder, FORCE_COLOR="1", NO_COLOR="1").stdout


@pytest.mark.skipif(sys.platform != "linux", reason="needs a terminal of its own")
def test_colour_at_a_terminal(folder: Path) -> None:
    import pty

    leader, terminal = pty.openpty()
    call = [*COMMAND, "check", "--output-format=concise"]
    environment = {**os.environ, "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    done = subprocess.run(call, cwd=folder, stdout=terminal, env=environment, check=False)
    os.close(terminal)
    assert done.returncode == 1
    assert b"\x1b[1;31mMSO101" in os.read(leader, 10_000)
    os.close(leader)


def test_source_cannot_steer_the_terminal(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": WRONG.replace("\n\n", "\n\nx = '\x1b[31m\x07'\n").replace("lr=", "'\x1b' or lr=")})
    write(tmp_path, {"train.py": WRONG.rstrip() + "  # \x1b[31m\x07\n"})
    written = command("check", folder=tmp_path).stdout
    assert b"\x1b" not in written
    assert b"\\x1b[31m\\x07" in written


def test_statistics(folder: Path) -> None:
    done = command("check", "--statistics", folder=folder)
    assert done.returncode == 1
    assert done.stdout.decode().splitlines()[:2] == [
        "2  MSO101  [*]  ms-wrong-rate-keyword",
        "1  MSO121  [ ]  ms-missing-order-params",
    ]
    found = records("--statistics", folder=folder)
    assert [(one["code"], one["count"]) for one in found] == [("MSO101", 2), ("MSO121", 1)]
    failed(command("check", "--statistics", "--output-format=sarif", folder=folder), "--statistics has the formats")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--select=MSO101"], ["MSO101", "MSO101"]),
        (["--select=ms-missing-order-params"], ["MSO121"]),
        (["--select=C7821"], ["MSO121"]),
        (["--select=MSO12,MSO11"], ["MSO121"]),
        (["--select=MSO12", "--select=MSO10"], ["MSO101", "MSO121", "MSO101"]),
        (["--select=MSO", "--ignore=MSO10"], ["MSO121"]),
        (["--select=MSO101", "--ignore=MSO10"], ["MSO101", "MSO101"]),
        (["--select=MSO12", "--extend-select=MSO101"], ["MSO101", "MSO121", "MSO101"]),
        (["--ignore=ALL"], []),
        (["--min-severity=error"], ["MSO101", "MSO101"]),
        (["--per-file-ignores=*.py:MSO101"], ["MSO121"]),
        (["--per-file-ignores=other.py:MSO101,train.py:MSO121"], ["MSO101", "MSO101"]),
        (["--per-file-ignores=!other.py:MSO101"], ["MSO121"]),
    ],
)
def test_rules(folder: Path, arguments: list[str], expected: list[str]) -> None:
    assert codes(*arguments, folder=folder) == expected


def test_preview(tmp_path: Path) -> None:
    script = "from mindspore import nn\n\nopt = nn.SGD(net.trainable_params(), [0.1])\n"
    write(tmp_path, {"train.py": script})
    assert codes(folder=tmp_path) == []
    assert codes("--preview", folder=tmp_path) == ["MSO139"]
    done = command("check", "--select=MSO139", folder=tmp_path)
    assert done.returncode == 0
    assert b"MSO139 is in preview and not reported; add --preview." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--select=MSO999"], ["--select: 'MSO999' is no rule; write a code such as MSO113"]),
        (["--ignore=F401"], ["--ignore: 'F401' is no rule"]),
        (["--min-severity=W"], ["--min-severity: 'W' is not accepted; write one of convention,"]),
        (["--mindspore-version=new"], ["--mindspore-version: 'new' is not a MindSpore version"]),
        (["--per-file-ignores=x"], ["--per-file-ignores: 'x' is not accepted; write a pattern"]),
        (["--output-format=xml"], ["--output-format", "xml"]),
        (["--jobs=0"], ["--jobs: '0' is not accepted"]),
        (["--no-such-option"], ["there is no option --no-such-option; see ms-optim-lint check --help"]),
        (["--select=ms-wrong-rate-keywrod"], ["or ALL. Did you mean ms-wrong-rate-keyword?"]),
        (["--ignore=iterator-group"], ["or ALL. Did you mean ms-iterator-group?"]),
        (["--no-fix"], ["there is no option --no-fix; see ms-optim-lint check --help"]),
        (["--mso-preview"], ["there is no option --mso-preview, did you mean --preview?"]),
        (["--output-fromat=json"], ["there is no option --output-fromat, did you mean --output-format?"]),
        (["--config=nowhere.toml"], ["nowhere.toml: there is no such file"]),
        (["--config=x.toml", "--isolated"], ["--config and --isolated contradict"]),
        (["--output-file=no/such/folder.txt"], ["no/such/folder.txt cannot be written: no such file"]),
        (["-", "train.py"], ["standard input (-) is checked alone"]),
        (["--stdin-filename=a.py", "train.py"], ["standard input (-) is checked alone"]),
        ([""], ["'': there is no file without a name"]),
        (["nowhere.py"], ["nowhere.py: there is no such file or folder"]),
        (["--exclude=[z-a]"], ["'[z-a]' is not a pattern as in .gitignore"]),
    ],
)
def test_bad_usage(folder: Path, arguments: list[str], words: list[str]) -> None:
    failed(command("check", *arguments, folder=folder), *words)


@pytest.mark.parametrize("arguments", [["--select="], ["--select=MSO101", "--ignore=MSO101"], ["--ignore=ALL"]])
def test_no_rule_is_left(folder: Path, arguments: list[str]) -> None:
    done = command("check", *arguments, folder=folder)
    assert (done.returncode, done.stdout) == (0, b"All checks passed!\n")
    assert done.stderr == (
        b"ms-optim-lint: warning: no rule is left to look for: see select and ignore in --show-settings.\n"
    )


def test_what_is_empty_is_told_from_what_was_read(tmp_path: Path) -> None:
    lines_of = ["from mindspore import nn", "net = nn.Dense(4, 2)"]
    lines_of += ["params = iter(net.trainable_params())", "print(len(list(params)))", "opt = nn.SGD(list(params), 0.1)"]
    write(tmp_path, {"train.py": "\n".join([*lines_of, ""])})
    (line,) = lines(folder=tmp_path)
    assert line == (
        "train.py:5:14: MSO111 These parameters are taken from an iterator that was read before, so there are none, and "
        "nn.SGD raises: make the iterator a list before it is read, with list(...)"
    )


def test_no_command(folder: Path) -> None:
    assert command(folder=folder).returncode == 2
    failed(command("chekc", folder=folder), "'chekc' is no command; the commands are check, rule")
    failed(command("train.py", folder=folder), "to lint it, write: ms-optim-lint check train.py")
    for arguments in (["--help"], ["check", "--help"], ["rule", "--help"]):
        done = command(*arguments, folder=folder)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"exit codes: 0 nothing found, 1 findings, 2" in done.stdout


def test_bad_files_do_not_stop_others(folder: Path) -> None:
    (folder / "bytes.py").write_bytes(b"\xff\xfe mindspore Adam trainable_params\n")
    (folder / "half.py").write_text("import mindspore.nn.Adam\nx = (\n")
    (folder / "other.py").write_bytes(b"\xff\xfe\n")
    (folder / "null.py").write_bytes(b"import mindspore.nn.Adam\n\x00\n")
    (folder / "link.py").symlink_to(folder / "nowhere.py")
    (folder / "folder.py").mkdir()
    done = command("check", "--output-format=concise", "--quiet", folder=folder)
    words = "other.py: is UTF-16, which Python does not read (save it as UTF-8); it is not judged"
    assert done.stderr.decode() == f"ms-optim-lint: warning: {words}\n"
    found = [line.split(" ")[:2] for line in done.stdout.decode().splitlines()]
    column = found[1][0].split(":")[2]  # Python 3.9 counts it from another place
    assert found[:3] == [["bytes.py:1:1:", "invalid-syntax"], [f"half.py:2:{column}:", "invalid-syntax"], found[2]]
    assert found[2][1] == "invalid-syntax"
    assert [code for _, code in found[3:]] == ["MSO101", "MSO121", "MSO101"]


@pytest.mark.skipif(
    not hasattr(socket, "AF_UNIX"), reason="needs a file that cannot be opened, for the administrator too"
)
def test_unreadable_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("secret.py")
        assert len(codes(folder=folder)) == 3
        done = command("check", "--output-format=concise", "secret.py", "train.py", folder=folder)
    assert b"secret.py: is neither a file nor a folder" in done.stderr
    assert done.stdout.count(b"MSO101") == 2
    assert done.returncode == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_what_would_be_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.py")
    (folder / "nowhere.py").symlink_to(folder / "gone.py")
    (folder / "one.py").symlink_to(folder / "two.py")
    (folder / "two.py").symlink_to(folder / "one.py")
    (folder / "up").symlink_to(folder)
    assert len(codes(folder=folder)) == 3
    done = command("check", "--output-format=concise", "pipe.py", "nowhere.py", "one.py", "train.py", folder=folder)
    said = done.stderr.decode().splitlines()
    assert [line.partition("error: ")[2] for line in said] == [
        "pipe.py: is neither a file nor a folder",
        "nowhere.py: is a link that leads nowhere",
        "one.py: is a link that leads nowhere",
    ]
    assert done.stdout.count(b"MSO101") == 2
    assert done.returncode == 2


def test_missing_file_does_not_stop_others(folder: Path) -> None:
    done = command("check", "--output-format=concise", "nowhere.py", "train.py", folder=folder)
    assert b"nowhere.py: there is no such file or folder" in done.stderr
    assert done.stdout.count(b"MSO101") == 2
    assert done.returncode == 2


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_failure_of_ours_loses_nothing(folder: Path, jobs: str) -> None:
    write(folder, {"broken.py": SCRIPT, "a.py": SCRIPT, "z.py": SCRIPT})
    done = command("check", "--output-format=concise", f"-j{jobs}", folder=folder, python_path=FAILING)
    written = done.stdout.decode()
    assert done.returncode == 2
    assert written.count("MSO101") == 6
    assert written.count("MSO100") == 1
    assert "broken.py:1:1: MSO100 ms-optim-lint failed on" in written


def test_failure_of_ours_in_reading_and_fixing(folder: Path) -> None:
    marked = {name: f"{WRONG}# {name}\n" for name in ("a", "unfixable", "unreadable", "z")}
    write(folder, {f"{name}.py": text for name, text in marked.items()})
    names = [f"{name}.py" for name in marked]
    done = command("check", "--fix", "-q", "--output-format=concise", *names, folder=folder, python_path=FAILING)
    assert done.returncode == 2
    assert [line.split(b" ")[:2] for line in done.stdout.splitlines()] == [
        [b"unfixable.py:3:38:", b"MSO101"],
        [b"unreadable.py:1:1:", b"MSO100"],
    ]
    assert b"unfixable.py: is not fixed: ms-optim-lint failed (KeyError: 'nothing of the kind')" in done.stderr
    fixed = [name for name, text in marked.items() if (folder / f"{name}.py").read_text() != text]
    assert fixed == ["a", "z"]


def test_jobs_change_nothing(folder: Path) -> None:
    for number in range(8):
        write(folder, {f"inner{number % 3}/train_{number}.py": SCRIPT + number * "\n"})
    one = command("check", "--jobs=1", folder=folder)
    two = command("check", "--jobs=3", folder=folder)
    assert (one.returncode, one.stdout, one.stderr) == (two.returncode, two.stdout, two.stderr)
    assert one.stdout.count(b"MSO101 ") == 18


def test_standard_input(folder: Path) -> None:
    done = command("check", "-", "--output-format=concise", "-q", folder=folder, stdin=SCRIPT.encode())
    assert [line.split(b" ")[0] for line in done.stdout.splitlines()] == [b"-:5:71:", b"-:6:18:", b"-:12:39:"]
    name = "--stdin-filename=inner/train.py"
    assert lines("-", name, folder=folder, stdin=SCRIPT.encode())[0].startswith("inner/train.py:5:71: MSO101")
    assert codes(name, folder=folder, stdin=WRONG.encode()) == ["MSO101"]  # the name alone says it, as in ruff
    assert codes("-", name, "--per-file-ignores=inner/*:MSO101", folder=folder, stdin=SCRIPT.encode()) == ["MSO121"]
    assert codes("-", folder=folder, stdin=b"\xef\xbb\xbf" + WRONG.replace("\n", "\r\n").encode()) == ["MSO101"]


def test_standard_input_finds_modules(tmp_path: Path) -> None:
    write(tmp_path, {"inner/helper.py": "def pick(net):\n    return []\n"})
    script = b"from mindspore import nn\nfrom helper import pick\nnn.SGD(pick(nn.Dense(4, 2)), 0.1)\n"
    assert codes("-", "--stdin-filename=inner/train.py", folder=tmp_path, stdin=script) == ["MSO111"]


def test_output_file(folder: Path) -> None:
    done = command("check", "--color=always", "-o", "report.txt", folder=folder)
    assert (done.returncode, done.stdout) == (1, b"")
    assert (folder / "report.txt").read_bytes() == command("check", folder=folder).stdout
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == ["report.txt", "train.py"]


def test_closed_pipe(folder: Path) -> None:
    for number in range(50):
        write(folder, {f"train_{number}.py": SCRIPT})
    call = " ".join(f"'{word}'" for word in COMMAND) + " check | head -n 1; echo ${PIPESTATUS[0]}"
    done = subprocess.run(["bash", "-c", call], cwd=folder, capture_output=True, check=False)
    assert done.stderr == b""
    assert done.stdout.startswith(b"MSO")


def test_what_is_checked(tmp_path: Path) -> None:
    files = ["a.py", "b.pyw", "c.txt", "venv/d.py", "build/e.py", "inner/f.py", "inner/g.gen.py", "inner/kept.gen.py"]
    files += ["inner/.gitignore", "data/h.py", ".hidden/i.py", "top/j.py", "inner/top/k.py"]
    write(tmp_path, dict.fromkeys(files, WRONG))
    write(tmp_path, {".gitignore": "*.gen.py\n/top/\ndata\n", "inner/.gitignore": "!kept.gen.py\n# nothing\n\n"})

    def shown(*arguments: str, folder: Path = tmp_path) -> list[str]:
        return command("check", "--show-files", *arguments, folder=folder).stdout.decode().splitlines()

    usual = [".hidden/i.py", "a.py", "b.pyw", "inner/f.py", "inner/kept.gen.py", "inner/top/k.py"]
    assert shown() == usual
    assert shown(".", "a.py", "inner", str(tmp_path / "a.py")) == usual
    assert shown("--exclude=inner") == [".hidden/i.py", "a.py", "b.pyw", "build/e.py", "venv/d.py"]
    assert shown("--extend-exclude=inner/top,.hidden,*.pyw") == ["a.py", "inner/f.py", "inner/kept.gen.py"]
    everything = [".hidden/i.py", "a.py", "b.pyw", "data/h.py", "inner/f.py", "inner/g.gen.py", "inner/kept.gen.py"]
    assert shown("--no-respect-gitignore") == [*everything, "inner/top/k.py", "top/j.py"]
    assert shown("venv", "data/h.py", "c.txt") == ["c.txt", "data/h.py", "venv/d.py"]
    assert shown("venv/d.py", "data/h.py", "a.py", "--force-exclude") == ["a.py"]
    assert shown("inner") == usual[3:]
    assert shown(folder=tmp_path / "inner") == ["f.py", "kept.gen.py", "top/k.py"]


def shown_files(*arguments: str, folder: Path) -> list[str]:
    return command("check", "--show-files", *arguments, folder=folder).stdout.decode().splitlines()


@pytest.mark.parametrize(
    ("ignored", "expected"),
    [
        ("*.py\n!inner/\n", []),
        ("*.py\n!b.py\n", ["inner/b.py"]),
        ("[z-a]\na\\\ninner\n", ["a.py"]),  # git passes over what it does not understand
        ("\ufeffinner\r\n", ["a.py"]),
        ("*\n!*/\n!b.py\n", ["inner/b.py"]),
        ("/inner/*\n!/inner/b.py\n", ["a.py", "inner/b.py"]),
        ("inner/\n!inner/b.py\n", ["a.py"]),  # what lies in an ignored folder is not looked at
    ],
)
def test_what_git_ignores(tmp_path: Path, ignored: str, expected: list[str]) -> None:
    write(tmp_path, dict.fromkeys(("a.py", "inner/b.py", "inner/deep/c.py"), WRONG))
    (tmp_path / ".gitignore").write_bytes(ignored.encode())
    found = shown_files(folder=tmp_path)
    assert [name for name in found if "deep" not in name] == expected
    assert ("inner/deep/c.py" in found) is False or ignored.startswith("/inner/*") is False


def test_ignored_folders_that_are_named(tmp_path: Path) -> None:
    """As in ruff: what is in them is meant, less what is ignored itself."""
    write(tmp_path, dict.fromkeys(("data/a.py", "data/inner/b.py", "data/c.gen.py"), WRONG))
    write(tmp_path, {".gitignore": "data\n*.gen.py\n", ".git/HEAD": "", "data/inner/.gitignore": "!../c.gen.py\n"})
    assert shown_files(folder=tmp_path) == []
    assert shown_files("data", folder=tmp_path) == ["data/a.py", "data/inner/b.py"]
    assert shown_files(folder=tmp_path / "data") == ["a.py", "inner/b.py"]
    assert shown_files("data", "--force-exclude", folder=tmp_path) == []


@pytest.mark.parametrize("pattern", ["./inner", "/inner", "inner/", "../{name}/inner", "{path}/inner", "./inner/*.py"])
@pytest.mark.parametrize("configured", [False, True])
def test_patterns_as_a_shell_has_them(tmp_path: Path, pattern: str, configured: bool) -> None:
    write(tmp_path, dict.fromkeys(("a.py", "inner/b.py", "deep/inner/c.py"), WRONG))
    pattern = pattern.format(name=tmp_path.name, path=tmp_path.as_posix())
    expected = ["a.py"] if pattern == "inner/" else ["a.py", "deep/inner/c.py"]
    if configured:
        write(tmp_path, {"pyproject.toml": f"[tool.ms-optim-lint]\nextend-exclude = ['{pattern}']\n"})
        assert shown_files(folder=tmp_path) == expected
        assert len(shown_files("..", folder=tmp_path / "deep")) == len(expected)
    else:
        assert shown_files("--extend-exclude", pattern, folder=tmp_path) == expected
        hidden = lines("--per-file-ignores", f"{pattern}:MSO1", folder=tmp_path)
        assert [line.split(":")[0] for line in hidden] == expected
