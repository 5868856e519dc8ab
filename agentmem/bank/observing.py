"""The write path: events into the journal, and into every store that is attached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from agentmem import spending
from agentmem.bank import derive, journal
from agentmem.bank.fold import Folded, fold_new, replay
from agentmem.bank.spec import MemorySpec
from agentmem.db import attached, damage, events, names, pending
from agentmem.db.database import Transaction
from agentmem.db.versions import EPISODIC
from agentmem.errors import InvalidInput
from agentmem.records import Event, Namespace, Receipt, clean_namespace
from agentmem.telemetry import Idle, count, is_watched, operation, part

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.stores.base import MemoryStore


def as_attached(bank: Bank, spec: MemorySpec, namespace: Namespace) -> MemorySpec:
    """`spec`; where it names no options, with those under which the store is attached to `namespace`."""
    kept = None if spec.options else attached_specs(bank, namespace).get(spec.store)
    return kept if kept is not None and kept.store == spec.store else spec


def attached_specs(bank: Bank, namespace: Namespace) -> dict[str, MemorySpec]:
    """What is attached to `namespace`, by the name under which it is kept."""
    numbers = bank.numbers(namespace)
    with bank.database.read() as connection:
        specs = {
            name: spec for number in numbers for name, spec in attached.specs(connection, number).items()
        }
    with damage.reading("which stores are attached"):
        return {name: MemorySpec.model_validate_json(spec) for name, spec in specs.items()}


def _refuse_others(store: MemoryStore, kept: MemorySpec, namespace: Namespace) -> None:
    """What folds must be what is attached: refuse options that would be heeded by nobody.

    Raises:
        InvalidInput: `store` has others than it is attached with.
    """
    if kept.store != store.spec.store:
        return
    had = {name: kept.options.get(name, default) for name, default in store.options.items()}
    wanted = {name: store.option(name) for name in had if name not in store.read_options}
    differing = [name for name, value in wanted.items() if value != had[name]]
    if differing:
        told = [", ".join(f"{name}={values[name]!r}" for name in differing) for values in (had, wanted)]
        raise InvalidInput(
            f"store {kept.store!r} is attached to {'/'.join(namespace)!r} with {told[0]}, not with {told[1]}",
            "open it with those options or with none, or use another namespace",
        )


def attach(bank: Bank, store: MemoryStore, namespace: Namespace) -> None:
    """Attach `store` to `namespace` where it is not yet: it starts from the beginning of the journal.

    Raises:
        InvalidInput: it is attached with other options.
    """
    kept = attached_specs(bank, namespace).get(store.shelf)
    if kept is not None:
        _refuse_others(store, kept, namespace)
        return

    def work(transaction: Transaction) -> None:
        connection = transaction.connection
        number = names.make(connection, namespace)
        there = attached.specs(connection, number).get(store.shelf)
        if there is not None:
            _refuse_others(store, MemorySpec.model_validate_json(there), namespace)
            return
        attached.write(connection, number, store.shelf, store.spec.model_dump_json(), transaction.number())
        replay(transaction, number, store)
        if store.interprets:
            past = events.journal(connection, number, observed_only=True)
            pending.add(connection, number, store.shelf, [one.seq for one in past if store.awaits(one)])

    bank.database.write(work)


def observe(
    bank: Bank, namespace: Namespace, observed: Sequence[Event], *, wait: bool, embed: bool
) -> list[Receipt]:
    """See `Bank.append`."""
    namespace = clean_namespace(namespace)
    told = bank.told_namespace(namespace)
    with operation("observe", events=len(observed), wait=wait, namespace=told) as work:
        receipts = _observe(bank, namespace, observed, wait=wait, embed=embed)
        if is_watched():
            _tell(work, receipts)
    return receipts


def _tell(work: Idle, receipts: Sequence[Receipt]) -> None:
    by_status: Counter[str] = Counter(receipt.status for receipt in receipts)
    redacted = sum(1 for receipt in receipts if receipt.redacted)
    work.set(
        **by_status,
        redacted=redacted,
        derived=sum(receipt.derived for receipt in receipts),
        pending=sum(1 for receipt in receipts if receipt.pending),
    )
    for status, n in by_status.items():
        count("events", n, status=status)
    count("events.redacted", redacted)


def _observe(
    bank: Bank, namespace: Namespace, observed: Sequence[Event], *, wait: bool, embed: bool
) -> list[Receipt]:
    if embed:
        bank.library.refuse_mismatch()
    drafts = [bank.draft(event, namespace) for event in observed]
    by_name = bank.attached_lately(namespace)
    stores = list(by_name.values())

    def work(transaction: Transaction) -> tuple[journal.Appended, dict[str, Folded]] | None:
        if embed:
            bank.library.refuse_other(transaction.connection)
        number = bank.number(transaction, namespace)
        if set(attached.specs(transaction.connection, number)) != set(by_name):
            return None
        appended = journal.append(transaction, number, drafts)
        folded: dict[str, Folded] = {}
        for store in stores:
            own = [event for event in appended.live if event.store in ("", store.shelf)]
            with part("append.fold", store=store.shelf):
                folded[store.shelf] = fold_new(transaction, number, store, own)
            if store.interprets:
                seqs = [event.seq for event in own if store.awaits(event)]
                pending.add(transaction.connection, number, store.shelf, seqs)
        return appended, folded

    with part("append"):
        written = bank.database.write(work)
        while written is None:  # a store was attached meanwhile: it must not miss these events
            by_name = bank.attached_by_name(namespace)
            stores = list(by_name.values())
            written = bank.database.write(work)
    appended, folded = written
    for name, one in folded.items():
        count("records.retired", one.retired, store=name)
    interpreting = [store for store in stores if store.interprets]
    derived = sum(one.changed for name, one in folded.items() if name != EPISODIC)
    spent = 0
    if interpreting and appended.new:
        if wait:
            with spending.counting() as tally:
                derived += sum(derive.derive(bank, namespace, store) for store in interpreting)
            spent = tally.tokens
        else:
            for store in interpreting:
                bank.in_background(partial(derive.derive, bank, namespace, store))
    if embed and appended.new:
        bank.library.embed_soon()
    may_wait = bool(interpreting) or any(one.failed for one in folded.values())
    return _receipts(bank, appended, derived, spent, may_wait=may_wait)


def _receipts(
    bank: Bank, appended: journal.Appended, derived: int, spent: int, *, may_wait: bool
) -> list[Receipt]:
    """The receipts of a call; what all its events together came to stands in the last one that was stored."""
    seqs = [event.seq for event in appended.new]
    waiting: dict[str, list[str]] = {}
    if seqs and may_wait:
        with bank.database.read() as connection:
            for item in pending.listed(connection, None, seqs=seqs):
                waiting.setdefault(item.event_id, []).append(item.store)
    last = seqs[-1] if seqs else None
    return [
        receipt.altered(
            {"pending": tuple(waiting.get(receipt.event_id, ()))}
            | (
                {"derived": derived, "tokens_spent": spent}
                if receipt.seq == last and receipt.status == "stored"
                else {}
            )
        )
        for receipt in appended.receipts
    ]
