"""The text index: exact BM25 over texts in slot space, whose answers depend on the texts alone."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agentmem.errors import InvalidInput
from agentmem.index.analysis import Occurrences, Vocabulary, stems
from agentmem.index.ranking import Mask, Scores, Slots, best_first, grown, kth_best


@dataclass(frozen=True, slots=True)
class TextPolicy:
    """Constants of BM25 and of the index's upkeep.

    Attributes:
        k1: Saturation of term frequency (Robertson and Zaragoza 2009, The Probabilistic Relevance Framework,
            section 3.4; the usual 1.2).
        b: Weight of text length, same section; the usual 0.75.
        purge: Share of removed texts above which all their postings are dropped at once.
    """

    k1: float = 1.2
    b: float = 0.75
    purge: float = 0.25


MOST = np.iinfo(np.uint16).max
"""Up to how many occurrences in one text are counted."""
BYTES_EACH = 420
"""About what a stem with its empty postings takes (measured)."""
_POSTING = 6
_ROUNDING = 1 + 1e-4
"""More than float32 sums of a question's terms can err, relatively."""


@dataclass(slots=True)
class _Postings:
    """Where a stem occurs: slots, ascending, and how often in each."""

    slots: array[int] = field(default_factory=partial(array, "I"))
    counts: array[int] = field(default_factory=partial(array, "H"))


@dataclass(frozen=True, slots=True)
class _Term:
    """A stem of the question that occurs: its postings as arrays, and its weight.

    An array that numpy looks into cannot grow: terms live while the index's lock is held, and no longer. So
    who holds the lock calls whoever names them, whose names are gone when it returns.
    """

    stem: str
    slots: NDArray[np.uint32]
    counts: NDArray[np.uint16]
    idf: np.float32

    @property
    def df(self) -> int:
        """In how many texts the stem occurs."""
        return len(self.slots)


class TextIndex:
    """BM25 with exact statistics, in memory.

    What a removal or an add out of order leaves behind in a stem's postings is repaired when the stem is next
    read. How often a stem occurs in one text is counted up to 65,535.
    All methods may be called from several threads.
    """

    def __init__(self, policy: TextPolicy | None = None) -> None:
        self._policy = policy or TextPolicy()
        self._vocabulary = Vocabulary()
        self._postings: list[_Postings] = []
        self._lengths = np.zeros(0, np.uint32)
        self._alive = np.zeros(0, np.bool_)
        self._totals = np.zeros(0, np.float32)
        self._highest = -1
        self._count = 0
        self._total = 0
        self._removed = 0
        self._dirty = False
        self._repaired: set[str] = set()
        self._lock = Lock()

    def __len__(self) -> int:
        """How many texts are indexed."""
        return self._count

    @property
    def nbytes(self) -> int:
        """Bytes held, in the main; postings of what was removed are not counted."""
        postings = BYTES_EACH * len(self._postings) + _POSTING * self._total
        return (
            postings
            + self._vocabulary.nbytes
            + self._lengths.nbytes
            + self._alive.nbytes
            + self._totals.nbytes
        )

    def add(self, slots: ArrayLike, texts: Sequence[str]) -> None:
        """Index `texts[i]` at `slots[i]`; each can be found at once.

        Raises:
            InvalidInput: the lengths differ, or a slot is negative, named twice or already indexed.
        """
        numbers = np.asarray(slots, np.int64).reshape(-1)
        if len(numbers) != len(texts):
            raise InvalidInput(f"{len(numbers)} slots for {len(texts)} texts", "give one slot for each text")
        if not len(numbers):
            return
        with self._lock:
            self._reserve(numbers)
            if self._lengths[numbers].any():  # a slot whose text was removed is used again
                self._purge()
            found = self._vocabulary.occurrences(texts)
            self._lengths[numbers] = np.bincount(found.texts, minlength=len(numbers))
            self._alive[numbers] = True
            self._count += len(numbers)
            self._total += len(found.codes)
            if numbers[0] <= self._highest or np.any(np.diff(numbers) < 0):
                self._soil()
            self._highest = max(self._highest, int(numbers.max()))
            self._extend(found, numbers)

    def _extend(self, found: Occurrences, numbers: Slots) -> None:
        """Append to the postings what was found in the texts at `numbers`."""
        if not len(found.codes):
            return
        self._postings += [_Postings() for _ in range(len(self._vocabulary.codes) - len(self._postings))]
        order = np.argsort(found.codes, kind="stable")
        codes, slots = found.codes[order], numbers[found.texts[order]].astype(np.uint32)
        # One posting for each stem and text, as long as the run of its occurrences.
        first = np.ones(len(codes), np.bool_)
        first[1:] = (codes[1:] != codes[:-1]) | (slots[1:] != slots[:-1])
        starts = np.flatnonzero(first)
        counts = np.diff(starts, append=len(codes)).clip(max=MOST).astype(np.uint16)
        codes, slots = codes[starts], slots[starts]
        begins = np.flatnonzero(np.diff(codes, prepend=-1))
        ends = np.append(begins[1:], len(codes))
        for code, begin, end in zip(codes[begins].tolist(), begins.tolist(), ends.tolist(), strict=True):
            entry = self._postings[code]
            entry.slots.frombytes(slots[begin:end].tobytes())
            entry.counts.frombytes(counts[begin:end].tobytes())

    def remove(self, slots: ArrayLike) -> None:
        """Take the texts at `slots` out; slots where nothing is indexed are passed over."""
        numbers = np.unique(np.asarray(slots, np.int64))
        with self._lock:
            numbers = numbers[(numbers >= 0) & (numbers < len(self._alive))]
            numbers = numbers[self._alive[numbers]]
            if not len(numbers):
                return
            self._alive[numbers] = False
            self._count -= len(numbers)
            self._total -= int(self._lengths[numbers].sum())
            self._removed += len(numbers)
            self._soil()
            if self._removed > self._policy.purge * (self._count + self._removed):
                self._purge()

    def search(self, query: str, k: int, allowed: Mask | None = None) -> tuple[Slots, Scores]:
        """Return the best `k` slots that share a stem with `query`, best first, ties by lower slot.

        Args:
            query: A question in plain words; repeated words count once.
            k: How many slots at most.
            allowed: A mask over slots; slots outside it are not found, but count in the statistics.

        Returns:
            Slots, and their BM25 scores, all above 0.
        """
        question = _distinct(query)
        with self._lock:
            return self._best(question, k, allowed)

    def _best(self, question: Sequence[str], k: int, allowed: Mask | None) -> tuple[Slots, Scores]:
        terms = self._terms(question)
        if not terms or k < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        totals = self._totals = grown(self._totals, self._highest + 1)
        reach = self._reach(terms)
        found = np.zeros(0, np.int64)
        try:
            for place, term in enumerate(terms):
                if len(found) > k:
                    # MaxScore (Turtle and Flood 1995): a slot with none of the rarer stems cannot win.
                    least = kth_best(totals[found], k)
                    if least > reach[place]:
                        kept = found[totals[found] + reach[place] >= least]
                        return best_first(kept, self._summed(totals[kept], kept, terms[place:]), k)
                slots, counts = term.slots.astype(np.int64), term.counts
                if allowed is not None:
                    passing = allowed[slots]
                    if not passing.all():
                        slots, counts = slots[passing], counts[passing]
                before = totals[slots]
                totals[slots] = before + self._contribution(term, slots, counts)
                found = np.concatenate((found, slots[before == 0]))
            return best_first(found, totals[found], k)
        finally:
            totals[found] = 0  # the next search finds it as it was

    def coverage(self, query: str, slots: ArrayLike) -> Scores:
        """Return the share (0 to 1) of the question's distinct stems, weighted by idf, in each slot's text.

        Stems that no text has count in full: they are what the question asks for and the index cannot answer.
        """
        numbers = np.asarray(slots, np.int64).reshape(-1)
        question = _distinct(query)
        with self._lock:
            return self._covered(question, numbers)

    def _covered(self, question: Sequence[str], numbers: Slots) -> Scores:
        covered = np.zeros(len(numbers), np.float32)
        terms = self._terms(question)
        unknown = np.float32((len(question) - len(terms)) * self._idf(0))
        whole = np.float32(sum(term.idf for term in terms)) + unknown
        for term in terms:
            covered[_counts(term, numbers) > 0] += term.idf
        return covered / whole if question else covered

    def weights(self, query: str, slots: ArrayLike) -> Scores:
        """Return what each of the question's stems that occur adds to the score of each slot.

        Returns:
            Shape (stems, slots); summed over stems it is the score that `search` gives.
        """
        numbers = np.asarray(slots, np.int64).reshape(-1)
        question = _distinct(query)
        with self._lock:
            return self._weighed(question, numbers)

    def _weighed(self, question: Sequence[str], numbers: Slots) -> Scores:
        terms = self._terms(question)
        added = np.zeros((len(terms), len(numbers)), np.float32)
        for row, term in zip(added, terms, strict=True):
            counts = _counts(term, numbers)
            shared = np.flatnonzero(counts)
            row[shared] = self._contribution(term, numbers[shared], counts[shared])
        return added

    def _terms(self, question: Iterable[str]) -> list[_Term]:
        """The stems of the question that occur, rarest first: the one order in which scores are summed."""
        terms = []
        for stem in question:
            if self._dirty and stem not in self._repaired:
                self._repair(stem)
            entry = self._entry(stem)
            if entry is not None and entry.slots:
                slots, counts = np.frombuffer(entry.slots, np.uint32), np.frombuffer(entry.counts, np.uint16)
                terms.append(_Term(stem, slots, counts, np.float32(self._idf(len(slots)))))
        return sorted(terms, key=lambda term: (term.df, term.stem))

    def _entry(self, stem: str) -> _Postings | None:
        code = self._vocabulary.codes.get(stem)
        return None if code is None else self._postings[code]

    def _summed(self, totals: Scores, numbers: Slots, terms: Sequence[_Term]) -> Scores:
        """Add what `terms` contribute to the running `totals` of the slots `numbers`."""
        for term in terms:
            counts = _counts(term, numbers)
            shared = np.flatnonzero(counts)
            totals[shared] += self._contribution(term, numbers[shared], counts[shared])
        return totals

    def _reach(self, terms: Sequence[_Term]) -> list[float]:
        """What no slot's sum over the terms from each place on exceeds, rounding included, by place."""
        most = [float(term.idf) * self._saturated(int(term.counts.max())) for term in terms]
        return [sum(most[place:]) * _ROUNDING for place in range(len(most))]

    def _saturated(self, count: int) -> float:
        """What a stem that occurs `count` times in the shortest of texts multiplies its weight by."""
        k1, b = self._policy.k1, self._policy.b
        return (k1 + 1) * count / (count + k1 * (1 - b))

    def _idf(self, df: int) -> float:
        return math.log(1 + (self._count - df + 0.5) / (df + 0.5))

    def _contribution(self, term: _Term, slots: NDArray[np.integer[Any]], counts: NDArray[Any]) -> Scores:
        """The BM25 summand of one term (Robertson and Zaragoza 2009, equation 3.15)."""
        k1, b = self._policy.k1, self._policy.b
        norms = self._lengths[slots].astype(np.float32)
        norms *= np.float32(k1 * b * self._count / self._total)
        norms += np.float32(k1 * (1 - b))
        norms += counts
        added: Scores = counts * (term.idf * np.float32(k1 + 1))
        added /= norms
        return added

    def _reserve(self, numbers: Slots) -> None:
        """Make room for slots, and refuse those that cannot be added."""
        if numbers.min() < 0 or len(np.unique(numbers)) != len(numbers):
            raise InvalidInput("slots to add are negative or named twice", "number each text once, from 0")
        size = int(numbers.max()) + 1
        self._lengths = grown(self._lengths, size)
        self._alive = grown(self._alive, size)
        taken = numbers[self._alive[numbers]]
        if len(taken):
            raise InvalidInput(f"slot {taken[0]} is already indexed", "remove it first, or take a new slot")

    def _soil(self) -> None:
        self._dirty = True
        self._repaired.clear()

    def _repair(self, stem: str) -> None:
        """Drop removed slots from a stem's postings, and sort them."""
        entry = self._entry(stem)
        if entry is not None:
            slots, counts = np.frombuffer(entry.slots, np.uint32), np.frombuffer(entry.counts, np.uint16)
            kept = np.flatnonzero(self._alive[slots])
            kept = kept[np.argsort(slots[kept], kind="stable")]
            entry.slots, entry.counts = (
                array("I", slots[kept].tobytes()),
                array("H", counts[kept].tobytes()),
            )
        self._repaired.add(stem)

    def _purge(self) -> None:
        """Repair every stem, so that nothing of a removed text is left."""
        for stem in self._vocabulary.codes:
            if stem not in self._repaired:
                self._repair(stem)
        kept = [
            (stem, entry)
            for stem, entry in zip(self._vocabulary.codes, self._postings, strict=True)
            if entry.slots
        ]
        self._vocabulary = Vocabulary(stem for stem, _ in kept)
        self._postings = [entry for _, entry in kept]
        self._lengths[~self._alive] = 0
        self._removed = 0
        self._dirty = False
        self._repaired.clear()


def _distinct(query: str) -> list[str]:
    return list(dict.fromkeys(stems(query)))


def _counts(term: _Term, numbers: Slots) -> Scores:
    """How often the term occurs in each of `numbers`."""
    place = np.minimum(np.searchsorted(term.slots, numbers), len(term.slots) - 1)
    return np.where(term.slots[place] == numbers, term.counts[place], 0).astype(np.float32)
