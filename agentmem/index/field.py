"""One field of a store's versions: what searches and scores its texts and vectors, slot by slot.

Versions of a record whose text stayed share one entry: they are one document to the statistics of words, and
one vector. Whoever searches names slots and gets slots, and learns nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agentmem.index.contents import Contents
from agentmem.index.ranking import Mask, Scores, Slots, best_first
from agentmem.index.text import TextIndex
from agentmem.index.vectors import VectorIndex
from agentmem.telemetry import part


class FieldIndex:
    """The text index and the vector index of one field, in slot space.

    Whoever adds or removes holds the lock of the shelf, and so does whoever searches while others may do so.
    Scores and vectors of slots may be asked for at any time.

    Args:
        dimensions: Width of the vectors.

    Attributes:
        waiting: Slots whose content has no vector yet, one for each content.
    """

    def __init__(self, dimensions: int) -> None:
        self.waiting: set[int] = set()
        self._text = TextIndex()
        self._vectors = VectorIndex(dimensions)
        self._contents = Contents()

    @property
    def texts(self) -> int:
        """How many different texts are indexed: those that versions of a record share count once."""
        return len(self._text)

    @property
    def vectors(self) -> int:
        """How many vectors are indexed; a long text has several."""
        return len(self._vectors)

    @property
    def nbytes(self) -> int:
        """Bytes held, in the main."""
        return self._text.nbytes + self._vectors.nbytes + self._contents.nbytes

    # Upkeep

    def reserve(self, vectors: int) -> None:
        """Make room for so many vectors in all, so that adding them moves nothing."""
        self._vectors.reserve(vectors)

    def add(self, slots: ArrayLike, texts: Sequence[str]) -> None:
        """Index `texts[i]` at `slots[i]`, which is new; each waits for its vector.

        Raises:
            InvalidInput: the lengths differ, or a slot is named twice.
        """
        numbers = _numbers(slots)
        self._text.add(self._contents.add(numbers), texts)
        self.waiting.update(numbers.tolist())

    def share(self, slots: ArrayLike, others: ArrayLike) -> None:
        """Let each of `slots`, ascending and new, have the text and the vectors of the slot in `others`.

        Those are lower, and have some, or are among `slots` themselves.
        """
        self._contents.share(_numbers(slots), _numbers(others))

    def add_vectors(self, slots: ArrayLike, vectors: NDArray[np.floating[Any]]) -> None:
        """Index `vectors`, (n, d), of unit length, at `slots`, (n,), whose texts are indexed."""
        self._vectors.add(self._contents.of(_numbers(slots)), vectors)

    def settle(self, slots: ArrayLike) -> None:
        """Note that the texts at `slots` wait for no vector: it is there, or there will be none."""
        self.waiting.difference_update(_numbers(slots).tolist())

    def remove(self, slots: ArrayLike) -> None:
        """Take `slots` out; what others share with them stays. Slots where nothing is are passed over."""
        numbers = _numbers(slots)
        gone, heirs = self._contents.remove(numbers)
        self._text.remove(gone)
        self._vectors.remove(gone)
        waited = self.waiting.intersection(numbers.tolist())
        self.waiting -= waited
        self.waiting.update(heirs[slot] for slot in waited if slot in heirs)

    # Search

    def search_vectors(
        self, query: NDArray[np.float32], k: int, allowed: Mask | None = None
    ) -> tuple[Slots, Scores]:
        """The `k` slots nearest to `query`, a unit vector (d,), best first, with their cosines.

        Args:
            query: The vector of a question.
            k: How many slots at most.
            allowed: A mask over slots, shape (slots,); others are not found.

        Returns:
            Slots and cosines; of equal ones the lower slot first (which of them are among the `k` is told
            by the slots that brought their vectors).
        """
        contents, cosines = self._vectors.search(query, k, self._contents.masked(allowed))
        if not self._contents.is_shared:
            return contents, cosines
        return best_first(*self._contents.holding(contents, cosines, allowed), k)

    def candidates(
        self, text: str, vector: NDArray[np.float32] | None, k: int, allowed: Mask | None = None
    ) -> Slots:
        """The slots, ascending, of the `k` best texts by BM25 and, given a vector, of the `k` nearest ones.

        Args:
            text: A question in plain words; repeated words count once.
            vector: Its vector.
            k: How many different texts at most, and how many vectors; versions that share one are all told.
            allowed: A mask over slots, shape (slots,); others are not found, but count in the statistics.
        """
        mask = self._contents.masked(allowed)
        with part("candidates.text"):
            contents = self._text.search(text, k, mask)[0]
        if vector is not None:
            with part("candidates.dense"):
                contents = np.concatenate((contents, self._vectors.search(vector, k, mask)[0]))
        contents = np.unique(contents)
        return np.sort(self._contents.holding(contents, np.zeros(len(contents), np.float32), allowed)[0])

    # Scores

    def weights(self, query: str, slots: ArrayLike) -> Scores:
        """What each of the question's stems that occur adds to each score, shape (stems, slots)."""
        return self._text.weights(query, self._of(slots))

    def coverage(self, query: str, slots: ArrayLike) -> Scores:
        """The share (0 to 1) of the question's distinct stems, weighted by idf, in the text of each slot."""
        return self._text.coverage(query, self._of(slots))

    def cosines(self, query: NDArray[np.float32], slots: ArrayLike) -> Scores:
        """The cosine of each of `slots` with a unit vector (d,): of its best part; NaN without vector."""
        return self._vectors.scores(query, self._of(slots))

    def vectors_of(self, slots: ArrayLike) -> NDArray[np.float32]:
        """The first vector of each of `slots`, (n, d); zeros for slots without vector."""
        return self._vectors.vectors_of(self._of(slots))

    def _of(self, slots: ArrayLike) -> Slots:
        return self._contents.of(_numbers(slots))


def _numbers(slots: ArrayLike) -> Slots:
    return np.asarray(slots, np.int64).reshape(-1)
