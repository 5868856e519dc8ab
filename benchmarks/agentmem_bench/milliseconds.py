"""Durations as they are told: quantiles and mean, in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

import numpy as np


def milliseconds(seconds: Sequence[float], percentiles: Sequence[int] = (50, 95)) -> dict[str, float] | None:
    """`p50` and so on, and `mean`, of durations in seconds; none of no durations."""
    if not seconds:
        return None
    found = np.quantile(seconds, [percentile / 100 for percentile in percentiles]) * 1e3
    told = {
        f"p{percentile}": round(float(value), 3) for percentile, value in zip(percentiles, found, strict=True)
    }
    return {**told, "mean": round(fmean(seconds) * 1e3, 3)}
