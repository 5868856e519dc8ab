"""The signals: what each of them says of every concept for a question, in standard deviations."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from agentmem.stores.concept.selection.asked import Asked
from agentmem.stores.concept.selection.corpus import Corpus
from agentmem.stores.concept.selection.neighbours import (
    TINY,
    divided,
    regressions,
    similarities,
    votes,
)
from agentmem.stores.concept.selection.policy import SelectionPolicy
from agentmem.stores.concept.selection.terms import Floats
from agentmem.stores.concept.selection.walks import kin, walked

FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "embedding": ("embedding",),
        "bm25": ("bm25",),
        "popularity": ("popularity",),
        "votes": ("vote", "nearest", "regression"),
        "words": ("words",),
        "co-use": ("walk", "kin"),
        "types": ("takes", "gives"),
    }
)
"""Signals by what they look at; where a policy has several of one, a number follows the name."""


def family(signal: str) -> str:
    """What a signal looks at: a key of `FAMILIES`; of any other part of a score, its own name."""
    name = signal.partition(" ")[0]
    return next((key for key, names in FAMILIES.items() if name in names), signal)


def plain_signals(corpus: Corpus, asked: Asked, policy: SelectionPolicy) -> dict[str, Floats]:
    """The single signals that a selection is measured by, as they are, each of the shape (q, n).

    `embedding`: the cosine; `bm25`; `popularity`: log(1 + uses); `vote`: problems vote for what they used,
    the more the more similar they are.
    """
    cosines = (asked.vectors @ corpus.concepts.vectors.T).astype(np.float64)
    return {
        "embedding": cosines,
        "bm25": (asked.stems @ corpus.concept_bm25(policy.k1, policy.b)).toarray(),
        "popularity": np.log1p(asked.uses(corpus)),
        "vote": _elected(corpus, votes(similarities(asked, policy), asked, policy.plainly)),
    }


def signals(
    corpus: Corpus, asked: Asked, policy: SelectionPolicy, plain: Mapping[str, Floats] | None = None
) -> dict[str, Floats]:
    """Every signal, standardised over the concepts of a question, each of the shape (q, n).

    Args:
        corpus: To select from.
        asked: The questions.
        policy: Which there are.
        plain: What `plain_signals` gave for them, where that is at hand.
    """
    plain = plain or plain_signals(corpus, asked, policy)
    uses = asked.uses(corpus)
    found = {name: plain[name] for name in ("embedding", "bm25", "popularity")}
    similar = similarities(asked, policy)
    for sharpness in policy.sharpness:
        elected = _elected(corpus, votes(similar, asked, sharpness))
        found[f"vote {sharpness:g}"] = _logarithm(elected, uses, policy)
    found["nearest"] = _nearest(corpus, similar, policy)
    for penalty, weights in zip(policy.penalties, regressions(corpus, asked, policy), strict=True):
        elected = _elected(corpus, weights)
        found[f"regression {penalty:g}"] = elected
        found[f"words {penalty:g}"] = _in_words(corpus, elected / np.maximum(uses, 1.0) ** policy.discount)
    found = {name: standardised(values) for name, values in found.items()}
    middle = f"vote {policy.sharpness[len(policy.sharpness) // 2]:g}"
    seeds = _chances(found["embedding"] + found["bm25"] + found[middle])
    step = walked(corpus, asked, seeds, uses)
    plugs = corpus.plugs
    beside = {
        "walk": _logarithm(step, uses, policy),
        "kin": kin(corpus, asked, seeds, uses),
        "takes": plugs.taken_by(seeds),
        "gives": plugs.taking(seeds),
    }
    return found | {name: standardised(values) for name, values in beside.items()}


def standardised(values: Floats) -> Floats:
    """Values less their mean, over their deviation, by row; 0 where all are equal."""
    if not values.shape[1]:
        return values
    off = values - values.mean(axis=1, keepdims=True)
    return divided(off, off.std(axis=1, keepdims=True))


def _elected(corpus: Corpus, by_problem: Floats) -> Floats:
    """What problems give to the concepts that they used, shape (q, n), of weights of the shape (q, m)."""
    return np.asarray((corpus.used_by_concept.T @ by_problem.T).T)


def _logarithm(elected: Floats, uses: Floats, policy: SelectionPolicy) -> Floats:
    """The logarithm of shares of what is given, smoothed by popularity."""
    given = np.maximum(elected, 0.0)
    shares = given / np.maximum(given.sum(axis=1, keepdims=True), TINY)
    popularity = uses / np.maximum(uses.sum(axis=1, keepdims=True), TINY)
    return np.asarray(np.log(shares + policy.smoothing * popularity + policy.floor))


def _nearest(corpus: Corpus, similar: Floats, policy: SelectionPolicy) -> Floats:
    """How similar the most similar problem is that used a concept, shape (q, n)."""
    by_concept = corpus.used_by_concept
    used = np.flatnonzero(np.diff(by_concept.indptr))
    found = np.full((len(similar), len(corpus.concepts)), policy.least)
    if len(used):
        starts = by_concept.indptr[used]
        found[:, used] = np.maximum.reduceat(similar[:, by_concept.indices], starts, axis=1)
    return np.asarray(found)


def _in_words(corpus: Corpus, elected: Floats) -> Floats:
    """How much a concept's words are those of the concepts that are given weight, shape (q, n)."""
    words = np.asarray((corpus.concept_directions.T @ elected.T).T)
    return np.asarray((corpus.concept_directions @ words.T).T)


def _chances(scores: Floats) -> Floats:
    """The softmax of scores, by row."""
    if not scores.shape[1]:
        return scores
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
