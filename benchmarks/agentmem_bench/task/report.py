"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agentmem_bench.tables import table
from agentmem_bench.task.scoring import INTENTS, NONE

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

MB = 1_000_000


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    for name, split in result.get("splits", {}).items():
        yield engines_table(name, split)
        best = next(iter(split["engines"].values()))
        yield _confusion(name, best)
        graph = ", ".join(f"{what} {share:.1%}" for what, share in best["graph"].items())
        yield (
            f"{name}: turns with everything right {best['exact_turns']:.1%}; turns where what the scenario "
            f"states of it is right: {graph}; turns that could not be read: {best['failures']}."
        )
    if "prompts" in result:
        yield _prompts(result["prompts"])
        told = result["prompts"]
        yield (
            f"Generated dialogue, from templates (seed {told['seed']}): slot accuracy "
            f"{told['slot_accuracy']:.3f}, checks taken {told['checks_taken']}, values nobody said "
            f"{told['unsaid']}. Tokens of {told['tokenizer']}."
        )
    if "forest" in result:
        yield _forest(result["forest"])


def engines_table(name: str, split: dict[str, Any]) -> Table:
    """Each memory on the scenarios of a split."""
    heads = (
        "slot accuracy",
        "intent macro-F1",
        "checks that changed something",
        "values nobody said",
        "ms/turn p50",
    )
    shown = table(f"{name}: {split['scenarios']} scenarios, {split['turns']} turns", "memory", heads)
    for engine, told in split["engines"].items():
        f1 = f"{told['macro_f1']:.3f}" if "macro_f1" in told else "-"
        cells = (f"{told['slot_accuracy']:.3f}", f1, str(told["changed_by_checks"]), str(told["unsaid"]))
        shown.add_row(engine, *cells, f"{told['ms']['p50']:.1f}")
    return shown


def _confusion(name: str, told: dict[str, Any]) -> Table:
    counts = {(true, read): count for true, read, count in told["confusion"]}
    names = (*INTENTS, NONE)
    shown = table(f"{name}: what each intent was read as", "true", (*names, "F1"))
    for true in names:
        row = [str(counts.get((true, read), "")) for read in names]
        shown.add_row(true, *row, f"{told['f1'][true]:.3f}" if true in told["f1"] else "")
    return shown


def _prompts(told: dict[str, Any]) -> Table:
    heads = ("task memory", "flat history", "share", "share, all turns so far")
    shown = table("Tokens of the prompt of one turn", "after turns", heads)
    for turns, at in told["at"].items():
        shown.add_row(
            turns, str(at["task"]), str(at["flat"]), f"{at['share']:.1%}", f"{at['share_of_all_turns']:.1%}"
        )
    return shown


def _forest(told: dict[str, Any]) -> Table:
    title = (
        f"{told['nodes']:,} nodes: {told['above_bytes'] / MB:.0f} MB above the embedder "
        f"(peak {told['peak_above_bytes'] / MB:.0f}), opened with a first prompt in {told['open_s']:.1f} s, "
        f"{told['disk_bytes'] / MB:.0f} MB on disk, planted in {told['fill_s']:.0f} s"
    )
    shown = table(title, "ms, durable commit included", ("p50", "p95", "p99"))
    for name, at in told["ms"].items():
        shown.add_row(name, *(f"{at[part]:.1f}" for part in ("p50", "p95", "p99")))
    return shown
