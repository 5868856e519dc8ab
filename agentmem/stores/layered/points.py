"""The course of an item through time as points, to be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agentmem.db.times import micros, moment
from agentmem.records import Record
from agentmem.stores.layered.course import Moved
from agentmem.stores.layered.policy import LayerPolicy
from agentmem.stores.layered.standing import arrays_of, born_of, is_item, standing_in
from agentmem.stores.layered.trajectory import (
    GRAIN,
    MOST,
    Ladder,
    Standings,
    importance_at,
    next_moves,
    recency_at,
    rolled,
)

if TYPE_CHECKING:
    from agentmem.stores.layered.store import LayeredMemory

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""After all moves that anything makes by itself."""

POINTS = 240
"""Moments at which a course is looked at, beside its moves and uses."""


@dataclass(frozen=True)
class Course:
    """One item, of which it can be said where it stands at any moment.

    Attributes:
        item: Its record.
        versions: Its versions, the oldest first.
        moves: All of its moves, past ones and those to come by themselves.
        relevance: What is added to its rank for a question, weighted.
    """

    item: Record
    versions: tuple[Record, ...]
    moves: tuple[Moved, ...]
    relevance: float

    @property
    def born(self) -> datetime:
        """When it happened."""
        return moment(born_of(self.item, standing_in(self.item)))

    @property
    def uses(self) -> list[datetime]:
        """When its importance was changed by use, or it was revived."""
        turns = {move.at for move in self.moves if move.kind in ("demoted", "faded")}
        sinces = [standing_in(one).since for one in self.versions]
        return [since for since in sinces if since not in turns and since != self.born]


@dataclass(frozen=True)
class Points:
    """A course at n moments; where it has faded, or not happened yet, its values are NaN.

    Attributes:
        times: The moments, ascending.
        recency: Shape (n,).
        importance: Shape (n,).
        rank: What recency, importance and relevance add up to under the layer's weights, shape (n,).
        layers: The name of the layer at each moment.
    """

    times: Sequence[datetime]
    recency: NDArray[np.float64]
    importance: NDArray[np.float64]
    rank: NDArray[np.float64]
    layers: Sequence[str]


def course_of(memory: LayeredMemory, item: Record, relevance: float = 0.0) -> Course:
    """The course of an item."""
    versions = memory.bank.view(memory.namespace, store=memory.shelf).versions([item.id])
    moves = memory.moves(item.id, FOREVER)
    return Course(item, tuple(one for one in versions if is_item(one)), tuple(moves), relevance)


def points_of(course: Course, policy: LayerPolicy, start: datetime, end: datetime) -> Points:
    """A course between two moments."""
    ladder = Ladder(policy)
    low, high = micros(start), micros(end)
    turns = [micros(one) for one in (*(move.at for move in course.moves), *course.uses)]
    moments = {*np.linspace(low, high, POINTS).astype(np.int64).tolist(), micros(course.born)}
    moments |= {turn + step for turn in turns for step in (-GRAIN, 0)}
    times = np.array(sorted(one for one in moments if low <= one <= high), np.int64)
    recency, importance, rank = (np.full(len(times), np.nan) for _ in range(3))
    layers = [""] * len(times)
    for standing, since, until in _pieces(course.versions, ladder, high):
        places = slice(*np.searchsorted(times, (since, until)).tolist())
        if standing.faded[0] or places.start == places.stop:
            continue
        layer = policy.layers[int(standing.layer[0])]
        recency[places] = recency_at(ladder, standing, times[places])
        importance[places] = importance_at(ladder, standing, times[places])
        capped = np.minimum(importance[places], MOST) / MOST
        rank[places] = layer.weights.recency * recency[places] + layer.weights.importance * capped
        layers[places] = [layer.name] * (places.stop - places.start)
    return Points(
        [moment(one) for one in times.tolist()], recency, importance, rank + course.relevance, layers
    )


def _pieces(versions: Sequence[Record], ladder: Ladder, end: int) -> Iterator[tuple[Standings, int, int]]:
    """Where an item stood, shape (1,), from when on and until when: between its moves, one after the other.

    Args:
        versions: Those of an item, the oldest first.
        ladder: The policy.
        end: Up to when, in microseconds.
    """
    states = [arrays_of([one], ladder) for one in versions]
    sinces = [int(state.since[0]) for state in states]
    for place, begun in enumerate(states):
        state = begun
        since, until = sinces[place], min([*sinces[place + 1 :], end + 1])
        while since < until:
            due = int(next_moves(ladder, state)[0][0])
            yield state, since, min(due, until)
            if due >= until:
                break
            state, since = rolled(ladder, state, due), due
