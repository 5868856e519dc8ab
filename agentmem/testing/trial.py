"""A trial: what each check gets, a folder of its own and banks whose clock, ids and embedder are decided."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agentmem.bank import Bank, MemorySpec, registry
from agentmem.bank.sources import UuidV7
from agentmem.config import Settings
from agentmem.logs import logger
from agentmem.records import Event, Hit, Namespace, Trust
from agentmem.stores.base import MemoryStore
from agentmem.testing.capabilities import is_verbatim
from agentmem.testing.samples import TALK, dated

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOME: Namespace = ("conformance", "home")
SEED = 20_260_105
ALL = 500
"""More hits than a check's bank holds records."""


class HandClock:
    """A clock that stands until it is moved by hand."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The moment at which it stands."""
        return self.now

    def forward(self, **span: float) -> datetime:
        """Move it by a `timedelta` of `span`; the new moment."""
        self.now += timedelta(**span)
        return self.now


@dataclass(frozen=True)
class Subject:
    """The store that is held to its promises.

    Attributes:
        spec: Its name and options.
        samples: Events that it makes something of, with ids and times.
        embedder: The setting of the banks' embedder.
    """

    spec: MemorySpec
    samples: tuple[Event, ...]
    embedder: str = "hashing"

    @classmethod
    def of(
        cls,
        store: type[MemoryStore] | MemorySpec | str,
        samples: Sequence[Event | str] | None = None,
        embedder: str = "hashing",
    ) -> Subject:
        """A subject from a store's class, name or spec; without `samples`, a short talk."""
        return cls(registry.spec_of(store), dated(samples or TALK, START), embedder)

    @property
    def store_class(self) -> type[MemoryStore]:
        """The class of the store."""
        return registry.store_class(self.spec.store)


class Trial:
    """One check's world. Banks that it opens are closed with it.

    Args:
        subject: The store.
        folder: An empty folder.
    """

    def __init__(self, subject: Subject, folder: Path) -> None:
        self.subject = subject
        self.folder = folder
        self.clock = HandClock()
        self.random = random.Random(SEED)
        self.settings = Settings(embedder=subject.embedder, screen="redact", network=False)
        self._new_id = UuidV7(random.Random(SEED))
        self._banks: list[Bank] = []
        self._stated = 0

    @property
    def samples(self) -> tuple[Event, ...]:
        """Events that the store makes something of."""
        return self.subject.samples

    def bank(self, name: str = "bank") -> Bank:
        """The bank of that name in the trial's folder, opened anew."""
        bank = Bank(self.folder / f"{name}.db", settings=self.settings, clock=self.clock, new_id=self._new_id)
        self._banks.append(bank)
        return bank

    def store(self, bank: Bank | None = None, namespace: Namespace = HOME) -> MemoryStore:
        """The store over `namespace` of `bank`; none: of the trial's first."""
        return (bank or self.bank()).store(self.subject.spec, namespace)

    def close(self) -> None:
        """Close the banks."""
        for bank in self._banks:
            bank.close()

    @contextmanager
    def standing_in(self, other: type[MemoryStore]) -> Iterator[None]:
        """Let banks make `other` where the store's name is asked for; what it fails in is not logged."""
        own, log = self.subject.store_class, logger("agentmem.bank")
        level = log.level
        registry.register(other)
        log.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            log.setLevel(level)
            registry.register(own)

    def state(self, store: MemoryStore, text: str, trust: Trust = Trust.USER) -> str:
        """Let `store` remember `text`: observed where records are observations, else put; the record's id."""
        if is_verbatim(store):
            return store.observe(Event(text=text, trust=trust, actor="Ines"))[0].event_id
        self._stated += 1
        return put(store, f"stated.{self._stated}", text, trust)

    def state_all(self, store: MemoryStore, texts: Sequence[str]) -> None:
        """Let `store` remember `texts`, all in one call."""
        if is_verbatim(store):
            store.observe(*(Event(text=text, actor="Ines") for text in texts))
        else:
            said = [(f"listed.{n}", text) for n, text in enumerate(texts)]
            store.observe(
                *(Event(type="put", store=store.shelf, text=text, data={"key": key}) for key, text in said)
            )

    def show(self, store: MemoryStore) -> None:
        """Let `store` see the samples, and a value that is put, changed and corrected."""
        store.observe(*self.samples)
        put(store, "shown.colour", "The shed is painted grey.")
        self.clock.forward(days=1)
        shed = put(store, "shown.colour", "The shed is painted white.")
        store.put("shown.colour", "The shed is painted white.")
        store.correct(shed, "The shed is painted yellow.", why="seen by daylight", since=self.clock.now)
        self.clock.forward(days=1)


def put(store: MemoryStore, key: str, text: str, trust: Trust = Trust.USER) -> str:
    """Put `text` under `key`; the id of the record that says it."""
    store.put(key, text, trust=trust)
    found = [record for record in store.select(f'key = "{key}"', "newest") if record.text == text]
    return found[0].id


def recalled(store: MemoryStore, text: str, **changes: object) -> dict[str, Hit]:
    """All that `store` recalls for `text`, by id, without a floor."""
    changes = {"k": ALL, "floor": False, **changes}
    return {hit.id: hit for hit in store.recall(text, **changes)}
