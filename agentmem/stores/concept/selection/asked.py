"""Questions on their way through the signals: new ones, or problems of the past as if they were new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.concept.selection.corpus import Corpus, Question
from agentmem.stores.concept.selection.terms import Floats, Sparse


@dataclass(frozen=True, eq=False)
class Asked:
    """Several questions at once.

    Attributes:
        vectors: Shape (q, d).
        stems: Which stems of the corpus each has, shape (q, width), CSR.
        by_vector: Cosines of its vector and those of the problems, shape (q, m).
        by_stems: Cosines of its stems and those of the problems, shape (q, m).
        left_out: The row of the problem that each is, whose uses it must not see, shape (q,); -1 for none.
    """

    vectors: NDArray[np.float32]
    stems: Sparse
    by_vector: Floats
    by_stems: Floats
    left_out: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.left_out)

    @property
    def of_the_past(self) -> NDArray[np.int64]:
        """Places of the questions that are problems of the past."""
        return np.flatnonzero(self.left_out >= 0)

    def hide(self, by_problem: Floats, hidden: float = 0.0) -> Floats:
        """Set what stands for the problem that is left out, in an array of the shape (q, m); in place."""
        places = self.of_the_past
        by_problem[places, self.left_out[places]] = hidden
        return by_problem

    def uses(self, corpus: Corpus) -> Floats:
        """How many other problems used each concept: shape (q, n)."""
        counts = np.repeat(corpus.use_counts[None], len(self), axis=0)
        places = self.of_the_past
        if len(places):
            counts[places] -= corpus.used[self.left_out[places]].toarray()
        return counts


def of_questions(corpus: Corpus, questions: Sequence[Question]) -> Asked:
    """New questions."""
    stems, directions = corpus.asked([question.text for question in questions])
    vectors = np.stack([question.vector for question in questions])
    return _asked(corpus, vectors, stems, directions, np.full(len(questions), -1, np.int64))


def of_past(corpus: Corpus, rows: NDArray[np.int64]) -> Asked:
    """Problems of the past, each left out of what it is asked of."""
    counts = corpus.problem_counts[rows]
    counts.data = np.ones_like(counts.data)
    return _asked(corpus, corpus.problems.vectors[rows], counts, corpus.problem_directions[rows], rows)


def _asked(
    corpus: Corpus,
    vectors: NDArray[np.float32],
    stems: Sparse,
    directions: Sparse,
    left_out: NDArray[np.int64],
) -> Asked:
    by_vector = (vectors @ corpus.problems.vectors.T).astype(np.float64)
    by_stems = (directions @ corpus.problem_directions.T).toarray()
    return Asked(vectors, stems, by_vector, by_stems, left_out)
