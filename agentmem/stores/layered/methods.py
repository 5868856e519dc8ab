"""The typed methods of a layered memory that write: each builds an observation or an operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from agentmem.bank import journal
from agentmem.bank.sources import record_id
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import Event, Receipt, Record, Trust
from agentmem.stores.base import MemoryStore
from agentmem.stores.layered.operations import Rate, Reflect, event_of, reflection_event
from agentmem.stores.layered.policy import LayerPolicy
from agentmem.stores.layered.standing import importance_in, is_item, number_of
from agentmem.stores.layered.trajectory import Ladder
from agentmem.stores.offload import offloaded
from agentmem.stores.typed import checked


class LayeredOperations(MemoryStore):
    """What is done with items, by name."""

    policy: LayerPolicy
    """Layers and the rules of movement."""
    _ladder: Ladder

    def note(
        self,
        text: str,
        *,
        kind: str = "",
        layer: str | None = None,
        importance: float | None = None,
        time: datetime | None = None,
        trust: Trust = Trust.USER,
        actor: str = "",
        session: str = "",
        metadata: Mapping[str, JsonValue] | None = None,
        id: str = "",
    ) -> str:
        """Observe an item; the id of its record.

        Args:
            text: What it says.
            kind: Its kind, by which the policy chooses its layer: `news`, `quarterly`, …
            layer: Its layer, whatever its kind.
            importance: 0 to 100; none: drawn, or rated by a model.
            time: When it happened: its clock starts there.
            trust: Who says so.
            actor: Who says so, by name.
            session: The session it belongs to.
            metadata: What filters can ask for.
            id: The event's id; none: a new one.

        Raises:
            InvalidInput: it says nothing, the policy has no such layer, or the importance is none.
        """
        data: dict[str, JsonValue] = {
            "layer": layer,
            "importance": importance,
            "metadata": dict(metadata) if metadata else None,
        }
        event = Event(
            id=id,
            type=kind or "message",
            text=text,
            time=time,
            trust=trust,
            actor=actor,
            session=session,
            data={name: value for name, value in data.items() if value is not None},
        )
        _say(text)
        importance_in(event.data)
        if layer is not None:
            number_of(layer, self._ladder)
        (receipt,) = self.observe(event)
        journal.require_stored([receipt])
        return record_id(receipt.event_id, self.shelf, 0)

    anote = offloaded(note)

    def reflect(
        self,
        text: str,
        about: Sequence[str],
        *,
        importance: float | None = None,
        kind: str = "reflection",
        time: datetime | None = None,
        trust: Trust = Trust.AGENT,
        actor: str = "",
        session: str = "",
        metadata: Mapping[str, JsonValue] | None = None,
        id: str = "",
    ) -> str:
        """Keep a thought on items, in the layer of reflections; the id of its record.

        It is linked to what it is `about`, comes of the same events, and is trusted no more than they are:
        where one of them is forgotten, it is forgotten too, since it may tell what they told.

        Args:
            text: The thought.
            about: Ids of records.
            importance: 0 to 100; none: drawn.
            kind: The type of its record.
            time: When it was thought; none: now.
            trust: Who says so.
            actor: Who says so, by name.
            session: The session it belongs to.
            metadata: What filters can ask for.
            id: The event's id; none: a new one.

        Raises:
            NotFound: a record is not there.
            InvalidInput: it says nothing, the importance is none, or it is about nothing.
        """
        _say(text)
        records = self._require(about)
        operation = checked(
            Reflect,
            items=tuple(record.id for record in records),
            importance=importance,
            kind=kind,
            metadata=dict(metadata or {}),
        )
        receipt = self._operate(
            reflection_event(
                operation,
                records,
                text,
                id=id,
                store=self.shelf,
                time=time,
                trust=trust,
                actor=actor,
                session=session,
            )
        )
        return record_id(receipt.event_id, self.shelf, 0)

    areflect = offloaded(reflect)

    def rate(
        self,
        id: str,
        importance: float,
        why: str = "",
        *,
        trust: Trust = Trust.USER,
        time: datetime | None = None,
    ) -> Receipt:
        """Say how important an item has been from its beginning, where its importance was drawn.

        Raises:
            NotFound: there is no such item.
            NotApplicable: it has a rating, or has been used or has moved since it began.
        """
        self._items([id])
        operation = checked(Rate, item=id, importance=importance, why=why)
        return self._operate(event_of(operation, store=self.shelf, trust=trust, time=time))

    arate = offloaded(rate)

    def _items(self, ids: Sequence[str]) -> list[Record]:
        """The records of items.

        Raises:
            NotFound: one is not there, or is no item.
        """
        found = self._require(ids)
        for record in found:
            if not is_item(record) or record.store != self.shelf:
                raise NotFound(f"record {record.id!r} is no item of this memory", "take an id from `recall`")
        return found


def _say(text: str) -> None:
    if not text.strip():
        raise InvalidInput("an item without a text says nothing", "give it a text")
