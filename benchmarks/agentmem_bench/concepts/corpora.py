"""A data set as what the selector selects from, whole or without some of its problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.concept.selection import Concepts, Corpus, Lexicon, Problems, Question, index_text
from agentmem.stores.concept.selection.terms import Sparse
from agentmem_bench.concepts.data import Dataset

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder, Matrix


@dataclass(frozen=True, eq=False)
class Embedded:
    """A data set with vectors.

    Attributes:
        concepts: Of the data set.
        problems: Of the data set.
        uses: Shape (m, n), CSR, boolean.
        lexicon: Shared by all corpora that are made of it; it only spares time.
    """

    concepts: Concepts
    problems: Problems
    uses: Sparse
    lexicon: Lexicon

    def without(self, rows: Sequence[int]) -> Corpus:
        """The corpus that had never heard of some problems: neither of their uses nor of their texts."""
        kept = np.setdiff1d(np.arange(len(self.problems)), rows)
        problems = Problems(
            tuple(self.problems.ids[row] for row in kept),
            tuple(self.problems.texts[row] for row in kept),
            self.problems.vectors[kept],
        )
        return Corpus(self.concepts, problems, self.uses[kept], self.lexicon)

    def question(self, row: int) -> Question:
        """A problem as a question."""
        return Question(self.problems.texts[row], self.problems.vectors[row])


def embedded(data: Dataset, embedder: Embedder) -> Embedded:
    """The data set with vectors of its texts; a text longer than the window is the mean of its parts."""
    from scipy.sparse import csr_array

    texts = tuple(index_text(one.title, one.description, one.cues, one.notes) for one in data.concepts)
    told = tuple(one.text for one in data.problems)
    concepts = Concepts(
        tuple(one.id for one in data.concepts),
        texts,
        vectors(texts, embedder),
        tuple(tuple(parameter.type for parameter in one.parameters) for one in data.concepts),
        tuple(one.output_type for one in data.concepts),
    )
    problems = Problems(tuple(one.id for one in data.problems), told, vectors(told, embedder))
    row = {id: place for place, id in enumerate(problems.ids)}
    column = {id: place for place, id in enumerate(concepts.ids)}
    pairs = sorted({(row[use.problem], column[id]) for use in data.uses for id in use.concepts})
    rows: NDArray[np.int64] = np.array([pair[0] for pair in pairs], np.int64)
    columns: NDArray[np.int64] = np.array([pair[1] for pair in pairs], np.int64)
    uses = csr_array((np.ones(len(pairs), np.bool_), (rows, columns)), shape=(len(problems), len(concepts)))
    return Embedded(concepts, problems, uses, Lexicon())


def vectors(texts: Sequence[str], embedder: Embedder) -> Matrix:
    """A vector of length 1 for each text, or of length 0 for a blank one, shape (texts, dimensions)."""
    parts = [embedder.parts(text) for text in texts]
    flat = [part for pieces in parts for part in pieces]
    found = np.zeros((len(texts), embedder.dimensions), np.float32)
    if flat:
        owner = np.repeat(np.arange(len(texts)), [len(pieces) for pieces in parts])
        np.add.at(found, owner, embedder.embed(flat))
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 0), np.float32)
