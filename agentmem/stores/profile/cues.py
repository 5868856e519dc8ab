"""Reading without a model: a sentence is about an aspect where its nearest exemplars are.

What it says of that aspect is left to its words: embeddings tell well what a sentence is about, and badly
whether it is for or against. A sentence of its user's is quoted in the portrait as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agentmem.embedders.base import Embedder
from agentmem.embedders.checked import vectors_of
from agentmem.stores.profile.exemplars import OTHER, learnt_by
from agentmem.stores.profile.notes import Note

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Unit vectors of texts, (n, d); zeros for one without words."""
NEAREST = 5
"""So many of the nearest exemplars of an aspect count, on average."""
NEAR = 0.30
"""Cosine from which on a sentence is about an aspect."""
CLEAR = 0.0
"""By so much it must be nearer to an aspect than to what is of none."""
MOST = 8
"""Sentences of one message that are read, the first."""
SHORTEST = 3
"""Words of a sentence that is read."""
_END = re.compile(r"([.!?…][\"'”’)]*)\s+")
_OWN = re.compile(r"\bI\b|\b(?:[Mm]y|[Mm]ine|[Mm]yself|[Ww]e|[Oo]urs?|[Oo]urselves)\b")
"""By these words somebody speaks of themselves."""
_PAUSE = re.compile(r"[;:,]\s+|\s+[—–-]\s+")
"""Where a question may begin after a statement: "Just no jokes, all right?"."""
_ASKS = re.compile(
    r"(?:who|whose|what|which|where|when|why|how|is|are|was|were|am|do|does|did|have|has|had|can|could|will|"
    r"would|shall|should|may|might|must|any|if)\b",
    re.IGNORECASE,
)
"""With these words a question begins."""
_ONCE = re.compile(
    r"\b(?:(?:just |for |only )?(?:this|the) (?:once|one time|time)|for (?:once|now|today)|today|tonight|"
    r"at the moment|right now|just now)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """What a sentence is about.

    Attributes:
        sentence: The sentence.
        aspect: `OTHER` for nothing.
        nearness: To the aspect's nearest exemplars, a mean cosine.
    """

    sentence: str
    aspect: str
    nearness: float


class CueReader:
    """Compares sentences with the exemplars.

    Args:
        vectors: Of the exemplars, in the order of `learnt_by`, shape (n, d).
        embed: Makes vectors of what is compared.
    """

    def __init__(self, vectors: NDArray[np.float32], embed: Embed) -> None:
        self._embed = embed
        self._vectors = vectors
        _, aspects = learnt_by()
        self._aspects = sorted(set(aspects))
        self._places = [np.flatnonzero(np.array(aspects) == aspect) for aspect in self._aspects]

    def notes(self, texts: Sequence[str]) -> list[list[Note]]:
        """What each text tells of who says it."""
        pieces = [sentences(text)[:MOST] for text in texts]
        found = iter(self.about([stated(one) for some in pieces for one in some]))
        return [[note for one in some if (note := _note(one, next(found))) is not None] for some in pieces]

    def about(self, said: Sequence[str]) -> list[Found]:
        """What sentences are about."""
        if not said:
            return []
        cosines = self._embed(said) @ self._vectors.T
        near = np.stack(
            [np.sort(cosines[:, places], axis=1)[:, -NEAREST:].mean(axis=1) for places in self._places],
            axis=1,
        )
        other = near[:, self._aspects.index(OTHER)]
        best = near.argmax(axis=1)
        made = []
        for place, sentence in enumerate(said):
            aspect, nearness = self._aspects[best[place]], float(near[place, best[place]])
            clear = nearness >= NEAR and nearness - float(other[place]) >= CLEAR
            made.append(Found(sentence, aspect if clear else OTHER, nearness))
        return made


_made: dict[str, NDArray[np.float32]] = {}
"""The vectors of the exemplars, by the name of what made them."""


def exemplar_vectors(embedder: Embedder) -> NDArray[np.float32]:
    """The vectors of the exemplars, made once in a process for each embedder."""
    if embedder.name not in _made:
        _made[embedder.name] = vectors_of(embedder, learnt_by()[0])
    return _made[embedder.name]


def _note(sentence: str, found: Found) -> Note | None:
    """What a sentence tells; what is about nothing in particular is kept where it is about the user."""
    if found.aspect == OTHER:
        own = _OWN.search(found.sentence) is not None
        return Note(aspect="life", said=sentence, shown=True) if own else None
    return Note.model_validate(
        {"aspect": found.aspect, "said": sentence, "once": _ONCE.search(sentence) is not None}
    )


def sentences(text: str) -> list[str]:
    """The sentences of a text that state something."""
    found = (one.strip() for one in _END.sub("\\1\n", text).splitlines())
    return [one for one in found if stated(one)]


def stated(sentence: str) -> str:
    """What a sentence states: all of it, of a question what stands before the question, or nothing."""
    said = sentence
    if sentence.endswith("?"):
        said = _PAUSE.split(sentence, maxsplit=1)[0] if _PAUSE.search(sentence) else ""
        said = "" if _ASKS.match(said) else said
    return said if len(said.split()) >= SHORTEST else ""
