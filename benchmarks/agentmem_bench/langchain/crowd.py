"""Many agents on one bank at once: is anything lost, doubled, or crossed between users?"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.fence import NOTICE
from agentmem.synthesis.tokens import MiniLMTokens
from agentmem_bench import fresh
from agentmem_bench.langchain.talk import Echo, agent, turn
from langchain_agentmem import MemoryMiddleware

CACHED_TURNS = 50
WAYS = ("threads", "asyncio")


def measure(given: dict[str, Any]) -> dict[str, Any]:
    """What becomes of `agents` that say `turns` in all, by threads and by asyncio; what a cache keeps."""
    agents, each = int(given["agents"]), int(given["turns"]) // int(given["agents"])
    told: dict[str, Any] = {way: _crowd(way, agents, each) for way in WAYS}
    return told | {"agents": agents, "turns": agents * each, "cacheable": _cacheable()}


def _crowd(way: str, agents: int, each: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, Bank(Path(folder) / "bank.db", settings=Settings()) as bank:
        memory = MemoryMiddleware(bank, namespace=("crowd", "{user_id}"))
        talking = [agent(Echo(), [memory]) for _ in range(agents)]
        bank.library.embedder.embed(["warm"])
        commits = bank.database.commits
        began = perf_counter()
        if way == "threads":
            with ThreadPoolExecutor(agents) as pool:
                list(pool.map(lambda n: _talk(talking[n], n, each), range(agents)))
        else:
            asyncio.run(_gathered(talking, each))
        seconds = perf_counter() - began
        commits = bank.database.commits - commits
        bank.settle(600.0)
        found = _checked(bank, agents, each)
    turns = agents * each
    return found | {
        "seconds": round(seconds, 2),
        "turns_per_second": round(turns / seconds, 1),
        "commits_per_turn": round(commits / turns, 3),
    }


def _talk(talking: Any, n: int, each: int) -> None:
    for step in range(each):
        talking.invoke(**turn(_said(n, step), f"t{n}", f"u{n}"))


async def _gathered(talking: list[Any], each: int) -> None:
    async def talk(n: int) -> None:
        for step in range(each):
            await talking[n].ainvoke(**turn(_said(n, step), f"t{n}", f"u{n}"))

    await asyncio.gather(*(talk(n) for n in range(len(talking))))


def _said(n: int, step: int) -> str:
    return f"User {n} says the number {step} of things that nobody else says."


def _checked(bank: Bank, agents: int, each: int) -> dict[str, int]:
    """How many events are lost, doubled, or with another user."""
    lost = doubled = crossed = 0
    for n in range(agents):
        wanted = {text for step in range(each) for text in (_said(n, step), f"You said: {_said(n, step)}")}
        kept = Counter(record.text for record in bank.store("episodic", ("crowd", f"u{n}")).select())
        lost += len(wanted - set(kept))
        crossed += len(set(kept) - wanted)
        doubled += sum(count - 1 for count in kept.values())
    return {"lost": lost, "doubled": doubled, "crossed": crossed}


def _cacheable() -> dict[str, float]:
    """Of the tokens of requests over a long thread: the share that stands, the same, at the beginning of the
    request before; with the recall after the last message, and without any memory.
    """
    counter = MiniLMTokens()
    shares = {}
    with tempfile.TemporaryDirectory() as folder, Bank(Path(folder) / "bank.db", settings=Settings()) as bank:
        bank.store("episodic", ("crowd", "u")).observe(*(_said(n, n) for n in range(200)))
        memory = MemoryMiddleware(bank, namespace=("crowd", "{user_id}"))
        for name, middleware in (("with_memory", [memory]), ("without", [])):
            model = Echo()
            talking = agent(model, middleware)
            before: list[str] = []
            known = whole = recalled = 0
            for step in range(CACHED_TURNS):
                talking.invoke(**turn(_said(step, step), name, "u"))
                now = [f"{message.type}: {message.text}" for message in model.request]
                same = next(
                    (n for n, (one, other) in enumerate(zip(before, now, strict=False)) if one != other),
                    min(len(before), len(now)),
                )
                known += sum(counter.count(text) for text in now[:same])
                whole += sum(counter.count(text) for text in now)
                recalled += sum(counter.count(text) for text in now if NOTICE in text)
                before = now
            shares[name] = round(known / whole, 4)
            shares[f"{name}_but_for_recall"] = round(known / (whole - recalled), 4)
        bank.settle(600.0)
    return shares


if __name__ == "__main__":
    fresh.answer(measure)
