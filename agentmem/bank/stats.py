"""What a bank holds, counted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from agentmem.bank.directory import never_written
from agentmem.db import events, names, pending, records, sizes, vectors
from agentmem.records import Namespace, Value

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank


class Stats(Value):
    """What a bank, or one namespace of it, holds; sizes in bytes."""

    events: int
    operations: int
    quarantined: int
    archived: int
    forgotten: int
    records: dict[str, dict[str, int]]
    vectors: int
    waiting_for_vectors: int
    pending: dict[str, int]
    namespaces: int
    embedder: str | None
    bytes: int


class Growth(Value):
    """How much of the journal is of a namespace, or of a day; bytes of text and data in UTF-8."""

    events: int
    bytes: int
    namespace: Namespace | None = None
    day: date | None = None


def growth(bank: Bank, namespace: Namespace | None) -> list[Growth]:
    """See `Bank.growth`."""
    number = None
    if namespace is not None:
        number = next(iter(bank.numbers(namespace)), None)
        if number is None:
            raise never_written(namespace)
    with bank.database.read() as connection:
        days = [Growth(day=day, events=n, bytes=size) for day, n, size in sizes.by_day(connection, number)]
        held = sizes.by_namespace(connection) if number is None else {}
        known = names.every(connection)
    places = [Growth(namespace=known[one], events=n, bytes=size) for one, (n, size) in held.items()]
    return [*days, *sorted(places, key=lambda place: -place.bytes)]


def stats(bank: Bank, namespace: Namespace | None) -> Stats:
    """See `Bank.stats`."""
    numbers = bank.numbers(namespace) if namespace is not None else None
    if namespace is not None and not numbers:
        raise never_written(namespace)
    with bank.database.read() as connection:
        every = names.every(connection)
        counted = records.count(connection, numbers or sorted(every))
        kept: dict[str, dict[str, int]] = {}
        for (store, state), n in counted.items():
            kept.setdefault(store, {})[state] = n
        embedder = vectors.embedder_of(connection)
        journalled = events.count(connection, numbers[0] if numbers else None)
        held: dict[str, int] = {}
        for (_, state), n in pending.counts(connection, numbers).items():
            held[state] = held.get(state, 0) + n
        return Stats(
            **journalled,
            records=kept,
            vectors=vectors.count(connection),
            waiting_for_vectors=vectors.count_waiting(connection),
            pending=held,
            namespaces=len(every),
            embedder=embedder,
            bytes=bank.database.dialect.size(connection, bank.database.path),
        )
