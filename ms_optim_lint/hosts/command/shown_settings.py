"""``ms-optim-lint check --show-settings``."""

from __future__ import annotations

from ms_optim_lint import selectors
from ms_optim_lint.settings import Settings


def text(settings: Settings, codes: frozenset[str]) -> str:
    """The settings in force, as they are written in pyproject.toml, and the rules that they choose."""
    ignores = {pattern: list(named) for (_, pattern), named in settings.per_file_ignores}
    rows = {
        "mindspore-version": ".".join(map(str, settings.mindspore_version)),
        "source-roots": list(settings.source_roots),
        "preview": settings.preview,
        "min-severity": settings.min_severity.word,
        "select": list(settings.select) if settings.select is not None else ["ALL"],
        "extend-select": list(settings.extend_select),
        "ignore": list(settings.ignore),
        "per-file-ignores": ignores,
        "exclude": [pattern for _, pattern in settings.exclude],
        "extend-exclude": [pattern for _, pattern in settings.extend_exclude],
        "respect-gitignore": settings.respect_gitignore,
        "output-format": settings.output_format,
        "baseline": settings.baseline,
        "cache-dir": settings.cache_dir,
    }
    lines = [f"# from {settings.file}" if settings.file else "# no configuration: the defaults"]
    lines.append("[tool.ms-optim-lint]")
    lines.extend(f"{key} = {_toml(value)}" for key, value in rows.items() if value is not None)
    lines.append("")
    chosen = [f"#   {code} {symbol}" for code, symbol in selectors.known().items() if code in codes]
    lines.append(f"# {len(chosen)} rules are reported (those in preview only with preview):")
    return "".join(line + "\n" for line in (*lines, *chosen))


def _toml(value: object) -> str:
    import json

    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{_toml(key)} = {_toml(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    return json.dumps(value)
