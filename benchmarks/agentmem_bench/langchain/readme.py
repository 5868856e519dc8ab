"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agentmem_bench.langchain.report import AIMED_MS, stores_table
from agentmem_bench.tables import markdown, paragraph

COLUMNS = ("fill_s", "put", "get", "search", "search_filter", "filter")


def block(result: Mapping[str, Any]) -> str:
    """What memory adds to a turn, many agents at once, and the store beside LangGraph's own."""
    begin = paragraph(
        "Memory in a framework, by `agentmem bench langchain`.",
        _overhead(result["overhead"]),
        _crowd(result["crowd"]),
    )
    return "\n\n".join((begin, *_stores(result.get("stores", ()))))


def _stores(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    size = max(row["size"] for row in rows)
    yield paragraph(
        f"Stores of LangGraph with {size:,} items: seconds to fill, and milliseconds (medians) to put, "
        "get, search by meaning, with a filter too, and by the filter alone. AgentMemStore is durable "
        "and keeps history; AsyncSqliteStore searches by meaning only where Python's SQLite loads "
        "extensions."
    )
    yield markdown((stores_table([row for row in rows if row["size"] == size]), COLUMNS))


def _overhead(told: Mapping[str, Any]) -> str:
    verdict = "reached" if told["overhead_p50"] <= AIMED_MS else "**missed**"
    parts = ", ".join(f"{name} {one['p50']:.1f}" for name, one in told["parts"].items())
    return (
        f"A turn of a LangChain agent over {told['memories']:,} memories takes "
        f"{told['overhead_p50']:.1f} ms (p50) more than the bare agent's {told['bare']['p50']:.1f}, "
        f"above the embedding of the question (aimed at {AIMED_MS:.0f}: {verdict}): {parts}, the rest "
        "in LangGraph and around."
    )


def _crowd(told: Mapping[str, Any]) -> str:
    ways = "; ".join(
        f"by {way} {one['lost']} lost, {one['doubled']} doubled, {one['crossed']} crossed, "
        f"{one['turns_per_second']:.0f} turns a second"
        for way, one in ((way, told[way]) for way in ("threads", "asyncio"))
    )
    return f"{told['agents']} agents at once on one bank, {told['turns']:,} turns: {ways}."
