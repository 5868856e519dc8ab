"""What was done to a forest, or to one node of it: the operations in the journal, told in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agentmem.bank.sources import record_id
from agentmem.bank.view import View
from agentmem.records import Event, Text, Trust, Value
from agentmem.stores.task.naming import titles
from agentmem.stores.task.operations import (
    PREFIX,
    Add,
    Complete,
    Depend,
    Fail,
    Merge,
    Operation,
    Replace,
    Rollback,
    Update,
    operation_of,
)
from agentmem.synthesis.render import inline


class Entry(Value):
    """One operation.

    Attributes:
        event_id: Of the event that carries it.
        seq: Its place in the journal.
        time: When it was said.
        actor: Who said so.
        session: In which session.
        trust: How much that is trusted.
        operation: What was done: `add`, `update`, `rollback`, ….
        node: The id of the node that it is about; none where there is none.
        title: That node's title now.
        what: What it says of it, in words.
        text: The piece of the utterance that was read so; empty where no utterance was.
        why: The reason.
        caused_by: Ids of the events that led to it.
    """

    event_id: Text
    seq: int
    time: datetime | None
    actor: Text = ""
    session: Text = ""
    trust: Trust = Trust.USER
    operation: Text
    node: Text | None = None
    title: Text = ""
    what: Text = ""
    text: Text = ""
    why: Text = ""
    caused_by: tuple[Text, ...] = ()


def log(view: View, node: str | None = None, after: int = 0, limit: int | None = None) -> list[Entry]:
    """The operations on a forest, oldest first.

    Args:
        view: The forest.
        node: Only those about this node, and the one that made it.
        after: Only those after this sequence number.
        limit: The newest so many.
    """
    if node is None:
        return entries(view, view.operations(after=after, limit=limit))
    about = {event.seq: event for event in view.operations([node], after)}
    changed = view.events_at({version.from_seq for version in view.versions([node])} - set(about))
    own = {seq: event for seq, event in changed.items() if event.store == view.store and seq > after}
    every = sorted((about | own).values(), key=lambda event: -event.seq)
    return entries(view, every[:limit])


def entries(view: View, operations: Sequence[Event]) -> list[Entry]:
    """Operations, the newest first, as entries, the oldest first."""
    made = {event.id: record_id(event.id, view.store, 0) for event in operations}
    named = titles(view, {*made.values(), *(id for event in operations for id in event.about)})
    told = []
    for event in reversed(operations):
        operation = operation_of(event)
        about = made[event.id] if isinstance(operation, Add) else next(iter(event.about), None)
        told.append(
            Entry(
                event_id=event.id,
                seq=event.seq,
                time=event.time,
                actor=event.actor,
                session=event.session,
                trust=event.trust,
                operation=event.type.removeprefix(PREFIX),
                node=about,
                title=named.get(about or "", ""),
                what=inline(event.text) if operation is None else words(operation, named),
                text="" if operation is None else event.text,
                why=str(event.data.get("why", "")) if operation is None else operation.why,
                caused_by=event.caused_by,
            )
        )
    return told


def words(operation: Operation, named: dict[str, str]) -> str:
    """What an operation says of the node it is about; `named` are titles by id."""

    def listed(ids: Sequence[str]) -> str:
        return ", ".join(named.get(id, id) for id in ids)

    parts: list[tuple[str, str | None]] = []
    match operation:
        case Add():
            parts = [("", operation.value), ("goal: ", operation.goal), ("under ", listed(operation.parents))]
            parts += [("needs ", listed(operation.depends_on))]
        case Update():
            parts = [("", operation.value), ("title: ", operation.slot), ("goal: ", operation.goal)]
            parts += [("output: ", operation.output)]
        case Rollback():
            parts = [("to ", operation.to or "the value before")]
        case Merge():
            parts = [("with ", listed([operation.duplicate] if operation.duplicate else []))]
            parts += [("also under ", listed(operation.parents)), ("also for ", operation.shared_with)]
        case Depend():
            parts = [("needs " if operation.holds else "no longer needs ", listed(operation.on))]
        case Complete() | Fail():
            parts = [("", operation.output)]
        case Replace():
            parts = [("by ", operation.slot), ("", operation.value), ("goal: ", operation.goal)]
    return "; ".join(inline(head + text) for head, text in parts if text)
