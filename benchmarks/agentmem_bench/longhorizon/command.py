"""What `agentmem bench longhorizon` does with its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agentmem.errors import InvalidInput
from agentmem.worlds import registry
from agentmem_bench.arguments import numbers
from agentmem_bench.longhorizon import plot, report
from agentmem_bench.longhorizon.measure import PARTS, Plan, measure
from agentmem_bench.plotting import check_drawable
from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json


def run(
    worlds: Sequence[str] | None,
    budgets: str,
    seeds: int,
    parts: Sequence[str] | None,
    model: str | None,
    drawn: Path | None,
    out: str | None,
) -> None:
    """Measure, print it, draw it into the folder `drawn`, and write the result to `out`.

    Raises:
        InvalidInput: an unknown part, or something that cannot be written.
        NotFound: an unknown world.
        Unavailable: plots are wanted and matplotlib is not installed.
    """
    check_writable(out)
    check_drawable(drawn)
    unknown = [part for part in parts or () if part not in PARTS]
    if unknown:
        raise InvalidInput(f"--part {unknown[0]!r} is not known", f"there are: {', '.join(PARTS)}")
    plan = Plan(
        worlds=tuple(registry.kind(name).name for name in worlds or registry.names()),
        budgets=tuple(numbers("--budgets", budgets, "256,1024")),
        seeds=seeds,
        parts=tuple(parts or PARTS),
        model=model,
    )
    with bar() as watch:
        told = measure(plan, watch)
    report.show(told, console(out))
    write_json(told, out)
    if drawn is not None and "cells" in told:
        plot.draw(told["cells"], drawn)
