"""Values under keys, and nothing else: what is observed beside them passes by."""

from __future__ import annotations

from typing import ClassVar

from agentmem.bank.view import ApplyView
from agentmem.records import ChangeSet, Event
from agentmem.stores.base import MemoryStore


class KeyedStore(MemoryStore):
    """What `put` states, by its key: the newest value is recalled, older ones stand in the history."""

    name: ClassVar[str] = "keyed"
    separate: ClassVar[bool] = True

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        """Nothing: the operations that all stores share do all of it."""
        return ChangeSet()
