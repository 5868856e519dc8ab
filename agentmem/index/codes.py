"""One-bit codes of vectors: the signs of centred, randomly rotated coordinates, scanned in full by FAISS."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_CHUNK = 8192
"""Vectors encoded at a time, which bounds the float32 copy."""


class OneBitCodes:
    """Binary codes of rows 0, 1, 2, ... in the order of `append`.

    A sign says most where a coordinate is as often above as below 0, so vectors are centred on the mean of
    those that the codes were fitted on, and rotated at random, which spreads the variance evenly over the
    coordinates (the transform of RaBitQ, Gao and Long 2024, section 3.1; compared by Hamming distance).

    Args:
        rows: The vectors to fit on and encode, (n, d), float16 or float32.
        bits: Fewest bits of a code; codes are at least as long as vectors are wide.
        seed: Of the rotation.
    """

    def __init__(self, rows: NDArray[np.floating[Any]], bits: int, seed: int) -> None:
        dimensions = rows.shape[1]
        length = -(-max(bits, dimensions) // 8) * 8
        self._mean = np.asarray(rows.mean(axis=0, dtype=np.float32))
        self._rotation = _rotation(length, dimensions, seed)
        self._index = _faiss().IndexBinaryFlat(length)
        self._index.use_heap = False
        self.append(rows)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def nbytes(self) -> int:
        """Bytes of the codes and the rotation."""
        return len(self) * int(self._index.code_size) + self._rotation.nbytes

    def append(self, rows: NDArray[np.floating[Any]]) -> None:
        """Encode `rows`, (n, d), after those already here."""
        for start in range(0, len(rows), _CHUNK):
            centred = rows[start : start + _CHUNK].astype(np.float32)
            centred -= self._mean
            self._index.add(np.packbits(centred @ self._rotation.T > 0, axis=1, bitorder="little"))

    def nearest(
        self, query: NDArray[np.float32], count: int, mask: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        """Return at most `count` rows nearest to `query`, (d,), of those that `mask` lets pass."""
        faiss = _faiss()
        code = np.packbits(np.vecdot(self._rotation, query - self._mean) > 0, bitorder="little")[None]
        parameters = None
        if mask is not None:
            bitmap = np.packbits(mask, bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bitmap))
        # One query is one thread's work: waking a second costs up to 8 ms on a busy machine. The setting is
        # the calling thread's own.
        threads = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(1)
        try:
            _, rows = self._index.search(code, min(count, len(self)), params=parameters)
        finally:
            faiss.omp_set_num_threads(threads)
        found: NDArray[np.int64] = rows[0][rows[0] >= 0]
        return found


def _faiss() -> Any:
    """FAISS, untyped: its stubs lack what its Python layer adds."""
    import faiss

    return faiss


def _rotation(length: int, dimensions: int, seed: int) -> NDArray[np.float32]:
    """As many random orthonormal (d, d) blocks as give `length` rows."""
    # Not the stream of `seed` alone, which a generator of data may have been rotated with.
    generator = np.random.default_rng([seed, length, dimensions])
    blocks = [
        np.linalg.qr(generator.standard_normal((dimensions, dimensions)))[0]
        for _ in range(-(-length // dimensions))
    ]
    return np.concatenate(blocks)[:length].astype(np.float32)
