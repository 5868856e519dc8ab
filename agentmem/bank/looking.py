"""Looking through all that a bank holds, a page at a time; nothing is attached or written by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from agentmem.bank.observing import attached_specs
from agentmem.db import events, filters, pages, pending
from agentmem.errors import InvalidInput
from agentmem.filters import Filter
from agentmem.records import Event, Namespace, Pending, Record, Time, Trust, Value

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.stores.base import MemoryStore

Item = TypeVar("Item")
BETWEEN = ":"
"""Stands between the two halves of a mark."""


class Page(Value, Generic[Item]):
    """One page.

    Attributes:
        items: What stands on it.
        next: What the next page begins behind; empty where this is the last one.
    """

    items: tuple[Item, ...] = ()
    next: str = ""


class Place(Value):
    """A namespace, counted.

    Attributes:
        namespace: It.
        observed: Observations, quarantined ones too.
        operations: Operations, alike.
        emptied: Events that are forgotten or archived.
        newest: When its newest event was recorded.
        bytes: Of the texts and data of its events.
        records: Current records by store.
    """

    namespace: Namespace
    observed: int
    operations: int
    emptied: int
    newest: Time | None
    bytes: int
    records: dict[str, int]


class Made(Value):
    """What became of an event.

    Attributes:
        records: Current records that have it as a source, some of them where they are many.
        caused: Events that it caused, operations among them.
    """

    records: tuple[Record, ...] = ()
    caused: tuple[Event, ...] = ()


EACH = 12
"""Records of one event that a page tells."""


def places(
    bank: Bank, prefix: Namespace | None = None, *, part: str = "", after: str = "", limit: int = 50
) -> Page[Place]:
    """Namespaces at and under `prefix` whose path holds `part`, by path, each counted."""
    with bank.database.read() as connection:
        found = pages.namespace_paths(connection, prefix, part, after, limit + 1)
        shown = found[:limit]
        numbers = [number for number, _, _ in shown]
        held = pages.holdings(connection, numbers) if numbers else {}
        counted = pages.counts(connection, numbers) if numbers else {}
    items = tuple(
        Place(namespace=namespace, records=counted[number], **vars(held[number]))
        for number, namespace, _ in shown
    )
    return Page(items=items, next=shown[-1][2] if len(found) > limit else "")


def journal(
    bank: Bank,
    namespace: Namespace,
    *,
    before: str = "",
    limit: int = 50,
    type: str = "",
    actor: str = "",
    session: str = "",
    trust: Trust | None = None,
    operations: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page[Event]:
    """Events, the last one appended first; operations and forgotten ones too.

    Args:
        bank: The bank.
        namespace: Of which namespace.
        before: Where the page begins: `next` of the one before.
        limit: How many.
        type: Only those of this type; empty: any.
        actor: Only those of this actor; empty: any.
        session: Only those of this session; empty: any.
        trust: Only those trusted so; none: any.
        operations: Only operations, or only observations; none: both.
        since: Only what happened then or later.
        until: Only what happened then or before.
    """
    number = _number(bank, namespace)
    if number is None:
        return Page()
    given = {"type": type, "actor": actor, "session": session, "trust": trust.value if trust else ""}
    with bank.database.read() as connection:
        found = pages.journal(
            connection,
            number,
            before=_whole(before) if before else None,
            limit=limit + 1,
            equal={name: value for name, value in given.items() if value},
            operations=operations,
            since=since,
            until=until,
        )
    shown = found[:limit]
    return Page(items=tuple(shown), next=str(shown[-1].seq) if len(found) > limit else "")


def records(
    bank: Bank,
    namespace: Namespace,
    store: str,
    filter: Filter | str | None = None,
    *,
    before: str = "",
    limit: int = 50,
) -> Page[Record]:
    """Current records of a store that pass `filter`, the one changed last first, whatever their state.

    Raises:
        InvalidFilter: `filter` does not parse.
    """
    number = _number(bank, namespace)
    if number is None:
        return Page()
    where = [] if filter is None else [filters.compile(filter)]
    with bank.database.read() as connection:
        mark = _mark(before)
        return _page(pages.records(connection, number, store, where, before=mark, limit=limit + 1), limit)


def retirements(bank: Bank, namespace: Namespace, *, before: str = "", limit: int = 50) -> Page[Record]:
    """The versions by which records left recall, newest first: as `Bank.changes`, however many there are."""
    number = _number(bank, namespace)
    if number is None:
        return Page()
    with bank.database.read() as connection:
        return _page(pages.retirements(connection, number, before=_mark(before), limit=limit + 1), limit)


def waiting(
    bank: Bank, namespace: Namespace, *, shelf: str | None = None, after: str = "", limit: int = 50
) -> Page[Pending]:
    """What stores (or the one of a shelf) have not interpreted yet, in the order of the journal."""
    number = _number(bank, namespace)
    if number is None:
        return Page()
    seq, _, store = after.partition(BETWEEN)
    with bank.database.read() as connection:
        found = pending.page(connection, number, (_whole(seq), store) if after else None, limit + 1, shelf)
    shown = found[:limit]
    last = f"{shown[-1][0][0]}{BETWEEN}{shown[-1][0][1]}" if len(found) > limit else ""
    return Page(items=tuple(item for _, item in shown), next=last)


def waiting_of(bank: Bank, event: Event) -> list[Pending]:
    """The stores that have not interpreted an event yet."""
    number = _number(bank, event.namespace)
    if number is None:
        return []
    with bank.database.read() as connection:
        return pending.listed(connection, [number], seqs=[event.seq])


def made_of(bank: Bank, namespace: Namespace, those: Sequence[Event]) -> dict[str, Made]:
    """What became of events, by id, in a few statements for all of them."""
    number = _number(bank, namespace)
    ids = [event.id for event in those]
    if number is None or not ids:
        return {}
    with bank.database.read() as connection:
        held = pages.made_of(connection, number, ids, EACH)
        caused = events.caused_by(connection, number, ids)
        there = {
            event.id: event
            for event in events.by_ids(connection, number, {id for some in caused.values() for id in some})
        }
    return {
        id: Made(
            records=tuple(held.get(id, ())),
            caused=tuple(there[one] for one in caused.get(id, ()) if one in there),
        )
        for id in ids
    }


def versions_by(bank: Bank, event: Event, limit: int = 50) -> list[Record]:
    """The versions of records that one event made, of whatever store."""
    number = _number(bank, event.namespace)
    if number is None:
        return []
    with bank.database.read() as connection:
        return pages.made_at(connection, number, event.seq, limit)


def event_values(bank: Bank, namespace: Namespace, name: str, limit: int = 200) -> list[str]:
    """What events have as their `type`, `actor`, `session` or `store`, each once, in order."""
    number = _number(bank, namespace)
    if number is None:
        return []
    with bank.database.read() as connection:
        return pages.values(connection, number, name, limit)


def record_types(bank: Bank, namespace: Namespace, store: str, limit: int = 200) -> list[str]:
    """The types of a store's current records, each once, in order."""
    number = _number(bank, namespace)
    if number is None:
        return []
    with bank.database.read() as connection:
        return pages.record_types(connection, number, store, limit)


def stores(bank: Bank, namespace: Namespace) -> dict[str, MemoryStore]:
    """The stores that are attached to a namespace, by the name of their shelf, to be read; episodic first."""
    from agentmem.bank.spec import MemorySpec

    specs = {"episodic": MemorySpec(store="episodic")} | attached_specs(bank, namespace)
    return {name: bank.make_store(spec, namespace) for name, spec in specs.items()}


def _number(bank: Bank, namespace: Namespace) -> int | None:
    return next(iter(bank.numbers(namespace)), None)


def _page(found: Sequence[tuple[pages.Mark, Record]], limit: int) -> Page[Record]:
    shown = found[:limit]
    last = BETWEEN.join(map(str, shown[-1][0])) if len(found) > limit else ""
    return Page(items=tuple(record for _, record in shown), next=last)


def _mark(text: str) -> pages.Mark | None:
    if not text:
        return None
    seq, _, row = text.partition(BETWEEN)
    return _whole(seq), _whole(row)


LARGEST = 2**63 - 1


def _whole(text: str) -> int:
    """A number of a mark.

    Raises:
        InvalidInput: it is none.
    """
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > LARGEST:
        raise InvalidInput(f"a page cannot begin behind {text!r:.60}", "take `next` of the page before")
    return int(text)
