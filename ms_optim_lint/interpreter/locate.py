"""From nodes to places."""

from __future__ import annotations

from ms_optim_lint.domain.shapes import Location
from ms_optim_lint.domain.values import Site
from ms_optim_lint.finding import Place


def locate(site: Site) -> Location:
    """The place of a node: lines from 1, UTF-8 byte columns from 0."""
    node = site.node
    line = getattr(node, "lineno", 1)
    column = getattr(node, "col_offset", 0)
    end_line = getattr(node, "end_lineno", None) or line
    end_column = getattr(node, "end_col_offset", None)
    return Location(site.module.path, Place(line, column, end_line, column if end_column is None else end_column))
