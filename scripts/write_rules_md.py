"""Write rules.md, and the table of what each rule judges, from the rules; with ``--check``, only say whether they are up to date.

python scripts/write_rules_md.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ms_optim_lint.rules import ALL  # noqa: E402
from ms_optim_lint.rules.base import EXPERIMENTAL, MINT, NN, Rule  # noqa: E402

TARGET = ROOT / "rules.md"
TABLE = ROOT / "ms_optim_lint" / "rules" / "judged.py"

FAMILY_NAMES = {NN: "`mindspore.nn`", EXPERIMENTAL: "`mindspore.experimental.optim`", MINT: "`mindspore.mint.optim`"}

HEAD = """\
# Rules

<!-- Written by scripts/write_rules_md.py from ms_optim_lint/rules/. Do not edit. -->

flake8 shows the code, Pylint shows the id and the symbol. The first letter of the id is the severity:

- **E**, error: the run fails there.
- **W**, warning: nothing fails, and the training is not what was written.
- **R**, refactor: it works, and could be said better.
- **C**, convention: documented as wrong or fragile; it works in the releases that were tried.

| flake8 | Pylint | symbol | what it finds |
| --- | --- | --- | --- |
"""

TABLE_HEAD = '''\
"""The facts that each rule judges, so that only the rules of what was found are loaded.

Written by scripts/write_rules_md.py. A rule that is not in the table yet is loaded for every fact.
"""

from __future__ import annotations

JUDGED = {
'''


def heading(rule: Rule) -> str:
    """The heading of a rule's page."""
    return f"{rule.code} {rule.symbol}"


def anchor(rule: Rule) -> str:
    """What links to that heading end with."""
    return heading(rule).lower().replace(" ", "-")


def row(rule: Rule) -> str:
    """A rule's line in the table."""
    preview = " *(preview)*" if rule.preview else ""
    return f"| [{rule.code}](#{anchor(rule)}) | {rule.pylint_id} | `{rule.symbol}` | {rule.title}{preview} |\n"


def _version(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def page(rule: Rule) -> str:
    """A rule's page: its documentation, one level of headings down."""
    facts = [f"Pylint {rule.pylint_id}", rule.severity.word]
    if rule.facts:
        facts.append("judges " + ", ".join(FAMILY_NAMES[family] for family in rule.families))
    if rule.since:
        facts.append(f"from MindSpore {_version(rule.since)}")
    if rule.before:
        facts.append(f"before MindSpore {_version(rule.before)}")
    if rule.preview:
        facts.append("preview: reported only with the setting `preview`")
    documentation = rule.documentation.strip().replace("\n## ", "\n### ")
    return f"\n## {heading(rule)}\n\n{'; '.join(facts)}.\n\n{documentation}\n"


def document() -> str:
    """The whole of rules.md."""
    return HEAD + "".join(map(row, ALL)) + "".join(map(page, ALL))


def table() -> str:
    """The whole of judged.py."""
    rows = (
        f'    "{rule.judge.__module__.rpartition(".")[2]}": "{" ".join(kind.__name__ for kind in rule.facts)}",\n'
        for rule in ALL
    )
    return TABLE_HEAD + "".join(rows) + "}\n"


def main(arguments: list[str]) -> int:
    """Write or check; the exit code is 1 where a check finds an old file."""
    code = 0
    for path, text in ((TARGET, document()), (TABLE, table())):
        if arguments != ["--check"]:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            print(f"{path.name} is out of date: run python scripts/write_rules_md.py", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
