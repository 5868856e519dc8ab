"""Fitting a floor: the highest that loses few answers, and its errors on questions fitted on and held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]

FOLDS = 10
REPEATS = 20


@dataclass(frozen=True)
class Errors:
    """Shares of questions: answerable ones that get nothing, unanswerable ones that get an answer."""

    false_nothing: float
    false_answer: float


def errors(relevance: Scores, answerable: Labels, floor: float) -> Errors:
    """The errors of `floor` on questions whose best relevance is `relevance`, shape (n,)."""
    return Errors(
        float((relevance[answerable] < floor).mean()), float((relevance[~answerable] >= floor).mean())
    )


def fit(relevance: Scores, answerable: Labels, allowed: float) -> float:
    """The highest floor under which at most the share `allowed` of the answerable questions falls.

    It lies half way between the least relevance that must pass and the next lower one of any question,
    so that it hangs on neither.
    """
    must_pass = float(np.sort(relevance[answerable])[int(allowed * answerable.sum())])
    lower = relevance[relevance < must_pass]
    return (must_pass + float(lower.max())) / 2 if len(lower) else must_pass


def cross_validated(relevance: Scores, answerable: Labels, allowed: float, seed: int) -> Errors:
    """The errors on held-out questions: stratified folds, the floor fitted on all others, repeated."""
    random = np.random.default_rng(seed)
    total = np.zeros(2)
    for _ in range(REPEATS):
        fold = np.empty(len(relevance), int)
        for kind in (answerable, ~answerable):
            count = int(kind.sum())
            fold[kind] = random.permutation(np.arange(count) % min(FOLDS, count))
        for number in range(fold.max() + 1):
            held = fold == number
            floor = fit(relevance[~held], answerable[~held], allowed)
            total += (
                (relevance[held & answerable] < floor).sum() / answerable.sum(),
                (relevance[held & ~answerable] >= floor).sum() / (~answerable).sum(),
            )
    return Errors(*(float(share) for share in total / REPEATS))


def separation(relevance: Scores, answerable: Labels) -> float:
    """The chance that an answerable question is more relevant than an unanswerable one (ROC AUC)."""
    difference = relevance[answerable][:, None] - relevance[~answerable][None, :]
    return float((difference > 0).mean() + (difference == 0).mean() / 2)
