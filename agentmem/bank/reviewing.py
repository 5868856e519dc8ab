"""Review: what is quarantined is let into the stores, or forgotten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from pydantic import JsonValue

from agentmem.bank import archiving, derive, forgetting
from agentmem.bank.directory import never_written
from agentmem.bank.fold import renew
from agentmem.bank.instructions import SUSPECTS, signs
from agentmem.db import events, names, pending
from agentmem.db.events import QUARANTINED
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import Event, Namespace, Value

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from agentmem.bank.bank import Bank
    from agentmem.db.database import Transaction

APPROVE, REJECT = "approve", "reject"
"""The types of the events that are the traces of reviews."""


class Suspect(Value):
    """An event in quarantine.

    Attributes:
        event: It.
        signs: What makes it look like an instruction; none: it is there for what caused it.
    """

    event: Event
    signs: tuple[str, ...] = ()


class Review(Value):
    """What an approval did.

    Attributes:
        approved: Ids of the events that are live now, with those that were quarantined for them alone.
        rebuilt: Stores whose records were applied again.
        pending: How many events stores have still to interpret.
    """

    approved: tuple[str, ...]
    rebuilt: tuple[str, ...] = ()
    pending: int = 0


def quarantined(
    bank: Bank, namespace: Namespace, *, scope: str, after: int, limit: int | None
) -> list[Suspect]:
    """See `Bank.quarantined`."""
    if limit is not None and limit < 1:
        raise InvalidInput(f"a limit of {limit} asks for nothing", "give 1 or more")
    with bank.database.read() as connection:
        found = [
            event
            for number in bank.numbers(namespace, scope)
            for event in events.journal(connection, number, states=(QUARANTINED,), after=after, limit=limit)
        ]
    first = sorted(found, key=lambda event: event.seq)[:limit]
    return [Suspect(event=event, signs=_signs(event)) for event in first]


def suspect(bank: Bank, namespace: Namespace, id: str, *, scope: str) -> Suspect | None:
    """The event of this id, where it is in quarantine."""
    with bank.database.read() as connection:
        for number in bank.numbers(namespace, scope):
            for event in _waiting(connection, number, [id]):
                return Suspect(event=event, signs=_signs(event))
    return None


def approve(bank: Bank, namespace: Namespace, ids: Sequence[str], why: str) -> Review:
    """See `Bank.approve`."""
    if not bank.numbers(namespace):
        raise never_written(namespace)
    stores = bank.attached(namespace)

    def work(transaction: Transaction) -> Review:
        connection = transaction.connection
        number = names.make(connection, namespace)
        released = _with_effects(connection, number, _required(connection, number, ids))
        events.release(connection, [event.seq for event in released])
        renew(transaction, number, stores)
        for store in stores:
            if store.interprets:
                own = [event for event in released if event.store in ("", store.shelf)]
                pending.add(connection, number, store.shelf, [one.seq for one in own if store.awaits(one)])
        told: dict[str, JsonValue] = {"events": [event.id for event in released]}
        told |= {"why": why} if why else {}
        forgetting.trace(bank, transaction, number, namespace, APPROVE, told)
        return Review(
            approved=tuple(event.id for event in released), rebuilt=tuple(store.shelf for store in stores)
        )

    review = bank.database.write(work)
    bank.library.forget_past()
    for store in stores:
        if store.interprets:
            derive.derive(bank, namespace, store)
    bank.library.embed_soon()
    return review.model_copy(update={"pending": len(bank.pending(namespace))})


def reject(bank: Bank, namespace: Namespace, ids: Sequence[str], why: str) -> forgetting.ErasureReport:
    """See `Bank.reject`."""

    def choose(connection: Connection, number: int) -> Sequence[str]:
        return [event.id for event in _required(connection, number, ids)]

    return archiving.move_out(bank, namespace, choose, REJECT, why=why)


def _signs(event: Event) -> tuple[str, ...]:
    return signs(event) if event.trust in SUSPECTS else ()


def _required(connection: Connection, number: int, ids: Collection[str]) -> list[Event]:
    """The events of `ids`.

    Raises:
        NotFound: one is not quarantined.
    """
    found = _waiting(connection, number, ids)
    missing = set(ids) - {event.id for event in found}
    if missing or not found:
        raise NotFound(
            f"event {min(missing, default='')!r} is not in quarantine in this namespace",
            "see `agentmem review list`",
        )
    return found


def _waiting(connection: Connection, number: int, ids: Collection[str]) -> list[Event]:
    """Those of `ids` that are in quarantine."""
    return [event for event in events.by_ids(connection, number, list(ids)) if event.state == QUARANTINED]


def _with_effects(connection: Connection, number: int, approved: Sequence[Event]) -> list[Event]:
    """What is approved, and what is in quarantine for it alone: not for its words, nor for another cause."""
    released = {event.id: event for event in approved}
    newest = list(released)
    while newest:
        caused = events.caused_by(connection, number, newest)
        effects = [
            event
            for event in _waiting(connection, number, {id for ids in caused.values() for id in ids})
            if event.id not in released and not _signs(event)
        ]
        causes = {id for event in effects for id in event.caused_by} - released.keys()
        held = {event.id for event in _waiting(connection, number, causes)}
        freed = [event for event in effects if held.isdisjoint(event.caused_by)]
        released |= {event.id: event for event in freed}
        newest = [event.id for event in freed]
    return sorted(released.values(), key=lambda event: event.seq)
