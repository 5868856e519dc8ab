"""How a node is kept: the payload of its record, and the record that a content makes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import Field, ValidationError

from agentmem.bank.view import View
from agentmem.errors import InvalidInput, NotApplicable
from agentmem.records import Event, Record, State, Text, Trust, Value
from agentmem.stores.task.node import Node, Status

KINDS = ("task", "step")


class Content(Value):
    """The payload of a node's record.

    Attributes:
        slot: Title.
        goal: What it is for.
        value: What it is settled to.
        output: What came of it.
        status: Where it is in its life, but for `active`.
        active_in: The sessions that work on it.
        shared_with: Other undertakings that share it.
        trust: Of whoever settled the value.
        set_at: When the value was said.
        version: The version of the record in which the value was set; 0 where there was none.
        previous: Id and version of the record that held the value before it.
        by: Which event said what: by `made`, `slot`, `value`, `changed`, `settled`, `status`, ….
    """

    slot: Text
    goal: Text = ""
    value: Text | None = None
    output: Text = ""
    status: Status = Status.PENDING
    active_in: tuple[Text, ...] = ()
    shared_with: tuple[Text, ...] = ()
    trust: Trust = Trust.USER
    set_at: datetime | None = None
    version: int = 0
    previous: tuple[Text, int] | None = None
    by: dict[str, Text] = Field(default_factory=dict)

    @property
    def shown(self) -> Status:
        """Its status, `active` where a session works on it."""
        return Status.ACTIVE if self.active_in and self.status is Status.PENDING else self.status

    def told(self, event: Event, *what: str, **changes: Any) -> Content:
        """The same with `changes`, of which `event` said `what`."""
        return self.altered({**changes, "by": {**self.by, **dict.fromkeys(what, event.id)}})

    def valued(self, event: Event, value: str | None, version: int, previous: Record | None) -> Content:
        """The same with another value.

        Args:
            event: Who says so.
            value: The value; none opens it again.
            version: The version of the record that this makes.
            previous: The record as it was before; none: nothing comes before this value.
        """
        return self.told(
            event,
            "value",
            "changed",
            value=value,
            trust=event.trust,
            set_at=event.time,
            version=version,
            previous=None if previous is None else (previous.id, content_of(previous).version),
            status=Status.PENDING,
        )


def is_node(record: Record) -> bool:
    """Whether a record is a node: what stands on the shelf under a key was put there by somebody."""
    return record.type in KINDS and record.key is None and "slot" in record.payload


def content_of(record: Record) -> Content:
    """What the record of a node holds.

    Raises:
        InvalidInput: its payload is none of a node.
    """
    try:
        return Content.model_validate(record.payload)
    except ValidationError as error:
        raise InvalidInput(
            f"the payload of {record.id!r} is none of a task node: {error.errors()[0]['msg']}",
            "leave the payload of nodes to their operations",
        ) from error


def node_of(record: Record, content: Content | None = None) -> Node:
    """The node of a record; `content` where that was read from it already."""
    content = content or content_of(record)
    out_of_it = record.state is State.SUPERSEDED or record.valid_to is not None
    return Node(
        id=record.id,
        version=record.version,
        kind="task" if record.type == "task" else "step",
        slot=content.slot,
        goal=content.goal,
        value=content.value,
        output=content.output,
        status=Status.SUPERSEDED if out_of_it else content.shown,
        trust=content.trust,
        value_time=content.set_at,
        active_in=content.active_in if content.shown is Status.ACTIVE and not out_of_it else (),
        shared_with=content.shared_with,
        why=record.why,
        sources=record.sources,
    )


def worded(kind: str, content: Content) -> str:
    """What a node says, in words: what is searched, and shown where no tree is."""
    if kind == "task":
        head = f"Task: {content.slot}"
    else:
        head = f"{content.slot}: {content.value}" if content.value is not None else f"{content.slot} (open)"
    further = [
        f"{name}: {text}" for name, text in (("goal", content.goal), ("output", content.output)) if text
    ]
    return "; ".join([head, *further])


def record_of(id: str, kind: str, content: Content, event: Event, why: str = "") -> Record:
    """The record of a node, as `event` makes it."""
    text = worded(kind, content)
    return Record(
        id=id,
        type=kind,
        text=text,
        payload=content.model_dump(mode="json", exclude_defaults=True),
        sources=tuple(dict.fromkeys([*content.by.values(), event.id])),
        time=event.time,
        actor=event.actor,
        session=event.session,
        why=why,
        indexed={"text": text},
    )


def stands(record: Record) -> bool:
    """Whether a record is a node that is part of the forest now."""
    return is_node(record) and record.state is State.LIVE and record.valid_to is None


def standing(view: View, ids: Iterable[str]) -> list[Record]:
    """The records of nodes, in the order of `ids`.

    Raises:
        NotApplicable: one is no node, or does not stand any more.
    """
    found = nodes_among(view, ids)
    for record in found:
        if not stands(record):
            raise NotApplicable(
                f"task node {record.id!r} ({content_of(record).slot}) does not stand any more",
                "see its history, and name what took its place",
            )
    return found


def nodes_among(view: View, ids: Iterable[str]) -> list[Record]:
    """The records of nodes, whatever became of them, in the order of `ids`.

    Raises:
        NotApplicable: one is no node.
    """
    wanted = list(ids)
    found = {record.id: record for record in view.get(wanted) if record.store == view.store}
    for id in wanted:
        if id not in found or not is_node(found[id]):
            raise NotApplicable(f"there is no task node {id!r}", "take an id from `agentmem task show`")
    return [found[id] for id in wanted]
