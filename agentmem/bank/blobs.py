"""Bytes by key beside the journal: caches, byte stores, and what expires by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from agentmem.bank.sources import Clock
from agentmem.db import blobs
from agentmem.db.blobs import Entry
from agentmem.db.database import Database
from agentmem.records import clean_text

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")


class Blobs:
    """The entries of one owner in a bank. No journal keeps what they were; nothing recalls them.

    Args:
        database: The bank's.
        owner: The name that keeps its entries apart from others'.
        clock: Tells the time.
    """

    def __init__(self, database: Database, owner: str, clock: Clock) -> None:
        self._database = database
        self._owner = clean_text(owner)
        self._clock = clock

    def get(self, keys: Iterable[str], *, expired: bool = False) -> dict[str, Entry]:
        """The entries of `keys` that are there, those that have `expired` only where they are wanted."""
        wanted = list(keys)
        if not wanted:
            return {}
        now = self._clock()
        with self._database.read() as connection:
            found = blobs.get(connection, self._owner, wanted)
        return {key: entry for key, entry in found.items() if expired or not _is_over(entry, now)}

    def put(self, entries: Mapping[str, bytes], expires_at: datetime | None = None) -> None:
        """Write entries, each in the place of an older one; on disk when this returns."""
        made = {clean_text(key): Entry(value, expires_at) for key, value in entries.items()}
        if made:
            self._write(lambda connection: blobs.put(connection, self._owner, made))

    def postpone(self, until: Mapping[str, datetime]) -> None:
        """Let entries stay until later; those that are gone stay gone."""
        if until:
            self._write(lambda connection: blobs.postpone(connection, self._owner, until))

    def remove(self, keys: Iterable[str] | None = None) -> int:
        """Delete entries, or all (none named); how many there were."""
        wanted = None if keys is None else list(keys)
        return self._write(lambda connection: blobs.remove(connection, self._owner, wanted))

    def keys(self, prefix: str = "") -> list[str]:
        """The keys that begin with `prefix` and have not expired, in order."""
        with self._database.read() as connection:
            return blobs.keys(connection, self._owner, clean_text(prefix), self._clock())

    def expired(self) -> dict[str, Entry]:
        """The entries that have expired and are still there."""
        with self._database.read() as connection:
            return blobs.expired(connection, self._owner, self._clock())

    def _write(self, work: Callable[[Connection], T]) -> T:
        return self._database.write(lambda transaction: work(transaction.connection))


def _is_over(entry: Entry, now: datetime) -> bool:
    return entry.expires_at is not None and entry.expires_at <= now
