"""Ranking metrics of one question: recall@k, reciprocal rank, nDCG@k; relevance is yes or no."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import log2


def recall_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """The share of `relevant` (at least one) that stands among the first `k` of `ranked`, distinct ids."""
    return sum(1 for id in ranked[:k] if id in relevant) / len(relevant)


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """1 / the rank of the first relevant id; 0 where there is none."""
    return next((1 / rank for rank, id in enumerate(ranked, 1) if id in relevant), 0.0)


def ndcg_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002) with gains of 0 and 1."""
    gain = sum(1 / log2(rank + 1) for rank, id in enumerate(ranked[:k], 1) if id in relevant)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    return gain / ideal
