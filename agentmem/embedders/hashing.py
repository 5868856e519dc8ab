"""An embedder without a model: signed feature hashing of words and character trigrams."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from agentmem.embedders.base import Matrix, normalised
from agentmem.errors import InvalidInput

WORD = re.compile(r"\w+")
WORD_WEIGHT = 1.0
TRIGRAM_WEIGHT = 0.4
"""A word of five letters has five trigrams: both views of it weigh about the same."""


class HashingEmbedder:
    """Texts that share words, or pieces of words, get similar vectors; the same on every machine.

    Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009, section 2. For
    tests, and for users who want no model: it knows no meaning.

    Args:
        dimensions: Length of a vector.

    Raises:
        InvalidInput: `dimensions` is below 2.
    """

    def __init__(self, dimensions: int = 64) -> None:
        if dimensions < 2:  # noqa: PLR2004 - one dimension holds nothing but a sign
            raise InvalidInput(f"hashing:{dimensions} is too small", "give at least 2 dimensions")
        self.name = f"hashing-{dimensions}"
        self.dimensions = dimensions

    def parts(self, text: str) -> list[str]:
        """`[text]`, for there is no window; `[]` for a blank text."""
        return [text] if text.strip() else []

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed `texts`; shape (len(texts), dimensions), rows of length 1.

        Raises:
            InvalidInput: a text is blank.
        """
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            if not text.strip():
                raise InvalidInput("a blank text cannot be embedded", "embed what parts(text) gives")
            for feature, weight in _features(text.casefold()):
                place, sign = _hashed(feature)
                row[place % self.dimensions] += sign * weight
            if not row.any():  # its features cancelled out, which takes a very short text
                row[_hashed(text)[0] % self.dimensions] = 1.0
        return normalised(vectors)


def _features(text: str) -> Iterator[tuple[str, float]]:
    words = WORD.findall(text)
    for word in words or [text]:
        yield f"w:{word}", WORD_WEIGHT
        padded = f" {word} "
        for start in range(len(padded) - 2):
            yield padded[start : start + 3], TRIGRAM_WEIGHT


@lru_cache(maxsize=1 << 16)
def _hashed(feature: str) -> tuple[int, float]:
    """A place (to be taken modulo the dimension) and a sign, from independent bits."""
    number = int.from_bytes(blake2b(feature.encode("utf-8"), digest_size=8).digest(), "big")
    return number >> 1, 1.0 if number & 1 else -1.0
