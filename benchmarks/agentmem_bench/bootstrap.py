"""Percentile bootstrap intervals of a mean, over questions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DRAWS = 2_000
SEED = 0
LEVEL = 0.95


def ratio_interval(
    pairs: NDArray[np.float64], *, draws: int = DRAWS, seed: int = SEED
) -> tuple[float, float]:
    """The same of the ratio of the means of two columns; `pairs` has the shape (n, 2), n > 0."""
    random = np.random.default_rng(seed)
    means = np.array([pairs[random.integers(0, len(pairs), len(pairs))].mean(axis=0) for _ in range(draws)])
    low, high = np.quantile(means[:, 0] / means[:, 1], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def interval(values: NDArray[np.float64], *, draws: int = DRAWS, seed: int = SEED) -> tuple[float, float]:
    """The 95% percentile interval (Efron and Tibshirani 1993, chapter 13) of the mean of `values`.

    `values` has the shape (n,), n > 0. Of the differences of two systems on the same questions it is the
    paired interval.
    """
    random = np.random.default_rng(seed)
    means = [values[random.integers(0, len(values), len(values))].mean() for _ in range(draws)]
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
