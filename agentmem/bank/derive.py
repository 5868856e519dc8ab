"""Interpreting what is pending: claim, interpret outside any transaction, append and apply the operations.

The event is safe whatever happens here: a store that fails, hangs or is killed leaves it pending.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from agentmem.bank import journal
from agentmem.bank.fold import Fold
from agentmem.bank.protocol import Folding
from agentmem.db import events, pending
from agentmem.db.database import Transaction
from agentmem.errors import InvalidInput, NotApplicable
from agentmem.records import Event, Later, Namespace

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank

log = logging.getLogger(__name__)

AT_ONCE = 64
"""How many pending events one call of `interpret` gets."""
ATTEMPTS = 3
"""How often an event is interpreted anew, within one run, because its operations no longer applied."""
LEASE = timedelta(minutes=5)


def derive(bank: Bank, namespace: Namespace, store: Folding) -> int:
    """Interpret what waits in `store`; how many operations came of it.

    A batch that fails is tried event by event, so that one that fails blocks no other.
    """
    derived = 0
    owner = bank.new_id(bank.clock())
    seen: set[int] = set()
    while True:
        claimed = [seq for seq in _claim(bank, namespace, store, owner) if seq not in seen]
        if not claimed:
            return derived
        seen.update(claimed)
        found = _interpret(bank, namespace, store, owner, claimed)
        if found is None and len(claimed) > 1:
            found = sum(_interpret(bank, namespace, store, owner, [seq]) or 0 for seq in claimed)
        derived += found or 0


def _claim(bank: Bank, namespace: Namespace, store: Folding, owner: str) -> list[int]:
    now = bank.clock()

    def work(transaction: Transaction) -> list[int]:
        number = bank.number(transaction, namespace)
        return pending.claim(transaction.connection, number, store.shelf, owner, now, now + LEASE, AT_ONCE)

    return bank.database.write(work)


def _interpret(
    bank: Bank, namespace: Namespace, store: Folding, owner: str, seqs: Sequence[int]
) -> int | None:
    """Interpret the events `seqs`; how many operations, or none where it failed as a batch."""
    for attempt in range(1, ATTEMPTS + 1):
        observed = bank.events_of(namespace, seqs)
        view = bank.view(namespace, store=store.shelf)
        try:
            operations = store.interpret(observed, view)
        except Exception as error:  # a store's code, a model's answer: whatever it raises, the event stays
            _fail(bank, store, seqs, f"{type(error).__name__}: {error}")
            return None
        if isinstance(operations, Later):
            bank.database.write(lambda tx: pending.give_back(tx.connection, store.shelf, seqs, "waiting"))
            return 0
        try:
            return _apply(bank, namespace, store, owner, observed, operations)
        except NotApplicable as error:
            log.info("%s: not applicable at attempt %d: %s", store.shelf, attempt, error)
            reason = f"not applicable: {error}"
        except Exception as error:  # apply is the store's code too
            _fail(bank, store, seqs, f"{type(error).__name__}: {error}")
            return None
    _fail(bank, store, seqs, reason)
    return None


def _fail(bank: Bank, store: Folding, seqs: Sequence[int], error: str) -> None:
    log.warning("%s could not interpret %d event(s), kept as failed: %s", store.shelf, len(seqs), error)
    bank.database.write(lambda tx: pending.give_back(tx.connection, store.shelf, seqs, "failed", error))


def _apply(
    bank: Bank,
    namespace: Namespace,
    store: Folding,
    owner: str,
    observed: Sequence[Event],
    operations: Sequence[Event],
) -> int:
    """Append the operations and apply them on the latest state, in one transaction.

    Where the lease was lost meanwhile, or an event forgotten, nothing is written for it.
    """
    drafts = [_draft(bank, namespace, store, observed, operation) for operation in operations]
    seqs = [event.seq for event in observed]

    def work(transaction: Transaction) -> int:
        connection = transaction.connection
        held = pending.held(connection, store.shelf, owner, seqs)
        number = bank.number(transaction, namespace)
        live = events.known(connection, number, [event.id for event in observed])
        if len(held) < len(seqs) or any(live[event.id][2] == events.FORGOTTEN for event in observed):
            return 0
        appended = journal.append(transaction, number, drafts)
        fold = Fold(bank.database, transaction, number, store)
        for event in appended.new:
            fold.apply(event)
        fold.flush()
        pending.finish(connection, store.shelf, seqs)
        return len(appended.new)

    return bank.database.write(work)


def _draft(
    bank: Bank, namespace: Namespace, store: Folding, observed: Sequence[Event], operation: Event
) -> journal.Draft:
    """An operation takes the place in time of what caused it."""
    if operation.store not in ("", store.shelf):
        raise InvalidInput(
            f"{store.shelf!r} returned an operation on the store {operation.store!r}", "leave `store` out"
        )
    causes = operation.caused_by or tuple(event.id for event in observed)
    by_id = {event.id: event for event in observed}
    times = [by_id[cause].happened for cause in causes if cause in by_id]
    filled = {
        "store": store.shelf,
        "caused_by": causes,
        "time": operation.time or max(times, default=None),
        "recorded_at": None,
    }
    return bank.draft(operation.model_copy(update=filled), namespace)
