"""Duplicates and marginal relevance, on rankings made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from agentmem.index.field import FieldIndex
from agentmem.retrieval.diversity import Ranked, diversify, without_duplicates

VECTORS = np.array([[1, 0], [1, 0], [0.999, 0.0447], [0, 1], [-1, 0]], np.float32)


@pytest.fixture
def index() -> FieldIndex:
    index = FieldIndex(2)
    index.add(np.arange(5), list("abcde"))
    index.add_vectors(np.arange(5), VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True))
    return index


@pytest.fixture
def ranked() -> Ranked:
    scores = np.array([5.0, 4.9, 4.8, 1.0, 0.5, 0.4])
    return Ranked(np.arange(6), np.arange(6), {"dense": scores - 1, "names": np.ones(6)}, scores)


def summed(ranked: Ranked) -> np.ndarray:
    return sum(ranked.parts.values())


def test_what_repeats_a_better_hit_is_left_out(ranked: Ranked, index: FieldIndex):
    kept = without_duplicates(ranked, index, 6, 0.95)
    assert list(kept.slots) == [0, 3, 4, 5]
    assert summed(kept) == pytest.approx(kept.scores)


def test_what_has_no_vector_repeats_nothing(ranked: Ranked, index: FieldIndex):
    assert 5 in without_duplicates(ranked, index, 6, 0.5).slots


def test_marginal_relevance_trades_score_for_distance(ranked: Ranked, index: FieldIndex):
    chosen = diversify(ranked, index, 3, 0.2)
    assert chosen.slots[0] == 0
    assert set(chosen.slots[1:]) <= {3, 4, 5}
    assert summed(chosen) == pytest.approx(chosen.scores)
    assert "diversity" in chosen.parts


def test_relevance_alone_changes_nothing(ranked: Ranked, index: FieldIndex):
    chosen = diversify(ranked, index, 6, 1.0)
    assert list(chosen.slots) == list(range(6))
    assert chosen.parts["diversity"] == pytest.approx(np.zeros(6))


def test_nothing_stays_nothing(index: FieldIndex):
    empty = Ranked(np.zeros(0, np.int64), np.zeros(0, np.int64), {}, np.zeros(0))
    assert len(diversify(empty, index, 3, 0.5).slots) == 0
    assert len(without_duplicates(empty, index, 3, 0.9).slots) == 0
