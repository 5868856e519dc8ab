"""Appending to the journal: complete the event, screen it, know a retry, write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from agentmem.bank.instructions import SUSPECTS, signs
from agentmem.bank.screen import screen_event
from agentmem.bank.sources import NewId
from agentmem.db import events
from agentmem.db.database import Transaction
from agentmem.errors import Conflict, InvalidInput, Refused
from agentmem.fence import without_fenced
from agentmem.records import Event, Namespace, Receipt, Trust, lowest

ScreenMode = Literal["keep", "redact", "refuse", "imported"]
RECALLED = "recalled memory"
"""What a receipt calls a fenced context that was taken out of an observed text."""


@dataclass(frozen=True)
class Draft:
    """An event that passed the screen.

    Attributes:
        event: It.
        redacted: What was masked in it.
        refused: Why it is not kept; empty: it is.
        signs: What makes it look like an instruction to the agent: from a tool or the web it is quarantined.
    """

    event: Event
    redacted: tuple[str, ...] = ()
    refused: str = ""
    signs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Appended:
    """What an append did: a receipt for each draft, and the events that are new."""

    receipts: list[Receipt]
    new: list[Event]

    @property
    def live(self) -> list[Event]:
        """The new ones that stores fold."""
        return [event for event in self.new if event.state == events.LIVE]


def draft(
    event: Event,
    namespace: Namespace,
    now: datetime,
    new_id: NewId,
    mode: ScreenMode,
    *,
    quarantine: bool = False,
) -> Draft:
    """Fill in what the caller left out, take out what memory itself wrote, and screen what was said.

    What is `imported` passed all that once, and stays as it is. With `quarantine` what may come from a tool
    or the web is searched for signs of an instruction.
    """
    if event.namespace and event.namespace != namespace:
        raise InvalidInput(
            f"event {event.id!r} is of namespace {'/'.join(event.namespace)!r}, not {'/'.join(namespace)!r}",
            "leave its namespace out, or observe it there",
        )
    found: tuple[str, ...] = ()
    if mode != "imported" and (own := without_fenced(event.text)) != event.text:
        found = (RECALLED,)
        event = event.altered({"text": own})
        if not own.strip() and not event.data:
            return Draft(event, found, "is text that memory itself recalled")
    if mode in ("redact", "refuse"):
        screened, kinds = screen_event(event)
        if kinds and mode == "refuse":
            return Draft(event, (*found, *kinds), f"holds credentials ({', '.join(kinds)})")
        event, found = screened, (*found, *kinds)
    filled = {
        "id": event.id or new_id(now),
        "namespace": namespace,
        "time": event.time or now,
        "recorded_at": event.recorded_at or now,
    }
    may_be_suspect = quarantine and (event.trust in SUSPECTS or bool(event.caused_by))
    return Draft(event.altered(filled), found, signs=signs(event) if may_be_suspect else ())


def append(transaction: Transaction, number: int, drafts: Sequence[Draft]) -> Appended:
    """Write the drafts that are new; a retry of a known one is a duplicate, a forgotten one stays so.

    Raises:
        Conflict: an id is known with another content. Nothing is written then.
        InvalidInput: an event is caused by one that is not in the journal.
    """
    connection = transaction.connection
    drafts = _with_trust_of_causes(transaction, number, _without_refused_causes(drafts))
    drafts = _quarantined(transaction, number, drafts)
    known = events.known(connection, number, [item.event.id for item in drafts if not item.refused])
    latest = events.last_recorded(connection, number)
    new: list[Event] = []
    digests: list[bytes | None] = []
    receipts: list[Receipt] = []
    for item in drafts:
        event = item.event
        if item.refused:
            receipts.append(
                Receipt(
                    event_id=event.id, seq=0, status="refused", redacted=item.redacted, reason=item.refused
                )
            )
            continue
        digest = None if event.emptied else events.digest(event)
        if event.id in known:
            receipts.append(_again(event, digest, known[event.id]))
            continue
        if latest is None or (event.recorded_at is not None and event.recorded_at > latest):
            latest = event.recorded_at  # never before the event before it
        event = event.altered({"seq": transaction.number(), "recorded_at": latest})
        known[event.id] = (event.seq, digest, event.state)
        new.append(event)
        digests.append(digest)
        receipts.append(
            Receipt(
                event_id=event.id,
                seq=event.seq,
                status="stored",
                redacted=item.redacted,
                quarantined=item.signs if event.state == events.QUARANTINED else (),
            )
        )
    events.write(connection, number, new, digests)
    return Appended(receipts, new)


def _again(event: Event, digest: bytes | None, kept: tuple[int, bytes | None, str]) -> Receipt:
    """The receipt of a retry. Of an event whose credentials were masked since, the original is one too."""
    seq, kept_digest, state = kept
    if state == events.FORGOTTEN:
        return Receipt(event_id=event.id, seq=seq, status="forgotten", reason="this event was forgotten")
    if state == events.ARCHIVED:
        reason = "this event is in an archive: import that to have it back"
        return Receipt(event_id=event.id, seq=seq, status="archived", reason=reason)
    if digest is not None and kept_digest not in (digest, events.digest(screen_event(event)[0])):
        raise Conflict(
            f"event id {event.id!r} is taken by another content",
            "events are immutable: give a new id, or correct it",
        )
    return Receipt(event_id=event.id, seq=seq, status="duplicate")


def restore(transaction: Transaction, number: int, read: Sequence[Event]) -> set[str]:
    """Let those of `read`, from an archive, that are archived here say again what they said; their ids.

    Raises:
        Conflict: one says what the archived event did not say. Nothing is written then.
    """
    connection = transaction.connection
    whole = {event.id: event for event in read if not event.emptied}
    known = events.known(connection, number, whole)
    back = [
        event.altered({"seq": known[id][0]})
        for id, event in whole.items()
        if id in known and known[id][2] == events.ARCHIVED
    ]
    for event in back:
        if known[event.id][1] not in (None, events.digest(event)):
            raise Conflict(
                f"event {event.id!r} of the archive is not what was archived",
                "import the file as `agentmem archive` wrote it",
            )
    events.refill(connection, number, back)
    return {event.id for event in back}


def _without_refused_causes(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, those refused too that one before them caused which was refused."""
    refused = {item.event.id for item in drafts if item.refused}
    if not refused:
        return list(drafts)
    told = list(drafts)
    for place, item in enumerate(drafts):
        gone = refused.intersection(item.event.caused_by)
        if gone and not item.refused:
            told[place] = replace(item, refused=f"is caused by {min(gone)!r}, which was refused")
            refused.add(item.event.id)
    return told


def _with_trust_of_causes(transaction: Transaction, number: int, drafts: Sequence[Draft]) -> list[Draft]:
    """What is caused by others is trusted no more than they are, through all that stands between.

    Raises:
        InvalidInput: a cause is not in the journal.
    """
    said = {item.event.id: item.event for item in drafts if not item.refused}
    causes = {cause for event in said.values() for cause in event.caused_by}
    if not causes:
        return list(drafts)
    kept = events.origins(transaction.connection, number, causes)
    missing = causes - set(kept) - set(said)
    if missing:
        raise InvalidInput(
            f"event is caused by {sorted(missing)[0]!r}, which is not in the journal",
            "append the cause first",
        )
    trust = {id: event.trust for id, event in said.items()} | {id: origin[0] for id, origin in kept.items()}
    lowered = True
    while lowered:
        lowered = False
        for event in said.values():
            found = lowest([trust[event.id], *(trust[cause] for cause in event.caused_by)])
            if event.id not in kept and found is not trust[event.id]:
                trust[event.id], lowered = found, True
    return [
        item
        if item.refused
        else replace(item, event=item.event.altered({"trust": _least(item.event, trust)}))
        for item in drafts
    ]


def _quarantined(transaction: Transaction, number: int, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts; those of a tool or the web that look like instructions, and what they caused, are apart.

    What was approved may be said again by what it caused.
    """
    causes = {cause for item in drafts for cause in item.event.caused_by}
    kept = events.known(transaction.connection, number, causes) if causes else {}
    apart = {id for id, (_, _, state) in kept.items() if state == events.QUARANTINED}
    told = list(drafts)
    for place, item in enumerate(drafts):
        shown = item.signs if item.event.trust in SUSPECTS else ()
        if shown and item.event.caused_by:
            said = events.by_ids(transaction.connection, number, item.event.caused_by)
            approved = {sign for event in said if event.state == events.LIVE for sign in signs(event)}
            shown = tuple(sign for sign in shown if sign not in approved)
        if caused := apart.intersection(item.event.caused_by):
            shown = (*shown, f"is caused by {min(caused)!r}, which is quarantined")
        if shown and not item.refused and item.event.state == events.LIVE:
            told[place] = replace(item, event=item.event.altered({"state": events.QUARANTINED}), signs=shown)
            apart.add(item.event.id)
    return told


def _least(event: Event, trust: Mapping[str, Trust]) -> Trust:
    return lowest([event.trust, *(trust[cause] for cause in event.caused_by)])


def require_stored(receipts: Iterable[Receipt]) -> None:
    """Raise where an operation was not kept.

    Raises:
        Refused: the screen refused it.
    """
    for receipt in receipts:
        if receipt.status == "refused":
            raise Refused(
                f"operation {receipt.event_id!r} was refused: it {receipt.reason}", "remove the credential"
            )
