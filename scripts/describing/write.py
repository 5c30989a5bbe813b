"""The form of the data file."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from describing.tables import Description


def dump(data: Description) -> str:
    """JSON, compact and still made to be read and compared: one entry a line, long lists wrapped."""
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {_dump(value, 0)}" for key, value in data.items()) + "\n}\n"


def _dump(value: Any, depth: int) -> str:
    indent = " " * (depth + 1)
    flat = json.dumps(value, separators=(",", ":"))
    if len(flat) < 90 and depth:
        return flat
    if isinstance(value, dict):
        items = [f"{indent}{json.dumps(key)}: {_dump(item, depth + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(items) + "}"
    if isinstance(value, list):
        text = ",".join(json.dumps(item, separators=(",", ":")).replace(" ", "\0") for item in value)
        lines = textwrap.wrap(text.replace(",", ", "), 118, break_long_words=False, break_on_hyphens=False)
        return "[\n" + "\n".join(indent + line.replace(", ", ",") for line in lines).replace("\0", " ") + "]"
    return flat
