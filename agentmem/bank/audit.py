"""The audit: who corrected, erased, archived or released what, when and why; no word of what is gone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field, JsonValue

from agentmem.bank import archiving, exchange, forgetting, retention, reviewing, scanning
from agentmem.db import events
from agentmem.errors import InvalidInput
from agentmem.records import Event, Namespace, Trust, Value

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank

CORRECTIONS = ("correct", "retract", "undo")
"""The operations of all stores by which people change what is believed."""
TRACES = (
    forgetting.FORGET,
    scanning.REDACT,
    archiving.ARCHIVE,
    exchange.RESTORE,
    retention.SWEEP,
    reviewing.APPROVE,
    reviewing.REJECT,
)
"""The events that are left where something was erased, moved out or brought back, or was reviewed."""


class AuditEntry(Value):
    """One act that an audit lists.

    Attributes:
        seq: Its number: entries come newest first.
        recorded_at: When it was recorded.
        namespace: Where.
        act: What was done: correct, retract, undo, forget, redact, archive, sweep, …
        store: The store whose record it is about; `bank`: of all.
        event_id: The event that keeps it.
        actor: Who did it, where that was said.
        trust: How much that one is trusted.
        about: Ids of the records that it is about.
        why: The reason that was given.
        told: Of an erasure: how many events, operations and record versions; the archive's name.
    """

    seq: int
    recorded_at: datetime
    namespace: Namespace
    act: str
    store: str
    event_id: str
    actor: str = ""
    trust: Trust
    about: tuple[str, ...] = ()
    why: str = ""
    told: dict[str, JsonValue] = Field(default_factory=dict)


def audit(
    bank: Bank, namespace: Namespace, *, scope: str, before: int | None, limit: int
) -> list[AuditEntry]:
    """See `Bank.audit`."""
    if limit < 1:
        raise InvalidInput(f"a limit of {limit} asks for nothing", "give 1 or more")
    types = (*CORRECTIONS, *TRACES)
    with bank.database.read() as connection:
        found = [
            event
            for number in bank.numbers(namespace, scope)
            for event in events.operations(connection, number, types, before=before, limit=limit)
        ]
    newest = sorted(found, key=lambda event: event.seq, reverse=True)[:limit]
    return [_entry(event) for event in newest]


def _entry(event: Event) -> AuditEntry:
    is_trace = event.store == events.TRACE_STORE
    return AuditEntry(
        seq=event.seq,
        recorded_at=event.recorded_at or event.happened,
        namespace=event.namespace,
        act=event.type,
        store=event.store,
        event_id=event.id,
        actor=event.actor,
        trust=event.trust,
        about=event.about,
        why=str(event.data.get("why") or ""),
        told={name: value for name, value in event.data.items() if is_trace and name != "why"},
    )
