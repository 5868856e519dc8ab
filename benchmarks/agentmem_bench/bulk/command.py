"""What `agentmem bench bulk` does with its arguments."""

from __future__ import annotations

from collections.abc import Sequence

from agentmem_bench.bulk.measure import measure
from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json
from agentmem_bench.tables import table


def run(texts: int, workers: Sequence[int], out: str | None) -> None:
    """Measure, print it, and write the result to `out`.

    Raises:
        InvalidInput: something that cannot be written.
        Unavailable: Ray is not installed.
    """
    check_writable(out)
    with bar() as watch:
        told = measure(texts, workers, watch=watch)
    heads = ("texts/s", "begun in", "seconds", "vectors")
    shown = table(f"{texts:,} texts embedded by {told['embedder']}", "workers", heads)
    for one in told["runs"]:
        is_same = one["vectors"] == told["runs"][0]["vectors"]
        shown.add_row(
            f"{one['workers'] or 'none'}",
            f"{one['per_s']:.1f}",
            f"{one['begin_s']:.1f} s",
            f"{one['seconds']:.1f}",
            "the same" if is_same else "OTHERS",
        )
    console(out).print(shown)
    write_json(told, out)
