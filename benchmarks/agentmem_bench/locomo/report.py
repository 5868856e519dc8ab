"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agentmem_bench.locomo.data import CATEGORIES
from agentmem_bench.ranked_tables import ablation_table, overall_table, split_table, time_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    data, pipelines = result["data"], result["pipelines"]
    yield (
        f"{data['file']}: {data['conversations']} conversations, {data['turns']} turns, "
        f"{data['questions']} questions with evidence; {data['evidence_missing']} evidence ids do not exist; "
        f"left out: {', '.join(f'{n} {why}' for why, n in data['left_out'].items())}"
    )
    yield overall_table(pipelines, "Evidence recall")
    yield split_table(pipelines, "categories", {str(k): f"{k} {name}" for k, name in CATEGORIES.items()})
    yield split_table(pipelines, "conversations", {})
    if "ablation" in result:
        yield ablation_table(result["ablation"])
        nothing = pipelines["full"]["nothing"]
        yield f"Answered with nothing by full, by its floor: {nothing} of {data['questions']} questions."
        yield context_line(result["context"])
    yield time_line(result)


def context_line(context: dict[str, Any]) -> str:
    """How much of the evidence a context shows, and in how many tokens."""
    share = context["tokens_mean"] / max(context["full_history_tokens_mean"], 1)
    return (
        f"Context within {context['budget']} tokens: {context['tokens_mean']:.0f} tokens on average, "
        f"{share:.1%} of the {context['full_history_tokens_mean']:.0f} of the full history "
        f"({context['tokenizer']}); it shows {context['evidence_shown']:.1%} of the evidence turns."
    )
