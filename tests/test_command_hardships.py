"""Files that cannot be read or written, full disks, closed streams: the command says so, and does the rest."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import commanding
import pytest
from commanding import RIGHT, WRONG, command, failed, lines, write

TEXT = WRONG.replace("\n\n", "\n# é\n", 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (TEXT.encode("utf-16"), "is UTF-16, which Python does not read (save it as UTF-8)"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "is UTF-16"),
        (TEXT.encode("utf-32"), "is UTF-32"),
        (TEXT.encode("latin-1"), "is not UTF-8 (line 2) and declares no other encoding"),
        (TEXT.encode("utf-16-le"), "is not UTF-8 (line 2)"),
        (b"# coding: utf-16\n" + TEXT.encode(), "declares an encoding that Python does not know (utf-16)"),
        (b"# coding: foobar\n" + TEXT.encode(), "declares an encoding that Python does not know (foobar)"),
        (b"# coding: rot13\n" + TEXT.encode(), "declares an encoding that is none of text (rot13)"),
        (b"# coding: ascii\n" + TEXT.encode(), "is not text in the encoding that it declares"),
        (b"\xef\xbb\xbf# coding: latin-1\n" + TEXT.encode(), "begins with the mark of UTF-8 and declares another"),
    ],
)
def test_what_is_not_text(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.py").write_bytes(data)
    write(tmp_path, {"b.py": WRONG, "c.py": "from a import net\n" + WRONG})
    found = lines(folder=tmp_path)
    assert found[0].startswith(f"a.py:1:1: invalid-syntax This file {words}")
    assert found[0].endswith("; it is not judged")
    assert [line.split(" ")[:2] for line in found[1:]] == [["b.py:3:38:", "MSO101"], ["c.py:4:38:", "MSO101"]]


def test_what_is_not_text_and_of_no_interest(tmp_path: Path) -> None:
    write(tmp_path, {"b.py": RIGHT})
    (tmp_path / "a.py").write_bytes("# é\n".encode("latin-1"))
    done = command("check", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"All checks passed!\n")
    said = "ms-optim-lint: warning: a.py: is not UTF-8 (line 1) and declares no other encoding; it is not judged\n"
    assert done.stderr.decode() == said
    assert b'errors="0"' in command("check", "--output-format=junit", folder=tmp_path).stdout


def test_standard_input_that_is_not_text(tmp_path: Path) -> None:
    """An editor gets back what it has sent."""
    for text in ("x = 1\n", TEXT):
        data = text.encode("utf-16")
        done = command("check", "--fix", "-", folder=tmp_path, stdin=data)
        assert done.stdout == data
        assert b"-: is UTF-16" in done.stderr or b"-:1:1" in done.stderr


# Permissions


@pytest.fixture
def unprivileged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for commands that may only do what its modes say, as the superuser's may not."""
    if os.name == "nt":
        pytest.skip("Windows has no such modes")
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        without = [setpriv or "", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"]
        if setpriv is None or subprocess.run([*without, "true"], capture_output=True, check=False).returncode:
            pytest.skip("the superuser may do everything")
        monkeypatch.setattr(commanding, "COMMAND", [*without, *commanding.COMMAND])
    yield tmp_path
    for folder in (tmp_path, *(path for path in tmp_path.rglob("*") if path.is_dir())):
        folder.chmod(0o755)


def test_what_may_not_be_read(unprivileged: Path) -> None:
    write(unprivileged, {"a.py": WRONG, "b.py": WRONG, "closed/c.py": WRONG, "hidden/d.py": WRONG})
    (unprivileged / "b.py").chmod(0)
    (unprivileged / "closed").chmod(0o311)
    (unprivileged / "hidden").chmod(0o644)
    done = command("check", "--output-format=concise", "--quiet", folder=unprivileged)
    assert done.returncode == 2
    assert done.stdout.startswith(b"a.py:3:38: MSO101 ")
    assert done.stderr.decode().splitlines() == [
        "ms-optim-lint: error: closed: cannot be listed: permission denied",
        "ms-optim-lint: error: b.py: cannot be read: permission denied",
        "ms-optim-lint: error: hidden/d.py: cannot be read: permission denied",
    ]
    failed(command("check", "-q", "hidden/d.py", folder=unprivileged), "hidden/d.py: cannot be read: permission denied")


def test_a_configuration_that_may_not_be_read(unprivileged: Path) -> None:
    write(unprivileged, {"a.py": WRONG, "pyproject.toml": "[tool.ms-optim-lint]\nignore = ['MSO101']\n"})
    (unprivileged / "pyproject.toml").chmod(0)
    for arguments in ([], ["--config=pyproject.toml"]):
        done = command("check", *arguments, folder=unprivileged)
        failed(done, "pyproject.toml: cannot be read: permission denied")
    assert len(lines("--isolated", folder=unprivileged)) == 1


def test_what_may_not_be_written(unprivileged: Path) -> None:
    write(unprivileged, {"a.py": WRONG, "b.py": WRONG, "kept/c.py": WRONG, "report.json": ""})
    (unprivileged / "a.py").chmod(0o444)
    (unprivileged / "kept").chmod(0o555)
    done = command("check", "--fix", "-q", "--output-format=concise", folder=unprivileged)
    assert done.returncode == 2
    assert [line.split(b":")[0] for line in done.stdout.splitlines()] == [b"a.py", b"kept/c.py"]
    assert done.stderr.decode().splitlines() == [
        "ms-optim-lint: error: a.py: is not fixed: it is read-only",
        "ms-optim-lint: error: kept/c.py: is not fixed: it cannot be replaced at once: its folder is read-only",
    ]
    texts = [(unprivileged / name).read_text() for name in ("a.py", "b.py", "kept/c.py")]
    assert texts == [WRONG, RIGHT, WRONG]
    unprivileged.chmod(0o555)
    for option in ("--output-file", "--write-baseline"):
        failed(
            command("check", option, "new.json", folder=unprivileged), "new.json cannot be written: permission denied"
        )
    # A report that is there already is written all the same.
    written = command("check", "--output-format=json", "-o", "report.json", folder=unprivileged)
    assert (written.returncode, written.stdout) == (1, b"")
    assert (unprivileged / "report.json").read_text().startswith("[\n")


def test_no_place_for_the_cache(unprivileged: Path) -> None:
    write(unprivileged, {"a.py": WRONG})
    unprivileged.chmod(0o555)
    for folder in ("", "inner"):
        done = command("check", folder=unprivileged, MS_OPTIM_LINT_NO_CACHE="", MS_OPTIM_LINT_CACHE_DIR=folder)
        assert (done.returncode, done.stderr) == (1, b"")
    assert os.listdir(unprivileged) == ["a.py"]
    unprivileged.chmod(0o755)
    command("check", folder=unprivileged, MS_OPTIM_LINT_NO_CACHE="")
    cache = unprivileged / ".ms_optim_lint_cache"
    for path in cache.iterdir():
        path.chmod(0)
    assert command("check", folder=unprivileged, MS_OPTIM_LINT_NO_CACHE="").returncode == 1
    cache.chmod(0)
    done = command("check", folder=unprivileged, MS_OPTIM_LINT_NO_CACHE="")
    assert (done.returncode, done.stderr) == (1, b"")


# Output

FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "arguments",
    [
        "check",
        "check --output-format=json",
        "check --fix -",
        "check --diff",
        "check --show-settings",
        "check --statistics",
    ]
    + ["rule MSO113", "rule MSO113 --color=always", "linter", "show a.py"],
)
def test_a_full_disk(tmp_path: Path, arguments: str) -> None:
    write(tmp_path, {"a.py": WRONG})
    call = [*commanding.COMMAND, *arguments.split()]
    with FULL.open("wb") as full, (tmp_path / "a.py").open("rb") as text:
        done = subprocess.run(call, cwd=tmp_path, stdin=text, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr == b"ms-optim-lint: error: the output cannot be written: no space left on device.\n"


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
def test_a_report_on_a_full_disk(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": WRONG})
    failed(command("check", "-o", FULL, folder=tmp_path), "/dev/full cannot be written: no space left on device")


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize("arguments", ["a.py", "a.py missing.py", "--output-format=json .", "--fix -", "--diff ."])
def test_closed_streams(tmp_path: Path, arguments: str, closed: str) -> None:
    write(tmp_path, {"a.py": WRONG})
    call = f'"$@" check {arguments} {closed}'
    done = subprocess.run(
        ["sh", "-c", call, "sh", *commanding.COMMAND],
        cwd=tmp_path,
        input=WRONG.encode(),
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert b"mistake" not in done.stderr
    empty = "-" in arguments.split() and "<" in closed
    assert done.returncode == (2 if "missing" in arguments else 0 if "--fix" in arguments or empty else 1)


# Links


@pytest.mark.skipif(os.name == "nt", reason="links need a permission there")
def test_links(tmp_path: Path) -> None:
    write(tmp_path, {"inner/a.py": WRONG, "c.py": WRONG})
    (tmp_path / "b.py").symlink_to("inner/a.py")
    (tmp_path / "inner" / "loop").symlink_to("..")
    (tmp_path / "lost.py").symlink_to("nowhere.py")
    (tmp_path / "c.py").chmod(0o640)
    assert [line.split(":")[0] for line in lines(folder=tmp_path)] == ["b.py", "c.py", "inner/a.py"]
    done = command("check", "--fix", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "b.py").is_symlink()
    assert [(tmp_path / name).read_text() for name in ("b.py", "c.py")] == [RIGHT, RIGHT]
    assert stat.S_IMODE((tmp_path / "c.py").stat().st_mode) == 0o640


# Processes


def test_without_semaphores(tmp_path: Path) -> None:
    """Some services have no room for them: the work is done in one process."""
    write(tmp_path, {"a.py": WRONG, "b.py": WRONG})
    taken = (
        "import multiprocessing.synchronize as synchronize\n"
        "def refused(*arguments, **more):\n    raise OSError(38, 'Function not implemented')\n"
        "synchronize.SemLock.__init__ = refused\n"
    )
    write(tmp_path, {"site/sitecustomize.py": taken})
    found = lines("--jobs=2", "a.py", "b.py", folder=tmp_path, python_path=tmp_path / "site")
    assert [line.split(":")[0] for line in found] == ["a.py", "b.py"]


@pytest.mark.skipif(os.name == "nt", reason="kills as Unix does")
def test_a_process_that_is_killed(tmp_path: Path) -> None:
    """As a system does that has no memory left: nobody waits for it, and the run is not called clean."""
    write(tmp_path, {"a.py": WRONG, "b.py": WRONG})
    killing = (
        "import os, signal\nfrom ms_optim_lint.hosts.command import processes\n"
        "processes.judge = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    write(tmp_path, {"site/sitecustomize.py": killing})
    done = command("check", "--jobs=2", "a.py", "b.py", folder=tmp_path, python_path=tmp_path / "site")
    failed(done, "a process that judged files was ended from outside; write --jobs 1.")


@pytest.mark.skipif(os.name == "nt", reason="Windows does not remove a folder that is in use")
def test_the_working_folder_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd '{gone}' && rmdir '{gone}' && exec {shlex.join(commanding.COMMAND)} check"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "ms-optim-lint: error: the working folder cannot be found: no such file or directory.\n"
