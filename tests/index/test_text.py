"""The text index against a naive BM25 under adds, removals and masks."""

import math
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.errors import InvalidInput
from agentmem.index.analysis import stems
from agentmem.index.text import TextIndex, TextPolicy

WORDS = ["apple", "pear", "plum", "the", "dog", "dogs", "running", "sea", "Maya's", "42"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(TEXTS, min_size=1, max_size=8), st.booleans()),
        st.tuples(st.just("remove"), st.sets(st.integers(0, 30), max_size=6), st.just(False)),
    ),
    max_size=8,
)


def naive(texts, query, slot):
    """BM25 as in the textbook, over a dict of texts by slot."""
    if slot not in texts:
        return 0.0
    counts = {key: Counter(stems(text)) for key, text in texts.items()}
    average = sum(sum(count.values()) for count in counts.values()) / len(counts)
    total = 0.0
    for stem in set(stems(query)):
        frequency = counts[slot][stem]
        df = sum(stem in count for count in counts.values())
        if frequency:
            idf = math.log(1 + (len(counts) - df + 0.5) / (df + 0.5))
            norm = frequency + 1.2 * (1 - 0.75 + 0.75 * counts[slot].total() / average)
            total += idf * frequency * 2.2 / norm
    return total


def built(steps, policy=None):
    """An index after `steps`, and the texts that it should hold."""
    index, texts, fresh = TextIndex(policy), {}, 0
    for kind, what, backwards in steps:
        if kind == "remove":
            index.remove(sorted(what))
            texts = {slot: text for slot, text in texts.items() if slot not in what}
        else:
            slots = list(range(fresh, fresh + len(what)))[:: -1 if backwards else 1]
            fresh += len(what)
            index.add(slots, what)
            texts |= dict(zip(slots, what, strict=True))
    return index, texts, fresh


def scores_of(index, query, slots):
    """The score of each of `slots`, the number that `search` gives."""
    return index.weights(query, slots).sum(axis=0)


@settings(max_examples=150, deadline=None)
@given(STEPS, TEXTS, st.integers(1, 6), st.sampled_from([0.0, 0.25, 1.0]), st.data())
def test_search_is_brute_force(steps, query, k, purge, data):
    index, texts, size = built(steps, TextPolicy(purge=purge))
    slots = np.arange(size + 2)
    scores = scores_of(index, query, slots)
    assert len(index) == len(texts)
    np.testing.assert_allclose(scores, [naive(texts, query, slot) for slot in slots], rtol=1e-5)
    mask = data.draw(st.none() | st.lists(st.booleans(), min_size=size, max_size=size).map(np.array))
    passing = slots[scores > 0]
    if mask is not None:
        passing = passing[mask[passing].astype(bool)]
    expected = passing[np.lexsort((passing, -scores[passing]))][:k]
    found, found_scores = index.search(query, k, None if mask is None else mask.astype(bool))
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(found_scores, scores[expected])


@settings(max_examples=50, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=20), TEXTS, st.randoms(use_true_random=False))
def test_order_and_batches_of_adds_do_not_matter(texts, query, random):
    whole, pieces = TextIndex(), TextIndex()
    whole.add(range(len(texts)), texts)
    order = list(range(len(texts)))
    random.shuffle(order)
    for slot in order:
        pieces.add([slot], [texts[slot]])
    slots = range(len(texts))
    np.testing.assert_array_equal(scores_of(whole, query, slots), scores_of(pieces, query, slots))
    np.testing.assert_array_equal(whole.search(query, 5)[0], pieces.search(query, 5)[0])


def test_pruned_search_is_exact_on_many_texts():
    generator = np.random.default_rng(3)
    chances = 1 / np.arange(1, 401)
    chances /= chances.sum()
    texts = [
        " ".join(f"w{word}" for word in row) for row in generator.choice(400, (5_000, 8), p=chances).tolist()
    ]
    index = TextIndex()
    index.add(range(len(texts)), texts)
    mask = generator.random(len(texts)) < 0.3
    for text in texts[:100]:
        query = " ".join(text.split()[:5])
        for allowed in (None, mask):
            scores = scores_of(index, query, range(len(texts)))
            if allowed is not None:
                scores = np.where(allowed, scores, 0)
            expected = np.lexsort((np.arange(len(texts)), -scores))[:10]
            found, found_scores = index.search(query, 10, allowed)
            np.testing.assert_array_equal(found, expected)
            np.testing.assert_array_equal(found_scores, scores[expected])


def test_removal_leaves_no_trace_of_a_word():
    index = TextIndex()
    index.add([0, 1], ["zebra crossing", "plain crossing"])
    index.remove([0])
    assert index.search("zebra", 5)[0].size == 0
    twin = TextIndex()
    twin.add([1], ["plain crossing"])
    np.testing.assert_array_equal(scores_of(index, "crossing", [0, 1]), scores_of(twin, "crossing", [0, 1]))


def test_a_removed_slot_can_be_used_again():
    index = TextIndex(TextPolicy(purge=1.0))
    index.add([0, 1], ["zebra", "horse"])
    index.remove([0])
    index.add([0], ["donkey"])
    assert index.search("zebra", 5)[0].size == 0
    assert index.search("donkey", 5)[0].tolist() == [0]


def test_coverage_is_the_weighted_share_of_the_question():
    index = TextIndex()
    index.add([0, 1, 2], ["apple pear", "apple", ""])
    covered = index.coverage("apple pear apple", [0, 1, 2, 7])
    idf = [math.log(1 + 1.5 / 2.5), math.log(1 + 2.5 / 1.5)]
    np.testing.assert_allclose(covered, [1, idf[0] / sum(idf), 0, 0], rtol=1e-5)
    assert index.coverage("apple unheard", [0])[0] < 0.5
    assert index.coverage("the", [0])[0] == 0


def test_an_empty_index_and_an_empty_question_find_nothing():
    index = TextIndex()
    assert index.search("apple", 5)[0].size == 0
    assert index.coverage("apple", [0]).tolist() == [0]
    index.add([3], ["apple"])
    assert index.search("who was that?", 5)[0].size == 0
    assert index.search("apple", 0)[0].size == 0


@pytest.mark.parametrize("slots", [[0], [-1, 2], [2, 2]])
def test_slots_that_cannot_be_added_are_refused(slots):
    index = TextIndex()
    index.add([0], ["apple"])
    with pytest.raises(InvalidInput):
        index.add(slots, ["pear"] * len(slots))
    assert len(index) == 1
    assert index.search("pear", 5)[0].size == 0


def test_searching_while_adding_and_removing():
    index = TextIndex()

    def write(start):
        for slot in range(start, start + 200):
            index.add([slot], [f"apple number{slot}"])
            if slot % 3 == 0:
                index.remove([slot])

    def read(_):
        for _ in range(200):
            slots, scores = index.search("apple", 5)
            assert len(slots) == len(scores)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, (0, 1000)))
        jobs = [pool.submit(write, 2000), pool.submit(read, 0), pool.submit(read, 0)]
        for job in jobs:
            job.result()
    assert (
        len(index.search("apple", 10_000)[0])
        == len(index)
        == 600 - sum(slot % 3 == 0 for slot in [*range(200), *range(1000, 1200), *range(2000, 2200)])
    )
