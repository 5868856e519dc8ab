"""Texts as counts of stems, remembered by text; and what follows from counts: BM25, and directions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from threading import RLock
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from agentmem.index.analysis import stems

Sparse: TypeAlias = Any
"""A `scipy.sparse.csr_array`."""
Floats: TypeAlias = NDArray[np.float64]
Kept = TypeVar("Kept")


class Lexicon:
    """Codes of stems, and the stems of texts that were met: a text is analysed once.

    It grows with the texts that it meets, and keeps what one corpus has in common with the next. Safe for
    threads.
    """

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._known: dict[str, tuple[NDArray[np.int32], NDArray[np.float64]]] = {}
        self._kept: dict[str, tuple[tuple[object, ...], Any]] = {}
        self._lock = RLock()

    def __len__(self) -> int:
        """How many stems have a code."""
        return len(self._codes)

    def kept(self, name: str, of: tuple[object, ...], make: Callable[[], Kept]) -> Kept:
        """What `make` makes of the values `of`; what it made the last time, where they were the same."""
        with self._lock:
            known = self._kept.get(name)
            if known is not None and known[0] == of:
                made: Kept = known[1]
                return made
            made = make()
            self._kept[name] = of, made
            return made

    def counts(self, texts: Sequence[str]) -> Sparse:
        """How often each stem occurs in each text, shape (texts, stems met so far), CSR."""
        from scipy.sparse import csr_array

        with self._lock:
            found = [self._known.get(text) or self._counted(text) for text in texts]
            width = len(self)
        ends = np.cumsum([0, *(len(codes) for codes, _ in found)])
        codes = np.concatenate([np.zeros(0, np.int32), *(codes for codes, _ in found)])
        counts = np.concatenate([np.zeros(0), *(counts for _, counts in found)])
        return csr_array((counts, codes, ends), shape=(len(texts), width))

    def asked(self, texts: Iterable[str], stems_known: int) -> tuple[Sparse, NDArray[np.int64]]:
        """Counts over the first `stems_known` codes of texts that are not remembered.

        Returns:
            Counts, shape (texts, stems_known), CSR; and how many distinct stems of each have no such code.
        """
        from scipy.sparse import csr_array

        rows: list[tuple[list[int], list[int]]] = []
        others = []
        for text in texts:
            counted = {self._codes.get(stem, stems_known): n for stem, n in Counter(stems(text)).items()}
            known = sorted((code, n) for code, n in counted.items() if code < stems_known)
            others.append(len(set(stems(text))) - len(known))
            rows.append(([code for code, _ in known], [n for _, n in known]))
        ends = np.cumsum([0, *(len(codes) for codes, _ in rows)])
        codes = np.array([code for row, _ in rows for code in row], np.int32)
        counts = np.array([n for _, row in rows for n in row], np.float64)
        return csr_array((counts, codes, ends), shape=(len(rows), stems_known)), np.array(others, np.int64)

    def _counted(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Codes of a text's stems, ascending, and how often each occurs."""
        counted = Counter(self._codes.setdefault(stem, len(self._codes)) for stem in stems(text))
        codes = sorted(counted)
        known = (np.array(codes, np.int32), np.array([counted[code] for code in codes], np.float64))
        self._known[text] = known
        return known


def document_frequencies(counts: Sparse) -> NDArray[np.int64]:
    """In how many texts each stem occurs, shape (stems,)."""
    return np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.int64)


def bm25(counts: Sparse, k1: float, b: float) -> Sparse:
    """What each stem of a question adds to each text's score (Robertson and Zaragoza 2009, equation 3.15).

    The same numbers as those of `agentmem.index.text.TextIndex`.

    Args:
        counts: Shape (texts, stems), CSR.
        k1: Saturation of term frequency.
        b: Weight of text length.

    Returns:
        Shape (texts, stems), CSR.
    """
    from scipy.sparse import csr_array

    size = counts.shape[0]
    lengths = np.asarray(counts.sum(axis=1)).reshape(-1)
    mean = float(lengths.mean()) if lengths.any() else 1.0
    df = document_frequencies(counts)
    idf = np.log(1 + (size - df + 0.5) / (df + 0.5))
    rows = np.repeat(np.arange(size), np.diff(counts.indptr))
    norms = k1 * (1 - b + b * lengths[rows] / mean)
    weights = idf[counts.indices] * (k1 + 1) * counts.data / (counts.data + norms)
    return csr_array((weights, counts.indices, counts.indptr), shape=counts.shape)


def rarity(df: NDArray[np.int64], texts: int) -> Floats:
    """Weights of stems by how rare they are, shape (stems,): the smoothed idf."""
    return np.asarray(np.log(1 + texts / (1.0 + df)), np.float64)


def directions(counts: Sparse, rarities: Floats, others: NDArray[np.float64] | None = None) -> Sparse:
    """Which stems occur, weighed by `rarities`, rows of length 1; a text without stems is a row of zeros.

    Args:
        counts: Shape (texts, stems), CSR.
        rarities: Shape (stems,).
        others: Square of the length that each text's stems without a code add; none: 0.
    """
    from scipy.sparse import csr_array

    weights = rarities[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    squares = np.bincount(rows, weights**2, minlength=counts.shape[0])
    lengths = np.sqrt(squares if others is None else squares + others)
    return csr_array((weights / lengths[rows], counts.indices, counts.indptr), shape=counts.shape)
