"""Our embedder as others call one: with whole texts, one vector each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from agentmem.embedders.base import Embedder, Matrix


def whole(embedder: Embedder, texts: Sequence[str]) -> Matrix:
    """Embed `texts`, shape (len(texts), dimensions).

    Of a text longer than the model's window its first part is embedded, which is what others do with one.
    """
    return embedder.embed([embedder.parts(text)[0] for text in texts])


def langchain(embedder: Embedder) -> Embeddings:
    """The embedder by LangChain's interface."""
    from langchain_core.embeddings import Embeddings

    class Embedding(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return whole(embedder, texts).tolist()  # type: ignore[no-any-return]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    return Embedding()
