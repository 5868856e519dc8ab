"""What `agentmem bench concepts` does with its arguments."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem_bench.concepts import report
from agentmem_bench.concepts.leave_one_out import SELECTORS
from agentmem_bench.concepts.result import Plan, measure
from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json

EXAMPLE = "example.json"


def print_example() -> None:
    """Print a small data set that runs."""
    sys.stdout.write((files(__package__) / EXAMPLE).read_text(encoding="utf-8"))


def run(
    data: Path | None,
    parts: Sequence[str] | None,
    selectors: Sequence[str] | None,
    model: str | None,
    tasks: str,
    retries: int,
    out: str | None,
) -> None:
    """Measure, print it, and write the result to `out`.

    Raises:
        InvalidInput: an unknown part or selector, or something that cannot be written.
        NotFound: there is no such file.
        FormatError: the file is not as the format says.
    """
    check_writable(out)
    plan = Plan(tuple(parts or ()), data, selectors or SELECTORS, model, tasks, retries)
    with bar() as watch:
        told = measure(plan, open_embedder(Settings()), watch)
    report.show(told, console(out))
    write_json(told, out)
