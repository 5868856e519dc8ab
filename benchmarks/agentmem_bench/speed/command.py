"""What `agentmem bench speed` does with its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agentmem_bench.arguments import numbers
from agentmem_bench.plotting import check_drawable
from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json
from agentmem_bench.speed import plots, report
from agentmem_bench.speed.result import PARTS, Plan, measure


def run(
    sizes: str,
    parts: Sequence[str] | None,
    ingested: int,
    namespaces: int,
    keep: Path | None,
    drawn: Path | None,
    out: str | None,
) -> None:
    """Measure, print it, draw it into the folder `drawn`, and write the result to `out`.

    Raises:
        InvalidInput: no sizes, an unknown part, or something that cannot be written.
        Unavailable: plots are wanted, and matplotlib is not installed.
    """
    check_writable(out)
    check_drawable(drawn)
    plan = Plan(numbers("--sizes", sizes, "1000,10000"), parts or PARTS, ingested, namespaces)
    with bar() as watch:
        told = measure(plan, keep=keep, watch=watch)
    report.show(told, console(out))
    write_json(told, out)
    if drawn is not None:
        plots.draw(told, drawn)
