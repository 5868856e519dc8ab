"""Tables for people: no frame, a line under the head, figures to the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def table(title: str, first: str, columns: Sequence[str]) -> Table:
    """An empty table whose first column is text and whose other `columns` are figures."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    made.add_column(first)
    for column in columns:
        made.add_column(column, justify="right", no_wrap=True)
    return made
