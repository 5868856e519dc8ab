"""How well memories recalled what mattered: precision, recall and F1 at k, expired items, all by age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentmem_bench.bootstrap import interval
from agentmem_bench.layered.data import Stream

BANDS: Mapping[str, float] = {
    "≤ 1 day": 1,
    "≤ 1 week": 7,
    "≤ 1 month": 30,
    "≤ 1 quarter": 91,
    "≤ 1 year": 366,
    "older": float("inf"),
}
"""Ages of items at the time of a query: the band's name, and the days up to which it reaches."""
MAIN_K = 10
"""The k that is fitted for and compared by."""
METRICS = ("precision", "recall", "f1", "expired_share", "expired_recalled")
DIGITS = 4


@dataclass
class Band:
    """Counts of items of some ages, over the queries of a stream."""

    relevant: int = 0
    recalled: int = 0
    right: int = 0

    def added(self, other: Band) -> Band:
        """The sum."""
        return Band(self.relevant + other.relevant, self.recalled + other.recalled, self.right + other.right)


@dataclass(frozen=True)
class Score:
    """One memory on one stream at one k.

    Attributes:
        precision: Share of what was recalled that is relevant, mean over queries that have relevant items; 0
            where nothing was recalled.
        recall: Share of what is relevant that was recalled, mean over the same.
        f1: Their harmonic mean, of each query, mean over the same.
        expired_share: Share of what was recalled that is expired, over all queries.
        expired_recalled: Share of what is expired that was recalled, over all queries.
        returned: How many items a recall gave, mean over all queries.
        bands: Counts by age.
    """

    precision: float
    recall: float
    f1: float
    expired_share: float
    expired_recalled: float
    returned: float
    bands: Mapping[str, Band] = field(default_factory=dict)


def scored(stream: Stream, ranked: Sequence[Sequence[str]], k: int) -> Score:
    """The score of rankings, ids of items, best first, one for each query of the stream in its order."""
    times = {item.item: item.time for item in stream.items}
    rows: list[tuple[float, float, float]] = []
    bands = {name: Band() for name in BANDS}
    recalled = expired = stale = 0
    for query, ids in zip(stream.queries, ranked, strict=True):
        found, relevant, over = set(ids[:k]), set(query.relevant), set(query.expired)
        if relevant:
            rows.append(_row(len(found & relevant), len(found), len(relevant)))
        recalled, expired, stale = recalled + len(found), expired + len(over), stale + len(found & over)
        for id in found | relevant:
            band = bands[band_of(query.time - times[id])]
            band.relevant += id in relevant
            band.recalled += id in found
            band.right += id in found and id in relevant
    precision, recall, f1 = np.mean(rows, axis=0).tolist() if rows else (0.0, 0.0, 0.0)
    return Score(
        precision=precision,
        recall=recall,
        f1=f1,
        expired_share=stale / max(recalled, 1),
        expired_recalled=stale / max(expired, 1),
        returned=recalled / max(len(ranked), 1),
        bands=bands,
    )


def _row(right: int, recalled: int, relevant: int) -> tuple[float, float, float]:
    return right / max(recalled, 1), right / relevant, 2 * right / (recalled + relevant)


def band_of(age: timedelta) -> str:
    """The name of the band of an age."""
    days = age / timedelta(days=1)
    return next(name for name, most in BANDS.items() if days <= most)


def summed(scores: Sequence[Score]) -> dict[str, Any]:
    """Means over streams, the 95% interval of F1 over streams, where there are several, and all by age."""
    told: dict[str, Any] = {
        metric: _mean(getattr(score, metric) for score in scores) for metric in (*METRICS, "returned")
    }
    told["f1_ci95"] = _interval([score.f1 for score in scores])
    told["by_age"] = {name: _told(_total(score.bands[name] for score in scores)) for name in BANDS}
    return told


def difference(own: Sequence[Score], other: Sequence[Score]) -> dict[str, Any]:
    """By how much the F1 of `own` is above that of `other` on the same streams, with its paired interval."""
    found = [one.f1 - two.f1 for one, two in zip(own, other, strict=True)]
    return {"f1": _mean(found), "ci95": _interval(found)}


def _interval(values: list[float]) -> list[float] | None:
    if len(values) < 2:  # noqa: PLR2004 - one stream says nothing of others
        return None
    return [round(bound, DIGITS) for bound in interval(np.array(values))]


def _mean(values: Iterable[float]) -> float:
    found: NDArray[np.float64] = np.array(list(values))
    return round(float(found.mean()), DIGITS)


def _total(bands: Iterable[Band]) -> Band:
    total = Band()
    for band in bands:
        total = total.added(band)
    return total


def _told(band: Band) -> dict[str, Any]:
    """Shares of a band; none where it has nothing to be a share of."""
    both = band.recalled + band.relevant
    return {
        "relevant": band.relevant,
        "recalled": band.recalled,
        "precision": round(band.right / band.recalled, DIGITS) if band.recalled else None,
        "recall": round(band.right / band.relevant, DIGITS) if band.relevant else None,
        "f1": round(2 * band.right / both, DIGITS) if both else None,
    }
