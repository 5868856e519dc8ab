"""Layered memory as a store (FinMem, TradingGPT): items fade, each at its pace, unless they are of use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from agentmem.bank.sources import record_id
from agentmem.bank.spec import MemorySpec
from agentmem.bank.view import ApplyView, View
from agentmem.db.times import micros
from agentmem.errors import InvalidInput
from agentmem.records import ChangeSet, Event, Explanation, Hit, Later, Namespace, Query, State, Trust
from agentmem.stores.base import as_query
from agentmem.stores.layered import course, reading
from agentmem.stores.layered.changes import advanced, fed_back, observed, rated, reflected, settled
from agentmem.stores.layered.columns import columns_of
from agentmem.stores.layered.effective import Effective, effective
from agentmem.stores.layered.methods import LayeredOperations
from agentmem.stores.layered.operations import Rate, Reflect, event_of, operation_of
from agentmem.stores.layered.presets import policy_of
from agentmem.stores.layered.rating import AT_ONCE, rate
from agentmem.stores.layered.standing import is_item, standing_in
from agentmem.stores.layered.trajectory import Ladder
from agentmem.stores.offload import offloaded

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.models.base import ChatModel

RATINGS = ("drawn", "model")
"""Who says how important an item is where its event does not: a draw by the policy, or a model afterwards."""


class LayeredMemory(LayeredOperations):
    """Items in layers of different patience. Where an item stands is a function of time, so that asking about
    a moment needs no `advance`: that writes down what has moved, and reads only what is due.

    Options:
        policy: The name of a preset (`finmem`, `finmem_code`, `finmem_fitted`, `support_desk`, `assistant`),
            or the JSON of a `LayerPolicy`.
        rating: `drawn`, or `model`: a language model rates the items that nobody rated.
        model: That model, as after `--model`; none: that of the settings.
    """

    name: ClassVar[str] = "layered"
    options: ClassVar[Mapping[str, JsonValue]] = {"policy": "finmem", "rating": "drawn", "model": None}
    separate: ClassVar[bool] = True

    def __init__(self, bank: Bank, namespace: Namespace, spec: MemorySpec | None = None) -> None:
        super().__init__(bank, namespace, spec)
        if self.option("rating") not in RATINGS:
            raise InvalidInput(
                f"there is no rating {self.option('rating')!r}", f"there are: {', '.join(RATINGS)}"
            )
        self.policy = policy_of(self.option("policy"))
        self._ladder = Ladder(self.policy)
        self.at_once = AT_ONCE  # type: ignore[misc]

    # Writing

    @property
    def interprets(self) -> bool:
        """Whether a model rates items."""
        return bool(self.option("rating") == "model")

    def awaits(self, event: Event) -> bool:
        """Whether a model has to rate what an event says."""
        return not event.store and bool(event.text.strip()) and event.data.get("importance") is None

    @cached_property
    def _model(self) -> ChatModel:
        return self.bank.chat_model(self.namespace, self.shelf, self.option("model"))

    def interpret(self, events: Sequence[Event], view: View) -> list[Event] | Later:
        """The importances of new items, by a model."""
        waiting = [event for event in events if self.awaits(event)]
        ids = [record_id(event.id, self.shelf, 0) for event in waiting]
        found = {record.id: record for record in view.get(ids) if is_item(record)}
        unrated = [
            (event, found[id])
            for event, id in zip(waiting, ids, strict=True)
            if id in found and standing_in(found[id]).rated == "drawn" and found[id].version == 1
        ]
        if not unrated:
            return []
        ratings = rate([item for _, item in unrated], self._model)
        return [
            event_of(
                Rate(item=item.id, importance=importance),
                caused_by=(event.id,),
                time=event.time,
                trust=Trust.AGENT,
            )
            for (event, item), importance in zip(unrated, ratings, strict=True)
        ]

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        """Observations are items, feedback and time move them, reflections are further items."""
        if not event.store:
            return observed(event, view, self._ladder)
        if event.type == "feedback":
            return fed_back(event, view, self._ladder)
        if event.type == "advance":
            return advanced(event, view, self._ladder)
        operation = operation_of(event)
        if isinstance(operation, Reflect):
            return reflected(operation, event, view, self._ladder)
        if isinstance(operation, Rate):
            return rated(operation, event, view, self._ladder)
        return ChangeSet()

    def adapt(self, event: Event, changes: ChangeSet, view: ApplyView) -> ChangeSet:
        """What a shared operation states stands in a layer too."""
        return settled(event, changes, view, self._ladder)

    # Reading

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        """The best of all layers under γ, best first, as they stand at the query's moment."""
        return reading.retrieve(query, view, self.bank, self._ladder)

    def account(self, query: Query, view: View, id: str) -> Explanation | None:
        """Why an item is not among the hits."""
        return reading.account(query, view, self.bank, self._ladder, id)

    def recall_layers(self, query: Query | str, /, **changes: Any) -> dict[str, list[Hit]]:
        """The best `k` of each layer, best first, by the layer's name; see `recall`."""
        asked = as_query(query, changes)
        return reading.by_layer(asked, self.view(asked), self.bank, self._ladder)

    arecall_layers = offloaded(recall_layers)

    def standing(self, id: str, at: datetime | None = None) -> course.Stand | None:
        """Where an item stands at a moment (none: now); none before it happened.

        Raises:
            NotFound: there is no such item.
        """
        self._items([id])
        view = self.bank.view(self.namespace, store=self.shelf, at=at)
        return course.standing_at(view.versions([id]), self._ladder, micros(view.now))

    def moves(self, id: str, until: datetime) -> list[course.Moved]:
        """All moves of an item up to a moment: past ones, and those that come by themselves.

        Raises:
            NotFound: there is no such item.
        """
        self._items([id])
        return course.moves_of(self._now().versions([id]), self._ladder, until)

    def population(self, at: datetime | None = None) -> dict[str, int]:
        """How many items stand in each layer at a moment (none: now), and how many have `faded`."""
        return course.population(self._everything(at)[0], self._ladder)

    def survival(self, at: datetime | None = None) -> dict[str, course.Survival]:
        """How long items last, by the layer in which they began, as far as a moment (none: now) shows it."""
        return course.survival(*self._everything(at), self._ladder)

    def _everything(self, at: datetime | None) -> tuple[Effective, NDArray[np.int8]]:
        """All items that stand or have faded at a moment, and the layers in which they began."""
        asked = Query(at=at, states=(State.LIVE, State.FADED))
        view = self.view(asked)
        shelf = view.shelf()
        with shelf.lock:
            columns = columns_of(self.bank, view, shelf, self._ladder)
            found = effective(asked, view, shelf, columns, self._ladder)
            return found, columns.column("began")[found.slots]
