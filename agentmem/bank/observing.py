"""The write path: events into the journal, and into every store that is attached."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from agentmem.bank import derive, journal
from agentmem.bank.fold import fold_new, replay
from agentmem.db import attached, events, names, pending
from agentmem.db.database import Transaction
from agentmem.records import Event, Namespace, Receipt, clean_namespace

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.stores.base import MemoryStore


def attach(bank: Bank, store: MemoryStore, namespace: Namespace) -> None:
    """Attach `store` to `namespace` where it is not yet: it starts from the beginning of the journal."""
    with bank.database.read() as connection:
        number = names.find(connection, namespace)
        if number is not None and store.shelf in attached.specs(connection, number):
            return

    def work(transaction: Transaction) -> None:
        connection = transaction.connection
        number = names.make(connection, namespace)
        if store.shelf in attached.specs(connection, number):
            return
        attached.write(connection, number, store.shelf, store.spec.model_dump_json(), transaction.number())
        replay(bank.database, transaction, number, store)
        if store.interprets:
            past = events.journal(connection, number, observed_only=True)
            pending.add(connection, number, store.shelf, [event.seq for event in past])

    bank.database.write(work)


def observe(
    bank: Bank, namespace: Namespace, observed: Sequence[Event], *, wait: bool, embed: bool
) -> list[Receipt]:
    """See `Bank.append`."""
    namespace = clean_namespace(namespace)
    if embed:
        bank.library.refuse_mismatch()
    drafts = [bank.draft(event, namespace) for event in observed]
    by_name = bank.attached_by_name(namespace)
    stores = list(by_name.values())

    def work(transaction: Transaction) -> tuple[journal.Appended, int] | None:
        number = names.make(transaction.connection, namespace)
        if set(attached.specs(transaction.connection, number)) != set(by_name):
            return None
        appended = journal.append(transaction, number, drafts)
        changed = 0
        for store in stores:
            own = [event for event in appended.new if event.store in ("", store.shelf)]
            n = fold_new(bank.database, transaction, number, store, own)
            changed += 0 if store.shelf == "episodic" else n
            if store.interprets:
                seqs = [event.seq for event in own if not event.store]
                pending.add(transaction.connection, number, store.shelf, seqs)
        return appended, changed

    written = bank.database.write(work)
    while written is None:  # a store was attached meanwhile: it must not miss these events
        by_name = bank.attached_by_name(namespace)
        stores = list(by_name.values())
        written = bank.database.write(work)
    appended, changed = written
    interpreting = [store for store in stores if store.interprets]
    derived = changed
    if interpreting and appended.new:
        if wait:
            derived += sum(derive.derive(bank, namespace, store) for store in interpreting)
        else:
            for store in interpreting:
                bank.in_background(partial(derive.derive, bank, namespace, store))
    if embed and appended.new:
        bank.library.embed_soon()
    return _receipts(bank, appended, derived)


def _receipts(bank: Bank, appended: journal.Appended, derived: int) -> list[Receipt]:
    seqs = [event.seq for event in appended.new]
    waiting: dict[str, list[str]] = {}
    if seqs:
        with bank.database.read() as connection:
            for item in pending.listed(connection, None, seqs=seqs):
                waiting.setdefault(item.event_id, []).append(item.store)
    last = seqs[-1] if seqs else None
    return [
        receipt.model_copy(
            update={
                "pending": tuple(waiting.get(receipt.event_id, ())),
                "derived": derived if receipt.seq == last and receipt.status == "stored" else 0,
            }
        )
        for receipt in appended.receipts
    ]
