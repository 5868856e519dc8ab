"""The cross-encoder's part of the score: it reads the best hits anew, together with the question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agentmem.embedders.reranker import open_reranker
from agentmem.retrieval.policy import RetrievalPolicy
from agentmem.retrieval.steps import Part
from agentmem.retrieval.table import standardised

SMALLEST = 1e-9
"""A spread of scores under which they are taken for equal."""


def rerank(question: str, texts: Sequence[str], scores: Part, policy: RetrievalPolicy) -> Part:
    """What the cross-encoder adds to `scores`, shape (n,), best first; it reads the first, `texts`, alone.

    Its scores of these are standardised, and weighed by the spread of theirs: with a weight of 1 both have
    an equal say. All others get the lowest, so that none of them comes before one that was read.
    """
    n = len(texts)
    spread = float(scores[:n].std())
    weight = policy.rerank * (spread if spread > SMALLEST else 1.0)
    own = weight * standardised(open_reranker(policy.reranker, policy.rerank_device).scores(question, texts))
    return np.concatenate([own, np.full(len(scores) - n, own.min())])
