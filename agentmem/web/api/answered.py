"""What is answered over HTTP: the keys that the command line answers with `--json`, but for `schema`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agentmem.bank.forgetting import ErasureReport
from agentmem.records import Context, Event, Explanation, Hit, Pending, Receipt, Record, Value, Version


class Answer(Value):
    """What all answers about a namespace hold.

    Attributes:
        namespace: The token's namespace, as the command line writes it.
    """

    namespace: str


class Problem(Value):
    """What went wrong.

    Attributes:
        error: What did, naming the thing and the value.
        remedy: What to do about it; left out where nothing helps.
    """

    error: str
    remedy: str = ""


class Health(Value):
    """That the server answers.

    Attributes:
        status: `ok`.
        version: Of agentmem.
    """

    status: Literal["ok"] = "ok"
    version: str


class Rights(Answer):
    """What the token is for.

    Attributes:
        write: Whether it may change the memory.
        prefix: Whether it may read the namespaces under its own.
        stores: The memories that may be asked; the first is asked where none is named.
    """

    write: bool
    prefix: bool
    stores: tuple[str, ...]


class Observed(Answer):
    """What became of events.

    Attributes:
        receipts: One for each event, in their order.
    """

    receipts: tuple[Receipt, ...]


class EventPage(Answer):
    """Observations, newest first.

    Attributes:
        events: The events.
        next: The cursor of the next page; null: there is none.
    """

    events: tuple[Event, ...]
    next: str | None


class OneEvent(Answer):
    """An event of the journal; a forgotten one is emptied.

    Attributes:
        event: The event.
    """

    event: Event


class Recalled(Answer):
    """What is relevant to a question.

    Attributes:
        query: The question.
        store: The memory that was asked.
        relevant: Whether there are hits.
        hits: Best first; the parts of a score sum to it.
    """

    query: str
    store: str
    relevant: bool
    hits: tuple[Hit, ...]


class Explained(Answer):
    """Why a record is recalled for a question, or which step drops it.

    Attributes:
        query: The question.
        store: The memory that was asked.
        explanation: The rank and parts of its score, or the step and its reason.
    """

    query: str
    store: str
    explanation: Explanation


class Synthesized(Answer):
    """Text for a prompt, within a budget of tokens.

    Attributes:
        query: The question.
        store: The memory that was asked.
        context: The text, what it costs, the records it shows, and what was left out.
    """

    query: str
    store: str
    context: Context


class RecordPage(Answer):
    """Records, whatever their state.

    Attributes:
        store: The store that holds them.
        records: The current versions, as they were when the first page was asked for.
        next: The cursor of the next page; null: there is none.
    """

    store: str
    records: tuple[Record, ...]
    next: str | None


class OneRecord(Answer):
    """A record.

    Attributes:
        record: Its current version, whatever its state.
    """

    record: Record


class History(Answer):
    """What a record said before, what it replaced, and what replaced it.

    Attributes:
        id: The record.
        versions: Oldest first.
    """

    id: str
    versions: tuple[Version, ...]


class Done(Answer):
    """What became of an operation.

    Attributes:
        receipt: Its receipt.
    """

    receipt: Receipt


class DoneByStore(Answer):
    """What became of an operation.

    Attributes:
        receipts: One for each store that it was about.
    """

    receipts: tuple[Receipt, ...]


class Corrected(Done):
    """What became of a correction.

    Attributes:
        id: The record that was corrected.
        superseded_by: Ids of the records that stand in its place.
        alternatives: Ids of the records that stand beside it, where trust did not suffice.
    """

    id: str
    superseded_by: tuple[str, ...]
    alternatives: tuple[str, ...]


class Retracted(DoneByStore):
    """What became of a retraction.

    Attributes:
        ids: The records.
    """

    ids: tuple[str, ...]


class Undone(Done):
    """What became of an undoing.

    Attributes:
        id: The record that stands again.
        record: The record as it is now.
        out_of_recall: Ids of the records that stood in its place and do so no more.
        alternatives: Ids of the records that stand beside it and say otherwise.
    """

    id: str
    record: Record
    out_of_recall: tuple[str, ...]
    alternatives: tuple[str, ...]


class Changed(Answer):
    """What left recall: superseded, retracted, faded.

    Attributes:
        changes: The versions by which they left, newest first.
        standing: Ids of those that stand again.
    """

    changes: tuple[Record, ...]
    standing: tuple[str, ...]


class StillPending(Answer):
    """What is not interpreted yet.

    Attributes:
        pending: Events, with the store that has not interpreted them.
    """

    pending: tuple[Pending, ...]


class Counts(Value):
    """What a namespace holds.

    Attributes:
        events: Observations.
        operations: Operations on stores.
        quarantined: Events that wait for review, out of recall.
        archived: Events that are in an archive.
        forgotten: Events that were erased.
        records: Records by store and state.
        pending: Events that a store has not interpreted yet, by state.
    """

    events: int = 0
    operations: int = 0
    quarantined: int = 0
    archived: int = 0
    forgotten: int = 0
    records: dict[str, dict[str, int]] = Field(default_factory=dict)
    pending: dict[str, int] = Field(default_factory=dict)


class Counted(Answer):
    """What the namespace holds.

    Attributes:
        stats: The counts.
    """

    stats: Counts


class Forgotten(Answer):
    """What was forgotten.

    Attributes:
        report: Which events, what went with them, and what the scrub could not reach.
    """

    report: ErasureReport
