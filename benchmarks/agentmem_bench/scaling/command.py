"""What `agentmem bench scaling` does with its arguments."""

from __future__ import annotations

from pathlib import Path

from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json
from agentmem_bench.scaling.forecast import Load
from agentmem_bench.scaling.result import run as measure
from agentmem_bench.scaling.tables import markdown, tables
from agentmem_bench.tables import table


def run(url: str | None, load: Load, page: Path | None, out: str | None) -> None:
    """Measure, compute, print it, write the tables to `page` and the result to `out`.

    Raises:
        InvalidInput: something that cannot be written.
        Conflict: the database at `url` is not empty.
    """
    check_writable(out)
    check_writable(None if page is None else str(page), "--markdown")
    with bar() as watch:
        told = measure(url, load, watch=watch)
    screen = console(out)
    for shown in tables(told):
        drawn = table(shown.title, shown.heads[0], shown.heads[1:])
        for row in shown.rows:
            drawn.add_row(*row)
        screen.print(drawn)
        if shown.sentence:
            screen.print(shown.sentence + "\n")
    write_json(told, out)
    if page is not None:
        page.write_text(markdown(told), encoding="utf-8")
