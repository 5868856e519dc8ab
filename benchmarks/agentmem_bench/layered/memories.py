"""Memories of ours under a stream: each line is told when its time has come, through the public interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Protocol, cast

from pydantic import JsonValue

from agentmem.bank import Bank, MemorySpec
from agentmem.errors import AgentMemError
from agentmem.records import Event, Hit
from agentmem.stores.layered.policy import LayerPolicy
from agentmem.stores.layered.store import LayeredMemory
from agentmem_bench.layered.data import Feedback, Item, Query, Stream
from agentmem_bench.progress import Watch, unwatched

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder
    from agentmem.stores.base import MemoryStore

HOME = ("stream",)
USED, HARMED = "used", "harmed"
"""Kinds of feedback that is good, and that is bad."""


class LookedAhead(AgentMemError):
    """A memory recalled an item from after the query."""


class Memory(Protocol):
    """What is told of a stream and asked."""

    def keep(self, items: Sequence[Item]) -> None:
        """Take up items, in time order."""

    def learn(self, feedback: Feedback) -> None:
        """Hear of the use of an item."""

    def find(self, query: Query, depth: int) -> list[str]:
        """Ids of at most `depth` items, best first."""


def replayed(stream: Stream, memory: Memory, depth: int, watch: Watch = unwatched) -> list[list[str]]:
    """Ids of what is recalled for each query, in time order.

    Raises:
        LookedAhead: a memory recalled what had not happened.
    """
    known: dict[str, datetime] = {}
    found: list[list[str]] = []
    done = 0
    for kind, group in groupby(stream.lines, type):
        lines = list(group)
        if kind is Item:
            items = cast(list[Item], lines)
            memory.keep(items)
            known |= {item.item: item.time for item in items}
        for line in lines:
            if isinstance(line, Feedback):
                memory.learn(line)
            elif isinstance(line, Query):
                ids = memory.find(line, depth)
                early = [id for id in ids if id not in known or known[id] > line.time]
                if early:
                    raise LookedAhead(f"query {line.query!r} recalled {early[0]!r}, which had not happened")
                found.append(ids)
        done += len(lines)
        watch("replaying", done, len(stream.lines))
    return found


@contextmanager
def a_bank(embedder: Embedder) -> Iterator[Bank]:
    """A bank in memory."""
    with Bank("sqlite://", embedder=embedder) as bank:
        yield bank


@dataclass
class Layered:
    """Layered memory.

    Attributes:
        bank: A bank of its own.
        policy: How it forgets.
        hints: Whether it is told layers and importances.
        feedback: Whether it hears feedback.
    """

    bank: Bank
    policy: LayerPolicy
    hints: bool = True
    feedback: bool = True
    _ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        options: dict[str, JsonValue] = {"policy": self.policy.model_dump(mode="json")}
        made = self.bank.store(MemorySpec(store="layered", options=options), HOME)
        self.store = cast(LayeredMemory, made)

    def keep(self, items: Sequence[Item]) -> None:
        """Note each item, in the layer that is told, or that its kind enters."""
        for item in items:
            layer, kind = placed(item, self.policy) if self.hints else (None, "")
            self._ids[item.item] = self.store.note(
                item.text,
                kind=kind,
                layer=layer,
                importance=item.importance if self.hints else None,
                time=item.time,
                id=item.item,
            )

    def learn(self, feedback: Feedback) -> None:
        """Let the importance rise or fall."""
        if not self.feedback:
            return
        kind = USED if feedback.value >= 0 else HARMED
        self.store.feedback([self._ids[feedback.feedback]], kind, abs(feedback.value), time=feedback.time)

    def find(self, query: Query, depth: int) -> list[str]:
        """The best under the policy's rank at the query's time."""
        return sources(self.store.recall(query.text, at=query.time, k=depth, floor=False))


def placed(item: Item, policy: LayerPolicy) -> tuple[str | None, str]:
    """The layer that an item names, and the kind; each none, or empty, where it names none.

    Raises:
        KeyError: there is neither such a layer nor such a kind.
    """
    if item.layer is None:
        return None, ""
    if item.layer in policy.names:
        return item.layer, ""
    if item.layer in policy.entrances:
        return None, item.layer
    raise KeyError(item.layer)


@dataclass
class Flat:
    """Episodic memory: every item for ever.

    Attributes:
        bank: A bank of its own.
        changes: Fields of its queries: the steps of the pipeline.
    """

    bank: Bank
    changes: Mapping[str, object]

    def __post_init__(self) -> None:
        self.store: MemoryStore = self.bank.store("episodic", HOME)

    def keep(self, items: Sequence[Item]) -> None:
        """Observe them."""
        self.store.observe(*(Event(id=one.item, text=one.text, time=one.time) for one in items))

    def learn(self, feedback: Feedback) -> None:
        """Episodic memory learns nothing of it."""

    def find(self, query: Query, depth: int) -> list[str]:
        """The best of the pipeline."""
        asked = {"at": query.time, "until": query.time, "k": depth, "floor": False, **self.changes}
        return sources(self.store.recall(query.text, **asked))


def sources(hits: Sequence[Hit]) -> list[str]:
    """The events of hits."""
    return [hit.record.sources[0] for hit in hits]
