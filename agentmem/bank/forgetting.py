"""Forgetting: events, what they caused, and what was derived from them alone; then their bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import JsonValue

from agentmem.bank.directory import never_written
from agentmem.bank.fold import rebuild
from agentmem.db import events, links, names, pending, records, vectors, versions
from agentmem.db.database import Transaction
from agentmem.db.versions import EPISODIC
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import Event, Namespace, Trust, Value

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from agentmem.bank.bank import Bank
    from agentmem.bank.scanning import ScanReport
    from agentmem.stores.base import MemoryStore

Report = TypeVar("Report", "ErasureReport", "ScanReport")

FORGET = "forget"
REACHED = (events.LIVE, events.QUARANTINED, events.ARCHIVED)
"""The states of events that can be forgotten."""


class ErasureReport(Value):
    """What one forgetting did.

    Attributes:
        events: Ids of the observations that are emptied.
        operations: Ids of the operations that they caused, emptied too.
        records: How many record versions went.
        vectors: How many vectors went.
        rebuilt: Stores whose records were applied again without the events.
        reopened: Ids of events that shared an operation with a forgotten one: to be interpreted anew.
        still_about: Ids of operations that stand and were about what is gone (a correction, say).
        not_reached: What the scrub could not reach, in words; empty before it.
        archive: The file that they were written to before, where they were.
    """

    events: tuple[str, ...]
    operations: tuple[str, ...]
    records: int
    vectors: int
    rebuilt: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    still_about: tuple[str, ...] = ()
    not_reached: tuple[str, ...] = ()
    archive: str | None = None

    def counted(self) -> dict[str, int]:
        """How much it was, for a trace."""
        return {"events": len(self.events), "operations": len(self.operations), "records": self.records}


def forget(
    bank: Bank,
    namespace: Namespace,
    *,
    records: Iterable[str],
    events: Iterable[str],
    session: str | None,
    everything: bool,
) -> ErasureReport:
    """See `Bank.forget`."""
    record_ids, event_ids = list(records), list(events)
    if not (record_ids or event_ids or session is not None or everything):
        raise InvalidInput(
            "nothing was named to forget", "give records, events, a session, or everything=True"
        )
    if not bank.numbers(namespace):
        raise never_written(namespace)
    stores = {store.shelf: store for store in bank.attached(namespace)}

    def work(transaction: Transaction) -> ErasureReport:
        connection = transaction.connection
        number = names.make(connection, namespace)
        named = _named(connection, number, record_ids, event_ids, session, everything)
        report = take_out(transaction, number, closure(connection, number, named), stores)
        trace(bank, transaction, number, namespace, FORGET, report.counted())
        return report

    return done(bank, bank.database.write(work))


def take_out(
    transaction: Transaction,
    number: int,
    gone: Mapping[str, Event],
    stores: Mapping[str, MemoryStore],
    state: str = events.FORGOTTEN,
) -> ErasureReport:
    """Empty the events `gone`, and let no store hold what came from them alone."""
    connection = transaction.connection
    separate = {EPISODIC} | {name for name, store in stores.items() if store.separate}
    report, replayed, digests = _erase(transaction, number, gone, separate, state)
    for name in replayed & set(stores):
        rebuild(transaction, number, stores[name])
    loose = vectors.unreferenced(connection, digests)
    n = vectors.erase(connection, loose)
    for shelf, store in stores.items():
        if store.interprets:
            reopened = _events(connection, number, report.reopened)
            pending.add(connection, number, shelf, [one.seq for one in reopened if store.awaits(one)])
    return report.model_copy(update={"vectors": n, "rebuilt": tuple(sorted(replayed))})


def done(bank: Bank, report: ErasureReport) -> ErasureReport:
    """`report`, once the bank's caches know of it."""
    bank.library.forget_past()
    if report.rebuilt:
        bank.library.embed_soon()
    return report


def _named(
    connection: Connection,
    number: int,
    record_ids: list[str],
    event_ids: list[str],
    session: str | None,
    everything: bool,
) -> list[str]:
    """The events that are meant: those of the records are their sources, in all versions."""
    named = list(event_ids)
    known = events.known(connection, number, event_ids)
    missing = [id for id in event_ids if id not in known]
    known_versions = versions.by_ids(connection, [number], record_ids, None, unchecked=True)
    found = {record.id for _, record in known_versions}
    missing += [id for id in record_ids if id not in found]
    if missing:
        raise NotFound(
            f"there is no record or event {missing[0]!r} in this namespace", "look it up by `recall --json`"
        )
    named += [source for _, record in known_versions for source in record.sources]
    if session is not None or everything:
        of_session = events.ids_of(connection, number, None if everything else session)
        if not of_session and not everything:
            raise NotFound(f"there is no session {session!r} in this namespace")
        named += of_session
    return named


def closure(
    connection: Connection, number: int, named: Iterable[str], states: Collection[str] = REACHED
) -> dict[str, Event]:
    """The events among `named` that are in one of `states`, and all that they caused."""
    gone: dict[str, Event] = {}
    frontier = set(named)
    while frontier:
        found = [event for event in _events(connection, number, frontier) if event.state in states]
        found = [event for event in found if event.store != events.TRACE_STORE]
        gone.update((event.id, event) for event in found)
        caused = events.caused_by(connection, number, [event.id for event in found])
        frontier = {id for ids in caused.values() for id in ids} - set(gone)
    return gone


def _events(connection: Connection, number: int, ids: Iterable[str]) -> list[Event]:
    return events.by_ids(connection, number, list(ids), unchecked=True)  # a damaged one may be forgotten


def _erase(
    transaction: Transaction, number: int, gone: Mapping[str, Event], separate: Collection[str], state: str
) -> tuple[ErasureReport, set[str], set[bytes]]:
    """Empty the events and the rows that came from them alone; also stores to replay, and hashes.

    In `separate` stores a record that goes whole, and that nothing is linked with, leaves others as they are.
    """
    connection = transaction.connection
    sources = records.rows_from(connection, number, gone)
    covered = [row for row, ids in sources.items() if ids <= set(gone)]
    partly = set(sources) - set(covered)
    made = records.made_at(connection, number, [event.seq for event in gone.values()])
    going = versions.by_rows(connection, covered, unchecked=True).values()
    erased = {record.id for record in going}
    # What stands may be what it is because of what goes: then it is made anew. A keyed record of episodic
    # memory may have been what another one was an alternative to.
    replayed = (
        records.stores_of(connection, partly)
        | {store for row, store in made.items() if row not in set(covered)}
        | records.stores_of(connection, records.other_versions(connection, number, covered))
        | links.stores_touching(connection, number, erased)
        | {record.store for record in going if record.key is not None and record.store == EPISODIC}
        | records.stores_of(connection, covered).difference(separate)
        | {event.store for event in gone.values() if event.store}.difference(separate)  # links alone, perhaps
    )
    digests = vectors.digests_of(connection, sources).union(
        *(vectors.digests_of_store(connection, number, store) for store in replayed)
    )
    standing = {record.id for record in versions.by_rows(connection, partly, unchecked=True).values()}
    links.erase(connection, number, [*(erased - standing), *gone])
    records.erase(connection, covered, transaction.number())
    seqs = [event.seq for event in gone.values()]
    others = {cause for event in gone.values() for cause in event.caused_by} - set(gone)
    still_about = events.about(connection, number, [*gone, *erased]) - set(gone)
    events.empty(connection, seqs, state)
    pending.erase(connection, seqs)
    report = ErasureReport(
        events=tuple(event.id for event in gone.values() if not event.store),
        operations=tuple(event.id for event in gone.values() if event.store),
        records=len(covered),
        vectors=0,
        reopened=tuple(event.id for event in _events(connection, number, others) if event.state == "live"),
        still_about=tuple(sorted(still_about)),
    )
    return report, replayed, digests


def trace(
    bank: Bank,
    transaction: Transaction,
    number: int,
    namespace: Namespace,
    type: str,
    told: Mapping[str, JsonValue],
) -> None:
    """Note in the journal that, when and how much was forgotten or masked; not what."""
    now = bank.clock()
    event = Event(
        id=bank.new_id(now),
        type=type,
        store=events.TRACE_STORE,
        trust=Trust.USER,
        time=now,
        recorded_at=max(now, events.last_recorded(transaction.connection, number) or now),
        namespace=namespace,
        seq=transaction.number(),
        data=dict(told),
    )
    events.write(transaction.connection, number, [event], [events.digest(event)])


def scrub(bank: Bank, wait_seconds: float) -> list[str]:
    """See `Bank.scrub`."""
    return bank.database.scrub(wait_seconds)


def scrubbed(bank: Bank, report: Report, wait_seconds: float) -> Report:
    """A report with what a scrub that is made now could not reach."""
    return report.altered({"not_reached": (*report.not_reached, *bank.scrub(wait_seconds))})
