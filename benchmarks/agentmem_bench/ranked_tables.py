"""Tables of evidence recall: by pipeline, by category, by the step that is left out; and what it took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agentmem_bench.scores import MAIN_RECALL
from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.table import Table


def overall_table(pipelines: Mapping[str, Any], what: str) -> Table:
    """The metrics of every pipeline over all questions; `what` is recalled."""
    first = next(iter(pipelines.values()))["overall"]
    metrics = [name for name in first if name != "questions" and not name.endswith("_ci95")]
    title = f"{what}, all questions; 95% bootstrap interval of {MAIN_RECALL}"
    shown = table(title, "pipeline", (*metrics, "ms p50", "ms p95"))
    for name, told in pipelines.items():
        overall = told["overall"]
        cells = [f"{overall[metric]:.3f}" for metric in metrics]
        cells[metrics.index(MAIN_RECALL)] += f" {bounds(overall[f'{MAIN_RECALL}_ci95'])}"
        shown.add_row(name, *cells, f"{told['ms']['p50']:.1f}", f"{told['ms']['p95']:.1f}")
    return shown


def split_table(
    pipelines: Mapping[str, Any], by: str, names: Mapping[str, str], what: str = "", first: str = "pipeline"
) -> Table:
    """The main recall of every pipeline, or what else `first` says, by categories, or what else there is."""
    groups = next(iter(pipelines.values()))[by]
    heads = [f"{names.get(group, group)} ({told['questions']})" for group, told in groups.items()]
    shown = table(f"{what}{MAIN_RECALL} by {by}", first, heads)
    for name, told in pipelines.items():
        shown.add_row(name, *(f"{told[by][group][MAIN_RECALL]:.3f}" for group in groups))
    return shown


def ablation_table(ablation: Mapping[str, Any]) -> Table:
    """What each step of `full` is worth."""
    heads = (MAIN_RECALL, "loss, 95% interval", "questions changed", "")
    shown = table("Ablation: full without one step", "without", heads)
    shown.columns[-1].justify = "left"
    for step, told in ablation.items():
        loss = f"{told['loss']:+.3f} {bounds(told['loss_ci95'], '+.3f')}"
        shown.add_row(step, f"{told[MAIN_RECALL]:.3f}", loss, str(told["questions_changed"]), told["says"])
    return shown


def time_line(result: Mapping[str, Any]) -> str:
    """What a recall, the embedding of a question, and the ingest took."""
    embedding, ingest = result["embedding_ms"], result["ingest"]
    asked = (
        f"; embedding a question: {embedding['p50']:.1f} ms p50, {embedding['p95']:.1f} p95"
        if embedding
        else ""
    )
    return (
        f"ms: one recall of {result['depth']} hits, above embedding{asked}. Ingest: "
        f"{ingest['append_s']:.1f} s to append, {ingest['embed_s']:.1f} s to embed ({result['embedder']})."
    )


def bounds(interval: list[float], form: str = ".3f") -> str:
    """An interval in brackets."""
    low, high = interval
    return f"({low:{form}} {high:{form}})"
