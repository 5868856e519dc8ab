"""What `agentmem bench bulk` does with its arguments."""

from __future__ import annotations

from collections.abc import Sequence

from agentmem_bench.bulk import report
from agentmem_bench.bulk.measure import measure
from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json


def run(texts: int, workers: Sequence[int], out: str | None) -> None:
    """Measure, print it, and write the result to `out`.

    Raises:
        InvalidInput: something that cannot be written.
        Unavailable: Ray is not installed.
    """
    check_writable(out)
    with bar() as watch:
        told = measure(texts, workers, watch=watch)
    report.show(told, console(out))
    write_json(told, out)
