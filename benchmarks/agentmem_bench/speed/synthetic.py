"""Vectors made from real ones: as many as there are texts, in microseconds each, and always the same."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from agentmem.embedders.base import Matrix, normalised

SECOND, NOISE = 0.6, 0.3
"""Weights of the second real vector and of the noise beside the first one's 1."""
NOISES = 8_192


class SyntheticEmbedder:
    """Mixtures of real vectors and noise, chosen by a hash of the text.

    Vectors of texts share a direction, their mean. It is kept, and only what deviates from it is mixed, so
    that the cosine of two synthetic vectors has the mean of the real ones, and nearly their spread.

    Args:
        real: Real vectors, shape (n, dimensions), rows of length 1.
        seed: Of the noise.
    """

    def __init__(self, real: Matrix, seed: int) -> None:
        self.dimensions = real.shape[1]
        self.name = f"synthetic-{self.dimensions}-{seed}-{blake2b(real.tobytes(), digest_size=4).hexdigest()}"
        self._mean = real.mean(axis=0)
        self._deviations = real - self._mean
        generator = np.random.default_rng(seed)
        self._noise = NOISE * normalised(
            generator.standard_normal((NOISES, self.dimensions), dtype=np.float32)
        )
        own = float((self._deviations**2).sum(axis=1).mean())
        self._scale = np.float32((own / (own * (1 + SECOND**2) + NOISE**2)) ** 0.5)

    def parts(self, text: str) -> list[str]:
        """`[text]`; `[]` for a blank one."""
        return [text] if text.strip() else []

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, shape (len(texts), dimensions)."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        digests = b"".join(blake2b(text.encode(), digest_size=24).digest() for text in texts)
        first, second, third = np.frombuffer(digests, "<u8").reshape(-1, 3).T
        mixed = self._deviations[first % len(self._deviations)]
        mixed += SECOND * self._deviations[second % len(self._deviations)]
        mixed += self._noise[third % NOISES]
        mixed *= self._scale
        mixed += self._mean
        return normalised(mixed)
