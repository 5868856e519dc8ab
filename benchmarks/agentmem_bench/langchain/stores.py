"""AgentMemStore beside LangGraph's own stores: put, get, search, at rising sizes, with the same embedder."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Protocol

from langgraph.store.base import BaseStore, GetOp, Item, Op, PutOp, SearchOp
from langgraph.store.memory import InMemoryStore

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem_bench import fresh
from langchain_agentmem import AgentMemEmbeddings, AgentMemStore

NAMES = ("agentmem", "memory", "sqlite")
REPEATS, LEAST, SECONDS = 30, 3, 5.0
"""How often an operation is measured; after so many times no more once it took so long in all."""
BY_MEANING = ("search", "search_own", "search_filter")
NAMESPACES = 10
AT_ONCE = 500
VOCABULARY, WORDS = 5_000, 12
EMBEDDER = "hashing:384"


class Batching(Protocol):
    """What is measured of a store."""

    def batch(self, ops: list[Op]) -> list[Any]:
        """Carry out operations."""


def measure(given: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds of operations on the store `name` with `size` items, and seconds of filling it."""
    name, size = str(given["name"]), int(given["size"])
    with (
        tempfile.TemporaryDirectory() as folder,
        Bank(Path(folder) / "bank.db", settings=Settings(embedder=EMBEDDER)) as bank,
    ):
        index: Any = {"dims": 384, "embed": AgentMemEmbeddings(bank), "fields": ["text"]}
        if name == "agentmem":
            return _measured(AgentMemStore(bank, index=index), size)
        if name == "memory":
            return _measured(InMemoryStore(index=index), size)
        try:
            return asyncio.run(_sqlite(Path(folder) / "peer.db", index, size))
        except AttributeError:  # this Python's SQLite loads no extensions: it has no search by meaning
            return asyncio.run(_sqlite(Path(folder) / "plain.db", None, size))


async def _sqlite(path: Path, index: Any, size: int) -> dict[str, Any]:
    """LangGraph's AsyncSqliteStore, which only runs in a loop: operations are handed to it from a thread.

    Args:
        path: Its file.
        index: What is searched by meaning; none: nothing.
        size: How many items.
    """
    from langgraph.store.sqlite.aio import AsyncSqliteStore

    async with AsyncSqliteStore.from_conn_string(str(path), index=index) as store:
        await store.setup()
        loop = asyncio.get_running_loop()

        class FromThread:
            def batch(self, ops: list[Op]) -> list[Any]:
                done: list[Any] = asyncio.run_coroutine_threadsafe(store.abatch(ops), loop).result()
                return done

        told: dict[str, Any] = await asyncio.to_thread(_measured, FromThread(), size)
        return told if index is not None else told | dict.fromkeys(BY_MEANING)


def _measured(store: Batching | BaseStore, size: int) -> dict[str, Any]:
    chance = random.Random(1)  # noqa: S311 - no secret
    words = [f"word{n}" for n in range(VOCABULARY)]

    def item(n: int) -> PutOp:
        value = {"text": " ".join(chance.choices(words, k=WORDS)), "n": n % 100}
        return PutOp(("u", str(n % NAMESPACES)), f"k{n}", value)

    def question(n: int) -> str:
        return " ".join(words[(n * step) % VOCABULARY] for step in (7, 11, 13))

    began = perf_counter()
    for first in range(0, size, AT_ONCE):
        store.batch([item(n) for n in range(first, min(size, first + AT_ONCE))])
    store.batch([SearchOp(("u",), query=question(0))])
    filled = perf_counter() - began
    work: dict[str, Callable[[int], Op]] = {
        "get": lambda n: GetOp(("u", str(n % NAMESPACES)), f"k{n}"),
        "search": lambda n: SearchOp(("u",), query=question(n)),
        "search_own": lambda n: SearchOp(("u", str(n % NAMESPACES)), query=question(n)),
        "search_filter": lambda n: SearchOp(("u",), {"n": n}, query=question(n)),
        "filter": lambda n: SearchOp(("u",), {"n": n}),
        "put": lambda n: item(size + n),
    }
    told: dict[str, Any] = {"fill_s": round(filled, 2)}
    for what, op in work.items():
        seconds = []
        for n in range(REPEATS):
            given = op(n)
            began = perf_counter()
            found = store.batch([given])[0]
            seconds.append(perf_counter() - began)
            if len(seconds) >= LEAST and sum(seconds) > SECONDS:
                break
            if what == "get" and not isinstance(found, Item):
                raise AssertionError(f"{given} was not found")
        told[what] = round(1e3 * median(seconds), 3)
    return told


if __name__ == "__main__":
    fresh.answer(measure)
