"""Other stores on the same texts and vectors, at the sizes that they bear; each in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agentmem.extras import install, not_installed
from agentmem_bench import fresh, memory
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.speed import corpus
from agentmem_bench.speed.peer_stores import PEERS
from agentmem_bench.speed.place import Place

ASKED = 102
FILL_SECONDS, SEARCH_SECONDS = 120.0, 10.0
"""What a store may take to be filled, and to be searched, at each size."""
SLACK = 4
"""A process that takes so many times as long as all of that is ended."""


def measure(place: Place, sizes: Sequence[int], watch: Watch = unwatched) -> dict[str, Any]:
    """Each store's figures by size, or why it was `left_out` of one."""
    told: dict[str, Any] = {}
    for done, (name, peer) in enumerate(PEERS.items()):
        told[name] = {"version": peer.version(), "sizes": {}}
        before: tuple[int, dict[str, Any]] | None = None
        for step, size in enumerate(sorted(sizes)):
            watch("peers", done * len(sizes) + step, len(PEERS) * len(sizes))
            told[name]["sizes"][str(size)] = figures = _one(place, name, size, before)
            before = (size, figures)
    watch("peers", len(PEERS) * len(sizes), len(PEERS) * len(sizes))
    return {"fill_limit_s": FILL_SECONDS, "search_limit_s": SEARCH_SECONDS, "stores": told}


def _one(place: Place, name: str, size: int, before: tuple[int, dict[str, Any]] | None) -> dict[str, Any]:
    if PEERS[name].version() is None:
        return {"left_out": str(not_installed(name, [PEERS[name].package], install("bench")))}
    if (reason := _too_much(size, before)) is not None:
        return {"left_out": reason}
    given = {
        "folder": str(place.folder),
        "seed": place.seed,
        "peer": name,
        "size": size,
        "questions": corpus.questions(place.real.texts, ASKED, place.seed, about=size),
        "fill_seconds": FILL_SECONDS,
        "search_seconds": SEARCH_SECONDS,
    }
    try:
        answer = fresh.ask(f"{__package__}.peer_probe", given, SLACK * (FILL_SECONDS + SEARCH_SECONDS))
    except fresh.TookTooLong as error:
        return {"left_out": str(error)}
    except fresh.Failed as error:
        return {"left_out": str(error)}
    if "late" in answer:
        return {"left_out": f"filling was stopped at {answer['late']:,} after {FILL_SECONDS:.0f} s"}
    return {
        "add_per_s": round(answer["add_per_s"], 1),
        "ms": milliseconds(answer["seconds"], (50, 99)),
        "questions": len(answer["seconds"]),
        "recall": None if answer["recall"] is None else round(answer["recall"], 4),
        "above_bytes": answer["above_bytes"],
    }


def _too_much(size: int, before: tuple[int, dict[str, Any]] | None) -> str | None:
    """Why it makes no sense to try `size`, by the figures of the size `before`."""
    if before is None:
        return None
    smaller, figures = before
    if "left_out" in figures:
        return f"it was left out of {smaller:,} already"
    seconds = size / figures["add_per_s"]
    if seconds > FILL_SECONDS:
        return f"at the {figures['add_per_s']:,.0f}/s of {smaller:,}, filling would take {seconds:,.0f} s"
    needed, free = figures["above_bytes"] * size / smaller, memory.available()
    if free is not None and needed > free:
        return f"as at {smaller:,}, it would take {needed / 1e9:.0f} GB of memory; {free / 1e9:.0f} are free"
    return None
