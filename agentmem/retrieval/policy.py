"""The constants of retrieval, as data: what a query's `options` may change."""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationError

from agentmem.config import DEVICES
from agentmem.embedders.reranker import open_reranker
from agentmem.errors import InvalidInput
from agentmem.records import Query, Value


class RetrievalPolicy(Value):
    """Weights of the steps; scores are standardised, so a weight of 1 is one standard deviation.

    They were chosen as round values on a plateau of recall over the LoCoMo development conversations
    (`agentmem bench locomo`); docs/decisions/003 tells how flat each one is.

    Attributes:
        reach: How many records of each side, dense and text, become candidates.
        dense: Weight of the cosine.
        text: Weight of BM25.
        ring_1: Share of its dense score that a record lends to each neighbour in its session.
        ring_2: The same for the neighbours' neighbours.
        word_1: What a word of the question is worth that stands in a neighbour and not in the record.
        word_2: The same for the neighbours' neighbours.
        names: Bonus for what was said by somebody whom the question names.
        time: Bonus for what happened in a time that the question names.
        time_slack: Days after such a time in which it may still be told.
        asks: Penalty for what only asks, less for what also states: by the share of its words.
        strength: Weight of the strength that a store gives.
        floor: Relevance (`floor_cosine` × cosine + coverage) under which nothing is relevant, for one record.
        floor_growth: What is added to it for each tenfold number of records: the best of many is
            more relevant by chance. Fitted by `agentmem bench floor` on memories of 5 to 419 turns.
        floor_cosine: What the cosine counts for beside the coverage of the question's words.
        duplicate: Cosine from which on a hit repeats a better one.
        rerank: Weight of the cross-encoder beside all the steps together. No model is shipped to fit it on.
        rerank_top: How many of the best hits the cross-encoder reads.
        reranker: Its folder; none: that of the settings.
        rerank_device: What it runs on: `auto`, `cpu`, `cuda` or `mps`; where left out, that of the settings.
    """

    reach: int = Field(default=100, ge=1)
    dense: float = 1.0
    text: float = 1.0
    ring_1: float = 0.35
    ring_2: float = 0.15
    word_1: float = 0.75
    word_2: float = 0.5
    names: float = 3.0
    time: float = 3.0
    time_slack: float = 7.0
    asks: float = 2.0
    strength: float = 1.0
    floor: float = 0.265
    floor_growth: float = 0.15
    floor_cosine: float = 1.5
    duplicate: float = 0.95
    rerank: float = 1.0
    rerank_top: int = Field(default=30, ge=1)
    reranker: str = ""
    rerank_device: str = Field(default="auto", pattern=DEVICES)


def policy_of(query: Query) -> RetrievalPolicy:
    """The default policy with the query's `options`.

    Raises:
        InvalidInput: an option that there is not, a value that it cannot have, or no cross-encoder to use.
        NotFound: there is no cross-encoder where the option says.
    """
    policy = _changed(query)
    if query.rerank and not policy.reranker:
        raise InvalidInput(
            "no cross-encoder is named to rerank by",
            "set AGENTMEM_RERANKER, or the option `reranker`, to its folder",
        )
    if query.rerank:
        open_reranker(
            policy.reranker, policy.rerank_device
        )  # so that a wrong folder is known before anything is asked
    return policy


def _changed(query: Query) -> RetrievalPolicy:
    if not query.options:
        return DEFAULT
    unknown = set(query.options) - set(RetrievalPolicy.model_fields)
    if unknown:
        raise InvalidInput(
            f"retrieval has no option {sorted(unknown)[0]!r}",
            f"it has: {', '.join(RetrievalPolicy.model_fields)}",
        )
    options: dict[str, Any] = dict(query.options)
    try:
        return RetrievalPolicy(**options)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInput(f"retrieval option {first['loc'][0]}: {first['msg']}") from error


DEFAULT = RetrievalPolicy()
