"""How far ratings can be trusted: agreement of a rater with itself and others, spread, quotes, failures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentmem.extras import check
from agentmem_bench.likebench.personas.schema import DIMENSIONS
from agentmem_bench.likebench.players import Ratings
from agentmem_bench.likebench.rows import Dialogue, Row

Coded = NDArray[np.float64]
"""Ratings, shape (coders, units); NaN where one does not apply or is missing."""


def check_installed() -> None:
    """See to it that agreement can be computed before a long run begins.

    Raises:
        Unavailable: the package krippendorff is not installed.
    """
    check("the agreement of raters", "bench", "krippendorff")


def trust(dialogues: Iterable[Dialogue]) -> dict[str, Any]:
    """What is known of the ratings of some dialogues.

    Returns:
        `retest`, of the repeats of the first rater, and `raters`, of all raters: each with Krippendorff's
        alpha (ordinal; Krippendorff 2011) overall and by dimension, the share of pairs that are equal, and
        the share of pairs that agree on whether a dimension applies;
        `spread`, the mean over ratings of the standard deviation of their repeats; `unquoted`, the share of
        reasons that quote what was not said; `failed`, what models did not do, by who asked them.
    """
    rows = [row for dialogue in dialogues for row in dialogue.turns]
    reasons = sum(len(row.reasons) for row in rows)
    repeated = [row for row in rows if len(row.repeats) > 1]
    shared = [row for row in rows if row.others]
    failed: dict[str, int] = {}
    for row in rows:
        for name in row.failures:
            failed[name] = failed.get(name, 0) + 1
    return {
        "retest": _agreement([row.repeats for row in repeated]),
        "spread": _spread(repeated),
        "raters": _agreement([(row.ratings, *row.others.values()) for row in shared]),
        "unquoted": sum(len(row.unquoted) for row in rows) / reasons if reasons else None,
        "failed": failed,
        "turns": len(rows),
    }


def _agreement(coded: Sequence[Sequence[Ratings]]) -> dict[str, Any] | None:
    """Alpha and equal pairs of ratings, each a row of coders; rows with too few coders are filled."""
    if not coded:
        return None
    width = max(len(row) for row in coded)
    tables = {dimension: _table(coded, dimension, width) for dimension in DIMENSIONS}
    whole = np.concatenate(list(tables.values()), axis=1)
    return {
        "alpha": alpha(whole),
        "dimensions": {dimension: alpha(table) for dimension, table in tables.items()},
        "equal": _equal(whole),
        "applies": _equal(np.isnan(whole).astype(float)),
        "coders": width,
    }


def _table(coded: Sequence[Sequence[Ratings]], dimension: Any, width: int) -> Coded:
    """The ratings of one dimension, of repeats their mean."""
    table = np.full((width, len(coded)), np.nan)
    for unit, row in enumerate(coded):
        for coder, ratings in enumerate(row):
            value = ratings.get(dimension)
            if value is not None:
                table[coder, unit] = value
    return table


def alpha(table: Coded) -> float | None:
    """Krippendorff's alpha at the ordinal level; none where no unit has two ratings, or all are alike."""
    import krippendorff

    pairable = table[:, (~np.isnan(table)).sum(axis=0) > 1]
    if not pairable.size or len(np.unique(pairable[~np.isnan(pairable)])) < 2:  # noqa: PLR2004  nothing varies
        return None
    return float(krippendorff.alpha(pairable, level_of_measurement="ordinal"))


def _equal(table: Coded) -> float | None:
    """The share of pairs of coders that say the same, of those pairs that both give a rating."""
    same, all_ = 0, 0
    for one, other in combinations(table, 2):
        both = ~np.isnan(one) & ~np.isnan(other)
        same += int((one[both] == other[both]).sum())
        all_ += int(both.sum())
    return same / all_ if all_ else None


def _spread(rows: Sequence[Row]) -> float | None:
    """The mean standard deviation of repeats, in levels, over ratings that apply in two repeats at least."""
    found = []
    for row in rows:
        for dimension in DIMENSIONS:
            given = [value for one in row.repeats if (value := one.get(dimension)) is not None]
            if len(given) > 1:
                found.append(float(np.std(given, ddof=1)))
    return float(np.mean(found)) if found else None


def decoys(dialogues: Iterable[Dialogue]) -> dict[str, Any] | None:
    """What worse replies gained: by decoy the ratings compared, how many rose, and the mean change."""
    changes: dict[str, list[float]] = {}
    for dialogue in dialogues:
        for row in dialogue.turns:
            for name, ratings in row.decoys.items():
                changes.setdefault(name, []).extend(_changes(row.ratings, ratings))
    told = {
        name: {
            "ratings": len(found),
            "raised": sum(change > 0 for change in found),
            "mean_change": float(np.mean(found)) if found else None,
        }
        for name, found in changes.items()
    }
    return told or None


def _changes(before: Ratings, after: Ratings) -> Iterable[float]:
    for dimension, value in before.items():
        other = after.get(dimension)
        if value is not None and other is not None:
            yield other - value
