"""Interpreting what is pending: claim, interpret outside any transaction, append and apply the operations.

The event is safe whatever happens here: a store that fails, hangs or is killed leaves it pending.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from agentmem.bank import journal
from agentmem.bank.fold import Fold, rebuild
from agentmem.bank.protocol import Folding
from agentmem.db import events, pending
from agentmem.db.database import Transaction
from agentmem.errors import InvalidInput, NotApplicable, OverBudget
from agentmem.records import Event, Later, Namespace

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank

log = logging.getLogger(__name__)

AT_ONCE = 64
"""How many pending events one call of `interpret` gets, unless its store says otherwise."""
ATTEMPTS = 3
"""How often an event is interpreted anew, within one run, because its operations no longer applied."""
LEASE = timedelta(minutes=5)


def derive(bank: Bank, namespace: Namespace, store: Folding) -> int:
    """Interpret what waits in `store`; how many operations came of it.

    A batch that fails is tried event by event, so that one that fails blocks no other. Where a budget has no
    room for the model, all wait until it opens: no event is at fault.
    """
    derived = 0
    owner = bank.new_id(bank.clock())
    while claimed := _claim(bank, namespace, store, owner):
        found: list[int | Later | str] = []
        try:
            found.append(_interpret(bank, namespace, store, owner, claimed))
            if isinstance(found[0], str) and len(claimed) > 1:
                reason, found = found[0], []
                for seq in claimed:
                    found.append(_interpret(bank, namespace, store, owner, [seq]))
                if all(isinstance(one, Later) for one in found):  # it takes them together or not at all
                    _tell(bank, store, claimed, reason)
        except OverBudget as error:
            _postpone(bank, namespace, store, owner, f"{type(error).__name__}: {error}")
            found.append(Later())
        derived += sum(one for one in found if isinstance(one, int))
        if any(isinstance(one, Later) for one in found) or len(claimed) < store.at_once:
            break  # what comes meanwhile, those who append it derive
    return derived


def again(bank: Bank, namespace: Namespace, store: Folding) -> None:
    """Try anew what waits in `store`: interpret it, or apply it where that is all the store does."""
    if store.interprets:
        derive(bank, namespace, store)
        return

    def work(transaction: Transaction) -> None:
        connection = transaction.connection
        number = bank.number(transaction, namespace)
        waiting = pending.waiting(connection, number, store.shelf)
        if waiting:
            pending.finish(connection, store.shelf, waiting)
            rebuild(transaction, number, store)

    bank.database.write(work)


def _claim(bank: Bank, namespace: Namespace, store: Folding, owner: str) -> list[int]:
    now = bank.clock()

    def work(transaction: Transaction) -> list[int]:
        number = bank.number(transaction, namespace)
        return pending.claim(
            transaction.connection, number, store.shelf, owner, now, now + LEASE, store.at_once
        )

    return bank.database.write(work)


def _interpret(
    bank: Bank, namespace: Namespace, store: Folding, owner: str, seqs: Sequence[int]
) -> int | Later | str:
    """Interpret the events `seqs`; how many operations, `Later`, or why it failed.

    Several that fail together are still claimed, to be tried one by one: only alone an event has failed.

    Raises:
        OverBudget: the store asked a model for which a budget has no room; the events are still claimed.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            view = bank.view(namespace, store=store.shelf)
            observed = list(view.events_at(seqs).values())
            if not observed:
                return 0
            operations = store.interpret(observed, view)
            if bank.closed:  # the lease runs out, and whoever opens the bank next takes over
                return 0
            if isinstance(operations, Later):
                _give_back(bank, store, owner, seqs, "waiting")
                return operations
            return _apply(bank, namespace, store, owner, observed, operations)
        except NotApplicable as error:
            log.info("%s: not applicable at attempt %d: %s", store.shelf, attempt, error)
            reason = f"not applicable: {error}"
        except OverBudget:
            raise
        except Exception as error:  # a store's code, a model's answer: whatever it raises, the event stays
            reason = f"{type(error).__name__}: {error}"
            break
    if len(seqs) == 1:
        log.warning("%s could not interpret an event, kept as failed: %s", store.shelf, reason)
        _give_back(bank, store, owner, seqs, "failed", reason)
    return reason


def _tell(bank: Bank, store: Folding, seqs: Sequence[int], reason: str) -> None:
    """Tell why events wait that failed together, and alone are too few."""
    log.warning("%s could not interpret %d events, which wait: %s", store.shelf, len(seqs), reason)
    if not bank.closed:
        bank.database.write(lambda tx: pending.give_back(tx.connection, store.shelf, seqs, "waiting", reason))


def _give_back(
    bank: Bank, store: Folding, owner: str, seqs: Sequence[int], state: str, error: str = ""
) -> None:
    if bank.closed:
        return
    bank.database.write(
        lambda tx: pending.give_back(tx.connection, store.shelf, seqs, state, error, owner=owner)
    )


def _postpone(bank: Bank, namespace: Namespace, store: Folding, owner: str, reason: str) -> None:
    log.warning("%s waits: %s", store.shelf, reason)
    if bank.closed:
        return

    def work(transaction: Transaction) -> None:
        number = bank.number(transaction, namespace)
        pending.postpone(transaction.connection, number, store.shelf, owner, reason)

    bank.database.write(work)


def _apply(
    bank: Bank,
    namespace: Namespace,
    store: Folding,
    owner: str,
    observed: Sequence[Event],
    operations: Sequence[Event],
) -> int:
    """Append the operations and apply them on the latest state, in one transaction.

    Where the lease was lost meanwhile, nothing is written.

    Raises:
        NotApplicable: an operation is about an id that no longer stands, or an event was forgotten meanwhile.
        Refused: the screen refused an operation.
    """
    drafts = [_draft(bank, namespace, store, observed, operation) for operation in operations]
    seqs = [event.seq for event in observed]

    def work(transaction: Transaction) -> int:
        connection = transaction.connection
        held = pending.held(connection, store.shelf, owner, seqs)
        number = bank.number(transaction, namespace)
        live = events.known(connection, number, [event.id for event in observed])
        if any(live[event.id][2] != events.LIVE for event in observed):
            raise NotApplicable("an event left the journal while it was interpreted")
        if len(held) < len(seqs):
            return 0
        appended = journal.append(transaction, number, drafts)
        journal.require_stored(appended.receipts)
        fold = Fold(transaction, number, store)
        fold.apply_all(appended.live)
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
