"""Fitting a floor: the highest that loses few answers, and its errors on questions fitted on and held out.

The floor grows with the memory: `base + growth × log10(records)`, since the best of many is higher by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Labels = NDArray[np.bool_]

FOLDS = 10
REPEATS = 20


@dataclass(frozen=True)
class Floor:
    """A floor, with the weight of the cosine in the relevance that it stands for."""

    cosine: float
    growth: float
    base: float

    def at(self, records: Values) -> Values:
        """The floor in memories of so many `records`."""
        return self.base + self.growth * np.log10(records)


@dataclass(frozen=True)
class Errors:
    """Shares of questions: answerable ones that get nothing, unanswerable ones that get an answer."""

    false_nothing: float
    false_answer: float


def errors(relevance: Values, answerable: Labels, floor: Values | float) -> Errors:
    """The errors of a floor on questions whose best relevance is `relevance`, all of shape (n,)."""
    nothing = relevance < floor
    return Errors(float(nothing[answerable].mean()), float((~nothing[~answerable]).mean()))


def fit(relevance: Values, answerable: Labels, allowed: float) -> float:
    """The highest floor under which at most the share `allowed` of the answerable questions falls.

    It lies half way between the least relevance that must pass and the next lower one of any question,
    so that it hangs on neither.
    """
    must_pass = float(np.sort(relevance[answerable])[int(allowed * answerable.sum())])
    lower = relevance[relevance < must_pass]
    return (must_pass + float(lower.max())) / 2 if len(lower) else must_pass


def cross_validated(
    relevance: Values, answerable: Labels, question: NDArray[np.int64], allowed: float, seed: int
) -> Errors:
    """The errors on held-out questions: stratified folds of questions, the floor fitted on the others.

    Args:
        relevance: Of each asking, shape (n,).
        answerable: Of each asking, shape (n,).
        question: Which question was asked; all its askings are held out together, shape (n,).
        allowed: As for `fit`.
        seed: Of the folds.
    """
    random = np.random.default_rng(seed)
    total = np.zeros(2)
    for _ in range(REPEATS):
        fold = np.zeros(int(question.max()) + 1, int)
        for kind in (answerable, ~answerable):
            numbers = np.unique(question[kind])
            fold[numbers] = random.permutation(np.arange(len(numbers)) % min(FOLDS, len(numbers)))
        held_fold = fold[question]
        for number in range(int(fold.max()) + 1):
            held = held_fold == number
            floor = fit(relevance[~held], answerable[~held], allowed)
            total += (
                (relevance[held & answerable] < floor).sum() / answerable.sum(),
                (relevance[held & ~answerable] >= floor).sum() / (~answerable).sum(),
            )
    return Errors(*(float(share) for share in total / REPEATS))


def separation(relevance: Values, answerable: Labels) -> float:
    """The chance that an answerable question is more relevant than an unanswerable one (ROC AUC)."""
    difference = relevance[answerable][:, None] - relevance[~answerable][None, :]
    return float((difference > 0).mean() + (difference == 0).mean() / 2)
