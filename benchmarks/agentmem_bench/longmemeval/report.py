"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

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
        f"{data['file']}: {data['histories']} histories, {data['sessions']} sessions, {data['turns']} turns; "
        f"{data['questions']} questions with evidence sessions, {data['questions_with_turns']} of them with "
        f"marked turns; {data['evidence_missing']} evidence sessions do not exist; "
        f"left out: {', '.join(f'{n} {why}' for why, n in data['left_out'].items())}; "
        f"abstention, apart: {data['abstention']}"
    )
    for level in ("sessions", "turns"):
        told = {name: {**each[level], "ms": each["ms"]} for name, each in pipelines.items() if each[level]}
        if told:
            yield overall_table(told, f"Evidence {level}")
            yield split_table(told, "categories", {}, f"{level} ")
    if "ablation" in result:
        yield ablation_table(result["ablation"])
        full = pipelines["full"]
        yield (
            f"Answered with nothing by full, by its floor: {full['nothing']} of "
            f"{data['histories'] - data['abstention']} questions that can be answered, and "
            f"{full['abstention']['nothing']} of {full['abstention']['questions']} that cannot."
        )
    yield time_line(result)
