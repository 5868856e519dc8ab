"""Embedders across the border: a bank's for LangChain, and LangChain's for a bank."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

from agentmem.config import Settings
from agentmem.embedders import Embedder, open_embedder
from agentmem.embedders.base import Matrix, normalised
from agentmem.errors import InvalidInput

if TYPE_CHECKING:
    from agentmem.bank import Bank


class AgentMemEmbeddings(Embeddings):
    """Vectors of length 1 by the embedder of a bank, or of the settings. Long texts are means of their parts.

    Args:
        bank: The bank; none: the settings' embedder.
    """

    def __init__(self, bank: Bank | None = None) -> None:
        self.bank = bank

    @cached_property
    def _embedder(self) -> Embedder:
        return self.bank.library.embedder if self.bank is not None else open_embedder(Settings())

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text; zeros for one without words."""
        parts = [self._embedder.parts(text) for text in texts]
        flat = [part for some in parts for part in some]
        vectors = self._embedder.embed(flat) if flat else np.zeros((0, self._embedder.dimensions), np.float32)
        ends = np.cumsum([len(some) for some in parts])
        made = []
        for some, end in zip(parts, ends, strict=True):
            own = vectors[end - len(some) : end]
            if len(own) > 1:
                own = normalised(own.mean(axis=0, keepdims=True))
            made.append(own[0].tolist() if len(own) else [0.0] * self._embedder.dimensions)
        return made

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question; zeros for one without words."""
        return self.embed_documents([text])[0]


class LangChainEmbedder:
    """Any embedding of LangChain as the embedder of a bank: `Bank(path, embedder=LangChainEmbedder(…))`.

    Args:
        embeddings: The embedding.
        name: What identifies its weights: a bank is opened with the embedder that made its vectors.
        longest: Characters of a text that it takes; longer ones are embedded in parts.
    """

    def __init__(self, embeddings: Embeddings, name: str = "", *, longest: int = 8_000) -> None:
        self._embeddings = embeddings
        kind = type(embeddings)
        which = getattr(embeddings, "model", None) or getattr(embeddings, "model_name", None) or ""
        self.name = name or f"langchain-{kind.__module__}.{kind.__qualname__}-{which}".rstrip("-")
        self._longest = longest

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector, as that of a first text is."""
        return len(self._embeddings.embed_query("dimensions"))

    def parts(self, text: str) -> list[str]:
        """`text` in pieces that overlap by an eighth."""
        if not text.strip():
            return []
        step = self._longest - self._longest // 8
        starts = range(0, max(1, len(text) - self._longest // 8), step)
        pieces = [text[start : start + self._longest] for start in starts]
        return [piece for piece in pieces if piece.strip()]

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Vectors of length 1, shape (len(texts), dimensions).

        Raises:
            InvalidInput: the embedding gave a vector of zeros, or too few.
        """
        made = np.asarray(self._embeddings.embed_documents(list(texts)), np.float32)
        if made.shape != (len(texts), self.dimensions) or not np.all(np.any(made, axis=1)):
            raise InvalidInput(
                f"{self.name} gave shape {made.shape} for {len(texts)} texts, or a vector of zeros",
                "use an embedding that gives one vector for each text",
            )
        return normalised(made)
