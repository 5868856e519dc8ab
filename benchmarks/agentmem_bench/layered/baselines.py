"""What layered memory is compared with: a sliding window, recency, generative agents' scoring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from agentmem_bench.layered.data import Feedback, Item, Query, Stream

HOUR, DAY = 3_600.0, 86_400.0
Numbers = NDArray[np.float64]


@dataclass
class Seen:
    """What a baseline knows at a query: of each item that is there, shape (n,); times in seconds.

    Attributes:
        cosine: To the query.
        happened: When the item happened.
        used: When it was last of use; else when it happened.
        touched: When it was last recalled or of use; else when it happened.
        importance: 0 to 100; not a number where it is unknown.
    """

    cosine: Numbers
    happened: Numbers
    used: Numbers
    touched: Numbers
    importance: Numbers


class Baseline(Protocol):
    """A way to rank."""

    name: ClassVar[str]

    def scores(self, seen: Seen, at: float) -> Numbers:
        """Of each item, shape (n,); -inf: it is not to be recalled."""


@dataclass(frozen=True)
class Flat:
    """The nearest, whenever they were."""

    name: ClassVar[str] = "flat"

    def scores(self, seen: Seen, at: float) -> Numbers:
        """The cosine."""
        return seen.cosine


@dataclass(frozen=True)
class Window:
    """The nearest among the items of the last days.

    Attributes:
        days: How many.
        by_use: Whether the days are counted from the last use.
    """

    days: float = 30.0
    by_use: bool = False
    name: ClassVar[str] = "window"

    def scores(self, seen: Seen, at: float) -> Numbers:
        """The cosine within the window."""
        since = seen.used if self.by_use else seen.happened
        return np.where(at - since <= self.days * DAY, seen.cosine, -np.inf)


@dataclass(frozen=True)
class Recency:
    """The cosine, and a bonus for what is recent.

    Attributes:
        half_life: Days.
        weight: Of the bonus beside the cosine.
        by_use: Whether age is counted from the last use.
    """

    half_life: float = 7.0
    weight: float = 0.2
    by_use: bool = False
    name: ClassVar[str] = "recency"

    def scores(self, seen: Seen, at: float) -> Numbers:
        """Cosine + weight × 2^(-age / half-life)."""
        since = seen.used if self.by_use else seen.happened
        return seen.cosine + self.weight * 0.5 ** ((at - since) / DAY / self.half_life)


@dataclass(frozen=True)
class GenerativeAgents:
    """Recency of access, importance and relevance, each scaled to 0…1 (Park et al. 2023, section 4.1).

    Attributes:
        decay: Of recency, per hour.
        recency: Weight.
        importance: Weight.
        relevance: Weight.
        unrated: The importance of an item of which none is known.
    """

    decay: float = 0.995
    recency: float = 1.0
    importance: float = 1.0
    relevance: float = 1.0
    unrated: float = 50.0
    name: ClassVar[str] = "generative agents"

    def scores(self, seen: Seen, at: float) -> Numbers:
        """The weighted sum of the three."""
        recency = self.decay ** ((at - seen.touched) / HOUR)
        importance = np.where(np.isnan(seen.importance), self.unrated, seen.importance)
        return (
            self.recency * _scaled(recency)
            + self.importance * _scaled(importance)
            + self.relevance * _scaled(seen.cosine)
        )


def _scaled(values: Numbers) -> Numbers:
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.full(len(values), 0.5)


@dataclass(frozen=True)
class Cosines:
    """Of all queries and items of a stream, shape (queries, items)."""

    values: NDArray[np.float32]


def ranked(stream: Stream, cosines: Cosines, baseline: Baseline, depth: int, touched: int) -> list[list[str]]:
    """Ids of the best `depth` items of each query, asked in time order.

    Args:
        stream: Items, queries and feedback.
        cosines: Its.
        baseline: Who ranks.
        depth: How many.
        touched: How many of them a query counts as recalled, which refreshes an access.
    """
    items = stream.items
    ids = [item.item for item in items]
    place = {id: n for n, id in enumerate(ids)}
    happened = np.array([item.time.timestamp() for item in items])
    importance = np.array([np.nan if item.importance is None else item.importance for item in items])
    used, last = happened.copy(), happened.copy()
    known = asked = 0
    found: list[list[str]] = []
    for line in stream.lines:
        at = line.time.timestamp()
        if isinstance(line, Item):
            known += 1
        elif isinstance(line, Feedback):
            if line.value > 0:
                used[place[line.feedback]] = last[place[line.feedback]] = at
        elif isinstance(line, Query):
            if known:
                seen = Seen(
                    cosines.values[asked, :known].astype(np.float64),
                    *(column[:known] for column in (happened, used, last, importance)),
                )
                best = best_of(baseline.scores(seen, at), depth)
                last[best[:touched]] = at
                found.append([ids[n] for n in best])
            else:
                found.append([])
            asked += 1
    return found


def best_of(scores: Numbers, depth: int) -> NDArray[np.intp]:
    """Places of the best scores, best first, equal ones as they stand; none that is -inf."""
    order = np.argsort(-scores, kind="stable")[:depth]
    return order[np.isfinite(scores[order])]
