"""The course of an item through time as points, to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from agentmem.records import Record
    from agentmem.stores.layered.course import Moved
    from agentmem.stores.layered.policy import LayerPolicy
    from agentmem.stores.layered.store import LayeredMemory

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
        from agentmem.db.times import moment
        from agentmem.stores.layered.standing import born_of, standing_in

        return moment(born_of(self.item, standing_in(self.item)))

    @property
    def uses(self) -> list[datetime]:
        """When its importance was changed by use, or it was revived."""
        from agentmem.stores.layered.standing import standing_in

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
    from agentmem.cli.layers_telling import FOREVER
    from agentmem.stores.layered.standing import is_item

    versions = memory.bank.view(memory.namespace, store=memory.shelf).versions([item.id])
    moves = memory.moves(item.id, FOREVER)
    return Course(item, tuple(one for one in versions if is_item(one)), tuple(moves), relevance)


def points_of(course: Course, policy: LayerPolicy, start: datetime, end: datetime) -> Points:
    """A course between two moments."""
    from agentmem.db.times import micros, moment
    from agentmem.stores.layered.course import standing_at
    from agentmem.stores.layered.trajectory import GRAIN, MOST, Ladder

    ladder = Ladder(policy)
    low, high = micros(start), micros(end)
    turns = [micros(one) for one in (*(move.at for move in course.moves), *course.uses)]
    moments = {*np.linspace(low, high, POINTS).astype(np.int64).tolist(), micros(course.born)}
    moments |= {turn + step for turn in turns for step in (-GRAIN, 0)}
    times = sorted(one for one in moments if low <= one <= high)
    weights = {layer.name: layer.weights for layer in policy.layers}
    recency, importance, rank = (np.full(len(times), np.nan) for _ in range(3))
    layers = [""] * len(times)
    for n, at in enumerate(times):
        stand = standing_at(course.versions, ladder, at)
        if stand is None or stand.faded:
            continue
        weight = weights[stand.layer]
        layers[n], recency[n], importance[n] = stand.layer, stand.recency, stand.importance
        rank[n] = weight.recency * stand.recency + weight.importance * min(stand.importance, MOST) / MOST
        rank[n] += course.relevance
    return Points([moment(one) for one in times], recency, importance, rank, layers)
