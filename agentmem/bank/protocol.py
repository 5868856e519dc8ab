"""What the bank needs of a store, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from agentmem.records import ChangeSet, Event, Later

if TYPE_CHECKING:
    from agentmem.bank.view import ApplyView, View


class Folding(Protocol):
    """A store as the bank drives it: it interprets events, and folds them into records."""

    @property
    def shelf(self) -> str:
        """The name under which its records are kept."""

    @property
    def interprets(self) -> bool:
        """Whether observations go through `interpret` before they change anything."""

    def awaits(self, event: Event) -> bool:
        """Whether an event is pending until `interpret` has seen it."""

    @property
    def at_once(self) -> int:
        """How many pending events one call of `interpret` gets."""

    def interpret(self, events: Sequence[Event], view: View) -> list[Event] | Later:
        """Operations that the events mean; may ask a model."""

    def fold(self, event: Event, view: ApplyView) -> ChangeSet:
        """What an event or operation changes; deterministic."""
