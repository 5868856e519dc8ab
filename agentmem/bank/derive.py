"""Interpreting what is pending: claim, interpret outside any transaction, append and apply the operations.

The event is safe whatever happens here: a store that fails, hangs or is killed leaves it pending.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from agentmem.bank import journal
from agentmem.bank.fold import Fold, rebuild
from agentmem.bank.protocol import Folding
from agentmem.db import events, pending
from agentmem.db.database import Transaction
from agentmem.errors import InvalidInput, NotApplicable, OverBudget
from agentmem.logs import fields, in_log, logger
from agentmem.records import Event, Later, Namespace
from agentmem.telemetry import count, operation

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank

log = logger(__name__)

AT_ONCE = 64
"""How many pending events one call of `interpret` gets, unless its store says otherwise."""
ATTEMPTS = 3
"""How often an event is interpreted anew, within one run, because its operations no longer applied."""
LEASE = timedelta(minutes=5)


class Failed(NamedTuple):
    """Why events could not be interpreted: as it is kept with them, and as the error that it was."""

    reason: str
    error: Exception


def derive(bank: Bank, namespace: Namespace, store: Folding) -> int:
    """Interpret what waits in `store`; how many operations came of it.

    A batch that fails is tried event by event, so that one that fails blocks no other. Where a budget has no
    room for the model, all wait until it opens: no event is at fault.
    """
    derived = 0
    owner = bank.new_id(bank.clock())
    while claimed := _claim(bank, namespace, store, owner):
        found: list[int | Later | Failed] = []
        try:
            found.append(_interpret(bank, namespace, store, owner, claimed))
            if isinstance(found[0], Failed) and len(claimed) > 1:
                failed, found = found[0], []
                for seq in claimed:
                    found.append(_interpret(bank, namespace, store, owner, [seq]))
                if all(isinstance(one, Later) for one in found):  # it takes them together or not at all
                    _tell(bank, store, claimed, failed)
        except OverBudget as error:
            _postpone(bank, namespace, store, owner, error)
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
) -> int | Later | Failed:
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
            with operation("interpret", store=store.shelf, events=len(observed), attempt=attempt) as work:
                operations = store.interpret(observed, view)
                work.set(operations=0 if isinstance(operations, Later) else len(operations))
            if bank.closed:  # the lease runs out, and whoever opens the bank next takes over
                return 0
            if isinstance(operations, Later):
                _give_back(bank, store, owner, seqs, "waiting")
                return operations
            return _apply(bank, namespace, store, owner, observed, operations)
        except NotApplicable as error:
            extra = {"store": store.shelf, "attempt": attempt, **fields(error)}
            log.info("%s: not applicable at attempt %d: %s", store.shelf, attempt, in_log(error), extra=extra)
            failed = Failed(f"not applicable: {error}", error)
        except OverBudget:
            raise
        except Exception as error:  # a store's code, a model's answer: whatever it raises, the event stays
            failed = Failed(f"{type(error).__name__}: {error}", error)
            break
    if len(seqs) == 1:
        extra = {"store": store.shelf, "events": 1, **fields(failed.error)}
        why = in_log(failed.error)
        log.warning("%s could not interpret an event, kept as failed: %s", store.shelf, why, extra=extra)
        _give_back(bank, store, owner, seqs, "failed", failed.reason)
    return failed


def _tell(bank: Bank, store: Folding, seqs: Sequence[int], failed: Failed) -> None:
    """Tell why events wait that failed together, and alone are too few."""
    extra = {"store": store.shelf, "events": len(seqs), **fields(failed.error)}
    why = in_log(failed.error)
    log.warning("%s could not interpret %d events, which wait: %s", store.shelf, len(seqs), why, extra=extra)
    if not bank.closed:
        bank.database.write(
            lambda tx: pending.give_back(tx.connection, store.shelf, seqs, "waiting", failed.reason)
        )


def _give_back(
    bank: Bank, store: Folding, owner: str, seqs: Sequence[int], state: str, error: str = ""
) -> None:
    if bank.closed:
        return
    bank.database.write(
        lambda tx: pending.give_back(tx.connection, store.shelf, seqs, state, error, owner=owner)
    )


def _postpone(bank: Bank, namespace: Namespace, store: Folding, owner: str, error: OverBudget) -> None:
    log.warning("%s waits: %s", store.shelf, in_log(error), extra={"store": store.shelf, **fields(error)})
    reason = f"{type(error).__name__}: {error}"
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

    def work(transaction: Transaction) -> tuple[int, int]:
        connection = transaction.connection
        held = pending.held(connection, store.shelf, owner, seqs)
        number = bank.number(transaction, namespace)
        live = events.known(connection, number, [event.id for event in observed])
        if any(live[event.id][2] != events.LIVE for event in observed):
            raise NotApplicable("an event left the journal while it was interpreted")
        if len(held) < len(seqs):
            return 0, 0
        appended = journal.append(transaction, number, drafts)
        journal.require_stored(appended.receipts)
        fold = Fold(transaction, number, store)
        fold.apply_all(appended.live)
        pending.finish(connection, store.shelf, seqs)
        return len(appended.new), fold.retired

    with operation("apply", store=store.shelf, operations=len(operations)):
        n, retired = bank.database.write(work)
    count("records.retired", retired, store=store.shelf)
    return n


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
