"""The fit, the policy as it stands, and a check on data that was never fitted on, as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from agentmem.config import Settings
from agentmem.retrieval.policy import DEFAULT
from agentmem_bench.bootstrap import SEED
from agentmem_bench.floor.data import Labels
from agentmem_bench.floor.fit import FOLDS, REPEATS, cross_validated, errors, fit, separation
from agentmem_bench.floor.relevance import relevances
from agentmem_bench.locomo.data import Dataset
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder
    from agentmem.retrieval.policy import RetrievalPolicy

SCHEMA = "agentmem.bench.floor/1"
GRID = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
"""Weights of the cosine beside the coverage."""
ALLOWED = 0.03
"""The share of answerable questions that a fitted floor may lose: a lost answer is worse than a wrong hit."""
TRADES = (0.0, 0.01, 0.03, 0.05, 0.1)
"""Other shares to show what they would buy."""


def measure(
    labels: Labels,
    check: Dataset | None = None,
    *,
    embedder: Embedder | None = None,
    settings: Settings | None = None,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """Fit the floor on `labels`; tell its errors, those of the policy, and what both do to `check`.

    Args:
        labels: A chat and labelled questions.
        check: Conversations with questions that they answer: how many would get nothing. Never fitted on.
        embedder: An embedder; none: the one that the settings name.
        settings: Settings; none: those of the environment.
        watch: Told how far it is.
    """
    settings = settings or Settings()
    if embedder is None:
        from agentmem.embedders import open_embedder

        embedder = open_embedder(settings)
    weights = sorted({*GRID, DEFAULT.floor_cosine})
    policies = [DEFAULT.model_copy(update={"floor_cosine": weight}) for weight in weights]
    asked = [(0, each.question) for each in labels.questions]
    relevance = relevances([labels.chat], asked, policies, embedder, settings, watch)
    answerable = np.array([each.answerable for each in labels.questions])
    grid = []
    for place, weight in enumerate(weights):
        column = relevance[:, place]
        floor = fit(column, answerable, ALLOWED)
        grid.append(
            {
                "floor_cosine": weight,
                "floor": floor,
                **asdict(errors(column, answerable, floor)),
                "held_out": asdict(cross_validated(column, answerable, ALLOWED, SEED)),
                "auc": separation(column, answerable),
            }
        )
    standing = weights.index(DEFAULT.floor_cosine)
    chosen = min(range(len(grid)), key=lambda place: _regret(grid[place]))
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "data": {
            "turns": len(labels.chat.turns),
            "answerable": int(answerable.sum()),
            "unanswerable": int((~answerable).sum()),
        },
        "embedder": embedder.name,
        "allowed_false_nothing": ALLOWED,
        "cross_validation": {"folds": FOLDS, "repeats": REPEATS},
        "policy": {
            "floor_cosine": DEFAULT.floor_cosine,
            "floor": DEFAULT.floor,
            **asdict(errors(relevance[:, standing], answerable, DEFAULT.floor)),
        },
        "best": grid[chosen],
        "grid": grid,
        "trades": [
            _trade(relevance[:, standing], answerable, allowed, weights[standing]) for allowed in TRADES
        ],
    }
    if check is not None:
        places = (standing, chosen)
        result["check"] = _check(
            check, [policies[place] for place in places], grid[chosen], embedder, settings, watch
        )
    return {**result, **provenance(SEED)}


def _regret(entry: dict[str, Any]) -> float:
    """Both errors on held-out questions; a lost answer counts threefold."""
    held_out = entry["held_out"]
    return float(3 * held_out["false_nothing"] + held_out["false_answer"])


def _trade(column: Any, answerable: Any, allowed: float, weight: float) -> dict[str, Any]:
    floor = fit(column, answerable, allowed)
    return {"floor_cosine": weight, "floor": floor, **asdict(errors(column, answerable, floor))}


def _check(
    data: Dataset,
    policies: Sequence[RetrievalPolicy],
    best: dict[str, Any],
    embedder: Embedder,
    settings: Settings,
    watch: Watch,
) -> dict[str, Any]:
    asked = [(question.conversation, question.text) for question in data.asked]
    relevance = relevances(data.conversations, asked, policies, embedder, settings, watch)
    return {
        "questions": len(asked),
        "nothing_by_policy": float((relevance[:, 0] < DEFAULT.floor).mean()),
        "nothing_by_best": float((relevance[:, 1] < best["floor"]).mean()),
    }
