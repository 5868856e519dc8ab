"""What `agentmem bench langchain` does with its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agentmem.errors import InvalidInput
from agentmem_bench import fresh
from agentmem_bench.arguments import numbers
from agentmem_bench.langchain import report
from agentmem_bench.progress import Watch, bar
from agentmem_bench.provenance import provenance
from agentmem_bench.results import check_writable, console, write_json

SCHEMA = "agentmem.bench.langchain/1"
PARTS = ("overhead", "crowd", "stores")
SECONDS = 900.0
"""More than any part takes; a store that takes longer at a size is told as too slow."""
PEERS = ("agentmem", "memory", "sqlite")


def run(
    memories: int,
    turns: int,
    agents: int,
    sizes: str,
    parts: Sequence[str] | None,
    out: str | None,
) -> None:
    """Measure, print it, and write the result to `out`.

    Raises:
        InvalidInput: an unknown part, or something that cannot be written.
    """
    check_writable(out)
    unknown = [part for part in parts or () if part not in PARTS]
    if unknown:
        raise InvalidInput(f"--part {unknown[0]!r} is not known", f"there are: {', '.join(PARTS)}")
    wanted = tuple(parts or PARTS)
    counts = numbers("--sizes", sizes, "1000,10000")
    told: dict[str, Any] = {"schema": SCHEMA}
    with bar() as watch:
        if "overhead" in wanted:
            watch("overhead", 0, 1)
            asked = {"memories": memories, "turns": turns}
            told["overhead"] = fresh.ask("agentmem_bench.langchain.overhead", asked, SECONDS)
            watch("overhead", 1, 1)
        if "crowd" in wanted:
            watch("crowd", 0, 1)
            asked = {"agents": agents, "turns": 20 * agents}
            told["crowd"] = fresh.ask("agentmem_bench.langchain.crowd", asked, SECONDS)
            watch("crowd", 1, 1)
        if "stores" in wanted:
            told["stores"] = _stores(counts, watch)
    told |= provenance(seed=1)
    report.show(told, console(out))
    write_json(told, out)


def _stores(sizes: Sequence[int], watch: Watch) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    total = len(sizes) * len(PEERS)
    for size in sizes:
        for name in PEERS:
            row: dict[str, Any] = {"name": name, "size": size}
            try:
                row |= fresh.ask("agentmem_bench.langchain.stores", {"name": name, "size": size}, SECONDS)
            except fresh.TookTooLong:
                row["failed"] = "too slow"
            except fresh.Failed as error:
                row["failed"] = "failed"
                row["why"] = str(error)
            rows.append(row)
            watch("stores", len(rows), total)
    return rows
