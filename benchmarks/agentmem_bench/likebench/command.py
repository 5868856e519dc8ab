"""What `agentmem bench likebench` does with its arguments."""

from __future__ import annotations

import sys
from pathlib import Path

from agentmem_bench.likebench import page, report
from agentmem_bench.likebench.estimate import estimate
from agentmem_bench.likebench.personas.files import example, written
from agentmem_bench.likebench.personas.generate import generate
from agentmem_bench.likebench.result import Plan, play, told_of
from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json


def print_example() -> None:
    """Print a small file of personas that runs."""
    sys.stdout.write(example())


def write(file: Path, seed: int, count: int) -> None:
    """Write generated personas.

    Raises:
        InvalidInput: the file cannot be written.
    """
    check_writable(str(file), "--write")
    file.write_text(written(generate(number, seed) for number in range(1, count + 1)), encoding="utf-8")


def tell(plan: Plan, json: str | None) -> None:
    """Print what models would take, without asking one.

    Raises:
        InvalidInput: something that is unknown.
        NotFound: there is no such store.
    """
    check_writable(json)
    told = estimate(plan)
    report.show_estimate(told, console(json))
    write_json(told, json)


def run(plan: Plan, json: str | None, html: Path | None = None) -> None:
    """Measure, print it, and write the result and the page.

    Raises:
        InvalidInput: something that is unknown, or cannot be written.
        NotFound: there is no such store.
        FormatError: a file is not as its format says.
        LimitReached: models may take no more.
    """
    check_writable(json)
    check_writable(None if html is None else str(html), page.OPTION)
    with bar() as watch:
        played = play(plan, watch)
    told = told_of(played)
    report.show(told, console(json))
    write_json(told, json)
    if html is not None:
        page.write(html, told, played.dialogues, played.personas)
