"""How runs are told in lines and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentmem.agents.trace import Result
    from agentmem.cli.rendering import Cell
    from agentmem.runs.summary import Summary
    from agentmem.runs.workers import SuiteSummary

ENDS: Mapping[str, str] = {
    "solved": "solved",
    "steps": "step limit",
    "tokens": "token limit",
    "seconds": "time limit",
    "overflow": "history over budget",
    "stuck": "stuck: invalid actions alone",
    "interrupted": "interrupted",
    "failed": "the world failed",
}
"""Why episodes end, in words."""
Table = tuple[list[str], list[list["Cell"]]]


def episode_line(episode: int, result: Result) -> str:
    """An episode that ended, in a line."""
    per_step = result.prompt_tokens / max(1, result.steps)
    return (
        f"episode {episode}: {ended(result)}, progress {result.progress:.0%}, {result.steps} steps "
        f"({result.invalid} invalid), {per_step:,.0f} tokens/step, {result.seconds:.1f} s"
    )


def ended(result: Result) -> str:
    """Why an episode ended."""
    return ENDS[result.end] + (f": {result.error}" if result.error else "")


def episodes_table(summary: Summary) -> Table:
    """The episodes of a run, and what they come to."""
    columns = [
        "episode",
        "seed",
        "success",
        "progress",
        "steps",
        "invalid",
        "tokens/step",
        "seconds",
        "ended by",
    ]
    rows: list[list[Cell]] = []
    for one in summary.episodes:
        result = one.result
        rows.append(
            [
                str(one.episode),
                str(one.seed),
                "yes" if result.success else "no",
                f"{result.progress:.0%}",
                str(result.steps),
                str(result.invalid),
                f"{result.prompt_tokens / max(1, result.steps):,.0f}",
                f"{result.seconds:.1f}",
                ended(result),
            ]
        )
    if len(summary.episodes) > 1:
        rows.append(["all", "", *_means(summary)])
    return columns, rows


def suite_table(summary: SuiteSummary) -> Table:
    """The runs of a suite, side by side."""
    columns = [
        *("run", "memory", "budget", "success", "progress", "steps", "invalid", "tokens/step", "seconds"),
        "ended by",
    ]
    rows: list[list[Cell]] = [
        [row.summary.name, row.summary.memory, str(row.summary.budget), *_means(row.summary)]
        for row in summary.runs
    ]
    return columns, rows


def _means(summary: Summary) -> list[str]:
    played = len(summary.episodes)
    solved = sum(one.result.success for one in summary.episodes)
    ends = [f"{count} {ENDS[end]}" for end, count in summary.ends.items()]
    if summary.finished < summary.planned:
        ends.append(f"{summary.planned - summary.finished} not played to the end")
    return [
        f"{solved}/{played}" if played else "-",
        f"{summary.progress:.0%}",
        f"{summary.steps:.1f}",
        f"{summary.invalid:.1f}",
        f"{summary.tokens_per_step:,.0f}",
        f"{summary.seconds:.1f}",
        ", ".join(ends),
    ]
