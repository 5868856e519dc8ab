"""Scanning for credentials that were stored before the screen was on, and masking them where they stand.

This is the one thing beside forgetting that changes an event: it becomes what the screen would have kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from agentmem.bank import forgetting
from agentmem.bank.directory import never_written
from agentmem.bank.fold import renew
from agentmem.bank.screen import screen, screen_event
from agentmem.db import events, names, pending, records
from agentmem.records import Event, Namespace, Value

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.db.database import Transaction

REDACT = "redact"
"""The type of the event that is the trace of a masking."""
PAGE = 1_000
"""How many events are looked at in one read."""


class Finding(Value):
    """An event that holds credentials: which, and of what kinds; never the credentials.

    Attributes:
        namespace: Where it is.
        event_id: Its id.
        store: The store whose operation it is; empty for an observation.
        kinds: The kinds of credentials.
    """

    namespace: Namespace
    event_id: str
    store: str = ""
    kinds: tuple[str, ...]


class ScanReport(Value):
    """What a scan found, and what it did about it.

    Attributes:
        found: The events with credentials.
        masked: Whether they are masked by now.
        records: How many record versions came from them, and are made anew.
        vectors: How many vectors went.
        rebuilt: Stores whose records were applied again.
        not_reached: What the scrub could not reach, in words; empty before it.
    """

    found: tuple[Finding, ...]
    masked: bool = False
    records: int = 0
    vectors: int = 0
    rebuilt: tuple[str, ...] = ()
    not_reached: tuple[str, ...] = ()


def scan(bank: Bank, namespace: Namespace | None, *, fix: bool) -> ScanReport:
    """See `Bank.scan`."""
    if namespace is not None and not bank.numbers(namespace):
        raise never_written(namespace)
    places = [namespace] if namespace is not None else bank.namespaces()
    reports = [_scan(bank, place, fix) for place in places]
    if fix:
        bank.library.forget_past()
        bank.library.embed_soon()
    return ScanReport(
        found=tuple(one for report in reports for one in report.found),
        masked=fix,
        records=sum(report.records for report in reports),
        vectors=sum(report.vectors for report in reports),
        rebuilt=tuple(sorted({store for report in reports for store in report.rebuilt})),
    )


def _scan(bank: Bank, namespace: Namespace, fix: bool) -> ScanReport:
    found: list[Finding] = []
    seqs: list[int] = []
    for event, kinds in _holding(bank, namespace):
        seqs.append(event.seq)
        found.append(Finding(namespace=namespace, event_id=event.id, store=event.store, kinds=kinds))
    report = ScanReport(found=tuple(found))
    if not (fix and found):
        return report
    stores = bank.attached(namespace)

    def work(transaction: Transaction) -> ScanReport:
        connection = transaction.connection
        number = names.make(connection, namespace)
        masked = _mask(transaction, seqs)
        # What was observed goes to all stores, and what one makes of it may hang on any word.
        own = {event.store for event in masked}
        again = [store for store in stores if "" in own or store.shelf in own]
        touched = records.rows_from(connection, number, [event.id for event in masked])
        erased = renew(transaction, number, again)
        pending.reword(connection, [event.seq for event in masked], lambda error: screen(error).text)
        n = sum(1 for event in masked if not event.store)
        told = {"events": n, "operations": len(masked) - n, "records": len(touched)}
        forgetting.trace(bank, transaction, number, namespace, REDACT, told)
        return report.model_copy(
            update={
                "records": len(touched),
                "vectors": erased,
                "rebuilt": tuple(store.shelf for store in again),
            }
        )

    return bank.database.write(work)


def _holding(bank: Bank, namespace: Namespace) -> Iterator[tuple[Event, tuple[str, ...]]]:
    """The events that hold credentials, with their kinds; each page is a read of its own."""
    after = 0
    while True:
        with bank.database.read() as connection:
            number = names.find(connection, namespace)
            page = [] if number is None else events.journal(connection, number, after=after, limit=PAGE)
        if not page:
            return
        for event in page:
            kinds = () if event.store == events.TRACE_STORE else screen_event(event)[1]
            if kinds:
                yield event, kinds
        after = page[-1].seq


def _mask(transaction: Transaction, seqs: Sequence[int]) -> list[Event]:
    """Mask the events, of which some may be forgotten by now; those that are masked."""
    masked = [screen_event(event)[0] for event in events.by_seqs(transaction.connection, seqs)]
    events.reword(transaction.connection, masked)
    return masked
