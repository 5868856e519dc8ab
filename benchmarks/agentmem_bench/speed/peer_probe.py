"""In a process of its own: fill another store and search it, as long as its time lasts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from agentmem.embedders.base import Matrix
from agentmem_bench.speed import corpus, fresh, memory
from agentmem_bench.speed.peer_stores import PEERS, Peer
from agentmem_bench.speed.synthetic import SyntheticEmbedder

BATCH = 1_000
K = 10
WARM = 3


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
    with TemporaryDirectory(prefix="agentmem-bench-", dir=given["folder"]) as folder:
        peer = PEERS[given["peer"]](Path(folder), embedder)
        filling, held = 0.0, 0
        for texts, vectors in _batches(real.texts, given["size"], given["seed"], embedder):
            began = perf_counter()
            peer.add(held, texts, vectors)
            filling += perf_counter() - began
            held += len(texts)
            if filling > given["fill_seconds"] and held < given["size"]:
                return {"late": held, "add_per_s": held / filling, "above_bytes": memory.resident() - before}
        seconds, found = _searched(peer, given["questions"], embedder, given["search_seconds"])
        above = memory.resident() - before
    recall = None
    if peer.finds:
        recall = _recall(real.texts, given, embedder, found)
    return {"add_per_s": held / filling, "seconds": seconds, "recall": recall, "above_bytes": above}


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
    peer: Peer, questions: list[str], embedder: SyntheticEmbedder, limit_seconds: float
) -> tuple[list[float], list[list[int]]]:
    """Seconds and results of as many searches as the time lasts for, the first ones left out."""
    seconds: list[float] = []
    found: list[list[int]] = []
    for question, vector in zip(questions, embedder.embed(questions), strict=True):
        if sum(seconds) > limit_seconds and len(seconds) > 2 * WARM:
            break
        began = perf_counter()
        found.append(peer.search(question, vector, K))
        seconds.append(perf_counter() - began)
    return seconds[WARM:], found


def _recall(
    texts: corpus.Texts, given: dict[str, Any], embedder: SyntheticEmbedder, found: list[list[int]]
) -> float:
    """The share of brute force's ten best that was found."""
    questions = embedder.embed(given["questions"][: len(found)])
    best = np.zeros((len(found), 0), np.float32)
    numbers = np.zeros((len(found), 0), np.int64)
    first = 0
    for _, vectors in _batches(texts, given["size"], given["seed"], embedder):
        scores = np.concatenate([best, questions @ vectors.T], axis=1)
        of = np.broadcast_to(np.arange(first, first + len(vectors)), (len(found), len(vectors)))
        numbers = np.concatenate([numbers, of], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :K]
        best, numbers = np.take_along_axis(scores, order, 1), np.take_along_axis(numbers, order, 1)
        first += len(vectors)
    pairs = zip(found, numbers.tolist(), strict=True)
    return float(np.mean([len({*some} & {*exact}) / len(exact) for some, exact in pairs]))


if __name__ == "__main__":
    fresh.answer(probe)
