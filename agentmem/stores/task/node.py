"""A step of a task, as the memory shows it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from agentmem.records import Text, Trust, Value

Kind = Literal["task", "step"]
"""An undertaking that holds steps, or a step, which has a slot for a value."""


class Status(StrEnum):
    """Where a step is in its life. The last two keep their place in the tree."""

    PENDING = "pending"
    ACTIVE = "active"
    DONE = "done"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    ROLLED_BACK = "rolled_back"


class Node(Value):
    """One step (or task) as of now.

    Attributes:
        id: The id of its record.
        version: That of the record.
        kind: `task` for an undertaking, `step` for what can have a value.
        slot: Its title, without the value: "destination".
        goal: What it is for, in a sentence; may be empty.
        value: What was settled; none while it is open.
        output: What came of it; empty until it is completed or has failed.
        status: Where it is in its life.
        trust: Of whoever settled the value.
        value_time: When the value was said; none while there never was one.
        active_in: The sessions that work on it; one without a name is "".
        shared_with: Other undertakings that share it, where they are no tasks of this memory.
        why: The reason of the last change.
        sources: Events that it came from.
    """

    id: Text
    version: int = 0
    kind: Kind = "step"
    slot: Text
    goal: Text = ""
    value: Text | None = None
    output: Text = ""
    status: Status = Status.PENDING
    trust: Trust = Trust.USER
    value_time: datetime | None = None
    active_in: tuple[Text, ...] = ()
    shared_with: tuple[Text, ...] = ()
    why: Text = ""
    sources: tuple[Text, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a value or an end is still to come."""
        standing = self.status in (Status.PENDING, Status.ACTIVE)
        return self.kind == "step" and self.value is None and standing


class Revision(Value):
    """A value that a step had, has, or was given too late to have.

    Attributes:
        value: The value; none where it was taken back.
        time: When it was said.
        event_id: The operation that set it.
        why: The reason.
        current: Whether it is the value now.
    """

    value: Text | None
    time: datetime | None
    event_id: Text
    why: Text = ""
    current: bool = False
