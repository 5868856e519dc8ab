"""The fit, the policy as it stands, and a check on data that was never fitted on, as one JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agentmem.config import Settings
from agentmem.retrieval.policy import DEFAULT
from agentmem_bench.bootstrap import SEED
from agentmem_bench.floor import memories
from agentmem_bench.floor.data import Labels
from agentmem_bench.floor.fit import FOLDS, REPEATS, Floor, cross_validated, errors, fit, separation
from agentmem_bench.floor.relevance import Asked, relevances
from agentmem_bench.locomo.data import Dataset
from agentmem_bench.paired import Paired, digest
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

SCHEMA = "agentmem.bench.floor/1"
WEIGHTS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
"""Of the cosine beside the coverage."""
GROWTHS = (0.0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35)
"""Of the floor, for ten times the records."""
ALLOWED = 0.03
"""The share of answerable questions that a fitted floor may lose: a lost answer is worse than a wrong hit."""
LOST = 3.0
"""What a lost answer counts beside a wrong hit, where the best of the grid is chosen."""
TRADES = (0.0, 0.01, 0.03, 0.05, 0.1)
"""Other shares, to show what they would buy."""

STANDING = Floor(DEFAULT.floor_cosine, float(getattr(DEFAULT, "floor_growth", 0.0)), DEFAULT.floor)
"""The policy as it stands."""


@dataclass(frozen=True)
class Askings:
    """n questions to memories, as columns of shape (n,); `relevance` by weight of the cosine."""

    relevance: Mapping[float, NDArray[np.float64]]
    answerable: NDArray[np.bool_]
    question: NDArray[np.int64]
    records: NDArray[np.float64]
    size: NDArray[np.int64]


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
    blocks, asked, of_size = memories.cut(labels, SEED)
    weights = sorted({*WEIGHTS, STANDING.cosine})
    found = relevances(blocks, asked, weights, embedder, settings, watch)
    askings = _askings(asked, [len(block.turns) for block in blocks], weights, found, of_size)
    grid = [_fitted(askings, weight, growth) for weight in weights for growth in GROWTHS]
    best = min(grid, key=lambda entry: _regret(entry["held_out"]))
    chosen = Floor(best["floor_cosine"], best["floor_growth"], best["floor"])
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "data": {
            "turns": len(labels.chat.turns),
            "memories": memories.sizes(labels),
            "answerable": sum(each.answerable for each in labels.questions),
            "unanswerable": sum(not each.answerable for each in labels.questions),
            "sha256": digest(
                [turn.text for turn in labels.chat.turns]
                + [f"{each.answerable} {each.question}" for each in labels.questions]
            ),
        },
        "embedder": embedder.name,
        "allowed_false_nothing": ALLOWED,
        "cross_validation": {"folds": FOLDS, "repeats": REPEATS},
        "policy": _told(STANDING) | _errors(askings, STANDING),
        "best": best | {"by_size": _errors(askings, chosen)["by_size"]},
        "grid": grid,
        "trades": [_traded(askings, chosen, allowed) for allowed in TRADES],
    }
    if check is not None:
        result["check"] = _check(check, chosen, embedder, settings, watch)
    paired = _paired(askings, {"policy": STANDING, "best": chosen})
    return {**result, **provenance(SEED), "paired": paired.told()}


def _askings(
    asked: Sequence[Asked],
    records: Sequence[int],
    weights: Sequence[float],
    found: NDArray[np.float64],
    of_size: Sequence[int],
) -> Askings:
    return Askings(
        relevance=dict(zip(weights, found.T, strict=True)),
        answerable=np.array([each.answerable for each in asked]),
        question=np.array([each.question for each in asked]),
        records=np.array([records[each.memory] for each in asked], float),
        size=np.array(of_size),
    )


def _fitted(askings: Askings, weight: float, growth: float) -> dict[str, Any]:
    """The floor of this form that fits, and its errors over memories of all sizes."""
    relevance = askings.relevance[weight] - growth * np.log10(askings.records)
    base = fit(relevance, askings.answerable, ALLOWED)
    held_out = cross_validated(relevance, askings.answerable, askings.question, ALLOWED, SEED)
    return {
        **_told(Floor(weight, growth, base)),
        **asdict(errors(relevance, askings.answerable, base)),
        "held_out": asdict(held_out),
        "auc": separation(relevance, askings.answerable),
    }


def _told(floor: Floor) -> dict[str, float]:
    return {"floor_cosine": floor.cosine, "floor_growth": floor.growth, "floor": floor.base}


def _regret(held_out: dict[str, float]) -> float:
    return LOST * held_out["false_nothing"] + held_out["false_answer"]


def _errors(askings: Askings, floor: Floor) -> dict[str, Any]:
    """The errors of a floor, over all memories and by their size."""
    relevance, bar = askings.relevance[floor.cosine], floor.at(askings.records)
    by_size = {}
    for size in np.unique(askings.size):
        of = askings.size == size
        by_size[str(size)] = asdict(errors(relevance[of], askings.answerable[of], bar[of]))
    return {**asdict(errors(relevance, askings.answerable, bar)), "by_size": by_size}


def _paired(askings: Askings, floors: Mapping[str, Floor]) -> Paired:
    """The errors of floors by question, each the share of the memories that it was asked of."""
    kept = Paired()
    for name, floor in floors.items():
        nothing = askings.relevance[floor.cosine] < floor.at(askings.records)
        for error, wrong, of in (
            ("false nothing", nothing, askings.answerable),
            ("false answer", ~nothing, ~askings.answerable),
        ):
            numbers = np.unique(askings.question[of])
            shares = [float(wrong[askings.question == number].mean()) for number in numbers]
            kept.note(f"{error} {name}", map(str, numbers), shares)
    return kept


def _traded(askings: Askings, floor: Floor, allowed: float) -> dict[str, Any]:
    relevance = askings.relevance[floor.cosine] - floor.growth * np.log10(askings.records)
    base = fit(relevance, askings.answerable, allowed)
    return {"floor": base, **asdict(errors(relevance, askings.answerable, base))}


def _check(
    data: Dataset, best: Floor, embedder: Embedder, settings: Settings, watch: Watch
) -> dict[str, Any]:
    asked = [
        Asked(question.conversation, question.text, number, True)
        for number, question in enumerate(data.asked)
    ]
    weights = [STANDING.cosine, best.cosine]
    found = relevances(data.conversations, asked, weights, embedder, settings, watch)
    records = np.array([len(data.conversations[each.memory].turns) for each in asked], float)
    return {
        "questions": len(asked),
        "nothing_by_policy": float((found[:, 0] < STANDING.at(records)).mean()),
        "nothing_by_best": float((found[:, 1] < best.at(records)).mean()),
    }
