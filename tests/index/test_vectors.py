"""The vector index against exact cosines under adds, removals and masks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.errors import InvalidInput
from agentmem.index.vectors import VectorIndex, VectorPolicy

WIDTH = 12
# Everything is coded, and everything is rescored: the coded path must then be exact.
CODED = VectorPolicy(exact_limit=4, patience=0, exact_allowed=2, rescore=3, rescore_each=100, refit=2.0)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(st.integers(0, 25), min_size=1, max_size=10)),
        st.tuples(st.just("remove"), st.lists(st.integers(0, 30), max_size=6)),
    ),
    max_size=8,
)


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def halves(rows):
    """Vectors as banks keep them, which the index keeps without loss."""
    return rows.astype(np.float16).astype(np.float32)


def clustered(generator, count, width=96, clusters=200):
    """Unit vectors as embeddings have them: a common mean, clusters, and a decaying spectrum."""
    spectrum = np.arange(1, width + 1) ** -0.5
    mean = 1.5 * spectrum[::-1]
    centres = generator.standard_normal((clusters, width)) * spectrum
    noise = generator.standard_normal((count, width)) * spectrum
    return unit(mean + centres[generator.integers(0, clusters, count)] + 0.7 * noise)


def recall(index, query, cosines, allowed, k):
    best = np.argsort(np.where(allowed, -cosines, np.inf))[: min(k, int(allowed.sum()))]
    return len(set(index.search(query, k, allowed)[0].tolist()) & set(best.tolist())) / len(best)


@settings(max_examples=150, deadline=None)
@given(STEPS, st.integers(1, 6), st.sampled_from([VectorPolicy(), CODED]), st.integers(0, 99), st.data())
def test_search_is_brute_force(steps, k, policy, seed, data):
    generator = np.random.default_rng(seed)
    index, held = VectorIndex(WIDTH, policy), {}
    for kind, slots in steps:
        if kind == "remove":
            index.remove(slots)
            held = {slot: parts for slot, parts in held.items() if slot not in slots}
            continue
        # Few distinct vectors, so that there are ties.
        vectors = halves(unit(np.eye(WIDTH)[generator.integers(0, 4, len(slots))] + 0.25))
        index.add(slots, vectors)
        for slot, vector in zip(slots, vectors, strict=True):
            held.setdefault(slot, []).append(vector)
    query = unit(generator.standard_normal(WIDTH))
    slots = np.arange(31)
    scores = index.scores(query, slots)
    expected = [max(part @ query for part in held[slot]) if slot in held else np.nan for slot in slots]
    assert len(index) == sum(map(len, held.values()))
    np.testing.assert_allclose(scores, expected, atol=1e-6)
    first = [held[slot][0] if slot in held else np.zeros(WIDTH) for slot in slots]
    np.testing.assert_allclose(index.vectors_of(slots), first, atol=0)

    allowed = data.draw(st.none() | st.lists(st.booleans(), min_size=31, max_size=31).map(np.array))
    passing = slots[~np.isnan(scores) & (True if allowed is None else allowed)]
    best = passing[np.lexsort((passing, -scores[passing]))][:k]
    found, found_scores = index.search(query, k, allowed)
    np.testing.assert_array_equal(found, best)
    np.testing.assert_array_equal(found_scores, scores[best])


def test_coded_search_keeps_its_recall_under_filters_and_removals():
    generator = np.random.default_rng(11)
    count = 25_000
    drawn = clustered(generator, count + 15)
    # Questions like the texts, and questions unlike any of them.
    vectors, queries = drawn[:count], np.concatenate((drawn[count:], clustered(generator, 15)))
    index = VectorIndex(96, VectorPolicy(exact_limit=5_000, patience=0, exact_allowed=100))
    for start in range(0, count, 3_000):
        index.add(np.arange(start, min(start + 3_000, count)), vectors[start : start + 3_000])
    cosines = queries @ vectors.T
    masks = [generator.random(count) < share for share in (1.0, 0.1, 0.01, 0.001)]
    for mask in masks:
        for k in (10, 20):
            found = [recall(index, query, row, mask, k) for query, row in zip(queries, cosines, strict=True)]
            assert np.mean(found) >= 0.98
    gone = np.flatnonzero(generator.random(count) < 0.3)
    index.remove(gone)
    standing = np.ones(count, bool)
    standing[gone] = False
    for mask in masks:
        found = [
            recall(index, query, row, mask & standing, 10)
            for query, row in zip(queries, cosines, strict=True)
        ]
        assert np.mean(found) >= 0.98
        assert standing[index.search(queries[0], 20, mask)[0]].all()


def test_codes_are_made_once_they_pay():
    generator = np.random.default_rng(3)
    index = VectorIndex(WIDTH, VectorPolicy(exact_limit=10, patience=2, rescore=60))
    index.add(np.arange(50), unit(generator.standard_normal((50, WIDTH))))
    query = unit(np.ones(WIDTH))
    size = index.nbytes
    exact = [index.search(query, 5) for _ in range(2)]
    assert index.nbytes == size
    coded = index.search(query, 5)
    assert index.nbytes > size
    for slots, scores in exact:
        np.testing.assert_array_equal(slots, coded[0])
        np.testing.assert_array_equal(scores, coded[1])


def test_slots_of_many_parts_do_not_crowd_others_out():
    generator = np.random.default_rng(0)
    query = unit(np.ones(WIDTH))
    index = VectorIndex(
        WIDTH, VectorPolicy(exact_limit=10, patience=0, exact_allowed=5, rescore=20, rescore_each=1)
    )
    index.add(np.zeros(300, int), unit(np.ones(WIDTH) + 0.01 * generator.standard_normal((300, WIDTH))))
    index.add(np.arange(1, 6), unit(generator.standard_normal((5, WIDTH))))
    slots, scores = index.search(query, 6)
    assert slots[0] == 0
    assert sorted(slots.tolist()) == [0, 1, 2, 3, 4, 5]
    assert (np.diff(scores) <= 0).all()


def test_equal_vectors_score_equally_wherever_they_stand():
    generator = np.random.default_rng(1)
    vectors = unit(generator.standard_normal((1_000, 100)))
    vectors[::7] = vectors[0]
    index = VectorIndex(100)
    index.add(np.arange(1_000), vectors)
    slots, scores = index.search(vectors[0], 50)
    assert slots.tolist() == list(range(0, 350, 7))
    assert len(set(scores.tolist())) == 1
    assert set(index.scores(vectors[0], [7, 994]).tolist()) == set(scores.tolist())


def test_removed_vectors_are_gone_from_memory():
    vectors = unit(np.random.default_rng(2).standard_normal((100, WIDTH)))
    index = VectorIndex(WIDTH, VectorPolicy(exact_limit=10, patience=0))
    index.add(np.arange(100), vectors)
    full = index.nbytes
    index.remove(np.arange(90))
    assert len(index) == 10
    assert index.nbytes < full
    assert np.isnan(index.scores(vectors[0], [0, 89])).all()
    assert index.search(vectors[95], 1)[0].tolist() == [95]
    index.remove(np.arange(100))
    assert index.search(vectors[0], 5)[0].size == 0


def test_an_empty_index_finds_nothing():
    index = VectorIndex(WIDTH)
    query = unit(np.ones(WIDTH))
    assert index.search(query, 5)[0].size == 0
    assert np.isnan(index.scores(query, [0])).all()
    assert not index.vectors_of([0]).any()


def test_what_does_not_fit_is_refused():
    index = VectorIndex(WIDTH)
    with pytest.raises(InvalidInput, match="shape"):
        index.add([0], np.zeros((1, WIDTH + 1), np.float32))
    with pytest.raises(InvalidInput, match="negative"):
        index.add([-1], np.zeros((1, WIDTH), np.float32))
    with pytest.raises(InvalidInput, match="query"):
        index.search(np.zeros(WIDTH + 1, np.float32), 5)
