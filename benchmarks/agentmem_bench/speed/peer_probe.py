"""In a process of its own: fill another store and search it, as long as its time lasts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from agentmem.embedders.base import Matrix
from agentmem_bench import fresh, memory
from agentmem_bench.adapters.base import Peer
from agentmem_bench.speed import corpus
from agentmem_bench.speed.peer_stores import PEERS
from agentmem_bench.speed.synthetic import SyntheticEmbedder

BATCH = 1_000
K = 10
WARM, FEWEST = 2, 3
"""Searches before those that count, and how many count at least."""


def probe(given: dict[str, Any]) -> dict[str, Any]:
    """Measure what peers.py asks for.

    Args:
        given: `folder` of the source; `seed`; `peer`, a name; `size`; `questions`; `fill_seconds` and
            `search_seconds`, what it may take.

    Returns:
        `late` with how much was filled, where the time was not enough; else `add_per_s`, `seconds` of each
        search, `recall` against brute force, resident bytes `above_bytes`.
    """
    real = corpus.saved(Path(given["folder"]))
    if real is None:
        raise FileNotFoundError(given["folder"])
    embedder = SyntheticEmbedder(real.vectors, given["seed"])
    before = memory.resident()
    questions = embedder.embed(given["questions"])
    best = Best(len(questions))
    with TemporaryDirectory(prefix="agentmem-bench-", dir=given["folder"]) as folder:
        peer = PEERS[given["peer"]](Path(folder), embedder)
        filling, held = 0.0, 0
        for texts, vectors in _batches(real.texts, given["size"], given["seed"], embedder):
            began = perf_counter()
            peer.add(held, texts, vectors)
            filling += perf_counter() - began
            if peer.finds:
                best.look(questions @ vectors.T, held)
            held += len(texts)
            if filling > given["fill_seconds"] and held < given["size"]:
                return {"late": held}
        seconds, found = _searched(peer, given["questions"], questions, given["search_seconds"])
        above = memory.resident() - before
    return {
        "add_per_s": held / filling,
        "seconds": seconds,
        "recall": best.recall(found) if peer.finds else None,
        "above_bytes": above,
    }


class Best:
    """The ten best of each question by brute force, kept while vectors go by.

    Args:
        questions: How many.
    """

    def __init__(self, questions: int) -> None:
        self._scores = np.zeros((questions, 0), np.float32)
        self._numbers = np.zeros((questions, 0), np.int64)

    def look(self, scores: Matrix, first: int) -> None:
        """Take notice of texts number `first` and so on; `scores` has the shape (questions, texts)."""
        numbers = np.broadcast_to(np.arange(first, first + scores.shape[1]), scores.shape)
        scores = np.concatenate([self._scores, scores], axis=1)
        numbers = np.concatenate([self._numbers, numbers], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :K]
        self._scores = np.take_along_axis(scores, order, 1)
        self._numbers = np.take_along_axis(numbers, order, 1)

    def recall(self, found: list[list[int]]) -> float:
        """The share of them that is `found`, over the first questions."""
        pairs = zip(found, self._numbers.tolist(), strict=False)
        return float(np.mean([len({*some} & {*exact}) / len(exact) for some, exact in pairs]))


def _batches(
    texts: corpus.Texts, size: int, seed: int, embedder: SyntheticEmbedder
) -> Iterator[tuple[list[str], Matrix]]:
    """Texts, each with its number: LangGraph's store refuses a batch in which two are equal."""
    batch: list[str] = []
    for number, event in enumerate(corpus.turns(texts, size, seed), 1):
        batch.append(f"{event.text} [{number}]")
        if len(batch) == BATCH or number == size:
            yield batch, embedder.embed(batch)
            batch = []


def _searched(
    peer: Peer, questions: list[str], vectors: Matrix, limit_seconds: float
) -> tuple[list[float], list[list[int]]]:
    """Seconds and results of as many searches as the time lasts for; the first seconds are left out."""
    seconds: list[float] = []
    found: list[list[int]] = []
    for question, vector in zip(questions, vectors, strict=True):
        if sum(seconds) > limit_seconds and len(seconds) >= WARM + FEWEST:
            break
        began = perf_counter()
        found.append(peer.search(question, vector, K))
        seconds.append(perf_counter() - began)
    return seconds[WARM:], found


if __name__ == "__main__":
    fresh.answer(probe)
