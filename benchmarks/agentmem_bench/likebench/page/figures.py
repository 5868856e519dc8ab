"""The figures of every dialogue in short, of which the page makes its tables and plots for any selection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from agentmem_bench.likebench.personas.schema import DIMENSIONS, Persona
from agentmem_bench.likebench.rows import Dialogue

DIGITS = 6
"""Of a sum, after the point: ratings may be means of repeats."""


def figures_of(dialogue: Dialogue, persona: Persona) -> dict[str, Any]:
    """Sums and counts, from which every figure of `measures` can be had.

    Returns:
        `sums` and `counts` of ratings, by session and in it by dimension, one after the other; and pairs:
        `tokens` and `recall` (seconds) with the turns that have them, `said` and `shown`: facts that were
        recalled of those asked for; `held`: records of the system, none where it is not known.
    """
    sessions = max((row.session for row in dialogue.turns), default=0)
    sums = np.zeros((sessions, len(DIMENSIONS)))
    counts = np.zeros((sessions, len(DIMENSIONS)), dtype=int)
    for row in dialogue.turns:
        for place, dimension in enumerate(DIMENSIONS):
            rating = row.ratings.get(dimension)
            if rating is not None:
                sums[row.session - 1, place] += rating
                counts[row.session - 1, place] += 1
    kinds = {fact.id: fact.kind for fact in persona.facts}
    recalled = dialogue.recalled
    found = recalled.facts if recalled is not None else {}
    return {
        "sums": [short(value) for value in sums.ravel().tolist()],
        "counts": counts.ravel().tolist(),
        "tokens": _sum(row.tokens for row in dialogue.turns),
        "recall": _sum(row.seconds.get("recall") for row in dialogue.turns),
        "said": _sum(held for id, held in found.items() if kinds.get(id) == "explicit"),
        "shown": _sum(held for id, held in found.items() if kinds.get(id) == "implicit"),
        "held": None if recalled is None else recalled.held,
    }


def short(value: float) -> float:
    """A number without digits that nobody needs."""
    return int(value) if value == int(value) else round(value, DIGITS)


def _sum(values: Iterable[float | None]) -> list[float]:
    given = [value for value in values if value is not None]
    return [short(float(sum(given))), len(given)]
