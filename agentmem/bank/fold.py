"""The fold: events applied to record versions and links, inside a write transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from agentmem.bank.protocol import Folding
from agentmem.bank.view import ApplyView
from agentmem.db import attached, events, links, pending, records, vectors
from agentmem.db.database import Savepoint, Transaction
from agentmem.db.versions import EPISODIC
from agentmem.errors import InvalidInput, NotApplicable, Refused
from agentmem.logs import fields, in_log, logger
from agentmem.records import ChangeSet, Event, Record, State, lowest

log = logger(__name__)


class Fold:
    """Applies events to one store in one namespace; writes in batches, and before anything is read.

    Args:
        replaying: The events are of the past: their changes carry new `touched` numbers.
    """

    def __init__(
        self,
        transaction: Transaction,
        number: int,
        store: Folding,
        *,
        replaying: bool = False,
    ) -> None:
        self._transaction = transaction
        self._number = number
        self._store = store
        self._replaying = replaying
        self._waiting: list[tuple[Record, Event]] = []
        self._waiting_ids: set[str] = set()
        self.changed = 0
        self.retired = 0

    def apply(self, event: Event) -> None:
        """Apply one event.

        Raises:
            NotApplicable: it is about an id that no longer stands.
        """
        view = ApplyView(self._transaction.connection, self._settle, self._number, self._store.shelf, event)
        changes = self._store.fold(event, view)
        if changes.links or changes.unlinks:
            self._link(changes, event.seq)
        self._waiting += [(record, event) for record in changes.records]
        self._waiting_ids.update(record.id for record in changes.records)
        self.changed += len(changes.records)
        self.retired += sum(1 for record in changes.records if _leaves_recall(record))

    def apply_all(self, events: Iterable[Event]) -> None:
        """Apply events, and write what they change.

        Raises:
            NotApplicable: one is about an id that no longer stands.
        """
        for event in events:
            self.apply(event)
        self.flush()

    def attempt(self, event: Event) -> bool:
        """Apply an event of the past; whether it applied.

        What it was about, or what allowed it, may be forgotten. Where `apply` fails, the event is kept
        as failed in this store: the code of a store's author stops neither an import nor a forgetting.
        """
        try:
            self.apply(event)
        except (NotApplicable, Refused):
            return False
        except Exception as error:  # whatever an author's code raises
            if self._store.shelf == EPISODIC:  # what happened is not kept without its record
                raise
            _failed(self._transaction, self._number, self._store, [event], error)
            return False
        return True

    def _link(self, changes: ChangeSet, seq: int) -> None:
        connection = self._transaction.connection
        links.close(connection, self._number, changes.unlinks, seq)
        links.write(connection, self._number, self._store.shelf, changes.links, seq)

    def _settle(self, ids: Collection[str] | None) -> None:
        """Write what waits, before these ids are read, or (none) before anything is; else it waits on."""
        if ids is None or not self._waiting_ids.isdisjoint(ids):
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        self._waiting_ids.clear()
        connection, store = self._transaction.connection, self._store.shelf
        complete = self._complete(waiting)
        ids = {record.id for record, _ in waiting}
        known: dict[str, tuple[int | None, int]] = dict(records.current(connection, self._number, store, ids))
        touched_now = self._transaction.number() if self._replaying else None
        pieces: list[tuple[Record, Event, int | None]] = []
        ended: dict[int, list[int]] = {}
        for record, event, origin in complete:
            row, version = known.get(record.id, (None, 0))
            if row is None and version:
                self._write(pieces, touched_now)
                pieces = []
                row, version = records.current(connection, self._number, store, [record.id])[record.id]
            if row is not None:
                ended.setdefault(event.seq, []).append(row)
            known[record.id] = (None, version + 1)
            changed = {
                **origin,
                "version": version + 1,
                "namespace": event.namespace,
                "store": store,
                "from_seq": event.seq,
                "to_seq": None,
            }
            pieces.append((record.altered(changed), event, row))
        for seq, rows in ended.items():
            records.close(connection, rows, seq, touched_now or seq)
        self._write(pieces, touched_now)

    def _write(self, pieces: Sequence[tuple[Record, Event, int | None]], touched: int | None) -> None:
        records.write(
            self._transaction.connection,
            self._number,
            self._store.shelf,
            [record for record, _, _ in pieces],
            [event for _, event, _ in pieces],
            [touched or event.seq for _, event, _ in pieces],
            [before for _, _, before in pieces],
        )

    def _complete(
        self, waiting: Sequence[tuple[Record, Event]]
    ) -> list[tuple[Record, Event, dict[str, Any]]]:
        """Beside each record all its sources (what caused them too) and the trust that follows.

        An event is trusted no more than what caused it, since it was appended.
        """
        own = {event.id: (event.trust, list(event.caused_by)) for _, event in waiting}
        named = {source for record, _ in waiting for source in record.sources}
        origins = own | events.origins(self._transaction.connection, self._number, named - set(own))
        complete = []
        for record, event in waiting:
            sources: dict[str, None] = {}
            for source in record.sources or (event.id,):
                if source not in origins:
                    raise InvalidInput(
                        f"record {record.id!r} names the source {source!r}, which is not in the journal",
                        "sources are event ids",
                    )
                sources.update(dict.fromkeys([*origins[source][1], source]))
            trusts = {origins[source][0] for source in sources if source in origins}
            complete.append((record, event, {"sources": tuple(sources), "trust": lowest(list(trusts))}))
        return complete


def _leaves_recall(record: Record) -> bool:
    return record.state is not State.LIVE or record.valid_to is not None


class Folded(NamedTuple):
    """What came of events: how many record versions, how many failures, how many records that left recall."""

    changed: int = 0
    failed: int = 0
    retired: int = 0


def fold_new(transaction: Transaction, number: int, store: Folding, new: Sequence[Event]) -> Folded:
    """Apply events that were just appended.

    Where `apply` fails on an observation, the observation is kept, and pending as failed in this store.
    An operation that fails is an error for whoever asked for it.
    """
    fold = Fold(transaction, number, store)
    if store.shelf == EPISODIC:
        fold.apply_all(new)
        return Folded(fold.changed, retired=fold.retired)
    savepoint = Savepoint(transaction.connection)
    try:
        fold.apply_all(new)
    except Exception as error:  # the code of a store's author: whatever it raises, what happened is kept
        if any(event.store for event in new):
            raise
        savepoint.rollback()
        if len(new) > 1:
            each = [fold_new(transaction, number, store, [event]) for event in new]
            return Folded(*map(sum, zip(*each, strict=True)))
        _failed(transaction, number, store, new, error)
        return Folded(failed=1)
    savepoint.release()
    return Folded(fold.changed, retired=fold.retired)


def _failed(
    transaction: Transaction, number: int, store: Folding, events: Sequence[Event], error: Exception
) -> None:
    extra = {"store": store.shelf, "events": len(events), **fields(error)}
    log.warning("%s could not apply an event, kept as failed: %s", store.shelf, in_log(error), extra=extra)
    seqs = [event.seq for event in events]
    pending.add(transaction.connection, number, store.shelf, seqs)
    reason = f"apply: {type(error).__name__}: {error}"
    pending.give_back(transaction.connection, store.shelf, seqs, "failed", reason)


def rebuild(
    transaction: Transaction, number: int, store: Folding, *, without: Sequence[str] = ()
) -> list[Event]:
    """Make a store's records anew from the journal; the operations that no longer apply.

    Ids, versions and records come out as they were, since `apply` is deterministic.
    """
    connection = transaction.connection
    records.remove(connection, number, store.shelf)
    links.remove(connection, number, store.shelf)
    skipped = replay(transaction, number, store, without=without)
    attached.renew(connection, number, store.shelf, transaction.number())
    return skipped


def renew(transaction: Transaction, number: int, stores: Sequence[Folding]) -> int:
    """Rebuild `stores`, and delete the vectors that nothing refers to any more; how many went."""
    connection = transaction.connection
    digests: set[bytes] = set()
    for store in stores:
        digests |= vectors.digests_of_store(connection, number, store.shelf)
        rebuild(transaction, number, store)
    return vectors.erase(connection, vectors.unreferenced(connection, digests))


def replay(
    transaction: Transaction, number: int, store: Folding, *, without: Sequence[str] = ()
) -> list[Event]:
    """Fold the whole journal of a namespace into `store`; the operations that no longer apply."""
    fold = Fold(transaction, number, store, replaying=True)
    skipped = []
    left_out = set(without)
    for event in events.journal(transaction.connection, number, store=store.shelf):
        if event.id in left_out:
            continue
        if not fold.attempt(event):
            skipped.append(event)
    fold.flush()
    return skipped
