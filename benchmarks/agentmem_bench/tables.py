"""Tables for people: no frame, a line under the head, figures to the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 140
"""Characters of a line of a paragraph."""


def table(title: str, first: str, columns: Sequence[str]) -> Table:
    """An empty table whose first column is text and whose other `columns` are figures."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    made.add_column(first)
    for column in columns:
        made.add_column(column, justify="right", no_wrap=True)
    return made


def markdown(*parts: tuple[Table, Sequence[str]], rows: Sequence[str] = ()) -> str:
    """A table in Markdown, from columns of tables that have the same rows.

    Args:
        parts: Tables, and the heads of the columns that are taken of each; of equal heads the first.
        rows: How the rows begin that are taken; none: all.
    """
    first = parts[0][0].columns[0]
    names = list(first.cells)
    heads, cells = [str(first.header)], [names]
    for shown, chosen in parts:
        if list(shown.columns[0].cells) != names:
            raise ValueError(f"{shown.title}: not the rows of {parts[0][0].title}")
        known = [str(column.header) for column in shown.columns]
        for head in chosen:
            heads.append(head)
            cells.append(list(shown.columns[known.index(head)].cells))
    wanted = [row for row in zip(*cells, strict=True) if not rows or str(row[0]).startswith(tuple(rows))]
    return in_markdown(heads, wanted)


def in_markdown(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown, its first column to the left."""
    return "\n".join(_line(row) for row in (heads, ["---", *["---:"] * (len(heads) - 1)], *rows))


def paragraph(*sentences: str) -> str:
    """Sentences as a paragraph of Markdown; empty ones are left out."""
    return fill(" ".join(filter(None, sentences)), WIDTH, break_long_words=False, break_on_hyphens=False)


def _line(cells: Iterable[object]) -> str:
    return "|" + "".join(f" {said} |" if (said := str(cell).strip()) else " |" for cell in cells)
