"""Ingesting a conversation: turns in batches, corrections by operations, vectors at the end.

What is ingested twice is kept once: a turn without an id gets one that follows from its place and
content, and a correction gets one that follows from its turn.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from agentmem.bulk import Spread, in_process
from agentmem.errors import Conflict, NotApplicable
from agentmem.records import Event, Namespace, Receipt, Value

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.cli.progress import Told
    from agentmem.formats import Conversation, Turn

BATCH = 256
"""Turns that share one commit."""

TURN_IDS = UUID("3f8c1d0a-6c1b-5b52-9b0e-0f6d1f2c9a47")


class Ingested(Value):
    """What became of one conversation.

    Attributes:
        namespace: Where it was put.
        conversation: Its name in the file; empty where the file holds only one.
        format: The format that was detected.
        turns: Turns in the file.
        sessions: Sessions in the file.
        stored: Turns that are new.
        duplicates: Turns that were there already.
        redacted: New turns in which a credential was masked.
        refused: Turns that the screen refused.
        forgotten: Turns that were forgotten before, and stay so.
        corrections: Corrections applied now.
        not_applied: Turns whose correction does not apply: what it is about stands no more.
        warnings: What the reader of the format ignored.
        seconds: Time taken, vectors included.
    """

    namespace: Namespace
    conversation: str
    format: str
    turns: int
    sessions: int
    stored: int
    duplicates: int
    redacted: int
    refused: int
    forgotten: int
    corrections: int
    not_applied: tuple[str, ...]
    warnings: tuple[str, ...]
    seconds: float


@dataclass
class _Count:
    """The receipts of turns and corrections, and the corrections that did not apply."""

    turns: list[Receipt] = field(default_factory=list)
    corrections: list[Receipt] = field(default_factory=list)
    not_applied: list[str] = field(default_factory=list)

    def add(self, observed: Sequence[Event], receipts: Sequence[Receipt]) -> None:
        """Sort `receipts` by what they are for."""
        for event, receipt in zip(observed, receipts, strict=True):
            (self.corrections if event.store else self.turns).append(receipt)

    def has_refused_turn_of(self, event: Event) -> bool:
        """Whether `event` corrects by the turn that was observed last, and that one was refused."""
        return bool(event.store) and self.turns[-1].status == "refused"

    def status(self, status: str) -> int:
        """How many turns have this status."""
        return sum(receipt.status == status for receipt in self.turns)


def ingest(
    bank: Bank,
    namespace: Namespace,
    conversation: Conversation,
    *,
    as_recorded: bool = False,
    batch: int = BATCH,
    progress: Told | None = None,
    spread: Spread = in_process,
) -> Ingested:
    """Observe the turns of `conversation` in order, and apply what they say of earlier ones.

    Args:
        bank: The bank.
        namespace: Where it goes.
        conversation: As a reader of formats gives it.
        as_recorded: Whether each turn counts as recorded when it was said (so that `known_at` asks
            for what was known then), and not now.
        batch: Turns that share one commit.
        progress: Told how far it is.
        spread: Who embeds.

    Raises:
        Conflict: an id is known in this namespace with another content.
        Unavailable: the embedder cannot be reached; the turns are kept, and found by their words.
    """
    begun = time.perf_counter()
    count = _Count()
    turns = conversation.turns
    for start in range(0, len(turns), batch):
        some = turns[start : start + batch]
        observed = [
            event for place, turn in enumerate(some, start) for event in _events(turn, place, as_recorded)
        ]
        _observe(bank, namespace, observed, count)
        if progress is not None:
            progress("turns", len(some), len(turns))
    embed(bank, progress, spread)
    return Ingested(
        namespace=namespace,
        conversation=conversation.id,
        format=conversation.format,
        turns=len(turns),
        sessions=len({turn.session for turn in turns}),
        stored=count.status("stored"),
        duplicates=count.status("duplicate"),
        redacted=sum(bool(receipt.redacted) and receipt.status == "stored" for receipt in count.turns),
        refused=count.status("refused"),
        forgotten=count.status("forgotten"),
        corrections=sum(receipt.status == "stored" for receipt in count.corrections),
        not_applied=tuple(count.not_applied),
        warnings=conversation.warnings,
        seconds=round(time.perf_counter() - begun, 3),
    )


def embed(bank: Bank, progress: Told | None = None, spread: Spread = in_process) -> int:
    """Make the vectors that the bank still lacks; of how many texts.

    Raises:
        Unavailable: the embedder cannot be reached; what is done is kept.
    """
    return bank.embed(None if progress is None else partial(progress, "vectors"), spread)


def places(
    namespace: Namespace, conversations: Sequence[Conversation]
) -> Iterator[tuple[Namespace, Conversation]]:
    """Where each conversation of a file goes: one alone into `namespace`, several into one each under it."""
    for conversation in conversations:
        yield (namespace if len(conversations) == 1 else (*namespace, conversation.id)), conversation


def _events(turn: Turn, place: int, as_recorded: bool) -> Iterator[Event]:
    """The turn as an event, and the operation by which it corrects an earlier one."""
    said = Event(
        id=turn.id or turn_id(turn, place),
        session=turn.session,
        time=turn.time,
        recorded_at=turn.time if as_recorded else None,
        actor=turn.actor,
        trust=turn.trust,
        text=turn.text,
        data=turn.data,
    )
    yield said
    if turn.corrects is not None:
        since = turn.corrects.since
        given = {"why": turn.corrects.why, "since": since.isoformat() if since else None, "by": said.id}
        yield Event(
            id=f"{said.id}:corrects",
            type="correct",
            store="episodic",
            about=(turn.corrects.id,),
            caused_by=(said.id,),
            data={name: value for name, value in given.items() if value},
            session=turn.session,
            time=turn.time,
            recorded_at=said.recorded_at,
            actor=turn.actor,
            trust=turn.trust,
        )


def turn_id(turn: Turn, place: int) -> str:
    """The id of a turn that has none of its own: a function of its place and content."""
    said = [place, turn.session, turn.actor, turn.text, turn.data]
    return str(uuid5(TURN_IDS, json.dumps(said, ensure_ascii=False, sort_keys=True)))


def _observe(bank: Bank, namespace: Namespace, observed: Sequence[Event], count: _Count) -> None:
    """Observe a batch; where a correction in it does not apply, one event at a time."""
    store = bank.store("episodic", namespace)
    try:
        count.add(observed, store.observe(*observed, embed=False))
    except NotApplicable:
        if len(observed) > 1:
            for event in observed:
                if not count.has_refused_turn_of(event):
                    _observe(bank, namespace, [event], count)
        else:
            count.not_applied.append(observed[0].caused_by[0])
    except Conflict as error:
        raise Conflict(error.message, "ingest it into a namespace of its own: --namespace NAME") from error
