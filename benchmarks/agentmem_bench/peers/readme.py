"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem_bench.locomo.readme import fitted
from agentmem_bench.peers.report import left_table, recalled_table, time_table
from agentmem_bench.scores import MAIN_RECALL
from agentmem_bench.tables import markdown, paragraph


def block(result: Mapping[str, Any]) -> str:
    """Recall, times, calls and bytes beside the memories of others."""
    data, systems, tokens = result["data"], result["systems"], result["budget"]["tokens"]
    begin = paragraph(
        f"Memories of others, by `agentmem bench peers`: {data['conversations']} conversations, "
        f"{data['questions']} questions, the same vectors ({result['embedder']}) for all, "
        f"{result['depth']} hits. Milliseconds are medians of one turn and of one question above "
        f"embedding; `in {tokens} tokens` is the share of evidence turns among the hits that fit. "
        "`bm25` and `dense` are baselines."
    )
    shown = markdown(
        (recalled_table(systems, tokens), (MAIN_RECALL, f"in {tokens} tokens", "nothing")),
        (time_table(systems), ("write p50", "recall p50", "model calls")),
        (left_table(systems, data["turns"]), ("KB a turn",)),
    )
    load = [one for one in result["load"] if one is not None]
    end = paragraph(
        "The constants of agentmem were chosen on these conversations, those of the others were not: "
        "expect it to lead by less elsewhere."
        if fitted(data)
        else "",
        _ahead(systems),
        '"nothing" are questions that get no answer, by the floor. Writes of agentmem are on the disk '
        "when they return; `langgraph` and `langmem` keep nothing on it (-).",
        f"The load while it ran was {min(load):.1f} to {max(load):.1f} on {result['machine']['cores']} cores."
        if load
        else "",
        f"Not run: {', '.join(result['not_run'])}." if result["not_run"] else "",
    )
    return "\n\n".join((begin, shown, end))


def _ahead(systems: Mapping[str, Any]) -> str:
    """What others do better."""
    ours = systems.get("agentmem")
    if ours is None:
        return ""
    others = {name: one for name, one in systems.items() if set(one["versions"]) != {"agentmem"}}
    faster = {
        what: [name for name, one in others.items() if one[f"{what}_ms"]["p50"] < ours[f"{what}_ms"]["p50"]]
        for what in ("write", "recall")
    }
    found = [
        name for name, one in others.items() if one["overall"][MAIN_RECALL] > ours["overall"][MAIN_RECALL]
    ]
    parts = [
        f"{', '.join(names)} {verb}"
        for names, verb in (
            (found, "found more"),
            (faster["write"], "wrote faster"),
            (faster["recall"], "recalled faster"),
        )
        if names
    ]
    return f"Ahead of agentmem: {'; '.join(parts)}." if parts else ""
