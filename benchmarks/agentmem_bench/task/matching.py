"""Which of an engine's slots is which of the truth's: by title or alias, then by meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from agentmem_bench.task.normal_form import normal_form

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Unit vectors of texts, shape (n, d); zeros for a text without words."""

FLOOR = 0.4
"""The least likeness at which two titles may name the same slot."""


def match(
    titles: Mapping[str, str], aliases: Mapping[str, Sequence[str]], embed: Embed | None = None
) -> dict[str, str]:
    """Match slots one to one so that the sum of likenesses is greatest.

    Args:
        titles: The engine's slots: title by id.
        aliases: The truth's slots: accepted titles by key.
        embed: Gives the likeness in meaning; without it words alone are compared.

    Returns:
        The truth's key by the engine's id, where the two are alike enough.
    """
    from scipy.optimize import linear_sum_assignment

    ids, keys = list(titles), list(aliases)
    if not ids or not keys:
        return {}
    like = np.array([[_by_words(titles[one], aliases[key]) for key in keys] for one in ids])
    if embed is not None:
        like = np.maximum(
            like, _by_meaning([titles[one] for one in ids], [aliases[key] for key in keys], embed)
        )
    rows, columns = linear_sum_assignment(np.where(like < FLOOR, 0.0, like), maximize=True)
    return {
        ids[row]: keys[column]
        for row, column in zip(rows, columns, strict=True)
        if like[row, column] >= FLOOR
    }


def _by_words(title: str, aliases: Sequence[str]) -> float:
    """2 for a title that is accepted, else how far its words cover those of an alias, up to 0.9."""
    mine = normal_form(title)
    if mine in map(normal_form, aliases):
        return 2.0
    words = set(mine.split())
    theirs = [set(normal_form(alias).split()) for alias in aliases]
    return max(
        (
            0.9 * len(words & those) / len(those | words) ** 0.5 / len(those) ** 0.5
            for those in theirs
            if those
        ),
        default=0.0,
    )


def _by_meaning(titles: Sequence[str], aliases: Sequence[Sequence[str]], embed: Embed) -> NDArray[np.float64]:
    vectors = embed([*titles, *(alias for some in aliases for alias in some)])
    near = vectors[: len(titles)] @ vectors[len(titles) :].T
    ends = np.cumsum([len(some) for some in aliases])
    columns = [near[:, end - len(some) : end].max(axis=1) for some, end in zip(aliases, ends, strict=True)]
    return np.stack(columns, axis=1).astype(np.float64)
