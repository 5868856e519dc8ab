"""The vector index: nearest slots by cosine, exact while small, one-bit codes with exact rescoring above."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agentmem.errors import InvalidInput
from agentmem.index.codes import OneBitCodes
from agentmem.index.halves import dot
from agentmem.index.ranking import Mask, Scores, Slots, best_first, grown

Rows: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class VectorPolicy:
    """When the index is exact, and how hard it looks where it is not (set by measurement on 384-d vectors).

    Attributes:
        exact_limit: Up to so many vectors every search scores all of them. Above, they are found by their
            codes.
        patience: So many searches above the limit score all vectors still, before codes are made: to make
            them takes longer than a few searches, and a process that asks once never asks again.
        exact_allowed: Above the limit, where a filter lets at most so many vectors pass, all are scored.
        rescore: How many vectors with the nearest codes are scored exactly.
        rescore_each: The same, as a multiple of the number of results asked for.
        rescore_share: The same, as a share of all vectors; the largest counts.
        refit: The codes are fitted anew when the vectors have become so many times as many.
        compact: Share of removed vectors above which their rows are given back.
        code_bits: Fewest bits of a code.
        open_share: Where a filter lets at least this share of the slots pass, it is applied to what the codes
            found, which is correspondingly more; below, it is given to the codes.
        seed: Of the rotation that codes are made with.
    """

    exact_limit: int = 5_000
    patience: int = 4
    exact_allowed: int = 4_000
    rescore: int = 1_000
    rescore_each: int = 10
    rescore_share: float = 0.001
    refit: float = 4.0
    compact: float = 0.5
    code_bits: int = 512
    open_share: float = 0.7
    seed: int = 0


class VectorIndex:
    """Unit vectors in slot space, kept in float16 as the bank keeps them.

    A slot may have several vectors (parts of a long text), of which the best counts.

    All methods may be called from several threads.

    Args:
        dimensions: Width of the vectors.
        policy: See `VectorPolicy`.
    """

    def __init__(self, dimensions: int, policy: VectorPolicy | None = None) -> None:
        self._dimensions = dimensions
        self._policy = policy or VectorPolicy()
        self._lock = Lock()
        self._first = np.zeros(0, np.int32)
        self._start()

    def _start(self) -> None:
        self._rows = 0
        self._dead = 0
        self._vectors = np.zeros((0, self._dimensions), np.float16)
        self._slot_of = np.zeros(0, np.int32)
        self._next = np.zeros(0, np.int32)
        self._codes: OneBitCodes | None = None
        self._searches = 0
        self._fitted = 0
        self._in_parts = False

    def __len__(self) -> int:
        """How many vectors are indexed."""
        return self._rows - self._dead

    @property
    def nbytes(self) -> int:
        """Bytes held by vectors, codes and the maps between slots and rows."""
        with self._lock:
            codes = self._codes.nbytes if self._codes else 0
            arrays = (self._vectors, self._slot_of, self._next, self._first)
            return codes + sum(array.nbytes for array in arrays)

    def add(self, slots: ArrayLike, vectors: NDArray[np.floating[Any]]) -> None:
        """Index `vectors`, (n, d), of unit length, at `slots`, (n,); each can be found at once.

        Raises:
            InvalidInput: the shapes do not fit, or a slot is negative.
        """
        numbers = np.asarray(slots, np.int64).reshape(-1)
        if vectors.shape != (len(numbers), self._dimensions):
            raise InvalidInput(
                f"vectors of shape {vectors.shape} for {len(numbers)} slots of {self._dimensions} dimensions",
                "give one vector for each slot, made by the index's embedder",
            )
        if not len(numbers):
            return
        if numbers.min() < 0:
            raise InvalidInput(f"slot {numbers.min()} is negative", "slots are numbered from 0")
        with self._lock:
            self._append(numbers, vectors)

    def reserve(self, rows: int) -> None:
        """Make room for `rows` vectors in all, so that adding them moves nothing."""
        with self._lock:
            self._reserve(rows)

    def _reserve(self, rows: int) -> None:
        self._vectors = grown(self._vectors, rows)
        self._slot_of = grown(self._slot_of, rows)
        self._next = grown(self._next, rows, -1)

    def remove(self, slots: ArrayLike) -> None:
        """Take every vector of `slots` out; slots that have none are passed over."""
        numbers = np.unique(np.asarray(slots, np.int64))
        with self._lock:
            for _, rows in self._parts(numbers):
                self._slot_of[rows] = -1
                self._vectors[rows] = 0
                self._dead += len(rows)
            self._first[numbers[(numbers >= 0) & (numbers < len(self._first))]] = -1
            if self._dead > self._policy.compact * self._rows:
                self._compact()

    def search(self, query: NDArray[np.float32], k: int, allowed: Mask | None = None) -> tuple[Slots, Scores]:
        """Return the `k` slots nearest to `query`, best first, ties by lower slot.

        Args:
            query: A unit vector, (d,).
            k: How many slots at most.
            allowed: A mask over slots; slots outside it are not found.

        Returns:
            Slots, and their cosines: the best of each slot's vectors.
        """
        query = self._checked(query)
        with self._lock:
            if k < 1 or not len(self):
                return np.zeros(0, np.int64), np.zeros(0, np.float32)
            self._encode()
            count = self._count(k)
            if self._codes is not None and allowed is not None:
                share = np.count_nonzero(allowed) / len(allowed) * len(self) / self._rows
                if share >= self._policy.open_share:
                    rows = self._codes.nearest(query, int(count / share), None)
                    rows = rows[self._passing(rows, allowed)]
                    slots, scores = self._best(rows, query)
                    if len(slots) >= k:
                        return best_first(slots, scores, k)
            mask = None if allowed is None and not self._dead else self._passing(slice(self._rows), allowed)
            passing = self._rows if mask is None else int(np.count_nonzero(mask))
            while True:
                rows = self._candidates(query, mask, passing, count)
                slots, scores = self._best(rows, query)
                if len(slots) >= k or len(rows) >= passing:
                    return best_first(slots, scores, k)
                # Slots of many parts crowd the others out: look further.
                count *= 4

    def _count(self, k: int) -> int:
        """How many vectors are scored exactly for `k` results."""
        policy = self._policy
        return max(policy.rescore, policy.rescore_each * k, int(policy.rescore_share * self._rows))

    def _best(self, rows: Rows, query: NDArray[np.float32]) -> tuple[NDArray[np.int32], Scores]:
        """The slots of `rows`, each once, with its cosine."""
        slots, scores = self._slot_of[rows], self._scored(rows, query)
        return _best_part(slots, scores) if self._in_parts else (slots, scores)

    def scores(self, query: NDArray[np.float32], slots: ArrayLike) -> Scores:
        """Return the cosine of each of `slots`, the number that `search` gives; NaN where no vector is."""
        query = self._checked(query)
        numbers = np.asarray(slots, np.int64).reshape(-1)
        best = np.full(len(numbers), np.nan, np.float32)
        with self._lock:
            for places, rows in self._parts(numbers):
                best[places] = np.fmax(best[places], self._scored(rows, query))
        return best

    def vectors_of(self, slots: ArrayLike) -> NDArray[np.float32]:
        """Return the first vector of each of `slots`, (n, d); zeros for slots without vector."""
        numbers = np.asarray(slots, np.int64).reshape(-1)
        vectors = np.zeros((len(numbers), self._dimensions), np.float32)
        with self._lock:
            for places, rows in self._parts(numbers):
                vectors[places] = self._vectors[rows]
                break
        return vectors

    def _checked(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        if query.shape != (self._dimensions,):
            raise InvalidInput(
                f"a query of shape {query.shape} for {self._dimensions} dimensions",
                "embed the question with the index's embedder",
            )
        return np.ascontiguousarray(query, np.float32)

    def _passing(self, rows: Rows | slice, allowed: Mask | None) -> Mask:
        """Which of `rows` may be found."""
        slots = self._slot_of[rows]
        if allowed is None:
            return slots >= 0
        mask: Mask = allowed.take(slots)
        if self._dead:
            mask &= slots >= 0
        return mask

    def _candidates(self, query: NDArray[np.float32], mask: Mask | None, passing: int, count: int) -> Rows:
        """Rows worth scoring: all that pass where that is cheap, else those with the nearest codes."""
        if self._codes is not None and passing > max(self._policy.exact_allowed, count):
            return self._codes.nearest(query, count, mask)
        return np.arange(self._rows) if mask is None else np.flatnonzero(mask)

    def _scored(self, rows: Rows, query: NDArray[np.float32]) -> Scores:
        """Cosines of rows, of float16 vectors."""
        if len(rows) == self._rows:  # all of them, in some order: none need be copied out
            return dot(self._vectors[: self._rows], query)[rows]
        return dot(self._vectors.take(rows, axis=0), query)

    def _parts(self, numbers: Slots) -> list[tuple[Rows, Rows]]:
        """The rows of slots, part by part: places in `numbers` of slots that have it, and their rows."""
        places: Rows = np.flatnonzero((numbers >= 0) & (numbers < len(self._first)))
        rows: Rows = self._first[numbers[places]].astype(np.int64)
        parts: list[tuple[Rows, Rows]] = []
        while len(rows):
            present = rows >= 0
            places, rows = places[present], rows[present]
            parts.append((places, rows))
            rows = self._next[rows].astype(np.int64)
        return parts

    def _append(self, numbers: Slots, vectors: NDArray[np.floating[Any]]) -> None:
        start, stop = self._rows, self._rows + len(numbers)
        self._reserve(stop)
        self._first = grown(self._first, int(numbers.max()) + 1, -1)
        self._vectors[start:stop] = vectors
        self._slot_of[start:stop] = numbers
        self._rows = stop
        self._chain(numbers, np.arange(start, stop))

    def _chain(self, numbers: Slots, rows: Rows) -> None:
        """Hang new rows behind the last row of their slots, in order."""
        order = np.argsort(numbers, kind="stable")
        numbers, rows = numbers[order], rows[order]
        repeats = np.concatenate(([False], numbers[1:] == numbers[:-1]))
        follower = np.flatnonzero(repeats)
        self._in_parts |= len(follower) > 0
        self._next[rows[follower - 1]] = rows[follower]
        heads, rows = numbers[~repeats], rows[~repeats]
        last = np.full(len(heads), -1, np.int64)
        for places, parts in self._parts(heads):
            last[places] = parts
        held = last >= 0
        self._in_parts |= bool(held.any())
        self._next[last[held]] = rows[held]
        self._first[heads[~held]] = rows[~held]

    def _encode(self) -> None:
        """Bring the codes up to the rows: made once they pay, anew when the rows have multiplied."""
        if self._codes is None:
            if self._rows <= self._policy.exact_limit:
                return
            self._searches += 1
            if self._searches <= self._policy.patience:
                return
        elif self._rows < self._policy.refit * self._fitted:
            if len(self._codes) < self._rows:
                self._codes.append(self._vectors[len(self._codes) : self._rows])
            return
        self._fitted = self._rows
        self._codes = OneBitCodes(self._vectors[: self._rows], self._policy.code_bits, self._policy.seed)

    def _compact(self) -> None:
        """Give the rows of removed vectors back."""
        kept = np.flatnonzero(self._slot_of[: self._rows] >= 0)
        numbers, vectors = self._slot_of[kept].astype(np.int64), self._vectors[kept]
        self._first.fill(-1)
        self._start()
        if len(numbers):
            self._append(numbers, vectors)


def _best_part(slots: NDArray[np.int32], scores: Scores) -> tuple[NDArray[np.int32], Scores]:
    """One row a slot: the highest of its scores."""
    distinct, place = np.unique(slots, return_inverse=True)
    best = np.full(len(distinct), -np.inf, np.float32)
    np.maximum.at(best, place, scores)
    return distinct, best
