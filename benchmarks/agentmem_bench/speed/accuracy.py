"""What the vector index finds of brute force's ten best: of all, under filters, and after deletes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentmem.embedders.base import Matrix
from agentmem.index.vectors import VectorIndex, VectorPolicy
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.speed import corpus
from agentmem_bench.speed.place import Place

K = 10
ASKED, WARM = 200, 10
PASSING = (0.001, 0.01, 0.1)
"""Shares of the vectors that filters let pass."""
DELETED = 0.3
CHUNK = 50_000
"""Vectors made, and compared by brute force, at a time."""

Mask = NDArray[np.bool_]


def measure(place: Place, sizes: Sequence[int], watch: Watch = unwatched) -> dict[str, Any]:
    """Recall of the ten best, and milliseconds of a search, by size and case."""
    told = {}
    for done, size in enumerate(sizes):
        watch("accuracy", done, len(sizes))
        told[str(size)] = _one(place, size)
    watch("accuracy", len(sizes), len(sizes))
    return told


def _one(place: Place, size: int) -> dict[str, Any]:
    questions = place.embedder.embed(corpus.questions(place.real.texts, WARM + ASKED, place.seed, about=size))
    index = VectorIndex(place.embedder.dimensions, VectorPolicy(patience=0))
    began, adding = perf_counter(), 0.0
    vectors = np.empty((size, place.embedder.dimensions), np.float32)
    for start, made in _made(place, size):
        vectors[start : start + len(made)] = made
        began = perf_counter()
        # As the database keeps them.
        index.add(np.arange(start, start + len(made)), made.astype(np.float16).astype(np.float32))
        adding += perf_counter() - began
    chance = np.random.default_rng(place.seed)
    cases: dict[str, Mask | None] = {"all": None}
    cases |= {f"filter_{share:g}": chance.random(size) < share for share in PASSING}
    deleted = chance.random(size) < DELETED
    told = {name: _searched(index, vectors, questions, mask) for name, mask in cases.items()}
    index.remove(np.flatnonzero(deleted))
    left = ~deleted
    told["deleted"] = _searched(index, vectors, questions, None, left)
    told |= {
        f"deleted_{name}": _searched(index, vectors, questions, mask, left & mask)
        for name, mask in cases.items()
        if mask is not None
    }
    return {"questions": ASKED, "add_per_s": round(size / adding, 1), "cases": told}


def _made(place: Place, size: int) -> Iterator[tuple[int, Matrix]]:
    for start in range(0, size, CHUNK):
        stop = min(start + CHUNK, size)
        yield start, place.embedder.embed([f"vector {number}" for number in range(start, stop)])


def _searched(
    index: VectorIndex, vectors: Matrix, questions: Matrix, mask: Mask | None, there: Mask | None = None
) -> dict[str, Any]:
    """The share of brute force's best that is found; `there` are those that brute force looks at."""
    seconds, found = [], []
    for question in questions:
        began = perf_counter()
        slots, _ = index.search(question, K, mask)
        seconds.append(perf_counter() - began)
        found.append(slots)
    shares = _shares(vectors, questions[WARM:], found[WARM:], mask if there is None else there)
    return {"recall": round(float(shares.mean()), 4), "ms": milliseconds(seconds[WARM:], (50, 99))}


def _shares(
    vectors: Matrix, questions: Matrix, found: Sequence[NDArray[np.int64]], there: Mask | None
) -> NDArray[np.float64]:
    """For each question the share of `found` that is as near as brute force's K-th."""
    places = np.arange(len(vectors)) if there is None else np.flatnonzero(there)
    best = np.full((len(questions), K), -np.inf, np.float32)
    for start in range(0, len(places), CHUNK):
        scores = questions @ vectors[places[start : start + CHUNK]].T
        best = np.concatenate([best, scores], axis=1)
        best = -np.partition(-best, K - 1, axis=1)[:, :K]
    wanted = min(K, len(places))
    if wanted == 0:
        return np.ones(len(questions))
    last = np.sort(best, axis=1)[:, -wanted]
    return np.array(
        [
            np.count_nonzero(vectors[slots] @ question >= least - _ROUNDING) / wanted
            for question, slots, least in zip(questions, found, last, strict=True)
        ]
    )


_ROUNDING = 1e-6
"""Two ways of summing one cosine differ by less."""
