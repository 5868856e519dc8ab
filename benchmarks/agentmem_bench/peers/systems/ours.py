"""agentmem's episodic memory, by its default pipeline or by a part of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from agentmem.bank.bank import Bank
from agentmem.records import Query, Record, spoken
from agentmem_bench.ingest import event_of
from agentmem_bench.peers.systems.base import Found, Place, System
from agentmem_bench.pipelines import PIPELINES

if TYPE_CHECKING:
    from agentmem.formats import Turn


class Episodic(System):
    """A bank of its own; a turn is an event with speaker, session and time, durable when `write` returns."""

    pipeline: ClassVar[str] = "full"
    """One of `PIPELINES`."""

    def __init__(self, place: Place) -> None:
        self._bank = Bank(place.folder / "bank.db", embedder=place.embedder, settings=place.settings)
        self._store = self._bank.store("episodic", ("talk",))
        self._numbers: dict[str, int] = {}

    def write(self, number: int, turn: Turn) -> None:
        """Observe an event."""
        (receipt,) = self._store.observe(event_of(turn))
        self._numbers[receipt.event_id] = number

    def search(self, text: str, k: int, at: datetime | None) -> list[Found]:
        """A recall."""
        query = Query(text=text, k=k, at=at).model_copy(update=dict(PIPELINES[self.pipeline]))
        return [self._found(hit.record) for hit in self._store.recall(query)]

    def held(self) -> Iterable[Found]:
        """All records."""
        return map(self._found, self._store.select())

    def _found(self, record: Record) -> Found:
        turns = [self._numbers[source] for source in record.sources]
        return Found(turns, spoken(record.actor, record.text))

    def close(self) -> None:
        """Close the bank."""
        self._bank.close()


class Words(Episodic):
    """BM25 alone, without a floor."""

    pipeline = "bm25"


class Dense(Episodic):
    """The exact cosine alone, without a floor."""

    pipeline = "dense"
