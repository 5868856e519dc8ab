"""What `agentmem bench task` does with its arguments."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.errors import InvalidInput
from agentmem_bench.arguments import numbers
from agentmem_bench.plotting import check_drawable
from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json
from agentmem_bench.task import plot, report
from agentmem_bench.task.result import PARTS, Plan, measure

if TYPE_CHECKING:
    from agentmem.models import ChatModel

TRIMS = ("rule", "model")
EXAMPLE = "example.yaml"


def print_example() -> None:
    """Print a small scenario that runs."""
    sys.stdout.write((files(__package__) / EXAMPLE).read_text(encoding="utf-8"))


def run(
    scenarios: Path | None,
    trim: str,
    model: str | None,
    parts: Sequence[str] | None,
    lengths: str,
    nodes: int,
    drawn: Path | None,
    out: str | None,
) -> None:
    """Measure, print it, draw it into the folder `drawn`, and write the result to `out`.

    With `scenarios`, or with a model, only scenarios are measured unless `parts` says otherwise.

    Raises:
        InvalidInput: an unknown trim or part, or something that cannot be written.
        NotFound: there are no scenarios.
        FormatError: a scenario is not as the format says.
        Unavailable: no model is configured, or plots are wanted and matplotlib is not installed.
    """
    check_writable(out)
    if trim not in TRIMS:
        raise InvalidInput(f"--trim {trim!r} is not known", f"there are: {', '.join(TRIMS)}")
    check_drawable(drawn)
    settings = Settings()
    only = scenarios is not None or trim == "model"
    plan = Plan(
        parts=parts or (PARTS[:1] if only else PARTS),
        scenarios=scenarios,
        trim=trim,
        model=_model(settings, model) if trim == "model" else None,
        lengths=numbers("--lengths", lengths, "10,50,200"),
        nodes=nodes,
    )
    with bar() as watch:
        told = measure(plan, open_embedder(settings), watch)
    report.show(told, console(out))
    write_json(told, out)
    if drawn is not None:
        plot.draw(told, drawn)


def _model(settings: Settings, name: str | None) -> ChatModel:
    from agentmem.models import open_model

    return open_model(settings, name or settings.model or "llama")
