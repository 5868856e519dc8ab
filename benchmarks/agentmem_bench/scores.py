"""Rankings as scores: the metrics of every question, their means and intervals, what a step is worth."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentmem.errors import InvalidInput
from agentmem_bench.bootstrap import interval
from agentmem_bench.paired import Paired
from agentmem_bench.ranking import ndcg_at, recall_at, reciprocal_rank

MAIN = 10
"""The k of the ablation, and of nDCG."""
MAIN_RECALL = f"recall@{MAIN}"

Scores = dict[str, NDArray[np.float64]]
"""By metric, one value a question."""


def check(ks: Sequence[int]) -> None:
    """See to it that these can be the k of recall@k.

    Raises:
        InvalidInput: one is under 1.
    """
    if min(ks, default=MAIN) < 1:
        raise InvalidInput(f"k is {min(ks)}", "give numbers from 1 on: --k 5,10,20")


def ranking_scores(
    ranked: Sequence[Sequence[str]], relevant: Sequence[Collection[str]], ks: Sequence[int]
) -> Scores:
    """Every metric of every question, of what was found, best first, and what should have been."""
    pairs = list(zip(ranked, relevant, strict=True))
    found = {f"recall@{k}": [recall_at(k, *pair) for pair in pairs] for k in ks}
    found["mrr"] = [reciprocal_rank(*pair) for pair in pairs]
    found[f"ndcg@{MAIN}"] = [ndcg_at(MAIN, *pair) for pair in pairs]
    return {name: np.array(values) for name, values in found.items()}


def note_recalls(
    paired: Paired,
    units: Sequence[str],
    found: Mapping[str, Scores],
    of: str = "",
    *,
    every: str | None = "full",
) -> None:
    """Keep the main recall of each question in every ranking, and all recalls of the ranking `every`.

    Args:
        paired: Where to.
        units: Ids of the questions.
        found: The scores by ranking.
        of: What is recalled, or where, for the measures' names.
        every: The name of a ranking; none: none.
    """
    for name, scores in found.items():
        for metric, values in scores.items():
            if metric == MAIN_RECALL or (name == every and metric.startswith("recall@")):
                paired.note(f"{metric} {name}{of}", units, values)


def summary(scores: Scores, of: NDArray[np.bool_], *, every_interval: bool = False) -> dict[str, Any]:
    """Means over the questions `of`, shape (questions,); with the interval of the main recall, or of all."""
    told: dict[str, Any] = {"questions": int(of.sum())}
    for name, values in scores.items():
        told[name] = float(values[of].mean())
        if every_interval or name == MAIN_RECALL:
            told[f"{name}_ci95"] = list(interval(values[of]))
    return told


def ablation(step: str, full: Scores, without: Scores) -> dict[str, Any]:
    """What leaving out a step costs in recall; the interval is that of the paired differences."""
    loss = full[MAIN_RECALL] - without[MAIN_RECALL]
    mean = float(loss.mean())
    low, high = interval(loss)
    if not loss.any():
        says = f"leaving out {step} changes no {MAIN_RECALL} here"
    elif low > 0:
        says = f"leaving out {step} costs {mean:.3f}"
    elif high < 0:
        says = f"leaving out {step} does not hurt: it gains {-mean:.3f}"
    else:
        says = f"leaving out {step} does not hurt measurably"
    return {
        MAIN_RECALL: float(without[MAIN_RECALL].mean()),
        "loss": mean,
        "loss_ci95": [low, high],
        "questions_changed": int(np.count_nonzero(loss)),
        "says": says,
    }
