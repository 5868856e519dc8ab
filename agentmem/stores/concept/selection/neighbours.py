"""How much each problem of the past has to say on a question: votes by similarity, and by regression."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from agentmem.stores.concept.selection.asked import Asked
from agentmem.stores.concept.selection.corpus import Corpus
from agentmem.stores.concept.selection.policy import SelectionPolicy
from agentmem.stores.concept.selection.terms import Floats


def similarities(asked: Asked, policy: SelectionPolicy) -> Floats:
    """How similar each problem is, by vector and by rare stems alike, in standard deviations, shape (q, m).

    A problem that is left out, and what is farther than `policy.least`, is as far as that.
    """
    present = asked.hide(np.ones_like(asked.by_vector))
    by_vector, by_stems = (_standardised(given, present) for given in (asked.by_vector, asked.by_stems))
    found = _standardised(by_vector + by_stems, present)
    return asked.hide(np.asarray(np.maximum(found, policy.least)), policy.least)


def votes(similar: Floats, asked: Asked, sharpness: float) -> Floats:
    """Shares of the vote of each problem, `exp(sharpness z)` over the sum, shape (q, m); 0 for one left out.

    Args:
        similar: As `similarities` gives it.
        asked: The questions.
        sharpness: What a standard deviation of similarity multiplies the logarithm of the share by.
    """
    if not similar.shape[1]:
        return similar
    shares = asked.hide(np.exp(sharpness * (similar - similar.max(axis=1, keepdims=True))))
    return divided(shares, shares.sum(axis=1, keepdims=True))


def regressions(corpus: Corpus, asked: Asked, policy: SelectionPolicy) -> Iterator[Floats]:
    """Weights of problems by kernel ridge regression of their uses, shape (q, m), one for each penalty.

    The kernel is that of `Corpus.inverse`. What a problem of the past would have been told without itself is
    -G[:, i] / G[i, i], of the inverse G of the kernel matrix (Rasmussen and Williams 2006, section 5.4.2).
    """
    m = len(corpus.problems)
    window = np.arange(max(m - policy.regressed, 0), m)
    kernel = asked.by_vector[:, window] + asked.by_stems[:, window] + 1.0
    for penalty in policy.penalties:
        found = np.zeros((len(asked), m))
        if len(window):
            inverse = corpus.inverse(penalty, len(window))
            found[:, window] = kernel @ inverse
            inside = asked.of_the_past[asked.left_out[asked.of_the_past] >= window[0]]
            own = asked.left_out[inside] - window[0]
            found[inside[:, None], window[None]] = -inverse[own] / inverse[own, own][:, None]
            asked.hide(found)
        yield found


def _standardised(values: Floats, present: Floats) -> Floats:
    """Values less their mean, over their deviation, by row, over what is `present`; 0 where all are equal."""
    count = np.maximum(present.sum(axis=1, keepdims=True), 1.0)
    mean = (values * present).sum(axis=1, keepdims=True) / count
    off = (values - mean) * present
    deviation = np.sqrt((off**2).sum(axis=1, keepdims=True) / count)
    return divided(off, deviation)


def divided(values: Floats, by: Floats) -> Floats:
    """Values over what is more than rounding, else 0."""
    return np.asarray(np.divide(values, by, out=np.zeros_like(values), where=by > TINY))


TINY = 1e-6
"""A deviation up to which there is nothing but rounding: cosines are sums of float32."""
