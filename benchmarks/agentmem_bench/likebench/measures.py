"""What rated dialogues say: likability, how it grows, what is remembered, what noise does to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import linregress

from agentmem_bench.bootstrap import interval, ratio_interval
from agentmem_bench.likebench.personas.schema import DIMENSIONS, Dimension, Persona
from agentmem_bench.likebench.rows import Dialogue, Row

WORST, BEST = 1, 5
"""Ratings."""
SCALE = 100.0
CLEAN, NOISY = "clean", "noisy"
Points = NDArray[np.float64]


def points(ratings: Iterable[float | None]) -> float | None:
    """The mean of the ratings that apply, scaled to 0 to 100; none where none applies."""
    given = [rating for rating in ratings if rating is not None]
    return SCALE * (float(np.mean(given)) - WORST) / (BEST - WORST) if given else None


def likability(rows: Iterable[Row], dimension: Dimension | None = None) -> float | None:
    """Likability of turns, 0 to 100: over all ratings that apply, or those of one dimension."""
    return points(
        value for row in rows for name, value in row.ratings.items() if dimension is None or name == dimension
    )


def by_session(rows: Sequence[Row]) -> list[float | None]:
    """Likability of each session, the first one first."""
    last = max((row.session for row in rows), default=0)
    return [likability(row for row in rows if row.session == session) for session in range(1, last + 1)]


def adaptability(sessions: Sequence[float | None]) -> dict[str, float] | None:
    """The slope of likability over sessions, in points a session, and its R² (ordinary least squares)."""
    pairs = [(number, value) for number, value in enumerate(sessions, 1) if value is not None]
    if len(pairs) < 2:  # noqa: PLR2004  a line needs two
        return None
    fit = linregress(*zip(*pairs, strict=True))
    return {"slope": float(fit.slope), "r2": 0.0 if np.isnan(fit.rvalue) else float(fit.rvalue) ** 2}


def measured(dialogues: Sequence[Dialogue], personas: Mapping[str, Persona]) -> dict[str, Any]:
    """All figures of one system in one variant; intervals are over personas."""
    rows = [row for dialogue in dialogues for row in dialogue.turns]
    sessions = [mean(values) for values in zip_longest([by_session(one.turns) for one in dialogues])]
    return {
        "likability": estimate(dialogues, lambda one: likability(one.turns)),
        "dimensions": {
            dimension: estimate(dialogues, lambda one, name=dimension: likability(one.turns, name))
            for dimension in DIMENSIONS
        },
        "ratings": {
            dimension: sum(row.ratings.get(dimension) is not None for row in rows) for dimension in DIMENSIONS
        },
        "sessions": sessions,
        "adaptability": adaptability(sessions),
        "kinds": _by_kind(dialogues, personas),
        "memory": _memory(dialogues, personas),
        "seeds": _by_seed(dialogues),
        "turns": len(rows),
        "tokens": mean(row.tokens for row in rows),
        "seconds": {
            name: mean(row.seconds.get(name) for row in rows)
            for name in sorted({name for row in rows for name in row.seconds})
        },
    }


def estimate(dialogues: Sequence[Dialogue], value: Any) -> dict[str, Any] | None:
    """The mean over personas of each one's mean, with its 95% bootstrap interval over personas."""
    each = per_persona(dialogues, value)
    if not each:
        return None
    values = np.array(list(each.values()))
    return {"mean": float(values.mean()), "ci95": list(interval(values)) if len(values) > 1 else None}


def per_persona(dialogues: Sequence[Dialogue], value: Any) -> dict[str, float]:
    """The mean of a value over the dialogues of each persona, by its id."""
    found: dict[str, list[float]] = {}
    for one in dialogues:
        if (made := value(one)) is not None:
            found.setdefault(one.header.persona, []).append(made)
    return {persona: float(np.mean(values)) for persona, values in found.items()}


def _by_seed(dialogues: Sequence[Dialogue]) -> dict[str, Any]:
    """Likability by seed of the scripts, and its spread over them."""
    seeds = sorted({one.header.seed for one in dialogues})
    values = {
        str(seed): mean(likability(one.turns) for one in dialogues if one.header.seed == seed)
        for seed in seeds
    }
    given = [value for value in values.values() if value is not None]
    return {"likability": values, "spread": float(np.std(given, ddof=1)) if len(given) > 1 else None}


def _by_kind(dialogues: Sequence[Dialogue], personas: Mapping[str, Persona]) -> dict[str, Any]:
    kinds = sorted({persona.kind.name for persona in personas.values()})
    return {
        kind: estimate(
            [one for one in dialogues if personas[one.header.persona].kind.name == kind],
            lambda one: likability(one.turns),
        )
        for kind in kinds
    }


def _memory(dialogues: Sequence[Dialogue], personas: Mapping[str, Persona]) -> dict[str, Any]:
    """Which share of the facts is recalled, of those that were said and of those that only showed."""

    def share(one: Dialogue, kind: str | None = None) -> float | None:
        facts = {fact.id: fact for fact in personas[one.header.persona].facts}
        found = one.recalled.facts if one.recalled is not None else {}
        given = [held for id, held in found.items() if kind is None or facts[id].kind == kind]
        return SCALE * sum(given) / len(given) if given else None

    return {
        "accuracy": estimate(dialogues, share),
        "explicit": estimate(dialogues, lambda one: share(one, "explicit")),
        "implicit": estimate(dialogues, lambda one: share(one, "implicit")),
        "facts": mean(len(personas[one.header.persona].facts) for one in dialogues),
        "held": mean(one.recalled.held for one in dialogues if one.recalled is not None),
    }


def robustness(clean: Sequence[Dialogue], noisy: Sequence[Dialogue]) -> dict[str, Any] | None:
    """Likability in long and noisy sessions over that in short and clean ones, of the same personas."""
    short = per_persona(clean, lambda one: likability(one.turns))
    long = per_persona(noisy, lambda one: likability(one.turns))
    both = [(long[persona], short[persona]) for persona in short if persona in long and short[persona] > 0]
    if not both:
        return None
    pairs = np.array(both)
    ratio = float(pairs[:, 0].mean() / pairs[:, 1].mean())
    return {"ratio": ratio, "ci95": list(ratio_interval(pairs)) if len(pairs) > 1 else None}


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of what is there; none where nothing is."""
    given = [value for value in values if value is not None]
    return float(np.mean(given)) if given else None


def zip_longest(rows: Sequence[Sequence[float | None]]) -> list[list[float | None]]:
    """Columns of rows that may differ in length."""
    width = max((len(row) for row in rows), default=0)
    return [[row[place] for row in rows if place < len(row)] for place in range(width)]
