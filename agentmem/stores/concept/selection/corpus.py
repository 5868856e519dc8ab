"""What is selected from: concepts, the solved problems that they come from, and which problem used which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from agentmem.errors import InvalidInput
from agentmem.stores.concept.selection.plugging import Plugs
from agentmem.stores.concept.selection.terms import (
    Floats,
    Lexicon,
    Sparse,
    bm25,
    directions,
    document_frequencies,
    rarity,
)

Vectors = NDArray[np.float32]
OUTCOMES = ("selected", "cited", "helped", "harmed")
"""The columns of `Concepts.outcomes`."""


def index_text(title: str, description: str = "", cues: Sequence[str] = (), notes: Sequence[str] = ()) -> str:
    """The text by which a concept is found: all that is said of it."""
    said = (title, description, *cues, *notes)
    return ". ".join(part.strip().rstrip(".") for part in said if part.strip())


@dataclass(frozen=True, eq=False)
class Concepts:
    """The n concepts.

    Attributes:
        ids: Of each.
        texts: Of each, its `index_text`.
        vectors: Of these texts, shape (n, d), rows of length 1 or 0.
        parameters: Of each, the types of its parameters as they are written; empty ones are not known.
        outputs: Of each, the type of what it gives as it is written; empty where that is not known.
        outcomes: How often each was selected, cited, helped and harmed, shape (n, 4).
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    vectors: Vectors
    parameters: tuple[tuple[str, ...], ...] = ()
    outputs: tuple[str, ...] = ()
    outcomes: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        _check("concepts", len(self.ids), self.texts, self.vectors)
        for name, given in (("parameters", self.parameters), ("outputs", self.outputs)):
            if given and len(given) != len(self.ids):
                raise InvalidInput(f"{len(given)} {name} for {len(self.ids)} concepts", "give all or none")
        if self.outcomes is not None and self.outcomes.shape != (len(self.ids), len(OUTCOMES)):
            raise InvalidInput(
                f"outcomes of the shape {self.outcomes.shape} for {len(self.ids)} concepts",
                f"give a row of {', '.join(OUTCOMES)} for each",
            )

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Problems:
    """The m solved problems, in the order in which they were solved.

    Attributes:
        ids: Of each.
        texts: The description of each.
        vectors: Of these texts, shape (m, d), rows of length 1 or 0.
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    vectors: Vectors

    def __post_init__(self) -> None:
        _check("problems", len(self.ids), self.texts, self.vectors)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Question:
    """A problem that concepts are selected for.

    Attributes:
        text: Its description.
        vector: Of the text, shape (d,), of length 1 or 0.
    """

    text: str
    vector: Vectors


@dataclass(frozen=True, eq=False)
class Corpus:
    """Concepts, problems, uses; what is computed of them alone is computed once, when it is needed.

    Attributes:
        concepts: To select from.
        problems: Of the past.
        uses: Which problem (row) used which concept, shape (m, n), a boolean or 0/1 `scipy.sparse` array.
        lexicon: Analyses the texts; give the same to the next corpus, and only new texts are analysed.
        rarities: Weights of the lexicon's stems, shape (stems,); none: by how rare they are here.

    Raises:
        InvalidInput: shapes do not fit.
    """

    concepts: Concepts
    problems: Problems
    uses: Sparse
    lexicon: Lexicon = field(default_factory=Lexicon, repr=False)
    rarities: Floats | None = None
    _bm25: dict[tuple[float, float], Sparse] = field(default_factory=dict, init=False, repr=False)
    _inverses: dict[tuple[float, int], Floats] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        wanted = (len(self.problems), len(self.concepts))
        if self.uses.shape != wanted:
            raise InvalidInput(
                f"uses of the shape {self.uses.shape} for {wanted[0]} problems and {wanted[1]} concepts",
                "give a row for each problem and a column for each concept",
            )
        dimensions = {self.concepts.vectors.shape[1], self.problems.vectors.shape[1]}
        if len(dimensions) > 1:
            raise InvalidInput(
                f"vectors of concepts have {self.concepts.vectors.shape[1]} dimensions, those of problems "
                f"{self.problems.vectors.shape[1]}",
                "make both by one embedder",
            )

    def without(self, problem: int) -> Corpus:
        """The corpus as it were without a problem, given by its row; the weights of stems stay."""
        kept = np.delete(np.arange(len(self.problems)), problem)
        problems = Problems(
            tuple(self.problems.ids[place] for place in kept),
            tuple(self.problems.texts[place] for place in kept),
            self.problems.vectors[kept],
        )
        return replace(self, problems=problems, uses=self.used[kept], rarities=self.stem_weights)

    @cached_property
    def used(self) -> Sparse:
        """The uses as numbers 0 and 1, shape (m, n), CSR."""
        from scipy.sparse import csr_array

        made = csr_array(self.uses, dtype=np.float64)
        made.sum_duplicates()
        made.data = np.minimum(np.abs(made.data), 1.0)
        made.eliminate_zeros()
        return made

    @cached_property
    def used_by_concept(self) -> Sparse:
        """The same, CSC."""
        return self.used.tocsc()

    @cached_property
    def use_counts(self) -> Floats:
        """How many problems used each concept, shape (n,)."""
        return np.asarray(self.used.sum(axis=0), np.float64).reshape(-1)

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """The place of each concept in the order of ids, shape (n,)."""
        ids = self.concepts.ids
        return self.lexicon.kept("places", ids, partial(_places, ids))

    @cached_property
    def plugs(self) -> Plugs:
        """Which concepts fit into which by their types."""
        types = self.concepts.parameters, self.concepts.outputs
        return self.lexicon.kept("plugs", types, lambda: Plugs(*types))

    @cached_property
    def _counts(self) -> tuple[Sparse, Sparse]:
        """Stems of the concepts' texts and of the problems', each as wide as `width`."""
        texts = self.concepts.texts
        of_concepts = self.lexicon.kept("counts", texts, partial(self.lexicon.counts, texts))
        of_problems = self.lexicon.counts(self.problems.texts)
        width = len(self.lexicon) if self.rarities is None else len(self.rarities)
        return _as_wide(of_concepts, width), _as_wide(of_problems, width)

    @property
    def width(self) -> int:
        """How many of the lexicon's stems count: those of the texts here, and what was met before."""
        return int(self.concept_counts.shape[1])

    @property
    def concept_counts(self) -> Sparse:
        """Stems of the concepts' texts, shape (n, width), CSR."""
        return self._counts[0]

    @property
    def problem_counts(self) -> Sparse:
        """Stems of the problems' texts, shape (m, width), CSR."""
        return self._counts[1]

    @cached_property
    def stem_weights(self) -> Floats:
        """How much each stem says, by how few of all texts have it, shape (width,)."""
        if self.rarities is not None:
            return self.rarities
        df = document_frequencies(self.concept_counts) + document_frequencies(self.problem_counts)
        return rarity(df, len(self.concepts) + len(self.problems))

    @cached_property
    def concept_directions(self) -> Sparse:
        """The concepts' texts as directions among stems, shape (n, stems), CSR."""
        return directions(self.concept_counts, self.stem_weights)

    @cached_property
    def problem_directions(self) -> Sparse:
        """The problems' texts as directions among stems, shape (m, stems), CSR."""
        return directions(self.problem_counts, self.stem_weights)

    def concept_bm25(self, k1: float, b: float) -> Sparse:
        """What stems add to the concepts' BM25, transposed: shape (width, n), CSR."""
        if (k1, b) not in self._bm25:
            key = (self.concepts.texts, k1, b)
            made = self.lexicon.kept("bm25", key, partial(_by_stem, self.concept_counts, k1, b))
            self._bm25[k1, b] = _as_high(made, self.width)
        return self._bm25[k1, b]

    def inverse(self, penalty: float, window: int) -> Floats:
        """The inverse of the kernel matrix of the latest problems and a penalty, shape (window, window).

        The kernel is the cosine of vectors and that of stems, and 1 for what all have in common.
        """
        if (penalty, window) not in self._inverses:
            vectors = self.problems.vectors[-window:].astype(np.float64)
            stems = self.problem_directions[-window:]
            kernel = vectors @ vectors.T + (stems @ stems.T).toarray() + 1.0
            kernel[np.diag_indices(window)] += penalty
            self._inverses[penalty, window] = _inverted(kernel)
        return self._inverses[penalty, window]

    def asked(self, texts: Sequence[str]) -> tuple[Sparse, Sparse]:
        """Questions' texts as stems that occur, and as directions among stems, both (texts, width), CSR."""
        counts, unknown = self.lexicon.asked(texts, self.width)
        rarest = rarity(np.zeros(1, np.int64), len(self.concepts) + len(self.problems))[0]
        return _occurring(counts), directions(counts, self.stem_weights, unknown * rarest**2)


def _places(ids: tuple[str, ...]) -> NDArray[np.int64]:
    found = np.empty(len(ids), np.int64)
    found[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return found


def _as_wide(counts: Sparse, width: int) -> Sparse:
    """The same counts over `width` stems, of which they have no others."""
    from scipy.sparse import csr_array

    return csr_array((counts.data, counts.indices, counts.indptr), shape=(counts.shape[0], width))


def _by_stem(counts: Sparse, k1: float, b: float) -> Sparse:
    return bm25(counts, k1, b).T.tocsr()


def _as_high(weights: Sparse, height: int) -> Sparse:
    """The same weights for `height` stems, of which the others have none."""
    from scipy.sparse import csr_array

    added = height - weights.shape[0]
    ends = np.append(weights.indptr, np.full(added, weights.indptr[-1], weights.indptr.dtype))
    return csr_array((weights.data, weights.indices, ends), shape=(height, weights.shape[1]))


def _inverted(matrix: Floats) -> Floats:
    """The inverse of a symmetric positive definite matrix."""
    from scipy.linalg.lapack import dpotrf, dpotri

    factor, _ = dpotrf(matrix, lower=1, overwrite_a=1)
    inverse, _ = dpotri(factor, lower=1, overwrite_c=1)
    lower = np.tril(inverse)
    return np.asarray(lower + np.tril(lower, -1).T)


def _occurring(counts: Sparse) -> Sparse:
    from scipy.sparse import csr_array

    return csr_array((np.ones_like(counts.data), counts.indices, counts.indptr), shape=counts.shape)


def _check(what: str, size: int, texts: tuple[str, ...], vectors: Vectors) -> None:
    if len(texts) != size or vectors.ndim != 2 or len(vectors) != size:  # noqa: PLR2004
        raise InvalidInput(
            f"{size} {what}, {len(texts)} texts of them, and vectors of the shape {vectors.shape}",
            "give one text and one vector for each",
        )
