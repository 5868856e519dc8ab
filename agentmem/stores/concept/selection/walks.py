"""Which concepts stand beside which in solutions: steps from concepts to problems and back."""

from __future__ import annotations

import numpy as np

from agentmem.stores.concept.selection.asked import Asked
from agentmem.stores.concept.selection.corpus import Corpus
from agentmem.stores.concept.selection.terms import Floats


def walked(corpus: Corpus, asked: Asked, seeds: Floats, uses: Floats) -> Floats:
    """Where a walk from the seeds is after one step to a problem and one back, shape (q, n).

    Each step takes any of the edges with the same chance: personalised PageRank (Page et al. 1998), cut off
    after its first round.

    Args:
        corpus: Its uses are the edges.
        asked: The questions; no walk passes through a problem that is left out.
        seeds: Where it begins, chances, shape (q, n).
        uses: Of each concept by other problems, shape (q, n).
    """
    breadth = np.maximum(np.asarray(corpus.used.sum(axis=1)).reshape(-1), 1.0)
    at_problems = _to_problems(corpus, asked, seeds / np.maximum(uses, 1.0)) / breadth
    return _to_concepts(corpus, at_problems)


def kin(corpus: Corpus, asked: Asked, seeds: Floats, uses: Floats) -> Floats:
    """The cosine of each concept's problems and each seed's, summed by the seeds' weights, shape (q, n)."""
    lengths = np.sqrt(np.maximum(uses, 1.0))
    return _to_concepts(corpus, _to_problems(corpus, asked, seeds / lengths)) / lengths


def _to_problems(corpus: Corpus, asked: Asked, at_concepts: Floats) -> Floats:
    return asked.hide(np.ascontiguousarray((corpus.used @ at_concepts.T).T))


def _to_concepts(corpus: Corpus, at_problems: Floats) -> Floats:
    return np.asarray((corpus.used_by_concept.T @ at_problems.T).T)
