"""Constants of selection and of its calibration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SelectionPolicy:
    """How concepts are scored for a question, and how the weights of their signals are found.

    What is given without a source was chosen on generated data of few hubs and of many
    (`agentmem bench concepts`).

    Attributes:
        k1: Saturation of term frequency of BM25 (Robertson and Zaragoza 2009, section 3.4).
        b: Weight of text length of BM25, same section.
        sharpness: Of votes of similar problems, `exp(s z)`, z the standardised similarity; a signal each.
        plainly: The same of the vote that stands alone, by which a selection is measured.
        penalties: Of the regression on problems (kernel ridge; Saunders et al. 1998), a signal each.
        regressed: Problems that the regression looks back on, the latest.
        smoothing: Share of the popularity in a vote before its logarithm is taken (Zhai and Lafferty 2001,
            Jelinek-Mercer smoothing).
        floor: Least share of votes of a concept, so that it has a logarithm.
        least: Similarity, in standard deviations, below which a problem is as far as any.
        discount: Exponent of the uses that votes are divided by, where a concept's words are voted for.
        tail: Concepts of at most so many uses are weighed apart from the others.
        ranks: Constant of reciprocal rank fusion (Cormack et al. 2009).
        past: Problems of the past that weights are found on, at most.
        fewest: Problems of the past below which weights are not looked for.
        pool: Best concepts of each signal that a problem of the past is asked about.
        others: Concepts besides, evenly spread, that stand for all the rest.
        shrinkage: Pull of the weights to those without a past, over the problems of the past.
        leaning: How many times as much a concept of the tail counts in the fit.
        offsets: Added to the score of concepts of the tail; the one that pays is taken.
        folds: Parts of the past, each of which is judged by weights found on the others.
        cutoffs: The k of recall@k by which weights are judged.
        margin: Share of recall above the best single signal by which more of it is worth e times less.
        priority: How many times as much it is worth to be above it on all concepts as on the tail.
        growth: Weights are due anew once the past is so many times as long.
        outcome: Of a score: what is added to concepts that always helped, and taken from those that harmed.
        doubt: Outcomes without a tendency that each concept is taken to have had.
    """

    k1: float = 1.2
    b: float = 0.75
    sharpness: tuple[float, ...] = (2.0,)
    plainly: float = 1.0
    penalties: tuple[float, ...] = (2.0,)
    regressed: int = 512
    smoothing: float = 0.1
    floor: float = 1e-5
    least: float = -3.0
    discount: float = 0.5
    tail: int = 10
    ranks: int = 60
    past: int = 200
    fewest: int = 5
    pool: int = 30
    others: int = 100
    shrinkage: float = 3.0
    leaning: float = 3.0
    offsets: tuple[float, ...] = (-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0)
    folds: int = 4
    cutoffs: tuple[int, ...] = (5, 10, 20)
    margin: float = 0.05
    priority: float = 4.0
    growth: float = 1.1
    outcome: float = 1.0
    doubt: float = 4.0
