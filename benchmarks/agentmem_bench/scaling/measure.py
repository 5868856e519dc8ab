"""Measures what the forecast is made of, on one database: a bank that grows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem.bank import Bank
from agentmem.bank.place import shown
from agentmem.config import Settings
from agentmem.errors import Conflict
from agentmem.records import Event, Value
from agentmem_bench import fresh
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.scaling.costs import NAMESPACE_TABLES
from agentmem_bench.speed import corpus
from agentmem_bench.speed.place import Place

if TYPE_CHECKING:
    from agentmem.records import Namespace

ROOT = "bench-scaling"
AT_ONCE = 500
"""Events of one commit, in bulk."""
PERCENTILES = (50, 95)
PROBE = "agentmem_bench.scaling.probe"


class Steps(Value):
    """What is written and asked.

    Attributes:
        growth: At each step namespaces are added: how many, of how many records each.
        visited: Namespaces of a size that are asked, at most.
        asked: Questions to each size, its indexes open.
        single: Single writes that are timed at each step.
        threads: That write together in the end.
        each: Events that each of them writes.
        idle: Namespaces of one event each.
    """

    growth: tuple[tuple[tuple[int, int], ...], ...] = (
        ((50, 100),),
        ((5, 1_000), (1, 10_000)),
        ((1, 30_000),),
    )
    visited: int = 50
    asked: int = 60
    single: int = 100
    threads: int = 16
    each: int = 20
    idle: int = 2_000


def measure(place: Place, at: Path | str, steps: Steps, watch: Watch = unwatched) -> dict[str, Any]:
    """Figures of the database at `at`, which has to be new.

    Raises:
        Conflict: it holds something already.
    """
    with Bank(at, embedder=place.embedder, settings=Settings(screen="keep", quarantine=False)) as bank:
        if bank.namespaces():
            raise Conflict(f"the bank at {shown(os.fspath(at))} is not empty", "name a database of its own")
        grown = _Grown(bank, place, steps, watch)
        growth = [grown.step(number) for number in range(len(steps.growth))]
        together = grown.together()
        copied = _copied(bank, place.folder / "scaling-copy.db")
        idle = grown.idle()
        rewritten = _rewritten(bank)
    watch("recalling", 0, 1)
    recalled = fresh.ask(PROBE, _asked(place, at, steps))
    watch("recalling", 1, 1)
    return {
        "database": "sqlite" if isinstance(at, Path) else "postgresql",
        "growth": growth,
        "together": together,
        "idle": idle,
        "copy": copied,
        "rewrite": rewritten,
        "recall": [
            {
                "records": one["records"],
                "namespaces": len(one["first"]),
                "first_ms": milliseconds(one["first"], PERCENTILES),
                "again_ms": milliseconds(one["again"], PERCENTILES),
                "index_bytes": one["index_bytes"] / len(one["first"]),
                "memory_bytes": one["resident_bytes"] / len(one["first"]),
            }
            for one in recalled["sizes"]
        ],
    }


def namespace_of(records: int, number: int) -> Namespace:
    """The name of a namespace of so many records."""
    return (ROOT, f"of-{records}", f"user-{number}")


class _Grown:
    """A bank that grows.

    Args:
        bank: Empty.
        place: What texts and vectors are made of.
        steps: What is written.
        watch: Told how far it is.
    """

    def __init__(self, bank: Bank, place: Place, steps: Steps, watch: Watch) -> None:
        self._bank, self._steps, self._watch = bank, steps, watch
        self._total = sum(count * records for added in steps.growth for count, records in added)
        more = len(steps.growth) * steps.single + steps.threads * steps.each + steps.idle
        self._turns = corpus.turns(place.real.texts, self._total + more, place.seed)
        self._records = self._appended = 0

    def step(self, number: int) -> dict[str, Any]:
        """Add what belongs to a step, and time single writes then."""
        began, before = perf_counter(), self._records
        for count, records in self._steps.growth[number]:
            for place in range(count):
                self._append(namespace_of(records, place), records)
        middle = perf_counter()
        self._bank.embed()
        embedded = perf_counter() - middle
        added = self._records - before
        singles = [self._timed(event) for event in self._take(self._steps.single)]
        self._bank.embed()
        with self._bank.database.read() as connection:
            parts = self._bank.database.dialect.parts(connection)
            size = self._bank.database.dialect.size(connection, None)
        return {
            "records": self._records,
            "bytes": sum(bytes_ for _, _, bytes_ in parts) or size,
            "append_per_s": added / (middle - began),
            "keep_vectors_per_s": added / embedded,
            "write_ms": milliseconds(singles, PERCENTILES),
            "parts": [{"table": table, "name": name, "bytes": bytes_} for table, name, bytes_ in parts],
        }

    def together(self) -> dict[str, Any]:
        """Writes a second by several threads at once, into one namespace."""
        events = [list(self._take(self._steps.each)) for _ in range(self._steps.threads)]

        def write(own: Sequence[Event]) -> None:
            for event in own:
                self._timed(event)

        threads = [Thread(target=write, args=(own,)) for own in events]
        began = perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {
            "threads": len(threads),
            "per_s": len(threads) * self._steps.each / (perf_counter() - began),
        }

    def idle(self) -> dict[str, Any]:
        """What namespaces take that hold one event each: bytes of their own rows, and a list of all."""
        for number, event in enumerate(self._take(self._steps.idle)):
            self._bank.store("episodic", (ROOT, "idle", f"user-{number}")).observe(event, embed=False)
            self._watch("idle namespaces", number + 1, self._steps.idle)
        began = perf_counter()
        found = len(self._bank.namespaces())
        listed = perf_counter() - began
        return {
            "namespaces": found,
            "bytes": self._named(),
            "listing_s": listed,
        }

    def _named(self) -> int:
        with self._bank.database.read() as connection:
            parts = self._bank.database.dialect.parts(connection)
        return sum(size for table, _, size in parts if table in NAMESPACE_TABLES)

    def _append(self, namespace: Namespace, records: int) -> None:
        store = self._bank.store("episodic", namespace)
        turns = self._take(records)
        while batch := list(islice(turns, AT_ONCE)):
            store.observe(*batch, embed=False)
            self._appended += len(batch)
            self._watch("appending", self._appended, self._total)

    def _take(self, count: int) -> Iterator[Event]:
        self._records += count
        return islice(self._turns, count)

    def _timed(self, event: Event) -> float:
        began = perf_counter()
        self._bank.store("episodic", (ROOT, "single")).observe(event, embed=False)
        return perf_counter() - began


def _copied(bank: Bank, target: Path) -> dict[str, float] | None:
    """Bytes a second of a copy; none of a server, which is copied by its own tools."""
    if bank.database.path is None:
        return None
    target.unlink(missing_ok=True)
    seconds = _seconds(lambda: bank.backup(target))
    size = target.stat().st_size
    target.unlink()
    return {"bytes": size, "bytes_per_s": size / seconds}


def _rewritten(bank: Bank) -> dict[str, float]:
    """Bytes a second of a rewrite of all tables and indexes."""
    seconds = _seconds(bank.scrub)
    with bank.database.read() as connection:
        size = bank.database.dialect.size(connection, bank.database.path)
    return {"bytes": size, "bytes_per_s": size / seconds}


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _asked(place: Place, at: Path | str, steps: Steps) -> dict[str, Any]:
    """What the probe is asked: the sizes, the smallest first, and whom of each."""
    sizes = sorted((records, count) for added in steps.growth for count, records in added)
    total = sum(records * count for records, count in sizes)
    need = 1 + len(sizes) * (steps.visited + steps.asked)
    questions = iter(corpus.questions(place.real.texts, need, place.seed, about=total))
    return {
        "vectors": str(corpus.vectors_file(place.folder)),
        "seed": place.seed,
        "bank": str(at),
        "warm": [(ROOT, "single"), next(questions)],
        "sizes": [
            {
                "records": records,
                "first": [
                    (namespace_of(records, number), next(questions))
                    for number in range(min(count, steps.visited))
                ],
                "again": [
                    (namespace_of(records, number % min(count, steps.visited)), next(questions))
                    for number in range(steps.asked)
                ],
            }
            for records, count in sizes
        ],
    }
