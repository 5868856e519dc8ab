"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agentmem_bench.locomo.data import CATEGORIES
from agentmem_bench.locomo.result import MAIN_RECALL
from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    data = result["data"]
    yield (
        f"{data['file']}: {data['conversations']} conversations, {data['turns']} turns, "
        f"{data['questions']} questions with evidence; {data['evidence_missing']} evidence ids do not exist; "
        f"left out: {', '.join(f'{n} {why}' for why, n in data['left_out'].items())}"
    )
    yield _overall(result)
    yield _split(result, "categories", {str(k): f"{k} {name}" for k, name in CATEGORIES.items()})
    yield _split(result, "conversations", {})
    if "ablation" in result:
        yield _ablation(result)
        nothing = result["pipelines"]["full"]["nothing"]
        yield f"Answered with nothing by full, by its floor: {nothing} of {data['questions']} questions."
        yield _context(result["context"])
    yield _time(result)


def _overall(result: dict[str, Any]) -> Table:
    pipelines = result["pipelines"]
    first = next(iter(pipelines.values()))["overall"]
    metrics = [name for name in first if name != "questions" and not name.endswith("_ci95")]
    title = f"Evidence recall, all questions; 95% bootstrap interval of {MAIN_RECALL}"
    shown = table(title, "pipeline", (*metrics, "ms p50", "ms p95"))
    for name, told in pipelines.items():
        overall = told["overall"]
        cells = [f"{overall[metric]:.3f}" for metric in metrics]
        cells[metrics.index(MAIN_RECALL)] += f" {_interval(overall[f'{MAIN_RECALL}_ci95'])}"
        shown.add_row(name, *cells, f"{told['ms']['p50']:.1f}", f"{told['ms']['p95']:.1f}")
    return shown


def _split(result: dict[str, Any], by: str, names: dict[str, str]) -> Table:
    pipelines = result["pipelines"]
    groups = next(iter(pipelines.values()))[by]
    heads = [f"{names.get(group, group)} ({told['questions']})" for group, told in groups.items()]
    shown = table(f"{MAIN_RECALL} by {by}", "pipeline", heads)
    for name, told in pipelines.items():
        shown.add_row(name, *(f"{told[by][group][MAIN_RECALL]:.3f}" for group in groups))
    return shown


def _ablation(result: dict[str, Any]) -> Table:
    heads = (MAIN_RECALL, "loss, 95% interval", "questions changed", "")
    shown = table("Ablation: full without one step", "without", heads)
    shown.columns[-1].justify = "left"
    for step, told in result["ablation"].items():
        loss = f"{told['loss']:+.3f} {_interval(told['loss_ci95'], '+.3f')}"
        shown.add_row(step, f"{told[MAIN_RECALL]:.3f}", loss, str(told["questions_changed"]), told["says"])
    return shown


def _context(context: dict[str, Any]) -> str:
    share = context["tokens_mean"] / max(context["full_history_tokens_mean"], 1)
    return (
        f"Context within {context['budget']} tokens: {context['tokens_mean']:.0f} tokens on average, "
        f"{share:.1%} of the {context['full_history_tokens_mean']:.0f} of the full history "
        f"({context['tokenizer']}); it shows {context['evidence_shown']:.1%} of the evidence turns."
    )


def _time(result: dict[str, Any]) -> str:
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


def _interval(bounds: list[float], form: str = ".3f") -> str:
    low, high = bounds
    return f"({low:{form}} {high:{form}})"
