"""What users write in their configuration, and what they read when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from ms_optim_lint.finding import Severity
from ms_optim_lint.settings import NEWEST, Settings, SettingsError, load, override, parse_version

TOML = """
[tool.ms-optim-lint]
mindspore-version = "2.7"
source-roots = ["src", "."]
preview = true
min-severity = "warning"
"""
INI = """
[ms-optim-lint]
mindspore-version = 2.7
source-roots =
    src
    .
preview = yes
min-severity = Warning
"""
FILES = {"pyproject.toml": TOML, "setup.cfg": INI, "tox.ini": INI.replace("\n    src\n    .", " src, .")}


def test_defaults(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings()
    assert Settings().mindspore_version == NEWEST


@pytest.mark.parametrize("name", FILES)
def test_each_file_says_the_same(tmp_path: Path, name: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / name).write_text(FILES[name], "utf-8")
    assert load(tmp_path) == Settings((2, 7, 0), (str(tmp_path / "src"), str(tmp_path)), True, Severity.WARNING)


def test_nearest_file_with_our_section_wins_alone(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "setup.cfg").write_text("[ms-optim-lint]\npreview = true\nmindspore-version = 2.3\n", "utf-8")
    (tmp_path / "a" / "tox.ini").write_text("[ms-optim-lint]\nmindspore-version = 2.5\n", "utf-8")
    # These speak of us, and have no section of ours.
    (inner / "pyproject.toml").write_text('[project]\ndependencies = ["ms-optim-lint"]\n', "utf-8")
    (inner / "setup.cfg").write_text("[options]\ninstall_requires = ms-optim-lint\n", "utf-8")
    assert load(str(inner)) == Settings(mindspore_version=(2, 5, 0))


def test_pyproject_comes_before_setup_cfg(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.ms-optim-lint]\nmindspore-version = "2.1"\n', "utf-8")
    (tmp_path / "setup.cfg").write_text("[ms-optim-lint]\nmindspore-version = 2.2\n", "utf-8")
    assert load(tmp_path).mindspore_version == (2, 1, 0)


def test_files_without_our_name_are_not_parsed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("this is [not TOML", "utf-8")
    (tmp_path / "setup.cfg").write_bytes(b"\xff\xfe nor this")
    assert load(tmp_path) == Settings()


def test_empty_section_is_a_section(tmp_path: Path) -> None:
    (tmp_path / "tox.ini").write_text("[ms-optim-lint]\npreview = on\n", "utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.ms-optim-lint]\n", "utf-8")
    assert load(inner) == Settings()


@pytest.mark.parametrize(
    ("written", "version"),
    [("2.7", (2, 7, 0)), ("2.7.1", (2, 7, 1)), (" 2.10 ", (2, 10, 0)), ("2.3.0rc2", (2, 3, 0)), ("7.0", (7, 0, 0))],
)
def test_versions(written: str, version: tuple[int, ...]) -> None:
    assert parse_version(written) == version


@pytest.mark.parametrize("written", ["", "2", "latest", "2.x", "2.7.", "v2.7", ">=2.7", "2.7.1.1"])
def test_no_versions(written: str) -> None:
    with pytest.raises(SettingsError, match="is not a MindSpore version; write two or three numbers such as"):
        parse_version(written)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("pyproject.toml", "mindspore-version = 2.10", "2.1 is not text; write the version in quotes"),
        ("pyproject.toml", "mindspore_version = '2.7'", "mindspore_version is not a setting; the settings are "),
        ("pyproject.toml", "source-roots = 3", "source-roots: 3 is not a list of folders."),
        ("pyproject.toml", "source-roots = [3]", "source-roots: [3] is not a list of folders."),
        ("pyproject.toml", "source-roots = ['srx']", "source-roots: 'srx' is not a folder in "),
        ("pyproject.toml", "preview = 'maybe'", "preview: 'maybe' is not accepted; write true or false."),
        ("pyproject.toml", "preview = [", "cannot be read: "),
        ("setup.cfg", "preview = maybe", "preview: 'maybe' is not accepted; write true or false."),
        ("setup.cfg", "min-severity = W", "'W' is not accepted; write one of convention, refactor, warning, error."),
        ("setup.cfg", "mindspore-version = newest", "mindspore-version: 'newest' is not a MindSpore version;"),
        ("tox.ini", "version = 2.7", "version is not a setting; the settings are mindspore-version, source-roots, "),
        ("tox.ini", "preview = yes\npreview = no", "cannot be read: line 3: option 'preview' in section "),
        ("setup.cfg", "preview", "cannot be read: Source contains parsing errors: [line 2]: "),
    ],
)
def test_bad_settings_name_file_and_key(tmp_path: Path, name: str, text: str, message: str) -> None:
    header = "[tool.ms-optim-lint]" if name == "pyproject.toml" else "[ms-optim-lint]"
    (tmp_path / name).write_text(f"{header}\n{text}\n", "utf-8")
    with pytest.raises(SettingsError) as caught:
        load(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_not_a_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("tool.ms-optim-lint = 3\n", "utf-8")
    with pytest.raises(SettingsError, match="'ms-optim-lint' is not a section"):
        load(tmp_path)


def test_wrong_encoding(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_bytes("[ms-optim-lint]\n# é\n".encode("latin-1"))
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path)


def test_override_keeps_what_is_not_given(tmp_path: Path) -> None:
    base = Settings(mindspore_version=(2, 3, 0), preview=True)
    assert override(base, {"preview": False}, "--mso-", str(tmp_path)) == Settings(mindspore_version=(2, 3, 0))
    with pytest.raises(SettingsError, match=r"^--mso-preview: 'x' is not accepted"):
        override(base, {"preview": "x"}, "--mso-", str(tmp_path))


def test_a_mark_of_utf_8_is_no_mistake(tmp_path: Path) -> None:
    for name, header in (("pyproject.toml", "[tool.ms-optim-lint]"), ("setup.cfg", "[ms-optim-lint]")):
        (tmp_path / name).write_bytes(f"\ufeff{header}\npreview = true\n".encode())
        assert load(tmp_path).preview
        (tmp_path / name).unlink()


@pytest.mark.parametrize(
    ("name", "written", "right"),
    [
        ("pyproject.toml", "[ms-optim-lint]", "[tool.ms-optim-lint]"),
        ("pyproject.toml", "[tool.ms_optim_lint]", "[tool.ms-optim-lint]"),
        ("setup.cfg", "[tool:ms-optim-lint]", "[ms-optim-lint]"),
        ("setup.cfg", "[tool.ms-optim-lint]", "[ms-optim-lint]"),
        ("tox.ini", "[ms_optim_lint]", "[ms-optim-lint]"),
    ],
)
def test_a_section_of_another_name(tmp_path: Path, name: str, written: str, right: str) -> None:
    (tmp_path / name).write_text(f"{written}\n", "utf-8")
    with pytest.raises(SettingsError) as caught:
        load(tmp_path)
    assert f"write {right} for {written}" in str(caught.value)
