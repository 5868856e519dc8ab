"""A field's indexes under slots that share their contents, against indexes of the contents alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.index.contents import Contents, origins
from agentmem.index.field import FieldIndex
from agentmem.index.text import TextIndex
from agentmem.index.vectors import VectorIndex

WIDTH = 8
WORDS = ["apple", "pear", "plum", "dog", "sea"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
PIECES = st.lists(
    st.tuples(
        st.lists(st.tuples(TEXTS, st.integers(0, 9)), min_size=1, max_size=6),  # what it says, or repeats
        st.sets(st.integers(0, 30), max_size=5),  # what is taken out afterwards
        st.booleans(),  # whether vectors come with it
    ),
    max_size=6,
)


class Held:
    """What should be held: by content, its slots, its text and its vectors."""

    def __init__(self) -> None:
        self.index = FieldIndex(WIDTH)
        self.contents: list[tuple[set[int], str, np.ndarray]] = []
        self.waiting: list[int] = []
        self.size = 0

    def of(self, slot: int) -> int | None:
        return next((n for n, (slots, *_) in enumerate(self.contents) if slot in slots), None)

    def add(self, piece, has_vectors: bool, generator) -> None:
        """New slots; one that repeats does so of a slot that stands, or stands alone."""
        own, texts, shared, others, standing = (
            [],
            [],
            [],
            [],
            sorted(set().union(*(c[0] for c in self.contents))),
        )
        for text, which in piece:
            slot, self.size = self.size, self.size + 1
            if which < 6 and standing:
                other = standing[-1 - which % len(standing)]
                shared.append(slot)
                others.append(other)
                self.contents[self.of(other)][0].add(slot)
            else:
                own.append(slot)
                texts.append(text)
                parts = halves(generator.standard_normal((which % 3, WIDTH)))
                self.contents.append(({slot}, text, parts))
            standing.append(slot)
        if own:
            self.index.add(own, texts)
        self.index.share(shared, others)
        self.waiting += own
        if has_vectors:
            self.settle()

    def settle(self) -> None:
        for slot in sorted(self.index.waiting):
            parts = self.contents[self.of(slot)][2]
            self.index.add_vectors([slot] * len(parts), parts)
            self.index.settle([slot])

    def remove(self, gone: set[int]) -> None:
        self.index.remove(sorted(gone))
        left = [(slots - gone, text, parts) for slots, text, parts in self.contents]
        self.contents = [content for content in left if content[0]]


def halves(rows):
    """Unit vectors as banks keep them."""
    rows = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)
    return rows.astype(np.float16).astype(np.float32)


def best(scores, passing, k):
    return passing[np.lexsort((passing, -scores[passing]))][:k]


def same_best(found, scores, allowed, k):
    """Slots with the best scores, in order; of those that tie for the last place any."""
    slots, found_scores = found
    passing = np.flatnonzero(allowed & np.nan_to_num(scores, nan=0.0).astype(bool))
    expected = best(scores, passing, k)
    np.testing.assert_array_equal(found_scores, scores[expected])
    np.testing.assert_array_equal(found_scores, scores[slots])
    assert len(set(slots.tolist())) == len(slots)
    assert allowed[slots].all()
    np.testing.assert_array_equal(slots, slots[np.lexsort((slots, -found_scores))])
    sure = expected[scores[expected] > scores[expected].min(initial=np.inf)]
    assert set(sure.tolist()) <= set(slots.tolist())


@settings(max_examples=100)
@given(PIECES, TEXTS, st.integers(1, 6), st.integers(0, 99), st.data())
def test_search_is_that_of_the_contents(pieces, query, k, seed, data):
    generator = np.random.default_rng(seed)
    held = Held()
    for piece, gone, has_vectors in pieces:
        held.add(piece, has_vectors, generator)
        held.remove(gone)
    assert {held.of(slot) for slot in held.index.waiting} <= set(
        range(len(held.contents))
    )  # none of what is gone
    held.settle()
    text, vectors = TextIndex(), VectorIndex(WIDTH)
    for number, (_, said, parts) in enumerate(held.contents):
        text.add([number], [said])
        vectors.add([number] * len(parts), parts)
    assert (held.index.texts, held.index.vectors) == (len(text), len(vectors))
    slots = np.arange(held.size + 2)
    content = np.array([-1 if held.of(slot) is None else held.of(slot) for slot in slots], np.int64)
    vector = halves(generator.standard_normal(WIDTH))
    cosines = vectors.scores(vector, content)
    np.testing.assert_array_equal(held.index.weights(query, slots), text.weights(query, content))
    np.testing.assert_array_equal(held.index.coverage(query, slots), text.coverage(query, content))
    np.testing.assert_array_equal(held.index.cosines(vector, slots), cosines)
    np.testing.assert_array_equal(held.index.vectors_of(slots), vectors.vectors_of(content))

    drawn = data.draw(
        st.none() | st.lists(st.booleans(), min_size=len(slots), max_size=len(slots)).map(np.array)
    )
    mask = None if drawn is None else drawn[: held.size]
    allowed = content >= 0 if drawn is None else (content >= 0) & drawn & (slots < held.size)
    same_best(held.index.search_vectors(vector, k, mask), cosines, allowed, k)
    passing = np.bincount(content[allowed], minlength=len(held.contents)) > 0
    by_text, by_vector = text.search(query, k, passing)[0], vectors.search(vector, k, passing)[0]
    for asked, best_contents in ((None, by_text), (vector, np.concatenate((by_text, by_vector)))):
        found = held.index.candidates(query, asked, k, mask)
        assert np.all(np.diff(found) > 0)
        assert found.tolist() == np.flatnonzero(allowed & np.isin(content, best_contents)).tolist()


@given(PIECES, st.data())
def test_whatever_is_taken_out_leaves_the_others_together(pieces, data):
    contents, expected, size = Contents(), {}, 0
    for piece, gone, _ in pieces:
        for _, which in piece:
            if which < 6 and expected:
                other = data.draw(st.sampled_from(sorted(expected)))
                contents.share(np.array([size]), np.array([other]))
                expected[size] = expected[other]
            else:
                contents.add(np.array([size]))
                expected[size] = size
            size += 1
        out = gone & expected.keys()
        dead, heirs = contents.remove(np.array(sorted(out), np.int64))
        before, expected = expected, {slot: of for slot, of in expected.items() if slot not in out}
        assert len(dead) == len({before[slot] for slot in out} - set(expected.values()))
        assert {slot: expected[heir] for slot, heir in heirs.items()} == {
            slot: before[slot] for slot in out if before[slot] in expected.values()
        } or not contents.is_shared
    if contents.is_shared:
        for slot, of in expected.items():
            alike = {other for other, its in expected.items() if its == of}
            found, _ = contents.holding(contents.of(np.array([slot])), np.zeros(1, np.float32), None)
            assert sorted(found.tolist()) == sorted(alike)


def test_origins_follow_slots_that_repeat_each_other():
    slots, others = np.arange(1, 2_001), np.arange(2_000)
    assert origins(slots, others).tolist() == [0] * 2_000
    assert origins(np.array([3, 7]), np.array([1, 3])).tolist() == [1, 1]
    assert origins(np.zeros(0, np.int64), []).tolist() == []


def test_one_that_waited_for_a_vector_leaves_the_wait_to_whoever_shares_its_text():
    index = FieldIndex(WIDTH)
    index.add([0, 1], ["a pear", "a plum"])
    index.share([2, 3], [0, 2])
    assert index.waiting == {0, 1}
    index.remove([0])
    assert index.waiting == {1, 2} or index.waiting == {1, 3}
    slot = (index.waiting - {1}).pop()
    index.add_vectors([slot], np.eye(WIDTH, dtype=np.float32)[:1])
    index.settle([slot])
    assert index.cosines(np.eye(WIDTH, dtype=np.float32)[0], [0, 1, 2, 3]) == pytest.approx(
        [np.nan, np.nan, 1, 1], nan_ok=True
    )
    index.remove([2, 3, 1])
    assert (index.texts, index.vectors, index.waiting) == (0, 0, set())
