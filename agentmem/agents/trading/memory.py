"""The memory of one trading agent over any store, on the market's clock: nothing later than now is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from agentmem.agents.trading.lots import Lesson
from agentmem.agents.trading.memories import MemoryPlan
from agentmem.agents.trading.recalled import Recalled, recalled
from agentmem.agents.trading.values import ARGUMENT, REFLECTION, Day, Item
from agentmem.bank import journal
from agentmem.filters import Comparison
from agentmem.records import Event, Hit, Namespace, Query, Record, State, Trust
from agentmem.stores.layered.operations import Reflect, reflection_event
from agentmem.stores.layered.store import LayeredMemory

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.stores.base import MemoryStore

AFTER = timedelta(milliseconds=1)
"""So long after a decision is what it led to: who asks at the moment of the decision does not see it."""
TODAY = "today"
"""The layer of what the day tells, for an agent without a memory."""
_DIGITS = 9
"""Decimals of a score: what else lies in memory shows in the last bits of what a pipeline standardises."""
_UNTIL_FADED = (State.LIVE, State.FADED)
_OWN = Comparison(field="type", operator="!=", value=ARGUMENT)
_OTHERS = Comparison(field="type", operator="=", value=ARGUMENT)


class TradingMemory:
    """One agent's memory of one security, in a namespace of its own.

    Ids and times of events follow from the agent, the day and their place in it, so that a day that was cut
    off can be done again: what is there already is kept once.

    Args:
        bank: The bank.
        namespace: The agent's own.
        plan: The store, and how it is asked.
        session: The session of all events: it begins their ids.
    """

    def __init__(self, bank: Bank, namespace: Namespace, plan: MemoryPlan, *, session: str) -> None:
        self.bank = bank
        self.namespace = namespace
        self.plan = plan
        self.session = session
        self.store: MemoryStore | None = None if plan.spec is None else bank.store(plan.spec, namespace)
        parts = [] if self.store is None else self.store.folding()
        self._layered = [part for part in parts if isinstance(part, LayeredMemory)]

    @property
    def layered(self) -> LayeredMemory | None:
        """The layered memory that it is, or has as a member."""
        return next(iter(self._layered), None)

    # Writing

    def learn(self, day: Day, lessons: Sequence[Lesson] = (), reflection: Event | None = None) -> None:
        """Keep what a day tells, what was learned of earlier decisions, and a reflection; let time pass.

        All of it in one call, so that it is on disk whole or not at all. On a day with nothing to keep
        nothing is written: where items stand is a function of time, and recall needs no `advance`.

        Args:
            day: The day; its items are dated as they are, all else at the moment of the decision.
            lessons: What came of decisions, for the memories that they cited. Of memories that are gone
                nothing is said.
            reflection: As `reflection` makes it.

        Raises:
            Conflict: another item was told in the place of one of these.
            Refused: time has passed beyond this day.
        """
        if self.store is None:
            return
        operations = [event for lesson in lessons for event in self._feedback(lesson, day.now)]
        operations += [] if reflection is None else [reflection]
        if operations or day.items:
            operations += [self._advance(part, day.now) for part in self._layered]
        known = self._known(operations)
        before = [event for event in operations if event.id not in known and event.type != "advance"]
        after = [event for event in operations if event.id not in known and event.type == "advance"]
        items = [self._told(item, day, place) for place, item in enumerate(day.items)]
        if not (before or items or after):
            return
        receipts = self.store.observe(*before, *items, *after)
        written = {event.id for event in (*before, *after)}
        journal.require_stored([one for one in receipts if one.event_id in written])

    def reflection(self, text: str, about: Sequence[str], day: Day) -> Event | None:
        """The event of a reflection of a day, not yet kept; none, where there is no memory to keep it.

        A layered memory links it to the records that it is about, as far as they are there.
        """
        if self.store is None:
            return None
        told: dict[str, JsonValue] = {"symbol": day.symbol}
        id, there = self._id(day, REFLECTION), [one.id for one in self._there(about)]
        if there and (layered := self.layered) is not None:
            own = [one for one in layered.get(there) if one.store == layered.shelf]
            if own:
                return reflection_event(
                    Reflect(items=tuple(one.id for one in own), kind=REFLECTION, metadata=told),
                    own,
                    text,
                    id=id,
                    store=layered.shelf,
                    time=day.now,
                    trust=Trust.AGENT,
                    session=self.session,
                )
        return Event(
            id=id,
            type=REFLECTION,
            text=text,
            time=day.now,
            trust=Trust.AGENT,
            session=self.session,
            data={**told, "about": list(there)},
        )

    def reflected(self, day: Day) -> str:
        """The reflection of a day that is kept already, by a run that was cut off; else empty."""
        return next((one.text for one in self.bank.events(self.namespace, [self._id(day, REFLECTION)])), "")

    def cited(self, ids: Sequence[str]) -> tuple[Recalled, ...]:
        """The memories of some ids, each once, as far as they are there."""
        if self.store is None:
            return ()
        return tuple(recalled(Hit(record=one, score=0.0, parts={})) for one in self._there(ids))

    def hear(self, day: Day, said: Sequence[tuple[str, str]], importance: float) -> None:
        """Keep what agents argued on a day, themselves among them: their word, never the user's.

        Args:
            day: The day.
            said: Speaker and argument, in the order in which they were said.
            importance: What each of them counts at the beginning, 0 to 100.
        """
        if self.store is None or not said:
            return
        events = [
            Event(
                id=self._id(day, ARGUMENT, place),
                type=ARGUMENT,
                actor=speaker,
                trust=Trust.AGENT,
                time=day.now + AFTER,
                session=self.session,
                text=text,
                data={"symbol": day.symbol, "importance": importance},
            )
            for place, (speaker, text) in enumerate(said)
        ]
        known = self._known(events)
        self.store.observe(*(event for event in events if event.id not in known), embed=False)

    # Reading

    def recall(self, question: str, day: Day) -> tuple[Recalled, ...]:
        """The memories that a decision of a day may rest on, layer by layer, each layer's best first.

        What other agents argued is not among them: `heard` gives that.
        """
        if self.store is None:
            return tuple(self._seen(item, day, place) for place, item in enumerate(day.items))
        query = Query(text=question, k=self.plan.most, at=day.now, until=day.now, filter=_OWN, floor=False)
        if self.plan.rank == "layers" and isinstance(self.store, LayeredMemory):
            layers = self.store.recall_layers(query, k=self.plan.k)
            return tuple(recalled(hit, name, hit.score) for name, hits in layers.items() for hit in hits)
        if self.plan.rank == "dense":
            found = self.store.recall(query, steps=("dense",))
            return tuple(recalled(hit.altered({"parts": {}})) for hit in found)
        if self.plan.rank == "recency":
            reach = {"reach": self.plan.reach}
            near = self.store.recall(query, steps=("dense",), k=self.plan.reach, options=reach)
            return tuple(self._by_recency(near, day.now))
        return tuple(recalled(hit) for hit in self.store.recall(query)[: self.plan.most])

    def heard(self, question: str, day: Day, k: int) -> tuple[Recalled, ...]:
        """What agents argued before a day, the `k` memories of it that fit a question best."""
        if self.store is None or k < 1:
            return ()
        query = Query(text=question, k=k, at=day.now, until=day.now, filter=_OTHERS, floor=False)
        return tuple(recalled(hit, weight=hit.score) for hit in self.store.recall(query)[:k])

    def _by_recency(self, hits: Sequence[Hit], now: datetime) -> list[Recalled]:
        """By cosine and recency, each scaled to 0 … 1 over the hits (Generative Agents, section 4.1)."""
        if not hits:
            return []
        ages = np.array([(now - hit.record.time).total_seconds() if hit.record.time else 0.0 for hit in hits])
        recency = _scaled(np.exp(-ages / timedelta(days=self.plan.stability).total_seconds()))
        alike = _scaled(np.array([hit.score for hit in hits]))
        scores = np.round(recency + alike, _DIGITS)
        order = np.lexsort((np.arange(len(hits)), -scores))[: self.plan.most]
        made = []
        for place in order.tolist():
            parts = {"recency": recency[place], "relevance": alike[place]}
            hit = hits[place].altered({"parts": parts})
            made.append(recalled(hit, weight=float(scores[place])))
        return made

    # Events

    def _told(self, item: Item, day: Day, place: int) -> Event:
        data: dict[str, JsonValue] = {"symbol": item.symbol}
        if item.importance is not None:
            data["importance"] = item.importance
        if item.derived:
            data["derived"] = True
        return Event(
            id=self._id(day, "item", place),
            type=item.kind,
            text=item.text,
            time=item.time,
            trust=_trust(item),
            session=self.session,
            data=data,
        )

    def _seen(self, item: Item, day: Day, place: int) -> Recalled:
        return Recalled(
            id=self._id(day, "item", place),
            text=item.text,
            kind=item.kind,
            layer=TODAY,
            time=item.time,
            importance=item.importance,
            trust=_trust(item),
        )

    def _feedback(self, lesson: Lesson, now: datetime) -> list[Event]:
        """What a lesson says to each store that holds any of the memories that it is about."""
        by_store: dict[str, list[str]] = {}
        for record in self._there(lesson.about):
            by_store.setdefault(record.store, []).append(record.id)
        return [
            Event(
                id=f"{self.session}/{lesson.id}/{store}",
                type="feedback",
                store=store,
                about=tuple(ids),
                data={"kind": "profit", "value": lesson.value},
                time=now,
                trust=Trust.AGENT,
                session=self.session,
            )
            for store, ids in by_store.items()
        ]

    def _advance(self, part: MemoryStore, now: datetime) -> Event:
        return Event(
            id=f"{self.session}/{now.isoformat()}/advance/{part.shelf}",
            type="advance",
            store=part.shelf,
            data={"now": now.isoformat()},
            time=now,
            session=self.session,
        )

    def _there(self, ids: Sequence[str]) -> list[Record]:
        assert self.store is not None  # noqa: S101  asked by the caller
        return [record for record in self.store.get(dict.fromkeys(ids)) if record.state in _UNTIL_FADED]

    def _known(self, events: Sequence[Event]) -> set[str]:
        ids = [event.id for event in events]
        return {event.id for event in self.bank.events(self.namespace, ids)} if ids else set()

    def _id(self, day: Day, what: str, place: int | None = None) -> str:
        told = f"{self.session}/{day.date.isoformat()}/{what}"
        return told if place is None else f"{told}/{place}"


def _trust(item: Item) -> Trust:
    """What a market tells is the word of strangers; what was reckoned from its prices is a tool's."""
    return Trust.TOOL if item.derived else Trust.WEB


def _scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    span = float(values.max() - values.min())
    return (values - values.min()) / span if span > 0 else np.ones(len(values))
