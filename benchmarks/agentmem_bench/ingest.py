"""Conversations into a bank: every turn an event, vectors for all of them at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from agentmem.records import Event
from agentmem_bench.progress import Watch, unwatched

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.formats import Conversation, Turn
    from agentmem.stores.base import MemoryStore

BATCH = 1_000
"""Events in one `observe`."""


@dataclass(frozen=True)
class Ingested:
    """What it took, in seconds; an append is durable."""

    append_seconds: float
    embed_seconds: float


def remember(
    bank: Bank, stores: Sequence[MemoryStore], conversations: Sequence[Conversation], watch: Watch = unwatched
) -> Ingested:
    """Observe every conversation in its store, then embed the texts of all in batches."""
    began = perf_counter()
    for store, conversation in zip(stores, conversations, strict=True):
        events = events_of(conversation)
        for start in range(0, len(events), BATCH):
            store.observe(*events[start : start + BATCH], embed=False)
    appended = perf_counter()
    total = sum(len(conversation.turns) for conversation in conversations)
    done = 0

    def embedded(texts: int) -> None:
        nonlocal done
        done += texts
        watch("embedding", done, total)

    bank.library.embed_waiting(embedded)
    return Ingested(appended - began, perf_counter() - appended)


def events_of(conversation: Conversation) -> list[Event]:
    """The turns as they are observed; corrections that a turn states are left to who asks about them."""
    return [event_of(turn) for turn in conversation.turns]


def event_of(turn: Turn) -> Event:
    """A turn as it is observed."""
    return Event(
        id=turn.id,
        session=turn.session,
        time=turn.time,
        actor=turn.actor,
        trust=turn.trust,
        text=turn.text,
        data=turn.data,
    )
