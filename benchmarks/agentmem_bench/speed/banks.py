"""The banks that are measured, filled through `observe` as any other; what a kept folder holds stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

from agentmem.bank import Bank
from agentmem.records import spoken
from agentmem_bench.ingest import BATCH
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.speed import corpus
from agentmem_bench.speed.place import Place

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder
    from agentmem.records import Event, Namespace

NAMESPACE = ("bench",)
EACH = 100
"""Records of one of many namespaces."""

Fill: TypeAlias = Callable[[Bank], Iterator[int]]
"""Appends to a bank, and tells now and then of how many events."""


@dataclass(frozen=True)
class Filled:
    """A bank on disk, and what it took to fill it: the appends are durable, the vectors synthetic."""

    path: Path
    records: int
    append_seconds: float
    embed_seconds: float

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(file.stat().st_size for file in self.files)

    @property
    def files(self) -> list[Path]:
        """Its files."""
        return files_of(self.path)


def files_of(path: Path) -> list[Path]:
    """The files of the bank at `path` that are there."""
    files = [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm")]
    return [file for file in files if file.is_file()]


def remove(path: Path) -> None:
    """Remove the files of the bank at `path`, where there is one."""
    for file in files_of(path):
        file.unlink()


@contextmanager
def scratch(place: Place, *names: str) -> Iterator[list[Path]]:
    """Paths of banks, or other files, that are not there yet, and are removed in the end."""
    paths = [place.folder / f"scratch-{name}" for name in names]
    for path in paths:
        remove(path)
    try:
        yield paths
    finally:
        for path in paths:
            remove(path)


def one(place: Place, records: int, watch: Watch = unwatched) -> Filled:
    """A bank of one namespace."""
    fill = _in_one(_batches(corpus.turns(place.real.texts, records, place.seed), BATCH))
    return _filled(place, f"one-{records}", records, fill, watch, place.embedder)


def many(place: Place, namespaces: int, watch: Watch = unwatched) -> Filled:
    """A bank of many small namespaces, `namespace_of(0)` and so on."""
    records = namespaces * EACH

    def fill(bank: Bank) -> Iterator[int]:
        turns = corpus.turns(place.real.texts, records, place.seed)
        for number, batch in enumerate(_batches(turns, EACH)):
            bank.store("episodic", namespace_of(number)).observe(*batch, embed=False)
            yield len(batch)

    return _filled(place, f"many-{namespaces}", records, fill, watch, place.embedder)


def real(place: Place, records: int, embedder: Embedder, watch: Watch = unwatched) -> Filled:
    """A bank of one namespace with the vectors of a real embedder, no text twice."""
    fill = _in_one(distinct(place, records))
    return _filled(place, f"real-{records}", records, fill, watch, embedder)


def keep_real(place: Place, bank: Bank, records: int, seconds: float) -> None:
    """Keep a copy of a bank that was filled as `real` fills one, in `seconds`."""
    path = place.folder / f"real-{records}.db"
    remove(path)
    bank.backup(path)
    _tell(Filled(path, records, seconds, 0.0), [place.fingerprint, bank.library.embedder_key[0]])


def distinct(place: Place, records: int) -> Iterator[list[Event]]:
    """Turns in batches, none of which says the same as another: each costs an embedder its time."""
    seen: set[str] = set()
    batch: list[Event] = []
    # A tenth or so of all turns repeats another.
    for event in corpus.turns(place.real.texts, 2 * records, place.seed):
        said = spoken(event.actor, event.text)
        if said in seen:
            continue
        seen.add(said)
        batch.append(event)
        if len(batch) == BATCH or len(seen) == records:
            yield batch
            batch = []
        if len(seen) == records:
            return


def namespace_of(number: int) -> Namespace:
    """The name of one of many namespaces."""
    return (*NAMESPACE, f"user-{number}")


def _in_one(batches: Iterable[Sequence[Event]]) -> Fill:
    def fill(bank: Bank) -> Iterator[int]:
        store = bank.store("episodic", NAMESPACE)
        for batch in batches:
            store.observe(*batch, embed=False)
            yield len(batch)

    return fill


def _batches(events: Iterable[Event], size: int) -> Iterator[list[Event]]:
    iterator = iter(events)
    while batch := list(islice(iterator, size)):
        yield batch


def _filled(place: Place, name: str, records: int, fill: Fill, watch: Watch, embedder: Embedder) -> Filled:
    made_of = [place.fingerprint, embedder.name]
    path, told = place.folder / f"{name}.db", place.folder / f"{name}.json"
    if told.is_file():
        kept = json.loads(told.read_text(encoding="utf-8"))
        if kept.pop("made_of", None) == made_of and path.is_file():
            return Filled(path, **kept)
        told.unlink()
    remove(path)
    done = 0

    def embedded(texts: int) -> None:
        nonlocal done
        done += texts
        watch(f"embedding {name}", done, records)

    with Bank(path, embedder=embedder) as bank:
        began, appended = perf_counter(), 0
        for count in fill(bank):
            appended += count
            watch(f"appending {name}", appended, records)
        middle = perf_counter()
        bank.library.embed_waiting(embedded)
        filled = Filled(path, records, middle - began, perf_counter() - middle)
    _tell(filled, made_of)
    return filled


def _tell(filled: Filled, made_of: list[str]) -> None:
    """Write down that a bank is complete, and what it is made of."""
    kept = {name: value for name, value in asdict(filled).items() if name != "path"}
    told = json.dumps({"made_of": made_of, **kept})
    filled.path.with_suffix(".json").write_text(told, encoding="utf-8")
