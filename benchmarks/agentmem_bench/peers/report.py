"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agentmem_bench.ranked_tables import bounds, split_table
from agentmem_bench.scores import MAIN_RECALL
from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

NONE = "-"
KB = 1_000


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    data, systems = result["data"], result["systems"]
    yield (
        f"{data['file']}: {data['conversations']} conversations, {data['turns']:,} turns, "
        f"{data['questions']} questions with evidence. The same for all: vectors of {result['embedder']}, "
        f"{result['depth']} hits, {result['budget']['tokens']:,} tokens ({result['budget']['tokenizer']})."
    )
    if systems:
        yield recalled_table(systems, result["budget"]["tokens"])
        yield split_table(systems, "categories", {}, first="memory")
        yield time_table(systems)
        yield left_table(systems, data["turns"])
    for name, told in systems.items():
        versions = ", ".join(f"{package} {version}" for package, version in told["versions"].items())
        yield f"{name}: {told['about']} ({versions})"
    for name, told in systems.items():
        if told["called_out"]:
            yield f"{name} tried to call out {len(told['called_out'])} times; it was refused."
    for name, why in result["not_run"].items():
        yield f"{name}: not run: {why}"
    load = [one for one in result["load"] if one is not None]
    if load:
        cores = result["machine"]["cores"]
        yield f"Load while it ran: {min(load):.1f} to {max(load):.1f} on {cores} cores; times hold for that."
    yield (
        "Times are of one turn and of one question. Writes of agentmem are on the disk when they return. "
        "Altered: can be read back, but not word for word."
    )


def recalled_table(systems: Mapping[str, Any], budget: int) -> Table:
    """What each memory finds."""
    first = next(iter(systems.values()))["overall"]
    metrics = [name for name in first if name != "questions" and not name.endswith("_ci95")]
    title = f"Evidence recall, all questions; 95% bootstrap intervals of {MAIN_RECALL} and of what fits"
    shown = table(title, "memory", (*metrics, f"in {budget} tokens", "nothing"))
    for name, told in systems.items():
        cells = [f"{told['overall'][metric]:.3f}" for metric in metrics]
        cells[metrics.index(MAIN_RECALL)] += f" {bounds(told['overall'][f'{MAIN_RECALL}_ci95'])}"
        within = told["within_budget"]
        fits = f"{within['evidence']:.3f} {bounds(within['evidence_ci95'])}"
        shown.add_row(name, *cells, fits, str(told["nothing"]))
    return shown


def time_table(systems: Mapping[str, Any]) -> Table:
    """What a write and a recall of each memory take."""
    heads = ("write p50", "p95", "recall p50", "p95", "embeds/write", "/recall", "model calls", "tokens")
    shown = table("Time in ms above embedding, and calls", "memory", heads)
    for name, told in systems.items():
        times = [told[what][at] for what in ("write_ms", "recall_ms") for at in ("p50", "p95")]
        usage = told["model"]
        shown.add_row(
            name,
            *(f"{time:.1f}" for time in times),
            f"{told['embeddings_per_write']:.1f}",
            f"{told['embeddings_per_recall']:.1f}",
            f"{usage['calls']:,}",
            f"{usage['prompt_tokens'] + usage['completion_tokens']:,}",
        )
    return shown


def left_table(systems: Mapping[str, Any], turns: int) -> Table:
    """What can be read back of each memory, and what it takes on the disk."""
    left = ("verbatim", "altered", "lost")
    shown = table(
        f"What is left of {turns:,} turns, read back, and on the disk", "memory", (*left, "KB a turn")
    )
    for name, told in systems.items():
        size = NONE if told["bytes"] is None else f"{told['bytes'] / turns / KB:.1f}"
        shown.add_row(name, *(f"{told['turns'][what]:,}" for what in left), size)
    return shown
