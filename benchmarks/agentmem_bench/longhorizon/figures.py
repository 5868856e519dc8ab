"""From episodes to figures: means with intervals, the budget at which histories fail, what is aimed at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from agentmem_bench.bootstrap import interval
from agentmem_bench.longhorizon.episodes import Played
from agentmem_bench.paired import Paired

HISTORIES = ("full", "truncated")
OURS = "subgoal"
FAILS, SUCCEEDS, TOKENS = 0.5, 0.9, 0.6
"""Where histories succeed in at most the first share, ours is to in the second; and its share of tokens."""


def cell(episodes: Sequence[Played]) -> dict[str, Any]:
    """The figures of the episodes of one world, memory and budget; intervals by bootstrap over seeds."""
    steps = sum(one.steps for one in episodes)
    success = np.array([one.success for one in episodes], np.float64)
    progress = np.array([one.progress for one in episodes], np.float64)
    return {
        "world": episodes[0].world,
        "memory": episodes[0].memory,
        "budget": episodes[0].budget,
        "episodes": len(episodes),
        "success": float(success.mean()),
        "success_interval": interval(success),
        "progress": float(progress.mean()),
        "progress_interval": interval(progress),
        "steps": steps / len(episodes),
        "invalid": sum(one.invalid for one in episodes) / len(episodes),
        "retrievals": sum(one.retrievals for one in episodes) / len(episodes),
        "prompt_tokens_per_step": sum(one.prompt_tokens for one in episodes) / max(1, steps),
        "context_tokens_per_step": sum(one.context_tokens for one in episodes) / max(1, steps),
        "ends": {
            end: sum(one.end == end for one in episodes) for end in sorted({one.end for one in episodes})
        },
    }


def cells(episodes: Iterable[Played]) -> list[dict[str, Any]]:
    """A cell for each world, memory and budget, in the order in which they were played."""
    grouped: dict[tuple[str, str, int], list[Played]] = {}
    for one in episodes:
        grouped.setdefault((one.world, one.memory, one.budget), []).append(one)
    return [cell(some) for some in grouped.values()]


def note_success(paired: Paired, episodes: Iterable[Played]) -> None:
    """Keep success by memory and budget, of each problem; a cell is the mean over those of its world."""
    for one in episodes:
        paired.note(f"success {one.memory}, {one.budget}", [f"{one.world}/{one.seed}"], [one.success])


def critical(found: Sequence[dict[str, Any]], world: str) -> int | None:
    """The largest budget where the stronger of full and truncated history succeeds in at most half."""
    strongest: dict[int, float] = {}
    for one in found:
        if one["world"] == world and one["memory"] in HISTORIES:
            strongest[one["budget"]] = max(strongest.get(one["budget"], 0.0), one["success"])
    failing = [budget for budget, success in strongest.items() if success <= FAILS]
    return max(failing, default=None)


def compared(full: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """Subgoal memory beside a full history that succeeds as often: what it costs."""
    return {
        "world": full["world"],
        "success": [full["success"], ours["success"]],
        "steps": [full["steps"], ours["steps"]],
        "prompt_tokens_per_step": [full["prompt_tokens_per_step"], ours["prompt_tokens_per_step"]],
        "context_tokens_per_step": [full["context_tokens_per_step"], ours["context_tokens_per_step"]],
        "share_of_prompt_tokens": ours["prompt_tokens_per_step"] / full["prompt_tokens_per_step"],
        "share_of_context_tokens": ours["context_tokens_per_step"] / full["context_tokens_per_step"],
        "reached": ours["success"] >= full["success"]
        and ours["steps"] <= full["steps"]
        and ours["prompt_tokens_per_step"] <= TOKENS * full["prompt_tokens_per_step"],
    }
