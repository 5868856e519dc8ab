"""Precision and recall of findings, by aspect and over all, with intervals over sentences."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.profile.aspects import ASPECTS
from agentmem_bench.bootstrap import DRAWS, LEVEL, SEED

RATES = ("precision", "recall")
NAMES: tuple[str, ...] = tuple(ASPECTS)

Counts = NDArray[np.float64]
Flags = NDArray[np.bool_]


def flags(found: Sequence[Collection[str]]) -> Flags:
    """Which aspects each text has, shape (texts, aspects)."""
    return np.array([[name in some for name in NAMES] for some in found], np.bool_)


def by_aspect(true: Flags, found: Flags) -> dict[str, dict[str, Any]]:
    """Sentences, findings, precision and recall of each aspect that sentences are about."""
    hits = (true & found).sum(axis=0)
    told = {}
    for place, name in enumerate(NAMES):
        about, taken = int(true[:, place].sum()), int(found[:, place].sum())
        if about:
            told[name] = {
                "sentences": about,
                "found": taken,
                "precision": _share(int(hits[place]), taken),
                "recall": _share(int(hits[place]), about),
            }
    return told


def over_all(true: Flags, found: Flags, seed: int = SEED) -> dict[str, dict[str, Any]]:
    """Micro averages, over findings and sentences, and macro averages, over aspects that sentences are about.

    The intervals are 95% percentile intervals; what is drawn are sentences, those about nothing among them.
    """
    draws = np.random.default_rng(seed).multinomial(len(true), [1 / len(true)] * len(true), size=DRAWS)
    once = np.ones((1, len(true)))
    point, drawn = (_averages(weights.astype(float), true, found) for weights in (once, draws))
    told: dict[str, dict[str, Any]] = {}
    for kind, rates in point.items():
        told[kind] = {}
        for rate, (value,) in rates.items():
            told[kind][rate] = None if np.isnan(value) else float(value)
            told[kind][f"{rate}_ci95"] = _interval(drawn[kind][rate])
    return told


def _averages(weights: Counts, true: Flags, found: Flags) -> dict[str, dict[str, Counts]]:
    """Averages where each sentence counts so often, `weights` of shape (draws, sentences); (draws,) each."""
    asked = true.any(axis=0)
    hits, about, taken = (weights @ flag.astype(float) for flag in (true & found, true, found))
    sums = [counts.sum(axis=1) for counts in (hits, about, taken)]
    return {
        "micro": {"precision": _ratio(sums[0], sums[2]), "recall": _ratio(sums[0], sums[1])},
        "macro": {
            "precision": _mean(_ratio(hits[:, asked], taken[:, asked])),
            "recall": _mean(_ratio(hits[:, asked], about[:, asked])),
        },
    }


def _ratio(some: Counts, of: Counts) -> Counts:
    """Shares; nan where there is nothing to have a share of."""
    return np.divide(some, of, out=np.full_like(some, np.nan), where=of > 0)


def _mean(rates: Counts) -> Counts:
    """The mean of each row's rates that there are."""
    there = ~np.isnan(rates)
    return _ratio(np.where(there, rates, 0.0).sum(axis=1), there.sum(axis=1).astype(float))


def _interval(values: Counts) -> list[float] | None:
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return [float(low), float(high)]


def _share(some: int, of: int) -> float | None:
    return some / of if of else None
