"""From an utterance to operations (the paper's TRIM): what a trim is given, and what it returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from agentmem.records import Event, Text, Value
from agentmem.stores.task.node import Kind, Status
from agentmem.stores.task.operations import Operation

Intent = Literal["new", "update", "rollback", "merge", "depend", "check"]


class Slot(Value):
    """What a trim sees of a node.

    Attributes:
        id: Of the node.
        kind: `task` or `step`.
        slot: Its title.
        value: What it is settled to; none while it is open.
        past: Earlier values, oldest first; each once, the current one not among them.
        previous: The value before the current one; none where there is none.
        status: Where it is in its life.
        is_stale: Whether what it depends on has changed since its value was settled.
        depends_on: Ids of what it depends on.
        parents: Ids of what it hangs under.
        recency: 0 for the node that was changed last, 1 for the one before, and so on.
        is_active: Whether it is the active node of the session.
        asked: How many operations ago a question was about it, 0 for the last one; none where not lately.
    """

    id: Text
    kind: Kind = "step"
    slot: Text
    value: Text | None = None
    past: tuple[Text, ...] = ()
    previous: Text | None = None
    status: Status = Status.PENDING
    is_stale: bool = False
    depends_on: tuple[Text, ...] = ()
    parents: tuple[Text, ...] = ()
    recency: int = 0
    is_active: bool = False
    asked: int | None = None


class Forest(Protocol):
    """The part of the task forest that may matter for an utterance; its size does not grow with history."""

    def nearby(self, texts: Sequence[str]) -> list[Slot]:
        """Live slots that `texts` may be about: changed lately, open, active, or near in meaning."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of texts, shape (n, d); zeros for a text without words."""


class Subtask(Value):
    """One piece of an utterance: its intent, and the operations that follow."""

    intent: Intent
    text: Text
    operations: tuple[Operation, ...] = ()


class Trim(Protocol):
    """Reads utterances."""

    def read(self, said: Event, forest: Forest) -> list[Subtask]:
        """The subtasks of what was said, in its order; none where it is about no task."""
