"""What `agentmem bench layered` does with its arguments."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.errors import InvalidInput
from agentmem_bench.layered import plots, report
from agentmem_bench.layered.data import written
from agentmem_bench.layered.generate import generate
from agentmem_bench.layered.regimes import REGIMES
from agentmem_bench.layered.result import Plan, measure
from agentmem_bench.plotting import check_drawable
from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json

EXAMPLE = "example.jsonl"


@dataclass(frozen=True)
class Out:
    """Where results go.

    Attributes:
        plots: A folder for plots; none: nothing is drawn.
        json: A file, or `-`; none: no JSON.
    """

    plots: Path | None = None
    json: str | None = None


def print_example() -> None:
    """Print a small stream that runs."""
    sys.stdout.write((files(__package__) / EXAMPLE).read_text(encoding="utf-8"))


def write(file: Path, regime: str, seed: int) -> None:
    """Write a generated stream.

    Raises:
        InvalidInput: there is no such regime, or the file cannot be written.
    """
    if regime not in REGIMES:
        raise InvalidInput(f"--regime {regime!r} is not known", f"there are: {', '.join(REGIMES)}")
    check_writable(str(file))
    text = written(generate(REGIMES[regime], regime, seed))
    file.write_text(text, encoding="utf-8")


def run(plan: Plan, out: Out) -> None:
    """Measure, print it, draw it, and write the result.

    Raises:
        InvalidInput: an unknown part, regime or split, or something that cannot be written.
        NotFound: there is no such file or preset.
        FormatError: the file is not as the format says.
        Unavailable: plots are wanted, and matplotlib is not installed.
    """
    check_writable(out.json)
    check_drawable(out.plots)
    with bar() as watch:
        told = measure(plan, open_embedder(Settings()), watch)
    report.show(told, console(out.json))
    write_json(told, out.json)
    if out.plots is not None:
        plots.draw(told, out.plots)
