"""Single durable writes, beside the same rows in bare SQLite and this disk's fsync; and many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import islice
from threading import Barrier, Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem.bank import Bank
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.speed import banks, bare, corpus
from agentmem_bench.speed.disk import Disk
from agentmem_bench.speed.place import Place

if TYPE_CHECKING:
    from agentmem.records import Event
    from agentmem.stores.base import MemoryStore

WRITES, WARM = 500, 20
"""Writes that are measured, and those before them that are not."""
THREADS, EACH = 50, 20
"""Threads that write at once, and how many events each."""
PERCENTILES = (50, 99)


def measure(place: Place, watch: Watch = unwatched) -> dict[str, Any]:
    """Milliseconds of a write in each way, the ways taking turns; then writes a second by threads."""
    count = WARM + WRITES
    events = list(corpus.turns(place.real.texts, count + THREADS * EACH, place.seed))
    single, together = events[:count], events[count:]
    names = ("prepared", "agentmem", "rows", "one", "block")
    with banks.scratch(place, *names) as (prepared, own, same, one, block):
        with Bank(prepared, embedder=place.embedder) as bank:
            bank.store("episodic", banks.NAMESPACE).observe(*single, embed=False)
        rows = bare.rows_of(prepared)
        with (
            Bank(own, embedder=place.embedder) as bank,
            closing(bare.SameRows(same, prepared)) as same_rows,
            closing(bare.OneRow(one)) as one_row,
            closing(Disk(block)) as disk,
        ):
            store = bank.store("episodic", banks.NAMESPACE)
            ways: dict[str, Callable[[int], object]] = {
                "agentmem": lambda number: store.observe(single[number], embed=False),
                "same_rows": lambda number: same_rows.write(rows[number]),
                "one_row": lambda number: one_row.write(rows[number]),
                "fsync": lambda _: disk.write(),
            }
            seconds = _in_turn(ways, count, watch)
            several = _at_once(store, together)
    told = {name: milliseconds(values, PERCENTILES) for name, values in seconds.items()}
    return {
        "writes": WRITES,
        "bytes": round(sum(len(row.bytes) for row in rows) / len(rows)),
        "ms": told,
        "together": {"threads": THREADS, "writes": len(together), "per_s": round(several, 1)},
    }


def _in_turn(ways: dict[str, Callable[[int], object]], count: int, watch: Watch) -> dict[str, list[float]]:
    """Seconds of each way's writes; every way does the first, then every way the second, and so on."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(count):
        for name, way in ways.items():
            began = perf_counter()
            way(number)
            seconds[name].append(perf_counter() - began)
        watch("single writes", number + 1, count)
    return {name: values[WARM:] for name, values in seconds.items()}


def _at_once(store: MemoryStore, events: Sequence[Event]) -> float:
    """Writes a second of all threads together."""
    start = Barrier(THREADS + 1)
    kept: list[int] = []

    def write(own: Sequence[Event]) -> None:
        start.wait()
        for event in own:
            (receipt,) = store.observe(event, embed=False)
            kept.append(receipt.status == "stored")

    threads = [Thread(target=write, args=(list(islice(events, n, None, THREADS)),)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    start.wait()
    began = perf_counter()
    for thread in threads:
        thread.join()
    return sum(kept) / (perf_counter() - began)
