"""Who reads: comparison with the exemplars, at the thresholds that hold or at others, or a language model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agentmem.embedders.checked import vectors_of
from agentmem.errors import ModelOutputError
from agentmem.stores.profile.cues import MOST, NEAREST, CueReader, exemplar_vectors, sentences, stated
from agentmem.stores.profile.exemplars import OTHER, learnt_by
from agentmem.stores.profile.notes import Note
from agentmem.stores.profile.reading import read
from agentmem_bench.progress import Watch, unwatched

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder
    from agentmem.models.base import ChatModel


def by_cues(texts: Sequence[str], embedder: Embedder) -> list[list[Note]]:
    """What the store notes of each text without a model; `shown` where a sentence is near to no aspect."""
    vectors = exemplar_vectors(embedder)
    return CueReader(vectors, lambda some: np.asarray(vectors_of(embedder, some))).notes(texts)


def by_model(
    texts: Sequence[str], model: ChatModel, watch: Watch = unwatched
) -> tuple[list[list[Note]], list[bool]]:
    """What a model notes of each text, and whether it failed there: then it notes nothing.

    Raises:
        Unavailable: the model does not answer.
    """
    notes: list[list[Note]] = []
    failed = []
    for place, text in enumerate(texts, 1):
        try:
            notes += read([text], model)
            failed.append(False)
        except ModelOutputError:
            notes.append([])
            failed.append(True)
        watch("reading", place, len(texts))
    return notes, failed


def is_read(text: str) -> bool:
    """Whether anything of a text is compared at all: questions and scraps are not."""
    return bool(sentences(text))


class Nearness:
    """How near texts are to what each aspect is said by, so that thresholds can be tried.

    Args:
        texts: The texts.
        embedder: Makes the vectors.

    Attributes:
        nearest: The median cosine of a sentence and the exemplar nearest to it; none: nothing is read.
    """

    def __init__(self, texts: Sequence[str], embedder: Embedder) -> None:
        _, learnt = learnt_by()
        self._aspects = sorted(set(learnt))
        pieces = [sentences(text)[:MOST] for text in texts]
        self._of = np.repeat(np.arange(len(texts)), [len(some) for some in pieces])
        self._count = len(texts)
        said = [stated(one) for some in pieces for one in some]
        cosines = np.asarray(vectors_of(embedder, said)) @ exemplar_vectors(embedder).T
        self.nearest = float(np.median(cosines.max(axis=1))) if said else None
        places = [np.flatnonzero(np.array(learnt) == aspect) for aspect in self._aspects]
        self._near: NDArray[np.float32] = np.stack(
            [np.sort(cosines[:, some], axis=1)[:, -NEAREST:].mean(axis=1) for some in places], axis=1
        )

    def found(self, near: float, clear: float) -> list[set[str]]:
        """The aspects of each text at these thresholds, as `CueReader.about` finds them."""
        best = self._near.argmax(axis=1)
        nearness = self._near.max(axis=1)
        ahead = nearness - self._near[:, self._aspects.index(OTHER)]
        made: list[set[str]] = [set() for _ in range(self._count)]
        for place in np.flatnonzero((nearness >= near) & (ahead >= clear)):
            if (aspect := self._aspects[best[place]]) != OTHER:
                made[self._of[place]].add(aspect)
        return made
