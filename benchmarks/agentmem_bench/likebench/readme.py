"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem_bench.likebench.measures import CLEAN
from agentmem_bench.likebench.report import (
    PROBED,
    best_line,
    bounds_line,
    decoys_line,
    liked_table,
    memory_table,
    ranked,
)
from agentmem_bench.tables import markdown, paragraph


def block(result: Mapping[str, Any]) -> str:
    """Likability beside what is remembered, and what was aimed at."""
    systems = ranked(result["systems"])
    seeds = (
        f"seeds {', '.join(map(str, result['seeds']))}"
        if len(result["seeds"]) > 1
        else f"seed {result['seeds'][0]}"
    )
    begin = paragraph(
        f"Likability, by `agentmem bench likebench` in {result['mode']} mode: a scripted user and a "
        f"rater by rule, no language model; suite version {result['suite']}, "
        f"{result['personas']['count']} personas, {seeds}, {' and '.join(result['variants'])} sessions, "
        f"{result['dialogues']:,} dialogues; contexts of 1,024 tokens where no other size is named. "
        "`oracle` is shown the persona, `none` nothing; `full` keeps the beginning of the talk, "
        "`truncated` its end. From 0 to 100, with 95% intervals over personas; *recalled* are % of the "
        "facts; *slope* is in points a session."
    )
    shown = markdown(
        (liked_table(CLEAN, systems, dict(result)), ("likability",)),
        (memory_table(systems, dict(result)), ("recalled", "noisy / clean", "slope", "tokens")),
    )
    end = paragraph(
        bounds_line(result["bounds"]) if result["bounds"] else "",
        best_line(result["best"]) if result["best"] else "",
        decoys_line(result["decoys"]) if result["decoys"] else "",
        PROBED,
    )
    return "\n\n".join((begin, shown, end))
