"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean
from typing import Any

from agentmem_bench.longhorizon.report import critical_table, tokens_table
from agentmem_bench.tables import markdown, paragraph

PACE_MS, PACE_STEPS = 5.0, 1_000
"""What memory may take of a step, after so many."""


def block(result: Mapping[str, Any], pace: Mapping[str, Any]) -> str:
    """Where histories no longer do, tokens where all has room, and what a step takes."""
    critical = result["critical"]
    begin = paragraph(
        "Subgoal memory, by `agentmem bench longhorizon`: a policy that knows the rules of a world, "
        f"and of its state only what memory shows, plays {result['seeds']} problems of each world. "
        "Shares of episodes that reach the goal, at the largest budget where the stronger of full and "
        f"truncated history reaches it in at most half (aimed at: {critical[0]['aimed']:.2f}); then "
        "tokens of the prompt per step of full history / subgoal memory where all has room, and their "
        "share (aimed at: 60%)."
    )
    shown = markdown(
        (critical_table(dict(result)), ("budget", "full", "truncated", "summary", "subgoal")),
        (tokens_table(dict(result)), ("prompt tokens/step", "share")),
    )
    return "\n\n".join((begin, shown, paragraph(_parts(result), _pace(pace["pace"]))))


def _parts(result: Mapping[str, Any]) -> str:
    whole = fmean(one["subgoal"] for one in result["critical"])
    names = dict.fromkeys(one["memory"] for one in result["ablations"])
    found = ", ".join(
        f"{name} {fmean(one['success'] for one in result['ablations'] if one['memory'] == name):.2f}"
        for name in names
    )
    return (
        f"The mean success of subgoal memory over these worlds is {whole:.2f}; {found}. The sliding "
        "summary keeps the same facts without subgoals."
    )


def _pace(told: Mapping[str, Any]) -> str:
    spent = dict(zip(told["at"], told["milliseconds"], strict=True))
    at = PACE_STEPS if PACE_STEPS in spent else max(spent)
    verdict = "reached" if spent[at] <= PACE_MS else "**missed**"
    return (
        f"Memory takes {spent[at]:.1f} ms of a step after {at:,} steps, two durable commits included "
        f"(aimed at {PACE_MS:.0f}: {verdict}), and {spent[max(spent)]:.1f} after {max(spent):,}."
    )
