"""Answers for people, with two faces: rich on a terminal, plain text without frames or codes in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Cell = str | Sequence[str]
"""One line, or several: the first is a head, the others stand under it."""

Branch = tuple[int, str, str, str]
"""A line of a tree: its depth, its text, the style of the text, and a name that is shown beside it."""

GAP = "  "
INDENT = "    "
BAR = 30
"""Characters of a bar."""


class Page:
    """Where answers go. Recalled text is cleaned of everything that a terminal would obey.

    Args:
        silent: Say nothing: the answer is told in another way.
    """

    def __init__(self, *, silent: bool = False) -> None:
        self.is_silent = silent
        self.is_rich = sys.stdout.isatty()
        self._console: Console | None = None

    @property
    def console(self) -> Console:
        """The rich console, made on first use."""
        if self._console is None:
            from rich.console import Console

            self._console = Console(highlight=False, emoji=False, markup=False)
        return self._console

    def line(self, text: str = "", style: str = "") -> None:
        """One paragraph."""
        if self.is_silent:
            return
        text = shown(text)
        if self.is_rich:
            self.console.print(text, style=style or None)
        else:
            print(text)

    def heading(self, text: str) -> None:
        """A line that begins something new."""
        self.line()
        self.line(text, style="bold cyan")

    def block(self, text: str) -> None:
        """Text as it is, its lines kept, a little to the right."""
        if not self.is_rich or self.is_silent:
            for line in text.rstrip("\n").split("\n"):
                self.line(f"{INDENT}{line}" if line else "")
            return
        from rich.padding import Padding
        from rich.text import Text

        self.console.print(Padding(Text(shown(text.rstrip("\n")), style="green"), (0, 0, 0, len(INDENT))))

    def pairs(self, values: Mapping[str, object]) -> None:
        """Names and their values, one a line."""
        if self.is_silent:
            return
        width = max(map(len, values), default=0)
        for name, value in values.items():
            text = shown(str(value))
            if self.is_rich:
                from rich.table import Table

                row = Table.grid(padding=(0, 2))
                row.add_column(min_width=width, no_wrap=True, style="cyan")
                row.add_column(overflow="fold")
                row.add_row(name, text)
                self.console.print(row)
            else:
                print(f"{name.ljust(width)}{GAP}{text}")

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Rows under columns; on a terminal the last column takes what width is left."""
        if self.is_silent:
            return
        if self.is_rich:
            self._rich_table(columns, rows)
        else:
            for line in plain_table(columns, rows):
                print(line)

    def tree(self, rows: Sequence[Branch]) -> None:
        """Lines under one another."""
        if self.is_silent:
            return
        if self.is_rich:
            self._rich_tree(rows)
        else:
            for line in plain_tree(rows):
                print(line)

    def _rich_tree(self, rows: Sequence[Branch]) -> None:
        from rich.text import Text
        from rich.tree import Tree

        above = [Tree("", hide_root=True, guide_style="dim")]
        for depth, text, style, name in rows:
            del above[depth + 1 :]
            line = Text.assemble((inline(text), style), (f"  {inline(name)}", "dim"))
            above.append(above[-1].add(line))
        self.console.print(above[0])

    def _rich_table(self, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
        for place, column in enumerate(columns):
            is_last = place == len(columns) - 1
            number = all(_is_number(row[place]) for row in rows)
            table.add_column(
                column,
                overflow="fold",
                ratio=1 if is_last and not number else None,
                justify="right" if number else "left",
            )
        for row in rows:
            cells = []
            for cell in row:
                head, *rest = lines_of(cell)
                text = Text(head, style="bold" if rest else "")
                for place, line in enumerate(rest):
                    text.append(f"\n{line}", style="" if place == 0 else "dim")
                cells.append(text)
            table.add_row(*cells)
        self.console.print(table)


def plain_tree(rows: Sequence[Branch]) -> list[str]:
    """A tree as lines, indented by depth."""
    return [f"{GAP * depth}{inline(text)}  [{inline(name)}]" for depth, text, _, name in rows]


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[str]:
    """A table as lines of aligned columns; further lines of a cell stand indented under their row."""
    cells = [[lines_of(cell) for cell in row] for row in rows]
    heads = [list(columns), *([cell[0] for cell in row] for row in cells)]
    widths = [max(len(row[place]) for row in heads) for place in range(len(columns))]
    numbers = [bool(rows) and all(_is_number(row[place]) for row in rows) for place in range(len(columns))]
    lines: list[str] = []
    for row, head in zip([[], *cells], heads, strict=True):
        padded = [
            text.rjust(width) if number else text.ljust(width)
            for text, width, number in zip(head, widths, numbers, strict=True)
        ]
        lines.append(GAP.join(padded).rstrip())
        lines += [f"{INDENT}{line}" for cell in row for line in cell[1:]]
    return lines


def lines_of(cell: Cell) -> list[str]:
    """The lines of a cell, each clean and without line ends."""
    return [inline(line) for line in ([cell] if isinstance(cell, str) else cell)]


def shown(text: str) -> str:
    """`text` without control characters and hidden ones."""
    from agentmem.fence import clean

    return clean(text)


def inline(text: str) -> str:
    """`text` shown, on one line."""
    return " ".join(shown(text).split())


def bar(done: float, total: float, told: str) -> Text:
    """How far something is, on a terminal: a bar, and beside it what is told of it."""
    from rich.text import Text

    filled = round(BAR * min(1.0, done / total)) if total else 0
    return Text.assemble(("━" * filled, "green"), ("━" * (BAR - filled), "dim"), f" {told}")


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.replace(".", "", 1).replace("-", "", 1).replace(",", "").isdigit()
