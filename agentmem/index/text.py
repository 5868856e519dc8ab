"""The text index: exact BM25 over texts in slot space, whose answers depend on the texts alone."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agentmem.errors import InvalidInput
from agentmem.index.analysis import stems
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


_ROUNDING = 1 + 1e-4
"""More than float32 sums of a question's terms can err, relatively."""


@dataclass(frozen=True, slots=True)
class _Term:
    """A stem of the question: its postings (one entry per occurrence, ascending slots) and its weight."""

    stem: str
    postings: NDArray[np.uint32]
    df: int
    idf: np.float32


class TextIndex:
    """BM25 with exact statistics, in memory.

    A stem's postings hold a slot once for every occurrence, in ascending order, so term frequencies are run
    lengths. What a removal or an add out of order leaves behind in them is repaired when a stem is next read.
    All methods may be called from several threads.
    """

    def __init__(self, policy: TextPolicy | None = None) -> None:
        self._policy = policy or TextPolicy()
        self._postings: defaultdict[str, array[int]] = defaultdict(partial(array, "I"))
        self._lengths = np.zeros(0, np.uint32)
        self._alive = np.zeros(0, np.bool_)
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
        """Bytes held by postings and lengths, without Python's own for stems."""
        with self._lock:
            postings = sum(len(entry) * entry.itemsize for entry in self._postings.values())
        return postings + self._lengths.nbytes + self._alive.nbytes

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
        analysed = [stems(text) for text in texts]
        with self._lock:
            self._reserve(numbers)
            if np.any(self._lengths[numbers[~self._alive[numbers]]]):
                self._purge()
            self._lengths[numbers] = lengths = np.fromiter(map(len, analysed), np.uint32, len(analysed))
            self._alive[numbers] = True
            self._count += len(numbers)
            self._total += int(lengths.sum())
            if numbers[0] <= self._highest or np.any(np.diff(numbers) < 0):
                self._soil()
            self._highest = max(self._highest, int(numbers.max()))
            postings = self._postings
            for slot, found in zip(numbers.tolist(), analysed, strict=True):
                for stem in found:
                    postings[stem].append(slot)

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
            terms = self._terms(question)
            if not terms or k < 1:
                return np.zeros(0, np.int64), np.zeros(0, np.float32)
            totals = np.zeros(self._highest + 1, np.float32)
            found = np.zeros(0, np.int64)
            for place, term in enumerate(terms):
                if len(found) > k:
                    # MaxScore (Turtle and Flood 1995): a slot with none of the rarer stems cannot win.
                    least, reachable = kth_best(totals[found], k), self._bound(terms[place:])
                    if least > reachable:
                        found = found[totals[found] + reachable >= least]
                        return best_first(found, self._summed(totals[found], found, terms[place:]), k)
                slots, counts = _runs(term)
                if allowed is not None:
                    passing = allowed[slots]
                    slots, counts = slots[passing], counts[passing]
                before = totals[slots]
                totals[slots] = before + self._contribution(term, slots, counts)
                found = np.concatenate((found, slots[before == 0]))
        return best_first(found, totals[found], k)

    def scores(self, query: str, slots: ArrayLike) -> Scores:
        """Return the score of each of `slots`, the number that `search` gives; 0 where nothing is shared."""
        numbers = np.asarray(slots, np.int64).reshape(-1)
        question = _distinct(query)
        with self._lock:
            return self._summed(np.zeros(len(numbers), np.float32), numbers, self._terms(question))

    def coverage(self, query: str, slots: ArrayLike) -> Scores:
        """Return the share (0 to 1) of the question's distinct stems, weighted by idf, in each slot's text.

        Stems that no text has count in full: they are what the question asks for and the index cannot answer.
        """
        numbers = np.asarray(slots, np.int64).reshape(-1)
        question = _distinct(query)
        covered = np.zeros(len(numbers), np.float32)
        with self._lock:
            terms = self._terms(question)
            unknown = np.float32((len(question) - len(terms)) * self._idf(0))
            whole = np.float32(sum(term.idf for term in terms)) + unknown
            for term in terms:
                covered[_counts(term.postings, numbers) > 0] += term.idf
        return covered / whole if question else covered

    def weights(self, query: str, slots: ArrayLike) -> Scores:
        """Return what each of the question's stems that occur adds to the score of each slot.

        Returns:
            Shape (stems, slots); summed over stems it is `scores`.
        """
        numbers = np.asarray(slots, np.int64).reshape(-1)
        question = _distinct(query)
        with self._lock:
            terms = self._terms(question)
            added = np.zeros((len(terms), len(numbers)), np.float32)
            for row, term in zip(added, terms, strict=True):
                counts = _counts(term.postings, numbers)
                shared = np.flatnonzero(counts)
                row[shared] = self._contribution(term, numbers[shared], counts[shared])
        return added

    def document_frequency(self, stem: str) -> int:
        """In how many texts `stem` (as `analysis.stems` gives it) occurs."""
        with self._lock:
            return sum(term.df for term in self._terms([stem]))

    def _terms(self, question: Iterable[str]) -> list[_Term]:
        """The stems of the question that occur, rarest first: the one order in which scores are summed."""
        terms = []
        for stem in question:
            if self._dirty and stem not in self._repaired:
                self._repair(stem)
            if entry := self._postings.get(stem):
                # A copy: an array that numpy looks into cannot grow.
                postings = np.frombuffer(entry, np.uint32).copy()
                df = 1 + int(np.count_nonzero(postings[1:] != postings[:-1]))
                terms.append(_Term(stem, postings, df, np.float32(self._idf(df))))
        return sorted(terms, key=lambda term: (term.df, term.stem))

    def _summed(self, totals: Scores, numbers: Slots, terms: Sequence[_Term]) -> Scores:
        """Add what `terms` contribute to the running `totals` of the slots `numbers`."""
        for term in terms:
            counts = _counts(term.postings, numbers)
            shared = np.flatnonzero(counts)
            totals[shared] += self._contribution(term, numbers[shared], counts[shared])
        return totals

    def _bound(self, terms: Sequence[_Term]) -> float:
        """What no slot's sum over `terms` exceeds, rounding included."""
        k1, b = self._policy.k1, self._policy.b
        once = (k1 + 1) / (1 + k1 * (1 - b))
        most = sum(float(term.idf) * (once if len(term.postings) == term.df else k1 + 1) for term in terms)
        return most * _ROUNDING

    def _idf(self, df: int) -> float:
        return math.log(1 + (self._count - df + 0.5) / (df + 0.5))

    def _contribution(self, term: _Term, slots: NDArray[np.integer[Any]], counts: Scores) -> Scores:
        """The BM25 summand of one term (Robertson and Zaragoza 2009, equation 3.15)."""
        k1, b = self._policy.k1, self._policy.b
        norms = self._lengths[slots].astype(np.float32)
        norms *= np.float32(k1 * b * self._count / self._total)
        norms += np.float32(k1 * (1 - b))
        norms += counts
        counts = counts * (term.idf * np.float32(k1 + 1))
        counts /= norms
        return counts

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
        if entry := self._postings.get(stem):
            postings = np.frombuffer(entry, np.uint32)
            kept = np.sort(postings[self._alive[postings]])
            if len(kept):
                self._postings[stem] = array("I", kept.tobytes())
            else:
                del self._postings[stem]
        self._repaired.add(stem)

    def _purge(self) -> None:
        """Repair every stem, so that nothing of a removed text is left."""
        for stem in list(self._postings):
            if stem not in self._repaired:
                self._repair(stem)
        self._lengths[~self._alive] = 0
        self._removed = 0
        self._dirty = False
        self._repaired.clear()


def _distinct(query: str) -> list[str]:
    return list(dict.fromkeys(stems(query)))


def _runs(term: _Term) -> tuple[Slots, Scores]:
    """The distinct slots of a term, ascending, and how often it occurs in each."""
    postings = term.postings
    if len(postings) == term.df:
        return postings.astype(np.int64), np.ones(term.df, np.float32)
    starts = np.concatenate(([0], 1 + np.flatnonzero(postings[1:] != postings[:-1])))
    counts = np.diff(starts, append=len(postings))
    return postings[starts].astype(np.int64), counts.astype(np.float32)


def _counts(postings: NDArray[np.uint32], numbers: Slots) -> Scores:
    """How often each of `numbers` stands in ascending postings."""
    start = np.searchsorted(postings, numbers, "left")
    return (np.searchsorted(postings, numbers, "right") - start).astype(np.float32)
